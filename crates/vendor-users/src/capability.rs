//! Whether something can be done with the users of a directory, how, and on what evidence. Knows no vendor.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What can be done with the users of a directory. More may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// Read one user.
    Get,
    /// Read all users.
    List,
    /// Look for users by user name, email or external identifier.
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
    /// Find a user, then create it, update it or do nothing.
    Ensure,
    /// Keep a user from logging in, by the best way there is, and verify it.
    Deactivate,
    /// Let a user log in again, by the best way there is, and verify it.
    Activate,
    /// Read the values that an attribute may have.
    Choices,
}

impl Verb {
    /// All of them, in the order of the enum.
    pub const ALL: &[Self] = &[
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
        Self::Ensure,
        Self::Deactivate,
        Self::Activate,
        Self::Choices,
    ];

    /// Returns the name of the method of [`Directory`](crate::Directory).
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
            Self::Ensure => "ensure",
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Choices => "choices",
        }
    }

    /// Returns whether it changes a user.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Get | Self::List | Self::Find | Self::Choices)
    }

    /// Returns whether doing it twice has the effect of doing it once.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Create | Self::ResetPassword)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Verb {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = || Self::ALL.iter().map(|verb| verb.name()).collect::<Vec<_>>().join(", ");
        let found = Self::ALL.iter().copied().find(|verb| verb.name() == name);
        found.ok_or_else(|| format!("there is no verb `{name}`; verbs are {}", known()))
    }
}

/// An operation as the vendor's specification names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// Its `operationId`.
    pub id: Cow<'static, str>,
    /// HTTP method.
    pub method: Cow<'static, str>,
    /// Path template.
    pub path: Cow<'static, str>,
}

impl Operation {
    /// Creates an operation of a specification.
    #[must_use]
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), method: Cow::Borrowed(method), path: Cow::Borrowed(path) }
    }

    /// Creates one as [`new`](Self::new) does, from names that are known only at run time.
    #[must_use]
    pub fn owned(id: impl Into<String>, method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { id: Cow::Owned(id.into()), method: Cow::Owned(method.into()), path: Cow::Owned(path.into()) }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.id, self.method, self.path)
    }
}

/// How a verb is done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Means {
    /// Operations of the vendor do it.
    Direct {
        /// In the order of the calls; the one that does the work is the last.
        operations: Cow<'static, [Operation]>,
    },
    /// Other verbs together do it, such as reading, changing and saving.
    Derived {
        /// In the order of their use; the one that does the work is the last.
        from: Cow<'static, [Verb]>,
    },
    /// It cannot be done: it fails before anything is sent.
    Unsupported {
        /// What is missing for it.
        missing: Cow<'static, str>,
        /// What a person can do by hand instead.
        manual: Option<Cow<'static, str>>,
    },
}

/// What a capability rests on, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The vendor's documents that the specification is made from.
    Documents,
    /// Other pages of the vendor.
    OtherPages,
    /// No page of the vendor says it outright. It is used only where the settings of the instance accept it by name.
    Weak {
        /// Why it is weak.
        why: Cow<'static, str>,
    },
}

/// Whether and how a directory can do something.
///
/// ```
/// use vendor_users::{Capability, Operation, Verb};
///
/// let get = Capability::direct(Operation::new("GetUser", "GET", "/users/{id}"));
/// let enable = Capability::derived(&[Verb::Update]).precondition("on site only");
/// let delete = Capability::unsupported("no page describes it").manual("delete the user in the portal");
/// assert!(get.is_supported() && enable.is_supported() && !delete.is_supported());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Capability {
    /// How it is done, or why not.
    pub means: Means,
    /// What that rests on.
    pub evidence: Evidence,
    /// What must hold at the vendor for it to work, such as "on site only".
    pub preconditions: Cow<'static, [Cow<'static, str>]>,
    /// What is inferred on the way although no page says it, and what proves it or comes of it where it is wrong.
    pub inferences: Cow<'static, [Cow<'static, str>]>,
}

impl Capability {
    const fn of(means: Means) -> Self {
        Self { means, evidence: Evidence::Documents, preconditions: Cow::Borrowed(&[]), inferences: Cow::Borrowed(&[]) }
    }

    /// Creates a capability for which one operation does the work.
    #[must_use]
    pub fn direct(operation: Operation) -> Self {
        Self::of(Means::Direct { operations: Cow::Owned(vec![operation]) })
    }

    /// Creates a capability for which several operations are called in order, the last of which does the work.
    #[must_use]
    pub const fn steps(operations: &'static [Operation]) -> Self {
        Self::of(Means::Direct { operations: Cow::Borrowed(operations) })
    }

    /// Creates a capability for which other verbs are used in order, the last of which does the work.
    #[must_use]
    pub const fn derived(from: &'static [Verb]) -> Self {
        Self::of(Means::Derived { from: Cow::Borrowed(from) })
    }

    /// Creates a capability of something that cannot be done, with what is missing for it.
    #[must_use]
    pub const fn unsupported(missing: &'static str) -> Self {
        Self::of(Means::Unsupported { missing: Cow::Borrowed(missing), manual: None })
    }

    /// Sets what a person can do by hand; only for what is unsupported.
    #[must_use]
    pub fn manual(mut self, step: impl Into<Cow<'static, str>>) -> Self {
        if let Means::Unsupported { manual, .. } = &mut self.means {
            *manual = Some(step.into());
        }
        self
    }

    /// Sets what it rests on.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = evidence;
        self
    }

    /// Adds something that must hold at the vendor.
    #[must_use]
    pub fn precondition(mut self, precondition: impl Into<Cow<'static, str>>) -> Self {
        self.preconditions.to_mut().push(precondition.into());
        self
    }

    /// Adds something that is inferred on the way, and what proves it or comes of it where it is wrong.
    #[must_use]
    pub fn inference(mut self, inference: impl Into<Cow<'static, str>>) -> Self {
        self.inferences.to_mut().push(inference.into());
        self
    }

    /// Returns whether it can be done.
    #[must_use]
    pub const fn is_supported(&self) -> bool {
        !matches!(self.means, Means::Unsupported { .. })
    }

    /// Returns whether operations of the vendor do it.
    #[must_use]
    pub const fn is_direct(&self) -> bool {
        matches!(self.means, Means::Direct { .. })
    }

    /// Returns the operations that do it, where it is direct.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        match &self.means {
            Means::Direct { operations } => operations,
            _ => &[],
        }
    }
}
