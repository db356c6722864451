//! Records whose switch is a word that only the settings of an instance know.
//!
//! No page says which words of `Status` let a user in and keep it out. A record carries the words that its instance was given;
//! everything else is the vendor's own type beneath.

use std::sync::Arc;

use billingplatform::types;
use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::{At, Check, Constraints, Field, Violations};

use crate::attribute::{Attribute, Value};
use crate::record::{Record, Shape};
use crate::user::User;
use crate::value::ValueError;

/// The switch's property.
pub(super) const STATUS: &str = "Status";

/// The words that let a user in and keep it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) active: String,
    pub(super) inactive: String,
}

impl Words {
    /// Whether they are two words.
    pub(super) fn tell_apart(&self) -> bool {
        let [active, inactive] = [&self.active, &self.inactive].map(|word| word.trim().to_lowercase());
        !active.is_empty() && !inactive.is_empty() && active != inactive
    }

    fn read(&self, status: &str) -> Option<bool> {
        let is = |word: &str| status.trim().eq_ignore_ascii_case(word.trim());
        match (is(&self.active), is(&self.inactive)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            // A third word: nobody knows what it means.
            _ => None,
        }
    }
}

/// A vendor's type with the switch and the shape of its records.
pub trait Switch: Record {
    #[doc(hidden)]
    fn status(&mut self) -> &mut Field<String>;
    #[doc(hidden)]
    fn read_status(&self) -> Option<&str>;
    #[doc(hidden)]
    const WITH_STATUS: &'static Shape;
}

/// What the vendor's type carries, and the switch.
const fn with_status<const N: usize>(carried: &[(Attribute, &'static str)]) -> [(Attribute, &'static str); N] {
    let mut all = [(Attribute::Active, STATUS); N];
    let mut place = 0;
    while place < carried.len() {
        all[place] = carried[place];
        place += 1;
    }
    all
}

macro_rules! switch {
    ($($name:ident),*) => { $(
        impl Switch for types::$name {
            fn status(&mut self) -> &mut Field<String> {
                &mut self.status
            }

            fn read_status(&self) -> Option<&str> {
                self.status.as_deref()
            }

            const WITH_STATUS: &'static Shape = {
                const CARRIES: [(Attribute, &str); <types::$name as Record>::SHAPE.carries.len() + 1] =
                    with_status(<types::$name as Record>::SHAPE.carries);
                const SHAPE: &Shape = <types::$name as Record>::SHAPE;
                &Shape {
                    vendor: SHAPE.vendor,
                    schema: SHAPE.schema,
                    carries: &CARRIES,
                    explicit: SHAPE.explicit,
                    required: SHAPE.required,
                    secrets: SHAPE.secrets,
                    properties: SHAPE.properties,
                }
            };
        }
    )* };
}
switch!(ApplicationUser, ExternalUser);

/// A record of the vendor, and the words for its switch where the settings of the instance have them.
#[derive(Clone, Debug, Default)]
pub struct Worded<R> {
    record: R,
    words: Option<Arc<Words>>,
}

impl<R> Worded<R> {
    pub(super) const fn new(record: R, words: Option<Arc<Words>>) -> Self {
        Self { record, words }
    }

    pub(super) fn record_mut(&mut self) -> &mut R {
        &mut self.record
    }

    pub(super) fn into_record(self) -> R {
        self.record
    }
}

impl<R: Switch> User for Worded<R> {
    fn beneath(&self) -> Option<&dyn User> {
        Some(&self.record)
    }

    fn active(&self) -> Option<bool> {
        self.words.as_ref()?.read(self.record.read_status()?)
    }
}

impl<R: Switch> Record for Worded<R> {
    const SHAPE: &'static Shape = R::WITH_STATUS;

    fn write(&mut self, attribute: Attribute, value: Option<&Value<'_>>) -> Result<(), ValueError> {
        if attribute != Attribute::Active {
            return self.record.write(attribute, value);
        }
        let Some(words) = &self.words else { return Err(ValueError::NoWord) };
        let word = match value {
            Some(Value::Flag(true)) => &words.active,
            Some(Value::Flag(false)) => &words.inactive,
            Some(Value::Text(_)) => return Err(ValueError::NotAFlag),
            None => return Err(ValueError::NotNullable),
        };
        *self.record.status() = word.clone().into();
        Ok(())
    }

    fn fill(&mut self, defaults: &Self) {
        self.record.fill(&defaults.record);
        if self.words.is_none() {
            self.words.clone_from(&defaults.words);
        }
    }

    fn of(user: &dyn User) -> Option<Self> {
        let own = (user as &dyn std::any::Any).downcast_ref::<Self>().cloned();
        own.or_else(|| user.downcast_ref::<R>().map(|record| Self::new(record.clone(), None)))
    }
}

impl<R: Check> Check for Worded<R> {
    fn check(&self, constraints: &Constraints, at: &At<'_>, found: &mut Violations) {
        self.record.check(constraints, at, found);
    }
}

impl<R: Serialize> Serialize for Worded<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.record.serialize(serializer)
    }
}

impl<'de, R: Deserialize<'de>> Deserialize<'de> for Worded<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        R::deserialize(deserializer).map(|record| Self::new(record, None))
    }
}
