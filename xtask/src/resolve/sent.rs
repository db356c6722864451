//! Which type a body is that is sent.
//!
//! Takes operations whose bodies have a table of their own, with what the page calls them and says of them. Where these name a
//! type, the table is one of that type and the body refers to it; an assumption tells, and what of the type the table lacks.

use foldhash::HashSet;

use crate::{
    api::{Api, Kind, Named, Operation, Origin, Property, RequestBody, Schema},
    finding::{Finding, FindingKind},
    words::pascal_case,
};

/// Names the bodies of `api` by the types of the page; a table of a type that has one already goes to `tables`.
pub(super) fn settle(api: &mut Api, tables: &mut Vec<(String, Schema)>, findings: &mut Vec<Finding>) {
    let Api { operations, schemas, .. } = api;
    for operation in operations {
        let received = received(operation).map(str::to_owned);
        let Some(body) = &mut operation.request_body else { continue };
        let named = name(body, received.as_deref(), schemas);
        body.name = None;
        let Some((name, reason)) = named else { continue };
        let span = body.origin.spans.first().copied();
        let mut table = None;
        for schema in body.content.iter_mut().filter_map(|media| media.schema.as_mut()) {
            let origin = Origin { spans: span.into_iter().collect(), ..Origin::default() };
            let mut reference = Schema::new(Kind::Reference(name.clone()), origin);
            reference.origin.infer(reason);
            table = Some(std::mem::replace(schema, reference));
        }
        let Some(table) = table else { continue };
        let known = schemas.get(&name);
        let text = format!("{reason}{}", lacking(known, &table));
        let there = known.and_then(|known| known.origin.spans.first().copied());
        findings.push(Finding::new(FindingKind::Assumption, name.clone(), text, span.into_iter().chain(there).collect()));
        if known.is_some() {
            tables.push((name, table));
        } else {
            schemas.insert(name, table);
        }
    }
}

/// The type that comes back.
fn received(operation: &Operation) -> Option<&str> {
    let success = operation.responses.iter().find(|response| response.status.starts_with('2') && !response.content.is_empty());
    success?.content.first()?.schema.as_ref()?.entity()
}

/// The members of the body's own table.
fn members(body: &RequestBody) -> Option<&Named<Property>> {
    match &body.content.first()?.schema.as_ref()?.kind {
        Kind::Object(members) if !members.is_empty() => Some(members),
        _ => None,
    }
}

/// The type that the page gives the body, and why; `None` where it has no name.
fn name(body: &RequestBody, received: Option<&str>, schemas: &Named<Schema>) -> Option<(String, &'static str)> {
    const SAVED: [&str; 3] = ["to be saved", "that is saved", "to save"];
    let own = members(body)?;
    let parameter = body.name.as_deref().unwrap_or_default();
    if let Some(name) = received.filter(|name| name.eq_ignore_ascii_case(parameter)) {
        return Some((name.to_owned(), "the body has the name of the type that comes back: it is the same type"));
    }
    let prose = body.description.as_deref().unwrap_or_default();
    let saved = prose.strip_prefix("The ").and_then(|rest| rest.split_once(' '));
    let saved = saved.filter(|(_, rest)| SAVED.iter().any(|words| rest.starts_with(words)));
    if let Some((name, _)) = saved.filter(|(name, _)| is_type(name)) {
        return Some((name.to_owned(), "the description names the type that is saved"));
    }
    if let Some(name) = received
        && let Some(Schema { kind: Kind::Object(properties), .. }) = schemas.get(name)
        && own.len() > 1
        && own.len() * 2 >= properties.len()
        && own.keys().all(|name| properties.contains_key(name))
    {
        return Some((name.to_owned(), "all properties are those of the type that comes back: it is the same type"));
    }
    let name = pascal_case(parameter);
    let named = prose.split(|char: char| !char.is_alphanumeric()).any(|word| word == name && is_type(word));
    named.then_some((name, "the description names the type of the body"))
}

/// Whether a word can be the name of a type.
fn is_type(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.chars().all(|char| char.is_ascii_alphanumeric() || "_.".contains(char))
}

/// What of the type that comes back the body's table does not have, for people.
fn lacking(known: Option<&Schema>, table: &Schema) -> String {
    let (Some(Kind::Object(known)), Kind::Object(own)) = (known.map(|known| &known.kind), &table.kind) else {
        return String::new();
    };
    let own: HashSet<&String> = own.keys().collect();
    let names: Vec<String> = known.keys().filter(|name| !own.contains(name)).map(|name| format!("`{name}`")).collect();
    if names.is_empty() { String::new() } else { format!("; only the response's table has {}", names.join(", ")) }
}
