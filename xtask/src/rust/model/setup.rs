//! What is the same for every call of a client, as data.
//!
//! Input and output as those of `model`: client parameters, credentials, the address, what the vendor takes and what it fails by.

use serde::Serialize;
use serde_json::Value;

use crate::nodes::Pointer;

/// What is set once on the client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClientParameter {
    /// On the wire.
    pub name: String,
    /// The setter of the client's builder; empty on an operation.
    pub setter: String,
    /// The setter that takes a source of it, where it is a secret.
    pub source_setter: Option<String>,
    /// Where it stands in the specification.
    pub pointer: Pointer,
    /// `header` or `query`.
    pub place: String,
    /// Whether an operation requires it.
    pub required: bool,
    /// What the documents say of it.
    pub description: String,
    /// Where the documents describe it.
    pub sources: Vec<String>,
    /// Whether it is a secret, which is never printed.
    pub secret: bool,
}

/// A security scheme.
#[derive(Clone, Debug, Serialize)]
pub struct Scheme {
    /// In the specification.
    pub name: String,
    /// The setter of `Auth`.
    pub setter: String,
    /// The setter that takes a source of it.
    pub source_setter: Option<String>,
    /// Where it stands in the specification.
    pub pointer: Pointer,
    /// How it travels.
    pub kind: SchemeKind,
    /// What the documents say of it.
    pub description: String,
    /// Where the documents describe it.
    pub sources: Vec<String>,
}

/// How a credential travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "OpenAPI's own names")]
#[serde(rename_all = "snake_case")]
pub enum SchemeKind {
    Header { header: String, prefix: String },
    Query { name: String },
    Basic,
    Bearer,
}

/// How many requests the vendor takes.
#[derive(Clone, Debug, Serialize)]
pub struct RateLimit {
    /// In the long run.
    pub per_second: f64,
    /// At once.
    pub burst: u32,
}

/// A rule of `x-failure`.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// JSON pointer into the response.
    pub at: String,
    /// What makes it one.
    pub when: When,
}

/// When a value makes a response an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// It is null.
    Null,
    /// It is there.
    Present,
    /// It is none of these texts, booleans and whole numbers.
    Not(Vec<Value>),
}

/// Where the API is.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    /// With its variables in braces.
    pub url: String,
    /// What the documents say of it.
    pub description: String,
    /// In the order of the specification.
    pub variables: Vec<ServerVariable>,
    /// Address and description of the others.
    pub others: Vec<(String, String)>,
}

/// One variable of an address.
#[derive(Clone, Debug, Serialize)]
pub struct ServerVariable {
    /// In Rust.
    pub name: String,
    /// In the address.
    pub wire: String,
    /// The value that stands where none is given.
    pub default: String,
    /// What the documents say of it.
    pub description: String,
    /// All values, where only some are possible.
    pub values: Vec<String>,
}
