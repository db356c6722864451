//! Bearer tokens: made once, kept as hashes, with a scope and an end.

use provisioning::jiff::Timestamp;
use provisioning::{Store, StoreError};
use serde_json::{Value as Json, json};
use subtle::ConstantTimeEq as _;
use vendor_users::client_core::Secret;

use crate::digest::{hexadecimal, sha256};

const KIND: &str = "scim-token";

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Read.
    Read,
    /// Read and write.
    Write,
}

impl Scope {
    /// Returns its name: `read` or `write`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What is kept of a token: everything but the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// Its identifier, which stands before the point in the token.
    pub id: String,
    /// The name of the client, whose external identifiers are its own.
    pub client: String,
    /// Where it may be used.
    pub instances: Vec<String>,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it ends.
    pub expires: Option<Timestamp>,
}

/// Whose a token is and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) client: String,
    pub(crate) may_write: bool,
    instances: Vec<String>,
}

impl Granted {
    pub(crate) fn allows(&self, instance: &str) -> bool {
        self.instances.iter().any(|allowed| allowed == instance)
    }
}

/// Makes a token for `client` at these instances. It is handed out here and never again: the store keeps its hash.
///
/// # Errors
///
/// The store cannot be used, or the system has no random source.
pub async fn make(
    store: &dyn Store,
    client: &str,
    instances: &[&str],
    scope: Scope,
    expires: Option<Timestamp>,
) -> Result<Secret, StoreError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| StoreError::unavailable(format!("the operating system gives no random numbers: {error}")))?;
    let id = provisioning::store::new_id()?;
    let token = format!("{id}.{}", hexadecimal(&bytes));
    let document = json!({
        "client": client, "instances": instances, "scope": scope.name(), "hash": sha256(&token),
        "created": Timestamp::now().to_string(), "expires": expires.map(|end| end.to_string()),
    });
    store.put_document(KIND, &id, &document, expires).await?;
    Ok(Secret::from(token))
}

/// Revokes the token with this identifier, which is what stands before the point in the token. Returns whether it was there.
///
/// # Errors
///
/// The store cannot be used.
pub async fn revoke(store: &dyn Store, id: &str) -> Result<bool, StoreError> {
    store.remove_document(KIND, id).await
}

/// The tokens that have neither been revoked nor expired, by identifier.
///
/// # Errors
///
/// The store cannot be used.
pub async fn list(store: &dyn Store) -> Result<Vec<TokenInfo>, StoreError> {
    let documents = store.documents(KIND, Timestamp::now()).await?;
    let info = |(id, document): (String, Json)| {
        let text = |name: &str| document.get(name).and_then(Json::as_str).unwrap_or_default();
        let scope = if text("scope") == Scope::Write.name() { Scope::Write } else { Scope::Read };
        let (client, instances) = (text("client").to_owned(), instances(&document));
        TokenInfo { client, instances, scope, created: text("created").parse().ok(), expires: text("expires").parse().ok(), id }
    };
    Ok(documents.into_iter().map(info).collect())
}

fn instances(document: &Json) -> Vec<String> {
    let names = document.get("instances").and_then(Json::as_array).into_iter().flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Whose `token` is; `None` for one that is unknown, revoked or has expired.
pub(crate) async fn check(store: &dyn Store, token: &str) -> Result<Option<Granted>, StoreError> {
    let id = token.split_once('.').map_or("", |(id, _)| id);
    let Some(document) = store.document(KIND, id, Timestamp::now()).await? else { return Ok(None) };
    let text = |name: &str| document.get(name).and_then(Json::as_str).unwrap_or_default();
    if !bool::from(sha256(token).as_bytes().ct_eq(text("hash").as_bytes())) {
        return Ok(None);
    }
    Ok(Some(Granted {
        client: text("client").to_owned(),
        may_write: text("scope") == Scope::Write.name(),
        instances: instances(&document),
    }))
}
