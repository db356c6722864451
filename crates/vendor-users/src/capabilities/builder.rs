//! Capabilities, one after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::words::Words;
use super::{AttributeConstraints, Capabilities};
use crate::attribute::Attribute;
use crate::capability::{Capability, Verb};
use crate::choice::FirstCredential;

/// Builds [`Capabilities`]; what a later version adds has a default here.
#[derive(Clone, Debug)]
#[must_use]
pub struct CapabilitiesBuilder {
    pub(super) capabilities: Capabilities,
}

impl CapabilitiesBuilder {
    /// Sets how a verb is done; without it, the verb is unsupported.
    pub fn verb(mut self, verb: Verb, capability: Capability) -> Self {
        self.capabilities.verbs.insert(verb, capability);
        self
    }

    /// Sets how users that are created can get a first credential; without it, they cannot.
    pub fn credential(mut self, credential: FirstCredential, capability: Capability) -> Self {
        self.capabilities.credentials.insert(credential, capability);
        self
    }

    /// Sets whether the vendor has one word for users who are switched off by an administrator and users who are locked out.
    pub fn active_is_ambiguous(mut self, ambiguous: bool) -> Self {
        self.capabilities.active_is_ambiguous = ambiguous;
        self
    }

    /// Sets whether lists and searches show every attribute of a user that a read shows; without it, they do.
    pub fn lists_whole_records(mut self, whole: bool) -> Self {
        self.capabilities.lists_whole_records = whole;
        self
    }

    /// Adds something that no page says of the whole directory, to stand after "no page says".
    pub fn unsaid(mut self, unsaid: impl Into<Cow<'static, str>>) -> Self {
        self.capabilities.unsaid.push(unsaid.into());
        self
    }

    /// Sets the name of the schema that the verbs carry.
    pub fn schema(mut self, schema: impl Into<Cow<'static, str>>) -> Self {
        self.capabilities.schema = schema.into();
        self
    }

    /// Sets the property that carries an attribute.
    pub fn carries(mut self, attribute: Attribute, property: impl Into<Cow<'static, str>>) -> Self {
        self.capabilities.carries.insert(attribute, property.into());
        self
    }

    /// Adds an attribute that does more than its name says, and what writing it does.
    pub fn explicit(mut self, attribute: Attribute, effect: impl Into<Cow<'static, str>>) -> Self {
        self.capabilities.explicit.insert(attribute, effect.into());
        self
    }

    /// Sets what the values of an attribute have to keep to.
    pub fn constraints(mut self, attribute: Attribute, constraints: AttributeConstraints) -> Self {
        self.capabilities.constraints.insert(attribute, constraints);
        self
    }

    /// Adds an attribute that is read and never written, and why.
    pub fn never_written(mut self, attribute: Attribute, reason: impl Into<Cow<'static, str>>) -> Self {
        self.capabilities.never_written.insert(attribute, reason.into());
        self
    }

    /// Adds a flag that the vendor keeps as one of two words which no page says; until [`words`](Self::words) gives them, it is
    /// neither read nor written.
    pub fn worded_by_settings(mut self, attribute: Attribute) -> Self {
        self.capabilities.words.entry(attribute).or_default();
        self
    }

    /// Sets the vendor's words for a flag. Without a word for false, the flag is read as true or not at all, and is never
    /// written as false.
    pub fn words(mut self, attribute: Attribute, yes: Option<String>, no: Option<String>) -> Self {
        self.capabilities.words.insert(attribute, Words { yes, no });
        self
    }

    /// Lets these attributes be written although they do more at this vendor than their name says.
    pub fn write_explicitly(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        self.capabilities.written_explicitly.extend(attributes);
        self
    }

    /// Accepts what rests on weak evidence, by the names of verbs or operations.
    pub fn accept_weak<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.capabilities.accepted.extend(names.into_iter().map(Into::into));
        self
    }

    /// Returns the capabilities. Where nothing else is said of them, `ensure`, `deactivate` and `activate` follow from the
    /// other verbs.
    #[must_use]
    pub fn build(mut self) -> Capabilities {
        self.capabilities.intents = BTreeMap::from(self.capabilities.of_intents());
        self.capabilities
    }
}
