//! A change as data, before it is sent: the requests, and what they change. Knows no vendor.

use std::collections::BTreeSet;
use std::fmt;

use client_core::serde::de::Error as _;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::serde_json::{Map, Value as Json, json};

use crate::attribute::Attribute;
use crate::capabilities::DroppedAttribute;
use crate::capability::{Operation, Verb};
use crate::draft::UserDraft;
use crate::instance::Instance;
use crate::outcome::{dropped_from_json, dropped_to_json};
use crate::patch::UserPatch;
use crate::search::MatchKey;
use crate::shape::Shape;
use crate::switch::Taken;

/// What [`Directory::plan`](crate::Directory::plan) is asked for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Action<'a> {
    /// Create this user.
    Create(&'a UserDraft),
    /// Create this user, or update the one that exists.
    Save(&'a UserDraft),
    /// Save these users.
    SaveAll(&'a [UserDraft]),
    /// Change some attributes of a user.
    Update {
        /// Whose.
        id: &'a str,
        /// Which attributes.
        patch: &'a UserPatch,
    },
    /// Let this user log in again.
    Enable(&'a str),
    /// Keep this user from logging in.
    Disable(&'a str),
    /// Remove this user.
    Delete(&'a str),
    /// Make this user choose a new password.
    ResetPassword(&'a str),
    /// Find this user by the match keys, then create it, update it or do nothing.
    Ensure {
        /// What is wanted.
        draft: &'a UserDraft,
        /// In the order in which they count.
        keys: &'a [MatchKey],
    },
    /// Keep this user from logging in, by the best way there is.
    Deactivate(&'a str),
    /// Let this user log in again, by the best way there is.
    Activate(&'a str),
}

impl Action<'_> {
    /// Returns the verb that would do it.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Create(_) => Verb::Create,
            Self::Save(_) => Verb::Save,
            Self::SaveAll(_) => Verb::SaveAll,
            Self::Update { .. } => Verb::Update,
            Self::Enable(_) => Verb::Enable,
            Self::Disable(_) => Verb::Disable,
            Self::Delete(_) => Verb::Delete,
            Self::ResetPassword(_) => Verb::ResetPassword,
            Self::Ensure { .. } => Verb::Ensure,
            Self::Deactivate(_) => Verb::Deactivate,
            Self::Activate(_) => Verb::Activate,
        }
    }
}

/// What would be sent, and what it would change.
///
/// Secrets and what the vendor does not document are masked, so that a plan can be shown and kept. It cannot be sent: the same
/// draft or patch is given to the directory again, which reads and decides anew.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Where.
    pub instance: Instance,
    /// What was asked for.
    pub verb: Verb,
    /// The requests that change something, in the order in which they are sent. None where nothing changes.
    pub requests: Vec<PlannedRequest>,
    /// The users, in the order of the drafts.
    pub users: Vec<PlannedUser>,
}

/// A request that would be sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlannedRequest {
    /// The operation.
    pub operation: Operation,
    /// The operation's path with the identifier in it, encoded as it is sent.
    pub path: String,
    /// The body, masked; `None` where there is none.
    pub body: Option<Json>,
}

/// What would become of a user.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PlannedUser {
    /// Its identifier, where it has one.
    pub id: Option<String>,
    /// The fields that change, by name; for a new user, all that are set.
    pub changes: Vec<Change>,
    /// What the draft has and the vendor has no place for.
    pub dropped: Vec<DroppedAttribute>,
    /// Properties whose values would be lost, where the user would be replaced without having been read.
    pub lost: Vec<String>,
    /// What would be taken from the user, such as licences.
    pub taken: Vec<Taken>,
    /// When the record that the plan was made from had changed last.
    pub last_modified: Option<String>,
}

/// A field that changes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Its name on the wire.
    pub field: String,
    /// The attribute that it carries.
    pub attribute: Option<Attribute>,
    /// What it was; `None` where it was not there.
    pub old: Option<Json>,
    /// What it becomes; `None` where it is removed or reset.
    pub new: Option<Json>,
}

impl Plan {
    /// Creates a plan of nothing so far.
    #[must_use]
    pub fn new(instance: &Instance, verb: Verb) -> Self {
        Self { instance: instance.clone(), verb, requests: Vec::new(), users: Vec::new() }
    }

    /// Adds a request.
    #[must_use]
    pub fn with_request(mut self, request: PlannedRequest) -> Self {
        self.requests.push(request);
        self
    }

    /// Adds a user.
    #[must_use]
    pub fn with_user(mut self, user: PlannedUser) -> Self {
        self.users.push(user);
        self
    }
}

impl PlannedRequest {
    /// Creates a request without a body; `id` takes the place of the path's only parameter.
    #[must_use]
    pub fn new(operation: &Operation, id: &str) -> Self {
        Self { operation: operation.clone(), path: expand(&operation.path, id), body: None }
    }

    /// Sets the body, which must be masked.
    #[must_use]
    pub fn with_body(mut self, body: Json) -> Self {
        self.body = Some(body);
        self
    }
}

impl PlannedUser {
    /// Creates the user `id`, of whom nothing changes so far.
    #[must_use]
    pub fn new(id: impl Into<Option<String>>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Adds a change.
    #[must_use]
    pub fn with_change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }
}

impl Change {
    /// Creates a field that changes from one value to another.
    #[must_use]
    pub fn new(field: impl Into<String>, old: impl Into<Option<Json>>, new: impl Into<Option<Json>>) -> Self {
        Self { field: field.into(), attribute: None, old: old.into(), new: new.into() }
    }

    /// Sets the attribute that the field carries.
    #[must_use]
    pub const fn of(mut self, attribute: Attribute) -> Self {
        self.attribute = Some(attribute);
        self
    }
}

/// The fields in which two records differ, masked.
pub(crate) fn changes(shape: &Shape, old: Map<String, Json>, new: Map<String, Json>) -> Vec<Change> {
    let names: BTreeSet<String> = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).cloned().collect();
    let (old, new) = (shape.masked(old), shape.masked(new));
    let change = |name: String| {
        let (before, after) = (old.get(&name).cloned(), new.get(&name).cloned());
        let attribute = shape.attribute(&name);
        Change { attribute, ..Change::new(name, before, after) }
    };
    names.into_iter().map(change).collect()
}

