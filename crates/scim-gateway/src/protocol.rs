//! SCIM's protocol as pure functions over JSON (RFC 7643 and 7644): names, filters, PATCH, projection, lists, errors.
//!
//! Takes text and JSON that came from outside, returns JSON or an [`error::ScimError`]. Nothing here panics on any input, and
//! depth and count are limited. Knows no directory, no store and no HTTP.

pub mod error;
pub mod evaluate;
pub mod filter;
pub mod lexer;
pub mod list;
pub mod names;
pub mod patch;
pub(crate) mod primary;
pub mod projection;
pub mod target;

/// The schema of a user.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of a group.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The extension for enterprises.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The schema of a list.
pub const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// The schema of an error.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// The schema of a PATCH request.
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The schema of a search request.
pub const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
