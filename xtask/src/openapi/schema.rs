//! Types as OpenAPI's Schema Objects.
//!
//! Input: a [`Schema`]. Output: JSON that stays within 3.0.3: no sibling of `$ref` (a reference that says more is
//! wrapped in `allOf`), `nullable` only beside `type`, null among the values of a nullable enumeration.

use serde_json::{Value, json};

use super::{Object, Writer, put, put_object};
use crate::api::{Alternative, Api, Constraints, Kind, Schema};

const NULL_IN_PLACES: &str = "some places of this type may be null, which a reference to it cannot say: the type says it for all";

/// The entities that some place shows to be null: since 3.0.3 a reference cannot say so itself, they must.
pub(super) fn nullable(api: &Api) -> Vec<String> {
    fn walk(schema: &Schema, names: &mut Vec<String>) {
        match &schema.kind {
            Kind::Reference(name) if schema.nullable && !names.contains(name) => names.push(name.clone()),
            Kind::Array(inner) | Kind::Map(inner) => walk(inner, names),
            Kind::Object(properties) => properties.values().for_each(|property| walk(&property.schema, names)),
            Kind::AnyOf(alternatives) => alternatives.iter().for_each(|alternative| walk(&alternative.schema, names)),
            _ => {}
        }
    }
    let mut names = Vec::new();
    api.schemas.values().for_each(|schema| walk(schema, &mut names));
    for operation in &api.operations {
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        bodies.chain(responses).filter_map(|media| media.schema.as_ref()).for_each(|schema| walk(schema, &mut names));
    }
    names
}

impl Writer<'_> {
    /// An entity of `components.schemas`.
    pub(super) fn component(&self, name: &str, schema: &Schema) -> Value {
        let mut written = schema.clone();
        if !schema.nullable && self.nullable.iter().any(|one| one == name) {
            written.nullable = true;
            written.origin.infer(NULL_IN_PLACES);
        }
        self.written(&written)
    }

    /// A type with all that is known about it.
    pub(super) fn schema(&self, schema: &Schema) -> Value {
        match &schema.kind {
            Kind::Reference(name) => {
                let mut object = Object::new();
                object.insert("allOf".into(), json!([reference(name)]));
                self.describe(&mut object, schema);
                object.into()
            }
            _ => self.written(schema),
        }
    }

    /// A type where a plain reference says all: the items of a list, the body of a message.
    pub(super) fn inner(&self, schema: &Schema) -> Value {
        match &schema.kind {
            Kind::Reference(name) if schema.description.is_none() => reference(name),
            _ => self.schema(schema),
        }
    }

    fn written(&self, schema: &Schema) -> Value {
        let mut object = Object::new();
        let name = match &schema.kind {
            Kind::Unknown | Kind::Reference(_) | Kind::AnyOf(_) => None,
            Kind::Boolean => Some("boolean"),
            Kind::Integer => Some("integer"),
            Kind::Number => Some("number"),
            Kind::String => Some("string"),
            Kind::Array(_) => Some("array"),
            Kind::Object(_) | Kind::Map(_) => Some("object"),
        };
        put(&mut object, "type", name.map(ToOwned::to_owned));
        put(&mut object, "format", schema.format.clone());
        if schema.nullable && name.is_some() {
            object.insert("nullable".into(), true.into());
        }
        match &schema.kind {
            Kind::Reference(name) => {
                object.insert("allOf".into(), json!([reference(name)]));
            }
            Kind::Array(items) => {
                object.insert("items".into(), self.inner(items));
            }
            Kind::AnyOf(alternatives) => {
                let all = alternatives.iter().map(|Alternative { title, schema }| {
                    // Beside a reference nothing can stand.
                    let written = if title.is_some() { self.schema(schema) } else { self.inner(schema) };
                    let mut object = Object::new();
                    put(&mut object, "title", title.clone());
                    object.extend(written.as_object().cloned().unwrap_or_default());
                    Value::Object(object)
                });
                object.insert("anyOf".into(), all.collect());
            }
            Kind::Map(values) => {
                object.insert("additionalProperties".into(), self.inner(values));
            }
            Kind::Object(properties) => {
                let required: Vec<Value> =
                    properties.iter().filter(|(_, property)| property.required).map(|(name, _)| name.clone().into()).collect();
                if !required.is_empty() {
                    object.insert("required".into(), required.into());
                }
                let all = properties.iter().map(|(name, property)| (name.clone(), self.schema(&property.schema)));
                put_object(&mut object, "properties", all.collect());
            }
            _ => {}
        }
        self.describe(&mut object, schema);
        object.into()
    }

    fn describe(&self, object: &mut Object, schema: &Schema) {
        put(object, "description", schema.description.clone());
        constraints(object, &schema.constraints);
        if !schema.enumeration.is_empty() {
            let mut values = schema.enumeration.clone();
            if schema.nullable && !values.contains(&Value::Null) {
                values.push(Value::Null);
            }
            object.insert("enum".into(), values.into());
        }
        for (key, value) in [("default", &schema.default), ("example", &schema.example)] {
            if let Some(value) = value {
                object.insert(key.into(), (**value).clone());
            }
        }
        if let Some(name) = &schema.xml_name {
            object.insert("xml".into(), json!({ "name": **name }));
        }
        if schema.read_only {
            object.insert("readOnly".into(), true.into());
        }
        if schema.deprecated {
            object.insert("deprecated".into(), true.into());
        }
        self.source(object, &schema.origin);
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn constraints(object: &mut Object, constraints: &Constraints) {
    let mut number = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(key.into(), value);
        }
    };
    number("minLength", constraints.min_length.map(Value::from));
    number("maxLength", constraints.max_length.map(Value::from));
    number("pattern", constraints.pattern.clone().map(Value::from));
    number("minimum", constraints.minimum.clone().map(Value::Number));
    number("exclusiveMinimum", constraints.exclusive_minimum.then(|| true.into()));
    number("maximum", constraints.maximum.clone().map(Value::Number));
    number("exclusiveMaximum", constraints.exclusive_maximum.then(|| true.into()));
    number("multipleOf", constraints.multiple_of.clone().map(Value::Number));
    number("minItems", constraints.min_items.map(Value::from));
    number("maxItems", constraints.max_items.map(Value::from));
    number("uniqueItems", constraints.unique_items.then(|| true.into()));
}
