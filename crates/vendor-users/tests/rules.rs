//! The rules that hold at every vendor, at a register that behaves as each case says.

use std::error::Error as StdError;

use vendor_users::client_core::serde_json::{Value, json};
use vendor_users::query::{Comparison, Order, QueryPart};
use vendor_users::search::{CaseRule, FoundBy};
use vendor_users::{
    Action, Attribute, Batch, By, Capability, Directory, Effect, Error, ErrorKind, Evidence, FirstCredential, ListQuery,
    MatchKey, Operation, User, UserDraft, UserPatch, Verb,
};

use crate::support::register::{Person, Register, Told};

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const KEYS: &[MatchKey] = &[MatchKey::ExternalId, MatchKey::UserName, MatchKey::Email];

const TOLD: Told = Told { case: CaseRule::Unknown, shows_less: false, filters: false, gives_back: false, loses_responses: false };

fn people() -> Vec<Person> {
    vec![
        Person::new(1, "Kim", json!({ "mail": "kim@example.com", "hr": "E1", "job": "Clerk", "licences": ["sales", "service"] })),
        Person::new(2, "ann", json!({ "mail": "ann@example.com", "job": "Clerk", "left": true, "shoe": 38 })),
        Person::new(3, "lou", json!({ "mail": "lou@example.com", "hr": "E3" })),
    ]
}

