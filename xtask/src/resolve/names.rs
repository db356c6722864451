//! Names that can be names.
//!
//! Takes a page whose duplicates are settled. A name that no specification can carry (an empty one, one with a line break, a
//! header that is no token) is the mark of a damaged page, which is refused at its place; a header that frames the message is
//! the HTTP library's to write and left out with a loss.

use crate::{
    api::{Alternative, Api, Kind, Location, Operation, Origin, Parameter, Schema, SchemeKind},
    diagnostic::Diagnostic,
    document::{Document, Span},
    finding::{Finding, FindingKind},
    words::is_token,
};

const HELP: &str = "compare this place with the vendor's page: what stands there was cut, glued or moved";

/// Refuses names that cannot be names, and leaves out headers that no caller may set.
pub(super) fn check(api: &mut Api, document: &Document, findings: &mut Vec<Finding>, diagnostics: &mut Vec<Diagnostic>) {
    let mut check = Check { start: document.span(0..0), diagnostics };
    for (name, schema) in &api.schemas {
        check.component("type", name, &schema.origin);
        check.within(schema);
    }
    for (name, scheme) in &api.security_schemes {
        check.component("security scheme", name, &scheme.origin);
        if let Some(SchemeKind::Header { name, .. }) = &scheme.kind {
            check.header(name, &scheme.origin);
            if frames(name) {
                check.refuse("header of a security scheme", name, "this header frames the message", &scheme.origin);
            }
        }
    }
    for operation in &mut api.operations {
        for parameter in &operation.parameters {
            check.parameter(parameter);
        }
        let Operation { method, path, parameters, .. } = &mut *operation;
        parameters.retain(|parameter| {
            let kept = parameter.location != Location::Header || !frames(&parameter.name);
            if !kept {
                let text = "this header frames the message, which only the HTTP library may: it is no parameter";
                let subject = format!("{} {path} {}", method.name(), parameter.name);
                let spans = parameter.origin.spans.to_vec();
                findings.push(Finding::new(FindingKind::Loss, subject, text, spans));
            }
            kept
        });
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        for schema in bodies.chain(responses).filter_map(|media| media.schema.as_ref()) {
            check.within(schema);
        }
    }
}

struct Check<'a> {
    start: Span,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    fn refuse(&mut self, what: &str, name: &str, why: &str, origin: &Origin) {
        let span = origin.spans.first().copied().unwrap_or(self.start);
        self.diagnostics.push(Diagnostic::new(span, format!("a name of a {what} was expected, found `{name}`: {why}"), HELP));
    }

    /// A name of `components`, as OpenAPI allows it.
    fn component(&mut self, what: &str, name: &str, origin: &Origin) {
        if name.is_empty() {
            self.refuse(what, name, "it is empty", origin);
        } else if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
            self.refuse(what, name, "only ASCII letters, digits, `.`, `_` and `-` may stand in it", origin);
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let Parameter { name, location, origin, schema, .. } = parameter;
        match location {
            Location::Header => self.header(name, origin),
            _ if name.is_empty() => self.refuse("parameter", name, "it is empty", origin),
            _ if name.contains(|char: char| char.is_whitespace() || char.is_control()) => {
                self.refuse("parameter", name, "white space cannot stand in it", origin);
            }
            Location::Cookie => self.header(name, origin),
            _ => {}
        }
        self.within(schema);
    }

    fn header(&mut self, name: &str, origin: &Origin) {
        if !is_token(name) {
            self.refuse("header", name, "a name of a header is one word of ASCII letters, digits and `-`", origin);
        }
    }

    fn within(&mut self, schema: &Schema) {
        match &schema.kind {
            Kind::Object(properties) => {
                for (name, property) in properties {
                    self.property(name, &property.schema.origin);
                    self.within(&property.schema);
                }
            }
            Kind::Array(inner) | Kind::Map(inner) => self.within(inner),
            Kind::AnyOf(alternatives) => {
                alternatives.iter().for_each(|Alternative { schema, .. }| self.within(schema));
            }
            _ => {}
        }
    }

    /// JSON allows any text; a page that gives one of these has lost something.
    fn property(&mut self, name: &str, origin: &Origin) {
        if name.is_empty() {
            self.refuse("property", name, "it is empty", origin);
        } else if name.contains(char::is_control) {
            self.refuse("property", name, "a line break or a control character cannot stand in it", origin);
        } else if name.trim().len() < name.len() {
            self.refuse("property", name, "white space cannot stand around it", origin);
        }
    }
}

