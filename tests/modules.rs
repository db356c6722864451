//! The rules of the modules: how large a file is, who knows whom, and what no file says.

use proc_macro2::{TokenStream, TokenTree};

use crate::support::{
    tree::{self, File},
    workspace,
};

/// Lines of a file that a person still holds in the head.
const LINES: usize = 450;

/// The list of the vendors that the command connects; what each of them takes stands in a module of its own beside it.
const CONNECTED: &str = "crates/vendor-users-cli/src/connect.rs";

#[test]
fn no_hand_written_file_of_code_is_longer_than_450_lines() {
    let files = tree::files();
    let code = files.iter().filter(|file| file.path.ends_with(".rs") && !file.is_generated());
    let long = code.map(|file| (file, file.text.lines().count())).filter(|(_, lines)| *lines > LINES);
    nothing(long.map(|(file, lines)| format!("{}: {lines} lines; move a part that has a name into its own module", file.path)));
}

/// A vendor has places of its own: its folder of `specs/`, its crate, its adapter and its fake server. The lists of modules that its
/// modules hang in name it too, a dialect keeps the name that it was given, and tests and examples show one vendor or another.
#[test]
fn no_vendor_is_named_in_code_outside_its_own_places() {
    let root = workspace::root();
    let mut vendors: Vec<(String, Vec<String>)> = Vec::new();
    let mut dialects = Vec::new();
    for name in xtask::vendor::names(&root).expect("specs/ can be listed") {
        let vendor = xtask::vendor::load(&root, &name).unwrap_or_else(|failure| panic!("{failure}"));
        vendors.push((name.clone(), vec![plain(&name), plain(vendor.manifest.title.get_ref())]));
        dialects.push(plain(vendor.manifest.dialect().name()));
    }
    let mut wrong = Vec::new();
    for file in tree::files().iter().filter(|file| !file.is_generated() && is_code(file)) {
        let words = words(file);
        for (vendor, names) in &vendors {
            let own = file.path.split(['/', '.']).any(|part| part == vendor) || file.path == CONNECTED;
            let named = words.iter().find(|word| {
                let word = dialects.iter().fold(plain(word), |word, dialect| word.replace(dialect, ""));
                names.iter().any(|name| word.contains(name))
            });
            if let Some(word) = named.filter(|_| !own) {
                let path = &file.path;
                wrong.push(format!("{path}: {word}; what is special about {vendor} is data, in specs/{vendor}/"));
            }
        }
    }
    nothing(wrong);
}

/// What only one vendor's pages have is said in its manifest: a header of its own, a word before a credential.
#[test]
fn no_word_of_one_vendor_stands_in_the_code_for_all() {
    let root = workspace::root();
    let mut own: Vec<(String, String)> = Vec::new();
    for name in xtask::vendor::names(&root).expect("specs/ can be listed") {
        let vendor = xtask::vendor::load(&root, &name).unwrap_or_else(|failure| panic!("{failure}"));
        let xtask::dialect::Options { credential_headers, further_credential_headers } = vendor.manifest.options();
        let mut words = [credential_headers, further_credential_headers].concat();
        let text = std::fs::read_to_string(root.join(vendor.folder()).join("openapi.json")).expect("it is committed");
        let specification: serde_json::Value = serde_json::from_str(&text).expect("a specification is JSON");
        let schemes = specification["components"]["securitySchemes"].as_object().cloned().unwrap_or_default();
        for (scheme, entry) in schemes.iter().filter(|(_, entry)| entry["type"] == "apiKey") {
            words.push(scheme.clone());
            words.extend(["name", "x-prefix"].into_iter().filter_map(|key| Some(entry[key].as_str()?.trim().to_owned())));
        }
        words.retain(|word| !["authorization", "x-api-key", "apikeyauth"].contains(&word.to_ascii_lowercase().as_str()));
        own.extend(words.into_iter().map(|word| (name.clone(), word.to_ascii_lowercase())));
    }
    assert!(own.len() >= 3, "no vendor has a word of its own: {own:?}");
    let mut wrong = Vec::new();
    let places = ["xtask/src/", "crates/client-core/src/", "crates/provisioning/src/", "crates/scim-gateway/src/"];
    for file in tree::files().iter().filter(|file| places.iter().any(|place| file.path.starts_with(place))) {
        for (index, line) in file.text.lines().enumerate() {
            let line = line.to_ascii_lowercase();
            let said = own.iter().filter(|(_, word)| line.contains(word.as_str()));
            wrong.extend(said.map(|(vendor, word)| {
                format!("{}:{}: `{word}` is a word of {vendor}'s pages: it belongs to specs/{vendor}/", file.path, index + 1)
            }));
        }
    }
    nothing(wrong);
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let root = workspace::root().display().to_string();
    let home = std::env::var("HOME").unwrap_or_default();
    // Put together here, so that this file does not say them.
    let mut words: Vec<String> = ["home", "Users", "root", "tmp", "work"].iter().map(|folder| format!("/{folder}/")).collect();
    // A short path, such as that of a container's checkout, is a JSON pointer or a path of an API as well.
    words.extend([&root, &home].into_iter().filter(|path| path.matches('/').count() > 2).cloned());
    words.extend([["index", "-url"], ["\"reso", "lved\""], ["replace", "-with"]].map(|word| word.concat()));
    let mut wrong = Vec::new();
    for file in tree::files().iter().filter(|file| !is_document(file)) {
        let said = file.text.lines().enumerate().filter_map(|(index, line)| {
            let word = words.iter().find(|word| line.match_indices(word.as_str()).any(|(at, _)| !within_address(line, at)))?;
            Some(format!("{}:{}: {word}", file.path, index + 1))
        });
        wrong.extend(said);
        let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        let other = file.text.lines().filter(|line| file.name() == "Cargo.lock" && line.starts_with("source = "));
        wrong.extend(other.filter(|line| *line != public).map(|line| format!("{}: {line}", file.path)));
    }
    nothing(wrong);
}

