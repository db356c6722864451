//! A register in memory whose search, list and switch behave as a test says.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use vendor_users::attribute::Value;
use vendor_users::client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use vendor_users::client_core::serde_json::{Map, Value as Json, json};
use vendor_users::client_core::{At, Check, Constraints, Secret, Violations};
use vendor_users::directory::DirectoryFuture;
use vendor_users::primitives::{Page, QueryPage, SearchResult, Write};
use vendor_users::query::QueryPart;
use vendor_users::record::{Record, Shape};
use vendor_users::search::CaseRule;
use vendor_users::value::ValueError;
use vendor_users::{
    Attribute, By, Capabilities, CapabilitiesBuilder, Capability, Choice, Error, ErrorKind, FirstCredential, Instance, ListQuery,
    Operation, Primitives, Taken, User, Verb,
};

/// A record of the register.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Person(pub(crate) BTreeMap<String, Json>);

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
    /// Somebody with this number and name, and these further members.
    pub(crate) fn new(number: u32, login: &str, more: Json) -> Self {
        let mut members = BTreeMap::from([("number".to_owned(), json!(number.to_string())), ("login".to_owned(), json!(login))]);
        members.extend(more.as_object().cloned().unwrap_or_default());
        Self(members)
    }

    fn text(&self, attribute: Attribute) -> Option<Cow<'_, str>> {
        self.0.get(Self::SHAPE.property(attribute)?)?.as_str().map(Cow::Borrowed)
    }
}

impl User for Person {
    fn record(&self) -> Option<(&'static Shape, Map<String, Json>)> {
        Some((Self::SHAPE, self.0.clone().into_iter().collect()))
    }

    fn id(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::Id)
    }

    fn user_name(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::UserName)
    }

    fn email(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::Email)
    }

    fn external_id(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::ExternalId)
    }

    fn title(&self) -> Option<Cow<'_, str>> {
        self.text(Attribute::Title)
    }

    fn active(&self) -> Option<bool> {
        self.0.get("left").map(|left| left != &Json::Bool(true))
    }
}

impl Record for Person {
    const SHAPE: &'static Shape = &Shape {
        vendor: "register",
        schema: "Person",
        carries: &[
            (Attribute::Id, "number"),
            (Attribute::UserName, "login"),
            (Attribute::Email, "mail"),
            (Attribute::ExternalId, "hr"),
            (Attribute::Title, "job"),
            (Attribute::Active, "left"),
        ],
        required: &["login"],
        secrets: &[],
        properties: &["number", "login", "mail", "hr", "job", "left", "licences"],
        ..Shape::NONE
    };

    fn write(&mut self, attribute: Attribute, value: Option<&Value<'_>>) -> Result<(), ValueError> {
        let property = Self::SHAPE.property(attribute).ok_or(ValueError::NoProperty)?;
        let value = match value {
            None => Json::Null,
            Some(Value::Text(text)) => Json::from(text.as_ref()),
            Some(Value::Flag(active)) => Json::Bool(!active),
        };
        self.0.insert(property.to_owned(), value);
        Ok(())
    }

    fn fill(&mut self, defaults: &Self) {
        for (name, value) in &defaults.0 {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// How the register behaves.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Its search compares text in this way, and says so; case counts where the rule is not known.
    pub(crate) case: CaseRule,
    /// Its list and its search show number and name alone.
    pub(crate) shows_less: bool,
    /// Its list filters by name.
    pub(crate) filters: bool,
    /// Licences are given back.
    pub(crate) gives_back: bool,
    /// Responses to switching somebody off or on are lost.
    pub(crate) loses_responses: bool,
}

/// A register with a search and an operation for switching people off, which takes their licences. It gives numbers itself.
#[derive(Debug)]
pub(crate) struct Register {
    capabilities: Capabilities,
    told: Told,
    people: Mutex<Vec<Person>>,
    calls: Mutex<Vec<String>>,
}

impl Register {
    /// A register that behaves as it is told, with these people.
    pub(crate) fn open(told: Told, people: Vec<Person>) -> Self {
        Self::with(told, people, |capabilities| capabilities)
    }

    /// The same with other capabilities.
    pub(crate) fn with(told: Told, people: Vec<Person>, change: impl FnOnce(CapabilitiesBuilder) -> CapabilitiesBuilder) -> Self {
        let operation = |id, method, path| Capability::direct(Operation::new(id, method, path));
        let mut capabilities = Capabilities::builder(Instance::new("register", "Staff register"))
            .lists_whole_records(!told.shows_less)
            .verb(Verb::Get, operation("ReadPerson", "GET", "/people/{number}"))
            .verb(Verb::List, operation("ListPeople", "GET", "/people"))
            .verb(Verb::Find, operation("SearchPeople", "GET", "/people"))
            .verb(Verb::Create, operation("AddPerson", "POST", "/people"))
            .verb(Verb::Update, operation("ChangePerson", "PUT", "/people/{number}"))
            .verb(Verb::Disable, operation("Retire", "POST", "/people/{number}/retire"))
            .verb(Verb::Enable, operation("Return", "POST", "/people/{number}/return"))
            .verb(Verb::Choices, operation("ListJobs", "GET", "/jobs"));
        for (attribute, property) in Person::SHAPE.carries {
            capabilities = capabilities.carries(*attribute, *property);
        }
        let capabilities = change(capabilities).build();
        Self { capabilities, told, people: Mutex::new(people), calls: Mutex::default() }
    }

    fn people(&self) -> MutexGuard<'_, Vec<Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person with this number.
    pub(crate) fn person(&self, number: &str) -> Option<Person> {
        self.people().iter().find(|person| person.id().as_deref() == Some(number)).cloned()
    }

    /// What was called since the last time.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, call: impl Into<String>) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call.into());
    }

    fn shown(&self, person: &Person, by: Option<Attribute>) -> Person {
        let mut person = person.clone();
        let searched = by.and_then(|attribute| Person::SHAPE.property(attribute));
        person.0.retain(|name, _| {
            !self.told.shows_less || ["number", "login"].contains(&name.as_str()) || Some(name.as_str()) == searched
        });
        person
    }

    fn change(&self, number: &str, change: impl FnOnce(&mut Person)) {
        self.people().iter_mut().filter(|person| person.id().as_deref() == Some(number)).take(1).for_each(change_once(change));
    }
}

