//! What the directory of one instance can do. Knows no vendor: the vendors' tables are [`Documented`], in `generated`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::attribute::Attribute;
use crate::capability::{Capability, Evidence, Means, Operation, Verb};
use crate::choice::FirstCredential;
use crate::instance::Instance;
use crate::user::User;
use crate::value_error::ValueError;

mod builder;
mod constraints;
mod intents;
mod words;

pub use builder::CapabilitiesBuilder;
pub use constraints::{AttributeConstraints, Clearing};
use words::Words;

/// What one vendor's specification says about its users, the same for all tenants.
#[derive(Debug)]
pub struct Documented {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// The vendor's name for people.
    pub title: &'static str,
    /// The schema of the specification that the verbs carry.
    pub schema: &'static str,
    /// How each verb is done.
    pub verbs: &'static [(Verb, Capability)],
    /// Which property of the schema carries which attribute.
    pub carries: &'static [(Attribute, &'static str)],
    /// Attributes that do more at this vendor than their name says, and what writing them does.
    pub explicit: &'static [(Attribute, &'static str)],
    /// Attributes that are read and never written, and why.
    pub never_written: &'static [(Attribute, &'static str)],
    /// Attributes of a new user that are made of others where nobody names them.
    pub composed: &'static [(Attribute, &'static [Attribute])],
    /// Flags that the vendor keeps as one of two words, which no page says and the settings of an instance do.
    pub worded_by_settings: &'static [Attribute],
    /// What no page says of the whole directory, such as which role the signed-in user needs.
    pub unsaid: &'static [&'static str],
    /// Whether lists and searches show all of a user that a read shows.
    pub lists_whole_records: bool,
    /// Why a user that reads as inactive may be locked out instead; `None` where the vendor tells them apart.
    pub active_is_ambiguous: Option<&'static str>,
    /// What the values of attributes have to keep to, where anything is demanded of them.
    pub constraints: &'static [(Attribute, AttributeConstraints)],
}

impl Documented {
    /// Returns the only tenant of this vendor.
    #[must_use]
    pub fn instance(&self) -> Instance {
        Instance::new(self.vendor, self.title)
    }

    /// Returns the capabilities of a tenant as a builder, since its settings may change them.
    pub fn capabilities(&'static self, instance: Instance) -> CapabilitiesBuilder {
        let mut builder = Capabilities::builder(instance).schema(self.schema);
        for (verb, capability) in self.verbs {
            builder = builder.verb(*verb, capability.clone());
        }
        for (attribute, property) in self.carries {
            builder = builder.carries(*attribute, *property);
        }
        for (attribute, effect) in self.explicit {
            builder = builder.explicit(*attribute, *effect);
        }
        for (attribute, constraints) in self.constraints {
            builder = builder.constraints(*attribute, *constraints);
        }
        for (attribute, reason) in self.never_written {
            builder = builder.never_written(*attribute, *reason);
        }
        for attribute in self.worded_by_settings {
            builder = builder.worded_by_settings(*attribute);
        }
        for unsaid in self.unsaid {
            builder = builder.unsaid(*unsaid);
        }
        builder.active_is_ambiguous(self.active_is_ambiguous.is_some()).lists_whole_records(self.lists_whole_records)
    }
}

/// What the directory of one instance can do.
///
/// ```
/// use vendor_users::{Attribute, Capabilities, Capability, Instance, Operation, Verb};
///
/// let capabilities = Capabilities::builder(Instance::new("staff", "Staff register").named("head office"))
///     .verb(Verb::Get, Capability::direct(Operation::new("GetPerson", "GET", "/people/{id}")))
///     .verb(Verb::Delete, Capability::unsupported("people are never deleted").manual("ask the archive"))
///     .carries(Attribute::UserName, "login")
///     .build();
/// assert!(capabilities.supports(Verb::Get));
/// assert!(!capabilities.supports(Verb::List));
/// assert_eq!(capabilities.property(Attribute::UserName), Some("login"));
/// ```
#[derive(Clone, Debug)]
pub struct Capabilities {
    instance: Instance,
    schema: Cow<'static, str>,
    verbs: BTreeMap<Verb, Capability>,
    /// What follows from the others, made when they are all there.
    intents: BTreeMap<Verb, Capability>,
    credentials: BTreeMap<FirstCredential, Capability>,
    active_is_ambiguous: bool,
    lists_whole_records: bool,
    unsaid: Vec<Cow<'static, str>>,
    carries: BTreeMap<Attribute, Cow<'static, str>>,
    explicit: BTreeMap<Attribute, Cow<'static, str>>,
    never_written: BTreeMap<Attribute, Cow<'static, str>>,
    words: BTreeMap<Attribute, Words>,
    constraints: BTreeMap<Attribute, AttributeConstraints>,
    written_explicitly: BTreeSet<Attribute>,
    accepted: BTreeSet<String>,
}