/// A path template with `id` in the place of its only parameter, encoded as the client does it.
fn expand(template: &str, id: &str) -> String {
    match template.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?.1))) {
        Some((head, tail)) => format!("{head}{}{tail}", client_core::codegen::url_part(id)),
        None => template.to_owned(),
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, request) in self.requests.iter().enumerate() {
            write!(f, "{}{request}", if place == 0 { "" } else { "\n" })?;
        }
        if self.requests.is_empty() {
            f.write_str("nothing to send")?;
        }
        for user in &self.users {
            if self.users.len() > 1 {
                write!(f, "\n  user {}", user.id.as_deref().unwrap_or("(new)"))?;
            }
            user.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for PlannedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.operation.method, self.path, self.operation.id)
    }
}

impl fmt::Display for PlannedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            write!(f, "\n  {change}")?;
        }
        if !self.dropped.is_empty() {
            let names: Vec<&str> = self.dropped.iter().map(|dropped| dropped.attribute.name()).collect();
            write!(f, "\n  dropped: {}", names.join(", "))?;
        }
        if !self.lost.is_empty() {
            write!(f, "\n  lost, whatever it is: {}", self.lost.join(", "))?;
        }
        for taken in &self.taken {
            write!(f, "\n  taken: {taken}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: &Option<Json>| value.as_ref().map_or_else(|| "–".to_owned(), Json::to_string);
        write!(f, "{}: {} → {}", self.field, show(&self.old), show(&self.new))
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let requests = self.requests.iter().map(|PlannedRequest { operation, path, body }| {
            json!({ "operation": operation.id, "method": operation.method, "template": operation.path, "path": path, "body": body })
        });
        let users = self.users.iter().map(|user| {
            let changes = user.changes.iter().map(|Change { field, attribute, old, new }| {
                json!({ "field": field, "attribute": attribute.map(Attribute::name), "old": old, "new": new })
            });
            json!({
                "id": user.id, "changes": changes.collect::<Vec<_>>(), "dropped": dropped_to_json(&user.dropped),
                "lost": user.lost, "taken": user.taken, "last_modified": user.last_modified
            })
        });
        let (requests, users): (Vec<Json>, Vec<Json>) = (requests.collect(), users.collect());
        let instance = self.instance.to_json();
        json!({ "instance": instance, "verb": self.verb.name(), "requests": requests, "users": users }).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        plan(&Json::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn plan(json: &Json) -> Result<Plan, String> {
    let list = |node: &Json, name: &str| node.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let text = |node: &Json, name: &str| {
        let text = node.get(name).and_then(Json::as_str).map(str::to_owned);
        text.ok_or_else(|| format!("a plan has text under `{name}`"))
    };
    let maybe = |node: &Json, name: &str| node.get(name).and_then(Json::as_str).map(str::to_owned);
    let value = |node: &Json, name: &str| node.get(name).filter(|value| !value.is_null()).cloned();
    let instance = Instance::from_json(json.get("instance")).ok_or("a plan has an `instance`")?;
    let mut plan = Plan::new(&instance, text(json, "verb")?.parse()?);
    for node in list(json, "requests") {
        let operation = Operation::owned(text(&node, "operation")?, text(&node, "method")?, text(&node, "template")?);
        plan.requests.push(PlannedRequest { operation, path: text(&node, "path")?, body: value(&node, "body") });
    }
    for node in list(json, "users") {
        let mut user = PlannedUser::new(maybe(&node, "id"));
        for change in list(&node, "changes") {
            let attribute = maybe(&change, "attribute").map(|name| name.parse()).transpose();
            let attribute = attribute.map_err(|error: crate::attribute::UnknownAttribute| error.to_string())?;
            let change = Change::new(text(&change, "field")?, value(&change, "old"), value(&change, "new"));
            user.changes.push(Change { attribute, ..change });
        }
        user.dropped = dropped_from_json(node.get("dropped"))?;
        user.lost = list(&node, "lost").iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let taken = list(&node, "taken").into_iter().map(client_core::serde_json::from_value::<Taken>);
        user.taken = taken.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        user.last_modified = maybe(&node, "last_modified");
        plan.users.push(user);
    }
    Ok(plan)
}
