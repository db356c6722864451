//! The users of one instance, to read and to change. Knows no vendor.

use std::fmt;
use std::pin::Pin;

use client_core::BoxFuture;
use futures_core::Stream;

use crate::attribute::Attribute;
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::draft::UserDraft;
use crate::error::Error;
use crate::outcome::Outcome;
use crate::patch::UserPatch;
use crate::plan::{Action, Plan};
use crate::user::User;

/// What a [`Directory`] returns, later.
pub type DirectoryFuture<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// Users as they come.
#[cfg(not(target_arch = "wasm32"))]
pub type UserStream<'a> = Pin<Box<dyn Stream<Item = Result<Box<dyn User>, Error>> + Send + 'a>>;
/// Users as they come.
#[cfg(target_arch = "wasm32")]
pub type UserStream<'a> = Pin<Box<dyn Stream<Item = Result<Box<dyn User>, Error>> + 'a>>;

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By<'a> {
    /// The user name; case does not count, as in SCIM.
    UserName(&'a str),
    /// The email address; case does not count.
    Email(&'a str),
    /// What the provisioning side calls the user; case counts.
    ExternalId(&'a str),
}

impl By<'_> {
    /// Whether `user` is meant.
    #[must_use]
    pub fn matches(self, user: &dyn User) -> bool {
        let (attribute, wanted) = match self {
            Self::UserName(name) => (Attribute::UserName, name),
            Self::Email(email) => (Attribute::Email, email),
            Self::ExternalId(id) => (Attribute::ExternalId, id),
        };
        let Some(found) = user.attribute(attribute) else { return false };
        let found = found.to_string();
        found == wanted || (attribute != Attribute::ExternalId && found.to_lowercase() == wanted.to_lowercase())
    }
}

/// The users of one instance.
///
/// Every verb is there at every vendor. One that the directory cannot do fails with
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) before anything is sent, and says what is missing and what a person
/// can do by hand; ask [`capabilities`](Directory::capabilities) first where that matters.
///
/// For a system of your own, implement [`Primitives`](crate::Primitives) and get every verb that follows from others; or
/// implement this trait itself, as a fake in a test does:
///
/// ```
/// use vendor_users::directory::DirectoryFuture;
/// use vendor_users::{Capabilities, Directory, ErrorKind, User, UserDraft};
///
/// #[derive(Debug)]
/// struct Fake(Capabilities);
///
/// impl Directory for Fake {
///     fn capabilities(&self) -> &Capabilities {
///         &self.0
///     }
///
///     fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
///         Box::pin(async move { Ok(Box::new(UserDraft::builder().id(id).build()) as Box<dyn User>) })
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), vendor_users::Error> {
/// let fake = Fake(Capabilities::builder(vendor_users::Instance::new("fake", "Fake")).build());
/// assert_eq!(fake.get("7").await?.id().as_deref(), Some("7"));
/// assert_eq!(fake.delete("7").await.map_err(|error| error.kind()), Err(ErrorKind::Unsupported));
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Every verb fails with [`Error`], whose [`kind`](Error::kind) says what can be done about it.
pub trait Directory: fmt::Debug + Send + Sync {
    /// What the directory can do, and whose users these are.
    fn capabilities(&self) -> &Capabilities;

    /// Returns the user `id`.
    fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
        refuse(self.capabilities(), Verb::Get, id)
    }

    /// Returns all users, page by page as they are wanted.
    fn list(&self) -> UserStream<'_> {
        let error = Error::unsupported(self.capabilities(), Verb::List);
        Box::pin(futures_util::stream::once(async move { Err(error) }))
    }

    /// Returns the users with this user name, email address or external identifier.
    fn find<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Vec<Box<dyn User>>> {
        let _ = by;
        refuse(self.capabilities(), Verb::Find, "")
    }

    /// Creates a user that does not exist yet; one that exists is an error, as far as that can be known.
    fn create<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        let _ = draft;
        refuse(self.capabilities(), Verb::Create, "")
    }

    /// Creates the user, or updates the one that exists: what the draft does not mention stays as it is.
    ///
    /// Where the vendor's record cannot be read and did not come with the draft, an existing user would be replaced. That needs
    /// [`replace_existing`](crate::UserDraftBuilder::replace_existing).
    fn save<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        let _ = draft;
        refuse(self.capabilities(), Verb::Save, "")
    }

    /// Changes some attributes of the user `id` and keeps all else, undocumented members included.
    fn update<'a>(&'a self, id: &'a str, patch: &'a UserPatch) -> DirectoryFuture<'a, Outcome> {
        let _ = patch;
        refuse(self.capabilities(), Verb::Update, id)
    }

    /// Lets the user `id` log in again.
    fn enable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::Enable, id)
    }

    /// Keeps the user `id` from logging in.
    fn disable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::Disable, id)
    }

    /// Removes the user `id`.
    fn delete<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::Delete, id)
    }

    /// Makes the user `id` choose a new password.
    fn reset_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::ResetPassword, id)
    }

    /// Saves many users: one outcome for each, in the order of the drafts. The error is for the batch as a whole.
    ///
    /// Two drafts for the same user are refused. A failure of one draft does not lose the outcomes of the others.
    fn save_all<'a>(&'a self, drafts: &'a [UserDraft]) -> DirectoryFuture<'a, Vec<Result<Outcome, Error>>> {
        let _ = drafts;
        refuse(self.capabilities(), Verb::SaveAll, "")
    }

    /// Returns what `action` would send, without sending it. What it changes is read first, as the verb itself does.
    fn plan<'a>(&'a self, action: Action<'a>) -> DirectoryFuture<'a, Plan> {
        refuse(self.capabilities(), action.verb(), "")
    }
}

fn refuse<'a, T: Send + 'a>(capabilities: &Capabilities, verb: Verb, id: &str) -> DirectoryFuture<'a, T> {
    let error = Error::unsupported(capabilities, verb).about(id);
    Box::pin(std::future::ready(Err(error)))
}
