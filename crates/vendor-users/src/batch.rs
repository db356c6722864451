//! Many users at once: a few calls at a time, and no user twice. Knows no vendor.

use std::collections::HashMap;

use futures_util::StreamExt as _;

use crate::draft::UserDraft;
use crate::error::{Error, ErrorKind, Problem};
use crate::instance::Instance;
use crate::user::User;

/// How many calls run at the same time where the vendor has no batch.
pub(crate) const AT_ONCE: usize = 8;

/// Runs all of `work`, a few at a time; results are in the order of the work.
pub(crate) async fn bounded<F: Future>(work: impl Iterator<Item = F>) -> Vec<F::Output> {
    // Collected first: a lazy iterator that borrows would tie the stream to one lifetime.
    let work: Vec<F> = work.collect();
    futures_util::stream::iter(work).buffered(AT_ONCE).collect().await
}

/// Whether a text identifies a user; several vendors write 0 for one that has no identifier yet.
pub(crate) fn is_identifier(id: &str) -> bool {
    !matches!(id, "" | "0")
}

/// Refuses a batch in which two drafts are for the same user: which of them wins would be chance.
pub(crate) fn refuse_duplicates(instance: &Instance, drafts: &[UserDraft]) -> Result<(), Error> {
    let mut seen = Seen::default();
    for (place, draft) in drafts.iter().enumerate() {
        let record = draft.base_record();
        let of = |read: fn(&dyn User) -> Option<String>| read(draft).or_else(|| record.and_then(read));
        let id = of(|user| user.id().map(|id| id.into_owned()));
        let name = of(|user| user.user_name().map(|name| name.into_owned()));
        for (kind, text) in [("id", id), ("user name", name)] {
            seen.meet(instance, kind, text.as_deref().unwrap_or_default(), place)?;
        }
    }
    Ok(())
}

/// The users that a batch has met so far.
#[derive(Debug, Default)]
pub(crate) struct Seen(HashMap<(&'static str, String), usize>);

impl Seen {
    /// Refuses a name that was met before; case does not count.
    pub(crate) fn meet(&mut self, instance: &Instance, kind: &'static str, name: &str, place: usize) -> Result<(), Error> {
        let folded = name.trim().to_lowercase();
        if !is_identifier(&folded) {
            return Ok(());
        }
        match self.0.insert((kind, folded), place) {
            Some(first) => {
                let problem = Problem::Duplicate(first, place);
                Err(Error::of(ErrorKind::Conflict, instance, problem).about(name))
            }
            None => Ok(()),
        }
    }
}
