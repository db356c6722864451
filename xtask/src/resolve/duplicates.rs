//! A row that stands twice.
//!
//! Takes properties with all rows of their names, and parameters in a list that may have one several times. Leaves each once,
//! with all its places. Rows that agree on the type are one; where they do not, it cannot be told which one is right, so the
//! type stays unknown, and a contradiction names the places.

use std::collections::HashSet;

use indexmap::{IndexMap, map::Entry};

use crate::{
    api::{Api, Basis, Kind, Operation, Origin, Parameter, Property, RareConstraints, Schema},
    finding::{Finding, FindingKind},
};

use super::{
    subject::{Subject, each_schema, title},
    unite::{same, words},
};

const REASON: &str = "the page has this twice with different types: its type stays unknown";

/// Leaves each property and each parameter of `api` once.
pub(super) fn settle(api: &mut Api, findings: &mut Vec<Finding>) {
    for operation in &mut api.operations {
        parameters(operation, findings);
    }
    each_schema(api, |schema, subject| within(schema, subject, findings));
}

fn within(schema: &mut Schema, subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    match &mut schema.kind {
        Kind::Object(properties) => {
            for (name, property) in properties {
                let subject = subject.member(name);
                for row in property.repeated.take().into_iter().flat_map(|rows| rows.into_iter()) {
                    join(property, row, &subject, findings);
                }
                within(&mut property.schema, &subject, findings);
            }
        }
        Kind::Array(inner) | Kind::Map(inner) => within(inner, subject, findings),
        Kind::AnyOf(alternatives) => {
            for alternative in alternatives {
                let name = alternative.title.as_deref().unwrap_or("alternative");
                within(&mut alternative.schema, &subject.member(name), findings);
            }
        }
        _ => {}
    }
}

fn parameters(operation: &mut Operation, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::with_capacity(operation.parameters.len());
    if operation.parameters.iter().all(|parameter| seen.insert((parameter.location, parameter.name.as_str()))) {
        return;
    }
    let title = title(operation);
    let mut once: IndexMap<_, Parameter> = IndexMap::new();
    for parameter in std::mem::take(&mut operation.parameters) {
        match once.entry((parameter.location, parameter.name.clone())) {
            Entry::Occupied(mut first) => {
                let first = first.get_mut();
                let mut row = row(first);
                let mut other = parameter;
                join(&mut row, self::row(&mut other), &Subject::root(&title).member(&first.name), findings);
                put(first, row);
            }
            Entry::Vacant(free) => {
                free.insert(parameter);
            }
        }
    }
    operation.parameters = once.into_values().collect();
}

/// A parameter as if it were a row of a table of properties.
fn row(parameter: &mut Parameter) -> Property {
    let mut schema = std::mem::take(&mut parameter.schema);
    schema.description = parameter.description.take();
    schema.origin.spans.clone_from(&parameter.origin.spans);
    Property::new(schema, parameter.required)
}

fn put(parameter: &mut Parameter, row: Property) {
    parameter.required = row.required;
    parameter.schema = row.schema;
    parameter.description = parameter.schema.description.take();
    parameter.origin.spans.clone_from(&parameter.schema.origin.spans);
}

fn join(first: &mut Property, mut other: Property, subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for row in other.repeated.take().into_iter().flat_map(|rows| rows.into_iter()) {
        join(&mut other, row, subject, findings);
    }
    let spans = first.schema.origin.spans.iter().chain(&other.schema.origin.spans).copied().collect::<Vec<_>>();
    let mut note = |text: String| {
        findings.push(Finding::new(FindingKind::Contradiction, subject.to_string(), text, spans.clone()));
    };
    let known = &mut first.schema;
    let other_required = other.required;
    let other = other.schema;
    let already_unknown = known.origin.reason.as_deref() == Some(REASON);
    if already_unknown || !same_type(known, &other) {
        note(format!("the page has this twice, as `{}` and as `{}`: its type stays unknown", said(known), said(&other)));
        let spans = std::mem::take(&mut known.origin.spans);
        *known = Schema {
            description: known.description.take(),
            nullable: known.nullable || other.nullable,
            read_only: known.read_only && other.read_only,
            deprecated: known.deprecated && other.deprecated,
            ..Schema::new(Kind::Unknown, Origin { spans, basis: Basis::Inferred, reason: Some(REASON.into()) })
        };
    } else {
        if known.nullable != other.nullable {
            note("the page has this twice, once with null and once without: it is taken to be nullable".to_owned());
            known.nullable = true;
        }
        if known.constraints != other.constraints {
            note("the page has this twice with different constraints: none of them is kept".to_owned());
            known.constraints = RareConstraints::default();
        }
        if known.enumeration != other.enumeration {
            note(
                "the page has this twice with different values: all of them are kept, or none where one row lists none"
                    .to_owned(),
            );
            if known.enumeration.is_empty() || other.enumeration.is_empty() {
                known.enumeration.clear();
            } else {
                known.enumeration.extend(
                    other.enumeration.iter().filter(|value| !known.enumeration.contains(value)).cloned().collect::<Vec<_>>(),
                );
            }
        }
        if let (Kind::Object(mine), Kind::Object(theirs)) = (&known.kind, &other.kind)
            && mine.is_empty()
            && !theirs.is_empty()
        {
            known.kind = other.kind.clone();
        }
        known.default = known.default.take().filter(|value| other.default.as_ref().is_none_or(|other| other == value));
        known.example = known.example.take().or(other.example);
        known.read_only &= other.read_only;
        known.deprecated &= other.deprecated;
    }
    match (&known.description, other.description) {
        (None, description) => known.description = description,
        (Some(mine), Some(theirs)) if !mine.split_whitespace().eq(theirs.split_whitespace()) => {
            note("the page describes this twice in different words: the first ones are kept".to_owned());
        }
        _ => {}
    }
    if first.required != other_required {
        note("the page has this twice, once required and once not: it is taken to be optional".to_owned());
        first.required = false;
    }
    first.schema.origin.spans = spans.into();
}

