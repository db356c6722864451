//! `cargo xtask update`: newer versions of the committed documents, made by replacing text in them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use xtask::{
    failure::Failure,
    new::{Known, new},
    regen,
    update::{Outcome, update},
};

struct Case {
    name: &'static str,
    vendor: &'static str,
    document: &'static str,
    /// What stands in the document, and what stands there in the newer one.
    edits: &'static [(&'static str, &'static str)],
}

const CASES: &[Case] = &[
    Case { name: "unchanged", vendor: "twosms", document: "update-user.txt", edits: &[] },
    Case {
        name: "words",
        vendor: "twosms",
        document: "docs/update-user.txt",
        edits: &[("The unique identifier for the user.", "The unique identifier of the user.")],
    },
    Case {
        name: "renamed_and_no_longer_required",
        vendor: "vbasoftware",
        document: "user.txt",
        edits: &[("mfA_Enabled\nrequired\nboolean", "mfA_Enabled\nboolean"), ("phone_Country_Code", "phone_Code")],
    },
    Case {
        name: "limits_and_types",
        vendor: "vbasoftware",
        document: "user.txt",
        edits: &[
            ("address\nstring or null <= 255 characters", "address\nstring or null <= 200 characters"),
            ("address2\nstring or null <= 128 characters", "address2\nstring or null <= 256 characters"),
            ("title\nstring or null", "title\ninteger or null"),
        ],
    },
    Case {
        name: "new_required_property_on_one_line",
        vendor: "billingplatform",
        document: "save-application-users.md",
        edits: &[
            ("- `brmObjects.ThemeId`", "- `brmObjects.Pronoun` (string, required) Pronoun - `brmObjects.ThemeId`"),
            ("`brmObjects.Email` (string, required) Email", "`brmObjects.Email` (string, required) Email address"),
        ],
    },
    Case {
        name: "operation_gone",
        vendor: "vbasoftware",
        document: "user.txt",
        edits: &[("\nDelete User\n\nDelete a User\n", "\0"), ("\ndelete/users/{userID}\nRequest samples\n", "\0")],
    },
    Case {
        name: "new_operation",
        vendor: "vbasoftware",
        document: "user.txt",
        edits: &[("\nUpdate User\n\nUpdates a specific User\n", NEW_OPERATION)],
    },
    Case { name: "unreadable", vendor: "vbasoftware", document: "user.txt", edits: &[("\nget/users/{userID}\n", "\n")] },
    Case { name: "unlisted", vendor: "vbasoftware", document: "users.txt", edits: &[] },
];

const NEW_OPERATION: &str = "
Get User Picture

Gets the picture of a User

SecurityapiKeyAuth and bearerAuth
Request
path Parameters
userID
required
string

User ID

Responses
204

No picture

get/users/{userID}/picture
Request samples

Update User

Updates a specific User
";

#[test]
fn what_a_newer_document_changes_is_told() {
    for case in CASES {
        let newer = newer(&root(), case);
        let told = update(&root(), case.vendor, case.document, newer.path(), false);
        let text = told.map_or_else(|failure| format!("refused\n{failure}"), |told| told.text);
        let text = text.replace(&newer.path().display().to_string(), "NEWER");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(case.name, text);
        });
    }
}

#[test]
fn the_text_of_a_page_saved_as_html_is_what_is_compared_and_taken() {
    let path = root().join("specs/twosms/docs/update-user.txt");
    let text = fs::read_to_string(path).expect("the document is there");
    let mut page = tempfile::Builder::new().suffix(".html").tempfile().expect("a file can be made");
    let saved = |text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let script = "<script>const __redoc_state = {\"spec\":{\"data\":{\"openapi\":\"3.0.3\"}}};</script>";
        format!("<!DOCTYPE html>\n<html><body class=\"help-page\"><pre>\n{text}</pre>{script}</body></html>\n")
    };
    let newer = text.replace("The unique identifier for the user.", "The unique identifier of the user.");
    assert_ne!(text, newer, "the document no longer says this");
    page.write_all(saved(&newer).as_bytes()).expect("the file can be written");
    let copy = workspace_copy();
    let told = update(copy.path(), "twosms", "update-user.txt", page.path(), true);
    let told = told.unwrap_or_else(|failure| panic!("{failure}"));
    let source = told.json["better_source"].as_str().unwrap_or_default();
    assert!(source.contains("carries the OpenAPI document"), "{source}");
    let told = told.text;
    assert!(told.contains("the newer version is HTML") && told.contains(source), "{told}");
    assert!(told.contains("of the user"), "{told}");
    let written = fs::read_to_string(copy.path().join("specs/twosms/docs/update-user.txt")).expect("the document is there");
    assert_eq!(written.trim(), newer.trim());
    let other = tempfile::NamedTempFile::new().expect("a file can be made");
    fs::write(other.path(), "<html><body><redoc spec-url='oars.yaml'></redoc></body></html>").expect("the file can be written");
    let refused = update(copy.path(), "twosms", "update-user.txt", other.path(), true).expect_err("it names its document");
    assert!(refused.to_string().contains("oars.yaml"), "{refused}");
}

