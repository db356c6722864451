//! What was read of a page against the Swagger 2.0 that its vendor publishes.

use serde_json::{Map, Value};
use xtask::api::{Api, Basis, Kind, Location, Operation, Schema};

/// How many facts agree, and which do not.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    pub(crate) operations: usize,
    pub(crate) agree: usize,
    pub(crate) all: usize,
    pub(crate) differences: Vec<String>,
}

impl Agreement {
    /// Compares one operation, if the Swagger has it.
    pub(crate) fn compare(&mut self, truth: &Value, api: &Api, operation: &Operation, page: &str) {
        let method = operation.method.name().to_lowercase();
        let Some(stated) = truth["paths"].get(&operation.path).and_then(|path| path.get(&method)) else { return };
        self.operations += 1;
        let page = format!("{page} {}", operation.operation_id);
        self.fact(stated["operationId"].as_str().is_some_and(|id| id.ends_with(&operation.operation_id)), || {
            format!("{page}: id")
        });
        self.parameters(stated, operation, &page);
        let body = parameters(stated).find(|parameter| parameter["in"] == "body");
        self.fact(body.is_some() == operation.request_body.is_some(), || format!("{page}: a body is sent"));
        let sent = operation.request_body.iter().flat_map(|body| &body.content).find_map(|media| media.schema.as_ref());
        if let (Some(body), Some(sent)) = (body, sent) {
            self.schema(truth, &body["schema"], api, sent, &format!("{page} body"), 0);
        }
        let empty = Map::new();
        for (status, response) in stated["responses"].as_object().unwrap_or(&empty) {
            let read = operation.responses.iter().find(|response| response.status == *status);
            self.fact(read.is_some(), || format!("{page}: {status}"));
            let schema = read.and_then(|response| response.content.first()).and_then(|media| media.schema.as_ref());
            self.fact(schema.is_some() == response.get("schema").is_some(), || format!("{page}: {status} has a body"));
            if let (Some(schema), Some(stated)) = (schema, response.get("schema")) {
                self.schema(truth, stated, api, schema, &format!("{page} {status}"), 0);
            }
        }
    }

    fn parameters(&mut self, stated: &Value, operation: &Operation, page: &str) {
        for parameter in parameters(stated).filter(|parameter| parameter["in"] != "body") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let location = match parameter["in"].as_str() {
                Some("path") => Location::Path,
                Some("query") => Location::Query,
                _ => Location::Header,
            };
            let credential = operation.security.iter().flatten().flatten().any(|scheme| scheme == name);
            let read = operation.parameters.iter().find(|read| read.location == location && read.name == name);
            self.fact(read.is_some() || credential, || format!("{page}: parameter {name}"));
            if let Some(read) = read {
                self.fact(Value::Bool(read.required) == parameter["required"], || format!("{page}: {name} required"));
                self.fact(same(parameter, &read.schema), || format!("{page}: {name} is {}", parameter["type"]));
            }
        }
    }

    /// As far as the page says: what it leaves unknown is not compared.
    fn schema(&mut self, truth: &Value, stated: &Value, api: &Api, read: &Schema, place: &str, depth: usize) {
        let stated = match stated["$ref"].as_str() {
            Some(reference) => truth.pointer(reference.trim_start_matches('#')).unwrap_or(stated),
            None => stated,
        };
        let read = match &read.kind {
            Kind::Reference(name) => api.schemas.get(name).unwrap_or(read),
            _ => read,
        };
        if read.kind == Kind::Unknown || depth > 4 {
            return;
        }
        self.fact(same(stated, read), || format!("{place}: {} is {:?}", stated["type"], read.kind));
        match &read.kind {
            Kind::Array(item) => self.schema(truth, &stated["items"], api, item, &format!("{place}[]"), depth + 1),
            Kind::Map(item) => self.schema(truth, &stated["additionalProperties"], api, item, &format!("{place}{{}}"), depth + 1),
            Kind::Object(properties) => {
                for (name, property) in properties {
                    let place = format!("{place}.{name}");
                    let stated = &stated["properties"][name];
                    self.fact(!stated.is_null() || property.schema.origin.basis == Basis::Sample, || {
                        format!("{place} is not there")
                    });
                    if !stated.is_null() {
                        self.schema(truth, stated, api, &property.schema, &place, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn fact(&mut self, agrees: bool, difference: impl Fn() -> String) {
        self.all += 1;
        self.agree += usize::from(agrees);
        if !agrees {
            self.differences.push(difference());
        }
    }
}

fn parameters(stated: &Value) -> impl Iterator<Item = &Value> {
    stated["parameters"].as_array().into_iter().flatten()
}

/// Whether two types are one on the wire; a format only counts where both have one.
fn same(stated: &Value, read: &Schema) -> bool {
    let kind = match &read.kind {
        Kind::Unknown | Kind::Reference(_) | Kind::AnyOf(_) => return true,
        Kind::Boolean => "boolean",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => return stated.get("properties").is_some(),
        Kind::Map(_) => return stated.get("additionalProperties").is_some(),
    };
    let formats = (stated["format"].as_str(), read.format.as_deref());
    stated["type"] == kind && matches!(formats, (a, b) if a.is_none() || b.is_none() || a == b)
}
