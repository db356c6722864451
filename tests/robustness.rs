//! Documents that are cut, shuffled or hostile: an error or a whole reading, never a panic and never silence.

#![allow(clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "not every test uses all of it")]
mod support;

use std::{fs, path::Path, time::Instant};

use xtask::{
    dialect::{self, Dialect},
    document::Document,
};

#[test]
fn a_document_that_is_cut_anywhere_is_refused_or_read_whole() {
    for (dialect, text) in fixtures() {
        for (at, _) in text.char_indices() {
            check(dialect, &text[..at]);
            check(dialect, &text[at..]);
        }
    }
}

#[test]
fn a_document_whose_lines_or_words_are_shuffled_is_refused_or_read_whole() {
    for (dialect, text) in fixtures() {
        for seed in 0..40 {
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
    for (dialect, text) in fixtures() {
        for (index, (at, _)) in text.char_indices().enumerate() {
            let hostile = HOSTILE[index % HOSTILE.len()];
            check(dialect, &format!("{}{hostile}{}", &text[..at], &text[at..]));
        }
    }
}

#[test]
fn time_grows_with_the_length_of_a_document_and_not_faster() {
    const LENGTH: usize = 400_000;
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
        let text = format!("{head}{}", body.repeat(LENGTH / body.len()));
        for dialect in Dialect::ALL {
            let start = Instant::now();
            check(dialect, &text);
            let seconds = start.elapsed().as_secs_f64();
            assert!(seconds < 8.0, "{dialect:?} took {seconds} s for {LENGTH} bytes of {body:?}");
        }
    }
}

fn check(dialect: Dialect, text: &str) {
    let document = Document::new(0, "cut", text.to_owned());
    let page = dialect::read(dialect, &document);
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