/// A vendor whose page of an operation only names the type that a page of its own describes.
#[test]
fn pages_of_types_are_updated_as_those_of_operations_are() {
    const COLUMNS: &str = "| Name | Description | Type | Additional information |\n|---|---|---|---|\n";
    let (copy, pages) = (workspace_copy(), tempfile::tempdir().expect("a folder can be made"));
    let write = |name: &str, text: &str| {
        let path = pages.path().join(name);
        fs::write(&path, text).expect("the file can be written");
        path
    };
    let operation = format!(
        "PUT api/oars/{{id}}\nChanges an oar.\nRequest Information\nURI Parameters\n{COLUMNS}| id |  | integer | Required |\n\
         Body Parameters\nOar\n{COLUMNS}| Name | The name. | string | Required |\n| Blade | What it is of. | Blade | None. |\n\
         Response Information\nResource Description\nNone.\n"
    );
    let kind = format!("Blade\nA blade.\n{COLUMNS}| Wood | What of. | Wood | Required |\n");
    let values = "Wood\nPossible enumeration values:\n| Name | Value | Description |\n|---|---|---|\n| Ash | 0 | Light. |\n| Oak | 1 |  |\n";
    let listed =
        [("put-oar.txt", operation.as_str()), ("blade.txt", &kind), ("wood.txt", values)].map(|(name, text)| write(name, text));
    let known = Known {
        address: Some("https://oars.example/api".to_owned()),
        server: Some("https://api.oars.example".to_owned()),
        ..Known::default()
    };
    new(copy.path(), "oars", &known, &listed).unwrap_or_else(|failure| panic!("{failure}"));
    let manifest = copy.path().join("specs/oars/vendor.toml");
    let text = fs::read_to_string(&manifest).expect("the manifest is there");
    let user = text.find("[user.").map_or(text.len(), |at| at);
    fs::write(&manifest, text.get(..user).unwrap_or_default()).expect("the copy can be written");
    regen::regen(copy.path(), Some("oars"), false).unwrap_or_else(|failure| panic!("{failure}"));
    let told = |document: &str, newer: &str| {
        let file = write(&format!("newer-{document}"), newer);
        update(copy.path(), "oars", document, &file, false).unwrap_or_else(|failure| panic!("{failure}")).text
    };
    let more = told("wood.txt", &format!("{values}| Elm | 2 |  |\n"));
    assert!(more.contains("~ Wood: enum: [0,1] → [0,1,2]") && more.contains("oars::types::Wood"), "{more}");
    let demanded = told("blade.txt", &format!("{kind}| Length | In metres. | decimal number | Required |\n"));
    assert!(demanded.contains("+ Blade.Length") && demanded.contains("breaks callers"), "{demanded}");
    let row = "<tr><td>Wood</td><td><p>What of.</p></td><td>Wood</td><td><p>None.</p></td></tr>";
    let head = "<tr><th>Name</th><th>Description</th><th>Type</th><th>Additional information</th></tr>";
    let saved = told(
        "blade.txt",
        &format!("<!DOCTYPE html><body class=\"help-page\"><h1>Blade</h1><p>A blade.</p><table>{head}{row}</table></body>"),
    );
    assert!(saved.contains("the newer version is HTML") && saved.contains("~ Blade.Wood"), "{saved}");
}

#[test]
fn an_obsolete_correction_is_told_with_its_place_and_stops_the_writing() {
    let copy = workspace_copy();
    let overlay = copy.path().join("specs/twosms/overlay.yaml");
    let mut text = fs::read_to_string(&overlay).expect("the overlay is there");
    text.push_str(
        "  - target: $.components.schemas.User.properties.ID\n    update:\n      description: The id of the user.\n    \
         x-expect:\n      description: The unique identifier for the user.\n    x-reason: it is too long\n    \
         x-evidence: https://example.com/\n",
    );
    fs::write(&overlay, text).expect("the copy can be written");
    let case = Case {
        name: "obsolete",
        vendor: "twosms",
        document: "update-user.txt",
        edits: &[("The unique identifier for the user.", "The id of the user.")],
    };
    let newer = newer(copy.path(), &case);
    let before = files(copy.path());
    let told = update(copy.path(), case.vendor, case.document, newer.path(), false).expect("it is only told").text;
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(case.name, told);
    });
    let told = update(copy.path(), case.vendor, case.document, newer.path(), true).expect("it is told, and nothing is written");
    assert_eq!((told.exit, told.json["outcome"].as_str()), (Outcome::Blocked.exit(), Some("blocked")), "{}", told.text);
    assert_eq!(files(copy.path()), before, "something was written");
}

