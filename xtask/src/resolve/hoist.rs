//! Every object that stands inside another gets a name of its own in [`Api::schemas`].
//!
//! Input: an API with objects inside bodies and properties. Output: the same with references instead. A name is made
//! from where the object stands (`UpdateUserRequest`, `UpdateUserRequestAddress`), so it does not change when
//! something else does. Error bodies are named by their status and shared by the operations that agree on them.

use crate::{
    api::{Api, Kind, MediaType, Named, Origin, Schema},
    words::{component_name, singular, status_phrase},
};

use super::unite::same;

/// Hoists all objects of `api`.
pub(super) fn hoist(api: &mut Api) {
    let mut names = Names { schemas: std::mem::take(&mut api.schemas) };
    let entities: Vec<String> = names.schemas.keys().cloned().collect();
    for name in entities {
        let Some(mut schema) = names.schemas.get_mut(&name).map(std::mem::take) else { continue };
        names.within(&mut schema, &name);
        names.schemas.insert(name, schema);
    }
    for operation in &mut api.operations {
        let id = operation.operation_id.clone();
        for parameter in &mut operation.parameters {
            let name = format!("{id}{}", component_name(&parameter.name));
            names.visit(&mut parameter.schema, &name);
        }
        if let Some(body) = &mut operation.request_body {
            names.content(&mut body.content, &format!("{id}Request"));
        }
        let mut successes = 0;
        for response in &mut operation.responses {
            if !response.status.starts_with(['4', '5']) {
                let suffix = if successes == 0 { String::new() } else { component_name(&response.status) };
                successes += usize::from(!response.content.is_empty());
                names.content(&mut response.content, &format!("{id}Response{suffix}"));
                continue;
            }
            let phrase = component_name(status_phrase(&response.status));
            let shared = response.content.iter().all(|media| names.fits(media.schema.as_ref(), &phrase));
            let name = if shared { phrase } else { format!("{id}{phrase}") };
            names.content(&mut response.content, &name);
        }
    }
    api.schemas = names.schemas;
}

struct Names {
    schemas: Named<Schema>,
}

impl Names {
    /// One object per operation and direction, whatever the number of its media types.
    fn content(&mut self, content: &mut [MediaType], name: &str) {
        for media in content {
            if let Some(schema) = &mut media.schema {
                self.visit(schema, name);
            }
        }
    }

    /// Whether an object could be hoisted to `name` without a change of either.
    fn fits(&self, schema: Option<&Schema>, name: &str) -> bool {
        match (schema.map(|schema| &schema.kind), self.schemas.get(name)) {
            (Some(Kind::Object(_)), Some(known)) => {
                let mut hoisted = schema.cloned().unwrap_or_default();
                let mut scratch = Self { schemas: Named::default() };
                scratch.within(&mut hoisted, name);
                same(known, &hoisted)
            }
            _ => true,
        }
    }

    fn visit(&mut self, schema: &mut Schema, name: &str) {
        match &mut schema.kind {
            Kind::Object(_) => {
                self.within(schema, name);
                let reference = self.place(schema, name);
                let description = std::mem::take(&mut schema.description);
                *schema = Schema { description, ..Schema::new(Kind::Reference(reference), schema.origin.clone()) };
            }
            _ => self.within(schema, name),
        }
    }

    fn within(&mut self, schema: &mut Schema, name: &str) {
        match &mut schema.kind {
            Kind::Object(properties) => {
                for (property, inner) in properties {
                    self.visit(&mut inner.schema, &format!("{name}{}", component_name(property)));
                }
            }
            Kind::Array(inner) => self.visit(inner, &singular(name)),
            Kind::Map(inner) => self.visit(inner, &format!("{name}Value")),
            Kind::AnyOf(alternatives) => {
                for (index, alternative) in alternatives.iter_mut().enumerate() {
                    let title = alternative.title.as_deref().map(component_name).filter(|title| !title.is_empty());
                    let title = title.unwrap_or_else(|| format!("Option{}", index + 1));
                    self.visit(&mut alternative.schema, &format!("{name}{title}"));
                }
            }
            _ => {}
        }
    }

    /// Puts the object under `name`, or under the first free variation of it.
    fn place(&mut self, schema: &Schema, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        loop {
            match self.schemas.get_mut(&candidate) {
                Some(known) if same(known, schema) => {
                    extend(known, schema);
                    return candidate;
                }
                Some(_) => {
                    candidate = format!("{name}{number}");
                    number += 1;
                }
                None => {
                    // What a property says about its value stays at the property.
                    let described = Schema { description: None, ..schema.clone() };
                    self.schemas.insert(candidate.clone(), described);
                    return candidate;
                }
            }
        }
    }
}

/// Adds the places of an equal object, so that each of them can be traced.
fn extend(known: &mut Schema, other: &Schema) {
    add_spans(&mut known.origin, &other.origin);
    match (&mut known.kind, &other.kind) {
        (Kind::Object(properties), Kind::Object(others)) => {
            for (property, other) in properties.values_mut().zip(others.values()) {
                extend(&mut property.schema, &other.schema);
            }
        }
        (Kind::Array(inner), Kind::Array(other)) | (Kind::Map(inner), Kind::Map(other)) => extend(inner, other),
        (Kind::AnyOf(alternatives), Kind::AnyOf(others)) => {
            for (alternative, other) in alternatives.iter_mut().zip(others) {
                extend(&mut alternative.schema, &other.schema);
            }
        }
        _ => {}
    }
}

fn add_spans(known: &mut Origin, other: &Origin) {
    for span in &other.spans {
        if !known.spans.contains(span) {
            known.spans.push(*span);
        }
    }
}
