//! Operations of a specification, with the schemas that they send and give back.
//!
//! Takes an OpenAPI document. Knows nothing of users.

use serde_json::Value;

use crate::{
    nodes::{self, members_at},
    words,
};

/// Schemas that nest deeper than in an envelope of an envelope are not what an operation is about.
const DEEPEST: usize = 3;

/// An operation that may be one of a directory's verbs.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) id: &'a str,
    /// In lower case.
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) tags: Vec<&'a str>,
    /// Its summary, or else its description.
    pub(super) says: Option<&'a str>,
    /// Names of the schemas in its request, and in its responses.
    pub(super) sends: Vec<String>,
    pub(super) gives: Vec<String>,
}

impl<'a> Candidate<'a> {
    pub(super) fn carries(&self, schema: &str) -> bool {
        self.sends.iter().chain(&self.gives).any(|carried| carried == schema)
    }

    /// The parameter that ends the path.
    pub(super) fn last_parameter(&self) -> Option<&'a str> {
        self.path.rsplit('/').next()?.strip_prefix('{')?.strip_suffix('}')
    }

    /// What the path is about: its last word, in the singular, in lower case.
    pub(super) fn entity(&self) -> Option<String> {
        let word = self.path.rsplit('/').find(|part| !part.is_empty() && !part.contains('{'))?;
        Some(words::singular(&word.to_lowercase()).chars().filter(char::is_ascii_alphanumeric).collect())
    }
}

/// A schema, or the one that it refers to.
pub(super) fn resolved<'a>(specification: &'a Value, schema: &'a Value) -> &'a Value {
    let named = |schema: &'a Value| schema.get("$ref").and_then(Value::as_str)?.strip_prefix('#');
    let alone = |schema: &'a Value| schema.get("allOf").and_then(Value::as_array).filter(|all| all.len() == 1)?.first();
    let mut schema = schema;
    for _ in 0..DEEPEST {
        match named(schema).and_then(|pointer| specification.pointer(pointer)).or_else(|| alone(schema)) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

/// All operations, in the order of the document.
pub(super) fn operations(specification: &Value) -> Vec<Candidate<'_>> {
    let mut found = Vec::new();
    for (path, item) in members_at(specification, "/paths") {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let text = |name: &str| operation.get(name).and_then(Value::as_str);
            let Some(id) = text("operationId") else { continue };
            let tags = operation.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
            let (mut sends, mut gives) = (Vec::new(), Vec::new());
            if let Some(body) = operation.get("requestBody") {
                schemas(specification, body, 0, &mut sends);
            }
            members_at(operation, "/responses").for_each(|(_, response)| schemas(specification, response, 0, &mut gives));
            let says = text("summary").or_else(|| text("description"));
            found.push(Candidate { id, method, path, tags, says, sends, gives });
        }
    }
    found
}

/// The names of all schemas below `node`, through other schemas as well.
fn schemas(specification: &Value, node: &Value, depth: usize, found: &mut Vec<String>) {
    match node {
        Value::Object(members) => {
            let name =
                members.get("$ref").and_then(Value::as_str).and_then(|pointer| pointer.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.map(nodes::unescape).filter(|name| depth < DEEPEST && !found.contains(name)) {
                let schema = specification.pointer("/components/schemas").and_then(|schemas| schemas.get(&name));
                found.push(name);
                schema.into_iter().for_each(|schema| schemas(specification, schema, depth + 1, found));
            }
            let inner = members.iter().filter(|(key, _)| !key.starts_with("x-") && *key != "example");
            inner.for_each(|(_, member)| schemas(specification, member, depth, found));
        }
        Value::Array(elements) => elements.iter().for_each(|element| schemas(specification, element, depth, found)),
        _ => {}
    }
}
