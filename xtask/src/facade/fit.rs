//! Whether a vendor's `[user.*]` and `[directory]` tables fit its specification.
//!
//! Input: the manifest, the specification and its normalized copy. Output: the model, and a diagnostic in `vendor.toml`
//! for each entry that names what is not there or maps what does not fit. Knows nothing of Rust's syntax.

use std::fmt::Display;

use serde_json::{Map, Value};
use toml::Spanned;

use super::{
    FacadeInput,
    model::{Access, Capability, Evidence, Mapped, Means, Model, Operation, UserType},
};
use crate::{
    attributes::Attribute,
    diagnostic::Diagnostic,
    nodes,
    vendor::{
        self,
        directory::{Directory, Entry},
        user::{Reading, Source, UserMap},
    },
};

/// Most names that a help lists.
const NAMES: usize = 60;

/// The model of one vendor; incomplete where `problems` grew.
pub(super) fn model(input: &FacadeInput<'_>, problems: &mut Vec<Diagnostic>) -> Model {
    let manifest = &input.vendor.manifest;
    let mut fit = Fit { input, problems };
    let users: Vec<UserType> = manifest.user.iter().filter_map(|(schema, map)| fit.user(schema, map)).collect();
    let active = manifest.directory.as_ref().is_some_and(|directory| {
        let user = users.iter().find(|user| user.schema == *directory.schema.get_ref());
        user.is_some_and(|user| user.attributes.iter().any(|mapped| mapped.attribute.is_active()))
    });
    let given = manifest.directory.as_ref().map_or_else(Vec::new, |directory| fit.directory(directory));
    let verbs = Directory::VERBS.into_iter().map(|verb| (verb.to_owned(), capability(verb, &given, active))).collect();
    Model {
        name: input.vendor.name().to_owned(),
        title: manifest.title.get_ref().clone(),
        features: input.features.to_vec(),
        users,
        schema: manifest.directory.as_ref().map(|directory| directory.schema.get_ref().clone()).unwrap_or_default(),
        verbs,
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
        let Some((rust, node)) = component(self.input.normalized, name) else {
            let known = schemas(self.input.normalized).map(|(_, node)| wire(node));
            self.problem(schema, format!("there is no schema `{name}` in the specification"), list("schemas", known));
            return None;
        };
        let Some(properties) = node.get("properties").and_then(Value::as_object) else {
            let help = "map a schema that is an object with documented properties".to_owned();
            self.problem(schema, format!("`{name}` has no properties"), help);
            return None;
        };
        let mut attributes: Vec<Mapped> = map
            .attributes
            .iter()
            .filter_map(|(attribute, source)| self.attribute(name, *attribute.get_ref(), source, properties))
            .collect();
        attributes.sort_by_key(|mapped| mapped.attribute);
        let documented = |flag: &str| {
            let with = properties.values().filter(|node| node.get(flag) == Some(&Value::Bool(true)));
            with.map(|node| wire(node).to_owned()).collect::<Vec<_>>()
        };
        let mut secrets = Vec::new();
        secret_places(self.input.normalized, node, "", &mut Vec::new(), &mut secrets);
        Some(UserType {
            schema: name.clone(),
            rust: rust.to_owned(),
            attributes,
            fields: properties.iter().map(|(field, node)| (field.clone(), wire(node).to_owned())).collect(),
            required: documented("x-required"),
            secrets,
        })
    }

    fn attribute(
        &mut self,
        schema: &str,
        attribute: Attribute,
        source: &Spanned<Source>,
        properties: &Map<String, Value>,
    ) -> Option<Mapped> {
        let Source { property, reading, explicit } = source.get_ref();
        let Some((field, node)) = properties.iter().find(|(_, node)| wire(node) == property) else {
            let known = properties.values().map(wire);
            let message = format!("`{schema}` has no property `{property}` for `{}` to read", attribute.name());
            self.problem(source, message, suggest(property, "its properties", known));
            return None;
        };
        let kind = kind(self.input.normalized, node);
        let access = match (attribute.row().is_flag, reading, &kind) {
            (true, Reading::Value, Kind::Boolean) => Access::Flag { not: false },
            (true, Reading::Not, Kind::Boolean) => Access::Flag { not: true },
            (true, Reading::Equals(Value::Bool(flag)), Kind::Boolean) => Access::Flag { not: !flag },
            (true, Reading::Equals(value @ (Value::String(_) | Value::Number(_))), Kind::Text | Kind::Name) => {
                Access::Equals { name: matches!(kind, Kind::Name), value: value.clone() }
            }
            (true, ..) => {
                let message = format!("`{attribute}` is true or false, and `{property}` is {kind}");
                let help = format!("map a boolean, or say `{{ property = …, equals = … }}` which value means {attribute}");
                self.problem(source, message, help);
                return None;
            }
            (_, _, Kind::Text) => Access::Text,
            (_, _, Kind::Name) => Access::Name,
            _ => {
                let message = format!("`{}` is text, and `{property}` is {kind}", attribute.name());
                self.problem(source, message, "map a property that is a string or a whole number".to_owned());
                return None;
            }
        };
        Some(Mapped {
            attribute,
            property: property.clone(),
            field: field.clone(),
            nullable: node.get("x-nullable") == Some(&Value::Bool(true)),
            access,
            explicit: explicit.clone(),
        })
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
            let Entry { operations: ids, preconditions, missing, manual } = entry.get_ref();
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
                None => Means::Direct(called),
            };
            found.push((verb, Capability { means, evidence, preconditions: preconditions.clone() }));
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
    Capability { means, evidence: Evidence::Documents, preconditions: Vec::new() }
}

