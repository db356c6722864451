//! A directory of a system of one's own: it gives the primitives, and every other verb follows from them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;

use futures_util::TryStreamExt as _;
use vendor_users::attribute::Value;
use vendor_users::capability::{Capability, Operation};
use vendor_users::client_core::serde::{Deserialize, Deserializer, Serialize, Serializer};
use vendor_users::client_core::serde_json::{self, Map, Value as Json};
use vendor_users::client_core::{At, Check, Constraints, Violations};
use vendor_users::directory::DirectoryFuture;
use vendor_users::primitives::{Page, Write};
use vendor_users::record::{Record, Shape};
use vendor_users::value::ValueError;
use vendor_users::{
    Action, Attribute, By, Capabilities, Directory, Effect, ErrorKind, Instance, Primitives, User, UserDraft, UserPatch, Verb,
};

/// A record of the register: text by name.
#[derive(Clone, Debug, Default, PartialEq)]
struct Person(BTreeMap<String, Json>);

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
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0.get(name)?.as_str().map(Cow::Borrowed)
    }
}

impl User for Person {
    fn record(&self) -> Option<(&'static Shape, Map<String, Json>)> {
        Some((Self::SHAPE, self.0.clone().into_iter().collect()))
    }

    fn id(&self) -> Option<Cow<'_, str>> {
        self.text("number")
    }

    fn user_name(&self) -> Option<Cow<'_, str>> {
        self.text("login")
    }

    fn title(&self) -> Option<Cow<'_, str>> {
        self.text("job")
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
            (Attribute::Title, "job"),
            (Attribute::Active, "left"),
        ],
        required: &["login"],
        secrets: &["/door_code"],
        properties: &["number", "login", "job", "left", "door_code"],
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

/// The register, in memory.
#[derive(Debug)]
struct Register {
    capabilities: Capabilities,
    people: Mutex<Vec<Person>>,
    defaults: Person,
}

impl Register {
    fn open() -> Self {
        let operation = |id, method| Capability::direct(Operation::new(id, method, "/people/{number}"));
        let mut capabilities = Capabilities::builder(Instance::new("register", "Staff register").named("head office"))
            .verb(Verb::Get, operation("ReadPerson", "GET"))
            .verb(Verb::List, Capability::direct(Operation::new("ListPeople", "GET", "/people")))
            .verb(Verb::Save, operation("WritePerson", "PUT"))
            .verb(Verb::Create, operation("WritePerson", "PUT"))
            .verb(Verb::Find, Capability::derived(&[Verb::List]))
            .verb(Verb::Update, Capability::derived(&[Verb::Get, Verb::Save]))
            .verb(Verb::Enable, Capability::derived(&[Verb::Update]))
            .verb(Verb::Disable, Capability::derived(&[Verb::Update]))
            .verb(Verb::SaveAll, Capability::derived(&[Verb::Save]))
            .verb(Verb::Delete, Capability::unsupported("people are kept").manual("ask the archive"));
        for (attribute, property) in Person::SHAPE.carries {
            capabilities = capabilities.carries(*attribute, *property);
        }
        let defaults = Person(BTreeMap::from([("left".to_owned(), Json::Bool(false)), ("job".to_owned(), Json::from("Clerk"))]));
        Self { capabilities: capabilities.build(), people: Mutex::default(), defaults }
    }

