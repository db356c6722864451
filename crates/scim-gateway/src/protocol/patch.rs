//! PATCH (RFC 7644, section 3.5.2), as Okta and Entra send it.
//!
//! Takes the body of a request, and a resource as JSON; returns the resource as it is to be. Operation words in any case, no
//! path, dotted names and paths as members of a value, and booleans as text are understood.

use serde_json::{Map, Value as Json};

use super::USER;
use super::error::{ScimError, ScimType, shortened};
use super::evaluate::holds;
use super::filter::{Filter, FilterLimits, Operator};
use super::names::{core_name, is_multi_valued, is_read_only, key, member};
use super::primary;
use super::target::Target;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the three of RFC 7644")]
pub enum Op {
    Add,
    Replace,
    Remove,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// What it is about; `None` where the members of the value say it.
    pub target: Option<Target>,
    /// The value; null where there is none.
    pub value: Json,
}

/// Parses the body of a PATCH request.
///
/// # Errors
///
/// [`ScimType::InvalidSyntax`] where it is no PATCH request, [`ScimType::InvalidPath`] for a path, [`ScimType::TooMany`] for more
/// than `limit` operations.
pub fn parse(body: &Json, limit: usize, filters: FilterLimits) -> Result<Vec<Operation>, ScimError> {
    let wrong = |why: &str| ScimError::of(ScimType::InvalidSyntax, format!("a PATCH request {why}"));
    let members = body.as_object().ok_or_else(|| wrong("is a JSON object"))?;
    let listed = member(members, "Operations").and_then(Json::as_array).ok_or_else(|| wrong("has a list `Operations`"))?;
    if listed.len() > limit {
        return Err(ScimError::of(ScimType::TooMany, format!("{} operations, and {limit} are allowed", listed.len())));
    }
    listed.iter().map(|operation| parse_one(operation, filters)).collect()
}

fn parse_one(operation: &Json, filters: FilterLimits) -> Result<Operation, ScimError> {
    let wrong = |why: String| ScimError::of(ScimType::InvalidSyntax, why);
    let members = operation.as_object().ok_or_else(|| wrong("an operation is a JSON object".to_owned()))?;
    let word = member(members, "op").and_then(Json::as_str).unwrap_or_default();
    let op = match word.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(wrong(format!("`op` is add, replace or remove, and `{}` was found", shortened(word)))),
    };
    let target = match member(members, "path") {
        None | Some(Json::Null) => None,
        // The schema of users by itself is the user as a whole.
        Some(Json::String(path)) if path.trim().is_empty() || path.trim().eq_ignore_ascii_case(USER) => None,
        Some(Json::String(path)) => Some(Target::parse(path, filters)?),
        Some(_) => return Err(ScimError::of(ScimType::InvalidPath, "`path` is text")),
    };
    let value = member(members, "value").cloned();
    match (op, &target, &value) {
        (Op::Remove, None, _) => return Err(ScimError::of(ScimType::NoTarget, "`remove` needs a path")),
        (Op::Add | Op::Replace, None, Some(Json::Object(_))) | (Op::Remove, ..) => {}
        (_, None, _) => {
            return Err(ScimError::of(ScimType::InvalidValue, "without a path, the value is an object of attributes"));
        }
        (_, _, None) => return Err(ScimError::of(ScimType::InvalidValue, format!("`{word}` needs a value"))),
        _ => {}
    }
    Ok(Operation { op, target, value: value.unwrap_or_default() })
}

/// Changes `resource` by all operations in their order.
///
/// # Errors
///
/// As RFC 7644 has them: [`ScimType::Mutability`], [`ScimType::NoTarget`], [`ScimType::InvalidPath`],
/// [`ScimType::InvalidValue`]. The resource is then half changed and must not be used.
pub fn apply(resource: &mut Map<String, Json>, operations: &[Operation], filters: FilterLimits) -> Result<(), ScimError> {
    apply_to_kept(resource, operations, filters, &|_| true)
}

