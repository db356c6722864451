//! Many users at once.
//!
//! In: drafts, and futures that save them. Out: one outcome for each, in order. Knows no vendor.

use std::collections::HashMap;

use futures_util::StreamExt as _;

use crate::draft::UserDraft;
use crate::error::Error;
use crate::user::User;

/// How many calls run at the same time where the vendor has no batch.
pub(crate) const AT_ONCE: usize = 8;

/// Runs all of `work`, a few at a time; results are in the order of the work.
pub(crate) async fn bounded<F: Future>(work: impl Iterator<Item = F>) -> Vec<F::Output> {
    // Collected first: a lazy iterator that borrows would tie the stream to one lifetime.
    let work: Vec<F> = work.collect();
    futures_util::stream::iter(work).buffered(AT_ONCE).collect().await
}

/// Refuses a batch in which two drafts are for the same user: which of them wins would be chance.
pub(crate) fn refuse_duplicates(vendor: &'static str, drafts: &[UserDraft]) -> Result<(), Error> {
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    for (place, draft) in drafts.iter().enumerate() {
        let record = draft.record();
        let of = |read: fn(&dyn User) -> Option<String>| read(draft).or_else(|| record.and_then(read));
        let names = [
            ("id", of(|user| user.id().map(|id| id.into_owned()))),
            ("user name", of(|user| user.user_name().map(|name| name.to_lowercase()))),
        ];
        for (what, name) in names {
            // Several vendors write 0 for a user that has no identifier yet.
            let Some(name) = name.filter(|name| !matches!(name.as_str(), "" | "0")) else { continue };
            if let Some(first) = seen.insert((what, name.clone()), place) {
                return Err(Error::Duplicate { vendor, user: name, places: (first, place) });
            }
        }
    }
    Ok(())
}
