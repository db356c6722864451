//! The `[directory]` table: how each verb of a directory is done at a vendor.
//!
//! From TOML to entries by verb, each with its span in the manifest. Whether the operations exist is checked
//! against the specification by `facade::fit`.
//!
//! ```toml
//! get = "GetUser"
//! create = { operation = ["MakePerson", "SaveUser"], preconditions = ["on site only"] }
//! reset_password = { from = ["update"], set = { mustChoose = true } }
//! delete = { missing = "no page describes it", manual = "delete the user in the portal" }
//! ```
//!
//! How an operation of a known shape is called stands there as well: see [`call`](super::call). Of another one,
//! `by_hand = true` says that the adapter calls it; so it does where several steps are needed.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::call::{Call, Case, Choices, Constant, Order, Page, Told};

/// How the verbs of a vendor's directory are done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The schema that the operations carry; it has a `[user.<schema>]` table.
    pub schema: Spanned<String>,
    /// Whose users they are, such as `external users`, where the vendor has a further directory.
    pub of: Option<Spanned<String>>,
    /// How the vendor says that there is no such user.
    pub nobody: Option<Spanned<Told>>,
    /// Members of every response, with slashes between the steps, and the words that mean success; `""` is none.
    #[serde(default)]
    pub success: IndexMap<Spanned<String>, Vec<String>>,
    /// Properties that are neither shown nor written back, as no page says what a read returns for them.
    #[serde(default)]
    pub unread: Vec<Spanned<String>>,
    /// Whether the vendor gives every new user its identifier.
    #[serde(default)]
    pub assigns_identifiers: bool,
    /// The identifier that tells the vendor that a user is new, such as 0; those of users are larger.
    pub new: Option<Spanned<i64>>,
    /// What no page says of the whole directory and a reader must know, such as which role the calls want.
    #[serde(default)]
    pub unsaid: Vec<String>,
    /// Whether lists and searches show every attribute that a read shows.
    #[serde(default = "yes")]
    pub lists_whole_records: bool,
    /// Reads one user.
    pub get: Option<Spanned<Entry>>,
    /// Reads all users.
    pub list: Option<Spanned<Entry>>,
    /// Looks for users; derived from `list` where it is left out.
    pub find: Option<Spanned<Entry>>,
    /// Creates a user.
    pub create: Option<Spanned<Entry>>,
    /// Creates a user or updates the one that exists; derived from `get`, `create` and `update` where it is left out.
    pub save: Option<Spanned<Entry>>,
    /// Replaces a user that was read before; derived from `get` and `save` where it is left out.
    pub update: Option<Spanned<Entry>>,
    /// Lets a user log in again; derived from `update` where it is left out and `active` has a property.
    pub enable: Option<Spanned<Entry>>,
    /// Keeps a user from logging in; derived as `enable` is.
    pub disable: Option<Spanned<Entry>>,
    /// Removes a user.
    pub delete: Option<Spanned<Entry>>,
    /// Makes the user choose a new password.
    pub reset_password: Option<Spanned<Entry>>,
    /// Saves many users; derived from `save` where it is left out.
    pub save_all: Option<Spanned<Entry>>,
    /// Reads the values that an attribute may have.
    pub choices: Option<Spanned<Entry>>,
}

const fn yes() -> bool {
    true
}

/// How a verb is done, or why it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Ids of the operations, in the order of their calls; the last one does the work.
    pub operations: Vec<String>,
    /// Verbs that together do it, the last one the work, where no operation does and more is known than follows on its own.
    pub from: Vec<String>,
    /// What must hold at the vendor.
    pub preconditions: Vec<String>,
    /// What is inferred on the way, and what proves it or comes of it where it is wrong.
    pub inferences: Vec<String>,
    /// What is missing for the verb, where nothing does it.
    pub missing: Option<String>,
    /// What a person can do by hand instead.
    pub manual: Option<String>,
    /// How the operation is called.
    pub call: Call,
    /// By attribute, what reads the values that it may have.
    pub of: IndexMap<String, Choices>,
}

