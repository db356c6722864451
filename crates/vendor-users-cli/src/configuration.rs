//! The configuration from its file, checked as far as that goes without a vendor.

use std::path::{Path, PathBuf};

use provisioning::config::{Config, InstanceConfig};

use crate::context::Context;
use crate::failure::Failure;

/// A configuration, and where it stands.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) file: PathBuf,
    pub(crate) config: Config,
}

impl Configuration {
    /// Reads the configuration that the command line names.
    pub(crate) fn read(context: &Context) -> Result<Self, Failure> {
        let file = context.config.clone();
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| {
            Failure::configuration(format!(
                "{name} cannot be read: {error}; `vendor-users init` writes one, `--config` names another"
            ))
        })?;
        let config = Config::parse(&name, &text);
        let config = config.map_err(|errors| Failure::Configuration(errors.iter().map(ToString::to_string).collect()))?;
        Ok(Self { file, config })
    }

    /// The folder that relative paths in the configuration start from.
    pub(crate) fn folder(&self) -> &Path {
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }

    /// The instances that the command line names, or all.
    pub(crate) fn chosen(&self, context: &Context) -> Result<Vec<&InstanceConfig>, Failure> {
        let all = &self.config.instances;
        if context.instances.is_empty() {
            return Ok(all.values().collect());
        }
        let find = |name: &String| {
            all.get(name).ok_or_else(|| {
                let known: Vec<&str> = all.keys().map(String::as_str).collect();
                Failure::usage(format!("no instance is called `{name}`; {} has {}", self.file.display(), known.join(", ")))
            })
        };
        context.instances.iter().map(find).collect()
    }

    /// An error about an instance, at the place where its vendor is named.
    pub(crate) fn at(&self, instance: &InstanceConfig, words: &str) -> String {
        let (file, place) = (self.file.display(), instance.place);
        format!("{file}:{}:{}: instance `{}`: {words}", place.line, place.column, instance.name)
    }
}
