//! Objects that a page repeats and does not name.
//!
//! Takes a page whose bodies may have objects inline. Objects that are equal become one entity, which is named after the noun
//! that the headings of their operations share; a finding tells of those that have the same properties and are not equal.

use std::hash::{Hash, Hasher};

use foldhash::{HashMap, HashMapExt as _, fast::RandomState};
use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    api::{Alternative, Api, Basis, Kind, Named, Operation, Property, Schema},
    document::Span,
    finding::{Finding, FindingKind},
    words,
};

/// Fewer properties are no entity.
const FEWEST: usize = 2;

/// Where an object stands.
#[derive(Clone, Copy, Debug)]
struct Site {
    operation: usize,
    /// `None` is the request.
    response: Option<usize>,
    media: usize,
}

type Groups<'a> = IndexMap<Form<'a>, Vec<Site>, RandomState>;

/// Replaces equal objects by references to one entity.
pub(super) fn share(api: &mut Api, findings: &mut Vec<Finding>) {
    let operations = &mut api.operations;
    let mut groups: Groups<'_> = IndexMap::default();
    for site in sites(operations) {
        if let Some(schema) = object(operations, site).filter(|schema| is_entity(schema)) {
            groups.entry(Form(schema)).or_default().push(site);
        }
    }
    tell_conflicts(operations, &groups, findings);
    let mut groups: Vec<Vec<Site>> = groups.into_values().filter(|sites| is_repeated(sites)).collect();
    // The object that stands most often has first choice of a name.
    groups.sort_by_key(|sites| std::cmp::Reverse(sites.len()));
    let mut entities: Named<Schema> = Named::default();
    let mut numbers = HashMap::new();
    for sites in groups {
        let name = free_name(name(operations, &sites), &entities, &mut numbers);
        let headings: Vec<String> =
            sites.iter().filter_map(|site| heading(operations, *site)).map(|text| format!("`{text}`")).collect();
        let mut entity: Option<Schema> = None;
        for site in sites {
            let Some(schema) = object_mut(operations, site) else { continue };
            let reference = Schema::new(Kind::Reference(name.clone()), schema.origin.clone());
            let taken = std::mem::replace(schema, reference);
            match &mut entity {
                None => entity = Some(taken),
                Some(entity) => merge(entity, taken, &mut name.clone(), findings),
            }
        }
        if let Some(mut entity) = entity {
            entity.origin.basis = Basis::Inferred;
            entity.origin.reason = Some(
                format!(
                    "the page repeats this object and does not name it; the name is taken from the operations {}",
                    list(headings)
                )
                .into(),
            );
            entities.insert(name, entity);
        }
    }
    api.schemas.extend(entities);
}

/// What only one operation has is called after that operation, whether it is sent or returned.
fn is_repeated(sites: &[Site]) -> bool {
    sites.first().is_some_and(|first| sites.iter().any(|site| site.operation != first.operation))
}

/// The first few of them.
fn list(mut headings: Vec<String>) -> String {
    const SHOWN: usize = 4;
    headings.dedup();
    let more = headings.len().saturating_sub(SHOWN);
    headings.truncate(SHOWN);
    let shown = headings.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// All bodies but those of errors, which are named by their status behind all pages.
fn sites(operations: &[Operation]) -> Vec<Site> {
    let mut sites = Vec::new();
    for (operation, operation_of) in operations.iter().enumerate() {
        let request = operation_of.request_body.iter().flat_map(|body| 0..body.content.len());
        sites.extend(request.map(|media| Site { operation, response: None, media }));
        let successes =
            operation_of.responses.iter().enumerate().filter(|(_, response)| !response.status.starts_with(['4', '5']));
        for (response, known) in successes {
            sites.extend((0..known.content.len()).map(|media| Site { operation, response: Some(response), media }));
        }
    }
    sites
}

fn object(operations: &[Operation], site: Site) -> Option<&Schema> {
    let operation = operations.get(site.operation)?;
    let content = match site.response {
        None => &operation.request_body.as_ref()?.content,
        Some(index) => &operation.responses.get(index)?.content,
    };
    let mut schema = content.get(site.media)?.schema.as_ref()?;
    while let Kind::Array(item) = &schema.kind {
        schema = item;
    }
    matches!(schema.kind, Kind::Object(_)).then_some(schema)
}

fn object_mut(operations: &mut [Operation], site: Site) -> Option<&mut Schema> {
    let operation = operations.get_mut(site.operation)?;
    let content = match site.response {
        None => &mut operation.request_body.as_mut()?.content,
        Some(index) => &mut operation.responses.get_mut(index)?.content,
    };
    innermost(content.get_mut(site.media)?.schema.as_mut()?)
}

fn innermost(mut schema: &mut Schema) -> Option<&mut Schema> {
    while matches!(schema.kind, Kind::Array(_)) {
        let Kind::Array(item) = &mut schema.kind else { return None };
        schema = item;
    }
    Some(schema)
}

/// An object as far as two of them have to agree to be one: all but places and texts.
#[derive(Clone, Copy)]
struct Form<'a>(&'a Schema);

