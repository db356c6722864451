//! `get`: one user, by the vendor's identifier.

use clap::Args;
use serde_json::{Value as Json, json};
use vendor_users::{Attribute, ErrorKind, User};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, note, say, say_json};
use crate::{session, table};

/// Shows the user with this identifier, at every instance that has one.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What the vendor calls the user.
    id: String,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let (mut code, mut found) = (DONE, Vec::new());
    for instance in session::instances(&configuration, context)? {
        let name = instance.config.name.clone();
        let (_, _, _, directory) = instance.connect().await;
        let user = match &directory {
            Ok(directory) => directory.get(&arguments.id).await,
            Err(error) => {
                note(&format!("error: {name}: {error}"));
                code = FAILED;
                continue;
            }
        };
        match user {
            Ok(user) => found.push((name, user)),
            Err(error) => {
                note(&format!("{name}: {error}"));
                // That another instance has no such user is no failure.
                if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Unsupported) {
                    code = FAILED;
                }
            }
        }
    }
    match context.format {
        Format::Text => found.iter().for_each(|(name, user)| say(&text(name, &**user))),
        Format::Json => {
            say_json(&Json::Array(
                found.iter().map(|(name, user)| json!({ "instance": name, "user": user.to_json() })).collect(),
            ));
        }
    }
    Ok(if found.is_empty() { FAILED } else { code })
}

fn text(instance: &str, user: &dyn User) -> String {
    let values = Attribute::ALL.iter().filter_map(|attribute| {
        let value = user.attribute(*attribute)?;
        Some(vec![format!("  {attribute}"), table::line(&value.to_string())])
    });
    let rows: Vec<Vec<String>> = values.collect();
    format!("{instance}\n{}", table::render(&rows))
}
