//! OpenAPI Overlay 1.0.0, strict.
//!
//! Takes a vendor's overlays in their order, the documents that they may cite, and a specification as JSON. Returns the
//! corrected specification and the list of its corrections, or everything that is wrong with the overlays, with its places.
//! Corrections die when they are no longer needed: an action that selects nothing, changes nothing, replaces something
//! else than it says, or brings an operation or a component that is there by now is an error. Knows nothing of vendors,
//! dialects or Rust.
//!
//! Beyond the Overlay Specification an action has `x-reason` (why, one sentence), `x-evidence` (an address or a place
//! in a document, or a list of them), `x-confidence: weak` (no page of the vendor confirms it; the reason says what it
//! rests on) and `x-expect` (what the target says before; of objects only the members that matter), which must be there
//! when something is replaced or removed. The nodes that an action adds or changes say so in `x-source`, `x-basis`,
//! `x-reason` and `x-confidence`.

use std::collections::HashSet;

use serde_json::Value;

use self::{action::Action, yaml::Content};
use crate::{
    diagnostic::Diagnostic,
    document::{Document, Span},
    finding::{Finding, FindingKind},
    nodes::Pointer,
};

mod action;
mod brought;
mod merge;
mod provenance;
mod target;
pub mod yaml;

/// A specification after its corrections.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The specification.
    pub specification: Value,
    /// What was corrected, in the order of the overlay.
    pub corrections: Vec<Correction>,
}

/// What one action did.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The action in the overlay.
    pub span: Span,
    /// What it selects, as written.
    pub target: String,
    /// What its author says that it does.
    pub description: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// Where that can be checked.
    pub evidence: Vec<String>,
    /// No page of the vendor confirms it.
    pub weak: bool,
    /// Everything that it changed.
    pub changes: Vec<Change>,
}

/// One value that an action added, replaced or removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where it stood or stands; in a list that another action shortened, where it stood at that time.
    pub pointer: Pointer,
    /// What stood there; `None` where it was added.
    pub before: Option<Value>,
    /// What stands there; `None` where it was removed.
    pub after: Option<Value>,
}

impl Correction {
    /// The same for `findings.md`.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let said = self.description.as_deref().map(|text| format!("{} ", ended(text))).unwrap_or_default();
        let evidence = if self.weak { "Weak evidence" } else { "Evidence" };
        let text = format!("{said}{} {evidence}: {}.", ended(&self.reason), self.evidence.join(", "));
        Finding::new(FindingKind::Correction, format!("`{}`", self.target), text, vec![self.span])
    }
}

/// The sentence with a full stop.
fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// JSON readers stop at a nesting of 128.
const MAX_DEPTH: usize = 100;

/// Values that all actions together may add: actions that select what earlier ones added can multiply it.
const MAX_ADDED: usize = 200_000;

/// Applies the actions of `overlays` to `specification`, one after the other. `documents` are what their evidence may cite.
///
/// # Errors
/// Everything that is wrong, each with its place in an overlay. An action is tried although an earlier one failed.
pub fn apply(overlays: &[Document], documents: &[Document], specification: Value) -> Result<Applied, Vec<Diagnostic>> {
    let (applied, misfits) = apply_each(overlays, documents, specification)?;
    if misfits.is_empty() { Ok(applied) } else { Err(misfits.into_iter().map(|misfit| misfit.problem).collect()) }
}

/// An action that could not be carried out.
#[derive(Clone, Debug)]
pub struct Misfit {
    /// The action in the overlay.
    pub span: Span,
    /// What it selects, as written.
    pub target: String,
    /// The specification says without it what it would say with it.
    pub obsolete: bool,
    /// Why, and what to do.
    pub problem: Diagnostic,
}

