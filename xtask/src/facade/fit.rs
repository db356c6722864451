//! Whether a vendor's `[user.*]` and `[directory]` tables fit its specification.
//!
//! Input: the manifest, the specification and the model of the client. Output: the model, and a diagnostic in `vendor.toml`
//! for each entry that names what is not there or maps what does not fit. Knows nothing of Rust's syntax.

use serde_json::Value;
use toml::Spanned;

use super::{
    FacadeInput,
    model::{Calls, Capability, Evidence, Further, Mapped, Means, Model, Step, UserType},
};
use crate::{
    diagnostic::Diagnostic,
    nodes::{self, Pointer},
    rust::{self, RustType, model::TypeKind},
    vendor::{
        self,
        directory::{Directory, Entry},
        user::UserMap,
    },
};

mod attribute;
mod calls;
mod lists;

/// Most names that a help lists.
const NAMES: usize = 60;

/// The model of one vendor; incomplete where `problems` grew.
pub(super) fn model(input: &FacadeInput<'_>, problems: &mut Vec<Diagnostic>) -> Model {
    let manifest = &input.vendor.manifest;
    let mut fit = Fit { input, problems };
    let users: Vec<UserType> = manifest.user.iter().filter_map(|(schema, map)| fit.user(schema, map)).collect();
    let verbs = fit.verbs(manifest.directory.as_ref(), &users);
    let calls = manifest.directory.as_ref().map(|directory| fit.calls(directory, &users)).unwrap_or_default();
    let further = manifest.further_directories.iter().map(|directory| {
        let Some(of) = &directory.of else {
            let help = "say `of` whom it is, such as `of = \"external users\"`".to_owned();
            fit.problem(&directory.schema, "a further directory does not say whose users it has".to_owned(), help);
            return Further {
                of: String::new(),
                schema: String::new(),
                verbs: Vec::new(),
                calls: Calls::default(),
                lists_less: false,
                unsaid: Vec::new(),
            };
        };
        let (of, schema) = (of.get_ref().clone(), directory.schema.get_ref().clone());
        let (verbs, calls) = (fit.verbs(Some(directory), &users), fit.calls(directory, &users));
        Further { of, schema, verbs, calls, lists_less: !directory.lists_whole_records, unsaid: directory.unsaid.clone() }
    });
    let further = further.collect();
    Model {
        name: input.vendor.name().to_owned(),
        version: manifest.version().to_owned(),
        title: manifest.title.get_ref().clone(),
        features: input.features.to_vec(),
        users,
        schema: manifest.directory.as_ref().map(|directory| directory.schema.get_ref().clone()).unwrap_or_default(),
        verbs,
        calls,
        lists_less: manifest.directory.as_ref().is_some_and(|directory| !directory.lists_whole_records),
        unsaid: manifest.directory.as_ref().map(|directory| directory.unsaid.clone()).unwrap_or_default(),
        further,
    }
}

