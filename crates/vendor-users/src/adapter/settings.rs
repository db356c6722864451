//! What the settings of every vendor have in common: the instance's name, and what its capabilities are allowed beyond the
//! documents. Knows no vendor.

#![allow(dead_code, unused_macros, unused_imports, reason = "which vendors there are depends on the features")]

use crate::attribute::Attribute;
use crate::capabilities::{Capabilities, Documented};

/// The part of a vendor's settings that is the same everywhere.
#[derive(Clone, Debug, Default)]
pub(super) struct InstanceSettings {
    pub(super) name: Option<String>,
    pub(super) accept_weak: Vec<String>,
    pub(super) write_explicitly: Vec<Attribute>,
    pub(super) words: Vec<(Attribute, Option<String>, Option<String>)>,
}

impl InstanceSettings {
    /// The capabilities of the instance at this address.
    pub(super) fn capabilities(self, documented: &'static Documented, base_url: &str) -> Capabilities {
        let mut instance = documented.instance().at(base_url);
        if let Some(name) = self.name {
            instance = instance.named(name);
        }
        let builder = documented.capabilities(instance).accept_weak(self.accept_weak);
        let builder = builder.write_explicitly(self.write_explicitly);
        let words = self.words.into_iter();
        words.fold(builder, |builder, (attribute, yes, no)| builder.words(attribute, yes, no)).build()
    }
}

/// The setters of the common part, for a `Settings` whose field `instance` it is.
macro_rules! instance_settings {
    () => {
        crate::adapter::settings::instance_settings!(|capabilities| capabilities);
    };
    ($offered:expr) => {
        /// Returns what the instance can do, which is known before it is connected.
        #[must_use]
        pub fn capabilities(&self) -> crate::capabilities::Capabilities {
            let documented = self.instance.clone().capabilities(&DOCUMENTED, &self.base_url);
            #[allow(clippy::redundant_closure_call, reason = "most vendors offer what the documents have")]
            let offered: crate::capabilities::CapabilitiesBuilder = ($offered)(documented.to_builder());
            offered.build()
        }

        /// Sets the name of this instance, which errors, spans and plans carry.
        pub fn named(mut self, name: impl Into<String>) -> Self {
            self.instance.name = Some(name.into());
            self
        }

        /// Uses what rests on weak evidence, by the names of verbs or operations.
        pub fn accept_weak<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
            self.instance.accept_weak.extend(names.into_iter().map(Into::into));
            self
        }

        /// Writes these attributes although they do more at this vendor than their name says.
        pub fn write_explicitly(mut self, attributes: impl IntoIterator<Item = crate::attribute::Attribute>) -> Self {
            self.instance.write_explicitly.extend(attributes);
            self
        }
    };
}
pub(super) use instance_settings;