impl Hash for Form<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Objects of the same names are rarely different ones.
        match &self.0.kind {
            Kind::Object(properties) => properties.keys().for_each(|name| name.hash(state)),
            kind => std::mem::discriminant(kind).hash(state),
        }
    }
}

impl PartialEq for Form<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (self.0, other.0);
        let marks = |schema: &Schema| (schema.nullable, schema.read_only, schema.deprecated);
        let kinds = match (&one.kind, &two.kind) {
            (Kind::Array(one), Kind::Array(two)) | (Kind::Map(one), Kind::Map(two)) => Form(one) == Form(two),
            (Kind::Object(one), Kind::Object(two)) => {
                let properties = one.iter().zip(two);
                let same = |(one, two): (&Property, &Property)| {
                    one.required == two.required && Form(&one.schema) == Form(&two.schema) && one.repeated == two.repeated
                };
                one.len() == two.len() && properties.into_iter().all(|(one, two)| one.0 == two.0 && same((one.1, two.1)))
            }
            (Kind::AnyOf(one), Kind::AnyOf(two)) => {
                let same =
                    |(one, two): (&Alternative, &Alternative)| one.title == two.title && Form(&one.schema) == Form(&two.schema);
                one.len() == two.len() && one.iter().zip(two).all(same)
            }
            (one, two) => one == two,
        };
        // Objects are equal to serde_json in whatever order they have their members.
        let texts = |schema: &Schema| {
            let values = schema.default.iter().chain(&schema.example).map(|value| value.to_string());
            values.chain(schema.enumeration.iter().map(Value::to_string)).collect::<Vec<_>>()
        };
        let values = one.default == two.default && one.example == two.example && one.enumeration == two.enumeration;
        kinds
            && marks(one) == marks(two)
            && one.format == two.format
            && one.constraints == two.constraints
            && values
            && (one.default.is_none() && one.example.is_none() && one.enumeration.is_empty() || texts(one) == texts(two))
    }
}

impl Eq for Form<'_> {}

fn is_entity(schema: &Schema) -> bool {
    matches!(&schema.kind, Kind::Object(properties) if properties.len() >= FEWEST)
}

/// Adds the places of an equal object; `subject` grows by the name of each member on the way down.
fn merge(into: &mut Schema, other: Schema, subject: &mut String, findings: &mut Vec<Finding>) {
    into.origin.spans.extend(other.origin.spans);
    match (&into.description, &other.description) {
        (None, Some(_)) => into.description.clone_from(&other.description),
        (Some(one), Some(two)) if one != two && !one.split_whitespace().eq(two.split_whitespace()) => {
            let text = "two places describe this differently; the first one stands";
            findings.push(Finding::new(FindingKind::Contradiction, subject.as_str(), text, into.origin.spans.to_vec()));
        }
        _ => {}
    }
    match (&mut into.kind, other.kind) {
        (Kind::Array(item), Kind::Array(other)) => merge(item, *other, subject, findings),
        (Kind::Object(properties), Kind::Object(others)) => {
            for (name, Property { schema, .. }) in others {
                if let Some(property) = properties.get_mut(&name) {
                    let length = subject.len();
                    subject.push('.');
                    subject.push_str(&name);
                    merge(&mut property.schema, schema, subject, findings);
                    subject.truncate(length);
                }
            }
        }
        _ => {}
    }
}

