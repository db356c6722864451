//! What the facade needs to know of a vendor, checked.
//!
//! Input: nothing; it is filled by `fit`. Output: plain data for `emit` and `blocks`. Knows nothing of JSON or Rust's
//! syntax. It is committed beside each specification, so that a run for one vendor needs nothing else of the others.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{attributes::Attribute, vendor::manifest};

/// One vendor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    /// Name of the crate.
    pub(super) name: String,
    /// Version of the crate.
    #[serde(default = "first_version")]
    pub(super) version: String,
    /// Name for people.
    pub(super) title: String,
    /// The crate's features that the facade needs.
    pub(super) features: Vec<String>,
    /// The types that are users, in the order of the manifest.
    pub(super) users: Vec<UserType>,
    /// The schema that the verbs carry; empty without a `[directory]`.
    pub(super) schema: String,
    /// One entry per verb.
    pub(super) verbs: Vec<(String, Capability)>,
    /// The same for other kinds of user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) further: Vec<Further>,
}

/// A directory of another kind of user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Further {
    /// Whose, such as `external users`.
    pub(super) of: String,
    /// The schema that the verbs carry.
    pub(super) schema: String,
    /// One entry per verb.
    pub(super) verbs: Vec<(String, Capability)>,
}

/// One directory of a vendor.
#[derive(Clone, Debug)]
pub(super) struct DirectoryOf<'a> {
    pub(super) model: &'a Model,
    /// Whose, where it is not the first.
    pub(super) of: Option<&'a str>,
    /// Name for people.
    pub(super) title: String,
    pub(super) schema: &'a str,
    pub(super) verbs: &'a [(String, Capability)],
}

impl Model {
    /// All directories, the first one first.
    pub(super) fn directories(&self) -> impl Iterator<Item = DirectoryOf<'_>> {
        let Self { title, schema, verbs, .. } = self;
        let first = DirectoryOf { model: self, of: None, title: title.clone(), schema, verbs };
        let further = self.further.iter().map(move |Further { of, schema, verbs }| DirectoryOf {
            model: self,
            of: Some(of),
            title: format!("{title}, {of}"),
            schema,
            verbs,
        });
        std::iter::once(first).chain(further)
    }
}

/// The version of a crate whose model was committed before it said one.
fn first_version() -> String {
    manifest::FIRST_VERSION.to_owned()
}

/// How a verb is done, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Capability {
    pub(super) means: Means,
    pub(super) evidence: Evidence,
    pub(super) preconditions: Vec<String>,
}

/// How a verb is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Means {
    /// By operations, the last one the work.
    Direct(Vec<Call>),
    /// By other verbs, the last one the work.
    Derived(Vec<String>),
    /// Not at all.
    Unsupported { missing: String, manual: Option<String> },
}

/// What a capability rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Evidence {
    /// The documents.
    Documents,
    /// Other pages of the vendor.
    OtherPages,
    /// Nothing that says it outright; why.
    Weak(String),
}

/// A type that is a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct UserType {
    /// Name of the schema.
    pub(super) schema: String,
    /// Name of the Rust type.
    pub(super) rust: String,
    /// What is read and written, in the order of [`Attribute`].
    pub(super) attributes: Vec<Mapped>,
    /// All fields: name in Rust, and on the wire.
    pub(super) fields: Vec<(String, String)>,
    /// Wire names of required properties.
    pub(super) required: Vec<String>,
    /// JSON pointers of secrets.
    pub(super) secrets: Vec<String>,
}

/// An attribute and the property that carries it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mapped {
    pub(super) attribute: Attribute,
    /// Where it stands, for people: wire names with slashes between.
    pub(super) property: String,
    pub(super) access: Access,
    /// Whether and how it is written.
    pub(super) writing: Writing,
    /// Attributes of a new user that it is made of, where nobody names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) composed_of: Vec<Attribute>,
    /// Why a user that reads as inactive may be locked out instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ambiguous: Option<String>,
    #[serde(default, skip_serializing_if = "Constraints::is_none")]
    pub(super) constraints: Constraints,
}

/// What the values of an attribute have to keep to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Constraints {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_length: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pattern: Option<String>,
    /// Of an enumeration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) values: Vec<String>,
}

impl Constraints {
    /// Whether nothing is demanded.
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether and how an attribute is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Writing {
    /// As its name says.
    Plain,
    /// Only where settings say so; what it does.
    Explicit(String),
    /// Never; why.
    Never(String),
    /// The object that it stands in is replaced.
    Reference,
}

/// The way to a field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    /// Rust names of the objects on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) objects: Vec<String>,
    /// Rust name of the field.
    pub(super) field: String,
    pub(super) nullable: bool,
}

/// How an attribute is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Access {
    /// Text, a timestamp, or a whole number in digits.
    Text(Place),
    /// One of a list of names.
    Name(Place),
    /// A boolean, turned round or not.
    Flag { place: Place, not: bool },
    /// A flag that is true when the property has this value.
    Equals { place: Place, name: bool, value: Value },
    /// A flag in two words; where no page says them, in those of the settings.
    Words { place: Place, name: bool, words: Option<(String, String)> },
    /// Several texts with blanks between, each a name or not.
    Joined(Vec<(Place, bool)>),
    /// Always this text.
    Constant(String),
}

/// An operation of the specification that does a part of a verb.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Call {
    pub(super) id: String,
    /// In capitals.
    pub(super) method: String,
    pub(super) path: String,
    pub(super) evidence: Evidence,
}
