//! `explain`: why a person gets what the plan says.

use std::path::PathBuf;

use clap::Args;
use provisioning::jiff::Timestamp;
use provisioning::people::Person;
use provisioning::planner::{Step, Wishes};
use provisioning::snapshot::{Asked, Snapshot};
use serde_json::{Value as Json, json};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, say, say_json};
use crate::work::{self, Opened, Source};
use crate::{session, table};

/// Explains what becomes of one person: the row, the mapping, the match, the account, the plan.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vendor-users explain people.csv 4711")]
pub(crate) struct Arguments {
    /// The file of people, as CSV.
    #[arg(value_name = "PEOPLE")]
    people: PathBuf,
    /// The key of the person.
    key: String,
    #[command(flatten)]
    wanted: Asking,
}

/// What the plan is asked for.
#[derive(Debug, Args)]
struct Asking {
    /// As if `--adopt` were given.
    #[arg(long)]
    adopt: bool,
    /// As if `--delete` were given.
    #[arg(long)]
    delete: bool,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let instances = session::instances(&configuration, context)?;
    let source = Source::open(&arguments.people)?;
    work::check_columns(&source, &configuration, &instances)?;
    let store = session::store(&configuration).await?;
    let now = Timestamp::now();
    let rows = source
        .people(&configuration, now)
        .map_err(|error| Failure::Stopped(format!("{}: {error}", arguments.people.display())))?;
    let columns: Vec<String> = rows.columns().iter().map(ToString::to_string).collect();
    let row = rows.into_iter().find(|row| match row {
        Ok(person) => person.key == arguments.key,
        Err(error) => error.key.as_ref() == Some(&arguments.key),
    });
    let (person, unreadable) = match row.transpose() {
        Ok(person) => (person, None),
        Err(error) => (None, Some(error.to_string())),
    };
    let (mut code, mut json) = (DONE, Vec::new());
    if context.format == Format::Text {
        match &unreadable {
            Some(error) => say(&format!("the row cannot be read: {}\n", table::line(error))),
            None => say(&self::row(person.as_ref(), &columns, &arguments.key)),
        }
    }
    for opened in futures_util::future::join_all(instances.into_iter().map(work::open)).await {
        match explained(&opened, &store, &source, &configuration, arguments, now).await {
            Ok(told) if context.format == Format::Text => say(&format!("\n{}\n{}", opened.title, told.text())),
            Ok(told) => json.push(told.json(&opened.config.name)),
            Err(error) => {
                code = FAILED;
                match context.format {
                    Format::Text => say(&format!("\n{}\n  failed: {}\n", opened.title, table::line(&error))),
                    Format::Json => json.push(json!({ "instance": opened.config.name, "error": error })),
                }
            }
        }
    }
    if context.format == Format::Json {
        let cells = person.map(|person| {
            columns.iter().map(|name| (name.clone(), json!(person.cells.get(name)))).collect::<serde_json::Map<_, _>>()
        });
        say_json(&json!({ "key": arguments.key, "row": cells, "unreadable": unreadable, "instances": json }));
    }
    Ok(code)
}

fn row(person: Option<&Person>, columns: &[String], key: &str) -> String {
    let Some(person) = person else { return format!("the file has no row with the key `{key}`\n") };
    let cells = columns.iter().map(|name| vec![format!("  {name}"), table::line(person.cells.get(name).unwrap_or_default())]);
    format!("line {} of the file\n{}", person.line, table::render(&cells.collect::<Vec<_>>()))
}

/// What was found out.
struct Told {
    wish: Vec<(String, String)>,
    in_scope: Option<bool>,
    link: Option<String>,
    account: Vec<(String, String)>,
    steps: Vec<Step>,
    stop: Option<String>,
}

