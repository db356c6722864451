//! The words of `[directory]` for operations of a known shape: which parameter takes what, and which member of the response has
//! the users.
//!
//! From TOML to plain data. Whether the operation has such parameters and members is for those to say who know the specification.
//!
//! ```toml
//! nobody = { status = 404, member = "error/code", equals = "unknown" }
//! get = { operation = "GetUser", id = "userID", result = "data" }
//! list = { operation = "ListUsers", result = "data", page = { number = "page", first = 1, size = "pageSize", most = 100 } }
//! find = { operation = "ListUsers", result = "data", by = { user_name = "login", email = "mail" }, case = "ignored" }
//! update = { operation = "PatchUser", partial = true }
//! disable = { operation = "SwitchUser", with = { enabled = false }, reads_first = true }
//! choices = { of = { role = { operation = "ListRoles", result = "data", id = "number", title = "name", without = ["gone"] } } }
//! ```

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// How an operation is called, as far as its own shape does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The parameter, or the member of the request body, that takes the user's identifier; the only one that the operation
    /// demands where it is left out.
    pub id: Option<String>,
    /// The member of the request body that takes the user; the whole body where it is left out.
    pub body: Option<String>,
    /// The member of the response that has the user or the users, with slashes between the steps; the whole response where it is
    /// left out.
    pub result: Option<String>,
    /// Parameters, or members of the request body, that always have the same value.
    pub with: IndexMap<String, Constant>,
    /// How a list comes in pages; at once where it is left out.
    pub page: Option<Page>,
    /// How a list is ordered.
    pub order: Option<Order>,
    /// How the vendor says that a user to be created is there already.
    pub exists: Option<Told>,
    /// Whether an update takes only what changes.
    pub partial: bool,
    /// By key, the parameter or the member of the body that takes what is looked for.
    pub by: IndexMap<String, String>,
    /// How the vendor's search compares text, where a page says it.
    pub case: Option<Case>,
    /// Whether the user is read first, since a success of the operation does not say that there is such a user.
    pub reads_first: bool,
    /// Properties that are set in the record, which is read before and saved after, where no operation does it.
    pub set: IndexMap<String, Constant>,
    /// Whether the adapter calls it.
    pub by_hand: bool,
}

/// A value of a parameter or a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "TOML's own types")]
pub enum Constant {
    Flag(bool),
    Number(i64),
    Text(String),
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The parameter that numbers the pages.
    pub number: Option<String>,
    /// The number of the first page.
    #[serde(default = "one")]
    pub first: i32,
    /// In its place, the parameter that says how many users come before the page.
    pub skip: Option<String>,
    /// In its place, the parameter that takes what the page before says of the next one.
    pub cursor: Option<String>,
    /// The member of the response that has the cursor of the next page, with slashes between the steps.
    pub next: Option<String>,
    /// In its place, the member that has the address of the next page, in which the cursor is a parameter of the same name.
    pub link: Option<String>,
    /// In its place, the response header that has this address, as RFC 8288 writes it.
    pub link_header: Option<String>,
    /// The parameter that says how many users a page has.
    pub size: Option<String>,
    /// How many it has at most.
    #[serde(default = "hundred")]
    pub most: i32,
}

const fn one() -> i32 {
    1
}

const fn hundred() -> i32 {
    100
}

/// How a search compares text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// Case does not count.
    Ignored,
    /// Case counts.
    Counts,
}

/// Which operation reads the values that an attribute may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// Its id.
    pub operation: String,
    /// The member of the response that has the list, with slashes between the steps; the whole response where it is left out.
    pub result: Option<String>,
    /// Parameters, or members of the request body, that always have the same value.
    #[serde(default)]
    pub with: IndexMap<String, Constant>,
    /// The member of each that is written for a user.
    pub id: String,
    /// The member of each that is its name for people.
    pub title: String,
    /// Flags of each that leave it out where they are true, such as one for what was deleted.
    #[serde(default)]
    pub without: Vec<String>,
}

/// How a list is ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The parameter.
    pub parameter: String,
    /// What follows the property, such as `:asc`.
    pub ascending: String,
    /// What follows the property, such as `:desc`.
    pub descending: String,
    /// The order where none is asked for: without one, a user who joins would move others to a page that was read already.
    pub otherwise: String,
}

/// What tells that the vendor says something of a user, such as that there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The status; a success where it is left out.
    pub status: Option<u16>,
    /// The member of the error response that must be there, with slashes between the steps. A status alone is that of a wrong
    /// address as well: where this is left out, the list decides.
    pub member: Option<String>,
    /// The value of that member; any but null where it is left out.
    pub equals: Option<Constant>,
    /// Whether the response is null.
    #[serde(default)]
    pub null: bool,
}
