//! Manifests: `fixtures/manifest/*.toml` read, and told as what they say or what is wrong with them; and vendors' folders
//! in which something is amiss. A fixture that starts with `err_` must be refused; every other one must be read.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

use std::{fmt::Write as _, fs, path::Path};

use tempfile::TempDir;
use xtask::{
    dialect::Options,
    document::Document,
    vendor::{self, Manifest, Vendor},
};

#[test]
fn manifests() {
    insta::glob!("fixtures/manifest/*.toml", |path| {
        let name = path.file_name().expect("a glob gives files").to_string_lossy();
        let source = Document::new(0, "vendor.toml", fs::read_to_string(path).expect("fixtures are UTF-8"));
        let result = vendor::parse(&source);
        assert_eq!(name.starts_with("err_"), result.is_err(), "refused or not, against the name");
        let told = match result {
            Ok(manifest) => spans(&manifest, &source),
            Err(problems) => problems.iter().map(|problem| problem.render(&source)).collect::<Vec<_>>().join("\n"),
        };
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(told) });
    });
}

/// What the manifest says, with the places that others will point to.
fn spans(manifest: &Manifest, source: &Document) -> String {
    let at = |span| source.source(source.span(span));
    let mut text = format!("{} in {:?} at {}\n", manifest.name.get_ref(), manifest.dialect(), at(manifest.dialect.span()));
    if manifest.options() != Options::default() {
        let _ = writeln!(text, "{:?}", manifest.options());
    }
    for entry in &manifest.documents {
        let _ = writeln!(text, "document {} at {}", entry.file.get_ref(), at(entry.file.span()));
    }
    for server in &manifest.servers {
        let variables: Vec<&str> = server.variables.keys().map(|name| name.get_ref().as_str()).collect();
        let _ = writeln!(text, "server {} at {}, variables {variables:?}", server.url.get_ref(), at(server.url.span()));
    }
    for (name, security) in &manifest.security {
        let _ = writeln!(text, "scheme {} at {}, because {}", name.get_ref(), at(name.span()), security.reason.get_ref());
    }
    for (from, rename) in manifest.names.operations.iter().chain(&manifest.names.schemas) {
        let _ = writeln!(text, "{} is {} at {}", from.get_ref(), rename.name.get_ref(), at(rename.name.span()));
    }
    for (from, to) in &manifest.names.fields {
        let _ = writeln!(text, "field {} is {} at {}", from.get_ref(), to.get_ref(), at(to.span()));
    }
    for (name, tag) in &manifest.tags {
        let _ =
            writeln!(text, "tag {} is {:?} at {}", name.get_ref(), tag.name.as_ref().map(|name| name.get_ref()), at(name.span()));
    }
    for (schema, map) in &manifest.user {
        let _ = writeln!(text, "user {} at {}", schema.get_ref(), at(schema.span()));
        for (attribute, source) in &map.attributes {
            let (name, places) = (attribute.get_ref().name(), (at(attribute.span()), at(source.span())));
            let _ = writeln!(text, "  {name} at {}: {:?} at {}", places.0, source.get_ref(), places.1);
        }
    }
    text
}

const MANIFEST: &str = include_str!("fixtures/manifest/smallest.toml");

/// A workspace with one vendor whose only document is empty, as `smallest.toml` says.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().expect("temporary folders can be made");
    put(root.path(), "vendor.toml", MANIFEST.as_bytes());
    put(root.path(), "docs/user.txt", b"");
    root
}

fn put(root: &Path, file: &str, contents: &[u8]) {
    let path = root.join("specs/example").join(file);
    fs::create_dir_all(path.parent().expect("files stand in folders")).expect("temporary folders are writable");
    fs::write(path, contents).expect("temporary folders are writable");
}

/// Pins `contents` as the one document.
fn pin(root: &Path, contents: &[u8]) {
    let digest = vendor::digest(contents);
    put(root, "vendor.toml", MANIFEST.replace(&vendor::digest(b""), &digest).as_bytes());
    put(root, "docs/user.txt", contents);
}

fn refusal(root: &Path) -> String {
    vendor::load(root, "example").map(|_| ()).expect_err("this folder must be refused").to_string()
}

#[test]
fn a_sound_folder_is_read_whole() {
    let root = workspace();
    put(root.path(), "overlay.yaml", b"overlay: 1.0.0\n");
    let vendor: Vendor = vendor::load(root.path(), "example").expect("the folder is sound");
    let sources: Vec<(u32, &str)> = vendor.sources().map(|document| (document.id, document.path.as_str())).collect();
    assert_eq!(sources, [(0, "docs/user.txt"), (u32::MAX - 1, "overlay.yaml"), (u32::MAX, "vendor.toml")]);
    assert_eq!((vendor.name(), vendor.folder().as_str()), ("example", "specs/example"));
    assert_eq!(vendor::names(root.path()).expect("specs/ is there"), ["example"]);
}

