//! `token`: bearer tokens for the SCIM gateway, made once and kept as hashes.

use clap::{Args, Subcommand, ValueEnum};
use provisioning::jiff::{SignedDuration, Timestamp};
use scim_gateway::token::{self, Scope, TokenInfo};
use serde_json::{Value as Json, json};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::output::{Format, say, say_json};
use crate::{session, table};

/// Makes, lists and revokes the bearer tokens of the SCIM gateway.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vendor-users token make okta --instance claims > okta.token
  vendor-users token list
  vendor-users token revoke 7d0c4e0c1b2a49d8a0b95be1f0f0c3aa")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token for the instances that `--instance` names, and prints it: this once, since only its hash is kept.
    Make {
        /// Who will use it, such as okta. External identifiers belong to this name: keep it when a token is replaced.
        client: String,
        /// What it allows.
        #[arg(long, value_enum, default_value_t)]
        scope: Allowed,
        /// Days after which it ends.
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
    },
    /// Lists the tokens that have neither ended nor been revoked. What they are nobody can list.
    List,
    /// Revokes a token, from now on and everywhere.
    Revoke {
        /// What stands before the point in the token.
        id: String,
    },
}

/// What a token allows.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Allowed {
    /// Reading.
    Read,
    /// Reading and writing.
    #[default]
    Write,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let store = session::store(&configuration).await?;
    match &arguments.what {
        What::Make { client, scope, days } => {
            if context.instances.is_empty() {
                return Err(Failure::usage("`--instance` says where the token may be used; it may be given several times"));
            }
            let chosen = configuration.chosen(context)?;
            let names: Vec<&str> = chosen.iter().map(|instance| instance.name.as_str()).collect();
            let scope = match scope {
                Allowed::Read => Scope::Read,
                Allowed::Write => Scope::Write,
            };
            let expires = days.map(|days| Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days)));
            let token = token::make(&store, client, &names, scope, expires).await.map_err(Failure::failed)?;
            match context.format {
                Format::Text => say(&format!("{}\n", token.expose())),
                Format::Json => say_json(&json!({ "token": token.expose() })),
            }
        }
        What::List => {
            let tokens = token::list(&store).await.map_err(Failure::failed)?;
            match context.format {
                Format::Text => say(&table::render(&rows(&tokens))),
                Format::Json => say_json(&tokens.iter().map(told).collect()),
            }
        }
        What::Revoke { id } => {
            // Whoever pastes the whole token means its identifier.
            let id = id.split('.').next().unwrap_or_default();
            if !token::revoke(&store, id).await.map_err(Failure::failed)? {
                return Err(Failure::failed(format!("there is no token `{id}`; `vendor-users token list` has them")));
            }
            say(&format!("{id} is revoked\n"));
        }
    }
    Ok(DONE)
}

fn rows(tokens: &[TokenInfo]) -> Vec<Vec<String>> {
    let head = ["token", "client", "instances", "scope", "made", "ends"].map(str::to_owned).to_vec();
    let time = |time: Option<Timestamp>| time.map_or_else(|| "never".to_owned(), |time| time.to_string());
    let row = |token: &TokenInfo| {
        let instances = token.instances.join(", ");
        let made = token.created.map(|time| time.to_string()).unwrap_or_default();
        vec![token.id.clone(), token.client.clone(), instances, token.scope.name().to_owned(), made, time(token.expires)]
    };
    std::iter::once(head).chain(tokens.iter().map(row)).collect()
}

fn told(token: &TokenInfo) -> Json {
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    json!({
        "token": token.id, "client": token.client, "instances": token.instances, "scope": token.scope.name(),
        "made": time(token.created), "ends": time(token.expires),
    })
}
