//! The life of a user at SuperOffice: on a person, with licences, and with what no page says either way.

use std::error::Error as StdError;

use futures_util::TryStreamExt as _;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use vendor_users::adapter::superoffice::{Installation, Users, connect};
use vendor_users::client_core::serde_json::{Map, Value, json};
use vendor_users::query::{Comparison, ListQuery, Order, QueryPart};
use vendor_users::testing::superoffice::{SuperOffice, start};
use vendor_users::testing::{Emulator, Fault};
use vendor_users::{
    Action, Attribute, By, Choice, Directory, Effect, Error, ErrorKind, FirstCredential, MatchKey, Taken, UserDraft, UserPatch,
    Verb,
};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const KEYS: &[MatchKey] = &[MatchKey::UserName, MatchKey::Email];

/// Operations that change something.
const WRITES: [&str; 5] = ["SaveUser", "SavePersonEntity", "MakeRetired", "DeleteUser", "SendChangePasswordEMail"];

async fn emulated() -> Result<(Emulator<SuperOffice>, Users)> {
    let server = start().await?;
    let users = connect(server.settings()).await?;
    Ok((server, users))
}

fn kim() -> UserDraft {
    let draft = UserDraft::builder().user_name("kim.lee").given_name("Kim").family_name("Lee").email("kim.lee@example.com");
    draft.phone_number("+1 555 0100").role("1").build()
}

/// The writes since the last time, in order.
fn writes(server: &Emulator<SuperOffice>) -> Vec<String> {
    let names = server.exchanges().into_iter().filter_map(|exchange| exchange.request.path.last().cloned());
    let writes = names.filter(|name| WRITES.contains(&name.as_str())).collect();
    server.forget();
    writes
}

fn put(server: &Emulator<SuperOffice>, id: i64, name: &str, more: Value) {
    let mut user =
        json!({ "AssociateId": id, "UserName": name, "Name": name, "Deleted": false, "Role": { "Id": 1, "Value": "User" } });
    if let (Value::Object(user), Value::Object(more)) = (&mut user, more) {
        user.extend(more);
    }
    server.with(|vendor| vendor.users.put(user));
}

fn person(id: i64, first: &str, last: &str, email: &str) -> Value {
    json!({
        "PersonId": id, "Firstname": first, "Lastname": last, "Emails": [{ "Value": email, "Description": "work" }],
        "OfficePhones": [], "MobilePhones": [], "Contact": { "ContactId": 2 }, "Interests": [7, null], "Retired": false,
    })
}