fn kind<T>(result: std::result::Result<T, Error>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

#[tokio::test]
async fn a_search_that_finds_nothing_proves_it_only_where_its_case_rule_is_known() -> Result<()> {
    let no_list = Capability::unsupported("people are not listed");
    let cases = [
        (CaseRule::Unknown, true, 1, FoundBy::List),
        (CaseRule::Unknown, false, 0, FoundBy::Search(CaseRule::Unknown)),
        (CaseRule::Counts, true, 0, FoundBy::Search(CaseRule::Counts)),
        (CaseRule::Ignored, true, 1, FoundBy::Search(CaseRule::Ignored)),
    ];
    for (case, lists, found, by) in cases {
        let register = Register::with(Told { case, ..TOLD }, people(), |capabilities| {
            if lists { capabilities } else { capabilities.verb(Verb::List, no_list.clone()) }
        });
        let kims = register.find(By::UserName("kim")).await?;
        assert_eq!((kims.len(), kims.by), (found, by), "{case:?}");
        let draft = UserDraft::builder().user_name("kim").title("Boss").build();
        let ensured = register.ensure(&draft, &[MatchKey::UserName]).await;
        match (case, lists) {
            // Nobody knows whether `kim` is `Kim`, so that nobody is created.
            (CaseRule::Unknown, false) => assert_eq!(kind(ensured), Some(ErrorKind::Conflict)),
            (CaseRule::Counts, _) => assert_eq!(ensured?.effect, Effect::Created),
            _ => assert_eq!(ensured?.effect, Effect::Updated),
        }
    }
    // Inactive people are found, and a key that the search does not know is looked up in the list.
    let register = Register::open(TOLD, people());
    assert_eq!(register.find(By::UserName("ann")).await?.users[0].active(), Some(false));
    let by_number = register.find(By::ExternalId("E3")).await?;
    assert_eq!((by_number.len(), by_number.by), (1, FoundBy::List));
    assert!(register.find(By::ExternalId("e3")).await?.is_empty(), "external identifiers are exact");
    Ok(())
}

#[tokio::test]
async fn names_with_quotes_percent_signs_and_the_like_are_found_as_they_are() -> Result<()> {
    let names = ["O\'Hara", "100%", "back\\slash", "nul\0", "a\"b", "Zoë", "' OR '1'='1", "_"];
    let people = (1..).zip(names).map(|(number, name)| Person::new(number, name, Value::Null)).collect();
    let register = Register::open(TOLD, people);
    for name in names {
        let found = register.find(By::UserName(name)).await?;
        assert_eq!(found.users.iter().filter_map(|user| user.user_name()).collect::<Vec<_>>(), [name]);
    }
    Ok(())
}

#[tokio::test]
async fn a_user_that_is_somebody_elses_is_never_taken_over() -> Result<()> {
    for shows_less in [false, true] {
        let register = Register::open(Told { shows_less, ..TOLD }, people());
        let draft = |hr: &str, name: &str| UserDraft::builder().external_id(hr).user_name(name).title("Boss").build();
        // The name is there and belongs to E1.
        let error = register.ensure(&draft("E9", "kim"), KEYS).await.err().ok_or("a take-over")?;
        assert_eq!((error.kind(), error.candidates().len()), (ErrorKind::Conflict, 1), "{error}");
        assert_eq!(error.candidates()[0].other, Some((MatchKey::ExternalId, "E1".to_owned())));
        // Two keys name two people.
        let both = register.ensure(&draft("E3", "kim"), &[MatchKey::Id, MatchKey::ExternalId, MatchKey::UserName]).await;
        if !shows_less {
            assert_eq!(both.err().map(|error| error.candidates().len()), Some(2));
        }
        // Somebody without the first key is adopted, and gets it.
        let adopted = register.ensure(&draft("E2", "ANN"), KEYS).await?;
        assert_eq!((adopted.effect, adopted.matched_by), (Effect::Updated, Some(MatchKey::UserName)));
        let ann = register.person("2").ok_or("ann")?;
        assert_eq!((ann.external_id().as_deref(), ann.0.get("shoe")), (Some("E2"), Some(&json!(38))), "all else is kept");
        assert_eq!(ann.user_name().as_deref(), Some("ann"), "the vendor's spelling of a name stays");
        register.calls();
        assert_eq!(register.ensure(&draft("E2", "ANN"), KEYS).await?.effect, Effect::Unchanged);
        assert!(!register.calls().iter().any(|call| call == "change"), "a second call sends no write");
    }
    Ok(())
}

/// The same key and a new name is a rename, refused where somebody has the name.
#[tokio::test]
async fn a_rename_is_refused_where_the_name_is_taken() -> Result<()> {
    let register = Register::open(TOLD, people());
    let rename = |name: &str| UserDraft::builder().external_id("E1").user_name(name).build();
    let keys = [MatchKey::ExternalId];
    assert_eq!(kind(register.ensure(&rename("LOU"), &keys).await), Some(ErrorKind::Conflict));
    assert_eq!(register.ensure(&rename("kim.lee"), &keys).await?.effect, Effect::Updated);
    assert_eq!(register.person("1").and_then(|kim| kim.user_name().map(|name| name.into_owned())).as_deref(), Some("kim.lee"));
    Ok(())
}

/// Where lists and searches show less than a read, they only say who is there.
#[tokio::test]
async fn what_a_list_does_not_show_is_read_before_it_is_decided_on() -> Result<()> {
    let register = Register::open(Told { shows_less: true, ..TOLD }, people());
    let clear = UserDraft::builder().user_name("ann").clear(Attribute::Title).build();
    assert_eq!(register.ensure(&clear, &[MatchKey::UserName]).await?.effect, Effect::Updated);
    assert_eq!(register.person("2").and_then(|ann| ann.0.get("shoe").cloned()), Some(json!(38)));
    register.calls();
    let outcomes = register.ensure_all(&[clear.clone(), clear], &[MatchKey::UserName], &Batch::new()).await?;
    assert!(outcomes.into_iter().all(|outcome| kind(outcome) == Some(ErrorKind::Conflict)), "twice the same draft");
    Ok(())
}

#[tokio::test]
async fn what_switching_off_takes_is_said_before_and_after_and_given_back_or_named() -> Result<()> {
    let plan = Register::open(TOLD, people()).plan(Action::Deactivate("1")).await?;
    insta::assert_snapshot!(plan, @r"
    POST /people/1/retire (Retire)
      left: – → true
      taken: licence sales (sales)
      taken: licence service (service)
    ");
    for gives_back in [true, false] {
        let register = Register::open(Told { gives_back, ..TOLD }, people());
        let off = register.deactivate("1").await?;
        assert_eq!((off.effect, off.taken.len(), off.user.active()), (Effect::Updated, 2, Some(false)));
        assert_eq!(register.calls(), ["read", "retire", "read"]);
        let again = register.deactivate("1").await?;
        assert_eq!((again.effect, again.taken.len()), (Effect::Unchanged, 0), "nothing is taken twice");
        assert_eq!(register.calls(), ["read"]);

        let on = register.activate_with("1", &off.taken).await?;
        let (restored, left) = if gives_back { (2, 0) } else { (0, 2) };
        assert_eq!((on.restored.len(), on.to_restore.len()), (restored, left));
        register.calls();
        assert_eq!(register.activate("1").await?.effect, Effect::Unchanged);
        assert_eq!(register.calls(), ["read"]);
    }
    Ok(())
}

/// The response is lost: a second call finds the user switched off, and can no longer say what it had.
#[tokio::test]
async fn an_error_keeps_what_switching_off_may_have_taken() -> Result<()> {
    let register = Register::open(Told { loses_responses: true, ..TOLD }, people());
    let error = register.deactivate("1").await.err().ok_or("lost")?;
    assert_eq!((error.may_have_arrived(), error.taken().len()), (true, 2));
    insta::assert_snapshot!(error, @"Staff register: `deactivate` of user `1`: the line went dead; it may have taken effect, so read the user before you try again; what it had and may have lost: licence sales (sales), licence service (service)");
    let again = register.deactivate("1").await?;
    assert_eq!((again.effect, again.taken.len()), (Effect::Unchanged, 0));
    assert_eq!(register.activate_with("1", error.taken()).await.err().map(|error| error.may_have_arrived()), Some(true));
    assert_eq!(register.activate_with("1", error.taken()).await?.to_restore, error.taken());
    Ok(())
}

#[tokio::test]
async fn a_key_that_the_vendor_does_not_have_finds_nobody_and_is_left_out() -> Result<()> {
    let register = Register::open(TOLD, people());
    let draft = UserDraft::builder().user_name("Kim").external_id("E9").build();
    assert_eq!(kind(register.ensure(&draft, KEYS).await), Some(ErrorKind::Conflict));
    let users = vendor_users::testing::vbasoftware::start().await?;
    let users = vendor_users::adapter::vbasoftware::connect(users.settings()).await?;
    let error = users.find(By::ExternalId("E9")).await.err().ok_or("there is no such property")?;
    insta::assert_snapshot!(error, @"VBA Software: `find`: no page describes a property for `external_id`, so that users cannot be found by it");
    let error = users.ensure(&draft, &[MatchKey::ExternalId]).await.err().ok_or("there is no such property")?;
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    Ok(())
}

#[tokio::test]
async fn the_list_is_read_once_for_all_keys_of_a_draft() -> Result<()> {
    let register =
        Register::with(TOLD, people(), |capabilities| capabilities.verb(Verb::Find, Capability::derived(&[Verb::List])));
    let draft = UserDraft::builder().external_id("E3").user_name("lou").email("lou@example.com").build();
    assert_eq!(register.ensure(&draft, KEYS).await?.effect, Effect::Unchanged);
    assert_eq!(register.calls(), ["list", "list"], "two pages");
    Ok(())
}

#[tokio::test]
async fn a_page_of_the_list_says_what_the_vendor_did_not_do() -> Result<()> {
    let query = ListQuery::new()
        .with(Attribute::UserName, Comparison::StartsWith, "KI")
        .with(Attribute::Title, Comparison::Equals, "Clerk")
        .ordered_by(Attribute::Id, Order::Descending);
    for filters in [true, false] {
        let register = Register::open(Told { filters, ..TOLD }, people());
        let page = register.list_page(&query).await?;
        assert_eq!(page.users.iter().filter_map(|user| user.user_name()).collect::<Vec<_>>(), ["Kim"]);
        let mut expected =
            vec![QueryPart::Condition(Attribute::UserName), QueryPart::Condition(Attribute::Title), QueryPart::Order];
        expected.drain(..usize::from(filters));
        assert_eq!(page.not_done, expected);
        let page = register.list_page(&query.clone().at(page.next.ok_or("a second page")?)).await?;
        assert_eq!((page.users.len(), page.next), (0, None));
    }
    Ok(())
}

#[tokio::test]
async fn weak_evidence_is_used_only_where_it_is_accepted_by_name() -> Result<()> {
    let weak = |id, method, path, why: &'static str| {
        Capability::direct(Operation::new(id, method, path)).evidence(Evidence::Weak { why: why.into() })
    };
    let open = |accepted: &[&str]| {
        Register::with(TOLD, people(), |capabilities| {
            capabilities
                .verb(Verb::Create, weak("AddPerson", "POST", "/people", "a page of another register describes it"))
                .verb(Verb::Find, weak("SearchPeople", "GET", "/people", "a client of others does it"))
                .accept_weak(accepted.iter().copied())
        })
    };
    let draft = UserDraft::builder().user_name("new").build();
    let keys = [MatchKey::UserName];
    let error = open(&[]).ensure(&draft, &keys).await.err().ok_or("weak")?;
    insta::assert_snapshot!(error, @"Staff register: `ensure`: it rests on weak evidence (`find`: a client of others does it; `create`: a page of another register describes it); to use it all the same, accept `find` and `create` in the settings of the instance");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(kind(open(&["find"]).ensure(&draft, &keys).await), Some(ErrorKind::Unsupported));
    assert_eq!(open(&["find", "AddPerson"]).ensure(&draft, &keys).await?.effect, Effect::Created);
    assert_eq!(open(&["find"]).find(By::UserName("lou")).await?.len(), 1);
    assert_eq!(open(&[]).update("1", &UserPatch::new().title("Boss")).await?.effect, Effect::Updated, "what is not weak runs");
    let register = open(&[]);
    assert_eq!(kind(register.create(&draft).await), Some(ErrorKind::Unsupported));
    assert_eq!(register.calls(), [""; 0], "nothing was sent");
    Ok(())
}

#[tokio::test]
async fn what_must_hold_at_the_vendor_is_said_when_it_refuses() -> Result<()> {
    use vendor_users::testing::{Fault, vbasoftware};
    let server = vbasoftware::start().await?;
    let users = vendor_users::adapter::vbasoftware::connect(server.settings()).await?;
    // No vendor's documents name a condition for its verbs here, so that the error has none, and says what no page says.
    server.inject(Fault::status(403).on("DELETE", "users"));
    let error = users.delete("kim").await.err().ok_or("refused")?;
    assert!(!error.to_string().contains("conditions"), "{error}");
    let unsaid = users.capabilities().unsaid().next().ok_or("nothing")?;
    assert!(unsaid.contains("role") && error.to_string().ends_with(&format!("; no page says {unsaid}")), "{error}");
    server.heal();
    server.inject(Fault::status(404).on("DELETE", "users"));
    let error = users.delete("kim").await.err().ok_or("refused")?;
    assert!(!error.to_string().contains("no page says"), "{error}");

    let told = |kind: ErrorKind| {
        let register = Refusing::new(kind);
        async move { register.delete("1").await.err().map(|error| error.to_string()).unwrap_or_default() }
    };
    insta::assert_snapshot!(told(ErrorKind::NotPermitted).await, @"Staff register: `delete` of user `1`: not today; it works only under these conditions: on site only, a role that may administer users");
    insta::assert_snapshot!(told(ErrorKind::Unavailable).await, @"Staff register: `delete` of user `1`: not today");
    Ok(())
}

/// A register that refuses.
#[derive(Debug)]
struct Refusing {
    capabilities: vendor_users::Capabilities,
    kind: ErrorKind,
}

impl Refusing {
    fn new(kind: ErrorKind) -> Self {
        let delete = Capability::direct(Operation::new("DeletePerson", "DELETE", "/people/{number}"));
        let delete = delete.precondition("on site only").precondition("a role that may administer users");
        let instance = vendor_users::Instance::new("register", "Staff register");
        Self { capabilities: vendor_users::Capabilities::builder(instance).verb(Verb::Delete, delete).build(), kind }
    }
}

impl vendor_users::Primitives for Refusing {
    type Record = Person;

    fn describe(&self) -> &vendor_users::Capabilities {
        &self.capabilities
    }

    fn remove<'a>(&'a self, _: &'a str) -> vendor_users::directory::DirectoryFuture<'a, ()> {
        Box::pin(std::future::ready(Err(Error::new(self.kind, self.capabilities.instance(), "not today"))))
    }
}

#[tokio::test]
async fn choices_and_credentials_come_from_the_vendor() -> Result<()> {
    let code = Capability::direct(Operation::new("IssueDoorCode", "POST", "/people/{number}/door-code"));
    let register = Register::with(TOLD, people(), |capabilities| capabilities.credential(FirstCredential::Generated, code));
    let jobs = register.choices(Attribute::Title).await?;
    assert_eq!(jobs.iter().map(|job| (job.id.as_str(), job.title.as_str())).collect::<Vec<_>>().len(), 2);
    assert_eq!(kind(register.choices(Attribute::Locale).await), Some(ErrorKind::Unsupported));

    let draft = UserDraft::builder().user_name("new").first_credential(FirstCredential::Generated).build();
    let outcome = register.ensure(&draft, &[MatchKey::UserName]).await?;
    assert_eq!(outcome.password.map(|code| code.expose().to_owned()).as_deref(), Some("door code of 4"));
    let sso = UserDraft::builder().user_name("sso").first_credential(FirstCredential::SingleSignOn).build();
    let error = register.ensure(&sso, &[MatchKey::UserName]).await.err().ok_or("not offered")?;
    insta::assert_snapshot!(error, @"Staff register: `ensure`: the first credential `sso` is not offered: no page says how. Offered: none, generated");
    Ok(())
}
