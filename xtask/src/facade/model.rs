//! What the facade needs to know of a vendor, checked.
//!
//! Input: nothing; it is filled by `fit`. Output: plain data for `emit` and `blocks`. Knows nothing of JSON or Rust's
//! syntax. It is committed beside each specification, so that a run for one vendor needs nothing else of the others.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    attributes::Attribute,
    vendor::{
        call::{Case, Constant, Order, Page, Told},
        manifest,
    },
};

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
    /// How operations of a known shape are called.
    #[serde(default, skip_serializing_if = "Calls::is_empty")]
    pub(super) calls: Calls,
    /// Whether lists and searches leave out attributes that a read shows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) lists_less: bool,
    /// What no page says and a reader must know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unsaid: Vec<String>,
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
    /// How operations of a known shape are called.
    #[serde(default, skip_serializing_if = "Calls::is_empty")]
    pub(super) calls: Calls,
    /// Whether lists and searches leave out attributes that a read shows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) lists_less: bool,
    /// What no page says and a reader must know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unsaid: Vec<String>,
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
    pub(super) calls: &'a Calls,
    pub(super) lists_less: bool,
    pub(super) unsaid: &'a [String],
}

impl Model {
    /// All directories, the first one first.
    pub(super) fn directories(&self) -> impl Iterator<Item = DirectoryOf<'_>> {
        let Self { title, schema, verbs, calls, lists_less, unsaid, .. } = self;
        let title_of_all = title.clone();
        let first =
            DirectoryOf { model: self, of: None, title: title_of_all, schema, verbs, calls, lists_less: *lists_less, unsaid };
        let further = self.further.iter().map(move |Further { of, schema, verbs, calls, lists_less, unsaid }| DirectoryOf {
            model: self,
            of: Some(of),
            title: format!("{title}, {of}"),
            schema,
            verbs,
            calls,
            lists_less: *lists_less,
            unsaid,
        });
        std::iter::once(first).chain(further)
    }
}

impl DirectoryOf<'_> {
    /// The attributes that its users have.
    pub(super) fn mapped(&self) -> impl Iterator<Item = &Mapped> {
        self.model.users.iter().filter(|user| user.schema == self.schema).flat_map(|user| &user.attributes)
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) inferences: Vec<String>,
}

/// How a verb is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Means {
    /// By operations, the last one the work.
    Direct(Vec<Step>),
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

impl UserType {
    /// The property that carries the identifier.
    pub(super) fn identifier(&self) -> Option<String> {
        self.attributes.iter().find(|mapped| mapped.attribute.name() == "id").map(|mapped| mapped.property.clone())
    }
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
    /// Attributes of a new user that its value is made of, where the caller gives none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) composed_of: Vec<Attribute>,
    /// Why a user that reads as inactive may be locked out instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ambiguous: Option<String>,
    #[serde(default, skip_serializing_if = "Constraints::is_none")]
    pub(super) constraints: Constraints,
}

impl Mapped {
    /// Whether settings that say nothing of it let it be written.
    pub(super) fn is_written(&self) -> bool {
        let is_worded_by_settings = matches!(self.access, Access::Words { words: None, .. });
        let by_rule = matches!(self.writing, Writing::Plain | Writing::Reference);
        by_rule && !is_worded_by_settings && !self.attribute.row().is_assigned
    }
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
    /// Whether there are none.
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
pub(super) struct Step {
    pub(super) id: String,
    /// In capitals.
    pub(super) method: String,
    pub(super) path: String,
    pub(super) evidence: Evidence,
}

/// How the operations of a directory are called that have a known shape.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Calls {
    /// Name of the Rust type that the record is.
    pub(super) record: String,
    /// How the vendor says that there is no such user.
    pub(super) nobody: Option<Told>,
    /// Rust names of fields that are not taken from responses.
    pub(super) unread: Vec<String>,
    /// Whether the vendor gives every new user its identifier.
    pub(super) assigns_identifiers: bool,
    /// The property that a draft must have since a path does.
    pub(super) also_required: Option<String>,
    /// What tells the vendor that a user is new: the field of the identifier, and the number there. Those of users are larger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) new: Option<(String, i64)>,
    /// One by verb.
    pub(super) by_verb: Vec<(String, Call)>,
    /// The fields, and their values, by which a user has to choose a new password.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) reset: Vec<(String, Argument)>,
    /// One by attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) choices: Vec<Choices>,
}

/// How the values are read that an attribute may have.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Choices {
    pub(super) attribute: Attribute,
    pub(super) call: Call,
    /// Of each, what is written.
    pub(super) id: Place,
    /// Of each, what people read.
    pub(super) title: Place,
    /// Of each, flags that leave it out.
    pub(super) without: Vec<Place>,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.by_verb.is_empty() && self.choices.is_empty()
    }

    pub(super) fn of(&self, verb: &str) -> Option<&Call> {
        self.by_verb.iter().find(|(known, _)| known == verb).map(|(_, call)| call)
    }
}

/// How an operation is called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Call {
    /// Method of the client.
    pub(super) method: String,
    /// In the order of the method, the body last.
    pub(super) arguments: Vec<Argument>,
    /// Setters of the request.
    pub(super) setters: Vec<(String, Argument)>,
    /// The way to what was asked for in the response; `None` where the response has no user.
    pub(super) result: Option<Reply>,
    /// What tells that the response means success.
    pub(super) success: Vec<Success>,
    pub(super) page: Option<Page>,
    pub(super) order: Option<Order>,
    pub(super) exists: Option<Told>,
    pub(super) partial: bool,
    /// Where the response says which page is next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<Next>,
    /// How a search compares text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) case: Option<Case>,
    /// Whether the user is read first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) reads_first: bool,
}

/// Where a response says which page is next.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Next {
    /// A member that has the cursor.
    Member(Place),
    /// A member that has the address of the next page, and the parameter there that is the cursor.
    Link(Place, String),
    /// A header that has this address, and the parameter.
    Header(String, String),
}

/// A value that a call takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Argument {
    /// The user's identifier; the type of number that it is, where it is one.
    Id { number: Option<String> },
    /// Always the same; its type, where it is a number or of an enumeration.
    Constant { value: Constant, ty: Option<String> },
    /// The record, as the whole body.
    Record,
    /// A body that is made for the call.
    Body {
        /// Name of the Rust type.
        ty: String,
        /// Rust name, wire name and value of each member that is set.
        members: Vec<(String, String, Argument)>,
    },
    /// Which page is asked for, as a number of this type.
    Position(String),
    /// How many users a page has, as a number of this type.
    Size(String),
    /// The order.
    Order,
    /// What the page before said of this one, as a number of this type where it is one.
    Cursor { number: Option<String> },
    /// What is looked for, where it is looked for by this key.
    Sought(String),
}

/// The way to a user or a list of users in a response.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Reply {
    /// Rust names of the fields on the way.
    pub(super) fields: Vec<String>,
    /// What they are called on the wire, the last of them.
    pub(super) member: Option<String>,
    /// Whether users there are of another type than the record, and can become one.
    pub(super) converted: bool,
    /// Whether there are several.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) list: bool,
}

/// A member that tells whether a response means success.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Success {
    pub(super) place: Place,
    /// On the wire, the last step.
    pub(super) member: String,
    pub(super) words: Vec<String>,
}
