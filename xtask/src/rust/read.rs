//! The operations of a normalized copy, read once.
//!
//! Input: the document that `normalize` made. Output: operations as plain data, their schemas still as JSON, in the order of the
//! specification. Knows nothing of progenitor.

use serde_json::Value;

use crate::{
    method::Method,
    nodes::Pointer,
    normalize::{
        Rule, rules, sources,
        walk::{flag, text},
    },
};

/// One operation, whose types are not known yet.
#[derive(Debug)]
pub(super) struct UntypedOperation {
    /// Method of the client, `update_user`.
    pub(super) name: String,
    /// The vendor's word, `UpdateUser`.
    pub(super) id: String,
    /// Such as `put`.
    pub(super) method: String,
    /// Template on the wire.
    pub(super) path: String,
    /// Where it stands in the specification.
    pub(super) pointer: Pointer,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) sources: Vec<String>,
    pub(super) deprecated: bool,
    /// The first of its tags.
    pub(super) tag: Option<String>,
    /// Alternatives of schemes.
    pub(super) security: Vec<Vec<String>>,
    pub(super) client_parameters: Vec<ClientParameter>,
    pub(super) arguments: Vec<Argument>,
    pub(super) body: Option<Body>,
    /// The schema of a response.
    pub(super) response: Option<Value>,
    /// The schema of an error response.
    pub(super) error: Option<Value>,
    pub(super) success: Vec<u16>,
    pub(super) retry: Option<String>,
    /// How a list comes in pages, as `x-pages` says it.
    pub(super) pages: Option<Value>,
    /// All that are documented.
    pub(super) statuses: Vec<String>,
    pub(super) rules: Vec<Rule>,
}

impl UntypedOperation {
    /// Everything that it sends or gets.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &Value> {
        let sent = self.arguments.iter().map(|argument| &argument.schema).chain(self.body.iter().map(|body| &body.schema));
        sent.chain(&self.response).chain(&self.error)
    }
}

/// What is set once on the client.
#[derive(Clone, Debug)]
pub(super) struct ClientParameter {
    /// On the wire.
    pub(super) name: String,
    /// `header` or `query`.
    pub(super) place: String,
    pub(super) pointer: Pointer,
    pub(super) required: bool,
    pub(super) description: String,
    pub(super) sources: Vec<String>,
    pub(super) secret: bool,
}

/// What differs from call to call, beside the body.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) wire: String,
    /// `path`, `query` or `header`.
    pub(super) place: String,
    pub(super) required: bool,
    pub(super) description: String,
    pub(super) sources: Vec<String>,
    pub(super) schema: Value,
    pub(super) pointer: Pointer,
    pub(super) rules: Vec<Rule>,
}

#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) schema: Value,
    pub(super) example: Option<Value>,
    /// As documented, where that is not plain `application/json`.
    pub(super) media_type: Option<String>,
}

/// An operation's schema of the JSON body, if any.
fn body_schema(holder: &Value) -> Option<&Value> {
    holder.pointer("/content/application~1json/schema")
}

/// Where a node stands in the specification, as the copy remembers it.
pub(super) fn pointer(node: &Value) -> Pointer {
    text(node, "x-pointer").and_then(Pointer::parse).unwrap_or_default()
}

/// The rules of a parameter and those of its schema.
fn parameter_rules(parameter: &Value) -> Vec<Rule> {
    let mut all = rules(parameter);
    all.extend(parameter.get("schema").map(rules).unwrap_or_default());
    all
}

fn owned(node: &Value, key: &str) -> String {
    text(node, key).unwrap_or_default().to_owned()
}

fn list<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    node.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// All operations of the document.
pub(super) fn operations(document: &Value) -> Vec<UntypedOperation> {
    let everywhere = document.get("security").cloned();
    let mut found = Vec::new();
    let Some(paths) = document.get("paths").and_then(Value::as_object) else { return found };
    for item in paths.values().filter_map(Value::as_object) {
        for (method, operation) in item.iter().filter(|(method, _)| Method::of_member(method).is_some()) {
            found.push(one(method, operation, everywhere.as_ref()));
        }
    }
    found
}

fn one(method: &str, operation: &Value, everywhere: Option<&Value>) -> UntypedOperation {
    let security = operation.get("security").or(everywhere).and_then(Value::as_array).cloned().unwrap_or_default();
    UntypedOperation {
        name: owned(operation, "operationId"),
        id: owned(operation, "x-operation-id"),
        method: method.to_owned(),
        path: owned(operation, "x-path"),
        pointer: pointer(operation),
        summary: owned(operation, "summary"),
        description: owned(operation, "description"),
        sources: sources(operation),
        deprecated: flag(operation, "deprecated"),
        tag: list(operation, "tags").next().and_then(Value::as_str).map(str::to_owned),
        security: security.iter().filter_map(Value::as_object).map(|schemes| schemes.keys().cloned().collect()).collect(),
        client_parameters: list(operation, "x-client-parameters").map(client_parameter).collect(),
        arguments: list(operation, "parameters").map(argument).collect(),
        body: operation.get("requestBody").and_then(|body| {
            let media = body.pointer("/content/application~1json")?;
            let example = media.get("example").or_else(|| {
                let first = media.get("examples")?.as_object()?.values().next()?;
                first.get("value")
            });
            Some(Body {
                required: flag(body, "required"),
                schema: media.get("schema")?.clone(),
                example: example.cloned(),
                media_type: text(media, "x-media-type").map(str::to_owned),
            })
        }),
        response: operation.pointer("/responses/200").and_then(body_schema).cloned(),
        error: operation.pointer("/responses/400").and_then(body_schema).cloned(),
        success: list(operation, "x-success").filter_map(Value::as_u64).filter_map(|status| status.try_into().ok()).collect(),
        retry: text(operation, "x-retry").map(str::to_owned),
        pages: operation.get("x-pages").cloned(),
        statuses: list(operation, "x-statuses").filter_map(Value::as_str).map(str::to_owned).collect(),
        rules: rules(operation),
    }
}

fn client_parameter(parameter: &Value) -> ClientParameter {
    ClientParameter {
        name: owned(parameter, "name"),
        place: owned(parameter, "in"),
        pointer: pointer(parameter),
        required: flag(parameter, "required"),
        description: owned(parameter, "description"),
        sources: sources(parameter),
        secret: parameter.get("schema").and_then(|schema| text(schema, "format")) == Some("password"),
    }
}

fn argument(parameter: &Value) -> Argument {
    Argument {
        name: owned(parameter, "name"),
        wire: owned(parameter, "x-wire"),
        place: owned(parameter, "in"),
        required: flag(parameter, "required"),
        description: owned(parameter, "description"),
        sources: sources(parameter),
        schema: parameter.get("schema").cloned().unwrap_or_default(),
        pointer: pointer(parameter),
        rules: parameter_rules(parameter),
    }
}
