//! What an overlay asks for, before it is done.
//!
//! Takes the tree of an overlay and the documents that it may cite. Returns its actions, each complete and
//! plausible in itself. Knows nothing of the specification that they will change.

use std::collections::HashSet;

use super::{
    target::Target,
    yaml::{Content, Member, Node},
};
use crate::{
    diagnostic::Diagnostic,
    document::{Document, Span},
};

/// One action.
#[derive(Clone, Debug)]
pub(super) struct Action {
    /// Where it starts.
    pub(super) span: Span,
    /// What it changes.
    pub(super) target: Target,
    pub(super) target_span: Span,
    pub(super) description: Option<String>,
    pub(super) change: Change,
    pub(super) reason: String,
    pub(super) evidence: Vec<String>,
    /// No page of the vendor confirms it.
    pub(super) weak: bool,
    /// What stands there before.
    pub(super) expect: Option<Node>,
}

/// What an action does to each thing it selects.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Update(Node),
    Remove(Span),
}

/// The one word of `x-confidence`.
pub(super) const WEAK: &str = "weak";

/// Members of nodes that say where they come from: written by the application of an overlay, never by hand.
const PROVENANCE: [&str; 4] = ["x-source", "x-basis", "x-reason", "x-confidence"];

/// Reads the actions; all that is wrong is told at once. `seen` are the actions that were read before, also elsewhere.
pub(super) fn read(root: &Node, documents: &[Document], seen: &mut HashSet<String>) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let mut reader = Reader { documents, seen, problems: Vec::new() };
    let actions = reader.overlay(root);
    if reader.problems.is_empty() { Ok(actions) } else { Err(reader.problems) }
}

struct Reader<'a> {
    documents: &'a [Document],
    seen: &'a mut HashSet<String>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::new(span, message, help));
    }

    fn overlay(&mut self, root: &Node) -> Vec<Action> {
        let known = ["overlay", "info", "extends", "actions"];
        if !self.members(root, "an overlay", &known, &["overlay", "info", "actions"]) {
            return Vec::new();
        }
        if let Some(version) = root.get("overlay")
            && version.node.as_str() != Some("1.0.0")
        {
            self.problem(version.node.span, "the overlay is not of version 1.0.0", "write `overlay: 1.0.0`");
        }
        if let Some(info) = root.get("info")
            && self.members(&info.node, "`info`", &["title", "version"], &["title", "version"])
        {
            self.text(&info.node, "title");
            self.text(&info.node, "version");
        }
        self.text(root, "extends");
        let Some(actions) = root.get("actions") else { return Vec::new() };
        match &actions.node.kind {
            Content::List(nodes) if nodes.is_empty() => {
                self.problem(actions.key_span, "there are no actions", "write one, or remove the file");
                Vec::new()
            }
            Content::List(nodes) => {
                for node in nodes {
                    if !self.seen.insert(node.to_json().to_string()) {
                        self.problem(node.span, "this action stands twice in the overlay", "keep one of the two");
                    }
                }
                nodes.iter().filter_map(|node| self.action(node)).collect()
            }
            _ => {
                let message = format!("`actions` must be a list, this is {}", actions.node.describe());
                self.problem(actions.node.span, message, "start each action with `- target:`");
                Vec::new()
            }
        }
    }

    fn action(&mut self, node: &Node) -> Option<Action> {
        const KNOWN: [&str; 8] =
            ["target", "description", "update", "remove", "x-reason", "x-evidence", "x-confidence", "x-expect"];
        if !self.members(node, "an action", &KNOWN, &["target", "x-reason", "x-evidence"]) {
            return None;
        }
        let description = self.text(node, "description").map(|(text, _)| text);
        let reason = self.reason(node);
        let evidence = node.get("x-evidence").map(|member| self.evidence(&member.node));
        let weak = self.weak(node);
        let change = self.change(node);
        let (text, target_span) = self.text(node, "target")?;
        let target = match Target::parse(&text) {
            Ok(target) => target,
            Err(message) => {
                self.problem(target_span, message, "see RFC 9535; names with a slash go in brackets: `$.paths['/users'].get`");
                return None;
            }
        };
        let expect = node.get("x-expect").map(|member| member.node.clone());
        Some(Action {
            span: node.span,
            target,
            target_span,
            description,
            change: change?,
            reason: reason?,
            evidence: evidence?,
            weak,
            expect,
        })
    }

    fn change(&mut self, node: &Node) -> Option<Change> {
        let remove = match node.get("remove") {
            None => None,
            Some(member) => match member.node.to_json().as_bool() {
                Some(remove) => remove.then_some(member.key_span),
                None => {
                    let message = format!("`remove` must be true or false, this is {}", member.node.describe());
                    self.problem(member.node.span, message, "write `remove: true`");
                    return None;
                }
            },
        };
        match (remove, node.get("update")) {
            (Some(span), None) => Some(Change::Remove(span)),
            (None, Some(member)) => self.own_members(&member.node).then(|| Change::Update(member.node.clone())),
            (Some(span), Some(_)) => {
                self.problem(span, "an action either removes or updates, this one says both", "write two actions");
                None
            }
            (None, None) => {
                self.problem(node.span, "this action does nothing", "give it `update` or `remove: true`");
                None
            }
        }
    }

    /// Provenance is not the author's to write.
    fn own_members(&mut self, node: &Node) -> bool {
        let mut fine = true;
        match &node.kind {
            Content::Scalar(_) => {}
            Content::List(nodes) => {
                for node in nodes {
                    fine &= self.own_members(node);
                }
            }
            Content::Map(members) => {
                for Member { key, key_span, node } in members {
                    if PROVENANCE.contains(&key.as_str()) {
                        let message = format!("`{key}` is written when the overlay is applied");
                        self.problem(
                            *key_span,
                            message,
                            "leave it out of `update`; the action says it for everything that it adds or changes",
                        );
                        fine = false;
                    }
                    fine &= self.own_members(node);
                }
            }
        }
        fine
    }

    /// Whether the action rests on less than a page of the vendor.
    fn weak(&mut self, node: &Node) -> bool {
        let Some(member) = node.get("x-confidence") else { return false };
        let weak = member.node.as_str() == Some(WEAK);
        if !weak {
            let message = format!("`x-confidence` must be `{WEAK}`, this is {}", member.node.describe());
            self.problem(member.node.span, message, "leave it out where a page of the vendor says it");
        }
        weak
    }

    fn reason(&mut self, node: &Node) -> Option<String> {
        let (text, span) = self.text(node, "x-reason")?;
        let text = text.trim();
        if text.is_empty() || text.contains('\n') {
            self.problem(span, "`x-reason` must be one sentence", "say in one line why the documents are not followed here");
            return None;
        }
        Some(text.to_owned())
    }

    fn evidence(&mut self, node: &Node) -> Vec<String> {
        let nodes = match &node.kind {
            Content::List(nodes) if !nodes.is_empty() => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        nodes.iter().filter_map(|node| self.one_evidence(node)).collect()
    }

    fn one_evidence(&mut self, node: &Node) -> Option<String> {
        const HELP: &str = "give the address of a page (`https://…`), a place in a document (`docs/user.txt:12:1`), or `owner/repository@commit path`";
        let Some(text) = node.as_str().map(str::trim) else {
            self.problem(node.span, format!("evidence must be a string, this is {}", node.describe()), HELP);
            return None;
        };
        let problem = match is_address(text) {
            true => None,
            false => place_problem(text, self.documents),
        };
        if let Some(problem) = problem {
            self.problem(node.span, problem, HELP);
            return None;
        }
        Some(text.to_owned())
    }

    /// Checks that `node` is a map of `known` members with all the `required` ones; false where it is no map.
    fn members(&mut self, node: &Node, what: &str, known: &[&str], required: &[&str]) -> bool {
        let Content::Map(members) = &node.kind else {
            let message = format!("{what} must be a map, this is {}", node.describe());
            self.problem(node.span, message, format!("write its members: {}", known.join(", ")));
            return false;
        };
        for member in members {
            if !known.contains(&member.key.as_str()) {
                let message = format!("{what} has no member `{}`", member.key);
                self.problem(member.key_span, message, format!("known are: {}", known.join(", ")));
            }
        }
        for key in required {
            if node.get(key).is_none() {
                self.problem(node.span, format!("{what} needs `{key}`"), explain(key));
            }
        }
        true
    }

    /// A member that must be a string where it is there.
    fn text(&mut self, node: &Node, key: &str) -> Option<(String, Span)> {
        let member = node.get(key)?;
        match member.node.as_str() {
            Some(text) => Some((text.to_owned(), member.node.span)),
            None => {
                let message = format!("`{key}` must be a string, this is {}", member.node.describe());
                self.problem(member.node.span, message, "put it in quotes");
                None
            }
        }
    }
}

