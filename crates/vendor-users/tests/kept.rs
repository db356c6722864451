//! What `survival` proves at one vendor, at the vendors that replace whole records without an operation for the switch: any record
//! survives every verb, any draft comes back, and hostile names do no more than find nobody.

use std::error::Error as StdError;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;
use vendor_users::client_core::serde_json::{self, Map, Value, json};
use vendor_users::testing::billingplatform::BillingPlatform;
use vendor_users::testing::twosms::TwoSms;
use vendor_users::testing::{Emulator, Records, Vendor};
use vendor_users::{Attribute, By, Directory, Effect, Error, ErrorKind, MatchKey, UserDraft, UserPatch, adapter, testing};

use crate::survival::{draft, fail, value};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;
type Tried = std::result::Result<(), TestCaseError>;

const KEYS: &[MatchKey] = &[MatchKey::UserName];
const UUID: &str = "a2d8b2d2-1673-4f2d-a9ec-b02947160be7";
const WEAK: [&str; 4] = ["get", "list", "find", "delete"];

/// One kind of user at one vendor's emulator.
struct Kind<V: Vendor> {
    server: Emulator<V>,
    users: Box<dyn Directory>,
    records: fn(&mut V) -> &mut Records,
    /// The folder of the specification, and the schema.
    schema: (&'static str, &'static str),
    /// What the vendor demands.
    required: Value,
    id: &'static str,
    /// What a read does not show, or the vendor writes.
    own: &'static [&'static str],
    /// What the verbs change: two by `update`, one by `ensure`.
    changed: [Attribute; 3],
}

async fn application() -> Result<Kind<BillingPlatform>> {
    let server = testing::billingplatform::start().await?;
    let settings = server.settings().accept_weak(WEAK).status_words("ACTIVE", "INACTIVE");
    let defaults = serde_json::from_value(json!({ "RoleId": 3, "LanguageCode": 1, "TimeZoneId": 12 }))?;
    let settings = settings.defaults(defaults).write_explicitly([Attribute::ExternalId]);
    let users = adapter::billingplatform::connect_with(settings, |builder| builder.rate_limit(None)).await?;
    Ok(Kind {
        server,
        users: Box::new(users),
        records: |vendor| &mut vendor.users,
        schema: ("billingplatform", "ApplicationUser"),
        required: json!({
            "Id": "77", "Username": "kim", "Email": "kim@example.com", "RoleId": 3, "LanguageCode": 1, "TimeZoneId": 12,
        }),
        id: "77",
        own: &["Created", "Updated"],
        changed: [Attribute::Title, Attribute::PhoneNumber, Attribute::GivenName],
    })
}

async fn external() -> Result<Kind<BillingPlatform>> {
    let server = testing::billingplatform::start().await?;
    let settings = server.settings().accept_weak(WEAK).status_words("ACTIVE", "INACTIVE");
    let users = adapter::billingplatform::connect_external_with(settings, |builder| builder.rate_limit(None)).await?;
    let Kind { mut required, id, own, .. } = application().await?;
    required["AccountId"] = json!(5);
    Ok(Kind {
        server,
        users: Box::new(users),
        records: |vendor| &mut vendor.external,
        schema: ("billingplatform", "ExternalUser"),
        required,
        id,
        own,
        changed: [Attribute::FamilyName, Attribute::Email, Attribute::GivenName],
    })
}

async fn twosms() -> Result<Kind<TwoSms>> {
    let server = testing::twosms::start().await?;
    let users = adapter::twosms::connect_with(server.settings(), |builder| builder.rate_limit(None)).await?;
    Ok(Kind {
        server,
        users: Box::new(users),
        records: |vendor| &mut vendor.users,
        schema: ("twosms", "User"),
        required: json!({
            "ID": UUID, "DisplayName": "Kim", "EmailAddress": "kim@example.com", "Enabled": true, "Username": "kim",
            "TimeZone": "UTC", "LanguageID": "c2fd9942-2548-483b-875c-a724b208dcaa", "MobilePhone": "+1 555 0100",
            "AccountID": "5a1ca887-9ec4-4ae8-bf61-715056ea9e98",
        }),
        id: UUID,
        own: &["DateModified", "Password", "Pin", "UserPassword"],
        changed: [Attribute::MobilePhone, Attribute::Email, Attribute::DisplayName],
    })
}

