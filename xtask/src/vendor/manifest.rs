//! The words of `vendor.toml`.
//!
//! Input: TOML. Output: what it says, every entry with its span. Whether it makes sense is checked elsewhere.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{directory::Directory, pages::Pages, user::UserMap};
use crate::dialect::{Dialect, Options};

/// Everything that is special about a vendor, beside its documents and its overlay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the folder and of the crate.
    pub name: Spanned<String>,
    /// Version of the crate that is released next.
    version: Option<Spanned<String>>,
    /// Title of the specification.
    pub title: Spanned<String>,
    /// Description of the specification.
    pub description: Spanned<String>,
    /// Who publishes the API.
    pub contact: Contact,
    /// How the documents are written.
    pub dialect: Spanned<Pages>,
    /// The documents, in the order in which they are read.
    pub documents: Vec<DocumentEntry>,
    /// Where the API is served.
    #[serde(default)]
    pub servers: Vec<Server>,
    /// How the security schemes travel that the documents only name, by that name.
    #[serde(default)]
    pub security: IndexMap<Spanned<String>, Security>,
    /// Names that the rules get wrong.
    #[serde(default)]
    pub names: Names,
    /// Tags that read better, by the documents' own word.
    #[serde(default)]
    pub tags: IndexMap<Spanned<String>, Tag>,
    /// Schemas that describe a user, by their names in the specification.
    #[serde(default)]
    pub user: IndexMap<Spanned<String>, UserMap>,
    /// Which operation does what to users; nothing is supported where it is left out.
    pub directory: Option<Directory>,
    /// The same for other kinds of user of the vendor; each says `of` whom.
    #[serde(default)]
    pub further_directories: Vec<Directory>,
}

impl Manifest {
    /// All directories, the first one first.
    pub fn directories(&self) -> impl Iterator<Item = &Directory> {
        self.directory.iter().chain(&self.further_directories)
    }
}

/// The version of a crate whose manifest says none.
pub const FIRST_VERSION: &str = "0.1.0";

impl Manifest {
    /// Version of the crate that is released next.
    #[must_use]
    pub fn version(&self) -> &str {
        self.version.as_ref().map_or(FIRST_VERSION, |version| version.get_ref())
    }

    /// Where the version stands, if it does.
    #[must_use]
    pub fn stated_version(&self) -> Option<&Spanned<String>> {
        self.version.as_ref()
    }

    /// How the documents are written.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect.get_ref().dialect
    }

    /// What the documents have of their own within their dialect.
    #[must_use]
    pub fn options(&self) -> Options {
        self.dialect.get_ref().options()
    }
}

/// Who publishes an API.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The vendor's name.
    pub name: Spanned<String>,
    /// The vendor's page for developers.
    pub url: Spanned<String>,
}

/// One document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentEntry {
    /// Name of the file in `docs/`.
    pub file: Spanned<String>,
    /// Digest of its bytes, in hexadecimal.
    pub sha256: Spanned<String>,
    /// Where the vendor publishes it.
    pub url: Spanned<String>,
}

/// Where an API is served.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address, with `{variables}`.
    pub url: Spanned<String>,
    /// What it is.
    pub description: Option<Spanned<String>>,
    /// Why it is taken, in one sentence.
    pub reason: Spanned<String>,
    /// Where that can be checked.
    pub evidence: Spanned<String>,
    /// The variables of the address.
    #[serde(default)]
    pub variables: IndexMap<Spanned<String>, Variable>,
}

/// A variable of a server's address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The value where none is chosen.
    pub default: Spanned<String>,
    /// All values, where they are known.
    #[serde(rename = "enum")]
    pub values: Option<Spanned<Vec<String>>>,
    /// What it means.
    pub description: Option<Spanned<String>>,
}

/// How a security scheme travels.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "SecurityForm")]
pub struct Security {
    /// How the credential travels.
    pub kind: SecurityKind,
    /// What people are told about it.
    pub description: Option<Spanned<String>>,
    /// Why it is so, in one sentence.
    pub reason: Spanned<String>,
    /// Where that can be checked.
    pub evidence: Spanned<String>,
}

/// The ways in which OpenAPI knows a credential to travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityKind {
    /// A value of its own.
    ApiKey {
        /// Where it stands.
        location: KeyLocation,
        /// Name of the header, the query parameter or the cookie.
        name: Spanned<String>,
        /// What stands before the value, such as `Ticket `.
        prefix: Option<Spanned<String>>,
    },
    /// The `Authorization` header.
    Http {
        /// Scheme of the header in lower case, such as `bearer`.
        scheme: Spanned<String>,
        /// What a bearer token looks like, such as `JWT`.
        bearer_format: Option<Spanned<String>>,
    },
}

/// Where an API key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "OpenAPI's own names")]
pub enum KeyLocation {
    Header,
    Query,
    Cookie,
}

impl KeyLocation {
    /// OpenAPI's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Cookie => "cookie",
        }
    }
}

#[derive(Deserialize)]
enum SecurityType {
    #[serde(rename = "apiKey")]
    ApiKey,
    #[serde(rename = "http")]
    Http,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SecurityForm {
    r#type: SecurityType,
    r#in: Option<KeyLocation>,
    name: Option<Spanned<String>>,
    prefix: Option<Spanned<String>>,
    scheme: Option<Spanned<String>>,
    bearer_format: Option<Spanned<String>>,
    description: Option<Spanned<String>>,
    reason: Spanned<String>,
    evidence: Spanned<String>,
}

impl TryFrom<SecurityForm> for Security {
    type Error = &'static str;

    fn try_from(form: SecurityForm) -> Result<Self, Self::Error> {
        let kind = match form {
            SecurityForm {
                r#type: SecurityType::ApiKey,
                r#in: Some(location),
                name: Some(name),
                prefix,
                scheme: None,
                bearer_format: None,
                ..
            } => SecurityKind::ApiKey { location, name, prefix },
            SecurityForm { r#type: SecurityType::ApiKey, .. } => {
                return Err(
                    "a scheme of type `apiKey` has `in` and `name`, may have `prefix`, and has neither `scheme` nor `bearer-format`",
                );
            }
            SecurityForm {
                r#type: SecurityType::Http,
                r#in: None,
                name: None,
                prefix: None,
                scheme: Some(scheme),
                bearer_format,
                ..
            } => SecurityKind::Http { scheme, bearer_format },
            SecurityForm { r#type: SecurityType::Http, .. } => {
                return Err(
                    "a scheme of type `http` has `scheme`, may have `bearer-format`, and has none of `in`, `name` and `prefix`",
                );
            }
        };
        Ok(Self { kind, description: form.description, reason: form.reason, evidence: form.evidence })
    }
}

/// Names that the rules get wrong, by what the rules make of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Operation ids.
    #[serde(default)]
    pub operations: IndexMap<Spanned<String>, Rename>,
    /// Component schemas; several may go to one name and are united.
    #[serde(default)]
    pub schemas: IndexMap<Spanned<String>, Rename>,
    /// Rust names of fields, by the property's name on the wire.
    #[serde(default)]
    pub fields: IndexMap<Spanned<String>, Spanned<String>>,
}

/// A better name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The name.
    pub name: Spanned<String>,
    /// Why, in one sentence.
    pub reason: Option<Spanned<String>>,
}

/// A tag that reads better.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// What its operations are about.
    pub description: Option<Spanned<String>>,
}