fn explain(key: &str) -> &'static str {
    match key {
        "x-reason" => "say in one sentence why the documents are not followed here",
        "x-evidence" => "say where it can be checked: the address of a page, or a place in a document",
        "target" => "say what is to be changed, such as `$.paths['/users'].get`",
        "actions" => "list what is to be changed, or remove the file",
        "overlay" => "write `overlay: 1.0.0`",
        _ => "write it; the Overlay Specification 1.0.0 demands it",
    }
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|char: char| char.is_alphanumeric()) && !text.contains(char::is_whitespace))
}

/// Why `text` is neither a document (`path`, `path:line`, `path:line:column`) nor `owner/repository@commit path`.
fn place_problem(text: &str, documents: &[Document]) -> Option<String> {
    let numbers: Vec<usize> = text.rsplitn(3, ':').map_while(|part| part.parse().ok()).collect();
    let path = match numbers.len() {
        0 => Some(text),
        1 => text.rsplit_once(':').map(|(path, _)| path),
        _ => text.rsplitn(3, ':').nth(2),
    };
    let Some(document) = path.and_then(|path| documents.iter().find(|document| document.path == path)) else {
        let elsewhere = text.split_once(' ').is_some_and(|(repository, path)| {
            repository.split_once('@').is_some_and(|(name, commit)| name.contains('/') && !commit.is_empty())
                && !path.trim().is_empty()
        });
        return (!elsewhere).then(|| format!("`{text}` is neither an address nor a place in a document"));
    };
    let lines = document.lines().len();
    match numbers.last() {
        Some(&line) if line == 0 || line > lines => {
            Some(format!("`{}` has {lines} lines, there is no line {line}", document.path))
        }
        _ => None,
    }
}
