//! Directories of vendors whose operations have a known shape: `[directory]` in the vendor's manifest says which parameter takes
//! what and which member of the response has the users, and the calls are generated.
//!
//! What is really a vendor's own, such as a login or several steps, is written by hand over one of these: see
//! [`Primitives::base`]. Knows no vendor.

#![allow(dead_code, reason = "which vendors there are depends on the features")]

use std::borrow::Cow;
use std::fmt;

use client_core::serde::Serialize;
use client_core::serde_json::{self, Map, Value as Json};
use client_core::{Mask, Reason};
use futures_util::TryStreamExt as _;

use crate::attribute::Attribute;
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::error::{Error, ErrorKind};
use crate::instance::Instance;
use crate::primitives::{Primitives, QueryPage, Write};
use crate::query::{ListQuery, Order};
use crate::record::{Record, members, without_read_secrets};
use crate::user::User as _;

pub(crate) mod pages;

/// The users of a vendor, by its documented operations: a client that is signed in, and what its instance can do.
///
/// Each vendor has a name for its own, such as `VbasoftwareUsers`, and `new` there. A verb that only an adapter does is an error
/// of kind [`Unsupported`](ErrorKind::Unsupported) here.
///
/// ```
/// # #[cfg(feature = "vbasoftware")]
/// # fn of(client: vendor_users::vbasoftware::Client) {
/// use vendor_users::{Directory, VbasoftwareUsers, Verb};
///
/// let documented = VbasoftwareUsers::documented();
/// let users = VbasoftwareUsers::new(client, documented.capabilities(documented.instance()).build());
/// assert!(users.capabilities().supports(Verb::Get));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DocumentedUsers<C, R> {
    client: C,
    defaults: Option<R>,
    capabilities: Capabilities,
}

impl<C, R> DocumentedUsers<C, R> {
    pub(crate) const fn of(client: C, capabilities: Capabilities) -> Self {
        Self { client, defaults: None, capabilities }
    }

    /// Sets what users that are created get where their draft says nothing.
    #[must_use]
    pub fn with_defaults(mut self, defaults: impl Into<Option<R>>) -> Self {
        self.defaults = defaults.into();
        self
    }

    /// Returns the vendor's client beneath.
    #[must_use]
    pub const fn client(&self) -> &C {
        &self.client
    }

    pub(crate) const fn described(&self) -> &Capabilities {
        &self.capabilities
    }

    pub(crate) const fn given_defaults(&self) -> Option<&R> {
        self.defaults.as_ref()
    }

    pub(crate) const fn instance(&self) -> &Instance {
        self.capabilities.instance()
    }

    /// What a response has, or what it lacks.
    pub(crate) fn found<T>(&self, found: Option<T>, expected: &str) -> Result<T, Error> {
        found.ok_or_else(|| Error::malformed(self.instance(), expected, "none"))
    }

    /// The error of a call for the user `id`.
    pub(crate) fn failed<E: Serialize>(&self, nobody: Option<&Told>, id: &str, error: client_core::Error<E>) -> Error {
        if nobody.is_some_and(|nobody| nobody.is_proof() && nobody.by(&error)) {
            return Error::not_found(self.instance(), id).with_may_have_arrived(error.may_have_arrived());
        }
        Error::call(self.instance(), error)
    }

    /// What a search that failed found: nobody, where the vendor says so in its own words.
    pub(crate) fn none_found<E: Serialize>(
        &self,
        nobody: Option<&Told>,
        error: client_core::Error<E>,
    ) -> Result<Option<QueryPage<R>>, Error> {
        if nobody.is_some_and(|nobody| nobody.is_proof() && nobody.by(&error)) {
            return Ok(Some(pages::whole(&ListQuery::new(), Vec::new(), false)));
        }
        Err(Error::call(self.instance(), error))
    }

    /// That no page says which values an attribute may have.
    pub(crate) fn no_choices(&self, attribute: Attribute) -> Error {
        let words = format!("no page says how to read the values that `{attribute}` may have");
        Error::new(ErrorKind::Unsupported, self.instance(), words)
    }

    /// The error of a call that was to create a user.
    pub(crate) fn exists<E: Serialize>(&self, exists: &Told, error: client_core::Error<E>) -> Error {
        let is_there = exists.by(&error);
        let error = Error::call(self.instance(), error);
        if is_there { error.with_kind(ErrorKind::AlreadyExists) } else { error }
    }
}

/// What tells that a vendor says something of a user, such as that there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    status: Option<u16>,
    /// JSON pointer into the body of the error response.
    member: Option<&'static str>,
    equals: Option<&'static str>,
    null: bool,
}

impl Told {
    pub(crate) const NOTHING: Self = Self { status: None, member: None, equals: None, null: false };

    pub(crate) const fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) const fn member(mut self, pointer: &'static str) -> Self {
        self.member = Some(pointer);
        self
    }

    pub(crate) const fn equals(mut self, text: &'static str) -> Self {
        self.equals = Some(text);
        self
    }

    pub(crate) const fn null(mut self) -> Self {
        self.null = true;
        self
    }

    /// Whether it proves anything: a status alone is that of a wrong address as well.
    const fn is_proof(&self) -> bool {
        self.member.is_some() || self.null
    }

    /// Whether an error is this.
    fn by<E: Serialize>(&self, error: &client_core::Error<E>) -> bool {
        let Some(response) = error.error_response() else { return false };
        if self.null {
            return response.status.is_success() && response.reason == Reason::Failure("");
        }
        let is_status = self.status == Some(response.status.as_u16());
        let Some(pointer) = self.member.filter(|_| is_status) else { return is_status };
        let body = response.body.as_ref().and_then(|body| serde_json::to_value(body).ok()).unwrap_or_default();
        match body.pointer(pointer) {
            None | Some(Json::Null) => false,
            Some(value) => self.equals.is_none_or(|wanted| text(value) == wanted),
        }
    }
}

