//! `find`: users by what they are called, and whether there can be others.

use clap::Args;
use serde_json::{Value as Json, json};

use crate::commands::list::{heads, row};
use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, note, say, say_json};
use crate::{query, session, table};

/// Finds users by identifier, user name, email address or external identifier, inactive ones included.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users find user_name=kim.lee\n  vendor-users find email=kim.lee@example.com -i claims\n\n\
                        Exit codes: 0 somebody was found, 1 nobody was, or an instance could not be asked."
)]
pub(crate) struct Arguments {
    /// Key and value: `id`, `external_id`, `user_name` or `email`.
    key: String,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let (key, value) = query::key(&arguments.key)?;
    let configuration = Configuration::read(context)?;
    let (mut rows, mut json, mut failed) = (vec![heads()], Vec::new(), false);
    for instance in session::instances(&configuration, context)? {
        let name = instance.config.name.clone();
        let (_, _, _, directory) = instance.connect().await;
        let found = match &directory {
            Ok(directory) => directory.find(key.by(value)).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match found {
            Ok(found) => {
                if !found.is_complete() {
                    note(&format!("{name}: no page says whether case counts in the vendor's search; there can be others"));
                }
                rows.extend(found.users.iter().map(|user| row(&name, &**user)));
                json.extend(found.users.iter().map(|user| json!({ "instance": name, "user": user.to_json() })));
            }
            Err(error) => {
                note(&format!("error: {name}: {error}"));
                failed = true;
            }
        }
    }
    let nobody = rows.len() == 1;
    match context.format {
        Format::Text if nobody => note("nobody was found"),
        Format::Text => say(&table::render(&rows)),
        Format::Json => say_json(&Json::Array(json)),
    }
    Ok(if failed || nobody { FAILED } else { DONE })
}
