//! `init`: a commented configuration for the vendors that are chosen.

use std::collections::BTreeSet;

use clap::Args;
use provisioning::config::{Config, Misplaced};

use crate::connect::{Setting, VENDORS, Vendor};
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::output::note;
use crate::{private, written};

/// Writes a commented configuration for the vendors that are named. Credentials come from environment variables.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users init VENDOR\n  vendor-users init claims=VENDOR payments=VENDOR\n\n`vendor-users \
                        vendors --all` names the vendors."
)]
pub(crate) struct Arguments {
    /// Vendors, each with a name for the instance before it where it is to have one of its own.
    #[arg(value_name = "[NAME=]VENDOR", required = true)]
    vendors: Vec<String>,
    /// The column with what never changes about a person.
    #[arg(long, default_value = "number")]
    key: String,
}

const HEAD: &str = include_str!("init/head.toml");

pub(crate) fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let path = &context.config;
    if path.exists() {
        return Err(Failure::usage(format!("{} is there already; `--config` names another", path.display())));
    }
    let key = &arguments.key;
    if key.is_empty() || key.contains(['"', '\\', '\'']) || key.chars().any(char::is_control) {
        return Err(Failure::usage(format!("`--key {}` is no name of a column", key.escape_debug())));
    }
    let mut text = HEAD.replace("KEY", key);
    let mut names = BTreeSet::new();
    for word in &arguments.vendors {
        let (name, vendor) = word.split_once('=').unwrap_or((word, word));
        let vendor = Vendor::named(vendor).map_err(Failure::usage)?;
        if name.is_empty() || !name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_') {
            return Err(Failure::usage(format!("`{name}` is no name of an instance, which has letters, digits, - and _ alone")));
        }
        if !names.insert(name) {
            return Err(Failure::usage(format!(
                "the instance `{name}` is there twice; give each a name, as in {name}-2={}",
                vendor.name()
            )));
        }
        text += &instance(vendor, name, &arguments.key);
    }
    let wrong = |errors: Vec<Misplaced>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    Config::parse(&path.display().to_string(), &text).map_err(|errors| Failure::failed(wrong(errors)))?;
    private::write(path, text.as_bytes()).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    let known = VENDORS.len();
    note(&format!(
        "{} is written ({} of {known} vendors); read it, then run `vendor-users check`",
        path.display(),
        arguments.vendors.len()
    ));
    Ok(DONE)
}

fn instance(vendor: &Vendor, name: &str, key: &str) -> String {
    let variable = |setting: &Setting| format!("{}_{}", name, setting.name).to_uppercase().replace('-', "_");
    let source = |setting: &Setting| match setting.words.last() {
        Some(word) => format!("\"{word}\""),
        None => format!("{{ env = \"{}\" }}", variable(setting)),
    };
    let settings: Vec<(&Setting, String)> = vendor.settings.iter().map(|setting| (setting, source(setting))).collect();
    written::instance(vendor, name, vendor.base_url, &settings, key, false)
}
