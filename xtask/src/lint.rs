//! What validators of specifications do not look for.
//!
//! Takes a specification as JSON. Returns complaints, each with the JSON pointer of what it is about. Knows nothing of
//! where the specification comes from.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use serde_json::{Map, Value};

use crate::nodes::{self, NodeKind, Pointer, unescape};

/// One thing that is wrong with a specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What it is about.
    pub pointer: Pointer,
    /// What was expected and found.
    pub message: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.pointer, self.message)
    }
}

/// All complaints about `specification`: those about paths, those about nodes in the order of the document, then those about
/// references.
#[must_use]
pub fn check(specification: &Value) -> Vec<Complaint> {
    let mut lint = Lint { specification, complaints: Vec::new() };
    lint.paths();
    let mut operations: HashMap<String, Pointer> = HashMap::new();
    nodes::visit(specification, |pointer, kind, object| {
        lint.source(pointer, kind, object);
        match kind {
            NodeKind::Schema => lint.schema(pointer, object),
            NodeKind::Operation => {
                lint.operation(pointer, object);
                if let Some(id) = object.get("operationId").and_then(Value::as_str)
                    && let Some(first) = operations.insert(id.to_owned(), pointer.clone())
                {
                    lint.complain(pointer, format!("the operationId `{id}` is also that of {first}"));
                }
            }
            _ => {}
        }
    });
    nodes::references(specification, |pointer, reference, object| {
        if reference.strip_prefix('#').and_then(|target| specification.pointer(target)).is_none() {
            lint.complain(pointer, format!("`$ref` to `{reference}`, which is not in this document"));
        } else if object.len() > 1 {
            lint.complain(pointer, "members beside `$ref` are ignored in OpenAPI 3.0; use `allOf`");
        }
    });
    lint.complaints
}

struct Lint<'a> {
    specification: &'a Value,
    complaints: Vec<Complaint>,
}

