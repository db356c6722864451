//! What each vendor documents.
//!
//! In: tables generated from the specifications. Out: whether a verb is documented, and by which operation. Knows no vendor.

use std::fmt;

use crate::attribute::Attribute;
use crate::user::User;
use crate::value::Unfit;

/// What can be done with the users of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// Read one user.
    Get,
    /// Read all users.
    List,
    /// Look for users by user name or email.
    Find,
    /// Create a user that does not exist.
    Create,
    /// Create a user, or update the one that exists.
    Save,
    /// Change some attributes and keep all else.
    Update,
    /// Let a user log in again.
    Enable,
    /// Keep a user from logging in.
    Disable,
    /// Remove a user.
    Delete,
    /// Make the user choose a new password.
    ResetPassword,
    /// Save many users, with one outcome for each.
    SaveAll,
}

impl Verb {
    /// All of them, in the order of the enum.
    pub const ALL: [Self; 11] = [
        Self::Get,
        Self::List,
        Self::Find,
        Self::Create,
        Self::Save,
        Self::Update,
        Self::Enable,
        Self::Disable,
        Self::Delete,
        Self::ResetPassword,
        Self::SaveAll,
    ];

    /// The name of the method of [`Directory`](crate::Directory).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::List => "list",
            Self::Find => "find",
            Self::Create => "create",
            Self::Save => "save",
            Self::Update => "update",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::ResetPassword => "reset_password",
            Self::SaveAll => "save_all",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An operation as the vendor's specification names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path template.
    pub path: &'static str,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.id, self.method, self.path)
    }
}

/// Whether a vendor documents a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// It does, by this operation.
    Supported {
        /// The operation that does the work, or most of it.
        operation: Operation,
    },
    /// It does not: the verb fails before anything is sent.
    Undocumented,
}

impl Capability {
    /// The operation, where there is one.
    #[must_use]
    pub const fn operation(self) -> Option<Operation> {
        match self {
            Self::Supported { operation } => Some(operation),
            Self::Undocumented => None,
        }
    }

    /// Whether the vendor documents the verb.
    #[must_use]
    pub const fn is_supported(self) -> bool {
        matches!(self, Self::Supported { .. })
    }
}

/// What one vendor documents about its users.
#[derive(Debug)]
pub struct Capabilities {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// The vendor's name for people.
    pub title: &'static str,
    /// The schema of the specification that the verbs carry.
    pub schema: &'static str,
    /// One entry for each verb, in the order of [`Verb::ALL`].
    pub verbs: [Capability; 11],
    /// Which property of the schema carries which attribute.
    pub carries: &'static [(Attribute, &'static str)],
}

/// An attribute that was set and has no place at the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCarried {
    /// Which one.
    pub attribute: Attribute,
    /// Why.
    pub why: Unfit,
}

impl fmt::Display for NotCarried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.attribute, self.why)
    }
}

/// What a vendor cannot carry of `user`: attributes without a property, or that it writes itself.
pub(crate) fn not_carried(carries: &[(Attribute, &'static str)], user: &dyn User) -> Vec<NotCarried> {
    let set = Attribute::ALL.iter().filter(|attribute| user.attribute(**attribute).is_some());
    set.filter_map(|&attribute| {
        let why = match carries.iter().any(|(carried, _)| *carried == attribute) {
            false => Unfit::NoProperty,
            true if attribute.is_assigned() => Unfit::Assigned,
            true => return None,
        };
        Some(NotCarried { attribute, why })
    })
    .collect()
}

impl Capabilities {
    /// Whether the vendor documents `verb`.
    #[must_use]
    pub fn of(&self, verb: Verb) -> Capability {
        self.verbs.get(verb as usize).copied().unwrap_or(Capability::Undocumented)
    }

    /// The property that carries `attribute`.
    #[must_use]
    pub fn property(&self, attribute: Attribute) -> Option<&'static str> {
        self.carries.iter().find(|(carried, _)| *carried == attribute).map(|(_, property)| *property)
    }

    /// What the vendor cannot carry of `user`: attributes without a property, or that it writes itself.
    #[must_use]
    pub fn not_carried(&self, user: &dyn User) -> Vec<NotCarried> {
        not_carried(self.carries, user)
    }

    /// The documented verbs with their operations.
    pub fn documented(&self) -> impl Iterator<Item = (Verb, Operation)> {
        Verb::ALL.into_iter().filter_map(|verb| Some((verb, self.of(verb).operation()?)))
    }
}
