//! One suite for all vendors, selected by what each of them documents, over sockets.

#[path = "../examples/tour/story.rs"]
mod story;

use std::error::Error as StdError;

use crate::emulated::{self, Emulated};
use crate::support::conformance::Specification;
use futures_util::TryStreamExt as _;
use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::testing::{Exchange, Reply, Request};
use vendor_users::{Action, Attribute, By, Error, ErrorKind, MatchKey, Problem, User, UserDraft, UserPatch, Verb};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

/// A user who has every attribute that a draft can have.
fn kim() -> UserDraft {
    UserDraft::builder()
        .user_name("kim.lee")
        .external_id("hr-17")
        .display_name("Kim Lee")
        .nick_name("Kimmy")
        .given_name("Kim")
        .family_name("Lee")
        .title("Clerk")
        .user_type("SystemAssociate")
        .email("Kim.Lee@example.com")
        .phone_number("+1 555 0100")
        .mobile_phone("+1 555 0123")
        .locale("nb-NO")
        .timezone("Europe/Oslo")
        .manager("7")
        .active(true)
        .build()
}

/// Does one verb to Kim.
async fn perform(emulated: &Emulated, verb: Verb, kim: &UserDraft, id: &str) -> std::result::Result<(), Error> {
    let directory = &emulated.directory;
    let draft = emulated.draft(kim);
    // Something differs from what is there, or nothing would be sent.
    let changed = draft.clone().rebuild().nick_name("Kim").phone_number("+1 555 0199").build();
    let known = if id.is_empty() { changed } else { changed.rebuild().id(id).replace_existing(true).build() };
    match verb {
        Verb::Get => directory.get(id).await.map(drop),
        Verb::List => directory.list().try_collect::<Vec<_>>().await.map(drop),
        Verb::Find => directory.find(By::Email("kim.lee@EXAMPLE.com")).await.map(drop),
        Verb::Create => directory.create(&draft).await.map(drop),
        Verb::Save => directory.save(&known).await.map(drop),
        Verb::Update => directory.update(id, &carried_change(emulated)).await.map(drop),
        Verb::Enable => {
            switched_off(emulated, id).await;
            directory.enable(id).await
        }
        Verb::Disable => {
            switched_on(emulated, id).await;
            directory.disable(id).await
        }
        Verb::Delete => directory.delete(id).await,
        Verb::ResetPassword => directory.reset_password(id).await,
        Verb::SaveAll => directory.save_all(&[known]).await?.into_iter().collect::<std::result::Result<Vec<_>, _>>().map(drop),
        Verb::Ensure => directory.ensure(&known, &[MatchKey::Id]).await.map(drop),
        Verb::Deactivate => {
            switched_on(emulated, id).await;
            directory.deactivate(id).await.map(drop)
        }
        Verb::Activate => {
            switched_off(emulated, id).await;
            directory.activate(id).await.map(drop)
        }
        // Each vendor has titles for some of these.
        Verb::Choices => {
            let mut outcome = directory.choices(Attribute::Role).await;
            for attribute in [Attribute::UserGroup, Attribute::UserType] {
                outcome = directory.choices(attribute).await.or(outcome);
            }
            outcome.map(drop)
        }
        other => unreachable!("the suite does not know `{other}`"),
    }
}

/// A change of an attribute that the vendor can carry.
fn carried_change(emulated: &Emulated) -> UserPatch {
    let wanted = UserPatch::new().email("lee@example.com").nick_name("Kim");
    let carried = wanted.changes().filter(|(attribute, _)| emulated.capabilities().obstacle(*attribute).is_none());
    carried.fold(UserPatch::new(), |patch, (attribute, value)| match value {
        Some(value) => patch.clone().set(attribute, value.clone()).unwrap_or(patch),
        None => patch,
    })
}

/// Switches the user off where that is documented, or there would be nothing to switch on. What is sent for it does not count.
async fn switched_off(emulated: &Emulated, id: &str) {
    if emulated.directory.disable(id).await.is_ok() {
        emulated.exchanges();
    }
}

/// The other way round.
async fn switched_on(emulated: &Emulated, id: &str) {
    if emulated.directory.enable(id).await.is_ok() {
        emulated.exchanges();
    }
}

/// Puts Kim there, where that is documented and `verb` does not do it.
async fn settle(emulated: &Emulated, verb: Verb, kim: &UserDraft) -> Result<String> {
    let saved = match verb {
        Verb::Create => None,
        _ if emulated.capabilities().of(Verb::Create).is_supported() => {
            Some(emulated.directory.create(&emulated.draft(kim)).await?)
        }
        _ => None,
    };
    emulated.exchanges();
    Ok(saved.map_or_else(|| emulated.id.unwrap_or_default().to_owned(), |outcome| emulated::id_of(&*outcome.user)))
}

