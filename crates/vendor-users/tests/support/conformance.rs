//! Whether what was sent and answered is what the committed specification says.

use std::fs;

use jsonschema::Validator;
use vendor_users::client_core::serde_json::{self, Value, json};
use vendor_users::testing::Exchange;

/// A vendor's specification.
pub(crate) struct Specification {
    document: Value,
}

impl Specification {
    /// The committed one.
    pub(crate) fn of(vendor: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let path = format!("{}/../../specs/{vendor}/openapi.json", env!("CARGO_MANIFEST_DIR"));
        Ok(Self { document: serde_json::from_str(&fs::read_to_string(path)?)? })
    }

    /// What is wrong with an exchange. Logins that no document has and statuses that no document names are not looked at.
    pub(crate) fn faults(&self, exchange: &Exchange) -> Vec<String> {
        let Exchange { request, reply } = exchange;
        let Some(operation) = self.operation(&request.method, &request.path) else { return Vec::new() };
        let mut faults = Vec::new();
        let mut check = |what: &str, schema: Option<&Value>, body: &Value| {
            if let Some(schema) = schema {
                let errors = self.validator(schema).map(|validator| {
                    validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect::<Vec<_>>()
                });
                let errors = errors.unwrap_or_else(|error| vec![error]);
                faults.extend(
                    errors.into_iter().map(|error| format!("{what} of {} {}: {error}", request.method, request.path.join("/"))),
                );
            }
        };
        check("request", schema(operation.get("requestBody")), &request.body);
        let response = operation.pointer(&format!("/responses/{}", reply.status));
        // A null that the specification calls a failure is none of the documented bodies.
        let rules = self.document.get("x-failure").and_then(Value::as_array).into_iter().flatten();
        let is_failure = |rule: &Value| rule.get("at") == Some(&json!("")) && rule.get("when") == Some(&json!("null"));
        if reply.body == Some(Value::Null) && { rules }.any(is_failure) {
            return faults;
        }
        check("answer", schema(response), reply.body.as_ref().unwrap_or(&Value::Null));
        faults
    }

    /// The operation that a request is for.
    fn operation(&self, method: &str, path: &[String]) -> Option<&Value> {
        let paths = self.document.get("paths")?.as_object()?;
        let fits = |template: &str| {
            let segments: Vec<&str> = template.split('/').filter(|segment| !segment.is_empty()).collect();
            segments.len() == path.len()
                && segments.iter().zip(path).all(|(expected, found)| expected.starts_with('{') || expected == found)
        };
        paths.iter().find_map(|(template, item)| item.get(method.to_lowercase()).filter(|_| fits(template)))
    }

    fn validator(&self, schema: &Value) -> Result<Validator, String> {
        let mut components = self.document.get("components").cloned().unwrap_or_default();
        let mut root = schema.clone();
        nulls(&mut components);
        nulls(&mut root);
        let root = json!({ "allOf": [root], "components": components });
        jsonschema::draft4::new(&root).map_err(|error| error.to_string())
    }
}

/// The schema of the JSON in a request body or a response.
fn schema(holder: Option<&Value>) -> Option<&Value> {
    let content = holder?.get("content")?.as_object()?;
    content.iter().find(|(kind, _)| kind.starts_with("application/json")).or_else(|| content.iter().next())?.1.get("schema")
}

/// OpenAPI 3.0's `nullable` in JSON Schema's words.
fn nulls(node: &mut Value) {
    match node {
        Value::Array(elements) => elements.iter_mut().for_each(nulls),
        Value::Object(members) => {
            members.values_mut().for_each(nulls);
            members.remove("example");
            if members.get("nullable") == Some(&Value::Bool(true)) {
                members.remove("nullable");
                let inner = node.take();
                *node = json!({ "anyOf": [inner, { "type": "null" }] });
            }
        }
        _ => {}
    }
}
