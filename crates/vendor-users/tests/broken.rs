//! What goes wrong on the way of a life, the same at the emulators of all vendors.

use std::sync::Mutex;

use crate::emulated::{self, Emulated};
use vendor_users::batch::{Batch, Progress};
use vendor_users::search::By;
use vendor_users::testing::Fault;
use vendor_users::value::ValueError;
use vendor_users::{Attribute, Effect, ErrorKind, MatchKey, UserDraft, UserPatch, Verb};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const KEYS: [MatchKey; 1] = [MatchKey::UserName];

fn kim() -> UserDraft {
    let draft = UserDraft::builder().user_name("kim.lee").display_name("Kim Lee").given_name("Kim").family_name("Lee");
    draft.title("Clerk").email("kim.lee@example.com").phone_number("+1 555 0100").mobile_phone("+1 555 0101").build()
}

/// Each vendor, with Kim Lee there, and her identifier.
async fn with_kim() -> Result<Vec<(Emulated, String)>> {
    let mut all = Vec::new();
    for emulated in emulated::all().await? {
        emulated.do_by_hand();
        let there = emulated.directory.ensure(&emulated.numbered(&kim()), &KEYS).await?;
        let id = emulated::id_of(&*there.user);
        emulated.exchanges();
        all.push((emulated, id));
    }
    Ok(all)
}

/// The last steps of the paths of requests that write.
const WRITES: [(&str, &str); 6] = [
    ("POST", "APPLICATION_USER"),
    ("POST", "SaveUser"),
    ("POST", "SavePersonEntity"),
    ("POST", "users"),
    ("PUT", "users"),
    ("POST", "MakeRetired"),
];

/// The vendor does every write, and none of its responses arrives.
fn lose_responses(emulated: &Emulated) {
    for (method, segment) in WRITES {
        emulated.inject(Some(Fault::reset_after().on(method, segment)));
    }
}

#[tokio::test]
async fn a_write_whose_response_is_lost_is_found_by_the_next_call() -> Result<()> {
    for emulated in emulated::all().await? {
        let title = emulated.capabilities().instance().to_string();
        let directory = &emulated.directory;
        emulated.do_by_hand();
        let draft = emulated.numbered(&kim().rebuild().active(true).build());
        let mut calls = 0;
        // A call that makes a person first takes one more.
        let last = loop {
            calls += 1;
            lose_responses(&emulated);
            let lost = directory.ensure(&draft, &KEYS).await;
            emulated.inject(None);
            match lost {
                Ok(outcome) => break outcome,
                Err(error) => assert!(error.may_have_arrived() && error.to_string().contains("read"), "{title}: {error}"),
            }
            assert!(calls < 4, "{title}: it never ends");
        };
        assert_eq!((last.effect, calls > 1), (Effect::Unchanged, true), "{title}");
        assert_eq!(directory.find(By::UserName("kim.lee")).await?.len(), 1, "{title}: she is there once");

        let id = emulated::id_of(&*last.user);
        lose_responses(&emulated);
        emulated.inject(Some(Fault::reset_after().on("PUT", "disable")));
        let lost = directory.deactivate(&id).await;
        emulated.inject(None);
        assert!(lost.as_ref().is_err_and(|error| error.may_have_arrived()), "{title}: {lost:?}");
        assert_eq!(directory.get(&id).await?.active(), Some(false), "{title}: it arrived");
        assert_eq!(directory.deactivate(&id).await?.effect, Effect::Unchanged, "{title}");
    }
    Ok(())
}

#[tokio::test]
async fn a_change_since_it_was_seen_counts_where_it_is_written_and_nowhere_else() -> Result<()> {
    let fields = [
        Attribute::DisplayName,
        Attribute::NickName,
        Attribute::GivenName,
        Attribute::FamilyName,
        Attribute::Title,
        Attribute::Email,
        Attribute::PhoneNumber,
        Attribute::MobilePhone,
        Attribute::Timezone,
    ];
    let mut tried = 0;
    for (emulated, id) in with_kim().await? {
        let title = emulated.capabilities().instance().to_string();
        let directory = &emulated.directory;
        let carried: Vec<Attribute> =
            fields.into_iter().filter(|field| emulated.capabilities().obstacle(*field).is_none()).collect();
        let value = |attribute: Attribute, text: &str| match attribute {
            Attribute::Email => format!("{text}@example.com"),
            Attribute::PhoneNumber | Attribute::MobilePhone => format!("+1 555 {}", text.len()),
            _ => text.to_owned(),
        };
        for (place, field) in carried.iter().enumerate() {
            let seen = directory.get(&id).await?;
            directory.update(&id, &UserPatch::new().set(*field, value(*field, &format!("theirs{place}")))?).await?;
            let mine = UserPatch::new().set(*field, value(*field, "mine"))?.since(&*seen);
            let stale = directory.update(&id, &mine).await.err().ok_or_else(|| format!("{title}: {field}"))?;
            assert_eq!(stale.kind(), ErrorKind::Changed, "{title}: {field}: {stale}");
            let other = carried.iter().find(|other| *other != field).ok_or("one alone")?;
            let other = UserPatch::new().set(*other, value(*other, &format!("other{place}{field}")))?.since(&*seen);
            directory.update(&id, &other).await.map_err(|error| format!("{title}: {field}: {error}"))?;
            tried += 1;
        }
        let seen = directory.get(&id).await?;
        directory.disable(&id).await?;
        let first = carried.first().ok_or("nothing is carried")?;
        let stale = directory.update(&id, &UserPatch::new().set(*first, value(*first, "late"))?.since(&*seen)).await;
        assert!(stale.is_err_and(|error| error.kind() == ErrorKind::Changed), "{title}: switched off meanwhile");
    }
    assert!(tried > 15, "only {tried}");
    Ok(())
}