fn kind<T>(result: std::result::Result<T, Error>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

#[tokio::test]
async fn a_joiner_gets_a_person_and_a_second_call_finishes_what_the_first_began() -> Result<()> {
    let (server, users) = emulated().await?;
    server.inject(Fault::status(500).on("POST", "SaveUser"));
    let error = users.ensure(&kim(), KEYS).await.err().ok_or("the vendor fails")?;
    assert!(error.may_have_arrived() && error.to_string().contains("person 1 was made"), "{error}");
    assert_eq!(writes(&server), ["SavePersonEntity", "SaveUser"]);
    server.heal();
    let outcome = users.ensure(&kim(), KEYS).await?;
    assert_eq!((outcome.effect, writes(&server)), (Effect::Created, vec!["SaveUser".to_owned()]));
    let found = (outcome.user.email(), outcome.user.given_name(), outcome.user.display_name(), outcome.user.phone_number());
    let texts = [found.0, found.1, found.2, found.3].map(|text| text.map(|text| text.into_owned()));
    assert_eq!(texts.map(Option::unwrap_or_default), ["kim.lee@example.com", "Kim", "Kim Lee", "+1 555 0100"]);
    assert_eq!(users.ensure(&kim(), KEYS).await?.effect, Effect::Unchanged);
    assert_eq!((writes(&server).len(), server.with(|vendor| vendor.persons.all().len())), (0, 1));
    assert_eq!(kind(users.create(&kim()).await), Some(ErrorKind::AlreadyExists));
    assert_eq!(writes(&server).len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_person_that_the_vendor_does_not_list_is_gone_on_with_where_the_record_names_it() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| vendor.unsaid.hides_potential = true);
    server.inject(Fault::status(500).on("POST", "SaveUser"));
    let error = users.create(&kim()).await.err().ok_or("the vendor fails")?;
    assert!(error.to_string().contains("`Person.PersonId`"), "{error}");
    server.heal();
    let mut record = vendor_users::superoffice::types::User::default();
    record.person =
        vendor_users::client_core::serde_json::from_value::<vendor_users::superoffice::types::Person>(json!({ "PersonId": 1 }))?
            .into();
    let outcome = users.create(&kim().rebuild().record(record).build()).await?;
    assert_eq!((outcome.effect, outcome.user.given_name().as_deref()), (Effect::Created, Some("Kim")));
    assert_eq!(server.with(|vendor| vendor.persons.all().len()), 1);
    Ok(())
}

#[tokio::test]
async fn a_person_that_is_there_becomes_the_user_and_keeps_all_else() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| vendor.persons.put(person(40, "kim", "LEE", "Kim.Lee@example.com")));
    let draft = kim().rebuild().unset(Attribute::PhoneNumber).build();
    users.ensure(&draft, KEYS).await?;
    assert_eq!(writes(&server), ["SaveUser"]);
    let kept = server.with(|vendor| vendor.persons.get("40").cloned()).map(Value::Object);
    assert_eq!(kept, Some(person(40, "kim", "LEE", "Kim.Lee@example.com")));

    // An address that is not its first one stays where it is, and what is new is added.
    let mut other = person(43, "Ann", "Ash", "ann@home.example");
    other["Emails"] = json!([{ "Value": "ann@home.example" }, { "Value": "ann@example.com", "Description": "work" }]);
    server.with(|vendor| vendor.persons.put(other));
    server.with(|vendor| vendor.unsaid.case_counts = true);
    let ann = UserDraft::builder().user_name("ann").given_name("Ann").family_name("Ash").email("ann@home.example").title("Clerk");
    users.create(&ann.build()).await?;
    assert_eq!(writes(&server), ["SavePersonEntity", "SaveUser"]);
    let kept = server.with(|vendor| vendor.persons.get("43").cloned()).unwrap_or_default();
    assert_eq!(kept["Title"].as_str(), Some("Clerk"));
    let id = users.find(By::UserName("ann")).await?.users.first().and_then(|user| user.id().map(|id| id.into_owned()));
    users.update(&id.unwrap_or_default(), &UserPatch::new().email("ann@example.com")).await?;
    let kept = server.with(|vendor| vendor.persons.get("43").cloned()).unwrap_or_default();
    let values: Vec<_> = kept["Emails"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|email| (email["Value"].as_str(), email["Description"].as_str()))
        .collect();
    assert_eq!(values, [(Some("ann@example.com"), Some("work")), (Some("ann@home.example"), None)]);
    writes(&server);

    // Somebody else with the same address, and somebody of the same name without one, are not taken over.
    for (draft, other) in [
        (kim().rebuild().user_name("lou").email("lou@example.com").build(), person(41, "Lou", "Other", "lou@example.com")),
        (kim().rebuild().user_name("max").unset(Attribute::Email).build(), person(42, "Kim", "Lee", "")),
    ] {
        server.with(|vendor| vendor.persons.put(other));
        let error = users.create(&draft).await.err().ok_or("nobody knows who that is")?;
        assert_eq!((error.kind(), writes(&server).len()), (ErrorKind::Conflict, 0), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn what_the_vendor_demands_is_read_from_its_defaults_and_told_before_anything_is_saved() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| vendor.demands_of_users.push("NickName"));
    server.with(|vendor| vendor.demands_of_persons.push("Emails"));
    let error = users.create(&UserDraft::builder().user_name("kim").build()).await.err().ok_or("much is missing")?;
    assert_eq!((error.kind(), writes(&server).len()), (ErrorKind::Invalid, 0));
    for missing in ["Lastname", "Emails", "NickName", "family_name", "email"] {
        assert!(error.to_string().contains(missing), "{missing}: {error}");
    }
    // A default of the vendor counts as a value.
    assert!(!error.to_string().contains("Role"), "{error}");
    let whole = kim().rebuild().nick_name("Kimmy").build();
    assert_eq!(users.create(&whole).await?.effect, Effect::Created);
    Ok(())
}

