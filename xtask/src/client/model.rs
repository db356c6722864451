//! What the client needs to know of a normalized copy, read once.
//!
//! Input: the document that `normalize` made. Output: operations, settings and schemes as plain data, in the order of the
//! specification. Knows nothing of syn.

use serde_json::Value;

use crate::normalize::{
    Loss, sources,
    walk::{self, flag, text},
};

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    /// Method of the client, `update_user`.
    pub(super) name: String,
    /// The vendor's word, `UpdateUser`.
    pub(super) id: String,
    /// Such as `put`.
    pub(super) method: String,
    /// Template on the wire.
    pub(super) path: String,
    /// Where it stands in the specification.
    pub(super) pointer: String,
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
    /// The schema of a refusal.
    pub(super) refusal: Option<Value>,
    pub(super) success: Vec<u16>,
    pub(super) retry: Option<String>,
    /// How a list comes in pages, as `x-pages` says it.
    pub(super) pages: Option<Value>,
}

impl Operation {
    /// Everything that it sends or gets.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &Value> {
        let sent = self.arguments.iter().map(|argument| &argument.schema).chain(self.body.iter().map(|body| &body.schema));
        sent.chain(&self.response).chain(&self.refusal)
    }
}

/// What is set once on the client.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClientParameter {
    /// On the wire.
    pub(super) name: String,
    /// `header` or `query`.
    pub(super) place: String,
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
}

#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) schema: Value,
    pub(super) example: Option<Value>,
    /// As documented, where that is not plain `application/json`.
    pub(super) media_type: Option<String>,
}

/// One way to show who calls.
#[derive(Debug)]
pub(super) struct Scheme {
    pub(super) name: String,
    pub(super) kind: SchemeKind,
    pub(super) description: String,
    pub(super) sources: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub(super) enum SchemeKind {
    Header { header: String, prefix: String },
    Query { name: String },
    Basic,
    Bearer,
}

/// An operation's schema of the JSON body, if any.
fn body_schema(holder: &Value) -> Option<&Value> {
    holder.pointer("/content/application~1json/schema")
}

fn owned(node: &Value, key: &str) -> String {
    text(node, key).unwrap_or_default().to_owned()
}

fn list<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    node.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// All operations of the document.
pub(super) fn operations(document: &Value) -> Vec<Operation> {
    let everywhere = document.get("security").cloned();
    let mut found = Vec::new();
    let Some(paths) = document.get("paths").and_then(Value::as_object) else { return found };
    for item in paths.values().filter_map(Value::as_object) {
        for (method, operation) in item.iter().filter(|(method, _)| walk::METHODS.contains(&method.as_str())) {
            found.push(one(method, operation, everywhere.as_ref()));
        }
    }
    found
}

fn one(method: &str, operation: &Value, everywhere: Option<&Value>) -> Operation {
    let security = operation.get("security").or(everywhere).and_then(Value::as_array).cloned().unwrap_or_default();
    Operation {
        name: owned(operation, "operationId"),
        id: owned(operation, "x-operation-id"),
        method: method.to_owned(),
        path: owned(operation, "x-path"),
        pointer: owned(operation, "x-pointer"),
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
        refusal: operation.pointer("/responses/400").and_then(body_schema).cloned(),
        success: list(operation, "x-success").filter_map(Value::as_u64).filter_map(|status| status.try_into().ok()).collect(),
        retry: text(operation, "x-retry").map(str::to_owned),
        pages: operation.get("x-pages").cloned(),
    }
}

fn client_parameter(parameter: &Value) -> ClientParameter {
    ClientParameter {
        name: owned(parameter, "name"),
        place: owned(parameter, "in"),
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
    }
}

/// The client parameters of all operations, each once; one that any operation needs is required.
pub(super) fn client_parameters(operations: &[Operation]) -> Vec<ClientParameter> {
    let mut all: Vec<ClientParameter> = Vec::new();
    for parameter in operations.iter().flat_map(|operation| &operation.client_parameters) {
        match all.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&parameter.name) && known.place == parameter.place) {
            Some(known) => {
                known.required |= parameter.required;
                known.secret |= parameter.secret;
            }
            None => all.push(parameter.clone()),
        }
    }
    all
}

/// The security schemes in the order of the document, and those that the client cannot carry.
pub(super) fn schemes(document: &Value) -> (Vec<Scheme>, Vec<Loss>) {
    let mut losses = Vec::new();
    let listed = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let schemes = listed.into_iter().flatten().filter_map(|(name, scheme)| {
        let Some(kind) = kind(scheme) else {
            losses.push(Loss {
                pointer: walk::join("/components/securitySchemes", name),
                text: format!(
                    "the client cannot show credentials as `{name}` asks; an operation that needs it is refused before sending"
                ),
                sources: sources(scheme),
            });
            return None;
        };
        Some(Scheme { name: name.clone(), kind, description: owned(scheme, "description"), sources: sources(scheme) })
    });
    (schemes.collect(), losses)
}

fn kind(scheme: &Value) -> Option<SchemeKind> {
    match (text(scheme, "type"), text(scheme, "in"), text(scheme, "scheme")) {
        (Some("apiKey"), Some("header"), _) => {
            Some(SchemeKind::Header { header: owned(scheme, "name"), prefix: owned(scheme, "x-prefix") })
        }
        (Some("apiKey"), Some("query"), _) => Some(SchemeKind::Query { name: owned(scheme, "name") }),
        (Some("http"), _, Some(name)) if name.eq_ignore_ascii_case("basic") => Some(SchemeKind::Basic),
        (Some("http"), _, Some(name)) if name.eq_ignore_ascii_case("bearer") => Some(SchemeKind::Bearer),
        // Both end with an access token.
        (Some("oauth2" | "openIdConnect"), _, _) => Some(SchemeKind::Bearer),
        _ => None,
    }
}
