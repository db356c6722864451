//! Names of attributes and where they stand: `name.givenName`, `urn:…:User:department`. Case does not count.

use serde_json::{Map, Value as Json};

use super::error::{ScimError, ScimType, shortened};
use super::{ENTERPRISE, USER};

/// Attributes of RFC 7643 that have several values.
const MULTI_VALUED: [&str; 11] = [
    "emails",
    "phoneNumbers",
    "addresses",
    "ims",
    "photos",
    "groups",
    "entitlements",
    "roles",
    "x509Certificates",
    "schemas",
    "members",
];

/// Attributes that only a server writes.
pub(crate) const READ_ONLY: [&str; 4] = ["id", "meta", "groups", "schemas"];

/// Attributes of RFC 7643, so that one that a directory lacks can be told from one that nobody knows.
pub(crate) const CORE: [&str; 27] = [
    "id",
    "externalId",
    "meta",
    "schemas",
    "userName",
    "name",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "active",
    "password",
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "groups",
    "entitlements",
    "roles",
    "x509Certificates",
    "members",
    "manager",
];

/// Attributes of the extension for enterprises.
const OF_ENTERPRISE: [&str; 6] = ["employeeNumber", "costCenter", "organization", "division", "department", "manager"];

/// Sub-attributes of `name`.
const OF_NAME: [&str; 6] = ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"];

/// Sub-attributes of lists (RFC 7643, section 2.4).
const OF_LIST: [&str; 5] = ["type", "primary", "display", "value", "$ref"];

/// Sub-attributes of `addresses` beside those of every list.
const OF_ADDRESS: [&str; 6] = ["formatted", "streetAddress", "locality", "region", "postalCode", "country"];

/// Sub-attributes of `manager`.
const OF_MANAGER: [&str; 3] = ["value", "$ref", "displayName"];

/// Sub-attributes whose case counts beside `id` and `externalId` (RFC 7643, section 4).
const CASE_EXACT: [&str; 8] =
    ["id", "externalId", "meta.location", "meta.version", "meta.resourceType", "x509Certificates.value", "$ref", "schemas"];

/// Where an attribute stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributePath {
    /// The extension that it belongs to; `None` for the core schema.
    pub extension: Option<String>,
    /// Its name; empty where the extension as a whole is meant.
    pub name: String,
    /// The name of the sub-attribute.
    pub sub: Option<String>,
}

impl AttributePath {
    /// Parses `text`.
    ///
    /// # Errors
    ///
    /// [`ScimType::InvalidPath`] where it is no name of an attribute.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        let wrong = || ScimError::of(ScimType::InvalidPath, format!("`{}` is no name of an attribute", shortened(text)));
        let (extension, rest) = match strip_schema(text, ENTERPRISE).map(|rest| (Some(ENTERPRISE.to_owned()), rest)) {
            Some(found) => found,
            None => match strip_schema(text, USER) {
                Some("") => return Err(wrong()),
                Some(rest) => (None, rest),
                None if is_urn(text) => {
                    let (schema, rest) = text.rsplit_once(':').ok_or_else(wrong)?;
                    (Some(schema.to_owned()), rest)
                }
                None => (None, text),
            },
        };
        if rest.is_empty() && extension.is_some() {
            return Ok(Self { extension, name: String::new(), sub: None });
        }
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        if !is_name(name) || sub.is_some_and(|sub| !is_name(sub)) {
            return Err(wrong());
        }
        Ok(Self { extension, name: name.to_owned(), sub: sub.map(str::to_owned) })
    }

    /// Returns the path without its schema, such as `name.givenName`.
    #[must_use]
    pub fn dotted(&self) -> String {
        match &self.sub {
            Some(sub) => format!("{}.{sub}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether RFC 7643 has the attribute, as far as its schema is one of that standard.
    pub(crate) fn is_known(&self) -> bool {
        let among = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let is_manager = self.name.eq_ignore_ascii_case("manager");
        match (&self.extension, &self.sub) {
            (Some(extension), _) if !extension.eq_ignore_ascii_case(ENTERPRISE) => true,
            (Some(_), None) => self.name.is_empty() || among(&OF_ENTERPRISE, &self.name),
            (None, None) => core_name(&self.name).is_some(),
            (_, Some(sub)) if is_manager => among(&OF_MANAGER, sub),
            (Some(_), Some(_)) => false,
            (None, Some(sub)) if self.name.eq_ignore_ascii_case("name") => among(&OF_NAME, sub),
            (None, Some(sub)) if self.name.eq_ignore_ascii_case("addresses") => among(&OF_LIST, sub) || among(&OF_ADDRESS, sub),
            (None, Some(sub)) => is_multi_valued(&self.name) && among(&OF_LIST, sub),
        }
    }

    /// Returns whether the attribute has several values.
    #[must_use]
    pub fn is_multi_valued(&self) -> bool {
        self.extension.is_none() && is_multi_valued(&self.name)
    }

    /// Returns whether case counts in its values.
    #[must_use]
    pub fn is_case_exact(&self) -> bool {
        let dotted = self.dotted();
        let name = self.sub.as_deref().unwrap_or_default();
        self.extension.is_none() && CASE_EXACT.iter().any(|exact| exact.eq_ignore_ascii_case(&dotted))
            || name.eq_ignore_ascii_case("$ref")
    }
}

/// Returns whether RFC 7643 gives this attribute several values.
#[must_use]
pub fn is_multi_valued(name: &str) -> bool {
    MULTI_VALUED.iter().any(|multi| multi.eq_ignore_ascii_case(name))
}

/// The core attribute `name` as RFC 7643 writes it.
pub(crate) fn core_name(name: &str) -> Option<&'static str> {
    CORE.into_iter().find(|core| core.eq_ignore_ascii_case(name))
}

pub(crate) fn is_read_only(name: &str) -> bool {
    READ_ONLY.iter().any(|read_only| read_only.eq_ignore_ascii_case(name))
}

fn is_urn(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
}

/// What follows `schema` and its colon in `text`; empty where nothing does.
fn strip_schema<'a>(text: &'a str, schema: &str) -> Option<&'a str> {
    let start = text.get(..schema.len())?;
    let rest = text.get(schema.len()..)?;
    if !start.eq_ignore_ascii_case(schema) {
        return None;
    }
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(':').filter(|rest| !rest.is_empty()) }
}

/// `ALPHA *(nameChar)`, and `$ref`.
pub(crate) fn is_name(name: &str) -> bool {
    let letters = name.strip_prefix('$').unwrap_or(name);
    letters.starts_with(|first: char| first.is_ascii_alphabetic())
        && letters.chars().all(|next| next.is_ascii_alphanumeric() || next == '_' || next == '-')
}

/// The member `name`, whatever its case.
pub(crate) fn member<'a>(object: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// The key under which the member `name` stands, or is to stand.
pub(crate) fn key(object: &Map<String, Json>, name: &str) -> String {
    let there = object.keys().find(|key| key.eq_ignore_ascii_case(name));
    there.map(String::as_str).or_else(|| core_name(name)).unwrap_or(name).to_owned()
}
