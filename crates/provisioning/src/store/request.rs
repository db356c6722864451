//! Writes that are under way, or were.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::audit::AuditEntry;

/// The kinds of writes that are counted and limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// An account is disabled.
    Disable,
    /// An account is removed.
    Delete,
    /// An account is enabled.
    Enable,
    /// Attributes of an account change.
    Update,
    /// An account is created.
    Create,
    /// A new password is demanded.
    ResetPassword,
}

impl Kind {
    /// All of them, in the order in which they are done: access is removed first.
    pub const ALL: [Self; 6] = [Self::Disable, Self::Delete, Self::Enable, Self::Update, Self::Create, Self::ResetPassword];

    /// Returns its name, such as `disable`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::Enable => "enable",
            Self::Update => "update",
            Self::Create => "create",
            Self::ResetPassword => "reset-password",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A write for one person that is about to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Identifier of the request.
    pub id: String,
    /// The run that it belongs to, if any.
    pub run: Option<String>,
    /// The instance, by name.
    pub instance: String,
    /// Whom it is about, so that there is one at a time: the key of the person, or the identifier of the link.
    pub person: String,
    /// The vendor's identifier of the account, where it is known.
    pub account: Option<String>,
    /// What is done.
    pub kind: Kind,
    /// What is to be found at the vendor if it arrived: the `user_name` of a new account, the `changes` of its attributes; and the
    /// `actor` on whose behalf that is. Never a secret.
    pub wish: Json,
    /// Who sends it, such as the host and the process.
    pub holder: String,
    /// When it was begun.
    pub begun: Timestamp,
    /// Until when its holder is believed to be alive.
    pub until: Timestamp,
}

impl Request {
    /// The line of the audit log for a request whose sender ended before it could write one, once somebody has looked what became
    /// of it.
    #[must_use]
    pub fn settled(&self, fate: Fate, now: Timestamp) -> AuditEntry {
        let actor = self.wish.get("actor").and_then(Json::as_str).unwrap_or(&self.holder);
        AuditEntry {
            at: now,
            actor: actor.to_owned(),
            run: self.run.clone(),
            instance: self.instance.clone(),
            person: Some(self.person.clone()),
            account: self.account.clone(),
            action: self.kind.name().to_owned(),
            changes: self.wish.get("changes").cloned().unwrap_or_default(),
            outcome: fate.name().to_owned(),
            error: Some(format!("begun at {} by {}, which ended before the response", self.begun, self.holder)),
            request: Some(self.id.clone()),
        }
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fate {
    /// It was done.
    Done,
    /// It was not done.
    Failed,
    /// It was sent, and a read does not show it.
    Unverified,
    /// It did not arrive, or was never sent.
    NotSent,
}

impl Fate {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unverified => "unverified",
            Self::NotSent => "not-sent",
        }
    }
}

/// What became of a request, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestResult {
    /// What became of it.
    pub fate: Fate,
    /// When that was known.
    pub at: Timestamp,
}