#[tokio::test]
async fn one_of_several_owners_is_chosen_by_the_settings() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| vendor.companies.push((9, "Daughter".to_owned())));
    let error = users.create(&kim()).await.err().ok_or("nobody knows which")?;
    assert!(error.to_string().contains("Emulated Company (2), Daughter (9)"), "{error}");
    assert_eq!(writes(&server).len(), 0);
    let users = connect(server.settings().owner_company(9)).await?;
    assert_eq!(users.create(&kim()).await?.user.organization().as_deref(), Some("Daughter"));
    Ok(())
}

#[tokio::test]
async fn what_belongs_to_the_person_is_saved_there_and_verified() -> Result<()> {
    let (server, users) = emulated().await?;
    server.with(|vendor| vendor.persons.put(person(40, "Kim", "Lee", "kim@example.com")));
    put(&server, 7, "kim", json!({ "Person": { "PersonId": 40 }, "Region": { "Code": "north" } }));
    let patch = UserPatch::new().email("lee@example.com").title("Boss");
    let plan = users.plan(Action::Update { id: "7", patch: &patch }).await?;
    let planned: Vec<&str> = plan.requests.iter().map(|request| &*request.operation.id).collect();
    assert_eq!((planned, writes(&server).len()), (vec!["SavePersonEntity"], 0));
    let outcome = users.update("7", &patch).await?;
    assert_eq!(
        (outcome.user.email().as_deref(), writes(&server)),
        (Some("lee@example.com"), vec!["SavePersonEntity".to_owned()])
    );
    let kept = server.with(|vendor| vendor.persons.get("40").cloned()).unwrap_or_default();
    assert_eq!((kept.get("Interests"), kept["Emails"][0]["Description"].as_str()), (Some(&json!([7, null])), Some("work")));

    let both = UserPatch::new().nick_name("Kimmy").mobile_phone("+47 99 00 00 00");
    users.update("7", &both).await?;
    assert_eq!(writes(&server), ["SavePersonEntity", "SaveUser"]);
    // What the vendor's check has something against is not begun.
    put(&server, 8, "lou", json!({}));
    let taken = users.update("7", &both.clone().title("Chief").user_name("LOU")).await.err().ok_or("the name is taken")?;
    assert_eq!((taken.kind(), writes(&server).len()), (ErrorKind::Conflict, 0));
    server.inject(Fault::json(200, json!({ "NickName": "it is too nice" })).on("POST", "ValidateUser"));
    let error = users.update("7", &UserPatch::new().nick_name("Kim").title("Chief")).await.err().ok_or("refused")?;
    assert!(error.kind() == ErrorKind::Invalid && error.to_string().contains("it is too nice"), "{error}");
    assert_eq!(writes(&server).len(), 0);
    server.heal();
    server.with(|vendor| vendor.unsaid.has_another_phone = true);
    let error = users.update("7", &UserPatch::new().phone_number("+1 555 0100")).await.err().ok_or("a read does not show it")?;
    assert!(error.kind() == ErrorKind::Unverified && error.to_string().contains("`phone_number`"), "{error}");
    assert_eq!(kind(users.update("7", &UserPatch::new().active(false)).await), Some(ErrorKind::Unsupported));
    Ok(())
}

