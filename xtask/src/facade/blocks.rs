//! Parts of hand-written files that list the vendors.
//!
//! Input: checked models, and the text of a file. Output: blocks of Markdown and TOML, and the text with a block in its
//! place between two marks. Knows nothing of where files are.

use std::fmt::Write as _;

use super::model::{Capability, DirectoryOf, Evidence, Mapped, Means, Model};
use crate::{
    attributes::{Attribute, ENTERPRISE},
    failure::Failure,
    markup::literal,
    report::prose,
};

/// A part of a hand-written file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Path of the file from the workspace's root.
    pub path: String,
    /// Name in the marks.
    pub name: &'static str,
    /// What stands between the marks; ends with a line break.
    pub text: String,
}

/// All blocks.
pub(super) fn all(models: &[Model]) -> Vec<Block> {
    let block = |path: &str, name, text| Block { path: path.to_owned(), name, text };
    let matrix = matrix(models);
    vec![
        block("README.md", "capabilities", matrix.clone()),
        block("crates/vendor-users/README.md", "capabilities", matrix),
        block("crates/vendor-users-cli/docs/scim.md", "attributes", provisioned(models)),
        block("crates/vendor-users/Cargo.toml", "features", features(models)),
        block("crates/vendor-users/Cargo.toml", "dependencies", dependencies(models)),
    ]
}

/// What stands in a cell for an operation that other pages describe, and for one that nothing describes outright.
const OTHER_PAGES: &str = "¹";
const WEAK: &str = "²";

