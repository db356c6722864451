//! The same joiner, mover and leaver at every vendor, told as a table.

use std::error::Error;
use std::fmt::Write as _;

use vendor_users::{Action, DroppedAttribute, Effect, Error as Refused, ErrorKind, MatchKey, Outcome, Switched, UserDraft, Verb};

use super::emulated::{self, Emulated};

/// The keys by which a person's account is found.
const KEYS: [MatchKey; 1] = [MatchKey::UserName];

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
    let mover = joiner
        .clone()
        .rebuild()
        .title("Manager")
        .phone_number("+1 555 0200")
        .mobile_phone("+1 555 0223")
        .nick_name("Boss")
        .build();
    let mut rows = vec![["", "joiner", "mover", "leaver", "removed"].map(str::to_owned)];
    let (mut lost, mut plans) = (String::new(), String::new());
    for emulated in emulated::all().await? {
        let title = emulated.capabilities().instance().title().to_owned();
        let life = live(&emulated, &joiner, &mover).await?;
        let _ = writeln!(lost, "{title}: {}", names(&life.dropped));
        let _ = writeln!(plans, "{title}: {}\n", life.plan);
        let [joined, moved, left, removed] = life.told;
        rows.push([title, joined, moved, left, removed]);
    }
    Ok(format!(
        "Kim Lee joins, gets a new title, phone and nickname, and leaves\n\n{}\nWhat has no place\n\n{lost}\nThe move, planned\n\n{plans}",
        table(&rows)
    ))
}

/// What became of a person at one vendor.
struct Life {
    told: [String; 4],
    dropped: Vec<DroppedAttribute>,
    plan: String,
}

/// A life, the same at every vendor: whatever a vendor does not document says itself what a person does by hand.
async fn live(emulated: &Emulated, joiner: &UserDraft, mover: &UserDraft) -> Result<Life, Refused> {
    let directory = &emulated.directory;
    let (joiner, mover) = (emulated.numbered(joiner), emulated.numbered(mover));
    let joined = directory.ensure(&joiner, &KEYS).await;
    emulated.do_by_hand();
    let plan = directory.plan(Action::Ensure { draft: &mover, keys: &KEYS }).await?.to_string();
    let moved = directory.ensure(&mover, &KEYS).await?;
    let id = emulated::id_of(&*moved.user);
    let left = directory.deactivate(&id).await;
    let removed = directory.delete(&id).await;
    let dropped = moved.dropped.clone();
    let told = [
        told(emulated, joined, written)?,
        told(emulated, Ok(moved), written)?,
        told(emulated, left, |_: &Switched| (Verb::Disable, "disabled"))?,
        told(emulated, removed, |()| (Verb::Delete, "deleted"))?,
    ];
    Ok(Life { told, dropped, plan })
}

/// What was done, and by which verb.
fn written(outcome: &Outcome) -> (Verb, &'static str) {
    match outcome.effect {
        Effect::Created => (Verb::Create, "created"),
        Effect::Updated => (Verb::Update, "updated"),
        _ => (Verb::Get, "nothing to do"),
    }
}

/// What was done and by which operation, or what a person does where no page describes one.
fn told<T>(emulated: &Emulated, done: Result<T, Refused>, what: impl Fn(&T) -> (Verb, &'static str)) -> Result<String, Refused> {
    match done {
        Ok(done) => {
            let (verb, done) = what(&done);
            let operation = emulated.capabilities().operation(verb);
            Ok(operation.map_or_else(|| done.to_owned(), |operation| format!("{done} by {}", operation.id)))
        }
        Err(error) => match error.manual_step() {
            Some(step) if error.kind() == ErrorKind::Unsupported => Ok(format!("by hand: {step}")),
            _ => Err(error),
        },
    }
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
