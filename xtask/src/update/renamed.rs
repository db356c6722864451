//! Which properties only got another name.
//!
//! Input: the nodes of both versions by their names. Output: pairs of names. A pair stands in one object, says the same of
//! its values, and two of three more agree: its description, its place among the others, its name for the most part. Where
//! several would do, none is taken: a person decides.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;
use similar::TextDiff;

use super::node::Node;
use crate::nodes::{escape, unescape};

/// Words about a value, which may be put otherwise with the name.
const WORDS: [&str; 5] = ["description", "title", "example", "x-sample", "x-default"];

/// From here on two names are alike, of 1.
const ALIKE: f32 = 0.6;

/// Most properties that come or go in one object and are still compared, each with each.
const MOST: usize = 64;

/// The names of properties before and after.
pub(super) fn renames(old: &IndexMap<String, Node>, new: &IndexMap<String, Node>) -> HashMap<String, String> {
    let (before, after) = (objects(old), objects(new));
    let mut renames = HashMap::new();
    for (object, was) in &before {
        let Some(is) = after.get(object) else { continue };
        let (known, knows): (HashSet<&str>, HashSet<&str>) = (was.iter().copied().collect(), is.iter().copied().collect());
        let gone: Vec<&str> = was.iter().copied().filter(|name| !knows.contains(name)).collect();
        let come: Vec<&str> = is.iter().copied().filter(|name| !known.contains(name)).collect();
        if gone.len() > MOST || come.len() > MOST {
            continue;
        }
        let key = |name: &str| format!("{object}/properties/{name}");
        let fits = |from: &str, to: &str| {
            let (Some(from_node), Some(to_node)) = (old.get(&key(from)), new.get(&key(to))) else { return false };
            is_same_value(from_node, to_node) && agreements((from, from_node, was), (to, to_node, is)) > 1
        };
        let pairs: Vec<(&str, &str)> =
            gone.iter().flat_map(|from| come.iter().filter(|to| fits(from, to)).map(|to| (*from, *to))).collect();
        let only = |(from, to): &&(&str, &str)| pairs.iter().filter(|pair| pair.0 == *from || pair.1 == *to).count() == 1;
        renames.extend(pairs.iter().filter(only).map(|(from, to)| (key(from), key(to))));
    }
    renames
}

/// The properties of each object in their order, by the object's name.
fn objects(nodes: &IndexMap<String, Node>) -> BTreeMap<&str, Vec<&str>> {
    let mut objects: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (object, name) in nodes.keys().filter_map(|key| {
        let (above, name) = key.rsplit_once('/')?;
        Some((above.strip_suffix("/properties")?, name))
    }) {
        objects.entry(object).or_default().push(name);
    }
    objects
}

fn is_same_value(from: &Node, to: &Node) -> bool {
    let says = |node: &Node| -> BTreeMap<String, Value> {
        let own = node.own.iter().filter(|(member, _)| !WORDS.contains(&member.as_str()));
        own.map(|(member, value)| (member.clone(), value.clone())).collect()
    };
    says(from) == says(to)
}

fn agreements(from: (&str, &Node, &[&str]), to: (&str, &Node, &[&str])) -> usize {
    let said = |node: &Node| node.own.get("description").cloned();
    let description = said(from.1).is_some() && said(from.1) == said(to.1);
    let beside = |name: &str, all: &[&str]| {
        let at = all.iter().position(|one| *one == name).unwrap_or_default();
        let other = |at: Option<usize>| at.and_then(|at| all.get(at)).map(|name| (*name).to_owned());
        (other(at.checked_sub(1)), other(Some(at + 1)))
    };
    let (was, is) = (beside(from.0, from.2), beside(to.0, to.2));
    let place = was.0 == is.0 || was.1 == is.1;
    let (old, new) = (from.0.to_lowercase(), to.0.to_lowercase());
    let name = TextDiff::from_chars(old.as_str(), new.as_str()).ratio() >= ALIKE;
    [description, place, name].into_iter().filter(|agrees| *agrees).count()
}

/// `nodes` with the names that they have after `renames`; what an object demands is renamed with it.
pub(super) fn renamed(nodes: IndexMap<String, Node>, renames: &HashMap<String, String>) -> IndexMap<String, Node> {
    if renames.is_empty() {
        return nodes;
    }
    let new_name = |key: &str| {
        let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]).skip(1);
        let held = ends.filter_map(|end| key.get(..end)).find_map(|above| Some((above, renames.get(above)?)));
        held.map(|(above, new)| format!("{new}{}", key.get(above.len()..).unwrap_or_default()))
    };
    let required = |key: &str, own: BTreeMap<String, Value>| -> BTreeMap<String, Value> {
        let member = |member: String| {
            let name = member.strip_prefix("required/")?;
            let new = renames.get(&format!("{key}/properties/{}", escape(name)))?.rsplit('/').next()?;
            Some(format!("required/{}", unescape(new)))
        };
        own.into_iter().map(|(name, value)| (member(name.clone()).unwrap_or(name), value)).collect()
    };
    let renamed = nodes.into_iter().map(|(key, node)| {
        let node = Node { own: required(&key, node.own), ..node };
        (new_name(&key).unwrap_or(key), node)
    });
    renamed.collect()
}
