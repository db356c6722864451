//! `attributes` and `excludedAttributes` (RFC 7644, section 3.9).

use serde_json::{Map, Value as Json};

use super::USER;
use super::error::ScimError;
use super::names::{AttributePath, CORE, key, member};

/// Which attributes a response has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    only: Vec<AttributePath>,
    without: Vec<AttributePath>,
}

impl Projection {
    /// Reads the two lists of names, parted by commas. Where both are given, `attributes` counts.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](super::error::ScimType::InvalidPath) for what is no name of an attribute.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, ScimError> {
        let names = |list: Option<&str>| {
            let names = list.into_iter().flat_map(|list| list.split(',')).map(str::trim).filter(|name| !name.is_empty());
            names.map(AttributePath::parse).collect::<Result<Vec<_>, _>>()
        };
        // The schema of users by itself means all of its attributes.
        let is_core = |name: &str| name.trim().trim_end_matches(':').eq_ignore_ascii_case(USER);
        let all = attributes.filter(|list| list.split(',').any(is_core));
        let attributes = match all {
            None => attributes.map(str::to_owned),
            Some(list) => Some(list.split(',').filter(|name| !is_core(name)).chain(CORE).collect::<Vec<_>>().join(",")),
        };
        Ok(Self { only: names(attributes.as_deref())?, without: names(excluded)? })
    }

    /// The resource with what is wanted of it. `id` and `schemas` are always there.
    #[must_use]
    pub fn of(&self, resource: Map<String, Json>) -> Map<String, Json> {
        if !self.only.is_empty() {
            let mut kept = Map::new();
            for always in ["schemas", "id"] {
                if let Some(value) = resource.get(always) {
                    kept.insert(always.to_owned(), value.clone());
                }
            }
            self.only.iter().for_each(|path| keep(&resource, path, &mut kept));
            return kept;
        }
        let mut resource = resource;
        for path in &self.without {
            let is_always = ["id", "schemas"].iter().any(|always| path.name.eq_ignore_ascii_case(always));
            if !is_always || path.extension.is_some() {
                leave_out(&mut resource, path);
            }
        }
        resource
    }
}

fn keep(resource: &Map<String, Json>, path: &AttributePath, kept: &mut Map<String, Json>) {
    if let Some(extension) = &path.extension {
        let Some(Json::Object(within)) = member(resource, extension) else { return };
        let name = key(resource, extension);
        let mut part = match kept.remove(&name) {
            Some(Json::Object(part)) => part,
            _ => Map::new(),
        };
        if path.name.is_empty() {
            part.clone_from(within);
        } else {
            keep(within, &AttributePath { extension: None, ..path.clone() }, &mut part);
        }
        if !part.is_empty() {
            kept.insert(name, Json::Object(part));
        }
        return;
    }
    let Some(value) = member(resource, &path.name) else { return };
    let name = key(resource, &path.name);
    let value = match (&path.sub, value) {
        (None, value) => value.clone(),
        (Some(sub), Json::Object(part)) => {
            let mut there = kept.get(&name).and_then(Json::as_object).cloned().unwrap_or_default();
            there.extend(only(part, sub));
            Json::Object(there)
        }
        (Some(sub), Json::Array(elements)) => {
            let before = kept.get(&name).and_then(Json::as_array).cloned().unwrap_or_default();
            let joined = elements.iter().enumerate().filter_map(|(at, element)| {
                let mut there = before.get(at).and_then(Json::as_object).cloned().unwrap_or_default();
                there.extend(only(element.as_object()?, sub));
                Some(Json::Object(there))
            });
            Json::Array(joined.collect())
        }
        (Some(_), _) => return,
    };
    kept.insert(name, value);
}

fn only(part: &Map<String, Json>, sub: &str) -> Map<String, Json> {
    member(part, sub).map(|value| (key(part, sub), value.clone())).into_iter().collect()
}

fn leave_out(resource: &mut Map<String, Json>, path: &AttributePath) {
    if let Some(extension) = &path.extension {
        let name = key(resource, extension);
        if path.name.is_empty() {
            resource.remove(&name);
        } else if let Some(Json::Object(within)) = resource.get_mut(&name) {
            leave_out(within, &AttributePath { extension: None, ..path.clone() });
        }
        return;
    }
    let name = key(resource, &path.name);
    match (&path.sub, resource.get_mut(&name)) {
        (None, _) => drop(resource.remove(&name)),
        (Some(sub), Some(Json::Object(part))) => drop(part.remove(&key(part, sub))),
        (Some(sub), Some(Json::Array(elements))) => {
            for element in elements.iter_mut().filter_map(Json::as_object_mut) {
                element.remove(&key(element, sub));
            }
        }
        _ => {}
    }
}