fn text(value: &Json) -> Cow<'_, str> {
    value.as_str().map_or_else(|| value.to_string().into(), Cow::Borrowed)
}

/// A whole number as the vendor writes it; `None` for what is not one, which is nobody's.
pub(crate) fn number<T: std::str::FromStr + fmt::Display>(id: &str) -> Option<T> {
    id.parse::<T>().ok().filter(|number| number.to_string() == id)
}

/// The user `id`, of whom a read shows that it is there: a success of some operations does not say so.
pub(crate) async fn known<P: Primitives>(directory: &P, id: &str) -> Result<P::Record, Error> {
    let instance = directory.describe().instance();
    let found = directory.read(id).await.map_err(|error| error.with_may_have_arrived(false))?;
    let found = found.ok_or_else(|| Error::not_found(instance, id))?;
    match found.id() {
        Some(own) if own.eq_ignore_ascii_case(id) => Ok(found),
        _ => Err(Error::malformed(instance, format!("user `{id}`"), "another user")),
    }
}

/// Changes the user `id` by reading and saving it.
pub(crate) async fn changed<P: Primitives>(directory: &P, id: &str, change: impl FnOnce(&mut P::Record)) -> Result<(), Error> {
    let before = without_read_secrets(known(directory, id).await?);
    let mut record = before.clone();
    change(&mut record);
    let verb = if directory.describe().of(Verb::Update).is_direct() { Verb::Update } else { Verb::Save };
    let write = Write { id: id.to_owned(), before: Some(before), read: true, ..Write::of(verb, record) };
    match directory.write(&write).await? {
        Some(saved) if saved.id().is_none_or(|own| !own.eq_ignore_ascii_case(id)) => {
            let instance = directory.describe().instance();
            Err(Error::malformed(instance, format!("user `{id}`"), "another user").with_may_have_arrived(true))
        }
        _ => Ok(()),
    }
}

/// What a read that failed means: nobody, where the vendor says so. Where a status is all that it says, the list decides.
pub(crate) async fn nobody<P: Primitives, E: Serialize>(
    directory: &P,
    nobody: Option<&Told>,
    id: &str,
    error: client_core::Error<E>,
) -> Result<Option<P::Record>, Error> {
    // What is no identifier of the vendor's form is nobody's.
    if error.violations().is_some() {
        return Ok(None);
    }
    let (is_told, is_proof) = nobody.map_or((false, false), |nobody| (nobody.by(&error), nobody.is_proof()));
    let error = Error::call(directory.describe().instance(), error);
    match (is_told, is_proof) {
        (false, _) => Err(error),
        (true, true) => Ok(None),
        (true, false) => {
            let mut records = directory.records();
            while let Some(record) = records.try_next().await? {
                if record.id().is_some_and(|known| known.eq_ignore_ascii_case(id)) {
                    return Err(error);
                }
            }
            Ok(None)
        }
    }
}

/// A member of a response: its name, its value, and the words that mean success.
type Member<'a> = (&'a str, Option<Cow<'a, str>>, &'a [&'a str]);

/// Whether a response means success: the members that tell it, each with the words that do; an empty one is none. The vendor's
/// words are masked before they are shown.
pub(crate) fn succeeded<P: Primitives>(directory: &P, members: &[Member<'_>], mask: impl FnOnce() -> Mask) -> Result<(), Error> {
    let found = |value: &Option<Cow<'_, str>>| value.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let is_one = |(_, value, words): &Member<'_>| {
        let value = found(value);
        words.iter().any(|word| word.eq_ignore_ascii_case(&value))
    };
    if members.iter().all(is_one) {
        return Ok(());
    }
    let mask = mask();
    let said = members.iter().map(|(name, value, _)| format!("{name} {:?}", mask.text(&found(value))));
    let wanted = members.iter().map(|(name, _, words)| {
        let said: Vec<String> =
            words.iter().map(|word| if word.is_empty() { format!("no {name}") } else { (*word).to_owned() }).collect();
        listed(&said, " or ")
    });
    let (said, wanted) = (listed(&said.collect::<Vec<_>>(), " and "), listed(&wanted.collect::<Vec<_>>(), ", and "));
    Err(Error::refused(directory.describe().instance(), None, format!("{said}, where success is {wanted}")))
}

fn listed(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{}{last}{end}", first.join(", ")),
    }
}

/// The order of a list as its parameter takes it, where one was asked for that a property carries.
pub(crate) fn order<P: Primitives>(directory: &P, query: &ListQuery, ascending: &str, descending: &str) -> Option<String> {
    let (attribute, order) = query.order()?;
    let property = directory.describe().property(attribute)?;
    let ending = if order == Order::Descending { descending } else { ascending };
    // What is made of several properties, or stands within another, is none that a list can be ordered by.
    P::Record::SHAPE.properties.contains(&property).then(|| format!("{property}{ending}"))
}

/// What a partial update of a user takes: who it is, what the schema demands, and what changes. All of the record where nothing
/// is known of the user as it is.
pub(crate) fn changes<R: Record>(write: &Write<R>) -> R {
    let Some(before) = &write.before else { return write.record.clone() };
    let (before, shape) = (members(before), R::SHAPE);
    let is_kept = |name: &str| shape.required.contains(&name) || shape.property(Attribute::Id) == Some(name);
    let changed: Map<String, Json> =
        members(&write.record).into_iter().filter(|(name, value)| is_kept(name) || before.get(name) != Some(value)).collect();
    serde_json::from_value(Json::Object(changed)).unwrap_or_else(|_| write.record.clone())
}
