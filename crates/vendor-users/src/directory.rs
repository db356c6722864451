//! The users of one instance, to read and to change. Knows no vendor.

use std::fmt;
use std::pin::Pin;

use client_core::BoxFuture;
use futures_core::Stream;

use crate::attribute::Attribute;
use crate::batch::Batch;
use crate::capabilities::{Capabilities, Clearing};
use crate::capability::Verb;
use crate::choice::Choice;
use crate::draft::UserDraft;
use crate::error::Error;
use crate::outcome::Outcome;
use crate::patch::UserPatch;
use crate::plan::{Action, Plan};
use crate::query::{ListQuery, UserPage};
pub use crate::search::By;
use crate::search::{Found, MatchKey};
use crate::switch::{Switched, Taken};
use crate::user::User;

/// What a [`Directory`] returns, later.
pub type DirectoryFuture<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// Users as they come.
#[cfg(not(target_arch = "wasm32"))]
pub type UserStream<'a> = Pin<Box<dyn Stream<Item = Result<Box<dyn User>, Error>> + Send + 'a>>;
/// Users as they come.
#[cfg(target_arch = "wasm32")]
pub type UserStream<'a> = Pin<Box<dyn Stream<Item = Result<Box<dyn User>, Error>> + 'a>>;

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
/// Every verb fails with [`Error`], whose [`kind`](Error::kind) says what can be done about it. The kinds that each verb names
/// are its own; beside them any verb may meet [`Unsupported`](crate::ErrorKind::Unsupported) (before anything is sent), a vendor
/// that refuses, limits, fails or cannot be reached, and a response that is not what the vendor documents.
pub trait Directory: fmt::Debug + Send + Sync {
    /// What the directory can do, and whose users these are.
    fn capabilities(&self) -> &Capabilities;

    /// Returns how a user is left without a value for `attribute`, as far as the vendor's documents tell.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use vendor_users::testing::memory::Memory;
    /// use vendor_users::{Attribute, Clearing, Directory};
    ///
    /// let staff = Memory::new("staff");
    /// assert_eq!(staff.clearing(Attribute::Title), Clearing::Null);
    /// # }
    /// ```
    fn clearing(&self, attribute: Attribute) -> Clearing {
        match self.capabilities().obstacle(attribute) {
            None if !self.capabilities().constraints(attribute).required => Clearing::Null,
            _ => Clearing::Never,
        }
    }

    /// Returns the user `id`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) where the vendor itself says that there is no such user.
    fn get<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Box<dyn User>> {
        refuse(self.capabilities(), Verb::Get, id)
    }