impl<V: Vendor> Kind<V> {
    /// Any record with all that is demanded, and with members that nobody documents.
    fn any(&self) -> impl Strategy<Value = Map<String, Value>> + use<V> {
        let (vendor, schema) = self.schema;
        let path = format!("{}/../../specs/{vendor}/openapi.json", env!("CARGO_MANIFEST_DIR"));
        let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap_or_default()).unwrap_or_default();
        let properties =
            document.pointer(&format!("/components/schemas/{schema}/properties")).and_then(Value::as_object).cloned();
        let (own, required) = (self.own, self.required.clone());
        let members: Vec<_> = properties
            .unwrap_or_default()
            .into_iter()
            .filter(|(name, schema)| {
                !own.contains(&name.as_str()) && schema.get("format").and_then(Value::as_str) != Some("uuid")
            })
            .map(|(name, schema)| {
                prop::option::weighted(0.7, value(&schema)).prop_map(move |value| (name.clone(), value)).boxed()
            })
            .collect();
        assert!(members.len() > 10, "the committed specification has no {schema}");
        let unknown =
            prop::collection::btree_map("x-[a-z]{1,6}", prop_oneof![Just("[1.5,null]"), Just("{}"), Just("null")], 0..4);
        (members, unknown, any::<bool>()).prop_map(move |(members, unknown, active)| {
            let known = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let unknown = unknown.into_iter().map(|(name, text)| (name, serde_json::from_str(text).unwrap_or_default()));
            let mut record: Map<String, Value> = known.chain(unknown).collect();
            record.extend(required.as_object().cloned().unwrap_or_default());
            if let Some(enabled) = record.get_mut("Enabled") {
                *enabled = json!(active);
            }
            record
        })
    }

    /// What stands at the vendor, without what the vendor writes and what carries these attributes.
    fn rest(&self, attributes: &[Attribute]) -> Map<String, Value> {
        let mut record = self.server.with(|vendor| (self.records)(vendor).get(self.id).cloned()).unwrap_or_default();
        let carried: Vec<_> = attributes.iter().filter_map(|attribute| self.users.capabilities().property(*attribute)).collect();
        record.retain(|name, _| !self.own.contains(&name.as_str()) && !carried.contains(&name.as_str()));
        record
    }

    fn writes(&self) -> usize {
        let sent = self.server.exchanges().iter().filter(|exchange| exchange.request.method != "GET").count();
        self.server.forget();
        sent
    }

    async fn survives(&self, record: Map<String, Value>) -> Tried {
        let [one, other, third] = self.changed;
        let text = |attribute| if attribute == Attribute::Email { "lee@example.com" } else { "+1 555 0188" };
        let patch = UserPatch::new().set(one, text(one)).and_then(|patch| patch.set(other, text(other))).map_err(fail)?;
        self.server.with(|vendor| (self.records)(vendor).put(Value::Object(record)));
        let before = self.rest(&[one, other]);
        self.users.update(self.id, &patch).await.map_err(fail)?;
        prop_assert_eq!(self.rest(&[one, other]), before);

        let before = self.rest(&[Attribute::Active]);
        prop_assert_eq!(self.users.deactivate(self.id).await.map_err(fail)?.user.active(), Some(false));
        prop_assert_eq!(&self.rest(&[Attribute::Active]), &before);
        prop_assert_eq!(self.users.activate(self.id).await.map_err(fail)?.user.active(), Some(true));
        prop_assert_eq!(self.rest(&[Attribute::Active]), before);

        let before = self.rest(&[third]);
        let draft = UserDraft::builder().user_name("KIM").set(third, "Somebody else").map_err(fail)?.build();
        prop_assert_eq!(self.users.ensure(&draft, KEYS).await.map_err(fail)?.effect, Effect::Updated);
        prop_assert_eq!(self.rest(&[third]), before);
        self.server.forget();
        prop_assert_eq!(self.users.ensure(&draft, KEYS).await.map_err(fail)?.effect, Effect::Unchanged);
        prop_assert_eq!(self.writes(), 0, "a second call sends no write");
        Ok(())
    }

    fn run(&self, runtime: &Runtime) -> Result<()> {
        let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) });
        Ok(runner.run(&self.any(), |record| runtime.block_on(self.survives(record)))?)
    }
}

#[test]
fn any_record_survives_everything_that_is_done_to_a_user() -> Result<()> {
    let runtime = Runtime::new()?;
    runtime.block_on(application())?.run(&runtime)?;
    runtime.block_on(external())?.run(&runtime)?;
    runtime.block_on(twosms())?.run(&runtime)
}

/// The draft is ensured, and what is read back is what it says, save for what is said to be dropped.
async fn comes_back<V: Vendor>(kind: &Kind<V>, draft: &UserDraft, created: bool) -> Tried {
    let draft = draft.clone().rebuild().id(kind.id).build();
    let keys: &[MatchKey] = if created { KEYS } else { &[MatchKey::Id] };
    if created {
        kind.server.with(|vendor| (kind.records)(vendor).remove(kind.id));
    } else {
        kind.server.with(|vendor| (kind.records)(vendor).put(kind.required.clone()));
    }
    let outcome = match kind.users.ensure(&draft, keys).await {
        // A value that the vendor does not take is refused, never cut.
        Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Refused) => return Ok(()),
        outcome => outcome.map_err(fail)?,
    };
    let read = kind.users.get(kind.id).await.map_err(fail)?;
    for (attribute, value) in draft.attributes() {
        let dropped = outcome.dropped.iter().any(|dropped| dropped.attribute == attribute);
        prop_assert_eq!(
            dropped || attribute == Attribute::Id,
            kind.users.capabilities().obstacle(attribute).is_some() || attribute == Attribute::Id,
            "{}",
            attribute
        );
        if !dropped {
            let found = read.attribute(attribute);
            prop_assert_eq!(found.as_ref(), Some(value), "{}", attribute);
        }
    }
    kind.server.forget();
    let twice = kind.users.ensure(&draft, keys).await;
    prop_assert_eq!(twice.as_ref().map(|outcome| outcome.effect).map_err(Error::kind), Ok(Effect::Unchanged));
    prop_assert_eq!(kind.writes(), 0, "a second call sends no write");
    Ok(())
}

