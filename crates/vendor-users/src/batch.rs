//! Many users at once: a few calls at a time, at a steady pace, and no user twice. Knows no vendor.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use client_core::BoxFuture;
use futures_util::StreamExt as _;
use futures_util::lock::Mutex;
use futures_util::stream::FuturesUnordered;

use crate::draft::UserDraft;
use crate::error::{Error, ErrorKind, Problem};
use crate::instance::Instance;
use crate::user::User;

/// How many calls run at the same time where the vendor has no batch.
pub(crate) const AT_ONCE: usize = 8;

/// What is told after each user of a batch.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// How many users are done, this one included.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// The place of this user in the batch, from 0.
    pub place: usize,
    /// Why it failed; `None` where it did not.
    pub error: Option<&'a Error>,
}

/// How a batch runs: how many calls at the same time, how fast, and who is told about it.
///
/// ```
/// use vendor_users::Batch;
///
/// let tell = |progress: vendor_users::batch::Progress<'_>| println!("{} of {}", progress.done, progress.of);
/// let batch = Batch::new().at_once(4).per_second(10.0).on_progress(&tell);
/// # drop(batch);
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Batch<'a> {
    at_once: usize,
    between: Option<Duration>,
    progress: Option<&'a (dyn Fn(Progress<'_>) + Send + Sync)>,
}

impl Default for Batch<'_> {
    fn default() -> Self {
        Self { at_once: AT_ONCE, between: None, progress: None }
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("at_once", &self.at_once).field("between", &self.between).finish_non_exhaustive()
    }
}

impl<'a> Batch<'a> {
    /// Creates a batch of eight users at the same time, as fast as the vendor and the limits of the client allow.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many users are worked on at the same time; at least one.
    pub fn at_once(mut self, users: usize) -> Self {
        self.at_once = users.max(1);
        self
    }

    /// Begins with at most so many users a second. Numbers that are not above zero set no pace.
    pub fn per_second(mut self, users: f64) -> Self {
        self.between = Duration::try_from_secs_f64(users.recip()).ok().filter(|between| !between.is_zero());
        self
    }

    /// Calls this after each user, in the order in which they are done.
    pub fn on_progress(mut self, tell: &'a (dyn Fn(Progress<'_>) + Send + Sync)) -> Self {
        self.progress = Some(tell);
        self
    }

    /// Runs `work` for each item; results are in the order of the items. What `work` gives is told as it is done. It is made when
    /// its turn comes: a call that waits takes more memory than an item.
    pub(crate) async fn run<'w, I, T>(&self, items: &'w [I], work: &Work<'_, 'w, I, T>) -> Vec<Result<T, Error>> {
        let of = items.len();
        let gate = Mutex::new(());
        let mut waiting = (0..of).filter_map(|place| {
            let between = self.between.filter(|_| place > 0);
            Some(in_turn(place, work(place, items.get(place)?), &gate, between))
        });
        let mut running: FuturesUnordered<_> = waiting.by_ref().take(self.at_once).collect();
        let mut results: Vec<Option<Result<T, Error>>> = std::iter::repeat_with(|| None).take(of).collect();
        let mut done = 0;
        while let Some((place, result)) = running.next().await {
            running.extend(waiting.next());
            done += 1;
            if let Some(tell) = self.progress {
                tell(Progress { done, of, place, error: result.as_ref().err() });
            }
            if let Some(slot) = results.get_mut(place) {
                *slot = Some(result);
            }
        }
        results.into_iter().flatten().collect()
    }
}

/// What is done for an item and its place.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Work<'f, 'w, I, T> = dyn Fn(usize, &'w I) -> BoxFuture<'w, Result<T, Error>> + Send + Sync + 'f;
/// What is done for an item and its place.
#[cfg(target_arch = "wasm32")]
pub(crate) type Work<'f, 'w, I, T> = dyn Fn(usize, &'w I) -> BoxFuture<'w, Result<T, Error>> + 'f;

/// Does a piece of work when it is its turn: one begins after the other, with so much time between them.
async fn in_turn<T>(
    place: usize,
    work: BoxFuture<'_, Result<T, Error>>,
    gate: &Mutex<()>,
    between: Option<Duration>,
) -> (usize, Result<T, Error>) {
    if let Some(between) = between {
        let turn = gate.lock().await;
        client_core::pause(between).await;
        drop(turn);
    }
    (place, work.await)
}

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