#[tokio::test]
async fn whoever_is_switched_off_is_found_and_is_switched_on_by_what_says_so() -> Result<()> {
    for (emulated, id) in with_kim().await? {
        let title = emulated.capabilities().instance().to_string();
        let directory = &emulated.directory;
        let off = directory.deactivate(&id).await?;
        for by in [By::UserName("KIM.LEE"), By::Email("kim.lee@example.com"), By::Id(&id)] {
            let found = directory.find(by).await?;
            let ids: Vec<String> = found.users.iter().map(|user| emulated::id_of(&**user)).collect();
            assert_eq!(ids, std::slice::from_ref(&id), "{title}: {by}");
            assert_ne!(found.users[0].active(), Some(true), "{title}: {by}");
        }
        // A draft that says nothing of it leaves it so; one that wants it switches it on, where the word means only that.
        let kept = directory.ensure(&emulated.numbered(&kim()), &KEYS).await?;
        assert_eq!((kept.effect, kept.user.active()), (Effect::Unchanged, Some(false)), "{title}");
        let back = directory.ensure(&emulated.numbered(&kim().rebuild().active(true).build()), &KEYS).await?;
        let is_left = back.dropped.iter().any(|dropped| dropped.attribute == Attribute::Active);
        assert_eq!(is_left, emulated.capabilities().active_is_ambiguous(), "{title}");
        assert_eq!(back.user.active(), Some(!is_left), "{title}");
        assert_eq!(directory.activate_with(&id, &off.taken).await?.user.active(), Some(true), "{title}");
    }
    Ok(())
}

#[tokio::test]
async fn one_that_fails_does_not_keep_a_batch_from_the_others() -> Result<()> {
    for (emulated, id) in with_kim().await? {
        let title = emulated.capabilities().instance().to_string();
        let directory = &emulated.directory;
        let told: Mutex<Vec<(usize, usize, Option<ErrorKind>)>> = Mutex::default();
        let tell = |progress: Progress<'_>| {
            let kind = progress.error.map(|error| error.kind());
            if let Ok(mut told) = told.lock() {
                told.push((progress.done, progress.place, kind));
            }
        };
        let batch = Batch::new().at_once(1).on_progress(&tell);
        let nameless = UserDraft::builder().title("Nobody").build();
        let lee = kim().rebuild().user_name("lee").email("lee@example.com").given_name("Lee").build();
        let numbered = emulated.numbered(&kim());
        let lee = if numbered.intent(Attribute::Id).is_some() { lee.rebuild().id("1002").build() } else { lee };
        let outcomes = directory.ensure_all(&[numbered, nameless, lee], &KEYS, &batch).await?;
        let kinds: Vec<Option<ErrorKind>> =
            outcomes.iter().map(|outcome| outcome.as_ref().err().map(|error| error.kind())).collect();
        let last = (!emulated.capabilities().supports(Verb::Create)).then_some(ErrorKind::Unsupported);
        assert_eq!(kinds, [None, Some(ErrorKind::Invalid), last], "{title}");
        let expected: Vec<_> = kinds.iter().enumerate().map(|(place, kind)| (place + 1, place, *kind)).collect();
        assert_eq!(told.lock().map(|told| told.clone()).unwrap_or_default(), expected, "{title}");

        let ids = [id, "999999".to_owned()];
        let gone = directory.deactivate_all(&ids, &Batch::new()).await?;
        let kinds: Vec<Option<ErrorKind>> = gone.iter().map(|gone| gone.as_ref().err().map(|error| error.kind())).collect();
        assert_eq!(kinds, [None, Some(ErrorKind::NotFound)], "{title}");
    }
    Ok(())
}

#[tokio::test]
async fn what_does_more_than_its_name_says_is_not_written_unless_the_settings_say_so() -> Result<()> {
    let mut tried = Vec::new();
    for (emulated, id) in with_kim().await? {
        let title = emulated.capabilities().instance().to_string();
        let directory = &emulated.directory;
        let does_more =
            |field: &&Attribute| matches!(emulated.capabilities().obstacle(**field), Some(ValueError::Explicit { .. }));
        for field in Attribute::ALL.iter().filter(does_more) {
            let before = directory.get(&id).await?.attribute(*field).map(|value| value.to_string());
            emulated.exchanges();
            let draft = emulated.numbered(&kim()).rebuild().set(*field, "17")?.build();
            let outcome = directory.ensure(&draft, &KEYS).await?;
            let dropped = outcome.dropped.iter().any(|dropped| dropped.attribute == *field);
            assert_eq!((outcome.effect, dropped), (Effect::Unchanged, true), "{title}: {field}");
            let asked = directory.update(&id, &UserPatch::new().set(*field, "17")?).await.err().map(|error| error.kind());
            assert_eq!(asked, Some(ErrorKind::Invalid), "{title}: {field}");
            let after = directory.get(&id).await?.attribute(*field).map(|value| value.to_string());
            assert_eq!(before, after, "{title}: {field}");
            tried.push(format!("{title}: {field}"));
        }
    }
    assert_eq!(tried.len(), 3, "the single-sign-on identity, the customer, and the kind of user: {tried:?}");
    Ok(())
}
