//! A change as data, before it is sent.
//!
//! In: a record before and after, and the operation that would send it. Out: the request and, for each field, what it was
//! and what it becomes; secrets and what the vendor does not document are masked. Knows no vendor.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use client_core::serde_json::{Map, Value};

use crate::attribute::Attribute;
use crate::capability::{Capabilities, Capability, NotCarried, Operation, Verb};
use crate::directory::unsupported;
use crate::draft::UserDraft;
use crate::error::Error;
use crate::patch::UserPatch;
use crate::record::{Record, Shape, members};

/// What stands in the place of a secret.
const MASK: &str = "***";

/// What [`Directory::plan`](crate::Directory::plan) is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Action<'a> {
    /// Create this user.
    Create(&'a UserDraft),
    /// Create this user, or update the one that exists.
    Save(&'a UserDraft),
    /// Change some attributes of a user.
    Update {
        /// Whose.
        id: &'a str,
        /// Which attributes.
        patch: &'a UserPatch,
    },
}

/// What would be sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// The operation that sends it.
    pub operation: Operation,
    /// The operation's path with the identifier in it.
    pub path: String,
    /// The user's record as it would travel; secrets and undocumented members are masked.
    pub record: BTreeMap<String, Value>,
    /// The fields that change, by name; for a new user, all that are set.
    pub changes: Vec<Change>,
    /// What the draft has and the vendor has no place for.
    pub not_carried: Vec<NotCarried>,
    /// When the record that the plan was made from had changed last.
    pub last_modified: Option<String>,
}

/// A field that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its name on the wire.
    pub field: String,
    /// The attribute that it carries.
    pub attribute: Option<Attribute>,
    /// What it was; `None` where it was not there.
    pub old: Option<Value>,
    /// What it becomes; `None` where it is left out.
    pub new: Option<Value>,
}

impl Action<'_> {
    /// The verb that would do it.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Create(_) => Verb::Create,
            Self::Save(_) => Verb::Save,
            Self::Update { .. } => Verb::Update,
        }
    }
}

impl Plan {
    /// The plan to turn `before` (nothing, for a new user) into `after` by the operation that stands for `verb`.
    #[allow(dead_code, reason = "only adapters make plans")]
    pub(crate) fn of<R: Record>(
        documented: &'static Capabilities,
        verb: Verb,
        id: Option<&str>,
        before: Option<&R>,
        after: &R,
        not_carried: Vec<NotCarried>,
    ) -> Result<Self, Error> {
        let Capability::Supported { operation } = documented.of(verb) else { return Err(unsupported(documented, verb)) };
        let (old, new) = (before.map(members).unwrap_or_default(), members(after));
        let shape = R::SHAPE;
        Ok(Self {
            vendor: shape.vendor,
            operation,
            path: expand(operation.path, id.or(after.id().as_deref()).unwrap_or_default()),
            changes: changes(shape, &old, &new),
            record: new.iter().map(|(name, value)| (name.clone(), masked(shape, name, value))).collect(),
            not_carried,
            last_modified: before.and_then(|record| record.last_modified().map(|date| date.into_owned())),
        })
    }
}

/// The fields in which two records differ.
fn changes(shape: &Shape, old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    differing
        .map(|name| Change {
            field: name.clone(),
            attribute: shape.attribute(name),
            old: old.get(name).map(|value| masked(shape, name, value)),
            new: new.get(name).map(|value| masked(shape, name, value)),
        })
        .collect()
}

/// Names of the fields in which two records differ.
#[allow(dead_code, reason = "only adapters that can read use it")]
pub(crate) fn differing<R: Record>(before: &R, after: &R) -> Vec<String> {
    changes(R::SHAPE, &members(before), &members(after)).into_iter().map(|change| change.field).collect()
}

/// A member without its secrets; one that is not documented may be anything, so all of it is masked.
fn masked(shape: &Shape, name: &str, value: &Value) -> Value {
    if !shape.properties.contains(&name) && !value.is_null() {
        return Value::from(MASK);
    }
    let mut value = value.clone();
    for place in shape.secrets {
        let mut tokens = place.split('/').skip(1);
        if tokens.next() == Some(&name.replace('~', "~0").replace('/', "~1")) {
            mask(&mut value, &tokens.collect::<Vec<_>>());
        }
    }
    value
}

fn mask(value: &mut Value, tokens: &[&str]) {
    match (tokens.split_first(), value) {
        (None, Value::Null) => {}
        (None, value) => *value = Value::from(MASK),
        (Some((&"*", rest)), Value::Array(elements)) => elements.iter_mut().for_each(|element| mask(element, rest)),
        (Some((&"*", rest)), Value::Object(members)) => members.values_mut().for_each(|member| mask(member, rest)),
        (Some((token, rest)), Value::Object(members)) => {
            if let Some(member) = members.get_mut(&token.replace("~1", "/").replace("~0", "~")) {
                mask(member, rest);
            }
        }
        _ => {}
    }
}

/// A path template with `id` in the place of its only parameter.
#[allow(dead_code, reason = "only adapters make plans")]
fn expand(template: &str, id: &str) -> String {
    match template.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?.1))) {
        Some((head, tail)) => format!("{head}{id}{tail}"),
        None => template.to_owned(),
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.operation.method, self.path, self.operation.id)?;
        for change in &self.changes {
            write!(f, "\n  {change}")?;
        }
        if self.changes.is_empty() {
            f.write_str("\n  nothing changes")?;
        }
        if !self.not_carried.is_empty() {
            let names: Vec<&str> = self.not_carried.iter().map(|lost| lost.attribute.name()).collect();
            write!(f, "\n  not carried: {}", names.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: &Option<Value>| value.as_ref().map_or_else(|| "–".to_owned(), Value::to_string);
        write!(f, "{}: {} → {}", self.field, show(&self.old), show(&self.new))
    }
}
