//! Why a directory did not do what it was asked to.
//!
//! In: what the facade and the vendor crates found wrong. Out: one error type with a text for people. Knows no vendor.

use std::fmt;

use crate::attribute::Attribute;
use crate::capability::{Capabilities, Operation, Verb};
use crate::record::Shape;
use crate::value::Unfit;

/// Why a directory did not do what it was asked to.
///
/// All but [`Error::Call`] and [`Error::Changed`] are found before anything that changes a user is sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The vendor documents no operation for the verb.
    Unsupported(Unsupported),
    /// Fields that the vendor demands have no value.
    Missing(Missing),
    /// A value does not fit the vendor's property.
    Unfit {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// Which attribute.
        attribute: Attribute,
        /// The property that carries it.
        property: Option<&'static str>,
        /// Why.
        why: Unfit,
    },
    /// Values break the limits that the vendor documents.
    Limits {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// All of them, by the vendor's field names.
        violations: client_core::Violations,
    },
    /// Two drafts of a batch are for the same user.
    Duplicate {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// What both are called.
        user: String,
        /// Places in the batch, from 0.
        places: (usize, usize),
    },
    /// The vendor has no such user.
    NotFound {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// The identifier that was asked for.
        id: String,
    },
    /// The user changed between reading and writing; nothing was written.
    Changed(Changed),
    /// The connection's settings do not fit together.
    Settings {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// What is wrong with them.
        why: String,
    },
    /// One user of a batch was refused by the vendor.
    Refused {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// The HTTP status for this user, where the vendor gives one.
        status: Option<u16>,
        /// The vendor's words.
        why: String,
    },
    /// The vendor answered without what was asked for.
    Unanswered {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// What the answer lacks.
        expected: &'static str,
    },
    /// The call failed: it could not be sent, was refused, could not be read or took too long.
    Call {
        /// Name of the vendor crate.
        vendor: &'static str,
        /// What the client says about it.
        error: client_core::Error<()>,
    },
}

/// A verb that the vendor does not document.
#[derive(Clone, Copy, Debug)]
pub struct Unsupported {
    /// What was asked for.
    pub verb: Verb,
    /// What the vendor documents.
    pub capabilities: &'static Capabilities,
}

/// Fields that a vendor demands and that have no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// What was asked for.
    pub verb: Verb,
    /// All of them, in the vendor's order.
    pub fields: Vec<MissingField>,
}

/// A field that a vendor demands and that has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingField {
    /// Its name on the wire.
    pub field: &'static str,
    /// The attribute that it carries; without one, only a default or the vendor's own type can give it.
    pub attribute: Option<Attribute>,
}

/// What changed between reading and writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// Whose record.
    pub id: String,
    /// Names of the fields that are no longer what they were; empty where only the dates are known.
    pub fields: Vec<String>,
    /// When the record as it was read had changed last, and when the record as it is now did.
    pub last_modified: (Option<String>, Option<String>),
}

impl Error {
    pub(crate) fn unfit(shape: &'static Shape, attribute: Attribute, why: Unfit) -> Self {
        Self::Unfit { vendor: shape.vendor, attribute, property: shape.property(attribute), why }
    }

    #[allow(dead_code, reason = "only adapters call vendors")]
    pub(crate) fn call<E>(vendor: &'static str, error: client_core::Error<E>) -> Self {
        Self::Call { vendor, error: error.without_body() }
    }

    /// Whether the request may have reached the vendor although its answer did not come back.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Call { error, .. } if error.may_have_arrived())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(unsupported) => unsupported.fmt(f),
            Self::Missing(missing) => missing.fmt(f),
            Self::Unfit { vendor, attribute, property, why } => {
                write!(f, "{vendor} cannot take `{attribute}`")?;
                if let Some(property) = property {
                    write!(f, " as `{property}`")?;
                }
                write!(f, ": {why}")
            }
            Self::Limits { vendor, violations } => write!(f, "{vendor} documents other limits: {violations}"),
            Self::Duplicate { vendor, user, places: (first, second) } => {
                write!(
                    f,
                    "{vendor}: drafts {first} and {second} of the batch are both for `{user}`; nothing was written, leave one of them out"
                )
            }
            Self::NotFound { vendor, id } => write!(f, "{vendor} has no user `{id}`"),
            Self::Changed(changed) => changed.fmt(f),
            Self::Settings { vendor, why } => write!(f, "{vendor}: {why}"),
            Self::Refused { vendor, status, why } => match status {
                Some(status) => write!(f, "{vendor} refused the user with status {status}: {why}"),
                None => write!(f, "{vendor} refused the user: {why}"),
            },
            Self::Unanswered { vendor, expected } => write!(f, "{vendor} answered without {expected}"),
            Self::Call { vendor, error } => write!(f, "{vendor}: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verb, capabilities } = self;
        write!(f, "{} documents no operation for `{verb}`; it documents ", capabilities.title)?;
        let mut operations: Vec<(Operation, Vec<Verb>)> = Vec::new();
        for (verb, operation) in capabilities.documented() {
            match operations.iter_mut().find(|(known, _)| *known == operation) {
                Some((_, verbs)) => verbs.push(verb),
                None => operations.push((operation, vec![verb])),
            }
        }
        for (place, (operation, verbs)) in operations.iter().enumerate() {
            let verbs: Vec<String> = verbs.iter().map(|verb| format!("`{verb}`")).collect();
            write!(f, "{}{} by {operation}", if place == 0 { "" } else { "; " }, verbs.join(", "))?;
        }
        if operations.is_empty() {
            f.write_str("nothing about single users")?;
        }
        let flag = match verb {
            Verb::Enable => true,
            Verb::Disable | Verb::Delete => false,
            _ => return Ok(()),
        };
        match capabilities.property(Attribute::Active) {
            Some(property) if capabilities.of(Verb::Save).is_supported() => {
                write!(f, ". `save` the whole user with `active` {flag} instead, carried as `{property}`")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} demands for `{}` what neither draft nor defaults have: ", self.vendor, self.verb)?;
        for (place, MissingField { field, attribute }) in self.fields.iter().enumerate() {
            write!(f, "{}`{field}`", if place == 0 { "" } else { ", " })?;
            if let Some(attribute) = attribute {
                write!(f, " (`{attribute}`)")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: user `{}` changed in between", self.vendor, self.id)?;
        if !self.fields.is_empty() {
            write!(f, " ({})", self.fields.join(", "))?;
        }
        if let (Some(before), Some(after)) = &self.last_modified
            && before != after
        {
            write!(f, ", last modified {before} when it was read and {after} now")?;
        }
        f.write_str("; nothing was written, read it again and decide")
    }
}
