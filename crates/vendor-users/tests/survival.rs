//! Any record survives what is done to a user, and any draft comes back as far as the vendor can carry it. Over sockets, at every
//! vendor that documents the verbs.

use std::error::Error as StdError;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use vendor_users::client_core::serde_json::{self, Map, Value};
use vendor_users::testing::Emulator;
use vendor_users::testing::vbasoftware::Vba;
use vendor_users::{
    Attribute, Directory, Effect, Error, ErrorKind, MatchKey, UserDraft, UserPatch, adapter, testing, vbasoftware,
};

use crate::support::required;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const KEYS: &[MatchKey] = &[MatchKey::UserName];

/// A value that a property may have: of its type, and within its length.
pub(crate) fn value(schema: &Value) -> BoxedStrategy<Value> {
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
    let length = schema.get("maxLength").and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let known = match kind {
        "string" if schema.get("format").and_then(Value::as_str) == Some("date-time") => {
            Just(Value::from("2024-05-06T07:08:09.120Z")).boxed()
        }
        "string" => {
            let text = prop::char::range(' ', '\u{17f}');
            let text = prop::collection::vec(text, 0..=length.unwrap_or(12).min(12));
            text.prop_map(|text| Value::from(text.into_iter().collect::<String>())).boxed()
        }
        "integer" => any::<i32>().prop_map(Value::from).boxed(),
        "number" => (-1_000_000_i32..1_000_000).prop_map(|number| Value::from(f64::from(number) / 100.0)).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "array" => Just(Value::Array(Vec::new())).boxed(),
        _ => Just(Value::Null).boxed(),
    };
    prop_oneof![4 => known, 1 => Just(Value::Null)].boxed()
}

/// Any record of VBA Software's users with all that is demanded, and with members that nobody documents. The password is left
/// out: a read never shows it.
fn record() -> impl Strategy<Value = Map<String, Value>> {
    let path = format!("{}/../../specs/vbasoftware/openapi.json", env!("CARGO_MANIFEST_DIR"));
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap_or_default()).unwrap_or_default();
    let properties = document.pointer("/components/schemas/User/properties").and_then(Value::as_object).cloned();
    let properties = properties.unwrap_or_default();
    assert!(properties.len() > 40, "the committed specification has no users");
    let members = properties
        .into_iter()
        .filter(|(name, _)| name != "password")
        .map(|(name, schema)| prop::option::weighted(0.7, value(&schema)).prop_map(move |value| (name.clone(), value)).boxed());
    let unknown = prop::collection::btree_map("x-[a-z]{1,6}", prop_oneof![Just("[1.5,null]"), Just("{}"), Just("null")], 0..4);
    (members.collect::<Vec<_>>(), unknown, any::<[bool; 11]>()).prop_map(|(members, unknown, flags)| {
        let known = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let unknown = unknown.into_iter().map(|(name, text)| (name, serde_json::from_str(text).unwrap_or_default()));
        let mut record: Map<String, Value> = known.chain(unknown).collect();
        let required = required::vba("kim");
        let mut flags = flags.into_iter();
        for (name, value) in required.as_object().into_iter().flatten() {
            let value = if value.is_boolean() { flags.next().map_or(value.clone(), Value::from) } else { value.clone() };
            record.insert(name.clone(), value);
        }
        record
    })
}

/// What stands at the vendor, without what the vendor writes itself and the named members.
fn rest(server: &Emulator<Vba>, names: &[&str]) -> Map<String, Value> {
    let mut record = server.with(|vendor| vendor.users.get("kim").cloned()).unwrap_or_default();
    record.retain(|name, _| !["update_Date", "entry_Date"].contains(&name.as_str()) && !names.contains(&name.as_str()));
    record
}

pub(crate) fn fail(error: impl ToString) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// Every verb, one after the other; each changes what it names.
async fn survives(
    server: &Emulator<Vba>,
    users: &impl Directory,
    record: Map<String, Value>,
) -> std::result::Result<(), TestCaseError> {
    let patch = UserPatch::new().title("Manager").clear(Attribute::PhoneNumber);
    let draft = UserDraft::builder().user_name("KIM").display_name("Kim Lee").clear(Attribute::Title).build();
    server.with(|vendor| vendor.users.put(Value::Object(record)));
    let before = rest(server, &["title", "phone"]);
    users.update("kim", &patch).await.map_err(fail)?;
    prop_assert_eq!(rest(server, &["title", "phone"]), before);

    let before = rest(server, &["account_Locked"]);
    prop_assert_eq!(users.deactivate("kim").await.map_err(fail)?.user.active(), Some(false));
    prop_assert_eq!(&rest(server, &["account_Locked"]), &before);
    prop_assert_eq!(users.activate("kim").await.map_err(fail)?.user.active(), Some(true));
    prop_assert_eq!(rest(server, &["account_Locked"]), before);

    let before = rest(server, &["name", "title"]);
    let first = users.ensure(&draft, KEYS).await.map_err(fail)?;
    prop_assert_eq!(first.effect, Effect::Updated);
    prop_assert_eq!(rest(server, &["name", "title"]), before);
    server.forget();
    prop_assert_eq!(users.ensure(&draft, KEYS).await.map_err(fail)?.effect, Effect::Unchanged);
    prop_assert!(server.exchanges().iter().all(|exchange| exchange.request.method == "GET"), "a second call sends no write");
    server.forget();
    Ok(())
}

