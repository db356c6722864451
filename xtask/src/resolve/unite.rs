//! Two descriptions of the same thing become one; where they disagree, a rule decides and a finding says so.
//!
//! Input: what is known, and what another place says. Output: the union. Knows nothing of where either came from.

use std::borrow::Cow;

use crate::{
    api::{Api, Basis, Constraints, Kind, MediaType, Operation, Origin, Parameter, Property, Schema},
    document::Span,
    finding::{Finding, FindingKind},
};

/// Joins further tables of a page with its types of their names; what comes back was read before what is sent.
pub(super) fn tables(api: &mut Api, tables: Vec<(String, Schema)>, findings: &mut Vec<Finding>) {
    for (name, table) in tables {
        match api.schemas.get_mut(&name) {
            Some(known) => schema(known, table, &name, findings),
            None => {
                api.schemas.insert(name, table);
            }
        }
    }
}

/// Joins what `other` says about the same method and path.
pub(super) fn operation(known: &mut Operation, other: Operation, findings: &mut Vec<Finding>) {
    let subject = format!("{} {}", known.method.name(), known.path);
    origin(&mut known.origin, other.origin);
    known.deprecated |= other.deprecated;
    known.summary = known.summary.take().or(other.summary);
    known.description = known.description.take().or(other.description);
    known.security = known.security.take().or(other.security);
    for parameter in other.parameters {
        match known.parameters.iter_mut().find(|one| one.name == parameter.name && one.location == parameter.location) {
            Some(one) => unite_parameter(one, parameter, &subject, findings),
            None => known.parameters.push(parameter),
        }
    }
    match (&mut known.request_body, other.request_body) {
        (Some(body), Some(more)) => content(&mut body.content, more.content, &subject, findings),
        (none, more) => {
            if none.is_none() {
                *none = more;
            }
        }
    }
    for response in other.responses {
        match known.responses.iter_mut().find(|one| one.status == response.status) {
            Some(one) => content(&mut one.content, response.content, &subject, findings),
            None => known.responses.push(response),
        }
    }
}

fn unite_parameter(known: &mut Parameter, other: Parameter, subject: &str, findings: &mut Vec<Finding>) {
    let subject = format!("{subject}, parameter {}", known.name);
    known.required |= other.required;
    known.description = known.description.take().or(other.description);
    schema(&mut known.schema, other.schema, &subject, findings);
    origin(&mut known.origin, other.origin);
}

fn content(known: &mut Vec<MediaType>, other: Vec<MediaType>, subject: &str, findings: &mut Vec<Finding>) {
    for media in other {
        match known.iter_mut().find(|one| one.name == media.name) {
            Some(one) => {
                match (&mut one.schema, media.schema) {
                    (Some(one), Some(more)) => schema(one, more, subject, findings),
                    (none, more) => *none = none.take().or(more),
                }
                one.example = one.example.take().or(media.example);
                origin(&mut one.origin, media.origin);
            }
            None => known.push(media),
        }
    }
}

/// Joins what `other` says about the type that `subject` names.
pub(super) fn schema(known: &mut Schema, other: Schema, subject: &str, findings: &mut Vec<Finding>) {
    let (here, there) = (known.origin.spans.first().copied(), other.origin.spans.first().copied());
    let mut disagree = |what: &str, kept: String, dropped: String| {
        findings.push(contradiction(subject, what, &kept, &dropped, here, there));
    };
    match (&known.description, &other.description) {
        (None, Some(_)) => known.description = other.description.clone(),
        (Some(one), Some(more)) if !same_words(one, more) => disagree("described", one.clone(), more.clone()),
        _ => {}
    }
    if *known.constraints == Constraints::default() {
        known.constraints = other.constraints;
    } else if *other.constraints != Constraints::default() && other.constraints != known.constraints {
        disagree("limited", constraints(&known.constraints), constraints(&other.constraints));
    }
    match (&known.format, &other.format) {
        (None, Some(format)) if std::mem::discriminant(&known.kind) == std::mem::discriminant(&other.kind) => {
            disagree("typed, the more exact one counts", format.clone(), "no format".into());
            known.format = Some(format.clone());
        }
        (Some(format), None) if std::mem::discriminant(&known.kind) == std::mem::discriminant(&other.kind) => {
            disagree("typed, the more exact one counts", format.clone(), "no format".into());
        }
        (Some(one), Some(more)) if one != more => disagree("typed", one.clone(), more.clone()),
        _ => {}
    }
    if std::mem::discriminant(&known.kind) == std::mem::discriminant(&other.kind) {
        for value in &other.enumeration {
            if !known.enumeration.contains(value) {
                known.enumeration.push(value.clone());
            }
        }
    } else if exactness(&other.kind, other.format.as_deref()) > exactness(&known.kind, known.format.as_deref()) {
        known.enumeration.clone_from(&other.enumeration);
    }
    known.nullable |= other.nullable;
    known.read_only |= other.read_only;
    known.deprecated |= other.deprecated;
    known.default = known.default.take().or(other.default);
    known.example = known.example.take().or(other.example);
    kind(known, other.kind, (other.format, here, there), subject, findings);
    origin(&mut known.origin, other.origin);
}

type Context = (Option<String>, Option<Span>, Option<Span>);

