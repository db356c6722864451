//! Whether a filter holds of a resource.

use std::cmp::Ordering;

use provisioning::jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::filter::{Filter, Operator};
use super::names::{AttributePath, member};

/// Returns whether `filter` holds of `resource`.
#[must_use]
pub fn holds(filter: &Filter, resource: &Map<String, Json>) -> bool {
    match filter {
        Filter::And(all) => all.iter().all(|filter| holds(filter, resource)),
        Filter::Or(any) => any.iter().any(|filter| holds(filter, resource)),
        Filter::Not(filter) => !holds(filter, resource),
        Filter::Present(path) => values(path, resource).into_iter().any(is_present),
        Filter::Compare(path, operator, wanted) => compared(path, *operator, wanted, resource),
        Filter::Values(path, filter) => elements(path, resource).into_iter().any(|element| match element {
            Json::Object(element) => holds(filter, element),
            plain => holds(filter, &Map::from_iter([("value".to_owned(), plain.clone())])),
        }),
    }
}

fn compared(path: &AttributePath, operator: Operator, wanted: &Json, resource: &Map<String, Json>) -> bool {
    let found = values(path, resource);
    let exact = path.is_case_exact();
    if wanted.is_null() {
        let absent = !found.into_iter().any(is_present);
        return if operator == Operator::NotEqual { !absent } else { absent };
    }
    match operator {
        Operator::NotEqual => !found.into_iter().any(|value| compares(value, Operator::Equal, wanted, exact)),
        _ => found.into_iter().any(|value| compares(value, operator, wanted, exact)),
    }
}

fn compares(found: &Json, operator: Operator, wanted: &Json, exact: bool) -> bool {
    match (found, wanted) {
        (Json::String(found), Json::String(wanted)) => text(found, operator, wanted, exact),
        (Json::Bool(found), Json::Bool(wanted)) => operator == Operator::Equal && found == wanted,
        // Entra writes booleans as text.
        (Json::Bool(found), Json::String(wanted)) => {
            operator == Operator::Equal && wanted.eq_ignore_ascii_case(if *found { "true" } else { "false" })
        }
        (Json::Number(found), Json::Number(wanted)) => found
            .as_f64()
            .zip(wanted.as_f64())
            .and_then(|(found, wanted)| found.partial_cmp(&wanted))
            .is_some_and(|o| ordered(operator, o)),
        _ => false,
    }
}

fn text(found: &str, operator: Operator, wanted: &str, exact: bool) -> bool {
    let fold = |text: &str| if exact { text.to_owned() } else { text.to_lowercase() };
    let (folded, sought) = (fold(found), fold(wanted));
    match operator {
        Operator::Contains => folded.contains(&sought),
        Operator::StartsWith => folded.starts_with(&sought),
        Operator::EndsWith => folded.ends_with(&sought),
        _ => {
            let times = found.parse::<Timestamp>().ok().zip(wanted.parse::<Timestamp>().ok());
            let order = times.map_or_else(|| folded.cmp(&sought), |(found, wanted)| found.cmp(&wanted));
            ordered(operator, order)
        }
    }
}

fn ordered(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        _ => false,
    }
}

fn is_present(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(elements) => elements.iter().any(is_present),
        Json::Object(members) => members.values().any(is_present),
        Json::Bool(_) | Json::Number(_) => true,
    }
}

/// Returns the values at `path`: those of each element of a list, and of its member `value` where no other one is named.
#[must_use]
pub fn values<'a>(path: &AttributePath, resource: &'a Map<String, Json>) -> Vec<&'a Json> {
    let elements = elements(path, resource);
    match &path.sub {
        Some(sub) => {
            elements.into_iter().filter_map(|element| element.as_object().and_then(|element| member(element, sub))).collect()
        }
        None => elements
            .into_iter()
            .map(|element| element.as_object().and_then(|element| member(element, "value")).unwrap_or(element))
            .collect(),
    }
}

fn elements<'a>(path: &AttributePath, resource: &'a Map<String, Json>) -> Vec<&'a Json> {
    let within = match &path.extension {
        None => Some(resource),
        Some(extension) => member(resource, extension).and_then(Json::as_object),
    };
    let found = match within {
        Some(_) if path.name.is_empty() => path.extension.as_ref().and_then(|extension| member(resource, extension)),
        Some(within) => member(within, &path.name),
        None => None,
    };
    match found {
        Some(Json::Array(elements)) => elements.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}