struct Fit<'a> {
    input: &'a FacadeInput<'a>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Fit<'_> {
    fn problem<T>(&mut self, entry: &Spanned<T>, message: String, help: String) {
        self.problems.push(Diagnostic::new(self.input.vendor.span(entry), message, help));
    }

    fn user(&mut self, schema: &Spanned<String>, map: &UserMap) -> Option<UserType> {
        let name = schema.get_ref();
        let types = &self.input.model.types;
        let Some(ty) = self.input.model.schema(name) else {
            let known = types.values().map(|ty| ty.wire.as_str());
            self.problem(schema, format!("there is no schema `{name}` in the specification"), list("schemas", known));
            return None;
        };
        let TypeKind::Structure { fields, .. } = &ty.kind else {
            let help = "map a schema that is an object with documented properties".to_owned();
            self.problem(schema, format!("`{name}` has no properties"), help);
            return None;
        };
        let mut attributes: Vec<Mapped> = map
            .attributes
            .iter()
            .filter_map(|(attribute, source)| self.attribute(ty, map, *attribute.get_ref(), source))
            .collect();
        attributes.sort_by_key(|mapped| mapped.attribute);
        let mut secrets = Vec::new();
        secret_places(self.input.model, &RustType::Own(ty.name.clone()), &Pointer::default(), &mut Vec::new(), &mut secrets);
        let required = fields.iter().filter(|field| field.facts.required);
        Some(UserType {
            schema: name.clone(),
            rust: ty.name.clone(),
            attributes,
            fields: fields.iter().map(|field| (field.name.clone(), field.wire.clone())).collect(),
            required: required.map(|field| field.wire.clone()).collect(),
            secrets,
        })
    }

    /// How each verb is done, whether the manifest says it or it follows.
    fn verbs(&mut self, directory: Option<&Directory>, users: &[UserType]) -> Vec<(String, Capability)> {
        let active = directory.is_some_and(|directory| {
            let user = users.iter().find(|user| user.schema == *directory.schema.get_ref());
            user.is_some_and(|user| user.attributes.iter().any(|mapped| mapped.attribute.is_active()))
        });
        let given = directory.map_or_else(Vec::new, |directory| self.directory(directory));
        Directory::VERBS.into_iter().map(|verb| (verb.to_owned(), capability(verb, &given, active))).collect()
    }

    fn directory(&mut self, directory: &Directory) -> Vec<(&'static str, Capability)> {
        let schema = directory.schema.get_ref();
        let tables = &self.input.vendor.manifest.user;
        if !tables.keys().any(|name| name.get_ref() == schema) {
            let known = tables.keys().map(|name| name.get_ref().as_str());
            let message = format!("`{schema}` has no `[user.{schema}]` table, so nothing says what its properties mean");
            self.problem(&directory.schema, message, list("tables", known));
        }
        let operations = operations(self.input.specification);
        let mut found = Vec::new();
        for (verb, entry) in directory.verbs().into_iter().filter_map(|(verb, entry)| Some((verb, entry?))) {
            let Entry { operations: ids, from, preconditions, inferences, missing, manual, call: _, of: _ } = entry.get_ref();
            let mut called = Vec::new();
            for id in ids {
                match operations.iter().find(|operation| operation.id == *id) {
                    Some(operation) => called.push(operation.clone()),
                    None => {
                        let known = operations.iter().map(|operation| operation.id.as_str());
                        self.problem(entry, format!("there is no operation `{id}` for `{verb}`"), list("operations", known));
                    }
                }
            }
            let evidence = called.iter().map(|operation| operation.evidence.clone()).max().unwrap_or(Evidence::Documents);
            let means = match missing {
                Some(missing) => Means::Unsupported { missing: missing.clone(), manual: manual.clone() },
                None if !from.is_empty() => Means::Derived(from.clone()),
                None => Means::Direct(called),
            };
            // What the specification demands of the operation that does the work, then what the manifest adds.
            let mut demanded = ids.last().map(|id| demanded(self.input.specification, id)).unwrap_or_default();
            demanded.extend(preconditions.iter().cloned());
            found.push((verb, Capability { means, evidence, preconditions: demanded, inferences: inferences.clone() }));
        }
        found
    }
}

/// What the manifest says of `verb`, or what follows from what it says of others. `active` says whether a property carries it.
fn capability(verb: &'static str, given: &[(&'static str, Capability)], active: bool) -> Capability {
    let of = |verb: &str| given.iter().find(|(known, _)| *known == verb).map(|(_, capability)| capability);
    if let Some(capability) = of(verb) {
        return capability.clone();
    }
    let direct = |verb: &str| of(verb).is_some_and(|capability| matches!(capability.means, Means::Direct(_)));
    let updates = direct("get") && (direct("update") || direct("save"));
    let saves = direct("save") || (direct("get") && direct("create") && direct("update"));
    let from = match verb {
        "find" if direct("list") => vec!["list"],
        "update" if updates => vec!["get", "save"],
        "save" if saves => vec!["get", "create", "update"],
        "enable" | "disable" if updates && active => vec!["update"],
        "save_all" if saves => vec!["save"],
        _ => Vec::new(),
    };
    let means = match (from.is_empty(), verb) {
        (false, _) => Means::Derived(from.into_iter().map(str::to_owned).collect()),
        (true, "enable" | "disable") if !active => Means::Unsupported {
            missing: "no document describes an operation for it, and no property carries `active`".to_owned(),
            manual: None,
        },
        (true, _) => Means::Unsupported { missing: "no document describes an operation for it".to_owned(), manual: None },
    };
    Capability { means, evidence: Evidence::Documents, preconditions: Vec::new(), inferences: Vec::new() }
}

