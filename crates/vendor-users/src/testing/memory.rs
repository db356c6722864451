//! A directory in memory that carries every attribute that travels between vendors and can do every verb of a user's whole life: for tests of what stands on
//! directories, where no vendor's quirks are wanted.
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> Result<(), vendor_users::Error> {
//! use vendor_users::testing::memory::Memory;
//! use vendor_users::{By, Directory, UserDraft};
//!
//! let staff = Memory::new("staff");
//! let kim = staff.create(&UserDraft::builder().user_name("kim").active(true).build()).await?.user;
//! staff.deactivate(&kim.id().unwrap_or_default()).await?;
//! assert_eq!(staff.find(By::UserName("KIM")).await?.users[0].active(), Some(false));
//! # Ok(()) }
//! ```

#[rustfmt::skip]
mod generated;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use client_core::serde_json::Value as Json;
use client_core::{At, Check, Constraints, Violations};

use crate::attribute::{Attribute, Value};
use crate::capabilities::Capabilities;
use crate::capability::{Capability, Operation, Verb};
use crate::directory::{By, DirectoryFuture};
use crate::error::{Error, ErrorKind};
use crate::instance::Instance;
use crate::primitives::{Page, Primitives, SearchResult, Write};
use crate::record::{Record, Shape};
use crate::search::CaseRule;
use crate::user::User as _;
use crate::value_error::ValueError;

/// Users in a page of the list.
const PAGE: usize = 500;

/// A record of the directory: values by the names of attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person(BTreeMap<String, Json>);

impl Serialize for Person {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Person {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}

impl Check for Person {
    fn check(&self, _: &Constraints, _: &At<'_>, _: &mut Violations) {}
}

impl Person {
    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        self.0.get(attribute.name())?.as_str().map(Cow::Borrowed)
    }

    fn flag(&self, attribute: Attribute) -> Option<bool> {
        self.0.get(attribute.name())?.as_bool()
    }
}

/// Whether a person has this attribute: all but those that mean something at one vendor alone. Its identifier is its own.
const fn is_carried(attribute: Attribute) -> bool {
    matches!(attribute, Attribute::Id) || !attribute.is_local() && !attribute.is_assigned()
}

const COUNT: usize = {
    let (mut count, mut index) = (0, 0);
    while index < Attribute::ALL.len() {
        count += is_carried(Attribute::ALL[index]) as usize;
        index += 1;
    }
    count
};

/// The attributes of a person, each under its own name.
const CARRIES: [(Attribute, &str); COUNT] = {
    let mut carries = [(Attribute::Id, ""); COUNT];
    let (mut count, mut index) = (0, 0);
    while index < Attribute::ALL.len() {
        let attribute = Attribute::ALL[index];
        if is_carried(attribute) {
            carries[count] = (attribute, attribute.name());
            count += 1;
        }
        index += 1;
    }
    carries
};

const PROPERTIES: [&str; COUNT] = {
    let mut names = [""; COUNT];
    let mut index = 0;
    while index < COUNT {
        names[index] = CARRIES[index].1;
        index += 1;
    }
    names
};

impl Record for Person {
    const SHAPE: &'static Shape = &Shape {
        vendor: "memory",
        schema: "Person",
        carries: &CARRIES,
        required: &["user_name"],
        properties: &PROPERTIES,
        ..Shape::NONE
    };

    fn write(&mut self, attribute: Attribute, value: Option<&Value<'_>>) -> Result<(), ValueError> {
        if attribute.is_assigned() {
            return Err(ValueError::Assigned);
        }
        let property = Self::SHAPE.property(attribute).ok_or(ValueError::NoProperty)?;
        match value {
            None => drop(self.0.remove(property)),
            Some(Value::Text(text)) => drop(self.0.insert(property.to_owned(), Json::from(text.as_ref()))),
            Some(Value::Flag(flag)) => drop(self.0.insert(property.to_owned(), Json::Bool(*flag))),
        }
        Ok(())
    }

    fn fill(&mut self, defaults: &Self) {
        for (name, value) in &defaults.0 {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// The people, and who has which user name.
#[derive(Debug, Default)]
struct People {
    by_id: BTreeMap<String, Person>,
    by_name: BTreeMap<String, String>,
    given: u64,
}

/// A directory in memory. It gives identifiers itself, and case does not count in its search.
#[derive(Debug)]
pub struct Memory {
    capabilities: Capabilities,
    people: Mutex<People>,
}

impl Memory {
    /// Returns a directory without users, as an instance of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let operation = |id, method, path| Capability::direct(Operation::new(id, method, path));
        let mut capabilities = Capabilities::builder(Instance::new("memory", "Memory").named(name.to_owned()))
            .verb(Verb::Get, operation("ReadPerson", "GET", "/people/{id}"))
            .verb(Verb::List, operation("ListPeople", "GET", "/people"))
            .verb(Verb::Find, operation("SearchPeople", "GET", "/people"))
            .verb(Verb::Create, operation("AddPerson", "POST", "/people"))
            .verb(Verb::Update, operation("ChangePerson", "PUT", "/people/{id}"))
            .verb(Verb::Enable, operation("EnablePerson", "POST", "/people/{id}/enable"))
            .verb(Verb::Disable, operation("DisablePerson", "POST", "/people/{id}/disable"))
            .verb(Verb::Delete, operation("RemovePerson", "DELETE", "/people/{id}"));
        for (attribute, property) in CARRIES {
            capabilities = capabilities.carries(attribute, property);
        }
        Self { capabilities: capabilities.build(), people: Mutex::default() }
    }

    /// Returns how many users there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people().by_id.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self, write: &Write<Person>) -> Result<Person, Error> {
        let mut record = write.record.clone();
        let mut people = self.people();
        let name = record.user_name().unwrap_or_default().to_lowercase();
        let id = match write.exists {
            true => write.id.clone(),
            false => {
                people.given += 1;
                format!("p{:07}", people.given)
            }
        };
        if people.by_name.get(&name).is_some_and(|other| *other != id) {
            let words = format!("somebody has the user name `{name}`");
            return Err(Error::new(ErrorKind::AlreadyExists, self.capabilities.instance(), words));
        }
        record.0.insert("id".to_owned(), Json::from(id.as_str()));
        let before = people.by_id.insert(id.clone(), record.clone());
        if let Some(before) = before.and_then(|before| before.user_name().map(|name| name.to_lowercase())) {
            people.by_name.remove(&before);
        }
        people.by_name.insert(name, id);
        Ok(record)
    }

    fn not_found(&self, id: &str) -> Error {
        Error::not_found(self.capabilities.instance(), id)
    }
}

fn ready<'a, T: Send + 'a>(result: Result<T, Error>) -> DirectoryFuture<'a, T> {
    Box::pin(std::future::ready(result))
}

impl Primitives for Memory {
    type Record = Person;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn assigns_identifiers(&self) -> bool {
        true
    }

    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<Person>> {
        ready(Ok(self.people().by_id.get(id).cloned()))
    }

    fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Person>> {
        use std::ops::Bound::{Excluded, Unbounded};
        let people = self.people();
        let from = position.map_or(Unbounded, Excluded);
        let page: Vec<Person> = people.by_id.range((from, Unbounded)).take(PAGE).map(|(_, person)| person.clone()).collect();
        let last = page.last().and_then(|person| person.id()).map(Cow::into_owned);
        ready(Ok(Page::new(page, last)))
    }

    fn search<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Option<SearchResult<Person>>> {
        let people = self.people();
        let found = match by {
            By::UserName(name) => {
                let id = people.by_name.get(&name.to_lowercase());
                id.and_then(|id| people.by_id.get(id)).cloned().into_iter().collect()
            }
            by => people.by_id.values().filter(|person| by.matches(*person)).cloned().collect(),
        };
        ready(Ok(Some(SearchResult::new(found, CaseRule::Ignored))))
    }

    fn write<'a>(&'a self, write: &'a Write<Person>) -> DirectoryFuture<'a, Option<Person>> {
        ready(self.store(write).map(Some))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> DirectoryFuture<'a, ()> {
        let mut people = self.people();
        let found = people.by_id.get_mut(id).map(|person| drop(person.0.insert("active".to_owned(), Json::Bool(active))));
        ready(found.ok_or_else(|| self.not_found(id)))
    }

    fn remove<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        let mut people = self.people();
        let removed = people.by_id.remove(id);
        if let Some(name) = removed.as_ref().and_then(|person| person.user_name()) {
            people.by_name.remove(&name.to_lowercase());
        }
        ready(removed.map(drop).ok_or_else(|| self.not_found(id)))
    }
}