/// As [`apply`], and an action that does not fit is left out and told beside the result.
///
/// # Errors
/// What is wrong with the overlays themselves, whatever they are applied to.
pub fn apply_each(
    overlays: &[Document],
    documents: &[Document],
    mut specification: Value,
) -> Result<(Applied, Vec<Misfit>), Vec<Diagnostic>> {
    let actions = actions(overlays, documents)?;
    let mut corrections = Vec::new();
    let mut misfits = Vec::new();
    let mut budget = MAX_ADDED;
    for (overlay, action) in actions {
        let source = overlay.source(action.span);
        match run(&action, &source, &mut specification, &mut budget) {
            Ok(changes) => {
                corrections.push(Correction {
                    span: action.span,
                    target: action.target.text().to_owned(),
                    description: action.description,
                    reason: action.reason,
                    evidence: action.evidence,
                    weak: action.weak,
                    changes,
                });
            }
            Err(problem) => {
                let (span, target) = (action.span, action.target.text().to_owned());
                let obsolete = budget > 0 && is_obsolete(&action, &specification);
                misfits.push(Misfit { span, target, obsolete, problem });
            }
        }
        if budget == 0 {
            break;
        }
    }
    Ok((Applied { specification, corrections }, misfits))
}

/// The actions of all overlays, each with the one that it stands in.
fn actions<'a>(overlays: &'a [Document], documents: &[Document]) -> Result<Vec<(&'a Document, Action)>, Vec<Diagnostic>> {
    let mut actions = Vec::new();
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for overlay in overlays {
        let read = yaml::parse(overlay).map_err(|problem| vec![problem]);
        match read.and_then(|root| action::read(&root, documents, &mut seen)) {
            Ok(read) => actions.extend(read.into_iter().map(|action| (overlay, action))),
            Err(mut wrong) => problems.append(&mut wrong),
        }
    }
    if problems.is_empty() { Ok(actions) } else { Err(problems) }
}

/// Whether everything that the action would say is said already, or what it brings whole is there.
fn is_obsolete(action: &Action, specification: &Value) -> bool {
    let action::Change::Update(update) = &action.change else { return action.target.find(specification).is_empty() };
    let targets = action.target.find(specification);
    if action.expect.is_none() && targets.iter().any(|target| brought::present(specification, target, update).is_some()) {
        return true;
    }
    !targets.is_empty()
        && targets.iter().all(|pointer| {
            let Some(mut value) = specification.pointer(pointer.as_str()).cloned() else { return false };
            let mut changes = Vec::new();
            merge::update(&mut value, update, None, pointer, &mut changes).is_ok() && changes.is_empty()
        })
}

fn run(action: &Action, source: &str, specification: &mut Value, budget: &mut usize) -> Result<Vec<Change>, Diagnostic> {
    let targets = action.target.find(specification);
    if targets.is_empty() {
        return Err(Diagnostic::new(
            action.target_span,
            format!("this selects nothing: {}", action.target.dead_end(specification)),
            "mend the path; if the documents have changed so that the correction is not needed, delete the action",
        ));
    }
    if let Some(expect) = &action.expect {
        for pointer in &targets {
            let value = specification.pointer(pointer.as_str()).unwrap_or(&Value::Null);
            merge::verify(value, expect, pointer)?;
        }
    }
    match &action.change {
        action::Change::Remove(span) => {
            let changes = removals(action, *span, targets, specification)?;
            provenance::mark(specification, &changes, source, action);
            // The last one first, so that the positions of the others still hold.
            changes.iter().rev().for_each(|change| take_out(specification, &change.pointer));
            Ok(changes)
        }
        action::Change::Update(update) => {
            let (size, depth) = measure(update);
            let deepest = targets.iter().map(Pointer::depth).max().unwrap_or(0);
            *budget = budget.saturating_sub(size.saturating_mul(targets.len()));
            if deepest + depth > MAX_DEPTH || *budget == 0 {
                let message =
                    format!("the actions together nest deeper than {MAX_DEPTH} levels or add more than {MAX_ADDED} values");
                return Err(Diagnostic::new(update.span, message, "select less, or name a component and refer to it"));
            }
            if action.expect.is_none()
                && let Some(present) = targets.iter().find_map(|target| brought::present(specification, target, update))
            {
                return Err(present.problem());
            }
            let mut changes = Vec::new();
            let outcome = targets.iter().try_for_each(|pointer| match specification.pointer_mut(pointer.as_str()) {
                Some(value) => merge::update(value, update, action.expect.as_ref(), pointer, &mut changes),
                None => Ok(()),
            });
            if let Err(problem) = outcome {
                undo(specification, &changes);
                return Err(problem);
            }
            if changes.is_empty() {
                let message = "this changes nothing: the specification says it already";
                return Err(Diagnostic::new(update.span, message, "delete the action, it is no longer needed"));
            }
            provenance::mark(specification, &changes, source, action);
            Ok(changes)
        }
    }
}