#[test]
fn any_record_survives_everything_that_is_done_to_a_user() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let (server, users) = runtime.block_on(async {
        let server = testing::vbasoftware::start().await?;
        let users = adapter::vbasoftware::connect_with(server.settings(), |builder| builder.rate_limit(None)).await?;
        Ok::<_, Box<dyn StdError>>((server, users))
    })?;
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) });
    runner.run(&record(), |record| runtime.block_on(survives(&server, &users, record)))?;
    Ok(())
}

/// A draft of texts without blanks around them, which vendors may cut off.
pub(crate) fn draft() -> impl Strategy<Value = UserDraft> {
    let attributes = Attribute::ALL.iter().filter(|attribute| !attribute.is_local()).map(|&attribute| {
        let value = match attribute {
            Attribute::UserName => "[a-z]{3,10}[0-9]{1,6}".boxed(),
            Attribute::Email => "[a-z]{1,10}@example\\.com".boxed(),
            Attribute::Active => prop_oneof![Just("true"), Just("false")].prop_map(str::to_owned).boxed(),
            Attribute::Manager | Attribute::Organization => (1..9_999).prop_map(|number: i32| number.to_string()).boxed(),
            Attribute::PhoneNumber | Attribute::MobilePhone => "\\+[1-9][0-9]{5,9}".boxed(),
            _ => "[\\PC&&[^ ]]{1,5}".boxed(),
        };
        let demanded = matches!(attribute, Attribute::UserName | Attribute::Email);
        let value = value.prop_map(move |value| (attribute, value));
        if demanded { value.prop_map(Some).boxed() } else { prop::option::of(value).boxed() }
    });
    attributes.collect::<Vec<_>>().prop_map(|values| {
        let set = values.into_iter().flatten();
        let build = |draft: vendor_users::draft::UserDraftBuilder, (attribute, value): (Attribute, String)| {
            draft.clone().set(attribute, value).unwrap_or(draft)
        };
        set.fold(UserDraft::builder(), build).build()
    })
}

/// The draft is ensured, and what is read back is what it says, save for what is said to be dropped. Whether it fits the vendor.
async fn comes_back(
    server: &Emulator<Vba>,
    users: &impl Directory,
    draft: &UserDraft,
) -> std::result::Result<bool, TestCaseError> {
    server.with(|vendor| vendor.users = vendor_users::testing::Records::new("user_ID"));
    let outcome = match users.ensure(draft, KEYS).await {
        // A text that is longer than the vendor takes is refused, never cut.
        Err(error) if error.kind() == ErrorKind::Invalid => return Ok(false),
        outcome => outcome.map_err(fail)?,
    };
    prop_assert_eq!(outcome.effect, Effect::Created);
    let id = outcome.user.id().map(|id| id.into_owned()).unwrap_or_default();
    let read = users.get(&id).await.map_err(fail)?;
    for (attribute, value) in draft.attributes() {
        let dropped = outcome.dropped.iter().any(|dropped| dropped.attribute == attribute);
        prop_assert_eq!(dropped, users.capabilities().obstacle(attribute).is_some(), "{}", attribute);
        if !dropped {
            let found = read.attribute(attribute);
            prop_assert_eq!(found.as_ref(), Some(value), "{}", attribute);
        }
    }
    server.forget();
    let twice = users.ensure(draft, KEYS).await;
    // A user that was created as inactive may be locked out as far as anybody knows; wanted is that it is inactive.
    prop_assert_eq!(twice.as_ref().map(|outcome| outcome.effect).map_err(Error::kind), Ok(Effect::Unchanged));
    prop_assert!(server.exchanges().iter().all(|exchange| exchange.request.method == "GET"), "a second call sends no write");
    server.forget();
    Ok(true)
}

#[test]
fn any_draft_comes_back_as_far_as_the_vendor_can_carry_it() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let defaults: vbasoftware::types::User = serde_json::from_value(required::vba("nobody"))?;
    let (server, users) = runtime.block_on(async {
        let server = testing::vbasoftware::start().await?;
        let settings = server.settings().defaults(defaults);
        let users = adapter::vbasoftware::connect_with(settings, |builder| builder.rate_limit(None)).await?;
        Ok::<_, Box<dyn StdError>>((server, users))
    })?;
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) });
    let created = std::cell::Cell::new(0);
    runner.run(&draft(), |draft| {
        created.set(created.get() + usize::from(runtime.block_on(comes_back(&server, &users, &draft))?));
        Ok(())
    })?;
    assert!(created.get() > 32, "only {} of 64 drafts fit the vendor", created.get());
    Ok(())
}
