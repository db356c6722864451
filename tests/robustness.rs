//! Documents that are cut, shuffled or hostile: an error or a whole reading, never a panic and never silence.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::{fs, path::Path, time::Duration};

use xtask::{dialect::Dialect, document::Document, resolve};

use crate::support::{
    clock::time,
    render::{options, renderer},
};

/// Of all places in a document every so many are tried, other ones in each document; the fuzz targets try the rest.
const STEP: usize = 5;

#[test]
fn a_document_that_is_cut_anywhere_is_refused_or_read_whole() {
    for (number, (dialect, text)) in fixtures().into_iter().enumerate() {
        for (at, _) in text.char_indices().skip(number % STEP).step_by(STEP) {
            check(dialect, &text[..at]);
            check(dialect, &text[at..]);
        }
    }
}

#[test]
fn a_document_whose_lines_or_words_are_shuffled_is_refused_or_read_whole() {
    for (dialect, text) in fixtures() {
        for seed in 0..8 {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            shuffle(&mut lines, seed);
            check(dialect, &lines.concat());
            let mut words: Vec<&str> = text.split_inclusive(' ').collect();
            shuffle(&mut words, seed);
            check(dialect, &words.concat());
            check(dialect, &text.replace('\n', "\r\n"));
            check(dialect, &text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

#[test]
fn a_document_with_hostile_text_in_it_is_refused_or_read_whole() {
    const HOSTILE: [&str; 22] = [
        "*/ #![x] ```",
        "\u{202e}",
        "\u{0}",
        "\u{feff}",
        "- `",
        "- `x` (",
        "## ",
        "# ",
        "Enum: \"",
        "Example: [[[[",
        "{",
        "[ items [ items [",
        "`}])>",
        "Security",
        "\r",
        "post/",
        "| a | b |",
        "NameDescriptionTypeAdditional information\n",
        "None.\n",
        "application/json\n",
        "```http\n",
        "---\n",
    ];
    for (number, (dialect, text)) in fixtures().into_iter().enumerate() {
        for (index, (at, _)) in text.char_indices().enumerate().skip(number % STEP).step_by(STEP) {
            let hostile = HOSTILE[index % HOSTILE.len()];
            check(dialect, &format!("{}{hostile}{}", &text[..at], &text[at..]));
        }
    }
}

/// Eight times the text may take three times eight times as long; what grows with the square takes 64 times as long.
#[test]
fn time_grows_with_the_length_of_a_document_and_not_faster() {
    const LENGTH: usize = 10_000;
    let bodies = [
        ("# A\n\nEndpoint: GET /a\n\n## Query parameters:\n\n", "  - `a` (string)\n    Text: Example: 1\n\n"),
        ("# A\n\nEndpoint: GET /a\n\n## Query parameters:\n\n  - `a` (array)\n    ", "Example: [1, "),
        ("# A\n\nEndpoint: GET /a\n\n## Query parameters:\n\n  - `a` (array)\n    ", "Enum: \"a\", \"b\" "),
        ("# A ", "Endpoint: GET /a "),
        ("# A Endpoint: GET /a ", "# B Endpoint: GET /b "),
        ("# A Endpoint: GET /a ## Query parameters: ", "- `a.b.c.d` (object) "),
        ("# A Endpoint: GET /a ", "## Response 200 fields "),
        ("# ", "A b "),
        ("A\n\nRequest\nquery Parameters\n", "a\nstring\n\nText\n\n"),
        ("A\n\nRequest\nquery Parameters\na\nstring\nEnum: ", "\"a\" "),
        ("A\n\nRequest\nquery Parameters\na\n", "required\n"),
        ("A\n\nRequest\nquery Parameters\na\nstring ", "[ items ( "),
        ("", "Security\n"),
        ("A\n\nRequest\nResponses\n", "200\n\nOK\n\n"),
        ("", "A\n\nRequest\nResponses\nget/a\nRequest samples\n{}\n\n"),
        ("A\n\nResponses\n200\nget/a\nResponse samples\n", "{ \"a\": [ "),
        (
            "GET a\n\nRequest Information\n\nBody Parameters\n\nA\nNameDescriptionTypeAdditional information\n",
            "a\n\nstring\n\nNone.\n\n",
        ),
        ("GET a\n\nRequest Information\n\nBody Parameters\n\nA\nNameDescriptionTypeAdditional information\na\n", "string\n"),
        ("GET a\nBody Parameters\nA| Name | Description | Type | Additional information |\n", "| a | b | "),
        ("GET a\nRequest Formats\n", "application/json\nSample:\n{}\n"),
        ("GET a\nResource Description\n", "Collection of "),
        ("GET a?", "a={a}&"),
        ("GET a/", "{a}/"),
        ("GET a\nResponse Formats\napplication/xml\nSample:\n", "<a>"),
        ("GET a\nResponse Formats\napplication/json\nSample:\n", "[{\"a\":"),
        ("```http\nGET /a\n```\n", "| Path Part | Type | Description |\n|--|--|--|\n| a | string | b |\n"),
        ("```http\nGET /a\n```\n| Path Part | Type | Description |\n|--|--|--|\n", "| a | string | b\n"),
        ("```http\nGET /a\n```\n## Response:\n| Property Name | Type | Description |\n|--|--|--|\n", "| a | string | <para> |\n"),
        ("```http\nGET /a\n```\n", "## Request Body: a\n"),
        ("```http\nGET /a\n```\n", "a < { & "),
        ("```http\nGET /a\n```\n", "```\n"),
        ("```http\nGET /a\n```\n## Sample response\n```http_\nHTTP/1.1 200 OK\n\n", "[{\"a\":"),
        ("```http\nGET /a", "/{a}"),
        ("| a ", "| \\"),
    ];
    for (head, body) in bodies {
        let text = |length: usize| format!("{head}{}", body.repeat(length / body.len()));
        let (short, long) = (text(LENGTH), text(LENGTH * 8));
        for dialect in Dialect::ALL {
            // A busy machine holds a run up, but not each of three.
            let mut runs = (0..3).map(|_| (time(|| check(dialect, &short)), time(|| check(dialect, &long))));
            let mut slow = Vec::new();
            let is_linear = runs.any(|(before, after)| {
                slow.push((before, after));
                after < before * 24 + SLACK
            });
            assert!(is_linear, "{dialect:?} took {slow:?} for a page and 8 times as much of {body:?}");
        }
    }
}

/// Ten megabytes; a tenth of it where the code is not optimized.
#[test]
fn a_large_page_is_read_in_seconds() {
    let length = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
    let large = |dialect| renderer(dialect).large.iter().map(move |(head, row)| (dialect, *head, *row));
    for (dialect, head, row) in Dialect::ALL.into_iter().flat_map(large) {
        let mut text = head.to_owned();
        for number in 0..length / row.len() {
            text += &row.replace('§', &number.to_string());
        }
        let document = Document::new(0, "large", text);
        let mut page = None;
        let took = time(|| page = Some(resolve::read(dialect, &document, &options(dialect))));
        let page = page.expect("it was read");
        assert!(page.diagnostics.is_empty(), "{dialect:?}: {}", page.diagnostics[0].render(&document));
        assert!(took < Duration::from_secs(5), "{dialect:?} took {took:?} for {} bytes", document.text.len());
    }
}

/// What a short text may take beyond its share; clocks are coarse.
const SLACK: Duration = Duration::from_millis(40);

fn check(dialect: Dialect, text: &str) {
    let document = Document::new(0, "cut", text.to_owned());
    let page = resolve::read(dialect, &document, &options(dialect));
    let (claimed, all) = page.ledger.accounted(&document);
    assert!(claimed == all || !page.diagnostics.is_empty(), "{claimed} of {all} in {text:?}");
    for diagnostic in page.diagnostics.iter().take(3) {
        assert!(!diagnostic.render(&document).is_empty());
    }
}

/// Every fixture with the dialect whose folder it stands in.
fn fixtures() -> Vec<(Dialect, String)> {
    let mut fixtures = Vec::new();
    for dialect in Dialect::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(dialect.name());
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("the folder can be listed").path();
            fixtures.push((dialect, fs::read_to_string(path).expect("fixtures are UTF-8")));
        }
    }
    fixtures
}

/// The same order for the same seed, on every machine.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
    for last in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        items.swap(last, usize::try_from(state % (last as u64 + 1)).expect("an index"));
    }
}
