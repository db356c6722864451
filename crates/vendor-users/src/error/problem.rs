//! What exactly is wrong, as data.

use client_core::Violations;

use crate::attribute::Attribute;
use crate::capability::{Operation, Verb};
use crate::search::MatchKey;
use crate::value_error::ValueError;

/// What exactly is wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// Words of a directory.
    Words(String),
    /// The directory cannot do it.
    Unsupported {
        /// What is missing for it.
        missing: String,
        /// What a person can do by hand.
        manual: Option<String>,
        /// What the directory can do, with the operations that do it.
        supported: Vec<(Verb, Option<Operation>)>,
    },
    /// It rests on weak evidence, and the settings do not accept that.
    NotAccepted {
        /// What is to be accepted, and why it is weak.
        weak: Vec<(Verb, String)>,
    },
    /// Fields that the vendor demands have no value.
    Missing(Vec<MissingField>),
    /// A value does not fit the vendor's property.
    Value {
        /// Which attribute.
        attribute: Attribute,
        /// The property that carries it.
        property: Option<String>,
        /// Why.
        why: ValueError,
    },
    /// Values break constraints that the vendor documents, by the vendor's field names.
    Constraints(Violations),
    /// Two drafts of a batch are for the same user: their places, from 0.
    Duplicate(usize, usize),
    /// There is no such user.
    NotFound,
    /// A user that was to be created is there.
    AlreadyExists,
    /// The match keys find several users, or one that is somebody else's.
    Candidates(Vec<Candidate>),
    /// These fields changed between reading and writing.
    Changed(Vec<String>),
    /// A user that exists would be replaced without having been read: the properties that would be lost.
    WouldReplace(Vec<String>),
    /// The vendor refused one user.
    Refused {
        /// The HTTP status for this user, where the vendor gives one.
        status: Option<u16>,
        /// The vendor's words.
        words: String,
        /// The fields that the vendor names.
        fields: Vec<String>,
    },
    /// The response is not what the vendor documents.
    Malformed {
        /// What was expected.
        expected: String,
        /// What came.
        found: String,
    },
    /// The call failed.
    Call {
        /// What the client says about it.
        error: client_core::Error<()>,
        /// The vendor's words, as a sentence.
        words: Option<String>,
    },
}

/// A field that a vendor demands and that has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingField {
    /// Its name on the wire.
    pub field: String,
    /// The attribute that it carries; without one, only a default or the vendor's own type can give it.
    pub attribute: Option<Attribute>,
}

/// A user that a match key found, where several were found or the one that was is somebody else's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The key that found it.
    pub key: MatchKey,
    /// The value of the key that was looked for.
    pub value: String,
    /// What the vendor calls the user.
    pub id: String,
    /// What the user logs in with.
    pub user_name: Option<String>,
    /// A key that stands before the one that found the user, and the other value that the user has for it.
    pub other: Option<(MatchKey, String)>,
}

impl MissingField {
    /// Creates a field without a value.
    #[must_use]
    pub fn new(field: impl Into<String>, attribute: Option<Attribute>) -> Self {
        Self { field: field.into(), attribute }
    }
}
