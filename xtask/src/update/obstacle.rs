//! What stands in the way of a newer document.
//!
//! Input: a problem and what it is a problem of. Output: the same as text, as data, and as an annotation. Knows nothing of how it
//! was found.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    failure::Problem,
    output::{self, Annotation},
};

/// What no longer fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObstacleKind {
    /// An overlay action whose correction the document has by now.
    Obsolete,
    /// An overlay action whose target or expected value is another one.
    Correction,
    /// An entry of the manifest.
    Manifest,
    /// The client crate, which cannot be made.
    Client,
}

impl ObstacleKind {
    const ALL: [Self; 4] = [Self::Obsolete, Self::Correction, Self::Manifest, Self::Client];

    fn head(self) -> &'static str {
        match self {
            Self::Obsolete => "Overlay actions that are obsolete",
            Self::Correction => "Overlay actions that no longer fit",
            Self::Manifest => "Entries of the manifest that no longer fit",
            Self::Client => "What keeps the client from being made",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Obsolete => "obsolete-correction",
            Self::Correction => "correction",
            Self::Manifest => "manifest",
            Self::Client => "client",
        }
    }
}

/// One thing that must be mended first.
#[derive(Clone, Debug)]
pub(super) struct Obstacle {
    kind: ObstacleKind,
    problem: Problem,
    head: String,
}

impl Obstacle {
    pub(super) fn new(kind: ObstacleKind, problem: &Problem) -> Self {
        Self { kind, problem: problem.clone(), head: String::new() }
    }

    /// The same with a line above it.
    pub(super) fn headed(self, head: &str) -> Self {
        Self { head: head.to_owned(), ..self }
    }

    pub(super) fn json(&self) -> Value {
        let mut value = output::problems(std::slice::from_ref(&self.problem)).get(0).cloned().unwrap_or_default();
        if let Some(members) = value.as_object_mut() {
            members.insert("kind".to_owned(), json!(self.kind.name()));
        }
        value
    }

    pub(super) fn annotation(&self) -> Annotation {
        output::error(&self.problem)
    }
}

/// All of them by what no longer fits.
pub(super) fn text(obstacles: &[Obstacle]) -> String {
    let mut text = String::new();
    for kind in ObstacleKind::ALL {
        let own: Vec<&Obstacle> = obstacles.iter().filter(|obstacle| obstacle.kind == kind).collect();
        if !own.is_empty() {
            let _ = write!(text, "\n{}\n", kind.head());
        }
        for Obstacle { head, problem, .. } in own {
            for line in format!("{head}{problem}").lines() {
                let _ = writeln!(text, "{}", format!("  {line}").trim_end());
            }
        }
    }
    text
}
