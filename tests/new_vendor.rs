//! `cargo xtask new`, `remove` and `rename`, in a copy of the workspace.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use xtask::{
    dialect::Dialect,
    moves,
    new::{Known, new},
    regen::regen,
};

use crate::support::{
    tree::{copy, put},
    workspace,
};

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below `root` with its contents, what the runs themselves keep aside.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut open, mut found) = (vec![root.to_owned()], BTreeMap::new());
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            match path.is_dir() {
                true if name != ".regen" => open.push(path),
                true => {}
                false => drop(found.insert(name, fs::read(path).expect("a file"))),
            }
        }
    }
    found
}

/// The pages of a made-up vendor, and its name.
fn made_up(dialect: Dialect) -> (String, Vec<PathBuf>) {
    let folder = workspace::root().join("tests/fixtures/vendors").join(dialect.name());
    let manifest: toml::Table = read(&folder, "vendor.toml").parse().expect("a manifest is TOML");
    let pages = fs::read_dir(folder.join("docs")).expect("it has pages").map(|entry| entry.expect("an entry").path());
    (manifest["name"].as_str().expect("a name").to_owned(), pages.collect())
}

#[test]
fn pages_become_a_folder_in_which_every_guess_says_why() {
    let copy = copy();
    let root = copy.path();
    for dialect in Dialect::ALL {
        let (name, pages) = made_up(dialect);
        let told = new(root, &name, &Known::default(), &pages).unwrap_or_else(|failure| panic!("{failure}")).text;
        let manifest = read(root, &format!("specs/{name}/vendor.toml"));
        insta::with_settings!({ omit_expression => true, snapshot_suffix => name.as_str() }, {
            insta::assert_snapshot!("manifest", manifest);
        });
        for page in &pages {
            let file = page.file_name().expect("a page is a file").to_string_lossy();
            assert_eq!(
                fs::read(page).ok(),
                fs::read(root.join(format!("specs/{name}/docs/{file}"))).ok(),
                "{file} is kept as it is"
            );
        }
        assert!(read(root, &format!("specs/{name}/CHANGELOG.md")).contains("## Unreleased\n"));
        // What is to be filled in is told by `new`, and by the next run all at once.
        let holes: Vec<String> = (manifest.lines().enumerate())
            .filter(|(_, line)| line.contains("# fill in: "))
            .map(|(index, _)| format!("specs/{name}/vendor.toml:{}", index + 1))
            .collect();
        let refused = regen(root, Some(&name), false).expect_err("addresses are missing").to_string();
        for hole in &holes {
            assert!(told.contains(&format!("{hole}  ")) && refused.contains(&format!("{hole}:")), "{hole}\n{told}\n{refused}");
        }
        assert!(
            !holes.is_empty() && manifest.matches("# guessed: ").count() == told.matches("  (").count() - holes.len(),
            "{told}"
        );
        // Filled in, it is a vendor.
        let filled = manifest.replace("url = \"\"", "url = \"https://somewhere.example/\"");
        put(root, &format!("specs/{name}/vendor.toml"), &filled);
        regen(root, Some(&name), false).unwrap_or_else(|failure| panic!("{failure}"));
    }
    regen(root, None, true).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn what_is_known_needs_no_guess() {
    let copy = copy();
    let (name, pages) = made_up(Dialect::RedocPage);
    let known = Known {
        dialect: Some(Dialect::RedocPage),
        title: Some("Lighthouse \"Tours\"".to_owned()),
        address: Some("https://lighthouse.example/api".to_owned()),
        server: Some("https://api.lighthouse.example".to_owned()),
    };
    let told = new(copy.path(), &name, &known, &pages).unwrap_or_else(|failure| panic!("{failure}")).text;
    assert!(!told.contains("Fill in") && !told.contains("Mend"), "{told}");
    regen(copy.path(), Some(&name), false).unwrap_or_else(|failure| panic!("{failure}"));
    let specification = read(copy.path(), &format!("specs/{name}/openapi.json"));
    assert!(specification.contains("https://api.lighthouse.example") && specification.contains("Lighthouse \\\"Tours\\\""));
}

#[test]
fn what_cannot_become_a_vendor_is_refused_and_nothing_is_written() {
    let copy = copy();
    let root = copy.path();
    let before = files(root);
    let (_, good) = made_up(Dialect::RedoclyMarkdown);
    let (_, other) = made_up(Dialect::AspnetHelpPage);
    let cut = root.join("cut.md");
    fs::write(&cut, "# Update a pilot\n\nnothing that is an operation\n").expect("the file can be written");
    let index = root.join("index.md");
    fs::write(&index, "# Ships\n\nEndpoint: POST /ships\n\n## Nothing that is known:\n").expect("the file can be written");
    let missing = root.join("missing.md");
    let table: [(&str, Vec<PathBuf>, &[&str]); 10] = [
        ("2harbours", good.clone(), &["starts with a digit", "`twoharbours`"]),
        ("tokio", good.clone(), &["is a dependency"]),
        ("gen", good.clone(), &["is a word of Rust's own"]),
        ("user", good.clone(), &["is a module of crates/vendor-users"]),
        ("value-error", good.clone(), &["is a module of crates/vendor-users"]),
        ("twosms", good.clone(), &["specs/twosms is there already"]),
        ("harbour", [good.clone(), other].concat(), &["pages of one vendor are of one dialect"]),
        ("harbour", vec![cut.clone(), index.clone()], &["cut.md has the marks of no dialect", "index.md:5:"]),
        ("harbour", vec![cut.clone()], &["the marks of no dialect", "--dialect"]),
        ("tokio", vec![missing, cut.clone()], &["is a dependency", "missing.md", "the marks of no dialect"]),
    ];
    for (name, pages, words) in table {
        let refused = new(root, name, &Known::default(), &pages).expect_err("it cannot be").to_string();
        for word in words {
            assert!(refused.contains(word), "{name}: {refused}");
        }
    }
    for page in [cut, index] {
        fs::remove_file(page).expect("it is there");
    }
    assert_eq!(files(root), before, "something was written");
}

#[test]
fn a_page_that_shows_a_whole_address_tells_the_server_and_hostile_words_stay_words() {
    let copy = copy();
    let (_, pages) = made_up(Dialect::RedoclyMarkdown);
    let text = fs::read_to_string(&pages[0]).expect("the page is there");
    let hostile = "Changes https://api.harbour.example/v2/pilots/7 or \"x\"\n\n";
    let text = text.replace("Changes what the harbour knows about a pilot.\n\n", hostile).replace("`radio`", "`ra\\\"dio`");
    let page = copy.path().join("a page (1).md");
    fs::write(&page, text).expect("the file can be written");
    new(copy.path(), "harbour", &Known::default(), &[page]).unwrap_or_else(|failure| panic!("{failure}"));
    let manifest = read(copy.path(), "specs/harbour/vendor.toml");
    let table: toml::Table = manifest.parse().expect("the manifest is TOML whatever the page says");
    assert_eq!(table["servers"][0]["url"].as_str(), Some("https://api.harbour.example/v2"), "{manifest}");
    assert_eq!(table["documents"][0]["file"].as_str(), Some("a-page--1-.md"));
}

/// Two operations that are one in Rust, and a changelog that is more than text: both are told where a person mends them.
#[test]
fn what_keeps_a_crate_from_being_made_is_told_where_it_stands() {
    let copy = copy();
    let root = copy.path();
    let page = root.join("bodies.md");
    fs::write(&page, "# Find\n\nEndpoint: GET /船\n\n## Request fields (application/json):\n\n  - `a` (string)\n")
        .expect("the file can be written");
    let told = new(root, "pier", &Known::default(), &[page]).unwrap_or_else(|failure| panic!("{failure}")).text;
    assert!(told.contains("bodies.md:3:1: openapi.json would not be sound") && told.contains("a GET with a body"), "{told}");
    assert!(read(root, "specs/pier/vendor.toml").contains("[tags.\"船\"]"), "a path without a letter of ASCII names a tag");
    let page = root.join("ships.md");
    fs::write(&page, "# Clone\n\nEndpoint: POST /ships\n\n# CLONE\n\nEndpoint: GET /ships\n").expect("the file can be written");
    let known = Known { address: Some("https://dock.example/".to_owned()), ..Known::default() };
    let told = new(root, "dock", &known, &[page]).unwrap_or_else(|failure| panic!("{failure}")).text;
    let refused = regen(root, Some("dock"), false).expect_err("one method cannot be two").to_string();
    for told in [told, refused] {
        let words = ["ships.md:", "`clone_`", "`[names.operations]`: `CLONE = { name = "];
        assert!(words.iter().all(|word| told.contains(word)), "{told}");
    }
    let manifest = read(root, "specs/dock/vendor.toml");
    let named = "\n[names.operations]\nCLONE = { name = \"ListShips\", reason = \"it lists them\" }\n";
    put(root, "specs/dock/vendor.toml", &(manifest + named));
    put(root, "specs/dock/CHANGELOG.md", "# Changelog\n\n![a picture](https://dock.example/x.png)\n");
    let refused = regen(root, Some("dock"), false).expect_err("a picture would be fetched").to_string();
    assert!(refused.starts_with("specs/dock/CHANGELOG.md:3: an image"), "{refused}");
    put(root, "specs/dock/CHANGELOG.md", "# Changelog\n");
    regen(root, Some("dock"), false).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_vendor_is_renamed_whole_and_back() {
    let copy = copy();
    let root = copy.path();
    put(root, "specs/twosms/notes.txt", "a person's");
    let before = files(root);
    let told = moves::rename(root, "twosms", "two-sms").unwrap_or_else(|failure| panic!("{failure}")).text;
    assert!(told.contains("moved specs/twosms/notes.txt to specs/two-sms/notes.txt\n"), "{told}");
    assert!(
        told.contains("removed crates/twosms/Cargo.toml\n") && told.contains("written crates/two-sms/Cargo.toml\n"),
        "{told}"
    );
    assert!(told.contains("crates/vendor-users/src/adapter/twosms"), "who still says the name is told: {told}");
    assert!(!root.join("specs/twosms").exists() && !root.join("crates/twosms").exists());
    assert_eq!(read(root, "specs/two-sms/notes.txt"), "a person's");
    regen(root, None, true).unwrap_or_else(|failure| panic!("{failure}"));
    moves::rename(root, "two-sms", "twosms").unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(files(root).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert_eq!(files(root), before);
}

#[test]
fn a_removed_vendor_leaves_what_a_person_wrote_and_nothing_else() {
    let copy = copy();
    let root = copy.path();
    let before = files(root);
    let (name, pages) = made_up(Dialect::SuperofficeDocfx);
    let known = Known { address: Some("https://orchard.example/".to_owned()), ..Known::default() };
    for kept in [format!(".regen/removed/{name}"), format!(".regen/removed/{name}-2")] {
        new(root, &name, &known, &pages).unwrap_or_else(|failure| panic!("{failure}"));
        regen(root, Some(&name), false).unwrap_or_else(|failure| panic!("{failure}"));
        let manifest = read(root, &format!("specs/{name}/vendor.toml"));
        let told = moves::remove(root, &name).unwrap_or_else(|failure| panic!("{failure}")).text;
        assert!(told.contains(&format!("removed crates/{name}/Cargo.toml\n")), "{told}");
        assert!(told.contains(&format!("moved specs/{name}/vendor.toml to {kept}/vendor.toml\n")), "{told}");
        assert_eq!(read(root, &format!("{kept}/vendor.toml")), manifest);
        assert_eq!(files(root), before);
    }
    // One whose manifest is broken can be removed as well.
    new(root, &name, &known, &pages).unwrap_or_else(|failure| panic!("{failure}"));
    put(root, &format!("specs/{name}/vendor.toml"), "name =");
    moves::remove(root, &name).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(files(root), before);
}

#[test]
fn neither_touches_a_file_that_a_person_put_among_what_is_made() {
    let copy = copy();
    let root = copy.path();
    put(root, "crates/twosms/src/mine.rs", "// a person's\n");
    put(root, "specs/twosms/findings.md", "changed by hand\n");
    let before = files(root);
    for refused in [moves::remove(root, "twosms"), moves::rename(root, "twosms", "two-sms")] {
        let refused = refused.expect_err("somebody's work would be lost").to_string();
        assert!(refused.contains("crates/twosms/src/mine.rs") && refused.contains("specs/twosms/findings.md"), "{refused}");
        assert_eq!(files(root), before, "something was changed");
    }
    for refused in [moves::remove(root, "nobody"), moves::remove(root, "../twosms"), moves::rename(root, "twosms", "vbasoftware")]
    {
        refused.expect_err("there is no such vendor, or another is called so");
        assert_eq!(files(root), before, "something was changed");
    }
}
