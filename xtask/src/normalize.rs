//! The copy of a specification that the generator can carry.
//!
//! Input: a specification as JSON, OpenAPI 3.0. Output: the same API in the few forms that progenitor carries without
//! loss or panic, with what the client needs beside them as `x-` members, and a line for each thing that was taken out.
//! The specification itself is never changed. Knows nothing of Rust beyond the names and types it puts in.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::{Map, Value};

mod compositions;
mod constraints;
mod hoist;
mod identifiers;
mod media_types;
pub mod naming;
mod optional;
mod parameters;
mod read_only;
mod references;
mod responses;
mod rust_types;
mod text;
pub(crate) mod walk;

/// The copy, and what it lost on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalized {
    /// OpenAPI 3.0 with the members that the passes describe.
    pub document: Value,
    /// What the client cannot carry.
    pub losses: Vec<Loss>,
}

/// Something that the specification says and the client does not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// JSON pointer into the specification.
    pub pointer: String,
    /// What was left out, and by which rule.
    pub text: String,
    /// The places in the documents that say it (`x-source`).
    pub sources: Vec<String>,
}

/// A rule that was applied to a node on its way to Rust.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Rule {
    /// The pass, such as `identifiers`.
    pub rule: String,
    /// What it did.
    pub text: String,
}

/// The rules that the passes noted at a node of the copy, in their order.
pub(crate) fn rules(node: &Value) -> Vec<Rule> {
    let noted = node.get(RULES).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let rules = noted.filter_map(|line| line.split_once(": "));
    rules.map(|(rule, text)| Rule { rule: rule.to_owned(), text: text.to_owned() }).collect()
}

/// Where a node of the copy keeps its rules.
const RULES: &str = "x-rules";

/// Notes that the pass called `rule` did something to the node with these members.
fn note(members: &mut Map<String, Value>, rule: &str, text: impl fmt::Display) {
    let line = Value::String(format!("{rule}: {text}"));
    match members.get_mut(RULES) {
        Some(Value::Array(lines)) => lines.push(line),
        _ => drop(members.insert(RULES.to_owned(), Value::Array(vec![line]))),
    }
}

/// Why there can be no client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer into the specification.
    pub pointer: String,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(formatter, "{place}: {}\n  = help: {}", self.message, self.help)
    }
}

impl std::error::Error for Problem {}

impl Problem {
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into(), help: help.into() }
    }
}

/// What the passes report while they work.
#[derive(Debug, Default)]
pub struct Log {
    /// What was taken out.
    pub losses: Vec<Loss>,
    /// What stops the run.
    pub problems: Vec<Problem>,
}

impl Log {
    /// Notes that `node` at `pointer` (or a part of it) is not carried.
    fn loss(&mut self, pointer: impl fmt::Display, node: &Value, text: impl Into<String>) {
        self.losses.push(Loss { pointer: pointer.to_string(), text: text.into(), sources: sources(node) });
    }

    fn problem(&mut self, pointer: impl fmt::Display, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(pointer.to_string(), message, help));
    }
}

/// Names that a vendor's manifest gives to properties, parameters and operations: wire name to Rust name.
pub type Names = BTreeMap<String, String>;

/// One step: changes the document, reports to the log.
pub type Pass = fn(&mut Value, &Names, &mut Log);

/// Every pass under the name of its tests, in the order in which they must run.
pub const PASSES: [(&str, Pass); 12] = [
    ("references", references::pass),
    ("media_types", media_types::pass),
    ("responses", responses::pass),
    ("parameters", parameters::pass),
    ("read_only", read_only::pass),
    ("text", text::pass),
    ("compositions", compositions::pass),
    ("hoist", hoist::pass),
    ("constraints", constraints::pass),
    ("identifiers", identifiers::pass),
    ("optional", optional::pass),
    ("rust_types", rust_types::pass),
];

/// Makes the copy.
///
/// # Errors
///
/// Everything that keeps a client from being made, each with its place in the specification.
pub fn normalize(specification: &Value, names: &Names) -> Result<Normalized, Vec<Problem>> {
    let mut document = copy(specification);
    let mut log = Log::default();
    for (_, pass) in PASSES {
        pass(&mut document, names, &mut log);
        // A pass may rely on what the one before has checked.
        if !log.problems.is_empty() {
            return Err(log.problems);
        }
    }
    Ok(Normalized { document, losses: log.losses })
}

/// The specification without what no pass reads and nothing is made of: why something is so, and all samples but those of
/// requests, which an example of the client shows.
fn copy(specification: &Value) -> Value {
    let kept = |name: &str, within: Option<&str>| match name {
        "x-sample" | "x-default" | "x-collapsed" | "x-reason" => false,
        "example" | "examples" => within != Some("responses"),
        _ => true,
    };
    walk::copy(specification, None, &kept)
}

/// The places that `x-source` names, whether one or a list.
pub(crate) fn sources(node: &Value) -> Vec<String> {
    node.as_object().map(crate::nodes::sources).unwrap_or_default()
}
