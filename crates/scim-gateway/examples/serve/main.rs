//! A gateway over a directory in memory and the emulators of all vendors, for tools that are not ours: prints for each instance
//! its name, address and token, and whether the whole life of a user is possible there, and serves until standard input ends:
//! `cargo run -p scim-gateway --example serve`.

use std::io::Read as _;
use std::sync::Arc;

use provisioning::store::SqlStore;
use scim_gateway::settings::{Adopt, OnDelete};
use scim_gateway::{Gateway, InstanceSettings, token};
use vendor_users::{Evidence, Verb};

mod instances;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let instances = instances::all().await?;
    let store = Arc::new(SqlStore::in_memory()?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut builder = Gateway::builder(store.clone());
    for instance in &instances {
        let (name, capabilities) = (instance.name, instance.directory.capabilities());
        let token = token::make(store.as_ref(), "tester", &[name], token::Scope::Write, None).await?;
        let is_weak = |verb: &Verb| matches!(capabilities.of(*verb).evidence, Evidence::Weak { .. });
        let is_documented = ![Verb::Create, Verb::Delete].iter().any(is_weak);
        let life = match [Verb::Create, Verb::List, Verb::Delete].map(|verb| capabilities.supports(verb)) {
            [true, true, true] if is_documented => "whole",
            [true, true, true] => "accepted",
            [false, true, _] => "no-create",
            _ => "other",
        };
        println!("{name} http://{address}/v/{name} {} {life}", token.expose());
        let on_delete = if capabilities.supports(Verb::Delete) { OnDelete::Delete } else { OnDelete::Deactivate };
        let settings = InstanceSettings::default().adopt(Adopt::Matching).max_deactivations_per_hour(None).on_delete(on_delete);
        builder = builder.instance(name, Arc::clone(&instance.directory), instance.settings(settings));
    }
    println!("ready");
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let ended = async { drop(ended.await) };
    axum::serve(listener, builder.build()?.router()).with_graceful_shutdown(ended).await?;
    Ok(())
}