/// Whether a header says where the message ends or whom it is for.
fn frames(name: &str) -> bool {
    const FRAMING: [&str; 8] =
        ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade"];
    FRAMING.iter().any(|header| header.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Method, Named, Property, SecurityScheme, observe};

    fn refused(api: Api) -> Vec<String> {
        settled(api).0
    }

    fn settled(mut api: Api) -> (Vec<String>, Vec<String>) {
        let (mut findings, mut diagnostics) = (Vec::new(), Vec::new());
        check(&mut api, &Document::new(0, "page", "text".to_owned()), &mut findings, &mut diagnostics);
        let left = api.operations.into_iter().flat_map(|operation| operation.parameters).map(|parameter| parameter.name);
        (diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect(), left.collect())
    }

    fn parameter(name: &str, location: Location) -> Api {
        let parameter = Parameter {
            name: name.to_owned(),
            location,
            required: false,
            description: None,
            schema: Schema::default(),
            origin: Origin::default(),
        };
        let operation =
            Operation { parameters: vec![parameter], ..Operation::new(Method::Get, "/ships".to_owned(), Origin::default()) };
        Api { operations: vec![operation], ..Api::default() }
    }

    #[test]
    fn names_of_components_are_openapis() {
        for (name, sound) in
            [("Ship", true), ("Ship.Hull_2-a", true), ("", false), ("Ship Hull", false), ("Schiff\n", false), ("Boîte", false)]
        {
            let mut api = Api::default();
            api.schemas.insert(name.to_owned(), Schema::default());
            assert_eq!(refused(api).is_empty(), sound, "type {name:?}");
            let mut api = Api::default();
            let scheme = SecurityScheme { kind: None, description: None, origin: Origin::default() };
            api.security_schemes.insert(name.to_owned(), scheme);
            assert_eq!(refused(api).is_empty(), sound, "scheme {name:?}");
        }
    }

    #[test]
    fn names_of_properties_may_have_words_and_nothing_that_breaks_a_line() {
        for (name, sound) in
            [("hull", true), ("Postal code", true), ("$ref", true), ("", false), (" ", false), ("a\nb", false), ("hull ", false)]
        {
            let mut properties = Named::default();
            observe(&mut properties, name.to_owned(), Property::new(Schema::default(), false));
            let mut api = Api::default();
            api.schemas.insert("Ship".to_owned(), Schema::new(Kind::Object(properties), Origin::default()));
            assert_eq!(refused(api).is_empty(), sound, "{name:?}");
        }
    }

    #[test]
    fn parameters_travel_under_names_that_can_travel() {
        for (name, location, sound) in [
            ("X-Ship", Location::Header, true),
            ("X Ship", Location::Header, false),
            ("X-Ship:", Location::Header, false),
            ("", Location::Query, false),
            ("filter[name]", Location::Query, true),
            ("by\nname", Location::Query, false),
        ] {
            assert_eq!(refused(parameter(name, location)).is_empty(), sound, "{name:?}");
        }
    }

    #[test]
    fn headers_that_frame_the_message_are_no_parameters() {
        for (name, kept) in [("Host", false), ("content-length", false), ("Transfer-Encoding", false), ("X-Host", true)] {
            let (refused, left) = settled(parameter(name, Location::Header));
            assert_eq!((refused.len(), left.len()), (0, usize::from(kept)), "{name}");
        }
        assert_eq!(settled(parameter("Host", Location::Query)).1, ["Host"]);
    }
}
