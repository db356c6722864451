//! An instance of the configuration, ready to be connected; and the store.

use std::collections::BTreeMap;
use std::fmt;

use provisioning::config::{InstanceConfig, SecretSource, StoreConfig};
use provisioning::mapping::Expression;
use provisioning::planner::Rules;
use provisioning::store::SqlStore;
use vendor_users::client_core::BoxFuture;
use vendor_users::{Attribute, Capabilities, Directory, Error};

use crate::configuration::Configuration;
use crate::connect::{Given, Vendor};
use crate::context::Context;
use crate::failure::Failure;
use crate::latest;
use crate::secrets;

/// An instance whose settings are checked.
pub(crate) struct Instance {
    pub(crate) config: InstanceConfig,
    pub(crate) rules: Rules,
    pub(crate) capabilities: Capabilities,
    /// What tells this tenant from others, without a secret.
    pub(crate) tenant: String,
    connect: BoxFuture<'static, Result<Box<dyn Directory>, Error>>,
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Instance {
    /// The instance as people call it, such as `claims (VBA Software)`.
    pub(crate) fn title(&self) -> String {
        format!("{} ({})", self.config.name, self.capabilities.instance().title())
    }

    /// Signs in.
    pub(crate) async fn connect(self) -> (InstanceConfig, Rules, String, Result<Box<dyn Directory>, Error>) {
        let directory = self.connect.await;
        (self.config, self.rules, self.tenant, directory)
    }

    /// Attributes that are mapped and that the vendor has no place for, or that are not written unless that is asked for.
    pub(crate) fn ignored(&self) -> Vec<Attribute> {
        let mapped = self.config.map.keys().copied();
        mapped.filter(|attribute| !self.rules.carried.contains(attribute)).collect()
    }
}

/// Prepares the instances that the command line names, or says all that is wrong with them. Nothing is sent.
pub(crate) fn instances(configuration: &Configuration, context: &Context) -> Result<Vec<Instance>, Failure> {
    let (mut instances, mut errors) = (Vec::new(), Vec::new());
    for config in configuration.chosen(context)? {
        match prepare(configuration, config) {
            Ok(instance) => instances.push(instance),
            Err(wrong) => errors.extend(wrong.iter().map(|words| configuration.at(config, words))),
        }
    }
    if errors.is_empty() { Ok(instances) } else { Err(Failure::Configuration(errors)) }
}

fn prepare(configuration: &Configuration, config: &InstanceConfig) -> Result<Instance, Vec<String>> {
    let vendor = Vendor::named(&config.vendor).map_err(|words| vec![words])?;
    let config = &with_administrators(config, vendor).map_err(|words| vec![words])?;
    let settings = settings(configuration, config, vendor)?;
    let plain = |name: Option<&str>| name.and_then(|name| settings.get(name)).map(|value| value.expose().to_owned());
    let (signs_in, database) = (plain(vendor.signs_in), plain(vendor.tenant));
    let given = Given {
        instance: config.name.clone(),
        base_url: config.base_url.clone(),
        settings,
        defaults: config.defaults.clone(),
        accept_weak: config.accept_weak.clone(),
        write_explicitly: config.write_explicitly.clone(),
        paced: config.paced,
    };
    let ready = (vendor.prepare)(given).map_err(|words| vec![words])?;
    let mut rules = Rules::new(config, &ready.capabilities);
    rules.own_accounts.extend(signs_in);
    let wrong = mismatches(config, &ready.capabilities);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let address = config.base_url.as_deref().unwrap_or(vendor.name());
    let tenant = database.map_or_else(|| address.to_owned(), |database| format!("{address}, {database}"));
    Ok(Instance { config: config.clone(), rules, capabilities: ready.capabilities, tenant, connect: ready.connect })
}

/// The configuration with the vendor's own word for administrators, where it has none: they are never touched by default.
fn with_administrators(config: &InstanceConfig, vendor: &Vendor) -> Result<InstanceConfig, String> {
    let mut config = config.clone();
    if let (None, Some(text)) = (&config.administrator, vendor.administrator) {
        config.administrator = Some(Expression::compile(text, config.place)?);
    }
    Ok(config)
}

/// The vendor's settings from where they are, or all that is wrong with them.
fn settings(
    configuration: &Configuration,
    config: &InstanceConfig,
    vendor: &Vendor,
) -> Result<BTreeMap<String, vendor_users::client_core::Secret>, Vec<String>> {
    let (mut settings, mut wrong) = (BTreeMap::new(), Vec::new());
    for (name, source) in &config.settings {
        let Some(setting) = vendor.settings.iter().find(|setting| setting.name == name) else {
            let known: Vec<&str> = vendor.settings.iter().map(|setting| setting.name).collect();
            wrong.push(format!("`{name}` is not a setting of {}; settings are {}", vendor.documented.title, known.join(", ")));
            continue;
        };
        if setting.is_secret && matches!(source, SecretSource::Plain(_)) {
            wrong.push(format!("`{name}` is a credential and does not stand in this file: use `{{ env = \"…\" }}`, `{{ file = \"…\" }}` or `{{ command = [\"…\"] }}`"));
            continue;
        }
        match secrets::fetch(source, configuration.folder()) {
            Ok(value) if !setting.words.is_empty() && !setting.words.contains(&value.expose()) => {
                let words: Vec<String> = setting.words.iter().map(|word| format!("\"{word}\"")).collect();
                wrong.push(format!("the setting `{name}` is {}", words.join(" or ")));
            }
            // As if it were not there.
            Ok(value) if setting.words.first() == Some(&value.expose()) => {}
            Ok(value) => drop(settings.insert(name.clone(), value)),
            Err(words) => wrong.push(format!("the setting `{name}`: {words}")),
        }
    }
    for setting in vendor.settings.iter().filter(|setting| setting.is_required && !config.settings.contains_key(setting.name)) {
        wrong.push(format!("the setting `{}` is missing: {}", setting.name, setting.about));
    }
    if let Some(example) = vendor.base_url.filter(|_| config.base_url.is_none()) {
        wrong.push(format!("`base_url` is missing, since this vendor has an address for each customer, such as \"{example}\""));
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// What the configuration asks for and the vendor does not have.
fn mismatches(config: &InstanceConfig, capabilities: &Capabilities) -> Vec<String> {
    let mut wrong = Vec::new();
    let credential = capabilities.credential(config.password);
    if !credential.is_supported() {
        wrong.push(format!("`password = \"{}\"` cannot be had of {}", config.password, capabilities.instance().title()));
    }
    if !config.map.is_empty() && !config.map.contains_key(&Attribute::UserName) {
        wrong.push("`map` gives no `user_name`, without which nobody is matched or created".to_owned());
    }
    wrong
}

/// Opens the store that the configuration names.
pub(crate) async fn store(configuration: &Configuration) -> Result<SqlStore, Failure> {
    let store = open(configuration).await?;
    latest::doubt(configuration, &store).await?;
    Ok(store)
}

async fn open(configuration: &Configuration) -> Result<SqlStore, Failure> {
    match &configuration.config.store {
        StoreConfig::Sqlite(path) => SqlStore::sqlite(&configuration.folder().join(path)).map_err(Failure::failed),
        StoreConfig::Postgres(source) => {
            let url = secrets::fetch(source, configuration.folder())
                .map_err(|words| Failure::configuration(format!("{}: `store`: {words}", configuration.file.display())))?;
            postgres(url.expose()).await
        }
    }
}

#[cfg(feature = "postgres")]
async fn postgres(url: &str) -> Result<SqlStore, Failure> {
    SqlStore::postgres(url, 2).await.map_err(Failure::failed)
}

#[cfg(not(feature = "postgres"))]
async fn postgres(_: &str) -> Result<SqlStore, Failure> {
    Err(Failure::configuration("this program was built without PostgreSQL, which the feature `postgres` brings"))
}
