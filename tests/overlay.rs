//! Overlays on a small specification: `fixtures/overlay/<case>/{spec.json,overlay.yaml}` applied, and told as what was
//! changed or as what is wrong. A case that starts with `err_` must be refused; every other one must be applied.

#![allow(clippy::expect_used, reason = "a helper that cannot go on says why, as a test does")]

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use xtask::{
    diagnostic::Diagnostic,
    document::Document,
    lint, nodes,
    overlay::{self, Applied},
};

#[test]
fn overlays() {
    insta::glob!("fixtures/overlay/*/overlay.yaml", |path| {
        let folder = path.parent().expect("a glob gives files in folders");
        let text = fs::read_to_string(path).expect("fixtures are UTF-8");
        let specification = fs::read_to_string(folder.join("spec.json")).expect("each case has a specification");
        let specification: Value = serde_json::from_str(&specification).expect("specifications are JSON");
        let (document, result) = apply(&text, specification.clone());
        let refused = name(folder).starts_with("err_");
        assert_eq!(refused, result.is_err(), "refused or not, against the name: {result:#?}");
        let told = match result {
            Ok(applied) => changes(&specification, &applied, &document),
            Err(problems) => problems.iter().map(|problem| problem.render(&document)).collect::<Vec<_>>().join("\n"),
        };
        let snapshot = name(folder);
        insta::with_settings!({ omit_expression => true, snapshot_suffix => snapshot }, { insta::assert_snapshot!("overlay", told) });
    });
}

fn name(folder: &Path) -> String {
    folder.file_name().expect("cases have names").to_string_lossy().into_owned()
}

fn apply(text: &str, specification: Value) -> (Document, Result<Applied, Vec<Diagnostic>>) {
    let pages = [Document::new(0, "docs/pets.txt", "line\n".repeat(9))];
    let document = Document::verbatim(1, "overlay.yaml", text.to_owned());
    let result = overlay::apply(std::slice::from_ref(&document), &pages, specification);
    (document, result)
}

/// The difference that the overlay makes to the specification as text, and what is told of each action.
fn changes(before: &Value, applied: &Applied, document: &Document) -> String {
    let pretty = |value| serde_json::to_string_pretty(value).expect("JSON is text");
    let (before, after) = (pretty(before), pretty(&applied.specification));
    let mut text = similar::TextDiff::from_lines(&before, &after).unified_diff().context_radius(2).to_string();
    for correction in &applied.corrections {
        let finding = correction.finding();
        let _ = writeln!(text, "\n{} {}: {}", document.source(correction.span), finding.subject, finding.text);
        for change in &correction.changes {
            let shown = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
            let _ = writeln!(text, "  {}: {} -> {}", change.pointer, shown(&change.before), shown(&change.after));
        }
    }
    text
}

/// Wraps an action so that only what it says about `update` and `target` matters.
fn action(target: &str, update: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{ title: T, version: 1.0.0 }}\nactions:\n  - target: {target}\n    update: {update}\n    \
         x-reason: because\n    x-evidence: https://example.com/\n"
    )
}

#[test]
fn hostile_overlays_are_refused_soon() {
    let start = Instant::now();
    let deep = 10_000;
    let long = 50_000;
    let cases = [
        ("nested lists", format!("overlay: {}{}", "[".repeat(deep), "]".repeat(deep))),
        ("nested maps", format!("overlay: {}", "{a: ".repeat(deep))),
        ("nested blocks", (0..deep).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()),
        ("nested updates", action("$.info", &format!("{}1{}", "{a: ".repeat(deep), "}".repeat(deep)))),
        ("many anchors", (0..long).map(|index| format!("- &a{index} x\n")).collect()),
        ("one key again and again", "a: 1\n".repeat(long)),
        ("an unclosed quote", format!("overlay: \"{}", "x\n".repeat(long))),
        ("many dashes", "- ".repeat(long)),
        ("many question marks", "? ".repeat(long)),
        ("a long path", action(&format!("$.{}", "a.".repeat(long)), "{ x-a: 1 }")),
        ("a nested filter", action(&format!("\"$[{}@{}]\"", "?(".repeat(deep), ")".repeat(deep)), "{ x-a: 1 }")),
        ("nested functions", action(&format!("\"$[?{}@{}]\"", "length(".repeat(deep), ")".repeat(deep)), "{ x-a: 1 }")),
        ("recursion", action("$..*..*..*..*", "{ x-a: 1 }")),
        ("selection of everything", action("$..*", "{ x-a: 1 }")),
        ("a byte order mark alone", "\u{feff}".to_owned()),
    ];
    for (what, text) in cases {
        let (document, result) = apply(&text, json!({ "info": { "title": "T" } }));
        let problems = result.expect_err(what);
        for problem in problems {
            assert!(problem.render(&document).len() < 2000, "{what}: a message that nobody reads");
        }
    }
    assert!(start.elapsed() < Duration::from_secs(20), "this took {:?}", start.elapsed());
}