async fn explained(
    opened: &Opened,
    store: &dyn provisioning::Store,
    source: &Source,
    configuration: &Configuration,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Told, String> {
    let directory = opened.directory.as_ref().map_err(Clone::clone)?.as_ref();
    let rules = &opened.rules;
    let people = source.people(configuration, now).map_err(|error| error.to_string())?;
    let wishes = Wishes::read(people, rules);
    let mut snapshot = Snapshot::read(directory, store, rules, &wishes, now).await.map_err(|error| error.to_string())?;
    let asked = Asked {
        complete: configuration.config.people.complete,
        adopt: arguments.wanted.adopt,
        delete: arguments.wanted.delete,
        only: Some(&arguments.key),
    };
    let plan = snapshot.plan(directory, rules, &wishes, asked, &opened.tenant).await.map_err(|error| error.to_string())?;
    let wish = wishes.people.iter().find(|wish| wish.key == arguments.key);
    let mut mapped: Vec<(String, String)> = Vec::new();
    for (attribute, value) in wish.iter().flat_map(|wish| &wish.values) {
        let expression = rules.config.map.get(attribute).map(|mapping| mapping.expression.text()).unwrap_or_default();
        let value = value.value.as_ref().map_or_else(|| "cleared".to_owned(), |value| format!("\"{value}\""));
        mapped.push((attribute.name().to_owned(), format!("{value}, from `{expression}`")));
    }
    if let Some(active) = wish.and_then(|wish| wish.active) {
        let expression = rules.config.active.as_ref().map(|active| active.text()).unwrap_or_default();
        mapped.push(("active".to_owned(), format!("{active}, from `{expression}`")));
    }
    let link = snapshot.links.iter().find(|link| link.key.as_deref() == Some(&arguments.key));
    let id = link.and_then(|link| link.account.as_ref()).or_else(|| plan.steps.iter().find_map(|step| step.account.as_ref()));
    let account = snapshot.accounts.iter().find(|account| Some(&account.id) == id);
    let account =
        account.iter().flat_map(|account| &account.values).map(|(name, value)| (name.name().to_owned(), value.to_string()));
    Ok(Told {
        wish: mapped,
        in_scope: wish.map(|wish| wish.in_scope),
        link: link.map(|link| {
            let disabled = link.disabled.map(|since| format!(", disabled by us since {since}")).unwrap_or_default();
            format!("linked to account `{}` since {}{disabled}", link.account.as_deref().unwrap_or("?"), link.created)
        }),
        account: account.collect(),
        steps: plan.steps,
        stop: plan.stop.map(|stop| stop.to_string()),
    })
}

impl Told {
    fn text(&self) -> String {
        let rows = |pairs: &[(String, String)]| {
            table::render(&pairs.iter().map(|(name, value)| vec![format!("    {name}"), table::line(value)]).collect::<Vec<_>>())
        };
        let mut text = String::new();
        if self.in_scope == Some(false) {
            text += "  out of scope: `include` does not hold\n";
        }
        if !self.wish.is_empty() {
            text += &format!("  the mapping gives\n{}", rows(&self.wish));
        }
        text += &format!("  {}\n", self.link.as_deref().unwrap_or("linked to no account"));
        if !self.account.is_empty() {
            text += &format!("  the account has\n{}", rows(&self.account));
        }
        if let Some(stop) = &self.stop {
            text += &format!("  the instance is stopped: {stop}\n");
        }
        for step in &self.steps {
            let names: Vec<&str> = step.changes.iter().map(|change| change.attribute.name()).collect();
            let changes = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
            text += &format!("  so the plan is: {}{changes}: {}\n", step.action, table::line(&step.why));
        }
        if self.steps.is_empty() {
            text += "  so the plan has nothing for this person\n";
        }
        text
    }

    fn json(&self, instance: &str) -> Json {
        let object =
            |pairs: &[(String, String)]| Json::Object(pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect());
        json!({
            "instance": instance,
            "mapped": object(&self.wish),
            "in_scope": self.in_scope,
            "link": self.link,
            "account": object(&self.account),
            "stopped": self.stop,
            "steps": self.steps,
        })
    }
}
