//! A user of any vendor, and one that was kept as JSON.
//!
//! The vendors' types implement [`User`] in `generated`. Knows no vendor.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use client_core::serde::de::DeserializeOwned;
use client_core::serde_json::{self, Map, Value as Json};

use crate::attribute::{Attribute, Value};
use crate::shape::Shape;

#[rustfmt::skip]
mod generated;

pub use generated::User;

impl dyn User {
    /// Returns the vendor's own type, with all that has no place in [`User`].
    #[must_use]
    pub fn downcast_ref<T: User>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref().or_else(|| self.own_type()?.downcast_ref())
    }

    /// Returns the user as JSON that [`StoredUser::from_json`] reads back: its attributes, and the vendor's whole record
    /// without its secrets.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let attributes = Attribute::ALL.iter().filter_map(|&attribute| {
            let value = match self.attribute(attribute)? {
                Value::Text(text) => Json::String(text.into_owned()),
                Value::Flag(flag) => Json::Bool(flag),
            };
            Some((attribute.name().to_owned(), value))
        });
        let mut json = Map::new();
        json.insert("attributes".to_owned(), Json::Object(attributes.collect()));
        if let Some(stored) = self.downcast_ref::<StoredUser>() {
            if let Some((vendor, schema, record)) = &stored.record {
                json.extend(envelope(vendor, schema, record.clone()));
            }
        } else if let Some((shape, record)) = self.record() {
            json.extend(envelope(shape.vendor, shape.schema, shape.without_secrets(record)));
        }
        Json::Object(json)
    }
}

fn envelope(vendor: &str, schema: &str, record: Map<String, Json>) -> Map<String, Json> {
    let members = [("vendor", Json::from(vendor)), ("schema", Json::from(schema)), ("record", Json::Object(record))];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A user that was kept as JSON, with the vendor's record.
///
/// A directory of the same vendor takes it for its own record: see
/// [`UserDraftBuilder::record`](crate::UserDraftBuilder::record).
///
/// ```
/// use vendor_users::{User, UserDraft, user::StoredUser};
///
/// let kim = UserDraft::builder().user_name("kim.lee").active(true).build();
/// let kept = (&kim as &dyn User).to_json();
/// let read = StoredUser::from_json(&kept)?;
/// assert_eq!((read.user_name().as_deref(), read.active()), (Some("kim.lee"), Some(true)));
/// # Ok::<(), vendor_users::user::NotAUser>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StoredUser {
    attributes: BTreeMap<Attribute, Value<'static>>,
    /// Vendor, schema and members.
    record: Option<(String, String, Map<String, Json>)>,
}

/// A vendor's record with the flags that it keeps in words which only the settings of an instance know.
#[derive(Clone, Debug)]
pub(crate) struct Worded<R> {
    record: R,
    flags: BTreeMap<Attribute, bool>,
}

impl<R: User> Worded<R> {
    pub(crate) const fn new(record: R, flags: BTreeMap<Attribute, bool>) -> Self {
        Self { record, flags }
    }

    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        match self.record.attribute(attribute)? {
            Value::Text(text) => Some(text),
            Value::Flag(_) => None,
        }
    }

    fn flag(&self, attribute: Attribute) -> Option<bool> {
        match (self.flags.get(&attribute), self.record.attribute(attribute)) {
            (Some(flag), _) => Some(*flag),
            (None, Some(Value::Flag(flag))) => Some(flag),
            _ => None,
        }
    }
}

/// JSON that is no stored user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAUser {
    why: String,
}

impl fmt::Display for NotAUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no stored user: {}", self.why)
    }
}

impl std::error::Error for NotAUser {}

impl StoredUser {
    /// Reads what [`to_json`](trait.User.html#method.to_json) wrote.
    ///
    /// # Errors
    ///
    /// The JSON has another form, or a value does not fit its attribute.
    pub fn from_json(json: &Json) -> Result<Self, NotAUser> {
        let wrong = |why: String| NotAUser { why };
        let members = json.as_object().ok_or_else(|| wrong("an object was expected".to_owned()))?;
        let listed = members.get("attributes").and_then(Json::as_object);
        let listed = listed.ok_or_else(|| wrong("an object `attributes` was expected".to_owned()))?;
        let mut attributes = BTreeMap::new();
        for (name, value) in listed {
            let attribute: Attribute = name.parse().map_err(|error| wrong(format!("{error}")))?;
            let value = match value {
                Json::String(text) => attribute.accept(Value::from(text.as_str())),
                Json::Bool(flag) => attribute.accept(Value::Flag(*flag)),
                other => return Err(wrong(format!("`{name}` is {other}, and text or a flag was expected"))),
            };
            attributes.insert(attribute, value.map_err(|error| wrong(format!("`{name}`: {error}")))?);
        }
        let text = |name: &str| members.get(name).and_then(Json::as_str).map(str::to_owned);
        let record = match members.get("record") {
            None => None,
            Some(Json::Object(record)) => {
                let named = text("vendor").zip(text("schema"));
                let (vendor, schema) = named.ok_or_else(|| wrong("a record needs `vendor` and `schema`".to_owned()))?;
                Some((vendor, schema, record.clone()))
            }
            Some(_) => return Err(wrong("`record` is not an object".to_owned())),
        };
        Ok(Self { attributes, record })
    }

    /// The vendor's record as its type, where it is of this vendor and schema.
    pub(crate) fn record_of<T: DeserializeOwned>(&self, shape: &Shape) -> Option<T> {
        let (vendor, schema, record) = self.record.as_ref()?;
        let fits = vendor == shape.vendor && schema == shape.schema;
        fits.then(|| serde_json::from_value(Json::Object(record.clone())).ok()).flatten()
    }

    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        match self.attributes.get(&attribute)? {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Flag(_) => None,
        }
    }

    fn flag(&self, attribute: Attribute) -> Option<bool> {
        match self.attributes.get(&attribute)? {
            Value::Flag(flag) => Some(*flag),
            Value::Text(_) => None,
        }
    }
}