fn kind(known: &mut Schema, other: Kind, (format, here, there): Context, subject: &str, findings: &mut Vec<Finding>) {
    match (&mut known.kind, other) {
        (_, Kind::Unknown) => {}
        (Kind::Unknown, more) => {
            known.kind = more;
            known.format = format;
        }
        (Kind::Object(properties), Kind::Object(more)) => {
            for (name, property) in more {
                match properties.get_mut(&name) {
                    Some(one) => unite_property(one, property, &format!("{subject}.{name}"), findings),
                    None => {
                        properties.insert(name, property);
                    }
                }
            }
        }
        (Kind::Array(one), Kind::Array(more)) | (Kind::Map(one), Kind::Map(more)) => {
            schema(one, *more, &format!("{subject}[]"), findings);
        }
        (Kind::Integer, Kind::Number) => {
            findings.push(contradiction(subject, "typed, the wider one counts", "number", "integer", there, here));
            known.kind = Kind::Number;
            known.format = format;
        }
        (Kind::Number, Kind::Integer) => {
            findings.push(contradiction(subject, "typed, the wider one counts", "number", "integer", here, there));
        }
        (one, more) if *one == more => {}
        (one, more) if exactness(&more, format.as_deref()) > exactness(&*one, known.format.as_deref()) => {
            findings.push(contradiction(subject, "typed, the more exact one counts", &words(&more), &words(one), there, here));
            known.kind = more;
            known.format = format;
        }
        (one, more) => findings.push(contradiction(subject, "typed", &words(one), &words(&more), here, there)),
    }
}

fn unite_property(known: &mut Property, mut other: Property, subject: &str, findings: &mut Vec<Finding>) {
    // A sample shows what may travel; which of it must, and as what, is a table's word, wherever it stands.
    let shown = |property: &Property| property.schema.origin.basis == Basis::Sample;
    let only_shown = shown(known) != shown(&other);
    if only_shown && shown(known) {
        std::mem::swap(known, &mut other);
    }
    let simple = matches!(other.schema.kind, Kind::Boolean | Kind::Integer | Kind::Number | Kind::String);
    if only_shown && simple && matches!(known.schema.kind, Kind::Reference(_)) {
        // The value of an enumeration that the table names.
        known.schema.example = known.schema.example.take().or(other.schema.example);
        origin(&mut known.schema.origin, other.schema.origin);
        return;
    }
    if known.required != other.required && !only_shown {
        let (here, there) = (known.schema.origin.spans.first().copied(), other.schema.origin.spans.first().copied());
        findings.push(contradiction(
            subject,
            "demanded, what one place demands is not demanded of all",
            if known.required { "required" } else { "optional" },
            if other.required { "required" } else { "optional" },
            here,
            there,
        ));
        known.required = false;
    }
    schema(&mut known.schema, other.schema, subject, findings);
    if let Some(rows) = other.repeated {
        known.repeated.get_or_insert_default().extend(*rows);
    }
}

/// Keeps all places; a stated node stays stated however weakly another place says it.
fn origin(known: &mut Origin, other: Origin) {
    for span in other.spans {
        if !known.spans.contains(&span) {
            known.spans.push(span);
        }
    }
    if other.basis < known.basis {
        known.basis = other.basis;
        known.reason = other.reason;
    }
}

fn contradiction(subject: &str, what: &str, kept: &str, dropped: &str, here: Option<Span>, there: Option<Span>) -> Finding {
    let text =
        format!("{what} in two ways: kept `{kept}`, the first in the documents' order or by the rule named; not `{dropped}`");
    Finding::new(FindingKind::Contradiction, subject, text, here.into_iter().chain(there).collect())
}

/// How much a type says of its values.
fn exactness(kind: &Kind, format: Option<&str>) -> u8 {
    match kind {
        Kind::Unknown => 0,
        Kind::String | Kind::Integer | Kind::Number if format.is_none() => 1,
        Kind::Map(_) => 1,
        _ => 2,
    }
}

fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The kind in OpenAPI's words.
pub(super) fn words(kind: &Kind) -> Cow<'static, str> {
    match kind {
        Kind::Unknown => "unknown".into(),
        Kind::Boolean => "boolean".into(),
        Kind::Integer => "integer".into(),
        Kind::Number => "number".into(),
        Kind::String => "string".into(),
        Kind::Array(_) => "array".into(),
        Kind::Object(_) => "object".into(),
        Kind::Map(_) => "map".into(),
        Kind::Reference(name) => name.clone().into(),
        Kind::AnyOf(alternatives) => {
            let all: Vec<_> = alternatives.iter().map(|alternative| words(&alternative.schema.kind)).collect();
            format!("any of {}", all.join(", ")).into()
        }
    }
}

/// Equal but for where they stand in the documents.
pub(super) fn same(one: &Schema, other: &Schema) -> bool {
    let strip = |schema: &Schema| {
        let mut schema = schema.clone();
        schema.description = None;
        without_origin(&mut schema);
        schema
    };
    strip(one) == strip(other)
}

fn without_origin(schema: &mut Schema) {
    schema.origin = Origin::default();
    match &mut schema.kind {
        Kind::Object(properties) => properties.values_mut().for_each(|property| without_origin(&mut property.schema)),
        Kind::Array(inner) | Kind::Map(inner) => without_origin(inner),
        Kind::AnyOf(alternatives) => alternatives.iter_mut().for_each(|alternative| without_origin(&mut alternative.schema)),
        _ => {}
    }
}

/// The constraints that are set, such as `max_length: 16`.
fn constraints(constraints: &Constraints) -> String {
    let text = format!("{constraints:?}");
    let set: Vec<&str> = text
        .trim_start_matches("Constraints { ")
        .trim_end_matches(" }")
        .split(", ")
        .filter(|one| !one.ends_with("None") && !one.ends_with("false"))
        .collect();
    set.join(", ")
}