fn change_once(change: impl FnOnce(&mut Person)) -> impl FnMut(&mut Person) {
    let mut change = Some(change);
    move |person| {
        if let Some(change) = change.take() {
            change(person);
        }
    }
}

impl Primitives for Register {
    type Record = Person;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn assigns_identifiers(&self) -> bool {
        true
    }

    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<Person>> {
        self.note("read");
        Box::pin(std::future::ready(Ok(self.person(id))))
    }

    fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Person>> {
        self.note("list");
        let from: usize = position.and_then(|position| position.parse().ok()).unwrap_or(0);
        let people = self.people();
        let page: Vec<Person> = people.iter().skip(from).take(2).map(|person| self.shown(person, None)).collect();
        let next = from + page.len();
        let page = Page::new(page, (next < people.len()).then(|| next.to_string()));
        Box::pin(std::future::ready(Ok(page)))
    }

    fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<Person>> {
        Box::pin(async move {
            let mut page = self.page(query.position().map(str::to_owned)).await?;
            let can = |part: &QueryPart| self.told.filters && *part == QueryPart::Condition(Attribute::UserName);
            for condition in query.conditions().iter().filter(|condition| can(&QueryPart::Condition(condition.attribute))) {
                page.users.retain(|person| condition.holds(person));
            }
            Ok(QueryPage::new(page, query.parts().into_iter().filter(|part| !can(part)).collect()))
        })
    }

    fn search<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Option<SearchResult<Person>>> {
        if matches!(by, By::ExternalId(_)) {
            return Box::pin(std::future::ready(Ok(None)));
        }
        self.note("search");
        let folds = self.told.case == CaseRule::Ignored;
        let is_meant = |person: &&Person| {
            let found = person.attribute(by.attribute()).map(|found| found.to_string()).unwrap_or_default();
            found == by.value() || folds && found.to_lowercase() == by.value().to_lowercase()
        };
        let people = self.people();
        let found = people.iter().filter(is_meant).map(|person| self.shown(person, Some(by.attribute()))).collect();
        Box::pin(std::future::ready(Ok(Some(SearchResult::new(found, self.told.case)))))
    }

    fn values_of(&self, attribute: Attribute) -> DirectoryFuture<'_, Vec<Choice>> {
        let choices = match attribute {
            Attribute::Title => vec![Choice::new("clerk", "Clerk"), Choice::new("boss", "Head of everything")],
            _ => return Box::pin(std::future::ready(Err(Error::unsupported(&self.capabilities, Verb::Choices)))),
        };
        Box::pin(std::future::ready(Ok(choices)))
    }

    fn write<'a>(&'a self, write: &'a Write<Person>) -> DirectoryFuture<'a, Option<Person>> {
        self.note(if write.exists { "change" } else { "add" });
        let mut record = write.record.clone();
        let mut people = self.people();
        if !write.exists {
            record.0.insert("number".to_owned(), json!((people.len() + 1).to_string()));
        }
        match people.iter_mut().find(|person| person.id() == record.id()) {
            Some(person) => *person = record.clone(),
            None => people.push(record.clone()),
        }
        Box::pin(std::future::ready(Ok(Some(record))))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> DirectoryFuture<'a, ()> {
        self.note(if active { "return" } else { "retire" });
        self.change(id, |person| {
            person.0.insert("left".to_owned(), Json::Bool(!active));
            if !active {
                person.0.remove("licences");
            }
        });
        let lost = Error::new(ErrorKind::Unavailable, self.capabilities.instance(), "the line went dead");
        let is_lost = self.told.loses_responses;
        Box::pin(std::future::ready(if is_lost { Err(lost.with_may_have_arrived(true)) } else { Ok(()) }))
    }

    fn would_take(&self, person: &Person) -> Vec<Taken> {
        let licences = person.0.get("licences").and_then(Json::as_array).cloned().unwrap_or_default();
        licences.iter().filter_map(Json::as_str).map(|licence| Taken::new("licence", licence, licence)).collect()
    }

    fn give_back<'a>(&'a self, id: &'a str, taken: &'a [Taken]) -> DirectoryFuture<'a, Vec<Taken>> {
        if !self.told.gives_back {
            return Box::pin(std::future::ready(Ok(Vec::new())));
        }
        self.note("give back");
        let licences: Vec<&str> = taken.iter().map(|taken| taken.id.as_str()).collect();
        self.change(id, |person| drop(person.0.insert("licences".to_owned(), json!(licences))));
        Box::pin(std::future::ready(Ok(taken.to_vec())))
    }

    fn issue_credential<'a>(&'a self, _: FirstCredential, id: &'a str) -> DirectoryFuture<'a, Option<Secret>> {
        self.note("issue");
        Box::pin(std::future::ready(Ok(Some(Secret::new(format!("door code of {id}"))))))
    }
}
