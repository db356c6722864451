//! What samples say of types, against what tables say.
//!
//! Takes a page with its tables and the samples of its bodies. Leaves types that both make together: the table is believed, the
//! sample adds what it does not say, and a contradiction tells where they disagree. Knows no dialect by name.

use foldhash::HashSet;
use indexmap::IndexMap;

use super::{
    elements::Elements,
    generics,
    made_up::{self, MadeUp},
    named_values,
    subject::title,
};
use crate::{
    api::{Api, Kind, MediaType, Named, Origin, Schema},
    dialect::{Page, Sample},
    document::Span,
    finding::{Finding, FindingKind},
    sample::{Node, Refined, Value, kind_name, refine, refine_xml, schema},
};

/// Completes the types of `page` by its `samples`.
pub(super) fn settle(page: &mut Page, samples: &[Sample<'_>], made_up: MadeUp) {
    name_all(&mut page.api);
    if samples.is_empty() {
        return;
    }
    let mut bodies: Vec<(Schema, String)> = Vec::with_capacity(samples.len());
    for sample in samples {
        let subject = subject(&page.api, sample);
        let mut body = content(&mut page.api, sample).and_then(|content| content.first_mut()?.schema.take());
        let mut refined = Refined { entities: &mut page.api.schemas, findings: &mut page.findings };
        complete(&mut body, sample, &subject, made_up, &mut refined);
        bodies.push((body.unwrap_or_default(), subject));
    }
    page.api.schemas.iter_mut().for_each(|(name, entity)| made_up::within(entity, name, made_up));
    bodies.iter_mut().for_each(|(body, _)| made_up::within(body, "", made_up));
    let owners: Vec<String> = samples.iter().map(|sample| owner(&page.api, sample)).collect();
    let mut refined = Refined { entities: &mut page.api.schemas, findings: &mut page.findings };
    generics::settle(&mut refined);
    let mut elements = Elements { entities: refined.entities, findings: refined.findings };
    for ((body, _), owner) in bodies.iter_mut().zip(&owners) {
        elements.root(body, owner);
    }
    elements.all();
    for ((body, subject), sample) in bodies.iter_mut().zip(samples) {
        let mut refined = Refined { entities: &mut page.api.schemas, findings: &mut page.findings };
        if let Some(node) = &sample.json {
            named_values::within(body, node, subject, &mut refined);
        }
    }
    for ((body, _), sample) in bodies.into_iter().zip(samples) {
        let media = content(&mut page.api, sample).into_iter().flatten();
        let media: Vec<&mut MediaType> = media.take(if sample.first_only { 1 } else { usize::MAX }).collect();
        let bodies = std::iter::repeat_n(body, media.len());
        media.into_iter().zip(bodies).for_each(|(media, body)| media.schema = Some(body));
    }
    name_all(&mut page.api);
}

/// The media types of the body that a sample shows.
fn content<'a>(api: &'a mut Api, sample: &Sample<'_>) -> Option<&'a mut Vec<MediaType>> {
    let operation = api.operations.get_mut(sample.operation)?;
    match sample.response {
        None => operation.request_body.as_mut().map(|body| &mut body.content),
        Some(index) => operation.responses.get_mut(index).map(|response| &mut response.content),
    }
}

/// What findings call a body without a name.
fn subject(api: &Api, sample: &Sample<'_>) -> String {
    let operation = api.operations.get(sample.operation).map(title).unwrap_or_default();
    format!("{operation} {}", if sample.response.is_some() { "response" } else { "request" })
}

/// What the names of types within a body begin with, where their own are taken.
fn owner(api: &Api, sample: &Sample<'_>) -> String {
    let operation = api.operations.get(sample.operation).map(|operation| operation.operation_id.as_str()).unwrap_or_default();
    format!("{operation}{}", if sample.response.is_some() { "Response" } else { "Request" })
}

fn complete(body: &mut Option<Schema>, sample: &Sample<'_>, subject: &str, made_up: MadeUp, refined: &mut Refined<'_>) {
    let Some(body) = body else {
        *body = sample.json.as_ref().map(schema);
        return;
    };
    if let Some(node) = &sample.json {
        listed(body, node, subject, refined.findings);
    }
    let subject = body.entity().unwrap_or(subject).to_owned();
    if let Some(node) = &sample.json {
        spelling(&subject, node, refined);
        made_up::against_tables(body, node, &subject, made_up, refined);
        refine(body, node, &subject, refined);
    }
    if let Some(element) = &sample.xml {
        refine_xml(body, element, sample.json.as_ref(), &subject, refined);
    }
}

/// The table may describe the elements of a list, which only the sample shows.
fn listed(schema: &mut Schema, node: &Node<'_>, subject: &str, findings: &mut Vec<Finding>) {
    let (Kind::Reference(_) | Kind::Object(_), Value::Array(_)) = (&schema.kind, &node.value) else { return };
    let text =
        format!("the table has the properties of {}, the sample shows a list of them: it is a list", kind_name(&schema.kind));
    let spans = schema.origin.spans.first().copied().into_iter().chain([node.span]).collect();
    findings.push(Finding::new(FindingKind::Contradiction, subject, text, spans));
    let item = std::mem::take(schema);
    let origin = Origin::sample(node.span, "the sample shows a list of the type that the table describes");
    *schema = Schema::new(Kind::Array(Box::new(item)), origin);
}

/// The table has the names of the program, JSON those of the wire; they may differ in case.
fn spelling(entity: &str, node: &Node<'_>, refined: &mut Refined<'_>) {
    let members = match &node.value {
        Value::Array(items) => match items.first().map(|item| &item.value) {
            Some(Value::Object(members)) => members,
            _ => return,
        },
        Value::Object(members) => members,
        _ => return,
    };
    let Some(Schema { kind: Kind::Object(properties), .. }) = refined.entities.get_mut(entity) else { return };
    let mut spelled: IndexMap<String, _> = IndexMap::new();
    for member in members.iter().filter(|member| !properties.contains_key(&*member.key)) {
        spelled.insert(member.key.to_lowercase(), member);
    }
    if spelled.is_empty() {
        return;
    }
    let exact: HashSet<&str> = members.iter().map(|member| &*member.key).collect();
    let mut found = Vec::new();
    *properties = std::mem::take(properties)
        .into_iter()
        .map(|(name, property)| match spelled.get(&name.to_lowercase()) {
            Some(member) if !exact.contains(name.as_str()) => {
                let text = format!(
                    "the table calls it `{name}`, the JSON sample `{}`: the sample's spelling is kept, since it is what travels",
                    member.key
                );
                let spans = std::iter::once(member.key_span).chain(property.schema.origin.spans.first().copied()).collect();
                found.push((format!("{entity}.{}", member.key), text, spans));
                (member.key.to_string(), property)
            }
            _ => (name, property),
        })
        .collect();
    for (subject, text, spans) in found {
        refined.findings.push(Finding::new(FindingKind::Contradiction, subject, text, spans));
    }
}

/// Every entity that is referred to exists, known or not.
fn name_all(api: &mut Api) {
    let Api { operations, schemas, .. } = api;
    let mut unknown: Named<Schema> = Named::default();
    let mut see = |name: &str, span: Span| {
        if !schemas.contains_key(name) && !unknown.contains_key(name) {
            let origin = Origin::inferred(span, "the page only names this type");
            unknown.insert(name.to_owned(), Schema::new(Kind::Unknown, origin));
        }
    };
    for operation in operations.iter() {
        let received = operation.responses.iter().flat_map(|response| &response.content);
        received.filter_map(|media| media.schema.as_ref()).for_each(|schema| references(schema, &mut see));
    }
    schemas.values().for_each(|schema| references(schema, &mut see));
    for operation in operations.iter() {
        let sent = operation.request_body.iter().flat_map(|body| &body.content);
        sent.filter_map(|media| media.schema.as_ref()).for_each(|schema| references(schema, &mut see));
        operation.parameters.iter().for_each(|parameter| references(&parameter.schema, &mut see));
    }
    schemas.extend(unknown);
}

/// Visits every entity that a schema refers to, with its place.
fn references(schema: &Schema, see: &mut impl FnMut(&str, Span)) {
    match &schema.kind {
        Kind::Reference(name) => {
            if let Some(span) = schema.origin.spans.first() {
                see(name, *span);
            }
        }
        Kind::Array(item) | Kind::Map(item) => references(item, see),
        Kind::Object(properties) => properties.values().for_each(|property| references(&property.schema, see)),
        Kind::AnyOf(alternatives) => alternatives.iter().for_each(|alternative| references(&alternative.schema, see)),
        _ => {}
    }
}