/// As [`apply`], for a directory that keeps only some attributes: values of the others are never there, so that whoever chooses
/// among them changes nothing and is not told that there are none.
pub(crate) fn apply_to_kept(
    resource: &mut Map<String, Json>,
    operations: &[Operation],
    filters: FilterLimits,
    is_kept: &dyn Fn(&str) -> bool,
) -> Result<(), ScimError> {
    let change = |resource: &mut Map<String, Json>, op: Op, target: &Target, value: &Json| {
        let is_core = target.path.is_known() && core_name(&target.path.name).is_some();
        let is_lost = target.chosen.is_some() && is_core && !is_kept(&target.path.name);
        if is_lost { Ok(()) } else { at_target(resource, op, target, value) }
    };
    for operation in operations {
        match (&operation.target, &operation.value) {
            (Some(target), value) => change(resource, operation.op, target, value)?,
            (None, Json::Object(members)) => {
                for (name, value) in members {
                    let target = Target::parse(name, filters)?;
                    if !is_named_only(resource, &target, value) {
                        change(resource, operation.op, &target, value)?;
                    }
                }
            }
            (None, _) => {}
        }
    }
    Ok(())
}

/// Whether a value without a path merely names the resource: identity providers repeat its `id` and `schemas`.
fn is_named_only(resource: &Map<String, Json>, target: &Target, value: &Json) -> bool {
    let name = &target.path.name;
    name.eq_ignore_ascii_case("schemas")
        || name.eq_ignore_ascii_case("meta")
        || name.eq_ignore_ascii_case("id") && member(resource, name) == Some(value)
}

fn at_target(resource: &mut Map<String, Json>, op: Op, target: &Target, value: &Json) -> Result<(), ScimError> {
    let path = &target.path;
    if path.extension.is_none() && is_read_only(&path.name) {
        return Err(ScimError::of(ScimType::Mutability, format!("`{}` is written by the server alone", path.name)));
    }
    if !path.is_known() {
        let words = format!("there is no attribute `{}`; `/Schemas` has the list", shortened(&path.dotted()));
        return Err(ScimError::of(ScimType::InvalidPath, words));
    }
    match &path.extension {
        None => in_object(resource, op, target, value),
        Some(extension) => {
            let key = key(resource, extension);
            let mut within = match resource.remove(&key) {
                Some(Json::Object(within)) => within,
                _ => Map::new(),
            };
            if path.name.is_empty() {
                whole(&mut within, op, value)?;
            } else {
                in_object(&mut within, op, target, value)?;
            }
            if !within.is_empty() {
                resource.insert(key, Json::Object(within));
            }
            Ok(())
        }
    }
}

/// An extension as a whole.
fn whole(within: &mut Map<String, Json>, op: Op, value: &Json) -> Result<(), ScimError> {
    match (op, value) {
        (Op::Remove, _) => within.clear(),
        (_, Json::Object(members)) => merge(within, members),
        _ => return Err(ScimError::of(ScimType::InvalidValue, "an extension is an object of attributes")),
    }
    Ok(())
}

/// The value of an attribute that has one: Entra has sent it as the only element of a list, under `value`.
fn single<'v>(key: &str, value: &'v Json) -> &'v Json {
    match value {
        Json::Array(elements) if !is_multi_valued(key) => match elements.as_slice() {
            [Json::Object(only)] => member(only, "value").unwrap_or(value),
            _ => value,
        },
        _ => value,
    }
}

fn in_object(object: &mut Map<String, Json>, op: Op, target: &Target, value: &Json) -> Result<(), ScimError> {
    let key = key(object, &target.path.name);
    let before = object.get(&key).and_then(Json::as_array).cloned().unwrap_or_default();
    let done = at_key(object, &key, op, target, value);
    if let Some(Json::Array(elements)) = object.get_mut(&key) {
        primary::leave_one(elements, &before);
    }
    done
}

fn at_key(object: &mut Map<String, Json>, key: &str, op: Op, target: &Target, value: &Json) -> Result<(), ScimError> {
    if let Some(chosen) = &target.chosen {
        return in_chosen(object, key, op, chosen, target.path.sub.as_deref(), value);
    }
    match (&target.path.sub, op) {
        (None, Op::Remove) => {
            object.remove(key);
        }
        (None, _) => set(object, key, op, single(key, value)),
        (Some(sub), _) => in_part(object, key, op, sub, value),
    }
    Ok(())
}

