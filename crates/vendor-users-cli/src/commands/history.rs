//! `history`: what was done for a person, from the audit log.

use clap::Args;
use provisioning::Store as _;
use provisioning::store::{AuditEntry, HistoryFilter};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::output::{Format, note, say, say_json};
use crate::{session, table};

/// Shows what was done for a person, and for whom it was done.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The key of the person.
    #[arg(required_unless_present = "account")]
    key: Option<String>,
    /// Or an account, by the vendor's identifier.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// At most so many of the latest entries.
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let chosen: Vec<String> = configuration.chosen(context)?.iter().map(|config| config.name.clone()).collect();
    let store = session::store(&configuration).await?;
    let filter = HistoryFilter {
        person: arguments.key.clone(),
        account: arguments.account.clone(),
        limit: Some(arguments.limit),
        ..HistoryFilter::default()
    };
    let mut entries = store.history(&filter).await.map_err(Failure::failed)?;
    entries.retain(|entry| chosen.contains(&entry.instance));
    match context.format {
        Format::Json => say_json(&serde_json::to_value(&entries).map_err(Failure::failed)?),
        Format::Text if entries.is_empty() => note("nothing was done"),
        Format::Text => {
            let heads = ["when", "instance", "action", "outcome", "by", "what"].map(str::to_owned).to_vec();
            let rows: Vec<Vec<String>> = std::iter::once(heads).chain(entries.iter().map(row)).collect();
            say(&table::render(&rows));
        }
    }
    Ok(DONE)
}

fn row(entry: &AuditEntry) -> Vec<String> {
    let shown = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), |text| format!("\"{text}\""));
    let changes = entry.changes.as_object().into_iter().flatten().map(|(name, pair)| match (pair.get(0), pair.get(1)) {
        (Some(old), Some(new)) if !old.is_null() => format!("{name} {} → {}", shown(old), shown(new)),
        (_, Some(new)) => format!("{name} {}", shown(new)),
        _ => name.clone(),
    });
    let mut what = changes.collect::<Vec<_>>().join(", ");
    if let Some(error) = &entry.error {
        what = if what.is_empty() { error.clone() } else { format!("{what}: {error}") };
    }
    let (instance, action) = (entry.instance.clone(), entry.action.clone());
    vec![entry.at.to_string(), instance, action, entry.outcome.clone(), table::line(&entry.actor), table::line(&what)]
}
