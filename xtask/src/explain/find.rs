//! What a person means by a name.
//!
//! Input: a specification and a name as people type it. Output: the nodes that bear it, or the names that are near. Also
//! the other way round: what people call the node at a pointer.

use serde_json::Value;
use similar::get_close_matches;

use super::nearest;
use crate::{
    failure::Failure,
    nodes::{self, NodeKind, Pointer},
};

/// The nodes that `what` names; `others` are further names to suggest where nothing is called so.
pub(super) fn find(specification: &Value, what: &str, others: impl FnOnce() -> Vec<String>) -> Result<Vec<Pointer>, Failure> {
    let told = what;
    let what = what.strip_prefix('#').unwrap_or(what);
    if let Some(pointer) = Pointer::parse(what).filter(|pointer| !pointer.as_str().is_empty())
        && let Some(node) = specification.pointer(what).and_then(|_| nearest(specification, &pointer))
    {
        return Ok(vec![node]);
    }
    let names = names(specification);
    for fits in [|one: &str, other: &str| one == other, |one: &str, other: &str| one.eq_ignore_ascii_case(other)] {
        let found: Vec<Pointer> = names.iter().filter(|(name, _)| fits(name, what)).map(|(_, pointer)| pointer.clone()).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    // A Rust path is held against Rust paths.
    let others = if what.contains("::") { others() } else { Vec::new() };
    let all = names.iter().map(|(name, _)| name.as_str()).filter(|_| others.is_empty());
    let mut all: Vec<&str> = all.chain(others.iter().map(String::as_str)).collect();
    all.sort_unstable();
    all.dedup();
    let near = get_close_matches(what, &all, 5, 0.5);
    let help = if near.is_empty() {
        "name a schema, `Schema.property`, an operation by its id or as `GET /path`, a Rust path such as `types::User::name`, \
         or give a JSON pointer"
            .to_owned()
    } else {
        format!("did you mean {}?", near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
    };
    Err(Failure::new(format!("nothing in the specification is called `{told}`"), help))
}

/// What people call each node; an operation has two names.
fn names(specification: &Value) -> Vec<(String, Pointer)> {
    let mut names = Vec::new();
    nodes::visit(specification, |pointer, kind, _| {
        let named = matches!(kind, NodeKind::Schema | NodeKind::Operation | NodeKind::Parameter | NodeKind::SecurityScheme);
        // The schema of a parameter or a body is found by a pointer.
        let inner = kind == NodeKind::Schema && !pointer.as_str().starts_with("/components/schemas/");
        if named && !inner {
            names.push((subject(specification, pointer), pointer.clone()));
        }
        if kind == NodeKind::Operation {
            names.push((address(pointer), pointer.clone()));
        }
    });
    names
}

/// `PUT /users/{userID}` for the operation at `pointer`.
fn address(pointer: &Pointer) -> String {
    let tokens: Vec<String> = pointer.tokens().collect();
    match tokens.as_slice() {
        [_, path, method, ..] => format!("{} {path}", method.to_uppercase()),
        _ => String::new(),
    }
}

/// What people call the node at `pointer`: `User.email`, `UpdateUser`, `UpdateUser.userID`, or the pointer itself.
#[must_use]
pub(crate) fn subject(specification: &Value, pointer: &Pointer) -> String {
    let tokens: Vec<String> = pointer.tokens().collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let text = |pointer: &Pointer, key| specification.pointer(pointer.as_str()).and_then(|node| node.get(key)?.as_str());
    match tokens.as_slice() {
        ["components", "schemas", name, rest @ ..] => {
            let rest = rest.iter().filter(|token| **token != "properties" && **token != "allOf");
            rest.fold((*name).to_owned(), |name, token| format!("{name}.{token}"))
        }
        ["components", "securitySchemes", name] => (*name).to_owned(),
        ["paths", path, method] => text(pointer, "operationId").map_or_else(|| format!("{method} {path}"), str::to_owned),
        ["paths", path, method, rest @ ..] => {
            let operation = Pointer::default().join("paths").join(path).join(method);
            let id = text(&operation, "operationId").unwrap_or(path);
            match rest {
                ["parameters", _] => format!("{id}.{}", text(pointer, "name").unwrap_or_default()),
                rest => format!("{id} {}", rest.join(" ")),
            }
        }
        _ => pointer.to_string(),
    }
}