fn is_for(exchange: &Exchange, method: &str, template: &str) -> bool {
    let segments: Vec<&str> = template.split('/').filter(|segment| !segment.is_empty()).collect();
    let path = &exchange.request.path;
    let fits = |(expected, found): (&&str, &String)| expected.starts_with('{') || expected == found;
    exchange.request.method == method && segments.len() == path.len() && segments.iter().zip(path).all(fits)
}

fn assert_conform(vendor: &str, exchanges: &[Exchange]) -> Result<()> {
    let specification = Specification::of(vendor)?;
    let faults: Vec<String> = exchanges.iter().flat_map(|exchange| specification.faults(exchange)).collect();
    assert_eq!(faults, Vec::<String>::new(), "{vendor}");
    Ok(())
}

#[test]
fn the_check_against_the_specification_sees_what_is_wrong() -> Result<()> {
    let specification = Specification::of("vbasoftware")?;
    let path = |text: &str| text.split('/').map(str::to_owned).collect();
    let exchange = |status, body| Exchange {
        request: Request { method: "GET".to_owned(), path: path("users/kim"), ..Request::default() },
        reply: Reply::json(status, body),
    };
    let user = |locked: Value| json!({ "data": { "user_ID": "kim", "account_Locked": locked }, "error": null, "debug": null });
    let faults = specification.faults(&exchange(200, user(json!("yes"))));
    assert!(faults.iter().any(|fault| fault.contains("/data/account_Locked")), "{faults:?}");
    // A user has eleven more properties that must be there.
    assert!(!specification.faults(&exchange(200, user(json!(true)))).is_empty());
    let refused = json!({ "data": null, "error": { "status": "401" }, "debug": null });
    assert!(!specification.faults(&exchange(401, refused)).is_empty());
    Ok(())
}

