//! The users of one vendor, to read and to change.
//!
//! In: identifiers, drafts and patches. Out: users, outcomes and plans. What a vendor does not document fails here, before
//! anything is sent. Knows no vendor.

use std::fmt;
use std::pin::Pin;

use client_core::BoxFuture;
use futures_core::Stream;
use futures_util::TryStreamExt as _;

use crate::attribute::Attribute;
use crate::batch;
use crate::capability::{Capabilities, NotCarried, Verb};
use crate::draft::UserDraft;
use crate::error::{Error, Unsupported};
use crate::patch::UserPatch;
use crate::plan::{Action, Plan};
use crate::user::User;

/// The answer of a [`Directory`], later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// Users as they come.
#[cfg(not(target_arch = "wasm32"))]
pub type UserStream<'a> = Pin<Box<dyn Stream<Item = Result<Box<dyn User>, Error>> + Send + 'a>>;
/// Users as they come.
#[cfg(target_arch = "wasm32")]
pub type UserStream<'a> = Pin<Box<dyn Stream<Item = Result<Box<dyn User>, Error>> + 'a>>;

/// A user that was written, as the vendor has it now.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The record of the vendor's answer; where the vendor answers without one, the record that was sent.
    pub user: Box<dyn User>,
    /// What the draft had and the vendor has no place for.
    pub not_carried: Vec<NotCarried>,
}

impl Outcome {
    #[allow(dead_code, reason = "only adapters make outcomes")]
    pub(crate) fn new(user: impl User, not_carried: Vec<NotCarried>) -> Self {
        Self { user: Box::new(user), not_carried }
    }
}

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// The user name; case does not count, as in SCIM.
    UserName(&'a str),
    /// The email address; case does not count.
    Email(&'a str),
}

impl By<'_> {
    /// Whether `user` is meant.
    #[must_use]
    pub fn matches(self, user: &dyn User) -> bool {
        let (attribute, wanted) = match self {
            Self::UserName(name) => (Attribute::UserName, name),
            Self::Email(email) => (Attribute::Email, email),
        };
        user.attribute(attribute).is_some_and(|value| value.to_string().to_lowercase() == wanted.to_lowercase())
    }
}

/// The users of one vendor.
///
/// Every verb is there at every vendor. One that the vendor does not document fails with [`Error::Unsupported`] before
/// anything is sent; ask [`capabilities`](Directory::capabilities) first where that matters.
pub trait Directory: fmt::Debug + Send + Sync {
    /// What the vendor documents.
    fn capabilities(&self) -> &'static Capabilities;

    /// Reads the user `id`.
    fn get<'a>(&'a self, id: &'a str) -> Answer<'a, Box<dyn User>> {
        let _ = id;
        self.unsupported(Verb::Get)
    }

    /// Reads all users, page by page as they are wanted.
    fn list(&self) -> UserStream<'_> {
        let error = unsupported(self.capabilities(), Verb::List);
        Box::pin(futures_util::stream::once(async move { Err(error) }))
    }

    /// Looks for users by user name or email.
    fn find<'a>(&'a self, by: By<'a>) -> Answer<'a, Vec<Box<dyn User>>> {
        if !self.capabilities().of(Verb::Find).is_supported() {
            return self.unsupported(Verb::Find);
        }
        let all = self.list();
        Box::pin(all.try_filter(move |user| std::future::ready(by.matches(&**user))).try_collect())
    }

    /// Creates a user that does not exist yet.
    fn create<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        let _ = draft;
        self.unsupported(Verb::Create)
    }

    /// Creates the user, or updates the one that exists: what the draft does not mention stays as it is wherever the vendor's
    /// record can be read or came with the draft.
    fn save<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        let _ = draft;
        self.unsupported(Verb::Save)
    }

    /// Changes some attributes of the user `id` and keeps all else, undocumented members included.
    fn update<'a>(&'a self, id: &'a str, patch: &'a UserPatch) -> Answer<'a, Outcome> {
        let _ = (id, patch);
        self.unsupported(Verb::Update)
    }

    /// Lets the user `id` log in again.
    fn enable<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        let _ = id;
        self.unsupported(Verb::Enable)
    }

    /// Keeps the user `id` from logging in.
    fn disable<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        let _ = id;
        self.unsupported(Verb::Disable)
    }

    /// Removes the user `id`.
    fn delete<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        let _ = id;
        self.unsupported(Verb::Delete)
    }

    /// Makes the user `id` choose a new password.
    fn reset_password<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        let _ = id;
        self.unsupported(Verb::ResetPassword)
    }

    /// Saves many users: one outcome for each, in the order of the drafts. The error is for the batch as a whole.
    ///
    /// Two drafts for the same user are refused. A failure of one draft does not lose the outcomes of the others.
    fn save_all<'a>(&'a self, drafts: &'a [UserDraft]) -> Answer<'a, Vec<Result<Outcome, Error>>> {
        if !self.capabilities().of(Verb::SaveAll).is_supported() {
            return self.unsupported(Verb::SaveAll);
        }
        Box::pin(async move {
            batch::refuse_duplicates(self.capabilities().vendor, drafts)?;
            Ok(batch::bounded(drafts.iter().map(|draft| self.save(draft))).await)
        })
    }

    /// What `action` would send, without sending it. To update, the record is read.
    fn plan<'a>(&'a self, action: Action<'a>) -> Answer<'a, Plan> {
        self.unsupported(action.verb())
    }
}

trait Refuse {
    fn unsupported<'a, T: Send + 'a>(&self, verb: Verb) -> Answer<'a, T>;
}

impl<D: Directory + ?Sized> Refuse for D {
    fn unsupported<'a, T: Send + 'a>(&self, verb: Verb) -> Answer<'a, T> {
        let error = unsupported(self.capabilities(), verb);
        Box::pin(std::future::ready(Err(error)))
    }
}

pub(crate) fn unsupported(capabilities: &'static Capabilities, verb: Verb) -> Error {
    Error::Unsupported(Unsupported { verb, capabilities })
}
