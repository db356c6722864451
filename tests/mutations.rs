//! Pages with a line that nobody expects, as copies have them: the button of a site, a banner, a row or a heading of another kind
//! of page. Each is refused, or what it says stands in what was read, or a finding leads to it; never does it vanish.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::{fs, path::Path};

use xtask::{dialect::Dialect, document::Document, resolve};

use crate::support::render::options;

/// Lines that no page has. Of each a word tells whether it is there.
const LINES: [&str; 9] = [
    "Zorblax",
    "Zorblax vexes the quick quibble.",
    "## Zorblax quibble",
    "**Zorblax:** quibble",
    "| Zorblax | quibble | string | None. |",
    "- `Zorblax` (quibble)",
    "Zorblax\tquibble",
    "\"Zorblax\": \"quibble\"",
    "Zorblax <int32> [ 1 .. 5 ]",
];
const WORD: &str = "Zorblax";

/// Pages with a node that is not carried, or that stands twice: a finding tells of it, and what is written in it goes with it.
const NOT_CARRIED: [&str; 7] = [
    "further_names.txt",
    "further_names_beside_members.txt",
    "maps.md",
    "no_content.md",
    "repeated_field.md",
    "response_schema.txt",
    "silent_page.md",
];

/// What says nothing about the API, whatever stands in it.
const SILENT: [&str; 2] = ["front matter", "comment"];

#[test]
fn a_line_too_many_never_vanishes() {
    let mut read = 0_usize;
    let mut vanished = Vec::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for dialect in Dialect::ALL {
        let pages = fs::read_dir(fixtures.join(dialect.name())).expect("a folder for each dialect");
        for path in pages.map(|entry| entry.expect("an entry").path()) {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("fixtures are UTF-8");
            let starts: Vec<usize> =
                text.split_inclusive('\n').scan(0, |at, line| Some(std::mem::replace(at, *at + line.len()))).collect();
            for (index, &start) in
                starts.iter().enumerate().filter(|_| !name.starts_with("err_") && !NOT_CARRIED.contains(&name.as_str()))
            {
                let line = LINES[(index + name.len()) % LINES.len()];
                let (before, behind) = text.split_at(start);
                let document = Document::new(0, name.as_str(), format!("{before}{line}\n{behind}"));
                if let Some(place) = vanishes(dialect, &document) {
                    vanished.push(format!("{}/{place} {line:?}", dialect.name()));
                }
                read += 1;
            }
        }
    }
    assert!(read > 1000, "{read} pages were read");
    assert!(vanished.is_empty(), "{} of {read} vanish:\n{}", vanished.len(), vanished.join("\n"));
}

/// Where the line stands, if nothing is left of it.
fn vanishes(dialect: Dialect, document: &Document) -> Option<String> {
    let page = resolve::read(dialect, document, &options(dialect));
    let at = document.text.find(WORD).expect("the word stands in the page");
    let span = document.line_at(u32::try_from(at).expect("pages are short")).span;
    let silent = || page.ledger.boilerplate_spans().iter().any(|(of, rule)| SILENT.contains(rule) && of.meets(span));
    let told = !page.diagnostics.is_empty()
        || format!("{:?}", page.api).contains(WORD)
        || page.findings.iter().any(|finding| finding.text.contains(WORD) || finding.spans.iter().any(|of| of.meets(span)))
        || silent();
    (!told).then(|| document.source(span))
}
