//! Documents with hostile texts in every place go through the whole line, from the page to the files of a client crate.
//!
//! `fixtures/hostile/<dialect>.*` are pages with places for a text, a name, a value or a part of a path, and `texts.json`
//! has what is put there, one place at a time. Either the line refuses, with the place and a message that is safe to
//! show; or it gives code that holds no more than what was meant.

#[path = "support/harmless.rs"]
mod harmless;

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use xtask::{
    client::{ClientCrate, ClientInput, generate},
    dialect::Dialect,
    import::import,
    lint,
    normalize::Names,
};

/// What stands between the signs in a page, and what stands there while another place is attacked.
const KINDS: [(&str, &str); 4] = [("text", "word"), ("name", "name"), ("value", "value"), ("path", "path")];

#[test]
fn hostile_texts_are_refused_or_stay_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let texts = fs::read_to_string(folder.join("texts.json")).expect("a fixture");
    let texts: Vec<String> = serde_json::from_str(&texts).expect("texts");
    let scratch = tempfile::tempdir().expect("a folder");
    let mut faults = String::new();
    let mut summary = String::new();
    for dialect in Dialect::ALL {
        let page = fs::read_dir(&folder).expect("the fixtures").map(|entry| entry.expect("an entry").path());
        let page = page.into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == dialect.name()));
        let page = Page::new(&fs::read_to_string(page.expect("a page of each dialect")).expect("text"));
        let file = scratch.path().join("page.txt");
        let plain = made(dialect, &file, &page.filled(None)).unwrap_or_else(|refusal| panic!("{dialect:?}: {refusal}"));
        for place in 0..page.places.len() {
            let (mut refused, mut kept) = (0, 0);
            for text in &texts {
                let outcome = made(dialect, &file, &page.filled(Some((place, text))));
                let complaints = match &outcome {
                    Ok(client) if page.places[place] == "text" => {
                        differences(&plain, client).into_iter().chain(judged(client)).collect()
                    }
                    Ok(client) => judged(client),
                    Err(refusal) => of_refusal(refusal),
                };
                *(if outcome.is_ok() { &mut kept } else { &mut refused }) += 1;
                for complaint in complaints {
                    let _ = writeln!(faults, "{} {place} ({}) {text:?}: {complaint}", dialect.name(), page.places[place]);
                }
            }
            let _ = writeln!(summary, "{} {place} ({}): {kept} kept, {refused} refused", dialect.name(), page.places[place]);
        }
    }
    assert!(faults.is_empty(), "{faults}");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("kept_and_refused", summary) });
}

/// The files of a client crate that is made from one page, or why there are none.
fn made(dialect: Dialect, file: &Path, text: &str) -> Result<ClientCrate, String> {
    fs::write(file, text).expect("a file");
    let imported = import(dialect, &[file.to_path_buf()]);
    let Some(specification) = imported.value else { return Err(imported.refused.to_string()) };
    // Without a manifest nothing gives the document as a whole a source.
    let complaints: Vec<String> =
        lint::check(&specification).iter().map(ToString::to_string).filter(|complaint| !complaint.contains("x-source")).collect();
    if !complaints.is_empty() {
        return Err(complaints.join("\n"));
    }
    generate(&ClientInput { vendor: "hostile", specification: &specification, names: &Names::new() })
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
    let place = regex_lite(refusal);
    if !place {
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

/// Whether a line and a column stand in a message, or a pointer into the specification.
fn regex_lite(message: &str) -> bool {
    message.contains("page.txt:") || message.contains("at `/") || message.starts_with('/')
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

    /// The page with plain words in all places, or with another text in one of them.
    fn filled(&self, attack: Option<(usize, &str)>) -> String {
        let mut text = self.pieces[0].clone();
        for (index, (kind, piece)) in self.places.iter().zip(&self.pieces[1..]).enumerate() {
            let plain = KINDS.iter().find(|(known, _)| known == kind).map_or("", |(_, plain)| plain);
            match attack {
                Some((place, hostile)) if place == index => text.push_str(hostile),
                _ => text += &format!("{plain}{index}"),
            }
            text.push_str(piece);
        }
        text
    }
}