/// `name.givenName`, and `emails.value`, which means every value.
fn in_part(object: &mut Map<String, Json>, key: &str, op: Op, sub: &str, value: &Json) {
    let empty = if is_multi_valued(key) { Json::Array(Vec::new()) } else { Json::Object(Map::new()) };
    let found = object.entry(key.to_owned()).or_insert(empty);
    match &mut *found {
        Json::Array(elements) => {
            if elements.is_empty() && op != Op::Remove {
                elements.push(Json::Object(Map::new()));
            }
            elements.iter_mut().filter_map(Json::as_object_mut).for_each(|element| put(element, op, sub, value));
        }
        Json::Object(part) => put(part, op, sub, value),
        plain => {
            let mut part = Map::from_iter([("value".to_owned(), plain.take())]);
            put(&mut part, op, sub, value);
            *plain = Json::Object(part);
        }
    }
    if found.as_object().is_some_and(Map::is_empty) {
        object.remove(key);
    }
}

fn put(part: &mut Map<String, Json>, op: Op, sub: &str, value: &Json) {
    let key = key(part, sub);
    if op == Op::Remove || value.is_null() {
        part.remove(&key);
    } else {
        part.insert(key, value.clone());
    }
}

fn set(object: &mut Map<String, Json>, key: &str, op: Op, value: &Json) {
    match (object.get_mut(key), op, value) {
        (_, _, Json::Null) => {
            object.insert(key.to_owned(), Json::Null);
        }
        (Some(Json::Array(there)), Op::Add, value) => {
            let new = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            for value in new {
                if !there.contains(&value) {
                    there.push(value);
                }
            }
        }
        (Some(Json::Object(there)), _, Json::Object(new)) => merge(there, new),
        (_, _, value) if is_multi_valued(key) && !value.is_array() => {
            object.insert(key.to_owned(), Json::Array(vec![value.clone()]));
        }
        _ => {
            object.insert(key.to_owned(), value.clone());
        }
    }
}

fn merge(there: &mut Map<String, Json>, new: &Map<String, Json>) {
    for (name, value) in new {
        let key = key(there, name);
        there.insert(key, value.clone());
    }
}

fn in_chosen(
    object: &mut Map<String, Json>,
    key: &str,
    op: Op,
    chosen: &Filter,
    sub: Option<&str>,
    value: &Json,
) -> Result<(), ScimError> {
    let there = object.entry(key.to_owned()).or_insert_with(|| Json::Array(Vec::new()));
    let Json::Array(elements) = there else {
        return Err(ScimError::of(ScimType::InvalidPath, format!("`{key}` has one value, so that none can be chosen")));
    };
    let is_chosen = |element: &Json| element.as_object().is_some_and(|element| holds(chosen, element));
    if op == Op::Remove && sub.is_none() {
        elements.retain(|element| !is_chosen(element));
        return Ok(());
    }
    let mut found = false;
    for element in elements.iter_mut().filter(|element| is_chosen(element)).filter_map(Json::as_object_mut) {
        found = true;
        change(element, op, sub, value)?;
    }
    match op {
        _ if found => Ok(()),
        Op::Remove => Ok(()),
        Op::Replace => Err(ScimError::of(ScimType::NoTarget, format!("no value of `{key}` is such as the path says"))),
        Op::Add => {
            let mut element = Map::new();
            implied(chosen, &mut element);
            change(&mut element, op, sub, value)?;
            elements.push(Json::Object(element));
            Ok(())
        }
    }
}

fn change(element: &mut Map<String, Json>, op: Op, sub: Option<&str>, value: &Json) -> Result<(), ScimError> {
    match (sub, value) {
        (Some(sub), value) => put(element, op, sub, value),
        (None, Json::Object(members)) => merge(element, members),
        (None, _) => return Err(ScimError::of(ScimType::InvalidValue, "the value is an object, as the values of the list are")),
    }
    Ok(())
}

/// What a new value must have, so that the filter holds of it.
fn implied(filter: &Filter, element: &mut Map<String, Json>) {
    for (path, operator, value) in filter.necessary() {
        if operator == Operator::Equal && path.sub.is_none() {
            element.insert(path.name, value.clone());
        }
    }
}
