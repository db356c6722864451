//! The gateway of the demo: served by the same process, with a token in a file.

use std::path::Path;
use std::sync::Arc;

use scim_gateway::token::{self, Scope};
use vendor_users::{Evidence, Verb};

use crate::commands::serve;
use crate::configuration::Configuration;
use crate::connect::VENDORS;
use crate::context::Context;
use crate::failure::Failure;
use crate::server::{Listening, Server};
use crate::{private, session};

/// Where the token stands, as a header for curl.
const HEADER: &str = "secrets/scim.header";

/// Starts the gateway, and returns what to type.
pub(super) async fn start(context: &Context, folder: &Path) -> Result<String, Failure> {
    let context = Context { config: folder.join("vendor-users.toml"), instances: Vec::new(), ..context.clone() };
    let configuration = Arc::new(Configuration::read(&context)?);
    let store = Arc::new(session::store(&configuration).await?);
    let names: Vec<&str> = VENDORS.iter().map(|vendor| vendor.name()).collect();
    let token = token::make(store.as_ref(), "demo", &names, Scope::Write, None).await.map_err(Failure::failed)?;
    let header = format!("Authorization: Bearer {}\n", token.expose());
    private::write(&folder.join(HEADER), header.as_bytes()).map_err(Failure::failed)?;
    let router = serve::router(&configuration, &context, store).await?;
    let listening = Listening { address: "127.0.0.1:0".to_owned(), tls: None, metrics: None, connections: 64 };
    let server = Server::bind(&listening).await?;
    let url = server.url()?;
    tokio::spawn(server.run(router, std::future::pending::<()>()));
    Ok(told(&url))
}

fn told(url: &str) -> String {
    // A vendor whose own documents have the whole life of a user.
    let whole = |verbs: &[Verb]| {
        let supports = |vendor: &crate::connect::Vendor, verb: &Verb| {
            vendor.documented.verbs.iter().any(|(known, capability)| {
                known == verb && capability.is_supported() && capability.evidence == Evidence::Documents
            })
        };
        VENDORS.iter().find(|vendor| verbs.iter().all(|verb| supports(vendor, verb))).map(|vendor| vendor.name())
    };
    let name = whole(&[Verb::Create, Verb::List, Verb::Disable]).unwrap_or_default();
    format!(
        r#"
SCIM is served at {url}/v/NAME for each instance. What an identity provider does, by hand, in the same folder:

  scim={url}/v/{name} users=$scim/Users
  curl -sS -H @{HEADER} "$scim/ServiceProviderConfig"
  curl -sS -H @{HEADER} "$users?startIndex=1&count=2"
  curl -sS -H @{HEADER} "$users" --json '{{"userName": "kay.scim@example.com", "active": true, "emails": [{{"type": "work", "value": "kay.scim@example.com"}}]}}'
  found=$(curl -sS -H @{HEADER} "$users?filter=userName%20eq%20%22kay.scim@example.com%22")
  id=$(printf %s "$found" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/')
  curl -sS -H @{HEADER} "$users/$id" -X PATCH --json '{{"Operations": [{{"op": "replace", "value": {{"active": false}}}}]}}'
  curl -sS -H @{HEADER} "$users/$id"

Press Ctrl-C here to end it.
"#
    )
}