#[test]
fn with_write_the_document_its_digest_and_all_that_is_made_of_it_change_together() {
    let copy = workspace_copy();
    let case = CASES.iter().find(|case| case.name == "renamed_and_no_longer_required").expect("it is in the table");
    let newer = newer(copy.path(), case);
    let before = files(copy.path());
    update(copy.path(), case.vendor, case.document, newer.path(), true).unwrap_or_else(|failure: Failure| panic!("{failure}"));
    let changed: Vec<String> =
        files(copy.path()).into_iter().filter(|file| !before.contains(file)).map(|(path, _)| path).collect();
    let changelog = fs::read_to_string(copy.path().join("specs/vbasoftware/CHANGELOG.md")).expect("the changelog is there");
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("written", changed.join("\n"));
        insta::assert_snapshot!("changelog", changelog);
    });
    let manifest = |root: &Path| fs::read_to_string(root.join("specs/vbasoftware/vendor.toml")).expect("the manifest is there");
    let (old, new) = (manifest(&root()), manifest(copy.path()));
    let differing: Vec<_> = old.lines().zip(new.lines()).filter(|(old, new)| old != new).collect();
    assert!(matches!(differing.as_slice(), [(_, line)] if line.starts_with("sha256 = \"")), "{differing:?}");
    regen::regen(copy.path(), None, true).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_released_crate_moves_by_the_gravest_of_what_documents_change() {
    let copy = workspace_copy();
    let changelog = copy.path().join("specs/vbasoftware/CHANGELOG.md");
    let released =
        fs::read_to_string(&changelog).expect("the changelog is there").replace("## Unreleased", "## 0.1.0 - 2026-01-02");
    fs::write(&changelog, released).expect("the copy can be written");
    let version = || {
        let read = |path: &str| -> toml::Table {
            fs::read_to_string(copy.path().join(path)).expect("it is there").parse().expect("it is TOML")
        };
        let manifest = read("specs/vbasoftware/vendor.toml")["version"].as_str().map(str::to_owned);
        let package = read("crates/vbasoftware/Cargo.toml")["package"]["version"].as_str().map(str::to_owned);
        let facade = read("crates/vendor-users/Cargo.toml")["dependencies"]["vbasoftware"]["version"].as_str().map(str::to_owned);
        assert_eq!((&manifest, &facade), (&package, &package));
        manifest.unwrap_or_default()
    };
    // What changes, and the version that the crate has then.
    let table: [(&'static [(&'static str, &'static str)], &str); 4] = [
        (&[("Changes a User's temporary password.", "Changes the temporary password of a User.")], "0.1.1"),
        (&[("address2\nstring or null <= 128", "address2\nstring or null <= 256")], "0.1.1"),
        (&[("phone_Country_Code", "phone_Code")], "0.2.0"),
        (&[("phone_Code", "phone_Country_Code")], "0.2.0"),
    ];
    for (edits, expected) in table {
        let case = Case { name: "released", vendor: "vbasoftware", document: "user.txt", edits };
        let newer = newer(copy.path(), &case);
        let told =
            update(copy.path(), case.vendor, case.document, newer.path(), true).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(
            (told.json["outcome"].as_str(), told.json["version"].as_str()),
            (Some("written"), Some(expected)),
            "{}",
            told.text
        );
        assert_eq!(version(), expected);
    }
    regen::regen(copy.path(), None, true).unwrap_or_else(|failure| panic!("{failure}"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace").to_path_buf()
}

/// The newer version of a case's document, in a file of its own.
fn newer(root: &Path, case: &Case) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let name = case.document.trim_start_matches("docs/");
    let mut text = fs::read_to_string(root.join(format!("specs/{}/docs/{name}", case.vendor))).unwrap_or_default();
    // A pair that ends in a zero byte cuts out what stands between two marks, the second one with it.
    if let [(start, "\0"), (end, "\0")] = case.edits {
        let (from, to) = (text.find(start).expect("the start is there"), text.find(end).expect("the end is there"));
        text.replace_range(from..to + end.len(), "");
    } else {
        for (from, to) in case.edits {
            assert!(text.contains(from), "{}: the document no longer says {from:?}", case.name);
            text = text.replace(from, to);
        }
    }
    fs::write(file.path(), text).expect("the file can be written");
    file
}

/// What a run reads and writes, in a place of its own.
fn workspace_copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder can be made");
    for (path, contents) in files(&root()) {
        let to = copy.path().join(path);
        fs::create_dir_all(to.parent().expect("it stands in a folder")).expect("the folder can be made");
        fs::write(to, contents).expect("the file can be written");
    }
    copy
}

/// The files of specifications and crates, and those beside them.
fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut folders: Vec<PathBuf> = vec![root.join("specs"), root.join("crates")];
    let beside = fs::read_dir(root).into_iter().flatten().flatten().filter(|entry| entry.path().is_file());
    let mut found: Vec<(String, Vec<u8>)> = beside
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("it can be read")))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("it stands below").to_string_lossy().into_owned();
                found.push((name, fs::read(&path).expect("it can be read")));
            }
        }
    }
    found.sort();
    found
}