/// Request bodies of the same properties that differ in more than their texts stay apart.
fn tell_conflicts(operations: &[Operation], groups: &Groups<'_>, findings: &mut Vec<Finding>) {
    let mut by_names: IndexMap<Vec<&str>, (Vec<&Schema>, Vec<String>)> = IndexMap::new();
    for site in groups.values().filter_map(|sites| sites.first()).filter(|site| site.response.is_none()) {
        let Some(schema) = object(operations, *site) else { continue };
        if let Kind::Object(properties) = &schema.kind {
            let (schemas, headings) = by_names.entry(properties.keys().map(String::as_str).collect()).or_default();
            schemas.push(schema);
            headings.extend(heading(operations, *site));
        }
    }
    for (names, (schemas, headings)) in by_names.into_iter().filter(|(_, (schemas, _))| schemas.len() > 1) {
        let differ: Vec<&str> = names.iter().copied().filter(|name| differs(&schemas, name)).collect();
        let spans: Vec<Span> = schemas.iter().filter_map(|schema| schema.origin.spans.first().copied()).collect();
        let text = format!("objects with the same properties differ in {}; they stay apart", differ.join(", "));
        findings.push(Finding::new(FindingKind::Contradiction, headings.join(", "), text, spans));
    }
}

fn differs(schemas: &[&Schema], name: &str) -> bool {
    let mut forms = schemas.iter().filter_map(|schema| match &schema.kind {
        Kind::Object(properties) => properties.get(name).map(|Property { schema, required, .. }| (*required, Form(schema))),
        _ => None,
    });
    let first = forms.next();
    forms.any(|form| Some(form) != first)
}

fn heading(operations: &[Operation], site: Site) -> Option<String> {
    operations.get(site.operation)?.summary.clone()
}

/// The noun that the operations' headings share, with `Response` behind it for a response.
fn name(operations: &[Operation], sites: &[Site]) -> String {
    let of: Vec<&Operation> = sites.iter().filter_map(|site| operations.get(site.operation)).collect();
    let responses = sites.iter().all(|site| site.response.is_some());
    let mut nouns: Vec<String> = of.iter().filter_map(|operation| noun(operation.summary.as_deref()?)).collect();
    nouns.sort_by_key(|noun| (noun.len(), noun.clone()));
    let shortest = nouns.first().cloned().unwrap_or_default();
    if responses {
        let shared = nouns.len() == of.len() && nouns.iter().all(|noun| *noun == shortest);
        return if shared { format!("{shortest}Response") } else { "Response".to_owned() };
    }
    if shortest.is_empty() {
        of.first().map_or_else(String::new, |operation| format!("{}Body", operation.operation_id))
    } else {
        shortest
    }
}

/// A heading without the words that say what is done: `User` of `Create User`.
fn noun(heading: &str) -> Option<String> {
    const DOING: [&str; 30] = [
        "create", "add", "insert", "new", "update", "edit", "modify", "change", "replace", "patch", "save", "set", "upsert",
        "delete", "remove", "get", "list", "find", "search", "retrieve", "or", "and", "batch", "bulk", "multiple", "all", "a",
        "an", "the", "by",
    ];
    let words: Vec<&str> = heading.split_whitespace().collect();
    let start = words.iter().position(|word| !DOING.contains(&word.to_lowercase().as_str())).filter(|start| *start > 0)?;
    let name = words::pascal_case(&words.get(start..)?.join(" "));
    (!name.is_empty()).then_some(name)
}

/// The name, or with the first number behind it that is not taken; `numbers` has those that are not worth another try.
fn free_name(name: String, entities: &Named<Schema>, numbers: &mut HashMap<String, u64>) -> String {
    let name = if name.is_empty() { "Entity".to_owned() } else { name };
    if !entities.contains_key(&name) {
        return name;
    }
    let next = numbers.entry(name.clone()).or_insert(2);
    loop {
        let candidate = format!("{name}{next}");
        *next += 1;
        if !entities.contains_key(&candidate) {
            return candidate;
        }
    }
}
