//! What findings call the parts of a page.
//!
//! Takes an operation, a type or a member of one. Returns a name for people, such as `GET /users/{id}` or `User.Address`.
//! Decides nothing.

use crate::api::{Api, Operation, Schema};

/// A name and what it stands in: `User`, then `User.Address`, without a copy of either.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    within: Option<&'a Subject<'a>>,
    name: &'a str,
}

impl<'a> Subject<'a> {
    pub(super) fn root(name: &'a str) -> Self {
        Self { within: None, name }
    }

    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self { within: Some(self), name }
    }
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(within) = self.within {
            write!(formatter, "{within}.")?;
        }
        formatter.write_str(self.name)
    }
}

/// `GET /users/{id}`
pub(super) fn title(operation: &Operation) -> String {
    format!("{} {}", operation.method.name(), operation.path)
}

/// Visits the type of every entity, parameter and body, each with what it is called in findings.
pub(super) fn each_schema(api: &mut Api, mut visit: impl FnMut(&mut Schema, &Subject<'_>)) {
    for (name, schema) in &mut api.schemas {
        visit(schema, &Subject::root(name));
    }
    for operation in &mut api.operations {
        let title = title(operation);
        for parameter in &mut operation.parameters {
            visit(&mut parameter.schema, &Subject::root(&title).member(&parameter.name));
        }
        let sent = operation.request_body.iter_mut().flat_map(|body| &mut body.content).map(|media| (media, "request"));
        let received = operation.responses.iter_mut().flat_map(|response| {
            let status = response.status.as_str();
            response.content.iter_mut().map(move |media| (media, status))
        });
        for (media, direction) in sent.chain(received) {
            if let Some(schema) = &mut media.schema {
                let name = format!("{title} {direction}");
                visit(schema, &Subject::root(&name));
            }
        }
    }
}
