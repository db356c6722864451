//! The words of `[directory]` for operations of a known shape: which parameter takes what, and which member of the response has
//! the users.
//!
//! From TOML to plain data. Whether the operation has such parameters and members is for those to say who know the specification.
//!
//! ```toml
//! nobody = { status = 404, member = "error/code", equals = "unknown" }
//! get = { operation = "GetUser", id = "userID", result = "data" }
//! list = { operation = "ListUsers", result = "data", page = { number = "page", first = 1, size = "pageSize", most = 100 } }
//! update = { operation = "PatchUser", partial = true }
//! disable = { operation = "SwitchUser", with = { enabled = false } }
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
