//! What the configuration says about the SCIM gateway.

use super::instance::{ScimConfig, ScimDelete};
use super::table::Table;

/// The gateway as a whole: `[serve]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServeConfig {
    /// Where it listens.
    pub listen: String,
    /// Where clients reach it, such as `https://scim.example.com`.
    pub public_url: Option<String>,
    /// The instance that is at the root as well.
    pub root: Option<String>,
    /// Whether `X-Forwarded-*` is believed.
    pub trust_forwarded: bool,
    /// Files of the certificate, with its chain, and of its key; without them it speaks HTTP.
    pub tls: Option<(String, String)>,
    /// Connections at the same time.
    pub max_connections: u64,
    /// Requests at the same time.
    pub max_requests: u64,
    /// Bytes of a body.
    pub max_body: u64,
    /// Seconds that a request may take.
    pub deadline: u64,
    /// Where Prometheus reads metrics; nowhere where nothing is said.
    pub metrics: Option<String>,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            root: None,
            trust_forwarded: false,
            tls: None,
            max_connections: 1024,
            max_requests: 256,
            max_body: 1 << 20,
            deadline: 60,
            metrics: None,
        }
    }
}

pub(super) fn serve(table: Table<'_, '_>) -> ServeConfig {
    let text = |name: &'static str| table.text(name).map(|(text, _)| text);
    let default = ServeConfig::default();
    let address = |name: &'static str| {
        let (text, span) = table.text(name)?;
        if text.parse::<std::net::SocketAddr>().is_err() {
            table.wrong(&span, format!("`{name}` is an address and a port such as \"127.0.0.1:8080\", found \"{text}\""));
        }
        Some(text)
    };
    let number = |name: &'static str, default: u64| {
        let number = table.number(name);
        if number == Some(0) {
            table.wrong(&table.span(), format!("`{name}` is at least 1"));
        }
        number.unwrap_or(default)
    };
    let config = ServeConfig {
        listen: address("listen").unwrap_or(default.listen),
        metrics: address("metrics"),
        public_url: text("public_url"),
        root: text("root"),
        trust_forwarded: table.flag("trust_forwarded").unwrap_or(false),
        tls: match (text("certificate"), text("key")) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => {
                table.wrong(&table.span(), "`certificate` and `key` are given together: two files in PEM");
                None
            }
        },
        max_connections: number("max_connections", default.max_connections),
        max_requests: number("max_requests", default.max_requests),
        max_body: number("max_body", default.max_body),
        deadline: number("deadline_seconds", default.deadline),
    };
    table.finish();
    config
}

/// Without its attributes and its `map`, which the caller reads.
pub(super) fn scim(table: &Table<'_, '_>) -> ScimConfig {
    let words = [("deactivate", ScimDelete::Deactivate), ("delete", ScimDelete::Delete)];
    ScimConfig {
        on_delete: table.word("on_delete", &words).unwrap_or_default(),
        max_deactivations_per_hour: table.number("max_deactivations_per_hour"),
        ..ScimConfig::default()
    }
}
