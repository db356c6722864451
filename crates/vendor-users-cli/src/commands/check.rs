//! `check`: the configuration, the way to each instance, its login, and what the login may do, told apart.

use clap::Args;
use serde_json::{Value as Json, json};
use vendor_users::client_core::{self, NotSentCause};
use vendor_users::query::ListQuery;
use vendor_users::{Directory, Error, ErrorKind, Problem, Verb};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, say, say_json};
use crate::{session, table};

/// Checks the configuration and signs in to each instance: network, TLS, credentials and permission are told apart.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

pub(crate) async fn run(context: &Context, _: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let instances = session::instances(&configuration, context)?;
    session::store(&configuration).await?;
    let (mut rows, mut json) = (vec![["instance", "check", "what"].map(str::to_owned).to_vec()], Vec::new());
    let mut code = DONE;
    for instance in instances {
        let name = instance.config.name.clone();
        let (_, _, _, directory) = instance.connect().await;
        let result = match directory {
            Ok(directory) => read(&*directory).await,
            Err(error) => Err(error),
        };
        let (check, words) = match &result {
            Ok(words) => ("good", words.clone()),
            Err(error) => (wrong(error), error.to_string()),
        };
        if result.is_err() {
            code = FAILED;
        }
        json.push(json!({ "instance": name, "check": check, "words": words }));
        rows.push(vec![name, check.to_owned(), table::line(&words)]);
    }
    match context.format {
        Format::Text => say(&table::render(&rows)),
        Format::Json => say_json(&Json::Array(json)),
    }
    Ok(code)
}

/// Reads a little, which shows what a login alone does not: that it may.
async fn read(directory: &dyn Directory) -> Result<String, Error> {
    let capabilities = directory.capabilities();
    if capabilities.supports(Verb::List) {
        directory.list_page(&ListQuery::new().page_size(1)).await?;
        return Ok("signed in, and may list users".to_owned());
    }
    if capabilities.supports(Verb::Get) {
        return match directory.get("1").await {
            Ok(_) => Ok("signed in, and may read users".to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok("signed in, and may read users".to_owned()),
            Err(error) => Err(error),
        };
    }
    Ok("signed in; no page says how to read users, so that nothing shows whether it may change them".to_owned())
}

/// What kind of trouble it is.
fn wrong(error: &Error) -> &'static str {
    if let Problem::Call { error: client_core::Error::NotSent(not_sent), .. } = error.problem() {
        match &not_sent.cause {
            NotSentCause::Tls(_) => return "TLS",
            NotSentCause::Connect(_) => return "network",
            NotSentCause::MissingCredentials { .. } => return "credentials",
            _ => {}
        }
    }
    match (error.kind(), error.status()) {
        (ErrorKind::NotPermitted, Some(403)) => "permission",
        (ErrorKind::NotPermitted, _) => "credentials",
        (ErrorKind::Misconfigured, _) => "settings",
        (ErrorKind::RateLimited, _) => "rate limit",
        (ErrorKind::Unavailable, Some(_)) => "vendor",
        (ErrorKind::Unavailable, None) => "network",
        (ErrorKind::MalformedResponse, _) => "response",
        _ => "vendor",
    }
}
