//! Names that must not meet another one in the crate.
//!
//! Input: names that the copy gives. Output: the same, or one near it where that one is taken.

use crate::normalize::naming;

/// How the names of lists begin that several operations share in the table of operations.
pub(crate) const CLIENT_PARAMETERS: &str = "CLIENT_PARAMETERS";
/// As [`CLIENT_PARAMETERS`].
pub(crate) const SECURITY: &str = "SECURITY";

/// The methods that `client_core::codegen::settings!` writes, and the builder's own.
pub(super) const OF_BUILDER: [&str; 12] = [
    "user_agent",
    "connect_timeout",
    "timeout",
    "deadline",
    "retries",
    "max_response_size",
    "rate_limit",
    "allow_insecure",
    "interceptor",
    "http",
    "auth",
    "build",
];

/// What the type of a client's credentials has already, its traits' methods among it.
pub(super) const OF_AUTH: [&str; 5] = ["new", "with", "default", "clone", "fmt"];

/// What the type of a request has already.
pub(super) const OF_REQUEST: [&str; 6] = ["new", "call", "timeout", "header", "retry", "keep_bytes"];

/// Names that mean something else where a request is declared.
const TYPES_BESIDE_REQUESTS: [&str; 18] = [
    "ArgumentPlace",
    "Auth",
    "Box",
    "Client",
    "ClientBuilder",
    "Error",
    "Extra",
    "Field",
    "Json",
    "Constraints",
    "List",
    "Map",
    "Number",
    "Option",
    "Response",
    "Secret",
    "String",
    "Timestamp",
];

/// A method called `name`, or nearly so; `taken` has it afterwards.
pub(super) fn setter(name: &str, taken: &mut Vec<String>) -> String {
    let name = naming::unique(&naming::snake(name), "_", |name| taken.iter().any(|it| it == name));
    taken.push(name.clone());
    name
}

/// What is taken before the first.
pub(super) fn taken(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// The static that describes the operation whose method is called `name`.
pub(super) fn constant(name: &str) -> String {
    match naming::shouting(name) {
        name if is_reserved(&name) => format!("{name}_OPERATION"),
        name if name.starts_with(|first: char| first.is_ascii_alphabetic()) => name,
        name => format!("OPERATION_{name}"),
    }
}

/// Whether an operation may not have this name in the table.
fn is_reserved(name: &str) -> bool {
    let numbered = |list| name.strip_prefix(list).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    matches!(name, "SCHEMES" | "FAILURES") || numbered(CLIENT_PARAMETERS) || numbered(SECURITY)
}

/// The type of the request of the operation that the vendor calls `id`.
pub(super) fn request(id: &str) -> String {
    let name = naming::type_name(id);
    if TYPES_BESIDE_REQUESTS.contains(&name.as_str()) { format!("{name}Request") } else { name }
}
