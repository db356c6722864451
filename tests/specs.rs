//! The committed specifications: valid by a validator of others, traceable node by node, and told as outlines.

use std::collections::BTreeSet;

use roas::{
    v3_0::spec::Spec,
    validation::{Options, Validate as _},
};
use xtask::{document::Document, nodes};

use crate::support::{specification, workspace};

fn reviewed() -> impl Iterator<Item = (String, serde_json::Value)> {
    workspace::specifications().into_iter().filter(|(vendor, _)| workspace::reviewed(vendor))
}

#[test]
fn outlines_are_as_reviewed() {
    for (vendor, value) in reviewed() {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("outline_{vendor}"), specification::outline(&value));
        });
    }
}

#[test]
fn contradictions_and_decisions_are_as_reviewed() {
    for (vendor, _) in reviewed() {
        let path = workspace::root().join(format!("specs/{vendor}/findings.md"));
        let text = std::fs::read_to_string(path).expect("findings are committed");
        let decided: String =
            text.split("\n## ").filter(|part| part.starts_with("Contradictions") || part.starts_with("Names")).collect();
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("decisions_{vendor}"), decided);
        });
    }
}

/// The validator's regular expressions know no look-around; OpenAPI's are those of ECMA-262, which do.
const LOOK_AROUND: &str = "look-around, including look-ahead and look-behind, is not supported";

#[test]
fn a_validator_of_others_has_no_complaint() {
    for (vendor, value) in workspace::specifications() {
        let spec: Spec = serde_json::from_value(value).unwrap_or_else(|error| panic!("{vendor}: {error}"));
        let Err(error) = spec.validate(Options::new(), None) else { continue };
        let complaints: Vec<_> = error.errors.iter().filter(|error| !error.message.contains(LOOK_AROUND)).collect();
        assert!(complaints.is_empty(), "{vendor}: {complaints:#?}");
    }
}

#[test]
fn every_node_has_a_place_that_exists() {
    for (vendor, value) in workspace::specifications() {
        let loaded = xtask::vendor::load(&workspace::root(), &vendor).expect("committed vendors load");
        let files: Vec<&Document> = loaded.sources().collect();
        nodes::visit(&value, |pointer, kind, node| {
            let places = nodes::sources(node);
            assert!(!places.is_empty(), "{vendor}: the {} at {pointer} has no x-source", kind.name());
            for place in places {
                assert!(
                    files.iter().any(|file| file.find(&place).is_some()),
                    "{vendor}: {pointer} comes from {place}, which is nowhere"
                );
            }
        });
    }
}

#[test]
fn whatever_is_not_the_documents_word_stands_in_the_findings() {
    for (vendor, value) in workspace::specifications() {
        let path = workspace::root().join(format!("specs/{vendor}/findings.md"));
        let findings = std::fs::read_to_string(path).expect("findings are committed");
        let listed: BTreeSet<&str> = findings.lines().filter_map(|line| line.strip_prefix("  - `")?.split('`').next()).collect();
        nodes::visit(&value, |pointer, _, node| {
            if node.contains_key("x-basis") {
                assert!(node.contains_key("x-reason"), "{vendor}: {pointer} has a basis and no reason");
                assert!(listed.contains(pointer.as_str()), "{vendor}: {pointer} is not in findings.md");
            }
        });
    }
}
