//! Untrusted texts stay text in everything that is made of them: `fixtures/markup/*.md` are descriptions that would
//! become code, HTML or images, `specification.json` has every place where a description stands.

use std::{collections::HashSet, fs, path::Path};

use serde_json::Value;
use xtask::{
    emit::generate,
    finding::{Finding, FindingKind},
    markup::{clean, guard, literal, unprintable},
    normalize::Names,
    report::{self, Assumptions},
    rust::ClientInput,
};

use crate::support::{clock::time, compiled, tree::put};

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/markup")
}

/// The specification with `text` in each place of a description.
fn specification(text: &str) -> Value {
    let template = fs::read_to_string(fixtures().join("specification.json")).expect("a fixture");
    let text = Value::String(text.to_owned()).to_string();
    serde_json::from_str(&template.replace("\"@text@\"", &text)).expect("JSON")
}

/// Where the files of the client that is made of `text` are more than text.
fn faults(text: &str) -> Vec<String> {
    let specification = specification(text);
    let client =
        generate(&ClientInput { vendor: "harbour", version: "0.1.0", specification: &specification, names: &Names::new() });
    let client = client.unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut faults = Vec::new();
    for (path, text) in &client.files {
        let comments: Vec<(usize, String)> = match path.rsplit('.').next() {
            Some("rs") => guard::comments(text).collect(),
            Some("md") => vec![(1, text.clone())],
            _ => Vec::new(),
        };
        for (line, comment) in comments {
            faults.extend(
                guard::faults(&comment, &client.examples)
                    .iter()
                    .map(|fault| format!("{path}:{line}: {} in {comment:?}", fault.what)),
            );
        }
    }
    faults
}

#[test]
fn no_description_becomes_code_html_or_an_image() {
    let mut files = 0;
    for entry in fs::read_dir(fixtures()).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).expect("text");
            // What an author nests it in, too.
            for text in
                [text.clone(), format!("Before.\n{text}"), format!("- item\n\n{text}"), format!("# Head\n{text}\n\n{text}")]
            {
                assert_eq!(faults(&text), Vec::<String>::new(), "{} as\n{}", path.display(), clean(&text));
                assert_eq!(clean(&clean(&text)), clean(&text), "{}", path.display());
            }
            files += 1;
        }
    }
    assert!(files > 10, "{files}");
}

/// What the compiler itself takes for tests of the documentation is no more than of a harmless text: our own examples.
#[test]
fn no_documentation_test_comes_from_a_description() {
    let mut hostile = String::from("```\npanic!(\"runs\");\n```\n\n    panic!(\"runs\");\n\n");
    for entry in fs::read_dir(fixtures()).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            hostile.push_str(&fs::read_to_string(&path).expect("text"));
            hostile.push_str("\n\n");
        }
    }
    let listed = |text: &str| {
        let specification = specification(text);
        let input = ClientInput { vendor: "harbour", version: "0.1.0", specification: &specification, names: &Names::new() };
        let client = generate(&input).unwrap_or_else(|problems| panic!("{problems:?}"));
        let package = tempfile::tempdir().expect("a folder can be made");
        for (path, text) in &client.files {
            put(package.path(), path, text);
        }
        let tests = compiled::documentation_tests(package.path(), &["rustls"]);
        // Without the temporary folder and the line.
        let name = |test: &String| {
            let (file, item) = test.split_once(" - ").unwrap_or((test, ""));
            format!("{} - {}", file.rsplit('/').next().unwrap_or(file), item.split("(line").next().unwrap_or(item))
        };
        tests.iter().map(name).collect::<Vec<_>>()
    };
    let own = listed("Harmless.");
    assert!(!own.is_empty(), "our own examples are tests");
    assert_eq!(listed(&hostile), own);
}

/// Reasons of manifests and overlays, and words of pages, stand in findings; code spans stay what they are.
#[test]
fn no_finding_becomes_code_html_or_an_image() {
    let texts = [
        "a ` <img src=x> <script>",
        "a ``` <b> ``` c ` ![i](http://x/y)",
        "``<b>`` `<i> <u>",
        "~~~ rust",
        "`x`` <b>",
        "- ```rust",
        "[a]: http://x",
    ];
    for text in texts {
        let findings = [Finding::new(FindingKind::Contradiction, text, text, Vec::new())];
        let written = report::findings("harbour", text, &Assumptions::default(), &findings, &[]);
        assert_eq!(guard::faults(&written, &HashSet::new()), [], "{written}");
    }
    let findings = [Finding::new(FindingKind::Loss, "`a<b>`", "``c` <d>`` and `<e>`", Vec::new())];
    let written = report::findings("harbour", "Harbour", &Assumptions::default(), &findings, &[]);
    assert!(written.contains("``c` <d>`` and `<e>`") && written.contains("`a<b>`"), "{written}");
}

#[test]
fn the_guard_sees_what_is_more_than_text() {
    for (text, what) in [
        ("-     panic!()", "a code block"),
        ("- ```\n  panic!()\n  ```", "a code block"),
        ("```rust\npanic!()\n```", "a code block"),
        ("```text,should_panic\npanic!()\n```", "a code block"),
        ("![x](https://example.com/x.png)", "an image"),
        ("a <b>c</b>", "HTML"),
        ("<!-- a --> <script>", "HTML"),
    ] {
        assert!(guard::faults(text, &HashSet::new()).iter().any(|fault| fault.what == what), "{text}");
    }
    for text in ["```text\npanic!()\n```", "<!-- @generated -->\n\ntext", "<https://example.com>", "a `<b>` c"] {
        assert_eq!(guard::faults(text, &HashSet::new()), [], "{text}");
    }
    assert_eq!(guard::faults("```rust\nown();\n```", &HashSet::from(["own();\n".to_owned()])), []);
}

#[test]
fn names_are_one_line_of_printable_text_and_shown_as_they_are() {
    for name in ["", " ", "a\nb", "a\u{1b}[1m", "a\u{7f}", "a\u{202e}b", "a\u{2028}b", "a\tb", "a\u{200b}b", "a\u{85}b"] {
        assert!(unprintable(name).is_some(), "{name:?}");
    }
    for name in ["2sms", "VBA Software", "Bücher & Mehr", "<b>", "日本", "a\u{a0}b"] {
        assert_eq!(unprintable(name), None, "{name}");
    }
    assert_eq!(literal("<b>*x*</b> | &lt; ![i](u) `c`"), r"\<b\>\*x\*\</b\> \| \&lt; !\[i\](u) \`c\`");
}

/// Quadratic time takes minutes for these.
#[test]
fn escaping_takes_time_in_proportion_to_the_text() {
    const SIZE: usize = 1 << 20;
    for part in
        ["`", "` ", "`a``b", "~", "[", "](", "[a](https://x", "<http://", "\\", "![", "- ```\n", "> ", "h", "| `", "*", "`` ` "]
    {
        let text = part.repeat(SIZE / part.len());
        let mut cleaned = String::new();
        let took = time(|| cleaned = clean(&text));
        assert!(!cleaned.is_empty());
        assert!(took.as_secs() < 10, "{part:?} took {took:?}");
    }
}