impl Directory {
    /// The verbs in the order in which people are shown them, with what the manifest says of them.
    #[must_use]
    pub fn verbs(&self) -> [(&'static str, Option<&Spanned<Entry>>); 12] {
        [
            ("get", self.get.as_ref()),
            ("list", self.list.as_ref()),
            ("find", self.find.as_ref()),
            ("create", self.create.as_ref()),
            ("save", self.save.as_ref()),
            ("update", self.update.as_ref()),
            ("enable", self.enable.as_ref()),
            ("disable", self.disable.as_ref()),
            ("delete", self.delete.as_ref()),
            ("reset_password", self.reset_password.as_ref()),
            ("save_all", self.save_all.as_ref()),
            ("choices", self.choices.as_ref()),
        ]
    }

    /// The ids of all operations, with the verb that each is for and its place.
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &str, &Spanned<Entry>)> {
        let entries = self.verbs().into_iter().filter_map(|(verb, entry)| Some((verb, entry?)));
        entries.flat_map(|(verb, entry)| entry.get_ref().operations.iter().map(move |id| (verb, id.as_str(), entry)))
    }

    /// The names of the verbs, in the same order.
    pub const VERBS: [&str; 12] = [
        "get",
        "list",
        "find",
        "create",
        "save",
        "update",
        "enable",
        "disable",
        "delete",
        "reset_password",
        "save_all",
        "choices",
    ];
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    operation: Option<OneOrMore>,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    preconditions: Vec<String>,
    #[serde(default)]
    inferences: Vec<String>,
    missing: Option<String>,
    manual: Option<String>,
    id: Option<String>,
    body: Option<String>,
    result: Option<String>,
    #[serde(default)]
    with: IndexMap<String, Constant>,
    page: Option<Page>,
    order: Option<Order>,
    exists: Option<Told>,
    #[serde(default)]
    partial: bool,
    #[serde(default)]
    by: IndexMap<String, String>,
    case: Option<Case>,
    #[serde(default)]
    reads_first: bool,
    #[serde(default)]
    set: IndexMap<String, Constant>,
    #[serde(default)]
    by_hand: bool,
    #[serde(default)]
    of: IndexMap<String, Choices>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> de::Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an operation's id, or a table with `operation`, `from` or `missing`")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<Entry, E> {
        Ok(Entry { operations: vec![id.to_owned()], ..Entry::default() })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
        let Form {
            operation,
            from,
            preconditions,
            inferences,
            missing,
            manual,
            id,
            body,
            result,
            with,
            page,
            order,
            exists,
            partial,
            by,
            case,
            reads_first,
            set,
            by_hand,
            of,
        } = Form::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let call = Call { id, body, result, with, page, order, exists, partial, by, case, reads_first, set, by_hand };
        if !of.is_empty() && (operation.is_some() || call != Call::default()) {
            return Err(de::Error::custom("`of` says itself which operation reads what"));
        }
        let operations = match operation {
            None => of.values().map(|choices| choices.operation.clone()).collect(),
            Some(OneOrMore::One(id)) => vec![id],
            Some(OneOrMore::More(ids)) => ids,
        };
        if !operations.is_empty() && !from.is_empty() {
            return Err(de::Error::custom("`operation` and `from` exclude each other"));
        }
        if let Some(unknown) = from.iter().find(|verb| !Directory::VERBS.contains(&verb.as_str())) {
            let known = Directory::VERBS.join(", ");
            return Err(de::Error::custom(format!("there is no verb `{unknown}`; verbs are {known}")));
        }
        let by_hand = Call { by_hand: true, ..Call::default() };
        let only_sets = Call { set: call.set.clone(), ..Call::default() };
        if !call.set.is_empty() && (from.is_empty() || call != only_sets) {
            return Err(de::Error::custom("`set` says what `from` changes, and excludes what says how an operation is called"));
        }
        if call != only_sets && operations.len() != 1 {
            return Err(de::Error::custom("what says how an operation is called is for verbs that one operation does"));
        }
        if call.by_hand && call != by_hand {
            return Err(de::Error::custom("`by_hand` excludes what says how the operation is called"));
        }
        match (operations.is_empty() && from.is_empty(), &missing, &manual) {
            (true, None, _) => Err(de::Error::custom("`operation` says what does it, or `missing` why nothing does")),
            (false, Some(_), _) | (false, _, Some(_)) => {
                Err(de::Error::custom("`missing` and `manual` are for verbs that no operation does"))
            }
            _ => Ok(Entry { operations, from, preconditions, inferences, missing, manual, call, of }),
        }
    }
}