#[tokio::test]
async fn each_verb_calls_what_the_vendor_documents_or_sends_nothing() -> Result<()> {
    for &verb in Verb::ALL {
        // Other servers for each verb: what one verb did must not be in the way of the next.
        let kim = kim().rebuild().user_name(format!("k.{verb}")).build();
        for emulated in &emulated::all().await? {
            let vendor = emulated.capabilities().instance().vendor().to_owned();
            let id = settle(emulated, verb, &kim).await?;
            let done = perform(emulated, verb, &kim, &id).await;
            let exchanges = emulated.exchanges();
            match emulated.capabilities().operation(verb) {
                Some(operation) => {
                    assert!(done.is_ok(), "{vendor} {verb}: {}", done.err().map(|error| error.to_string()).unwrap_or_default());
                    let sent = exchanges.iter().any(|exchange| is_for(exchange, &operation.method, &operation.path));
                    assert!(sent, "{vendor} {verb} did not call {operation}");
                }
                None => {
                    let error = done.err().map(|error| error.to_string()).unwrap_or_default();
                    assert!(error.contains(&format!("`{verb}`")), "{vendor} {verb}: {error}");
                    for (verb, _) in emulated.capabilities().supported() {
                        let operation = emulated.capabilities().operation(verb).ok_or("a supported verb calls something")?;
                        assert!(error.contains(&*operation.id), "{vendor} {verb} does not name {operation}: {error}");
                    }
                    assert_eq!(exchanges.len(), 0, "{vendor} {verb} sent something");
                }
            }
            assert_conform(&vendor, &exchanges)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_saved_user_reads_back_as_far_as_the_vendor_can_carry_it() -> Result<()> {
    for emulated in emulated::all().await? {
        let draft = emulated.draft(&kim());
        let outcome = emulated.directory.save(&draft).await?;
        for (attribute, value) in draft.attributes() {
            let lost = outcome.dropped.iter().any(|lost| lost.attribute == attribute);
            let read = outcome.user.attribute(attribute);
            let vendor = emulated.capabilities().instance().vendor().to_owned();
            assert_eq!(lost, emulated.capabilities().obstacle(attribute).is_some(), "{vendor} {attribute}");
            assert!(lost || read.as_ref() == Some(value), "{vendor} {attribute}: {value} came back as {read:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn everything_that_a_vendor_demands_is_reported_at_once_and_nothing_is_sent() -> Result<()> {
    let mut told = String::new();
    for emulated in emulated::bare().await? {
        let saved = emulated.directory.save(&UserDraft::default()).await;
        let name = emulated.capabilities().instance().title().to_owned();
        match saved {
            Err(error) => told.push_str(&format!("{error}\n")),
            Ok(_) => told.push_str(&format!("{name} demands nothing\n")),
        }
        // Reading comes before writing at vendors where a record can be read, so only writes count.
        let is_read = |exchange: &Exchange| {
            let last = exchange.request.path.last().map(String::as_str).unwrap_or_default();
            exchange.request.method == "GET" || last.starts_with("CreateDefault")
        };
        let writes = emulated.exchanges().into_iter().filter(|exchange| !is_read(exchange));
        assert_eq!(writes.count(), 0, "{name}");
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn what_a_vendor_does_not_document_is_told_with_what_it_does() -> Result<()> {
    let mut told = String::new();
    for emulated in emulated::all().await? {
        for verb in [Verb::Get, Verb::Disable] {
            if let Err(error) = perform(&emulated, verb, &kim(), "kim.lee").await {
                told.push_str(&format!("{error}\n"));
            }
        }
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn values_that_do_not_fit_are_refused_before_anything_is_sent() -> Result<()> {
    let mut told = String::new();
    let bent: [(Attribute, &str); 4] = [
        (Attribute::Id, "seventeen"),
        (Attribute::Manager, "the boss"),
        (Attribute::MobilePhone, "none"),
        (Attribute::UserName, "kim.lee@the-longest-name.example.com"),
    ];
    for (attribute, value) in bent {
        for emulated in emulated::all().await? {
            let draft = emulated.draft(&kim()).rebuild().set(attribute, value)?.build();
            if let Err(error) = emulated.directory.save(&draft).await {
                told.push_str(&format!("{error}\n"));
                assert!(emulated.exchanges().iter().all(|exchange| exchange.request.method == "GET"), "{error}");
            }
        }
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_without_the_caller_knowing() -> Result<()> {
    for emulated in emulated::all().await? {
        let id = settle(&emulated, Verb::Save, &kim()).await?;
        emulated.expire();
        let draft = emulated.draft(&kim()).rebuild().id(id).replace_existing(true).build();
        emulated.directory.save(&draft).await?;
        let sent = emulated.exchanges();
        let logins = sent.iter().filter(|exchange| {
            exchange.request.path.last().is_some_and(|last| matches!(last.as_str(), "login" | "Token" | "user-authentication"))
        });
        assert!(logins.count() <= 1, "{} logs in once", emulated.capabilities().instance().vendor());
        assert_conform(emulated.capabilities().instance().vendor(), &sent)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_batch_refuses_duplicates_and_keeps_order_and_outcomes() -> Result<()> {
    for emulated in emulated::all().await? {
        let vendor = emulated.capabilities().instance().vendor().to_owned();
        let one = emulated.draft(&kim());
        let refused = emulated.directory.save_all(&[one.clone(), one.clone()]).await;
        assert!(
            refused.as_ref().is_err_and(|error| matches!(error.problem(), Problem::Duplicate(0, 1))),
            "{vendor}: {refused:?}"
        );
        assert_eq!(emulated.exchanges().len(), 0, "{vendor}");

        // An empty name of a property that is demanded everywhere: the second one cannot be saved anywhere.
        let broken = one.clone().rebuild().user_name("lou").id("99").unset(Attribute::Email).unset(Attribute::UserName).build();
        let outcomes = emulated.directory.save_all(&[one, broken]).await?;
        assert_eq!(outcomes.len(), 2, "{vendor}");
        let first = outcomes.first().and_then(|outcome| outcome.as_ref().ok());
        assert_eq!(first.and_then(|outcome| outcome.user.user_name()).as_deref(), Some("kim.lee"), "{vendor}");
        assert!(outcomes.last().is_some_and(std::result::Result::is_err), "{vendor}: {outcomes:?}");
    }
    Ok(())
}

#[tokio::test]
async fn plans_tell_what_would_be_sent_and_send_nothing() -> Result<()> {
    let mut told = String::new();
    for emulated in emulated::all().await? {
        let draft = emulated.draft(&kim());
        let plan = emulated.directory.plan(Action::Save(&draft)).await?;
        told.push_str(&format!("{}: {plan}\n\n", emulated.capabilities().instance().title()));
        assert!(emulated.exchanges().iter().all(|exchange| exchange.request.method == "GET"), "{}", plan.instance);
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn a_user_travels_from_one_vendor_to_all_others() -> Result<()> {
    let all = emulated::all().await?;
    let mut users: Vec<Box<dyn User>> = Vec::new();
    for emulated in &all {
        users.push(emulated.directory.save(&emulated.draft(&kim())).await?.user);
    }
    for user in &users {
        let carried = UserDraft::from(&**user).rebuild().email("kim.lee@example.com").mobile_phone("+1 555 0123").build();
        // What kind of user that is, every vendor says in its own words.
        let carried =
            carried.rebuild().display_name("Kim Lee").family_name("Lee").active(true).unset(Attribute::UserType).build();
        for emulated in &all {
            let draft = emulated.draft(&carried);
            let saved = match emulated.directory.save(&draft).await {
                // The same name again at a vendor that tells new users by a number.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                saved => saved?,
            };
            assert_eq!(
                saved.user.user_name().as_deref(),
                Some("kim.lee"),
                "{:?} to {}",
                user.vendor(),
                emulated.capabilities().instance().vendor()
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_tour_is_the_same_every_time() -> Result<()> {
    insta::assert_snapshot!(story::tell().await?);
    Ok(())
}
