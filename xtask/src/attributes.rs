//! The attributes of a user: the rows of `specs/attributes.toml`.
//!
//! Input: that file, which is compiled in, or the text of another one. Output: rows in order, each with its names and its
//! place in a SCIM user, or all that is wrong with them, with places. Knows no vendor and nothing of Rust's syntax.

use std::{cmp::Ordering, fmt, hash, sync::LazyLock};

use heck::ToUpperCamelCase as _;
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use toml::Spanned;

use crate::{diagnostic::Diagnostic, document::Document, failure::Failure, markup::unprintable};

mod scim;

pub use scim::{ENTERPRISE, Place};

/// Name of the file in `specs/`.
pub const FILE: &str = "attributes.toml";

/// The table that this program was compiled with.
pub const TEXT: &str = include_str!("../../specs/attributes.toml");

static TABLE: LazyLock<Result<Vec<Row>, Failure>> = LazyLock::new(|| {
    let document = Document::verbatim(0, FILE, TEXT.to_owned());
    rows(&document).map_err(|problems| Failure::diagnostics("specs", &problems, [&document]))
});

/// One attribute of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    place: usize,
    /// Name in manifests and of the method in Rust, such as `user_name`.
    pub name: String,
    /// Name of the variant in Rust, such as `UserName`.
    pub variant: String,
    /// What it is, in a sentence.
    pub doc: String,
    /// Its path in a SCIM user, and what that means; `None` where SCIM has no place for it.
    pub scim: Option<(String, Place)>,
    /// Whether it is true or false instead of text.
    pub is_flag: bool,
    /// Whether it says who the user is at one vendor.
    pub is_local: bool,
    /// Whether the vendor alone writes it.
    pub is_assigned: bool,
    /// What vendors call it, the likeliest first.
    pub also: Vec<String>,
    /// What vendors call the opposite of a flag.
    pub opposite: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    doc: Spanned<String>,
    scim: Option<Spanned<String>>,
    #[serde(default)]
    kind: ValueKind,
    given_by: Option<Giver>,
    #[serde(default)]
    also: Vec<Spanned<String>>,
    #[serde(default)]
    opposite: Vec<Spanned<String>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ValueKind {
    #[default]
    Text,
    Flag,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Giver {
    Vendor,
    VendorAlone,
}

/// Reads a table.
///
/// # Errors
/// All that is wrong with it, with places.
pub fn rows(document: &Document) -> Result<Vec<Row>, Vec<Diagnostic>> {
    let forms: IndexMap<Spanned<String>, Form> = toml::from_str(&document.text).map_err(|error| {
        let span = document.span(error.span().unwrap_or(0..0));
        vec![Diagnostic::new(span, error.message().replace('\n', ", "), "correct this entry")]
    })?;
    let mut problems = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for (place, (name, form)) in forms.iter().enumerate() {
        let mut problem = |at: &Spanned<String>, message: String, help: &str| {
            problems.push(Diagnostic::new(document.span(at.span()), message, help));
        };
        let text = name.get_ref();
        if let Some((message, help)) = name_fault(text) {
            problem(name, format!("`{text}` {message}"), help);
        }
        if let Some(fault) = unprintable(form.doc.get_ref()) {
            problem(&form.doc, format!("this {fault}"), "write one sentence that says what the attribute is");
        }
        let scim = form.scim.as_ref().and_then(|path| match Place::read(path.get_ref()) {
            Some(place) => {
                let other = rows.iter().find(|row| row.scim.as_ref().is_some_and(|(other, _)| other == path.get_ref()));
                if let Some(other) = other {
                    let message = format!("`{}` has this place in a SCIM user already", other.name);
                    problem(path, message, "give each attribute a place of its own");
                }
                Some((path.get_ref().clone(), place))
            }
            None => {
                let help = "write `member`, `member.part`, `list[type eq \"word\"].part`, or the enterprise extension's name, a colon and these";
                problem(path, format!("`{}` is no place in a SCIM user", path.get_ref()), help);
                None
            }
        });
        for word in form.also.iter().chain(&form.opposite) {
            if word.get_ref().is_empty() || !word.get_ref().bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                problem(
                    word,
                    format!("`{}` is not a word", word.get_ref()),
                    "write letters and digits alone: case and other signs do not count",
                );
            }
        }
        if let Some(word) = form.opposite.first().filter(|_| form.kind != ValueKind::Flag) {
            problem(word, "only what is true or false has an opposite".to_owned(), "remove it, or write `kind = \"flag\"`");
        }
        let words = |words: &[Spanned<String>]| words.iter().map(|word| word.get_ref().to_ascii_lowercase()).collect();
        rows.push(Row {
            place,
            name: text.clone(),
            variant: text.to_upper_camel_case(),
            doc: form.doc.get_ref().clone(),
            scim,
            is_flag: form.kind == ValueKind::Flag,
            is_local: form.given_by.is_some(),
            is_assigned: form.given_by == Some(Giver::VendorAlone),
            also: words(&form.also),
            opposite: words(&form.opposite),
        });
    }
    if rows.is_empty() {
        problems.push(Diagnostic::new(document.span(0..0), "the table has no attribute", "write one table for each attribute"));
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Methods that `User`, drafts and patches have beside those of the attributes.
const TAKEN: [&str; 27] = [
    "active_is_ambiguous",
    "assign",
    "attribute",
    "attributes",
    "base",
    "base_record",
    "build",
    "changes",
    "clear",
    "differing",
    "downcast_ref",
    "intent",
    "intents",
    "new",
    "on_create",
    "own_type",
    "rebuild",
    "record",
    "record_box",
    "replace_existing",
    "set",
    "since",
    "to_json",
    "unset",
    "vendor",
    "watched",
    "word",
];

fn name_fault(name: &str) -> Option<(&'static str, &'static str)> {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !plain || !name.starts_with(|char: char| char.is_ascii_lowercase()) || syn::parse_str::<syn::Ident>(name).is_err() {
        return Some(("is not the name of a Rust method", "use lower case letters, digits and underscores, a letter first"));
    }
    let taken = TAKEN.contains(&name);
    taken.then_some(("is the name of another method of users, drafts or patches", "choose another name"))
}

/// Whether the table that this program was compiled with is sound.
///
/// # Errors
/// All that is wrong with it, with places.
pub fn check() -> Result<&'static [Row], Failure> {
    TABLE.as_ref().map(Vec::as_slice).map_err(Clone::clone)
}

/// An attribute of the table that this program was compiled with.
#[derive(Clone, Copy, Debug)]
pub struct Attribute(&'static Row);

impl Attribute {
    /// Every attribute, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().flatten().map(Self)
    }

    /// The attribute with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|attribute| attribute.name() == name)
    }

    /// The name in manifests and of the method in Rust, such as `user_name`.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.0.name
    }

    /// The row of the table.
    #[must_use]
    pub fn row(self) -> &'static Row {
        self.0
    }

    /// Returns its path in a SCIM user, where SCIM has a place for it.
    #[must_use]
    pub fn scim_path(self) -> Option<&'static str> {
        self.row().scim.as_ref().map(|(path, _)| path.as_str())
    }

    /// Whether it is the one that says whether the user may log in.
    #[must_use]
    pub fn is_active(self) -> bool {
        self.name() == "active"
    }
}

impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        self.0.place == other.0.place
    }
}

impl Eq for Attribute {}

impl PartialOrd for Attribute {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Attribute {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.place.cmp(&other.0.place)
    }
}

impl hash::Hash for Attribute {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.place.hash(state);
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What an error of the reader says where a name is none of the table's.
pub const UNKNOWN: &str = "there is no attribute";

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| de::Error::custom(format_args!("{UNKNOWN} `{name}` in specs/{FILE}")))
    }
}