#[test]
fn any_draft_comes_back_as_far_as_the_vendor_can_carry_it() -> Result<()> {
    let runtime = Runtime::new()?;
    let (application, twosms) = (runtime.block_on(application())?, runtime.block_on(twosms())?);
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) });
    runner.run(&draft(), |draft| {
        runtime.block_on(comes_back(&application, &draft, true))?;
        runtime.block_on(comes_back(&twosms, &draft, false))
    })?;
    Ok(())
}

/// Names that mean something in a query, in an address or on the way there.
const HOSTILE: &[&str] = &[
    "o'neil",
    "''",
    "' OR '1'='1",
    "x'; DROP TABLE APPLICATION_USER; --",
    "100%",
    "_",
    "back\\slash",
    "x\\' OR 1 eq 1",
    "a\"b",
    "nul\0",
    "line\nbreak",
    "Zo\u{eb}",
    "\u{2bc}\u{2019}\u{ff07}",
    "a/../b",
    "a?b#c&d=e",
    "%27",
    "${x}",
    "\u{202e}kim",
    "😀",
];

async fn finds_only_whom_it_is_told<V: Vendor>(kind: &Kind<V>) -> Result<()> {
    let name = kind.users.capabilities().property(Attribute::UserName).ok_or("no names")?.to_owned();
    let mut user = kind.required.clone();
    kind.server.with(|vendor| (kind.records)(vendor).put(user.clone()));
    let long = "x'".repeat(4_000);
    for hostile in HOSTILE.iter().copied().chain([long.as_str()]) {
        user[&name] = json!("kim");
        kind.server.with(|vendor| (kind.records)(vendor).put(user.clone()));
        for by in [By::UserName(hostile), By::Email(hostile), By::Id(hostile)] {
            let found = kind.users.find(by).await.map_err(|error| format!("{by}: {error}"))?;
            assert!(found.is_empty() && found.is_complete(), "{by} finds somebody else");
        }
        user[&name] = json!(hostile);
        kind.server.with(|vendor| (kind.records)(vendor).put(user.clone()));
        let found = kind.users.find(By::UserName(hostile)).await?;
        let names: Vec<_> = found.users.iter().filter_map(|user| user.user_name()).collect();
        assert_eq!(names, [hostile]);
    }
    assert_eq!(kind.writes(), 1, "nothing is written; there was one login");
    Ok(())
}

/// The same where the name is the identifier, and stands in the path of a read.
async fn finds_by_path_only_whom_it_is_told() -> Result<()> {
    let server = testing::vbasoftware::start().await?;
    let users = adapter::vbasoftware::connect_with(server.settings(), |builder| builder.rate_limit(None)).await?;
    server.with(|vendor| vendor.users.put(crate::support::required::vba("kim")));
    let long = "x'".repeat(4_000);
    for hostile in HOSTILE.iter().copied().chain([long.as_str()]) {
        for by in [By::UserName(hostile), By::Email(hostile), By::Id(hostile)] {
            let found = users.find(by).await.map_err(|error| format!("{by}: {error}"))?;
            assert!(found.is_empty() && found.is_complete(), "{by} finds somebody else");
        }
        server.with(|vendor| vendor.users.put(crate::support::required::vba(hostile)));
        let found = users.find(By::UserName(hostile)).await?;
        let names: Vec<_> = found.users.iter().filter_map(|user| user.user_name()).collect();
        assert_eq!(names, [hostile]);
    }
    let posts = server.exchanges().iter().filter(|exchange| exchange.request.method != "GET").count();
    assert_eq!(posts, 1, "nothing is written; there was one login");
    Ok(())
}

#[test]
fn hostile_names_find_those_who_are_called_so_and_nobody_else() -> Result<()> {
    let runtime = Runtime::new()?;
    runtime.block_on(async {
        finds_only_whom_it_is_told(&application().await?).await?;
        finds_only_whom_it_is_told(&external().await?).await?;
        finds_only_whom_it_is_told(&twosms().await?).await?;
        finds_by_path_only_whom_it_is_told().await
    })
}
