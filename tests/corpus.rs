//! The dialects on pages that are not part of the workspace: `../shared/corpus`, where it is there.
//!
//! The figures are printed: `cargo test --package tests corpus -- --nocapture`.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use xtask::{
    dialect::{Dialect, Page},
    document::Document,
    emit::generate,
    import::import,
    markup::guard,
    normalize::Names,
    resolve,
    rust::ClientInput,
};

use crate::support::{outline, render::options, skipped::skipped, swagger::Agreement};

/// A folder of the corpus, and which of its pages must be refused, with words of the refusal.
struct Folder {
    name: &'static str,
    dialect: Dialect,
    refused: &'static [(&'static str, &'static str)],
}

const FOLDERS: [Folder; 4] = [
    Folder { name: "aspnet-help-page", dialect: Dialect::AspnetHelpPage, refused: &[] },
    Folder {
        name: "redocly-markdown",
        dialect: Dialect::RedoclyMarkdown,
        refused: &[("md_tag_user_toc.md", "an index of operations")],
    },
    Folder {
        name: "redoc-page",
        dialect: Dialect::RedocPage,
        refused: &[("tag_Adv.-Groups_tablestyle.txt", "a table of fields that has lost its operation's method and path")],
    },
    Folder {
        name: "superoffice",
        dialect: Dialect::SuperofficeDocfx,
        refused: &[
            ("includes__webapi-intro.md", "an include"),
            ("rest__String__index.md", "the index of a group of operations"),
            ("rest__TableRecord__index.md", "the index of a group of operations"),
        ],
    },
];

#[test]
fn pages_of_the_corpus_are_read_whole() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for Folder { name, dialect, refused } in FOLDERS {
        let (mut read, mut operations, mut not) = (0, 0, Vec::new());
        for (file, document) in documents(&corpus.join(name)) {
            let page = resolve::read(dialect, &document, &options(dialect));
            let expected = refused.iter().find(|(refused, _)| *refused == file).map(|(_, words)| *words);
            match (page.diagnostics.first(), expected) {
                (None, None) => {
                    read += 1;
                    operations += page.api.operations.len();
                    let (claimed, all) = page.ledger.accounted(&document);
                    if claimed != all {
                        wrong.push(format!("{name}/{file}: {claimed} of {all} characters accounted for"));
                    }
                }
                (Some(first), Some(words)) if first.message.contains(words) => {
                    not.push(format!("{file}: {}", first.message));
                }
                (first, expected) => wrong.push(format!(
                    "{name}/{file}: expected {}, got\n{}",
                    expected.unwrap_or("no diagnostic"),
                    first.map_or_else(|| "none".to_owned(), |first| first.render(&document))
                )),
            }
        }
        println!("{name}: {read} pages read with {operations} operations, {} refused by name", not.len());
        not.iter().for_each(|refusal| println!("  {refusal}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_folded_page_gives_the_operation_of_the_page_as_published() {
    let Some(corpus) = corpus() else { return };
    let mut pairs: BTreeMap<String, BTreeMap<String, Page>> = BTreeMap::new();
    for (file, document) in documents(&corpus.join("redocly-markdown")) {
        if let Some((name, form)) = file.strip_suffix(".md").and_then(|name| name.rsplit_once('.')) {
            pairs
                .entry(name.to_owned())
                .or_default()
                .insert(form.to_owned(), resolve::read(Dialect::RedoclyMarkdown, &document, &options(Dialect::RedoclyMarkdown)));
        }
    }
    let facts = |forms: &BTreeMap<String, Page>, form: &str| forms.get(form).map(|page| outline::facts(&page.api));
    for (name, forms) in &pairs {
        if let (Some(published), Some(folded)) = (facts(forms, "multiline"), facts(forms, "oneline")) {
            assert_eq!(published, folded, "{name}");
        }
    }
    println!("redocly-markdown: {} pages are the same when folded", pairs.len());
}

#[test]
fn three_renderings_of_a_help_page_give_one_operation() {
    let Some(corpus) = corpus() else { return };
    let mut pages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, document) in documents(&corpus.join("aspnet-help-page")) {
        if let Some((name, "glued" | "pipeA" | "pipeB")) = file.strip_suffix(".txt").and_then(|name| name.rsplit_once('_')) {
            pages
                .entry(name.to_owned())
                .or_default()
                .push(outline::facts(&resolve::read(Dialect::AspnetHelpPage, &document, &options(Dialect::AspnetHelpPage)).api));
        }
    }
    pages.retain(|_, forms| forms.len() > 1);
    for (name, forms) in &pages {
        forms.iter().for_each(|form| assert_eq!(Some(form), forms.first(), "{name}"));
    }
    println!("aspnet-help-page: {} page(s) are the same in all renderings", pages.len());
}

/// The page is believed where the two differ; the floor only catches a reader that got worse.
#[test]
fn pages_agree_with_the_swagger_of_their_vendor() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("superoffice");
    let text = fs::read_to_string(folder.join("Swagger-v1-UserAgent.json")).expect("the Swagger lies beside the pages");
    let truth = serde_json::from_str(&text).expect("the Swagger is JSON");
    let mut agreement = Agreement::default();
    let mut pages = documents(&folder);
    pages.extend(documents(&folder.join("../../documents")));
    for (file, document) in pages {
        let page = resolve::read(Dialect::SuperofficeDocfx, &document, &options(Dialect::SuperofficeDocfx));
        for operation in page.api.operations.iter().filter(|_| page.diagnostics.is_empty()) {
            agreement.compare(&truth, &page.api, operation, &file);
        }
    }
    agreement.differences.iter().for_each(|difference| println!("  {difference}"));
    println!(
        "superoffice: {} of {} facts of {} operations agree with the Swagger",
        agreement.agree, agreement.all, agreement.operations
    );
    assert!(
        agreement.operations >= 15 && agreement.agree * 100 >= agreement.all * 99,
        "{} of {}",
        agreement.agree,
        agreement.all
    );
}

