//! One suite for all vendors, selected by what each of them documents, over sockets.

#[path = "../examples/tour/desks.rs"]
mod desks;
#[path = "../examples/tour/story.rs"]
mod story;

use std::error::Error as StdError;

use crate::support::conformance::Specification;
use desks::Desk;
use futures_util::TryStreamExt as _;
use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::testing::{Exchange, Reply, Request};
use vendor_users::{Action, Attribute, By, Error, User, UserDraft, UserPatch, Verb};

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
async fn perform(desk: &Desk, verb: Verb, kim: &UserDraft, id: &str) -> std::result::Result<(), Error> {
    let directory = &desk.directory;
    let draft = desk.draft(kim);
    let known = if id.is_empty() { draft.clone() } else { draft.clone().rebuild().id(id).build() };
    match verb {
        Verb::Get => directory.get(id).await.map(drop),
        Verb::List => directory.list().try_collect::<Vec<_>>().await.map(drop),
        Verb::Find => directory.find(By::Email("kim.lee@EXAMPLE.com")).await.map(drop),
        Verb::Create => directory.create(&draft).await.map(drop),
        Verb::Save => directory.save(&known).await.map(drop),
        Verb::Update => directory.update(id, &UserPatch::new().title("Manager")).await.map(drop),
        Verb::Enable => directory.enable(id).await,
        Verb::Disable => directory.disable(id).await,
        Verb::Delete => directory.delete(id).await,
        Verb::ResetPassword => directory.reset_password(id).await,
        Verb::SaveAll => directory.save_all(&[known]).await?.into_iter().collect::<std::result::Result<Vec<_>, _>>().map(drop),
    }
}