/// Pointers to all secrets below a type, `*` for any element or member.
fn secret_places(model: &rust::Model, ty: &RustType, at: &Pointer, above: &mut Vec<String>, found: &mut Vec<String>) {
    match ty {
        RustType::Own(name) => {
            if above.contains(name) {
                return;
            }
            above.push(name.clone());
            match model.types.get(name).map(|ty| &ty.kind) {
                Some(TypeKind::Structure { fields, .. }) => {
                    fields.iter().for_each(|field| secret_places(model, &field.ty, &at.join(&field.wire), above, found));
                }
                Some(TypeKind::Alias { target, .. }) => secret_places(model, target, at, above, found),
                _ => {}
            }
            above.pop();
        }
        ty if ty.is_core("Secret") => found.push(at.as_str().to_owned()),
        RustType::Prelude(name, arguments) if matches!(name.as_str(), "Box" | "Option") => {
            arguments.iter().for_each(|inner| secret_places(model, inner, at, above, found));
        }
        ty => {
            if let Some(element) = ty.element() {
                secret_places(model, element, &at.join("*"), above, found);
            }
        }
    }
}

fn operations(specification: &Value) -> Vec<Step> {
    let mut found = Vec::new();
    for (path, item) in specification.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                let (method, path, evidence) = (method.to_uppercase(), path.clone(), evidence(operation));
                found.push(Step { id: id.to_owned(), method, path, evidence });
            }
        }
    }
    found
}

/// What must hold for an operation to work, as `x-preconditions` says it.
fn demanded(specification: &Value, id: &str) -> Vec<String> {
    let items = specification.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten().map(|(_, operation)| operation));
    let is_it = |operation: &&Value| operation.get("operationId").and_then(Value::as_str) == Some(id);
    let listed = operations.filter(is_it).filter_map(|operation| operation.get("x-preconditions")?.as_array()).flatten();
    listed.filter_map(|one| one.get("description")?.as_str().map(str::to_owned)).collect()
}

/// What an operation rests on: the documents, or an overlay that brought it, which says whether that is weak.
fn evidence(operation: &Value) -> Evidence {
    let text = |name: &str| operation.get(name).and_then(Value::as_str);
    let places = operation.as_object().map(nodes::sources).unwrap_or_default();
    // An overlay marks what it only adds to as well; the documents still have that.
    if !vendor::is_brought(&places) {
        Evidence::Documents
    } else if text("x-confidence") == Some("weak") {
        Evidence::Weak(text("x-reason").unwrap_or("no page of the vendor says it outright").to_owned())
    } else {
        Evidence::OtherPages
    }
}

/// The names that are close to `wanted`, or all of them.
fn suggest<'a>(wanted: &str, what: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let plain =
        |name: &str| name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect::<String>();
    let wanted = plain(wanted);
    let near: Vec<&str> = known
        .clone()
        .filter(|name| {
            let name = plain(name);
            !wanted.is_empty() && (name.contains(&wanted) || wanted.contains(&name))
        })
        .collect();
    if near.is_empty() { list(what, known) } else { format!("did you mean {}?", near.join(", ")) }
}

fn list<'a>(what: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = known.filter(|name| !name.is_empty()).collect();
    let more = names.len() > NAMES;
    names.truncate(NAMES);
    format!("{what} are: {}{}", names.join(", "), if more { ", …" } else { "" })
}