    /// Returns all users, inactive ones included, page by page as they are wanted.
    ///
    /// # Errors
    ///
    /// An item of the stream is an error where a page cannot be read; the users before it are not all users.
    fn list(&self) -> UserStream<'_> {
        let error = Error::unsupported(self.capabilities(), Verb::List);
        Box::pin(futures_util::stream::once(async move { Err(error) }))
    }

    /// Returns a page of the list, filtered and ordered as far as the vendor's own list can, and says what it did not do.
    ///
    /// ```
    /// use vendor_users::query::{Comparison, ListQuery};
    /// use vendor_users::{Attribute, Directory, Error};
    ///
    /// /// The first clerk of the list.
    /// async fn first_clerk(directory: &dyn Directory) -> Result<Option<String>, Error> {
    ///     let mut query = ListQuery::new().with(Attribute::Title, Comparison::Equals, "Clerk");
    ///     loop {
    ///         let page = directory.list_page(&query).await?;
    ///         match (page.users.first(), page.next) {
    ///             (Some(clerk), _) => return Ok(clerk.id().map(|id| id.into_owned())),
    ///             (None, Some(next)) => query = query.at(next),
    ///             (None, None) => return Ok(None),
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) where the position is none that the page before gave.
    fn list_page<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, UserPage> {
        let _ = query;
        refuse(self.capabilities(), Verb::List, "")
    }

    /// Returns the users with this identifier, user name, email address or external identifier, inactive ones included, and
    /// says whether there can be others.
    ///
    /// The vendor's own search is used where it has one. Where that finds nothing and no page says whether case counts in it,
    /// the list of all users is read. A vendor's search may show less of a user than [`get`](Directory::get) does.
    ///
    /// ```
    /// use vendor_users::{By, Directory, Error};
    ///
    /// /// Whether the name is free, as far as that can be known.
    /// async fn is_free(directory: &dyn Directory, name: &str) -> Result<Option<bool>, Error> {
    ///     let found = directory.find(By::UserName(name)).await?;
    ///     Ok(if found.is_empty() && !found.is_complete() { None } else { Some(found.is_empty()) })
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the vendor has no property for the key, or neither a search nor a
    /// list.
    fn find<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Found> {
        let _ = by;
        refuse(self.capabilities(), Verb::Find, "")
    }

    /// Creates a user that does not exist yet.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists) where the user is there, as far as that can be known;
    /// [`Invalid`](crate::ErrorKind::Invalid) with every field that the vendor demands and that has no value, or where a value
    /// does not fit.
    fn create<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        let _ = draft;
        refuse(self.capabilities(), Verb::Create, "")
    }

    /// Creates the user, or updates the one that exists: what the draft does not mention stays as it is.
    ///
    /// The user is the one with the identifier of the draft or of its record. To look for it by other keys, see
    /// [`ensure`](Directory::ensure).
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) where the vendor's record cannot be read and did not come with the draft, so that
    /// a user that exists would be replaced; [`replace_existing`](crate::UserDraftBuilder::replace_existing) allows it. Else the
    /// errors of [`create`](Directory::create) and [`update`](Directory::update).
    fn save<'a>(&'a self, draft: &'a UserDraft) -> DirectoryFuture<'a, Outcome> {
        let _ = draft;
        refuse(self.capabilities(), Verb::Save, "")
    }

    /// Changes some attributes of the user `id` and keeps all else, undocumented members included.
    ///
    /// The user is read right before it is written.
    ///
    /// # Errors
    ///
    /// [`Changed`](crate::ErrorKind::Changed) where an attribute that the patch changes, one that says who the user is, or
    /// `active` is another one than before, never where a date, a sign-in or a counter is; [`Invalid`](crate::ErrorKind::Invalid)
    /// where a value does not fit; [`Conflict`](crate::ErrorKind::Conflict) where another user has the new user name.
    fn update<'a>(&'a self, id: &'a str, patch: &'a UserPatch) -> DirectoryFuture<'a, Outcome> {
        let _ = patch;
        refuse(self.capabilities(), Verb::Update, id)
    }

    /// Sees to it that there is a user as `draft` wants it: finds it by the match keys in the order given, then creates it,
    /// updates it or does nothing; [`Outcome::effect`] says which. A second call sends no write.
    ///
    /// Keys for which the draft has no value are left out. A user that is found by one key and has another value for a key that
    /// stands before it is somebody else's: that is a conflict, never a take-over. Of a user that exists, what the draft does
    /// not mention is kept, and so is what is only for users that are created.
    ///
    /// Where the vendor has one word for switched off and locked out, a user that is to be active and reads as inactive is left
    /// as it is, and [`Outcome::dropped`] says so: [`activate`](Directory::activate) unlocks it. To switch a leaver off, use
    /// [`deactivate`](Directory::deactivate).
    ///
    /// ```
    /// use vendor_users::{Directory, Effect, Error, MatchKey, UserDraft};
    ///
    /// async fn joins(directory: &dyn Directory, name: &str, email: &str) -> Result<bool, Error> {
    ///     let draft = UserDraft::builder().user_name(name).email(email).build();
    ///     let outcome = directory.ensure(&draft, &[MatchKey::UserName, MatchKey::Email]).await?;
    ///     Ok(outcome.effect == Effect::Created)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) where the keys find several users (see
    /// [`Error::candidates`](crate::Error::candidates)) or where nobody can tell whether the user is there;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the user would have to be created, or looked up, and no page says
    /// how; [`Invalid`](crate::ErrorKind::Invalid) where the draft has a value for none of the keys; and the errors of
    /// [`create`](Directory::create), [`update`](Directory::update) and [`deactivate`](Directory::deactivate).
    fn ensure<'a>(&'a self, draft: &'a UserDraft, keys: &'a [MatchKey]) -> DirectoryFuture<'a, Outcome> {
        let _ = (draft, keys);
        refuse(self.capabilities(), Verb::Ensure, "")
    }

    /// Does [`ensure`](Directory::ensure) for many users: one outcome for each, in the order of the drafts.
    ///
    /// The list of all users is read once instead of a search for each draft, where the vendor has one. Drafts that are for the
    /// same user are conflicts, each with the place of the other; the others are done.
    ///
    /// # Errors
    ///
    /// The error is for the batch as a whole, before anything was written: the list cannot be read.
    fn ensure_all<'a>(
        &'a self,
        drafts: &'a [UserDraft],
        keys: &'a [MatchKey],
        batch: &'a Batch<'a>,
    ) -> DirectoryFuture<'a, Vec<Result<Outcome, Error>>> {
        let _ = (drafts, keys, batch);
        refuse(self.capabilities(), Verb::Ensure, "")
    }

    /// Does [`deactivate`](Directory::deactivate) for many users: one outcome for each, in the order of `ids`.
    ///
    /// # Errors
    ///
    /// The error is for the batch as a whole, before anything was written.
    fn deactivate_all<'a>(
        &'a self,
        ids: &'a [String],
        batch: &'a Batch<'a>,
    ) -> DirectoryFuture<'a, Vec<Result<Switched, Error>>> {
        let _ = (ids, batch);
        refuse(self.capabilities(), Verb::Deactivate, "")
    }

    /// Keeps the user `id` from logging in, by the best way that the vendor documents, verified by a read. Returns what that
    /// took from the user. A user that is switched off stays so.
    ///
    /// ```
    /// use vendor_users::{Directory, Error, ErrorKind, Taken};
    ///
    /// /// Returns what is to be given back should the user return.
    /// async fn leaves(directory: &dyn Directory, id: &str) -> Result<Vec<Taken>, Error> {
    ///     match directory.deactivate(id).await {
    ///         Ok(off) => Ok(off.taken),
    ///         Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(Vec::new()),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unverified`](crate::ErrorKind::Unverified) where the vendor accepted it and a read does not show it, and the errors of
    /// [`disable`](Directory::disable). Where it may have taken effect, [`Error::taken`](crate::Error::taken) has what the user
    /// may have lost.
    fn deactivate<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Switched> {
        refuse(self.capabilities(), Verb::Deactivate, id)
    }

    /// Lets the user `id` log in again, verified by a read; unlocks it where the vendor has one word for both.
    ///
    /// # Errors
    ///
    /// As [`deactivate`](Directory::deactivate).
    fn activate<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Switched> {
        self.activate_with(id, &[])
    }

    /// As [`activate`](Directory::activate), and gives back what [`deactivate`](Directory::deactivate) took. What the vendor
    /// documents no operation for is named in [`Switched::to_restore`].
    ///
    /// # Errors
    ///
    /// As [`deactivate`](Directory::deactivate).
    fn activate_with<'a>(&'a self, id: &'a str, taken: &'a [Taken]) -> DirectoryFuture<'a, Switched> {
        let _ = taken;
        refuse(self.capabilities(), Verb::Activate, id)
    }

    /// Returns the values that an attribute may have, such as the roles, groups or languages of the vendor.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where no page says how to read them.
    fn choices(&self, attribute: Attribute) -> DirectoryFuture<'_, Vec<Choice>> {
        let _ = attribute;
        refuse(self.capabilities(), Verb::Choices, "")
    }

    /// Lets the user `id` log in again, as far as the vendor's response says. [`activate`](Directory::activate) verifies it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such user.
    fn enable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::Enable, id)
    }

    /// Keeps the user `id` from logging in, as far as the vendor's response says. [`deactivate`](Directory::deactivate)
    /// verifies it.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such user.
    fn disable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::Disable, id)
    }

    /// Removes the user `id`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such user.
    fn delete<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::Delete, id)
    }

    /// Makes the user `id` choose a new password.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no such user.
    fn reset_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        refuse(self.capabilities(), Verb::ResetPassword, id)
    }

    /// Saves many users: one outcome for each, in the order of the drafts. A failure of one draft does not lose the outcomes of
    /// the others.
    ///
    /// # Errors
    ///
    /// The error is for the batch as a whole: [`Conflict`](crate::ErrorKind::Conflict) where two drafts are for the same user,
    /// or that of the only request that was sent.
    fn save_all<'a>(&'a self, drafts: &'a [UserDraft]) -> DirectoryFuture<'a, Vec<Result<Outcome, Error>>> {
        let _ = drafts;
        refuse(self.capabilities(), Verb::SaveAll, "")
    }

    /// Returns what `action` would send, without sending it. What it changes is read first, as the verb itself does.
    ///
    /// # Errors
    ///
    /// Those that the verb has before it writes.
    fn plan<'a>(&'a self, action: Action<'a>) -> DirectoryFuture<'a, Plan> {
        refuse(self.capabilities(), action.verb(), "")
    }
}

fn refuse<'a, T: Send + 'a>(capabilities: &Capabilities, verb: Verb, id: &str) -> DirectoryFuture<'a, T> {
    let error = Error::unsupported(capabilities, verb).about(id);
    Box::pin(std::future::ready(Err(error)))
}