/// What a property is, as far as an attribute can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Name,
    Boolean,
    Secret,
    Other(&'static str),
}

impl Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Name => "one of a list of names",
            Self::Boolean => "a boolean",
            Self::Secret => "a secret, which nobody may read",
            Self::Other(what) => what,
        })
    }
}

fn kind(document: &Value, node: &Value) -> Kind {
    let target = target(document, node);
    if target.get("x-values").is_some() {
        return Kind::Name;
    }
    match target.get("type").and_then(Value::as_str) {
        Some("string") if is_secret(target) => Kind::Secret,
        Some("string" | "integer") => Kind::Text,
        Some("boolean") => Kind::Boolean,
        Some("number") => Kind::Other("a number with a fraction"),
        Some("array") => Kind::Other("a list"),
        Some("object") => Kind::Other("an object"),
        _ => Kind::Other("of unknown type"),
    }
}

fn is_secret(node: &Value) -> bool {
    node.pointer("/x-rust-type/path").and_then(Value::as_str).is_some_and(|path| path.ends_with("::Secret"))
}

/// Pointers to all secrets below `node`, `*` for any element or member.
fn secret_places(document: &Value, node: &Value, at: &str, above: &mut Vec<String>, found: &mut Vec<String>) {
    if is_secret(node) {
        found.push(at.to_owned());
        return;
    }
    let name = reference(node).map(str::to_owned);
    if let Some(name) = &name {
        if above.contains(name) {
            return;
        }
        above.push(name.clone());
    }
    let inner = target(document, node);
    for property in inner.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::values) {
        let token = wire(property).replace('~', "~0").replace('/', "~1");
        secret_places(document, property, &format!("{at}/{token}"), above, found);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(element) = inner.get(key).filter(|element| element.is_object()) {
            secret_places(document, element, &format!("{at}/*"), above, found);
        }
    }
    if name.is_some() {
        above.pop();
    }
}

fn reference(node: &Value) -> Option<&str> {
    let own = node.get("$ref").or_else(|| node.pointer("/allOf/0/$ref"));
    own.and_then(Value::as_str)?.strip_prefix("#/components/schemas/")
}

fn target<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let named = reference(node).and_then(|name| document.pointer("/components/schemas")?.get(name));
    named.unwrap_or(node)
}

fn schemas(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = document.pointer("/components/schemas").and_then(Value::as_object);
    all.into_iter().flatten().map(|(name, node)| (name.as_str(), node))
}

/// The Rust name and the node of the schema that the specification calls `name`.
fn component<'a>(document: &'a Value, name: &str) -> Option<(&'a str, &'a Value)> {
    schemas(document).find(|(_, node)| wire(node) == name)
}

fn wire(node: &Value) -> &str {
    node.get("x-wire").and_then(Value::as_str).unwrap_or_default()
}

fn operations(specification: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in specification.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                let (method, path, evidence) = (method.to_uppercase(), path.clone(), evidence(operation));
                found.push(Operation { id: id.to_owned(), method, path, evidence });
            }
        }
    }
    found
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
