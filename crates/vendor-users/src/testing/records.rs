//! What an emulator remembers: records as JSON by key, and a clock that ticks once for each change, so that responses do not
//! depend on when a test runs. Knows no vendor.

use std::collections::HashMap;

use client_core::serde_json::{Map, Value};

/// A vendor's users.
#[derive(Clone, Debug, Default)]
pub struct Records {
    key: &'static str,
    list: Vec<Map<String, Value>>,
    places: HashMap<String, usize>,
    ticks: u32,
    sorted: Option<(String, Vec<usize>)>,
}

impl Records {
    /// No users; `key` is the property that identifies one.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { key, list: Vec::new(), places: HashMap::new(), ticks: 0, sorted: None }
    }

    /// Returns all of them, in the order of their creation.
    #[must_use]
    pub fn all(&self) -> &[Map<String, Value>] {
        &self.list
    }

    /// Returns the user with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Map<String, Value>> {
        self.list.get(*self.places.get(key)?)
    }

    /// Returns the user with this key, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Map<String, Value>> {
        self.sorted = None;
        self.list.get_mut(*self.places.get(key)?)
    }

    /// Puts a user in the place of the one with the same key, or at the end. Values that are no objects are left out.
    pub fn put(&mut self, record: Value) {
        let Value::Object(record) = record else { return };
        let key = record.get(self.key).map(plain).unwrap_or_default();
        match self.get_mut(&key) {
            Some(existing) => *existing = record,
            None => {
                self.places.insert(key, self.list.len());
                self.list.push(record);
            }
        }
    }

    /// Removes a user, and says whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        let Some(place) = self.places.remove(key) else { return false };
        self.sorted = None;
        self.list.remove(place);
        self.places.values_mut().filter(|later| **later > place).for_each(|later| *later -= 1);
        true
    }

    /// All of them in the order of some properties, with commas between, each with `:asc` or `:desc` if wanted. The order is
    /// kept until something changes, since a list in pages asks for it again and again.
    #[allow(dead_code, reason = "which vendors sort depends on the features")]
    pub(super) fn sorted_by(&mut self, properties: &str) -> impl Iterator<Item = &Map<String, Value>> {
        if self.sorted.as_ref().is_none_or(|(sorted, _)| sorted != properties) {
            let mut order: Vec<usize> = (0..self.list.len()).collect();
            // The last property counts least, so that it is sorted by first.
            for property in properties.rsplit(',').filter(|property| !property.is_empty()) {
                let (name, direction) = property.split_once(':').unwrap_or((property, "asc"));
                let value = |place: &usize| self.list.get(*place).and_then(|user| user.get(name)).map(plain).unwrap_or_default();
                match direction {
                    "desc" => order.sort_by_cached_key(|place| std::cmp::Reverse(value(place))),
                    _ => order.sort_by_cached_key(value),
                }
            }
            self.sorted = Some((properties.to_owned(), order));
        }
        let order = self.sorted.as_ref().map(|(_, order)| order.as_slice()).unwrap_or_default();
        order.iter().filter_map(|place| self.list.get(*place))
    }

    /// Returns the next second of a morning in 2025: `ending` follows the seconds, such as `Z`.
    pub fn now(&mut self, ending: &str) -> String {
        self.ticks += 1;
        let (hours, rest) = (self.ticks / 3600, self.ticks % 3600);
        format!("2025-03-28T{:02}:{:02}:{:02}{ending}", (8 + hours) % 24, rest / 60, rest % 60)
    }
}

/// The tokens that an emulator has given.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "which vendors give tokens depends on the features")]
pub(super) struct Tokens {
    prefix: &'static str,
    given: u32,
    ended: u32,
}

#[allow(dead_code, reason = "which vendors give tokens depends on the features")]
impl Tokens {
    /// None yet.
    pub(super) const fn new(prefix: &'static str) -> Self {
        Self { prefix, given: 0, ended: 0 }
    }

    /// A new one.
    pub(super) fn give(&mut self) -> String {
        self.given += 1;
        format!("{}{}", self.prefix, self.given)
    }

    /// Ends all that were given.
    pub(super) fn end(&mut self) {
        self.ended = self.given;
    }

    /// Whether `token` was given and has not ended.
    pub(super) fn is_good(&self, token: &str) -> bool {
        let number = token.strip_prefix(self.prefix).and_then(|number| number.parse::<u32>().ok());
        number.is_some_and(|number| number > self.ended && number <= self.given)
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The names of `required` that a body lacks or has as null.
#[allow(dead_code, reason = "which vendors demand properties depends on the features")]
pub(super) fn lacking(body: &Value, required: &[&'static str]) -> Vec<&'static str> {
    required.iter().filter(|name| body.get(**name).is_none_or(Value::is_null)).copied().collect()
}