#[test]
fn overlays_cut_anywhere_or_with_odd_characters_never_panic() {
    let text = "\u{feff}overlay: 1.0.0\r\ninfo: { title: \"é\u{202e}*/\", version: '1' }\r\nactions:\r\n  - target: $.info\r\n    \
                update: { description: >-\r\n      folded\r\n      text }\r\n    x-expect: { title: T }\r\n    x-reason: because\r\n    \
                x-evidence: https://example.com/\r\n";
    for (at, _) in text.char_indices() {
        for middle in ["", "\0", "\r", "&a ", "*a", "\u{2028}", "\t", "- ", "{", "\"", "!!x ", "%YAML 9\n", "...\n", "---\n"] {
            let (head, tail) = text.split_at(at);
            for text in [format!("{head}{middle}"), format!("{head}{middle}{tail}")] {
                let (document, result) = apply(&text, json!({ "info": { "title": "T" } }));
                for problem in result.err().unwrap_or_default() {
                    assert!(!problem.render(&document).is_empty());
                }
            }
        }
    }
}

#[test]
fn actions_cannot_multiply_without_end() {
    let one = |index: usize| {
        format!(
            "  - target: $..[?@.y]\n    update: {{ x-{index}-a: {{ y: 1 }}, x-{index}-b: {{ y: 1 }} }}\n    x-reason: r{index}\n    x-evidence: https://e.com/\n"
        )
    };
    let text =
        format!("overlay: 1.0.0\ninfo: {{ title: T, version: 1.0.0 }}\nactions:\n{}", (0..40).map(one).collect::<String>());
    let (_, result) = apply(&text, json!({ "info": { "y": 1 } }));
    let problems = result.expect_err("each action triples what the next one selects");
    assert!(problems.iter().any(|problem| problem.message.contains("more than")), "{problems:#?}");
}

#[test]
fn the_walker_knows_every_node_of_openapi() {
    let specification = fixture("nodes.json");
    let mut told = String::new();
    nodes::visit(&specification, |pointer, kind, _| {
        let _ = writeln!(told, "{} {pointer}", kind.name());
    });
    nodes::references(&specification, |pointer, target, _| {
        let _ = writeln!(told, "{pointer} -> {target}");
    });
    insta::assert_snapshot!(told);
}

#[test]
fn the_mutable_walk_meets_the_same_nodes() {
    let mut specification = fixture("nodes.json");
    nodes::visit_mut(&mut specification, |_, _, object| {
        object.insert("x-seen".to_owned(), Value::Bool(true));
    });
    let (mut seen, mut all) = (0, 0);
    nodes::visit(&specification, |_, _, object| {
        all += 1;
        seen += usize::from(object.contains_key("x-seen"));
    });
    assert_eq!(seen, all);
}

#[test]
fn lints_see_what_validators_do_not() {
    let specification = fixture("lints.json");
    let told: String = lint::check(&specification).iter().map(|complaint| format!("{complaint}\n")).collect();
    insta::assert_snapshot!(told);
}

fn fixture(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    serde_json::from_str(&fs::read_to_string(path).expect("the fixture is there")).expect("the fixture is JSON")
}