/// Whether two rows say the same kind of value, whatever they say about it beside that.
fn same_type(one: &Schema, other: &Schema) -> bool {
    let open = |kind: &Kind| match kind {
        Kind::Object(properties) => properties.is_empty(),
        Kind::Array(item) | Kind::Map(item) => item.kind == Kind::Unknown,
        _ => false,
    };
    let bare = |schema: &Schema| Schema { kind: schema.kind.clone(), ..Schema::default() };
    // A row that leaves open what is in a value does not contradict the one that says it.
    let forms =
        std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind) && (open(&one.kind) || open(&other.kind));
    one.format == other.format && (forms || same(&bare(one), &bare(other)))
}

fn said(schema: &Schema) -> String {
    match &schema.format {
        Some(format) => format!("{} ({format})", words(&schema.kind)),
        None => words(&schema.kind).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{Location, Method, Named, Operation, Origin, observe},
        document::Span,
    };

    fn at(start: u32) -> Origin {
        Origin::stated(Span { document: 0, start, end: start + 1 })
    }

    fn rows(rows: &[(Kind, bool)]) -> (Schema, Vec<String>) {
        let mut properties = Named::default();
        for (at_row, (kind, required)) in rows.iter().enumerate() {
            observe(&mut properties, "mast".to_owned(), Property::new(Schema::new(kind.clone(), at(at_row as u32)), *required));
        }
        let mut api = Api::default();
        api.schemas.insert("Ship".to_owned(), Schema::new(Kind::Object(properties), at(0)));
        let mut findings = Vec::new();
        settle(&mut api, &mut findings);
        let Kind::Object(mut properties) = std::mem::take(&mut api.schemas["Ship"].kind) else { panic!("an object") };
        let property = properties.swap_remove("mast").unwrap();
        assert!(property.repeated.is_none());
        (property.schema, findings.into_iter().map(|finding| format!("{}: {}", finding.subject, finding.text)).collect())
    }

    #[test]
    fn rows_of_different_types_leave_the_type_unknown_whatever_follows() {
        let (schema, findings) = rows(&[(Kind::String, false), (Kind::Integer, false), (Kind::Integer, false)]);
        assert_eq!((schema.kind, schema.origin.spans.len(), schema.origin.basis), (Kind::Unknown, 3, Basis::Inferred));
        assert_eq!(findings[0], "Ship.mast: the page has this twice, as `string` and as `integer`: its type stays unknown");
    }

    #[test]
    fn rows_that_agree_are_one_and_optional_where_one_of_them_is() {
        let (schema, findings) = rows(&[(Kind::String, true), (Kind::String, true)]);
        assert_eq!((schema.kind, schema.origin.spans.len(), findings.len()), (Kind::String, 2, 0));
        let (_, findings) = rows(&[(Kind::String, true), (Kind::String, false)]);
        assert_eq!(findings, ["Ship.mast: the page has this twice, once required and once not: it is taken to be optional"]);
    }

    #[test]
    fn parameters_are_told_apart_by_their_location() {
        let parameter = |location, kind, start| Parameter {
            name: "mast".to_owned(),
            location,
            required: false,
            description: None,
            schema: Schema::new(kind, at(start)),
            origin: at(start),
        };
        let mut operation = Operation {
            parameters: vec![
                parameter(Location::Query, Kind::String, 0),
                parameter(Location::Header, Kind::String, 1),
                parameter(Location::Query, Kind::Integer, 2),
            ],
            ..Operation::new(Method::Get, "/ships".to_owned(), at(0))
        };
        let mut findings = Vec::new();
        parameters(&mut operation, &mut findings);
        let kinds: Vec<_> = operation.parameters.iter().map(|parameter| (parameter.location, &parameter.schema.kind)).collect();
        assert_eq!(kinds, [(Location::Query, &Kind::Unknown), (Location::Header, &Kind::String)]);
        assert_eq!(findings[0].spans.len(), 2);
    }
}