#[test]
fn every_generated_file_says_so() {
    let vendors = xtask::vendor::names(&workspace::root()).expect("specs/ can be listed");
    let places: Vec<String> = (vendors.iter())
        .flat_map(|vendor| {
            [format!("crates/{vendor}/"), format!("specs/{vendor}/openapi.json"), format!("specs/{vendor}/findings.md")]
        })
        .chain(["crates/vendor-users/src/generated.rs".to_owned()])
        .collect();
    let files = tree::files();
    let silent = files.iter().filter(|file| {
        let generated = places.iter().any(|place| file.path.starts_with(place));
        // A copy of a licence is the licence, word for word.
        generated && !file.is_generated() && !file.name().starts_with("LICENSE-")
    });
    nothing(silent.map(|file| format!("{}: its first lines do not say @generated", file.path)));
}

/// Fails with everything in the list.
#[track_caller]
fn nothing(wrong: impl IntoIterator<Item = String>) {
    let wrong = lines(wrong);
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// As names are compared: letters and digits, all small.
fn plain(text: &str) -> String {
    text.chars().filter(|char| char.is_ascii_alphanumeric()).map(|char| char.to_ascii_lowercase()).collect()
}

/// The path in an address of the web is no path of a machine.
fn within_address(line: &str, at: usize) -> bool {
    let before = line[..at].rsplit([' ', '"', '(', '<', '`']).next().unwrap_or_default();
    before.contains("://")
}

fn is_code(file: &File) -> bool {
    let rust = file.path.ends_with(".rs") && file.path.contains("/src/");
    rust || file.text.starts_with("#!/")
}

/// What a vendor wrote, or what was written in its manner.
fn is_document(file: &File) -> bool {
    ["/docs/", "/fixtures/", "/snapshots/"].iter().any(|folder| file.path.contains(folder))
}

/// Identifiers and literals of Rust, without comments, attributes and the lists of modules; of a script all words.
fn words(file: &File) -> Vec<String> {
    if !file.path.ends_with(".rs") {
        return file.text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    }
    let tokens: TokenStream = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let mut words = Vec::new();
    gather(tokens, &mut words);
    words
}

fn gather(tokens: TokenStream, words: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |index: Option<usize>, text: &str| {
        index.and_then(|index| tokens.get(index)).is_some_and(|token| token.to_string() == text)
    };
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1);
        match token {
            TokenTree::Group(_) if is(before, "#") || (is(before, "!") && is(index.checked_sub(2), "#")) => {}
            TokenTree::Group(group) => gather(group.stream(), words),
            TokenTree::Ident(_) if is(before, "mod") && is(Some(index + 1), ";") => {}
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Literal(literal) => words.push(literal.to_string()),
            TokenTree::Punct(_) => {}
        }
    }
}
