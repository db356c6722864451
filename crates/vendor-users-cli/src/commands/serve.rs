//! `serve`: the SCIM gateway over the instances of the configuration.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use clap::Args;
use provisioning::Store;
use provisioning::config::{Adopt, InstanceConfig, ScimDelete};
use provisioning::store::SqlStore;
use scim_gateway::settings::{self, OnDelete};
use scim_gateway::{Gateway, InstanceSettings, Limits};
use serde_json::json;
use vendor_users::Directory;

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::output::note;
use crate::server::{self, Listening, Server};
use crate::{audit, ending, notify, session};

/// Serves SCIM 2.0 for identity providers such as Okta and Entra, until it is ended by SIGTERM or Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vendor-users token make okta --instance claims
  vendor-users serve
  vendor-users serve --instance claims --listen 127.0.0.1:0")]
pub(crate) struct Arguments {
    /// Where to listen, instead of `listen` of the configuration. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

/// How often lines are added to the file of the audit log.
const AUDIT: Duration = Duration::from_secs(5);

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Arc::new(Configuration::read(context)?);
    let serve = &configuration.config.serve;
    let folder = configuration.folder();
    let listening = Listening {
        address: arguments.listen.clone().unwrap_or_else(|| serve.listen.clone()),
        tls: serve.tls.as_ref().map(|(certificate, key)| (folder.join(certificate), folder.join(key))),
        metrics: serve.metrics.clone(),
        connections: usize::try_from(serve.max_connections.min(100_000)).unwrap_or(1024),
    };
    let store = Arc::new(session::store(&configuration).await?);
    audit::check(&configuration)?;
    let router = router(&configuration, context, Arc::<SqlStore>::clone(&store)).await?;
    server::logs();
    let server = Server::bind(&listening).await?;
    note(&format!("serving SCIM at {}", server.url()?));
    let writing = tokio::spawn(keep_audit(Arc::clone(&configuration), Arc::clone(&store)));
    server.run(router, ending::ended()).await;
    writing.abort();
    audit::export(&configuration, store.as_ref()).await?;
    Ok(DONE)
}

/// Adds to the file of the audit log what the store has of it, now and then. What cannot be written now is written later.
async fn keep_audit(configuration: Arc<Configuration>, store: Arc<SqlStore>) {
    loop {
        tokio::time::sleep(AUDIT).await;
        if let Err(failure) = audit::export(&configuration, store.as_ref()).await {
            tracing::warn!("{failure}");
        }
    }
}

/// The gateway over the instances that the command line names.
pub(crate) async fn router(
    configuration: &Arc<Configuration>,
    context: &Context,
    store: Arc<dyn Store>,
) -> Result<Router, Failure> {
    let serve = &configuration.config.serve;
    let limits = Limits::default()
        .body(usize::try_from(serve.max_body).unwrap_or(usize::MAX))
        .concurrency(usize::try_from(serve.max_requests.min(100_000)).unwrap_or(256))
        .deadline(Duration::from_secs(serve.deadline));
    let mut builder = Gateway::builder(store).limits(limits).over_tls(serve.tls.is_some()).trust_forwarded(serve.trust_forwarded);
    if let Some(url) = &serve.public_url {
        builder = builder.public_url(url);
    }
    let mut names = Vec::new();
    for instance in session::instances(configuration, context)? {
        let (config, rules, _, directory) = instance.connect().await;
        let directory: Arc<dyn Directory> = directory.map_err(Failure::failed)?.into();
        let settings = settings(configuration, &config).protect(rules.own_accounts);
        let settings = without_unknown(&config.name, settings);
        names.push(config.name.clone());
        builder = builder.instance(config.name, directory, settings);
    }
    if let Some(root) = &serve.root {
        if !names.contains(root) {
            return Err(Failure::configuration(format!("`root` of `[serve]` is `{root}`, which is not served")));
        }
        builder = builder.root(root);
    }
    Ok(builder.build().map_err(Failure::failed)?.router())
}

/// The rules of the instance as the gateway has them.
fn settings(configuration: &Arc<Configuration>, config: &InstanceConfig) -> InstanceSettings {
    let told = Arc::clone(configuration);
    let name = config.name.clone();
    let mut settings = InstanceSettings::default()
        .adopt(match config.adopt {
            Adopt::Matching => settings::Adopt::Matching,
            Adopt::WhenAsked => settings::Adopt::Nothing,
        })
        .on_delete(match config.scim.on_delete {
            ScimDelete::Deactivate => OnDelete::Deactivate,
            ScimDelete::Delete => OnDelete::Delete,
        })
        .protect(config.protect.iter().cloned())
        .unlock(config.unlock)
        .required(config.scim.required.iter().copied())
        .map(config.scim.map.as_ref().unwrap_or(&config.map).clone())
        .notify(move |words| {
            let (told, summary) = (Arc::clone(&told), json!({ "instance": name, "stopped": words }));
            // The command may take its time; requests do not wait for it.
            std::thread::spawn(move || notify::notify(&told, &summary));
        });
    if let Some(limit) = config.scim.max_deactivations_per_hour {
        settings = settings.max_deactivations_per_hour(Some(limit));
    }
    if let Some(administrator) = config.administrator.clone().filter(|_| !config.administrators) {
        settings = settings.administrator(administrator);
    }
    settings
}

/// Leaves out mappings that look at columns which identity providers do not send; what they send is then taken as it is.
fn without_unknown(name: &str, mut settings: InstanceSettings) -> InstanceSettings {
    for (attribute, column) in settings.unknown_columns() {
        if settings.map.remove(&attribute).is_some() {
            note(&format!(
                "instance `{name}`: `{attribute}` is taken as identity providers send it, since its mapping looks at `{column}`, \
                 which they do not send; `[instances.{name}.scim.map]` has mappings for them alone"
            ));
        }
    }
    settings
}
