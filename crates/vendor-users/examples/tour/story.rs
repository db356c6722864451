//! The same joiner, mover and leaver at every vendor, told as a table.

use std::error::Error;
use std::fmt::Write as _;

use vendor_users::{Action, DroppedAttribute, Error as Refused, ErrorKind, Outcome, User, UserDraft, UserPatch, Verb};

use super::emulated::{self, Emulated};

/// The whole story.
pub(crate) async fn tell() -> Result<String, Box<dyn Error>> {
    let joiner = UserDraft::builder()
        .user_name("kim.lee")
        .display_name("Kim Lee")
        .given_name("Kim")
        .family_name("Lee")
        .title("Clerk")
        .email("kim.lee@example.com")
        .phone_number("+1 555 0100")
        .mobile_phone("+1 555 0123")
        .timezone("Europe/Oslo")
        .active(true)
        .build();
    let mut rows = vec![["", "joiner", "mover", "leaver", "removed"].map(str::to_owned)];
    let mut lost = String::new();
    let mut plans = String::new();
    for emulated in emulated::all().await? {
        let title = emulated.capabilities().instance().title().to_owned();
        let (joined, outcome) = join(&emulated, &joiner).await?;
        let _ = writeln!(lost, "{title}: {}", names(&outcome.dropped));
        plan(&emulated, &*outcome.user, &mut plans).await?;
        let id = emulated::id_of(&*outcome.user);
        let (moved, outcome) = move_on(&emulated, outcome).await?;
        let left = leave(&emulated, outcome.user).await?;
        let gone = match emulated.directory.delete(&id).await {
            Ok(()) => by(&emulated, Verb::Delete, "deleted"),
            Err(error) => by_hand(error)?,
        };
        rows.push([title, joined, moved, left, gone]);
    }
    Ok(format!(
        "Kim Lee joins, gets a new title and phone or nickname, and leaves\n\n{}\nWhat has no place\n\n{lost}\nThe move, planned\n\n{plans}",
        table(&rows)
    ))
}

/// Creates the user; where that is not documented, saves it over one that is there.
async fn join(emulated: &Emulated, joiner: &UserDraft) -> Result<(String, Outcome), Refused> {
    let draft = emulated.draft(joiner);
    match emulated.directory.create(&draft).await {
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            Ok((by(emulated, Verb::Save, "saved"), emulated.directory.save(&draft).await?))
        }
        outcome => Ok((by(emulated, Verb::Create, "created"), outcome?)),
    }
}

/// What the move changes, as far as the vendor can carry it.
fn moved(emulated: &Emulated) -> UserPatch {
    let all = UserPatch::new().title("Manager").phone_number("+1 555 0200").mobile_phone("+1 555 0223").nick_name("Boss");
    let carried = all.changes().filter(|(attribute, _)| emulated.capabilities().obstacle(*attribute).is_none());
    carried.fold(UserPatch::new(), |patch, (attribute, value)| match value {
        Some(value) => patch.clone().set(attribute, value.clone()).unwrap_or(patch),
        None => patch,
    })
}

/// The move as a draft on top of the vendor's own record.
fn moved_draft(emulated: &Emulated, user: Box<dyn User>) -> UserDraft {
    let mut draft = UserDraft::builder();
    for (attribute, value) in moved(emulated).changes() {
        if let Some(value) = value {
            draft = draft.clone().set(attribute, value.clone()).unwrap_or(draft);
        }
    }
    draft.record_box(user).build()
}

/// Makes the move; where no record can be read, saves the one that the vendor answered with.
async fn move_on(emulated: &Emulated, known: Outcome) -> Result<(String, Outcome), Refused> {
    match emulated.directory.update(&emulated::id_of(&*known.user), &moved(emulated)).await {
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            let draft = moved_draft(emulated, known.user);
            let changes = draft.attributes().map(|(attribute, _)| attribute.name()).collect::<Vec<_>>().join(", ");
            let text = if changes.is_empty() {
                "nothing to change".to_owned()
            } else {
                by(emulated, Verb::Save, &format!("saved {changes}"))
            };
            Ok((text, emulated.directory.save(&draft).await?))
        }
        outcome => Ok((by(emulated, Verb::Update, "updated"), outcome?)),
    }
}

/// Keeps the user from logging in, which a read proves.
async fn leave(emulated: &Emulated, user: Box<dyn User>) -> Result<String, Refused> {
    match emulated.directory.deactivate(&emulated::id_of(&*user)).await {
        Ok(_) => Ok(by(emulated, Verb::Disable, "disabled")),
        Err(error) => by_hand(error),
    }
}

/// What a person does where no page describes it.
fn by_hand(error: Refused) -> Result<String, Refused> {
    match error.manual_step() {
        Some(step) if error.kind() == ErrorKind::Unsupported => Ok(format!("by hand: {step}")),
        _ => Err(error),
    }
}

/// The move before it is made, where the vendor lets the record be read.
async fn plan(emulated: &Emulated, user: &dyn User, plans: &mut String) -> Result<(), Refused> {
    match emulated.directory.plan(Action::Update { id: &emulated::id_of(user), patch: &moved(emulated) }).await {
        Err(unsupported) if unsupported.kind() == ErrorKind::Unsupported => {
            let _ = writeln!(plans, "{unsupported}\n");
        }
        plan => {
            let _ = writeln!(plans, "{}: {}\n", emulated.capabilities().instance(), plan?);
        }
    }
    Ok(())
}

fn by(emulated: &Emulated, verb: Verb, done: &str) -> String {
    let operation = emulated.capabilities().operation(verb);
    operation.map_or_else(|| done.to_owned(), |operation| format!("{done} by {}", operation.id))
}

fn names(lost: &[DroppedAttribute]) -> String {
    let names: Vec<&str> = lost.iter().map(|lost| lost.attribute.name()).collect();
    if names.is_empty() { "everything has".to_owned() } else { names.join(", ") }
}

fn table(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().enumerate().map(|(column, cell)| format!("{cell:<width$}", width = width(column))).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}