impl Lint<'_> {
    fn complain(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.complaints.push(Complaint { pointer: pointer.clone(), message: message.into() });
    }

    /// Each node says where it comes from, and why where that is not the document's plain word.
    fn source(&mut self, pointer: &Pointer, kind: NodeKind, object: &Map<String, Value>) {
        let sources = match object.get("x-source") {
            Some(Value::Array(sources)) => sources.as_slice(),
            Some(source) => std::slice::from_ref(source),
            None => &[],
        };
        if sources.is_empty() || !sources.iter().all(|source| source.as_str().is_some_and(is_place)) {
            self.complain(pointer, format!("this {} has no `x-source` of the form `file:line:column`", kind.name()));
        }
        match object.get("x-basis").map(Value::as_str) {
            None => {}
            Some(Some("sample" | "inferred" | "overlay")) if object.get("x-reason").is_some_and(Value::is_string) => {}
            Some(Some("sample" | "inferred" | "overlay")) => self.complain(pointer, "`x-basis` without an `x-reason`"),
            Some(_) => self.complain(pointer, "`x-basis` must be `sample`, `inferred` or `overlay`"),
        }
        match object.get("x-confidence").map(Value::as_str) {
            None => {}
            Some(Some("weak")) if object.contains_key("x-basis") => {}
            Some(Some("weak")) => self.complain(pointer, "`x-confidence` without an `x-basis`"),
            Some(_) => self.complain(pointer, "`x-confidence` must be `weak`, or be left out"),
        }
    }

    /// Templates that differ in the names of their parameters only are one path to OpenAPI.
    fn paths(&mut self) {
        let paths: Vec<&String> =
            self.specification.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
        let mut first: HashMap<String, &String> = HashMap::new();
        for path in paths {
            if let Some(other) = first.insert(nodes::path_shape(path), path) {
                let message = format!("`{path}` and `{other}` differ in the names of their parameters only: they are one path");
                self.complain(&Pointer::default().join("paths").join(path), message);
            }
        }
    }

    /// What must hold before the operation can succeed: a name for programs, and for people how "only if" goes on.
    fn preconditions(&mut self, pointer: &Pointer, operation: &Map<String, Value>) {
        let Some(listed) = operation.get("x-preconditions") else { return };
        let entries = listed.as_array().filter(|entries| !entries.is_empty());
        let mut seen = HashSet::new();
        let sound = entries.is_some_and(|entries| {
            entries.iter().all(|entry| {
                let name = entry.get("name").and_then(Value::as_str).filter(|name| is_kebab(name));
                entry.as_object().is_some_and(|members| members.len() == 2)
                    && entry.get("description").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
                    && name.is_some_and(|name| seen.insert(name))
            })
        });
        if !sound {
            let message =
                "`x-preconditions` must be a list of `{name, description}`, the name in small letters with hyphens, each once";
            self.complain(pointer, message);
        }
    }

    fn schema(&mut self, pointer: &Pointer, schema: &Map<String, Value>) {
        for (least, most) in
            [("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"), ("minimum", "maximum")]
        {
            let (Some(low), Some(high)) = (schema.get(least), schema.get(most)) else { continue };
            if low.as_f64() > high.as_f64() {
                self.complain(pointer, format!("`{least}` {low} is above `{most}` {high}"));
            }
        }
        if schema.contains_key("nullable") && !schema.contains_key("type") {
            self.complain(pointer, "`nullable` without `type` says nothing");
        }
        if schema.get("type").is_some_and(|kind| kind == "array") && !schema.contains_key("items") {
            self.complain(pointer, "an array without `items`");
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let composed = ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key));
        let mut seen = HashSet::new();
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !seen.insert(name) {
                self.complain(pointer, format!("`{name}` is listed twice in `required`"));
            }
            if !composed && !properties.is_some_and(|properties| properties.contains_key(name)) {
                self.complain(pointer, format!("`required` names `{name}`, which is not among the properties"));
            }
        }
        let mut values = HashSet::new();
        for value in schema.get("enum").and_then(Value::as_array).into_iter().flatten() {
            if !values.insert(value.to_string()) {
                self.complain(pointer, format!("the value {value} is listed twice in `enum`"));
            }
        }
    }

    fn operation(&mut self, pointer: &Pointer, operation: &Map<String, Value>) {
        let Some((item, method)) = pointer.split() else { return };
        if matches!(method.as_str(), "get" | "head") && operation.contains_key("requestBody") {
            self.complain(pointer, format!("a {} with a body", method.to_uppercase()));
        }
        if !operation.contains_key("operationId") {
            self.complain(pointer, "an operation without an operationId");
        }
        self.path_parameters(pointer, &item, operation);
        self.preconditions(pointer, operation);
        self.pages(pointer, &item, &method, operation);
        let schemes = self.specification.pointer("/components/securitySchemes").and_then(Value::as_object);
        for requirement in operation.get("security").and_then(Value::as_array).into_iter().flatten() {
            for name in requirement.as_object().into_iter().flat_map(Map::keys) {
                if !schemes.is_some_and(|schemes| schemes.contains_key(name)) {
                    self.complain(pointer, format!("`security` names the scheme `{name}`, which is not among the components"));
                }
            }
        }
    }

    /// The template and the parameters, those of the path item included, name the same.
    fn path_parameters(&mut self, pointer: &Pointer, item: &Pointer, operation: &Map<String, Value>) {
        let Some((_, template)) = item.split() else { return };
        let parameters: Vec<(&str, &str)> = parameters(self.specification, item, operation)
            .map(|parameter| (text(parameter, "in"), text(parameter, "name")))
            .collect();
        let mut seen = HashSet::new();
        let named: Vec<&str> =
            template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
        for &(location, name) in &parameters {
            if location == "path" && !named.contains(&name) {
                self.complain(pointer, format!("the path parameter `{name}` does not stand in `{template}`"));
            }
            if !seen.insert((location, name.to_lowercase())) && location == "header" {
                self.complain(pointer, format!("the header `{name}` is listed twice"));
            }
        }
        for name in named {
            if !parameters.contains(&("path", name)) {
                self.complain(pointer, format!("`{template}` has `{{{name}}}`, which is not among the path parameters"));
            }
        }
    }

    /// How a list comes in pages: an integer in the query asks for one, and the items are an array in the response.
    fn pages(&mut self, pointer: &Pointer, item: &Pointer, method: &str, operation: &Map<String, Value>) {
        let Some(rule) = operation.get("x-pages") else { return };
        if method != "get" {
            self.complain(pointer, format!("`x-pages` on a {}; only a GET is read page after page", method.to_uppercase()));
        }
        let known = rule.as_object().is_some_and(|members| members.len() == 3);
        let named = rule.get("parameter").and_then(Value::as_str);
        let items = rule.get("items").and_then(Value::as_str);
        let (true, Some(name), Some(items), true) = (known, named, items, rule.get("first").is_some_and(Value::is_i64)) else {
            let message = "`x-pages` must be `{parameter, first, items}`: a name, a whole number and a JSON pointer";
            return self.complain(pointer, message);
        };
        let asks = parameters(self.specification, item, operation).any(|parameter| {
            let schema = parameter.get("schema").map(|schema| resolve(self.specification, schema));
            text(parameter, "in") == "query"
                && text(parameter, "name") == name
                && schema.is_some_and(|schema| text(schema, "type") == "integer")
        });
        if !asks {
            self.complain(pointer, format!("`x-pages` names `{name}`, which is no integer in the query of this operation"));
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        let success = responses.into_iter().flatten().find(|(status, _)| status.starts_with('2'));
        let schema =
            success.and_then(|(_, response)| resolve(self.specification, response).pointer("/content/application~1json/schema"));
        let list = items.split('/').skip(1).try_fold(schema.map(|schema| resolve(self.specification, schema)), |schema, name| {
            let name = unescape(name);
            schema?.get("properties")?.get(&name).map(|schema| Some(resolve(self.specification, schema)))
        });
        if list.flatten().is_none_or(|schema| text(schema, "type") != "array") {
            self.complain(pointer, format!("`x-pages` says that the items stand at `{items}`, where the response has no array"));
        }
    }
}

/// The parameters of an operation, those of its path item included.
fn parameters<'a>(
    specification: &'a Value,
    item: &Pointer,
    operation: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a Value> + use<'a> {
    let shared = specification.pointer(item.join("parameters").as_str());
    let lists = [operation.get("parameters"), shared].into_iter().flatten();
    lists.flat_map(Value::as_array).flatten().map(|parameter| resolve(specification, parameter))
}

/// What a reference leads to, one step far; the value itself where it is none.
fn resolve<'a>(specification: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
    target.and_then(|pointer| specification.pointer(pointer)).unwrap_or(value)
}

fn text<'a>(node: &'a Value, key: &str) -> &'a str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Small letters, digits and single hyphens.
fn is_kebab(text: &str) -> bool {
    text.split('-').all(|part| !part.is_empty() && part.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit()))
}

/// `file:line:column`
fn is_place(text: &str) -> bool {
    let mut parts = text.rsplitn(3, ':');
    let mut number = || parts.next().is_some_and(|part| part.parse::<usize>().is_ok_and(|number| number > 0));
    number() && number() && parts.next().is_some_and(|file| !file.is_empty())
}