    fn people(&self) -> std::sync::MutexGuard<'_, Vec<Person>> {
        self.people.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Primitives for Register {
    type Record = Person;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn defaults(&self) -> Option<&Person> {
        Some(&self.defaults)
    }

    fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<Person>> {
        Box::pin(async move { Ok(self.people().iter().find(|person| person.id().as_deref() == Some(id)).cloned()) })
    }

    fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Person>> {
        Box::pin(async move {
            let from: usize = position.and_then(|position| position.parse().ok()).unwrap_or(0);
            let people = self.people();
            let page: Vec<Person> = people.iter().skip(from).take(2).cloned().collect();
            let next = from + page.len();
            Ok(Page::new(page, (next < people.len()).then(|| next.to_string())))
        })
    }

    fn write<'a>(&'a self, write: &'a Write<Person>) -> DirectoryFuture<'a, Option<Person>> {
        Box::pin(async move {
            let mut people = self.people();
            match people.iter_mut().find(|person| person.id() == write.record.id()) {
                Some(person) => *person = write.record.clone(),
                None => people.push(write.record.clone()),
            }
            Ok(Some(write.record.clone()))
        })
    }
}

fn person(number: &str) -> UserDraft {
    UserDraft::builder().id(number).user_name(format!("p{number}")).build()
}

#[tokio::test]
async fn every_verb_follows_from_the_primitives() -> Result<(), Box<dyn std::error::Error>> {
    let register = Register::open();
    let directory: &dyn Directory = &register;
    for number in ["1", "2", "3"] {
        assert_eq!(directory.create(&person(number)).await?.effect, Effect::Created);
    }
    assert_eq!(directory.list().try_collect::<Vec<_>>().await?.len(), 3);
    assert_eq!(directory.find(By::UserName("P2")).await?.len(), 1);

    // The default of a new user does not come back to one that exists.
    directory.update("1", &UserPatch::new().clear(Attribute::Title)).await?;
    let saved = directory.save(&person("1")).await?;
    assert_eq!((saved.effect, saved.user.title()), (Effect::Unchanged, None));

    directory.disable("1").await?;
    assert_eq!(directory.get("1").await?.active(), Some(false));
    let outcomes = directory.save_all(&[person("1"), person("4")]).await?;
    let effects: Vec<Option<Effect>> =
        outcomes.iter().map(|outcome| outcome.as_ref().ok().map(|outcome| outcome.effect)).collect();
    assert_eq!(effects, [Some(Effect::Unchanged), Some(Effect::Created)]);
    assert_eq!(directory.get("1").await?.active(), Some(false));

    let exists = directory.create(&person("1")).await.err().map(|error| error.kind());
    assert_eq!(exists, Some(ErrorKind::AlreadyExists));
    let taken = directory.update("1", &UserPatch::new().user_name("p2")).await.err().map(|error| error.to_string());
    insta::assert_snapshot!(taken.unwrap_or_default(), @"Staff register (head office): `update` of user `1`: `p2` is the name of another user; nothing was written");
    let other = directory.update("1", &UserPatch::new().id("9")).await.err().map(|error| error.to_string());
    insta::assert_snapshot!(other.unwrap_or_default(), @"Staff register (head office): `update` of user `1`: `id` cannot be written as `number`: it says which user is meant, so that it never changes; create another user instead");
    let error = directory.delete("1").await.err().ok_or("people are kept")?;
    assert_eq!((error.kind(), error.manual_step()), (ErrorKind::Unsupported, Some("ask the archive")));
    Ok(())
}

#[tokio::test]
async fn a_plan_is_what_is_sent_without_secrets_and_can_be_kept() -> Result<(), Box<dyn std::error::Error>> {
    let register = Register::open();
    register.create(&person("1")).await?;
    register.people().iter_mut().for_each(|person| drop(person.0.insert("door_code".to_owned(), Json::from("1234"))));
    let patch = UserPatch::new().title("Manager");
    let plan = register.plan(Action::Update { id: "1", patch: &patch }).await?;
    insta::assert_snapshot!(plan, @r#"
    PUT /people/1 (WritePerson)
      job: "Clerk" → "Manager"
    "#);
    let text = serde_json::to_string(&plan)?;
    assert!(!text.contains("1234"), "{text}");
    assert_eq!(serde_json::from_str::<vendor_users::Plan>(&text)?, plan);
    let disable = register.plan(Action::Disable("1")).await?;
    insta::assert_snapshot!(disable, @"
    PUT /people/1 (WritePerson)
      left: false → true
    ");

    // A secret that nobody named is not written back.
    register.update("1", &patch).await?;
    assert!(!register.people().iter().any(|person| person.0.contains_key("door_code")));
    Ok(())
}

#[tokio::test]
async fn a_user_is_kept_as_json_and_is_the_base_of_a_later_save() -> Result<(), Box<dyn std::error::Error>> {
    let register = Register::open();
    register.create(&person("1")).await?;
    let outcome = register.save(&person("1").rebuild().title("Manager").build()).await?;
    let text = serde_json::to_string(&outcome)?;
    let kept: vendor_users::Outcome = serde_json::from_str(&text)?;
    assert_eq!((kept.effect, kept.user.title().as_deref()), (Effect::Updated, Some("Manager")));

    let draft = UserDraft::builder().record_box(kept.user).title("Director").build();
    let draft: UserDraft = serde_json::from_str(&serde_json::to_string(&draft)?)?;
    let saved = register.save(&draft).await?;
    assert_eq!((saved.user.user_name().as_deref(), saved.user.title().as_deref()), (Some("p1"), Some("Director")));
    Ok(())
}

/// A fake for the tests of others implements what it needs of [`Directory`] itself.
#[derive(Debug)]
struct Fake(Capabilities);

impl Directory for Fake {
    fn capabilities(&self) -> &Capabilities {
        &self.0
    }

    fn disable<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        let busy = vendor_users::Error::new(ErrorKind::Unavailable, self.0.instance(), "closed on Sundays").about(id);
        Box::pin(async move { Err(busy.during(Verb::Disable).with_may_have_arrived(true)) })
    }
}

#[tokio::test]
async fn a_fake_says_what_a_test_wants() {
    let fake = Fake(Capabilities::builder(Instance::new("fake", "Fake")).build());
    let error = fake.disable("1").await.err();
    let told = error.as_ref().map(ToString::to_string).unwrap_or_default();
    insta::assert_snapshot!(told, @"Fake: `disable` of user `1`: closed on Sundays; it may have taken effect, so read the user before you try again");
    assert!(error.is_some_and(|error| error.is_retryable()));
}
