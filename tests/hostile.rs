//! Documents with hostile texts in every place go through the whole line, from the page to the files of a client crate.
//!
//! `fixtures/hostile/<dialect>.*` are pages with places for a text, a name, a value or a part of a path, and `texts.json`
//! has what is put there, one place at a time. Either the line refuses, with the place and a message that is safe to
//! show; or it gives code that holds no more than what was meant.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use xtask::{
    dialect::Dialect,
    emit::{ClientCrate, generate},
    import::import,
    lint,
    normalize::Names,
    rust::ClientInput,
};

use crate::support::{harmless, render::options};

/// What stands between the signs in a page, and what stands there while another place is attacked.
const KINDS: [(&str, &str); 4] = [("text", "word"), ("name", "name"), ("value", "value"), ("path", "path")];

#[test]
fn hostile_texts_are_refused_or_stay_texts() {
    Dialect::ALL.into_iter().for_each(attack);
}

fn attack(dialect: Dialect) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let texts = fs::read_to_string(folder.join("texts.json")).expect("a fixture");
    let texts: Vec<String> = serde_json::from_str(&texts).expect("texts");
    let mut pages = fs::read_dir(&folder).expect("the fixtures").map(|entry| entry.expect("an entry").path());
    let page = pages.find(|path| path.file_stem().is_some_and(|stem| stem == dialect.name())).expect("a page of each dialect");
    let page = Page::new(&fs::read_to_string(page).expect("text"));
    let scratch = tempfile::tempdir().expect("a folder");
    let file = scratch.path().join("page.txt");
    let plain = made(dialect, &file, &page.filled(&[], "")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let mut faults = String::new();
    let mut summary = String::new();
    for places in page.attacks() {
        let kind = page.places[places[0]].as_str();
        let (mut refused, mut kept) = (Vec::new(), 0);
        for text in &texts {
            let complaints = match made(dialect, &file, &page.filled(&places, text)) {
                Ok(client) => {
                    kept += 1;
                    let differences = if kind == "text" { differences(&plain, &client) } else { Vec::new() };
                    differences.into_iter().chain(judged(&client)).collect()
                }
                Err(refusal) => {
                    refused.push(text);
                    of_refusal(&refusal)
                }
            };
            for complaint in complaints {
                let _ = writeln!(faults, "{kind} {places:?} {text:?}: {complaint}");
            }
        }
        let _ = writeln!(summary, "{kind} {places:?}: {kept} kept, refused {refused:?}");
    }
    assert!(faults.is_empty(), "{faults}");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(dialect.name(), summary) });
}

/// The files of a client crate that is made from one page, or why there are none.
fn made(dialect: Dialect, file: &Path, text: &str) -> Result<ClientCrate, String> {
    fs::write(file, text).expect("a file");
    let imported = import(Some(dialect), &options(dialect), &[file.to_path_buf()]);
    let Some(specification) = imported.value else { return Err(imported.refused.to_string()) };
    // Without a manifest nothing gives the document as a whole a source.
    let complaints: Vec<String> =
        lint::check(&specification).iter().map(ToString::to_string).filter(|complaint| !complaint.contains("x-source")).collect();
    if !complaints.is_empty() {
        return Err(complaints.join("\n"));
    }
    generate(&ClientInput { vendor: "hostile", version: "0.1.0", specification: &specification, names: &Names::new() })
        .map_err(|problems| problems.iter().map(|problem| format!("{problem}\n")).collect())
}

fn judged(client: &ClientCrate) -> Vec<String> {
    client.files.iter().flat_map(|(path, text)| harmless::complaints(path, text)).collect()
}

/// The files whose code differs although only a text does.
fn differences(plain: &ClientCrate, client: &ClientCrate) -> Vec<String> {
    let code = |client: &ClientCrate| -> BTreeMap<String, String> {
        let files = client.files.iter().filter(|(path, text)| path.ends_with(".rs") && syn::parse_file(text).is_ok());
        files.map(|(path, text)| (path.clone(), harmless::skeleton(text))).collect()
    };
    let (plain, client) = (code(plain), code(client));
    plain
        .iter()
        .filter(|(path, text)| client.get(*path) != Some(text))
        .map(|(path, _)| format!("{path} has other code"))
        .collect()
}

/// Whether a refusal says where, and is safe on a terminal.
fn of_refusal(refusal: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !["page.txt:", "`/", "/paths", "/components"].iter().any(|place| refusal.contains(place)) {
        found.push(format!("a refusal without its place: {refusal}"));
    }
    if let Some(character) = refusal.chars().find(|character| character.is_control() && *character != '\n') {
        found.push(format!("a refusal with {}: {refusal:?}", character.escape_unicode()));
    }
    if refusal.contains(['\u{202e}', '\u{2066}']) {
        found.push(format!("a refusal that turns the direction of text: {refusal:?}"));
    }
    found
}

/// A page cut at its places.
struct Page {
    pieces: Vec<String>,
    places: Vec<String>,
}

impl Page {
    fn new(text: &str) -> Self {
        let mut parts = text.split('@').map(ToOwned::to_owned);
        let (mut pieces, mut places) = (vec![parts.next().expect("a first piece")], Vec::new());
        while let (Some(place), Some(piece)) = (parts.next(), parts.next()) {
            assert!(KINDS.iter().any(|(kind, _)| *kind == place), "{place} is no kind of place");
            places.push(place);
            pieces.push(piece);
        }
        Self { pieces, places }
    }

    /// Which places are attacked together: those of texts, which cannot come into each other's way, and each other one
    /// by itself.
    fn attacks(&self) -> Vec<Vec<usize>> {
        let (texts, others): (Vec<usize>, Vec<usize>) = (0..self.places.len()).partition(|&place| self.places[place] == "text");
        [texts].into_iter().chain(others.into_iter().map(|place| vec![place])).collect()
    }

    /// The page with plain words in all places, or with another text in some of them.
    fn filled(&self, attacked: &[usize], hostile: &str) -> String {
        let mut text = self.pieces[0].clone();
        for (index, (kind, piece)) in self.places.iter().zip(&self.pieces[1..]).enumerate() {
            let plain = KINDS.iter().find(|(known, _)| known == kind).map_or("", |(_, plain)| plain);
            text += &if attacked.contains(&index) { hostile.to_owned() } else { format!("{plain}{index}") };
            text.push_str(piece);
        }
        text
    }
}