/// A row for each directory, a column for each verb, and below it what the marks mean.
fn matrix(models: &[Model]) -> String {
    let directories: Vec<Row> = models.iter().flat_map(Model::directories).map(row).collect();
    let Some(first) = directories.first() else { return "No vendor documents anything yet.\n".to_owned() };
    let mut text = String::from("| |");
    for (verb, _) in &first.verbs {
        let _ = write!(text, " `{verb}` |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(first.verbs.len()));
    for row in &directories {
        let _ = write!(text, "\n| {} |", literal(&row.title));
        for (verb, _) in &row.verbs {
            let _ = write!(text, " {} |", row.cell(verb));
        }
    }
    text.push_str("\n\nIn parentheses: derived from other verbs. A dash: not supported, since no document describes it.\n");
    let all = || directories.iter().flat_map(|row| row.verbs.iter().map(move |(verb, capability)| (row, verb, capability)));
    if all().any(|(.., capability)| capability.evidence == Evidence::OtherPages) {
        let _ = writeln!(text, "{OTHER_PAGES} Described on other pages of the vendor than its documents.");
    }
    if all().any(|(.., capability)| matches!(capability.evidence, Evidence::Weak(_))) {
        let _ = writeln!(text, "{WEAK} No page of the vendor says it outright; used only where the settings accept it by name.");
    }
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    for (row, verb, capability) in all() {
        let mut say = |note: String| match notes.iter_mut().find(|(known, _)| *known == note) {
            Some((_, verbs)) => verbs.push(verb),
            None => notes.push((note, vec![verb])),
        };
        for precondition in &capability.preconditions {
            say(format!("{}: only if {}", literal(&row.title), prose(precondition)));
        }
        for inference in &capability.inferences {
            say(format!("{}, inferred: {}", literal(&row.title), prose(inference)));
        }
        if let Means::Unsupported { manual: Some(manual), .. } = &capability.means {
            say(format!("{}, by hand: {}", literal(&row.title), prose(manual)));
        }
    }
    let mut lines = Vec::new();
    for (note, verbs) in notes {
        let verbs: Vec<String> = verbs.iter().map(|verb| format!("`{verb}`")).collect();
        lines.push(format!("- {note} ({})\n", verbs.join(", ")));
    }
    for directory in models.iter().flat_map(Model::directories) {
        let title = literal(&directory.title);
        lines.extend(directory.unsaid.iter().map(|unsaid| format!("- {title}: no page says {}\n", prose(unsaid))));
    }
    if !lines.is_empty() {
        text.push('\n');
    }
    text + &lines.concat()
}

/// A directory with all its verbs, those that follow from others included.
struct Row {
    title: String,
    verbs: Vec<(String, Capability)>,
}

/// The verbs that say what is wanted. They follow from the others by the rules of `vendor_users::capabilities`, and a test holds
/// the table against that.
fn row(directory: DirectoryOf<'_>) -> Row {
    let mut row = Row { title: directory.title, verbs: directory.verbs.to_vec() };
    let first = |row: &Row, verbs: &[&str]| verbs.iter().find(|verb| row.is_there(verb)).map(|verb| (*verb).to_owned());
    let mut ensure: Vec<String> = first(&row, &["find", "list", "get"]).into_iter().collect();
    if !ensure.is_empty() {
        if row.is_there("get") && !ensure.iter().any(|verb| verb == "get") {
            ensure.push("get".to_owned());
        }
        ensure.extend(first(&row, &["create", "save"]));
        let update = first(&row, &["update", "save"]);
        ensure.extend(update.filter(|verb| verb != "save" || !row.is_there("create")));
        ensure.dedup();
        if !ensure.last().is_some_and(|verb| matches!(verb.as_str(), "create" | "update" | "save")) {
            ensure.clear();
        }
    }
    row.derive("ensure", ensure);
    for (verb, from) in [("deactivate", "disable"), ("activate", "enable")] {
        let from = if row.is_there(from) {
            first(&row, &["get", "find", "list"]).into_iter().chain([from.to_owned()]).collect()
        } else {
            Vec::new()
        };
        row.derive(verb, from);
    }
    row
}

impl Row {
    fn of(&self, verb: &str) -> Option<&Capability> {
        self.verbs.iter().find(|(known, _)| known == verb).map(|(_, capability)| capability)
    }

    fn is_there(&self, verb: &str) -> bool {
        self.of(verb).is_some_and(|capability| !matches!(capability.means, Means::Unsupported { .. }))
    }

    fn derive(&mut self, verb: &str, from: Vec<String>) {
        let means = match from.is_empty() {
            true => Means::Unsupported { missing: String::new(), manual: None },
            false => Means::Derived(from),
        };
        let capability = Capability { means, evidence: Evidence::Documents, preconditions: Vec::new(), inferences: Vec::new() };
        self.verbs.push((verb.to_owned(), capability));
    }

    /// The weakest evidence of a verb and of all that it is derived from.
    fn evidence(&self, verb: &str, depth: usize) -> Evidence {
        let Some(capability) = self.of(verb) else { return Evidence::Documents };
        let parts = match &capability.means {
            Means::Derived(from) if depth > 0 => from.iter().map(|verb| self.evidence(verb, depth - 1)).max(),
            _ => None,
        };
        parts.map_or_else(|| capability.evidence.clone(), |parts| parts.max(capability.evidence.clone()))
    }

    fn cell(&self, verb: &str) -> String {
        let mark = match self.evidence(verb, self.verbs.len()) {
            Evidence::Documents => "",
            Evidence::OtherPages => OTHER_PAGES,
            Evidence::Weak(_) => WEAK,
        };
        match self.of(verb).map(|capability| &capability.means) {
            Some(Means::Direct(operations)) => {
                let ids: Vec<_> = operations.iter().map(|operation| operation.id.as_str()).map(literal).collect();
                format!("{}{mark}", ids.join(", "))
            }
            Some(Means::Derived(from)) => format!("({}){mark}", from.join(", ")),
            _ => "–".to_owned(),
        }
    }
}

/// What stands in a table for the extension of SCIM's users.
const SHORT_ENTERPRISE: &str = "…enterprise:2.0:User";

/// Attributes that the gateway keeps itself where a vendor does not.
const KEPT_BY_GATEWAY: [&str; 4] = ["email", "given_name", "family_name", "display_name"];

/// Where each attribute that an identity provider sends is kept at each directory. A test of the command holds it against the
/// capabilities.
fn provisioned(models: &[Model]) -> String {
    let directories: Vec<DirectoryOf<'_>> = models.iter().flat_map(Model::directories).collect();
    let mut text = String::from("| SCIM |");
    for directory in &directories {
        let _ = write!(text, " {} |", literal(&directory.title));
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(directories.len()));
    for attribute in Attribute::all() {
        let path = attribute.scim_path().filter(|path| !matches!(*path, "id" | "externalId") && !path.starts_with("meta."));
        let Some(path) = path else { continue };
        let _ = write!(text, "| `{}` |", path.replace(ENTERPRISE, SHORT_ENTERPRISE));
        for directory in &directories {
            let _ = write!(text, " {} |", kept(directory, attribute));
        }
        text.push('\n');
    }
    text
}

fn kept(directory: &DirectoryOf<'_>, attribute: Attribute) -> String {
    match directory.mapped().find(|mapped| mapped.attribute == attribute) {
        Some(mapped) if mapped.is_written() => format!("`{}`", mapped.property),
        // Of an extension of which nothing can be written nothing is shown.
        Some(_) if is_enterprise(attribute) && !directory.mapped().any(writes_extension) => "–".to_owned(),
        Some(mapped) => format!("*read* `{}`", mapped.property),
        None if KEPT_BY_GATEWAY.contains(&attribute.name()) => "*gateway*".to_owned(),
        None => "–".to_owned(),
    }
}

fn is_enterprise(attribute: Attribute) -> bool {
    attribute.row().scim.as_ref().is_some_and(|(_, place)| place.is_enterprise)
}

fn writes_extension(mapped: &Mapped) -> bool {
    mapped.is_written() && is_enterprise(mapped.attribute)
}

fn features(models: &[Model]) -> String {
    let mut text = String::new();
    for Model { name, title, .. } in models {
        let _ = writeln!(text, "# {title}\n{name} = [\"dep:{name}\"]");
    }
    let forward = |feature: &str| {
        let all: Vec<String> = models.iter().map(|model| format!("\"{}?/{feature}\"", model.name)).collect();
        let own = if feature == "tracing" { "\"dep:tracing\", " } else { "" };
        format!("{feature} = [{own}\"client-core/{feature}\", {}]\n", all.join(", "))
    };
    let all: Vec<String> = models.iter().map(|model| format!("\"{}\"", model.name)).collect();
    let _ = writeln!(text, "all-vendors = [{}]", all.join(", "));
    text + &forward("rustls") + &forward("native-tls") + &forward("tracing")
}

fn dependencies(models: &[Model]) -> String {
    let mut text = String::new();
    for Model { name, version, features, .. } in models {
        let _ =
            write!(text, "{name} = {{ path = \"../{name}\", version = \"{version}\", default-features = false, optional = true");
        if !features.is_empty() {
            let _ = write!(text, ", features = {features:?}");
        }
        text.push_str(" }\n");
    }
    text
}

/// The text of a file with `block` between its marks, which stand in a line each: `begin generated: name` and
/// `end generated: name`, in whatever the file takes for a comment.
///
/// # Errors
///
/// The marks are not there, or not in this order.
pub fn replace(existing: &str, block: &Block) -> Result<String, Failure> {
    let Block { path, name, text } = block;
    let line_with = |mark: String, from: usize| {
        // `list` is not `lists`.
        let ends = |at: &usize| {
            !existing.get(at + mark.len()..).unwrap_or_default().starts_with(|next: char| next.is_alphanumeric() || next == '-')
        };
        let at = existing.match_indices(&mark).map(|(at, _)| at).filter(|at| *at >= from).find(ends)?;
        let start = existing.get(..at)?.rfind('\n').map_or(0, |line| line + 1);
        let end = existing.get(at..)?.find('\n').map_or(existing.len(), |line| at + line + 1);
        Some((start, end))
    };
    let begin = line_with(format!("begin generated: {name}"), 0);
    let end = begin.and_then(|(_, after)| line_with(format!("end generated: {name}"), after));
    let parts = begin.zip(end).and_then(|((_, head), (tail, _))| Some((existing.get(..head)?, existing.get(tail..)?)));
    match parts {
        // Markdown takes a table for one only after an empty line.
        Some((head, tail)) if path.ends_with(".md") => Ok(format!("{head}\n{text}\n{tail}")),
        Some((head, tail)) => Ok(format!("{head}{text}{tail}")),
        None => Err(Failure::new(
            format!("{path} has no place for the generated part `{name}`"),
            format!("put a comment line `begin generated: {name}` and, below it, `end generated: {name}` where it belongs"),
        )),
    }
}