/// Each page that is read becomes a client of its own, in which the words of the page stay words.
#[test]
fn no_page_of_the_corpus_becomes_code_html_or_an_image() {
    let Some(corpus) = corpus() else { return };
    let (mut clients, mut comments, mut wrong) = (0, 0, Vec::new());
    for Folder { name, dialect, refused } in FOLDERS {
        for (file, _) in documents(&corpus.join(name)) {
            let read = import(Some(dialect), &options(dialect), &[corpus.join(name).join(&file)]);
            let Some(specification) = read.value else {
                assert!(refused.iter().any(|(refused, _)| *refused == file), "{name}/{file}: {}", read.refused);
                continue;
            };
            let input = ClientInput { vendor: "corpus", version: "0.1.0", specification: &specification, names: &Names::new() };
            // What the generator cannot carry is another test's.
            let Ok(client) = generate(&input) else { continue };
            clients += 1;
            for (path, text) in &client.files {
                let texts: Vec<(usize, String)> = match path.rsplit('.').next() {
                    Some("rs") => guard::comments(text).collect(),
                    Some("md") => vec![(1, text.clone())],
                    _ => Vec::new(),
                };
                comments += texts.len();
                for (line, text) in texts {
                    let faults = guard::faults(&text, &client.examples);
                    wrong.extend(faults.iter().map(|fault| format!("{name}/{file}: {path}:{line}: {}", fault.what)));
                }
            }
        }
    }
    println!("{clients} clients with {comments} texts");
    assert!(clients > 50 && comments > 1000, "{clients} clients with {comments} texts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if !folder.is_dir() {
        skipped(&format!("there is no {}", folder.display()));
        return None;
    }
    Some(folder)
}

fn documents(folder: &Path) -> Vec<(String, Document)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the corpus has a folder per dialect")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_none_or(|extension| extension != "json"))
        .collect();
    paths.sort();
    let document = |(id, path): (usize, &PathBuf)| {
        let name = path.file_name().expect("a folder lists names").to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("pages are UTF-8");
        (name.clone(), Document::new(u32::try_from(id).expect("few pages"), name, text))
    };
    paths.iter().enumerate().map(document).collect()
}