/// What is to be taken out, in the order of the document.
fn removals(action: &Action, span: Span, targets: Vec<Pointer>, specification: &Value) -> Result<Vec<Change>, Diagnostic> {
    let at = |pointer: &Pointer| specification.pointer(pointer.as_str());
    if action.expect.is_none() {
        let found = targets.first().and_then(at).map(merge::shown).unwrap_or_default();
        let message = format!("this removes {found}, and the action has no `x-expect`");
        return Err(Diagnostic::new(
            span,
            message,
            "say under `x-expect` what is removed; of an object, the members that matter",
        ));
    }
    let mut targets: Vec<(Vec<Step>, Pointer)> = targets.into_iter().map(|pointer| (steps(&pointer), pointer)).collect();
    targets.sort();
    let mut changes: Vec<Change> = Vec::new();
    for (_, pointer) in targets {
        let Some((parent, _)) = pointer.split() else {
            return Err(Diagnostic::new(action.target_span, "the whole document cannot be removed", "select a part of it"));
        };
        // What is inside another target goes with it.
        if changes.last().is_some_and(|last| pointer.is_within(&last.pointer)) {
            continue;
        }
        let before = at(&pointer).cloned();
        let plain = before.as_ref().is_some_and(|value| !value.is_object() && !value.is_array());
        if plain && at(&parent).is_some_and(Value::is_array) {
            let message = format!("the target at {pointer} is a plain entry of a list");
            return Err(Diagnostic::new(action.target_span, message, "remove the whole list, then add the new one"));
        }
        changes.push(Change { pointer, before, after: None });
    }
    Ok(changes)
}

/// Takes back what an update had done before it failed.
fn undo(specification: &mut Value, changes: &[Change]) {
    for Change { pointer, before, .. } in changes.iter().rev() {
        match (before, specification.pointer_mut(pointer.as_str())) {
            (Some(before), Some(value)) => value.clone_from(before),
            _ => take_out(specification, pointer),
        }
    }
}

fn take_out(specification: &mut Value, pointer: &Pointer) {
    let Some((parent, name)) = pointer.split() else { return };
    match specification.pointer_mut(parent.as_str()) {
        Some(Value::Object(object)) => {
            object.shift_remove(&name);
        }
        Some(Value::Array(array)) => {
            if let Some(index) = name.parse().ok().filter(|&index: &usize| index < array.len()) {
                array.remove(index);
            }
        }
        _ => {}
    }
}

/// A step that sorts as the document does: positions in a list by number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Index(usize),
    Name(String),
}

fn steps(pointer: &Pointer) -> Vec<Step> {
    pointer.tokens().map(|token| token.parse().map_or(Step::Name(token), Step::Index)).collect()
}

/// How many values a tree has, and how deep they go.
fn measure(node: &yaml::Node) -> (usize, usize) {
    let (mut size, mut depth) = (1, 0);
    let mut add = |child| {
        let (inner, below) = measure(child);
        size += inner;
        depth = depth.max(below + 1);
    };
    match &node.kind {
        Content::Scalar(_) => {}
        Content::List(nodes) => nodes.iter().for_each(&mut add),
        Content::Map(members) => members.iter().for_each(|member| add(&member.node)),
    }
    (size, depth)
}
