//! Two versions of a specification, node by node.
//!
//! Input: the specification before and after. Output: the nodes that were added and removed, those that stand in both, and
//! each member of theirs that differs. Knows nothing of what a difference means.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    node::{Node, nodes},
    renamed::{renamed, renames},
};
use crate::nodes::{Pointer, escape};

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Only the newer version has the node.
    Added(Node),
    /// Only the older version has the node.
    Removed(Node),
    /// A property that has another name, and is the same otherwise.
    Renamed {
        /// In the older version.
        before: Box<Node>,
        /// In the newer version.
        after: Box<Node>,
    },
    /// Both have the node, and one member of it differs.
    Changed {
        /// In the older version.
        before: Box<Node>,
        /// In the newer version.
        after: Box<Node>,
        /// The member, such as `maxLength` or `required/email`.
        member: String,
        /// What it was.
        from: Option<Value>,
        /// What it is.
        to: Option<Value>,
    },
}

/// All differences, and the nodes that stand in both versions.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// In the order of the newer version, removed nodes last.
    pub differences: Vec<Difference>,
    /// Where nodes stand before and after.
    pub kept: Vec<(Pointer, Pointer)>,
}

/// Compares two specifications.
#[must_use]
pub fn compare(before: &Value, after: &Value) -> Comparison {
    let (old, new) = (nodes(before), nodes(after));
    let renames = renames(&old, &new);
    let old = renamed(old, &renames);
    let new_names: HashSet<&String> = renames.values().collect();
    let mut comparison = Comparison::default();
    for (key, node) in &new {
        let Some(known) = old.get(key) else {
            // What stands in an added node is part of it.
            if holder(key, &new).is_none_or(|holder| old.contains_key(holder)) {
                comparison.differences.push(Difference::Added(node.clone()));
            }
            continue;
        };
        comparison.kept.push((known.pointer.clone(), node.pointer.clone()));
        if new_names.contains(key) {
            let (before, after) = (Box::new(known.clone()), Box::new(node.clone()));
            comparison.differences.push(Difference::Renamed { before, after });
        }
        let members: HashSet<&String> = known.own.keys().chain(node.own.keys()).collect();
        let mut members: Vec<&String> = members.into_iter().collect();
        members.sort();
        for member in members {
            let (from, to) = (known.own.get(member), node.own.get(member));
            // A property that came or went took its place in the list of required ones with it.
            let moved = member.strip_prefix("required/").is_some_and(|name| {
                let property = format!("{key}/properties/{}", escape(name));
                old.contains_key(&property) != new.contains_key(&property)
            });
            if from != to && !moved {
                let (from, to) = (from.cloned(), to.cloned());
                let (before, after) = (Box::new(known.clone()), Box::new(node.clone()));
                comparison.differences.push(Difference::Changed { before, after, member: member.clone(), from, to });
            }
        }
    }
    for (key, node) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        if holder(key, &old).is_none_or(|holder| new.contains_key(holder)) {
            comparison.differences.push(Difference::Removed(node.clone()));
        }
    }
    comparison
}

/// The nearest node around the one called `key`.
fn holder<'a>(key: &'a str, nodes: &IndexMap<String, Node>) -> Option<&'a str> {
    let above =
        std::iter::successors(key.rsplit_once('/').map(|(above, _)| above), |key| key.rsplit_once('/').map(|(above, _)| above));
    above.into_iter().find(|above| nodes.contains_key(*above))
}