/// What stands for verbs that a directory says nothing about.
static UNKNOWN: Capability = Capability::unsupported("the directory does not offer it");
static UNKNOWN_CREDENTIAL: Capability = Capability::unsupported("no page says how");
static NO_CREDENTIAL: Capability = Capability::derived(&[Verb::Create]);

/// An attribute that was set and has no place at the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedAttribute {
    /// Which one.
    pub attribute: Attribute,
    /// Why.
    pub why: ValueError,
}

impl DroppedAttribute {
    /// Creates an attribute that was dropped.
    #[must_use]
    pub const fn new(attribute: Attribute, why: ValueError) -> Self {
        Self { attribute, why }
    }
}

impl fmt::Display for DroppedAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.attribute, self.why)
    }
}

impl Capabilities {
    /// Returns a builder for the capabilities of an instance, so far none.
    pub fn builder(instance: Instance) -> CapabilitiesBuilder {
        let capabilities = Self {
            instance,
            schema: Cow::Borrowed("User"),
            verbs: BTreeMap::new(),
            intents: BTreeMap::new(),
            credentials: BTreeMap::new(),
            active_is_ambiguous: false,
            lists_whole_records: true,
            unsaid: Vec::new(),
            carries: BTreeMap::new(),
            explicit: BTreeMap::new(),
            never_written: BTreeMap::new(),
            words: BTreeMap::new(),
            constraints: BTreeMap::new(),
            written_explicitly: BTreeSet::new(),
            accepted: BTreeSet::new(),
        };
        CapabilitiesBuilder { capabilities }
    }

    /// Returns a builder that starts from these capabilities.
    pub fn to_builder(&self) -> CapabilitiesBuilder {
        CapabilitiesBuilder { capabilities: self.clone() }
    }

    /// Returns the instance whose capabilities these are.
    #[must_use]
    pub const fn instance(&self) -> &Instance {
        &self.instance
    }

    /// Returns the schema of the specification that the verbs carry.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Returns how `verb` is done, or why not.
    #[must_use]
    pub fn of(&self, verb: Verb) -> &Capability {
        self.verbs.get(&verb).or_else(|| self.intents.get(&verb)).unwrap_or(&UNKNOWN)
    }

    /// Returns whether `verb` can be done; one that rests on weak evidence counts only where it is accepted.
    #[must_use]
    pub fn supports(&self, verb: Verb) -> bool {
        self.of(verb).is_supported() && self.not_accepted(verb).is_empty()
    }

    /// Returns the operation that does the work of `verb`, through the verbs that it is derived from.
    #[must_use]
    pub fn operation(&self, verb: Verb) -> Option<&Operation> {
        self.operations(verb).into_iter().next_back()
    }

    /// Returns all operations that `verb` may call, in the order of their use, through the verbs that it is derived from.
    #[must_use]
    pub fn operations(&self, verb: Verb) -> Vec<&Operation> {
        let mut found = Vec::new();
        self.collect(verb, &mut Vec::new(), &mut found);
        found
    }

