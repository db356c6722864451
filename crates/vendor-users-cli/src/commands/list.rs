//! `list`: the users of instances.

use clap::Args;
use serde_json::{Value as Json, json};
use vendor_users::{Attribute, User};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, note, say, say_json};
use crate::{query, session, table};

/// Lists users, inactive ones included.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users list\n  vendor-users list -i claims --where title=Clerk --where active=true\n  \
                        vendor-users list --where email^=kim"
)]
pub(crate) struct Arguments {
    /// A condition: `title=Clerk` equals, `email^=kim` starts with, `display_name~=lee` contains; all of them hold.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
}

pub(crate) const SHOWN: [Attribute; 5] =
    [Attribute::Id, Attribute::UserName, Attribute::Email, Attribute::DisplayName, Attribute::Active];

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let query = query::conditions(&arguments.conditions)?;
    let mut code = DONE;
    let mut rows = vec![heads()];
    let mut json = Vec::new();
    for instance in session::instances(&configuration, context)? {
        let name = instance.config.name.clone();
        let (_, _, _, directory) = instance.connect().await;
        let listed = match &directory {
            Ok(directory) => query::all(&**directory, |user| query.matches(user)).await,
            Err(error) => Err(error.to_string()),
        };
        match listed {
            Ok(users) => {
                rows.extend(users.iter().map(|user| row(&name, &**user)));
                json.extend(users.iter().map(|user| json!({ "instance": name, "user": user.to_json() })));
            }
            Err(error) => {
                note(&format!("error: {name}: {error}"));
                code = FAILED;
            }
        }
    }
    match context.format {
        Format::Text => say(&table::render(&rows)),
        Format::Json => say_json(&Json::Array(json)),
    }
    Ok(code)
}

pub(crate) fn heads() -> Vec<String> {
    std::iter::once("instance").chain(SHOWN.iter().map(|attribute| attribute.name())).map(str::to_owned).collect()
}

pub(crate) fn row(instance: &str, user: &dyn User) -> Vec<String> {
    let cell = |attribute: &Attribute| {
        let value = user.attribute(*attribute).map(|value| table::line(&value.to_string()));
        value.filter(|value| !value.is_empty()).unwrap_or_else(|| "-".to_owned())
    };
    std::iter::once(instance.to_owned()).chain(SHOWN.iter().map(cell)).collect()
}