#[tokio::test]
async fn a_leaver_loses_licences_that_are_told_before_and_given_back_after() -> Result<()> {
    for returns in [false, true] {
        let (server, users) = emulated().await?;
        server.with(|vendor| vendor.unsaid.returns_licences = returns);
        let licence = |id, assigned, may| json!({ "ModuleLicenseId": id, "Name": format!("Module {id}"), "Assigned": assigned, "CanAssign": may });
        let owners = json!([{ "Name": "SuperOffice", "RestrictedModuleLicenses": [licence(7, true, true), licence(8, false, true)],
            "UnrestrictedModuleLicenses": [licence(9, true, false)] }]);
        put(&server, 7, "kim", json!({ "LicenseOwners": owners, "Unknown": 1 }));
        let plan = users.plan(Action::Deactivate("7")).await?;
        let lost = vec![Taken::new("licence", "7", "Module 7"), Taken::new("licence", "9", "Module 9")];
        assert_eq!(plan.users.first().map(|user| user.taken.clone()), Some(lost.clone()));
        let off = users.deactivate("7").await?;
        assert_eq!((off.user.active(), off.taken), (Some(false), lost.clone()));
        assert_eq!(users.deactivate("7").await?.effect, Effect::Unchanged);
        assert_eq!(writes(&server), ["MakeRetired"]);
        let on = users.activate_with("7", &lost).await?;
        assert_eq!(on.user.active(), Some(true));
        if returns {
            assert_eq!((on.restored, on.to_restore.len(), writes(&server)), (lost, 0, vec!["MakeRetired".to_owned()]));
        } else {
            // One of them the vendor does not let anybody assign.
            assert_eq!((on.restored, on.to_restore), (lost[..1].to_vec(), lost[1..].to_vec()));
            assert_eq!(writes(&server), ["MakeRetired", "SaveUser"]);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_joiner_gets_the_licences_of_the_settings_or_is_not_made() -> Result<()> {
    let server = start().await?;
    let users = connect(server.settings().licences(["7"])).await?;
    let id = users.create(&kim()).await?.user.id().map(|id| id.into_owned()).unwrap_or_default();
    let plan = users.plan(Action::Deactivate(&id)).await?;
    assert_eq!(plan.users.first().map(|user| user.taken.clone()), Some(vec![Taken::new("licence", "7", "Sales Premium")]));
    let users = connect(server.settings().licences(["7", "8"])).await?;
    let error =
        users.create(&kim().rebuild().user_name("lou").email("lou@example.com").build()).await.err().ok_or("no licence")?;
    assert!(error.to_string().contains("licences 8"), "{error}");
    assert_eq!(server.with(|vendor| vendor.users.all().len()), 1);
    Ok(())
}

#[tokio::test]
async fn a_retirement_that_a_read_does_not_show_is_unverified() -> Result<()> {
    let (server, users) = emulated().await?;
    put(&server, 7, "kim", json!({}));
    server.inject(Fault::status(204).on("POST", "MakeRetired"));
    assert_eq!(kind(users.deactivate("7").await), Some(ErrorKind::Unverified));
    Ok(())
}

/// Names that mean something to filters, to operators or to nobody.
const NAMES: [&str; 9] = ["o'brien", "' or 1 eq 1 or '", "100%", "a_b", "back\\slash", "[a-z]", "nul\0l", "Åse Ø", "tab\tbed"];

#[tokio::test]
async fn whoever_is_there_is_found_whatever_the_name_and_whatever_no_page_says() -> Result<()> {
    for bits in 0..8_u8 {
        let (server, users) = emulated().await?;
        server.with(|vendor| {
            vendor.unsaid.finds_by_user_id = bits & 1 != 0;
            vendor.unsaid.case_counts = bits & 2 != 0;
            vendor.unsaid.lists_by_person = bits & 4 != 0;
        });
        for (place, name) in (10..).zip(NAMES) {
            server.with(|vendor| vendor.persons.put(person(place + 100, "Kim", name, &format!("{name}@example.com"))));
            put(
                &server,
                place,
                name,
                json!({ "Name": format!("u{place}"), "Deleted": place % 2 == 0, "Person": { "PersonId": place + 100 } }),
            );
        }
        for (place, name) in (10..).zip(NAMES) {
            for (by, other) in [
                (By::UserName(name), name.to_uppercase()),
                (By::Email(&format!("{name}@example.com")), format!("{name}@EXAMPLE.com")),
            ] {
                for by in [by, by.key().by(&other)] {
                    let found = users.find(by).await?;
                    let ids: Vec<String> = found.users.iter().filter_map(|user| user.id().map(|id| id.into_owned())).collect();
                    assert_eq!(ids, [place.to_string()], "{by}");
                }
            }
        }
        let nobody = users.find(By::UserName("nobody")).await?;
        assert!(nobody.is_empty() && nobody.is_complete(), "the list was read to its end");
        // The name of one is the user id of another: that is nobody's name.
        assert!(users.find(By::UserName("u10")).await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn the_list_has_everybody_in_pages_and_the_order_that_is_wanted() -> Result<()> {
    let (server, users) = emulated().await?;
    for id in 1..=1_100 {
        put(&server, id, &format!("user{id:04}"), json!({ "Deleted": id % 10 == 0 }));
    }
    server.forget();
    let all: Vec<_> = users.list().try_collect().await?;
    assert_eq!((all.len(), server.exchanges().len()), (1_100, 4), "three pages, and an empty one that ends the list");
    assert_eq!(all.iter().filter(|user| user.active() == Some(false)).count(), 110);
    let query = ListQuery::new().ordered_by(Attribute::UserName, Order::Descending).page_size(2);
    let query = query.with(Attribute::Active, Comparison::Equals, true).with(Attribute::UserName, Comparison::StartsWith, "USER");
    let page = users.list_page(&query).await?;
    let names: Vec<_> = page.users.iter().filter_map(|user| user.user_name().map(|name| name.into_owned())).collect();
    assert_eq!(
        (names, page.not_done),
        (vec!["user1099".to_owned(), "user1098".to_owned()], vec![QueryPart::Condition(Attribute::UserName)])
    );
    Ok(())
}

#[tokio::test]
async fn a_mail_that_was_not_sent_is_an_error() -> Result<()> {
    let (server, users) = emulated().await?;
    put(&server, 7, "kim", json!({}));
    users.reset_password("7").await?;
    assert_eq!(server.with(|vendor| vendor.mails.clone()), [7]);
    server.with(|vendor| vendor.mail_fault = Some("[SR_NO_ADDRESS]".to_owned()));
    let error = users.reset_password("7").await.err().ok_or("no mail")?;
    assert!(error.to_string().contains("[SR_NO_ADDRESS]"), "{error}");
    let draft = kim().rebuild().first_credential(FirstCredential::VendorMail).build();
    let error = users.create(&draft).await.err().ok_or("no mail")?;
    assert!(error.may_have_arrived() && error.to_string().contains("was created as `1`"), "{error}");
    Ok(())
}

#[tokio::test]
async fn roles_and_groups_are_chosen_by_number() -> Result<()> {
    let (server, users) = emulated().await?;
    let roles = users.choices(Attribute::Role).await?;
    assert_eq!(roles.iter().map(|role| (&*role.id, &*role.title)).collect::<Vec<_>>(), [("1", "User level 0")]);
    assert_eq!(users.choices(Attribute::UserGroup).await?.len(), 2);
    assert_eq!(kind(users.choices(Attribute::Locale).await), Some(ErrorKind::Unsupported));
    put(&server, 7, "kim", json!({}));
    let role = Choice::named(&roles, "user level 0").ok_or("no such role")?;
    users.update("7", &UserPatch::new().role(&*role.id)).await?;
    let kept = server.with(|vendor| vendor.users.get("7").cloned()).unwrap_or_default();
    assert_eq!(kept.get("Role").and_then(|role| role.get("Id")), Some(&json!(1)), "{kept:?}");
    assert_eq!(kind(users.update("7", &UserPatch::new().role("User level 0")).await), Some(ErrorKind::Invalid));
    users.update("7", &UserPatch::new().role("5")).await?;
    let kept = server.with(|vendor| vendor.users.get("7").cloned()).unwrap_or_default();
    assert_eq!(kept.get("Role"), Some(&json!({ "Id": 5 })), "the name of the former role is gone");
    Ok(())
}

#[tokio::test]
async fn what_online_does_not_say_is_weak_there_and_preconditions_stand_in_errors() -> Result<()> {
    let (server, users) = emulated().await?;
    put(&server, 7, "kim", json!({}));
    server.inject(Fault::json(403, json!({ "Message": "Not for you." })).on("POST", "SaveUser"));
    let error = users.update("7", &UserPatch::new().nick_name("Kimmy")).await.err().ok_or("refused")?;
    assert!(error.kind() == ErrorKind::NotPermitted && error.to_string().contains("on site"), "{error}");
    server.heal();
    let online = connect(server.settings().installation(Installation::Online)).await?;
    assert!(!online.capabilities().supports(Verb::List) && users.capabilities().supports(Verb::List));
    assert_eq!(kind(online.find(By::UserName("kim")).await), Some(ErrorKind::Unsupported));
    let online = connect(server.settings().installation(Installation::Online).accept_weak(["ListUsers"])).await?;
    assert_eq!(online.find(By::UserName("kim")).await?.len(), 1);
    Ok(())
}

/// A user with members of all kinds, known and unknown.
fn record() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(json!({ "a": [1.5, null] }))
    ];
    let unknown = prop::collection::btree_map("x-[a-z]{1,6}", value, 0..5);
    let texts = ("\\PC{0,9}", "\\PC{0,9}", prop::option::of("\\PC{0,9}"), any::<i32>(), any::<bool>());
    (unknown, texts).prop_map(|(unknown, (name, tooltip, nick, rank, travels))| {
        let known = json!({
            "Name": name, "Tooltip": tooltip, "NickName": nick, "Rank": rank, "IsOnTravel": travels, "OtherGroups": [{ "Id": rank }],
            "ExtraFields": { "f": tooltip }, "Credentials": [{ "Type": { "Type": "Password" }, "DisplayValue": "***" }],
            "LicenseOwners": [{ "Name": tooltip, "RestrictedModuleLicenses": [{ "ModuleLicenseId": 1, "Assigned": false, "New": nick }] }],
            "Lastlogin": "2024-05-06T07:08:09", "Person": { "PersonId": 40 }, "Deleted": false, "Role": { "Id": 1, "Value": "User" },
        });
        known.as_object().cloned().unwrap_or_default().into_iter().chain(unknown).collect()
    })
}

async fn survives(
    server: &Emulator<SuperOffice>,
    users: &Users,
    record: Map<String, Value>,
) -> std::result::Result<(), TestCaseError> {
    let fail = |error: Error| TestCaseError::fail(error.to_string());
    server.with(|vendor| vendor.persons.put(person(40, "Kim", "Lee", "kim@example.com")));
    put(server, 7, "kim", Value::Object(record));
    let rest = |names: &[&str]| {
        let mut user = server.with(|vendor| vendor.users.get("7").cloned()).unwrap_or_default();
        user.retain(|name, _| !names.contains(&name.as_str()));
        user
    };
    let before = rest(&["NickName"]);
    let people = server.with(|vendor| vendor.persons.get("40").cloned());
    users.update("7", &UserPatch::new().nick_name("Kimmy")).await.map_err(fail)?;
    prop_assert_eq!(rest(&["NickName"]), before);
    let switch = ["Deleted", "IsPersonRetired"];
    let before = rest(&switch);
    users.deactivate("7").await.map_err(fail)?;
    prop_assert_eq!(&rest(&switch), &before);
    users.activate("7").await.map_err(fail)?;
    prop_assert_eq!(rest(&switch), before);
    let draft = UserDraft::builder().user_name("KIM").email("kim@EXAMPLE.com").nick_name("Lou").active(true).build();
    let before = rest(&["NickName"]);
    prop_assert_eq!(users.ensure(&draft, KEYS).await.map_err(fail)?.effect, Effect::Updated);
    prop_assert_eq!(rest(&["NickName"]), before);
    prop_assert_eq!(server.with(|vendor| vendor.persons.get("40").cloned()), people);
    writes(server);
    prop_assert_eq!(users.ensure(&draft, KEYS).await.map_err(fail)?.effect, Effect::Unchanged);
    prop_assert_eq!(writes(server).len(), 0);
    Ok(())
}

#[test]
fn any_record_survives_everything_that_is_done_to_a_user() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let (server, users) = runtime.block_on(emulated())?;
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) });
    runner.run(&record(), |record| runtime.block_on(survives(&server, &users, record)))?;
    Ok(())
}