    fn collect<'a>(&'a self, verb: Verb, above: &mut Vec<Verb>, found: &mut Vec<&'a Operation>) {
        // A table that derives two verbs from each other is wrong; it must not hang.
        if above.contains(&verb) {
            return;
        }
        match &self.of(verb).means {
            Means::Direct { operations } => found.extend(operations.iter()),
            Means::Derived { from } => {
                above.push(verb);
                from.iter().for_each(|verb| self.collect(*verb, above, found));
                above.pop();
            }
            Means::Unsupported { .. } => {}
        }
    }

    /// Returns what `verb` rests on: the weakest of its own evidence and that of the verbs that it is derived from.
    #[must_use]
    pub fn evidence(&self, verb: Verb) -> &Evidence {
        let own = &self.of(verb).evidence;
        self.parts(verb).into_iter().map(|part| &self.of(part).evidence).fold(own, |weakest, next| weakest.max(next))
    }

    /// Returns what must hold at the vendor for `verb` to work.
    #[must_use]
    pub fn preconditions(&self, verb: Verb) -> Vec<&str> {
        self.told(verb, |capability| &capability.preconditions)
    }

    /// Returns what no page says of the whole directory and a caller must know, such as which role the signed-in user needs: it
    /// may be why the vendor refuses something although every precondition holds.
    pub fn unsaid(&self) -> impl Iterator<Item = &str> {
        self.unsaid.iter().map(AsRef::as_ref)
    }

    /// Returns what is inferred on the way of `verb`, and what proves it or comes of it where it is wrong.
    #[must_use]
    pub fn inferences(&self, verb: Verb) -> Vec<&str> {
        self.told(verb, |capability| &capability.inferences)
    }

    /// What `verb` and those that it is derived from have to say, each once.
    fn told(&self, verb: Verb, texts: impl Fn(&Capability) -> &[Cow<'static, str>]) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for part in std::iter::once(verb).chain(self.parts(verb)) {
            for text in texts(self.of(part)) {
                if !all.contains(&text.as_ref()) {
                    all.push(text);
                }
            }
        }
        all
    }

    /// The verbs that `verb` is derived from, all the way down.
    fn parts(&self, verb: Verb) -> Vec<Verb> {
        let mut found = vec![verb];
        let mut next = 0;
        while let Some(&part) = found.get(next) {
            if let Means::Derived { from } = &self.of(part).means {
                let new: Vec<Verb> = from.iter().copied().filter(|verb| !found.contains(verb)).collect();
                found.extend(new);
            }
            next += 1;
        }
        found.remove(0);
        found
    }

    /// Everything weak that `verb` rests on and that the settings do not accept, by the name of its verb or of an operation.
    pub(crate) fn not_accepted(&self, verb: Verb) -> Vec<(Verb, String)> {
        let parts = std::iter::once(verb).chain(self.parts(verb));
        let weak = parts.filter_map(|part| match &self.of(part).evidence {
            Evidence::Weak { why } => Some((part, why)),
            _ => None,
        });
        let accepted = |part: Verb| {
            let by_operation = self.of(part).operations().iter().any(|operation| self.accepts(&operation.id));
            by_operation || self.accepts(part.name())
        };
        weak.filter(|(part, _)| !accepted(*part)).map(|(part, why)| (part, why.to_string())).collect()
    }

    /// Whether the settings accept what rests on weak evidence under this name.
    pub(crate) fn accepts(&self, name: &str) -> bool {
        self.accepted.contains(name)
    }

    /// Returns the property that carries `attribute`.
    #[must_use]
    pub fn property(&self, attribute: Attribute) -> Option<&str> {
        self.carries.get(&attribute).map(AsRef::as_ref)
    }

    /// Returns what the values of `attribute` have to keep to; nothing where nothing is documented.
    #[must_use]
    pub fn constraints(&self, attribute: Attribute) -> AttributeConstraints {
        self.constraints.get(&attribute).copied().unwrap_or_default()
    }

    /// Returns why `attribute` is not written here, if it is not.
    #[must_use]
    pub fn obstacle(&self, attribute: Attribute) -> Option<ValueError> {
        if !self.carries.contains_key(&attribute) {
            return Some(ValueError::NoProperty);
        }
        if attribute.is_assigned() {
            return Some(ValueError::Assigned);
        }
        if let Some(reason) = self.never_written.get(&attribute) {
            return Some(ValueError::NeverWritten { reason: reason.clone() });
        }
        if self.words.get(&attribute).is_some_and(Words::are_unknown) {
            return Some(ValueError::NoSetting);
        }
        match self.explicit.get(&attribute) {
            Some(effect) if !self.written_explicitly.contains(&attribute) => {
                Some(ValueError::Explicit { effect: effect.clone() })
            }
            _ => None,
        }
    }

    /// Returns what the vendor cannot carry of `user`: attributes without a property, or that it writes itself.
    #[must_use]
    pub fn dropped(&self, user: &dyn User) -> Vec<DroppedAttribute> {
        let set = Attribute::ALL.iter().copied().filter(|attribute| user.attribute(*attribute).is_some());
        set.filter_map(|attribute| Some(DroppedAttribute { attribute, why: self.obstacle(attribute)? })).collect()
    }

    /// Returns the verbs that can be done, in the order of [`Verb`].
    pub fn supported(&self) -> impl Iterator<Item = (Verb, &Capability)> {
        let all = Verb::ALL.iter().map(|&verb| (verb, self.of(verb)));
        all.filter(|(_, capability)| capability.is_supported())
    }

    /// Returns how a user that is created can get this first credential, or why not.
    #[must_use]
    pub fn credential(&self, credential: FirstCredential) -> &Capability {
        let other = if credential == FirstCredential::None { &NO_CREDENTIAL } else { &UNKNOWN_CREDENTIAL };
        self.credentials.get(&credential).unwrap_or(other)
    }

    /// Returns the first credentials that users can be created with.
    pub fn credentials(&self) -> impl Iterator<Item = (FirstCredential, &Capability)> {
        let all = FirstCredential::ALL.iter().map(|&credential| (credential, self.credential(credential)));
        all.filter(|(_, capability)| capability.is_supported())
    }

    /// Returns whether a user that reads as inactive may be locked out instead of switched off by an administrator, since the
    /// vendor has one word for both.
    #[must_use]
    pub const fn active_is_ambiguous(&self) -> bool {
        self.active_is_ambiguous
    }

    /// Returns whether lists and searches show every attribute of a user that a read shows. Where they do not, an attribute that
    /// they do not show may have a value all the same: the user is read before anything is decided.
    #[must_use]
    pub const fn lists_whole_records(&self) -> bool {
        self.lists_whole_records
    }
}
