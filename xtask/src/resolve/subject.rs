//! What findings call the parts of a page.
//!
//! Takes an operation, a type or a member of one. Returns a name for people, such as `GET /users/{id}` or `User.Address`.
//! Decides nothing.

use crate::api::{Api, Operation, Schema};

/// A name and what it stands in: `User`, then `User.Address`, without a copy of either. Few pages have a finding that is
/// called so: nothing is put together before it is printed.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// What it stands in, and what is between both.
    within: Option<(&'a Subject<'a>, &'static str)>,
    name: &'a str,
}

impl<'a> Subject<'a> {
    pub(super) fn root(name: &'a str) -> Self {
        Self { within: None, name }
    }

    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self { within: Some((self, ".")), name }
    }

    /// The next word of a name of several, such as the path behind a method.
    fn word(&'a self, name: &'a str) -> Self {
        Self { within: Some((self, " ")), name }
    }
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some((within, between)) = self.within {
            write!(formatter, "{within}{between}")?;
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
        let Operation { method, path, parameters, request_body, responses, .. } = operation;
        let method = Subject::root(method.name());
        let title = method.word(path);
        for parameter in parameters {
            visit(&mut parameter.schema, &title.member(&parameter.name));
        }
        let sent = request_body.iter_mut().flat_map(|body| &mut body.content).map(|media| (media, "request"));
        let received = responses.iter_mut().flat_map(|response| {
            let status = response.status.as_str();
            response.content.iter_mut().map(move |media| (media, status))
        });
        for (media, direction) in sent.chain(received) {
            if let Some(schema) = &mut media.schema {
                visit(schema, &title.word(direction));
            }
        }
    }
}
