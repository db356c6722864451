//! Many users as drafts describe them: the list is read once, and each draft is matched against it. Knows no vendor.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use futures_util::TryStreamExt as _;

use super::ensured::{Decision, decide, decide_on, perform, wanted};
use super::found::Matches;
use crate::batch::Batch;
use crate::capability::Verb;
use crate::directory::DirectoryFuture;
use crate::draft::UserDraft;
use crate::error::{Error, ErrorKind, Problem};
use crate::outcome::Outcome;
use crate::primitives::Primitives;
use crate::same;
use crate::search::{FoundBy, MatchKey};

/// Up to so many drafts, each is searched for where the vendor has a search.
const SEARCHED: usize = 20;

/// Ensures all of `drafts`.
pub(super) async fn ensure_all<P: Primitives>(
    directory: &P,
    drafts: &[UserDraft],
    keys: &[MatchKey],
    batch: &Batch<'_>,
) -> Result<Vec<Result<Outcome, Error>>, Error> {
    let capabilities = directory.describe();
    let wanted: Vec<Vec<(MatchKey, String)>> = drafts.iter().map(|draft| wanted(directory, draft, keys)).collect();
    let searched = capabilities.of(Verb::Find).is_direct() && drafts.len() <= SEARCHED;
    let list = drafts.len() > 1 && capabilities.supports(Verb::List) && !searched;
    let snapshot = if list { Some(Snapshot::read(directory, keys).await?) } else { None };
    let snapshot = snapshot.as_ref();
    let twins = twins(&wanted, snapshot);
    let (wanted, twins) = (&wanted, &twins);
    let work = |place: usize, draft| {
        let twin = twins.get(&place).copied();
        let wanted = wanted.get(place).map(Vec::as_slice).unwrap_or_default();
        let work: DirectoryFuture<'_, Outcome> = Box::pin(async move {
            let done = async {
                if let Some(twin) = twin {
                    return Err(Error::of(ErrorKind::Conflict, capabilities.instance(), Problem::Duplicate(place, twin)));
                }
                let decision: Decision<P::Record> = match snapshot {
                    Some(snapshot) => decide_on(directory, draft, wanted, snapshot.matches(wanted), false).await?,
                    None => decide(directory, draft, keys).await?,
                };
                perform(directory, decision).await
            };
            let name = || wanted.first().map(|(_, value)| value.clone()).unwrap_or_default();
            done.await.map_err(|error: Error| error.during(Verb::Ensure).about(name()).under(capabilities, Verb::Ensure))
        });
        work
    };
    Ok(batch.run(drafts, &work).await)
}

/// Drafts that are for the same user as another one, each with the place of that one: keys that are the same after the vendor's
/// own normalization, or keys that find the same user.
fn twins<R: crate::record::Record>(wanted: &[Vec<(MatchKey, String)>], snapshot: Option<&Snapshot<R>>) -> HashMap<usize, usize> {
    let mut by_key: HashMap<(MatchKey, String), usize> = HashMap::new();
    let mut by_user: HashMap<usize, usize> = HashMap::new();
    let mut twins = HashMap::new();
    for (place, wanted) in wanted.iter().enumerate() {
        let mut meet = |first: usize| {
            if first != place {
                twins.entry(first).or_insert(place);
                twins.entry(place).or_insert(first);
            }
        };
        for (key, value) in wanted {
            meet(*by_key.entry((*key, same::key(key.attribute(), value).into_owned())).or_insert(place));
        }
        for user in snapshot.map(|snapshot| snapshot.places(wanted)).unwrap_or_default() {
            meet(*by_user.entry(user).or_insert(place));
        }
    }
    twins
}

/// All users at one time, by the keys that are looked for. Each goes to the draft that finds it: of two drafts that find one user
/// neither is done.
struct Snapshot<R> {
    records: Vec<Mutex<Option<R>>>,
    places: HashMap<(MatchKey, String), Vec<usize>>,
}

impl<R: crate::record::Record> Snapshot<R> {
    async fn read<P: Primitives<Record = R>>(directory: &P, keys: &[MatchKey]) -> Result<Self, Error> {
        let mut records = Vec::new();
        let mut places: HashMap<(MatchKey, String), Vec<usize>> = HashMap::new();
        let mut listed = directory.records();
        while let Some(record) = listed.try_next().await? {
            let place = records.len();
            for key in keys {
                let Some(value) = record.attribute(key.attribute()).map(|value| value.to_string()) else { continue };
                places.entry((*key, same::key(key.attribute(), &value).into_owned())).or_default().push(place);
            }
            records.push(Mutex::new(Some(record)));
        }
        Ok(Self { records, places })
    }

    fn of(&self, key: MatchKey, value: &str) -> &[usize] {
        let key = (key, same::key(key.attribute(), value).into_owned());
        self.places.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    fn places(&self, wanted: &[(MatchKey, String)]) -> HashSet<usize> {
        wanted.iter().flat_map(|(key, value)| self.of(*key, value)).copied().collect()
    }

    /// What the list has for each key.
    fn matches(&self, wanted: &[(MatchKey, String)]) -> Vec<Matches<R>> {
        let take = |place: &usize| self.records.get(*place)?.lock().unwrap_or_else(PoisonError::into_inner).take();
        let found: HashMap<usize, R> = self.places(wanted).into_iter().filter_map(|place| Some((place, take(&place)?))).collect();
        let records = |places: &[usize]| places.iter().filter_map(|place| found.get(place).cloned()).collect();
        wanted.iter().map(|(key, value)| Matches { records: records(self.of(*key, value)), by: FoundBy::List }).collect()
    }
}