#[test]
fn overlays_by_topic_are_read_by_name_after_the_one_beside_the_manifest() {
    let root = workspace();
    for file in ["overlay.yaml", "overlay/2-reading.yaml", "overlay/1-login.yaml", "overlay/10-deleting.yaml"] {
        put(root.path(), file, b"overlay: 1.0.0\n");
    }
    let vendor: Vendor = vendor::load(root.path(), "example").expect("the folder is sound");
    let overlays: Vec<&str> = vendor.overlays.iter().map(|overlay| overlay.path.as_str()).collect();
    assert_eq!(overlays, ["overlay.yaml", "overlay/1-login.yaml", "overlay/10-deleting.yaml", "overlay/2-reading.yaml"]);
    put(root.path(), "overlay/reading.yml", b"");
    let extension = refusal(root.path());
    fs::remove_file(root.path().join("specs/example/overlay/reading.yml")).expect("files can be removed");
    put(root.path(), "overlay/deep/reading.yaml", b"");
    insta::assert_snapshot!(format!("{extension}\n{}", refusal(root.path())));
}

#[test]
fn documents_are_kept_verbatim() {
    for contents in ["a\r\nb\rc\n", "\u{202e}\u{2028}", "no end"] {
        let root = workspace();
        pin(root.path(), contents.as_bytes());
        let vendor = vendor::load(root.path(), "example").expect("text is text");
        assert_eq!(vendor.documents.first().map(|document| document.text.as_str()), Some(contents));
    }
}

/// Its places are those of the file all the same.
#[test]
fn what_nobody_sees_in_a_document_is_not_read_but_counted() {
    let root = workspace();
    pin(root.path(), "\u{feff}first\nup\u{ad}load\u{a0}line\n".as_bytes());
    let vendor = vendor::load(root.path(), "example").expect("text is text");
    let [document] = vendor.documents.as_slice() else { panic!("one document") };
    assert_eq!(document.text, "first\nupload line\n");
    for (word, place) in [("first", "1:2"), ("up", "2:1"), ("load", "2:4"), ("line", "2:9")] {
        let at = document.text.find(word).expect(word);
        let source = document.source(document.span(at..at + word.len()));
        assert_eq!(source, format!("{}:{place}", document.path));
        assert_eq!(document.find(&source).map(|span| span.start as usize), Some(at), "{word}");
    }
}

#[test]
fn documents_that_are_not_text_are_refused() {
    let root = workspace();
    pin(root.path(), b"one\ntwo \xff");
    let invalid = refusal(root.path());
    pin(root.path(), b"one\ntwo\nthree \0");
    insta::assert_snapshot!(format!("{invalid}\n{}", refusal(root.path())));
}

#[test]
fn a_document_that_is_html_is_refused_with_the_way_to_its_text() {
    let root = workspace();
    put(root.path(), "docs/user.txt", b"<!-- saved -->\n<!DOCTYPE html><body class=\"help-page\"></body>");
    insta::assert_snapshot!(refusal(root.path()));
}

#[test]
fn a_changed_document_is_noticed() {
    let root = workspace();
    put(root.path(), "docs/user.txt", b"changed");
    insta::assert_snapshot!(refusal(root.path()));
}

#[test]
fn a_missing_document_and_an_unlisted_one_are_told_together() {
    let root = workspace();
    fs::rename(root.path().join("specs/example/docs/user.txt"), root.path().join("specs/example/docs/users.txt"))
        .expect("files can be renamed");
    put(root.path(), "docs/.hidden/file", b"");
    insta::assert_snapshot!(refusal(root.path()));
}

#[test]
fn the_folder_and_the_manifest_have_one_name() {
    let root = workspace();
    put(root.path(), "vendor.toml", MANIFEST.replace("\"example\"", "\"another\"").as_bytes());
    insta::assert_snapshot!(refusal(root.path()));
}

#[test]
fn a_manifest_or_overlay_that_is_not_text_is_refused() {
    let root = workspace();
    put(root.path(), "overlay.yaml", b"overlay: \xff");
    let overlay = refusal(root.path());
    put(root.path(), "vendor.toml", b"name = \"\0\"");
    insta::assert_snapshot!(format!("{overlay}\n{}", refusal(root.path())));
}

#[test]
fn vendors_are_known_by_their_folders_only() {
    let root = workspace();
    for name in ["other", "../example", "/etc", "", ".", "example/", "EXAMPLE", "example/docs"] {
        let failure = vendor::load(root.path(), name).map(|_| ()).expect_err("there is no such vendor").to_string();
        assert!(failure.contains("known are: example"), "{failure}");
    }
}

#[cfg(unix)]
#[test]
fn a_document_that_is_a_link_is_refused() {
    let root = workspace();
    let path = root.path().join("specs/example/docs/user.txt");
    fs::remove_file(&path).expect("files can be removed");
    std::os::unix::fs::symlink("/dev/zero", &path).expect("links can be made");
    insta::assert_snapshot!(refusal(root.path()));
}

#[test]
fn manifests_cut_anywhere_never_panic() {
    let text = include_str!("fixtures/manifest/everything.toml").replace("Users of", "\u{feff}\u{202e}Üsers of");
    for (at, _) in text.char_indices() {
        for tail in ["", "\0", "\"", "[", "=", "\r", "[[a]]", "\u{2028}"] {
            let source = Document::new(0, "vendor.toml", format!("{}{tail}", &text[..at]));
            for problem in vendor::parse(&source).err().unwrap_or_default() {
                assert!(!problem.render(&source).is_empty());
            }
        }
    }
}
