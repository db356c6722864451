//! Runs: who holds an instance, and how earlier ones ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One run at one instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Identifier of the run.
    pub id: String,
    /// The instance, by name.
    pub instance: String,
    /// What is done, such as `apply`.
    pub purpose: String,
    /// Who does it, such as the host and the process.
    pub holder: String,
    /// When it started.
    pub started: Timestamp,
    /// Until when it holds the instance.
    pub until: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What it did.
    pub summary: Json,
}