/// Puts Kim there, where that is documented and `verb` does not do it.
async fn settle(desk: &Desk, verb: Verb, kim: &UserDraft) -> Result<String> {
    let saved = match verb {
        Verb::Create => None,
        _ if desk.capabilities().of(Verb::Create).is_supported() => Some(desk.directory.create(&desk.draft(kim)).await?),
        _ => None,
    };
    desk.exchanges();
    Ok(saved.map_or_else(|| desk.id.unwrap_or_default().to_owned(), |outcome| desks::id_of(&*outcome.user)))
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
    let desks = desks::all().await?;
    for verb in Verb::ALL {
        // Another Kim for each verb: what one verb did must not be in the way of the next.
        let kim = kim().rebuild().user_name(format!("k.{verb}")).build();
        for desk in &desks {
            let vendor = desk.capabilities().vendor;
            let id = settle(desk, verb, &kim).await?;
            let done = perform(desk, verb, &kim, &id).await;
            let exchanges = desk.exchanges();
            match desk.capabilities().of(verb).operation() {
                Some(operation) => {
                    assert!(done.is_ok(), "{vendor} {verb}: {}", done.err().map(|error| error.to_string()).unwrap_or_default());
                    let sent = exchanges.iter().any(|exchange| is_for(exchange, operation.method, operation.path));
                    assert!(sent, "{vendor} {verb} did not call {operation}");
                }
                None => {
                    let error = done.err().map(|error| error.to_string()).unwrap_or_default();
                    assert!(error.contains(&format!("documents no operation for `{verb}`")), "{vendor} {verb}: {error}");
                    for (_, operation) in desk.capabilities().documented() {
                        assert!(error.contains(operation.id), "{vendor} {verb} does not name {operation}: {error}");
                    }
                    assert_eq!(exchanges.len(), 0, "{vendor} {verb} sent something");
                }
            }
            assert_conform(vendor, &exchanges)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_saved_user_reads_back_as_far_as_the_vendor_can_carry_it() -> Result<()> {
    for desk in desks::all().await? {
        let draft = desk.draft(&kim());
        let outcome = desk.directory.save(&draft).await?;
        for (attribute, value) in draft.attributes() {
            let lost = outcome.not_carried.iter().any(|lost| lost.attribute == attribute);
            let read = outcome.user.attribute(attribute);
            let vendor = desk.capabilities().vendor;
            assert_eq!(lost, desk.capabilities().property(attribute).is_none(), "{vendor} {attribute}");
            assert!(lost || read.as_ref() == Some(value), "{vendor} {attribute}: {value} came back as {read:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn everything_that_a_vendor_demands_is_reported_at_once_and_nothing_is_sent() -> Result<()> {
    let mut told = String::new();
    for desk in desks::bare().await? {
        let saved = desk.directory.save(&UserDraft::default()).await;
        let name = desk.capabilities().title;
        match saved {
            Err(error) => told.push_str(&format!("{error}\n")),
            Ok(_) => told.push_str(&format!("{name} demands nothing\n")),
        }
        // Reading comes before writing at vendors where a record can be read, so only writes count.
        let writes = desk.exchanges().into_iter().filter(|exchange| !exchange.request.path.iter().any(|part| part == "SaveUser"));
        assert_eq!(writes.count(), 0, "{name}");
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn what_a_vendor_does_not_document_is_told_with_what_it_does() -> Result<()> {
    let mut told = String::new();
    for desk in desks::all().await? {
        for verb in [Verb::Get, Verb::Disable] {
            if let Err(error) = perform(&desk, verb, &kim(), "kim.lee").await {
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
        for desk in desks::all().await? {
            let draft = desk.draft(&kim()).rebuild().set(attribute, value.to_owned()).build();
            if let Err(error) = desk.directory.save(&draft).await {
                told.push_str(&format!("{error}\n"));
                assert!(desk.exchanges().iter().all(|exchange| exchange.request.method == "GET"), "{error}");
            }
        }
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_without_the_caller_knowing() -> Result<()> {
    for desk in desks::all().await? {
        let id = settle(&desk, Verb::Save, &kim()).await?;
        desk.expire();
        desk.directory.save(&kim().rebuild().id(id).build()).await?;
        let sent = desk.exchanges();
        let logins = sent.iter().filter(|exchange| {
            exchange.request.path.last().is_some_and(|last| matches!(last.as_str(), "login" | "Token" | "user-authentication"))
        });
        assert!(logins.count() <= 1, "{} logs in once", desk.capabilities().vendor);
        assert_conform(desk.capabilities().vendor, &sent)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_batch_refuses_duplicates_and_keeps_order_and_outcomes() -> Result<()> {
    for desk in desks::all().await? {
        let vendor = desk.capabilities().vendor;
        let one = desk.draft(&kim());
        let refused = desk.directory.save_all(&[one.clone(), one.clone()]).await;
        assert!(matches!(refused, Err(Error::Duplicate { places: (0, 1), .. })), "{vendor}: {refused:?}");
        assert_eq!(desk.exchanges().len(), 0, "{vendor}");

        // An empty name of a property that is demanded everywhere: the second one cannot be saved anywhere.
        let broken = one.clone().rebuild().user_name("lou").id("99").unset(Attribute::Email).unset(Attribute::UserName).build();
        let outcomes = desk.directory.save_all(&[one, broken]).await?;
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
    for desk in desks::all().await? {
        let draft = desk.draft(&kim());
        let plan = desk.directory.plan(Action::Save(&draft)).await?;
        told.push_str(&format!("{}: {plan}\n\n", desk.capabilities().title));
        assert!(desk.exchanges().iter().all(|exchange| exchange.request.method == "GET"), "{}", plan.vendor);
    }
    insta::assert_snapshot!(told);
    Ok(())
}

#[tokio::test]
async fn a_user_travels_from_one_vendor_to_all_others() -> Result<()> {
    let desks = desks::all().await?;
    let mut users: Vec<Box<dyn User>> = Vec::new();
    for desk in &desks {
        users.push(desk.directory.save(&desk.draft(&kim())).await?.user);
    }
    for user in &users {
        let carried = UserDraft::from(&**user).rebuild().email("kim.lee@example.com").mobile_phone("+1 555 0123").build();
        let carried = carried.rebuild().display_name("Kim Lee").active(true).build();
        for desk in &desks {
            let draft = desk.draft(&carried);
            let saved = match desk.directory.save(&draft).await {
                // The same name again at a vendor that tells new users by a number.
                Err(Error::Call { .. }) => continue,
                saved => saved?,
            };
            assert_eq!(
                saved.user.user_name().as_deref(),
                Some("kim.lee"),
                "{:?} to {}",
                user.vendor(),
                desk.capabilities().vendor
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
