//! Many users in one call.
//!
//! In: drafts. Out: one outcome for each, in order, from the vendor's list of outcomes, which names users and may have another
//! order.

use std::collections::HashMap;

use client_core::Json;
use vbasoftware::types;

use super::{Users, VENDOR};
use crate::batch::{bounded, refuse_duplicates};
use crate::capability::{NotCarried, Verb};
use crate::directory::Outcome;
use crate::draft::UserDraft;
use crate::error::Error;
use crate::record::{compose, demand, write_draft};
use crate::user::User as _;

/// What is there, what is to be sent, and what has no place.
type Merged = (Option<types::User>, types::User, Vec<NotCarried>);

impl Users {
    /// The record for `draft`: what the vendor has with the draft's attributes in it, or a new one with the defaults. The vendor
    /// replaces whole records, so that a record made from the draft alone would wipe out all else.
    pub(super) async fn merged(&self, draft: &UserDraft) -> Result<Merged, Error> {
        let brought = draft.record().and_then(|record| record.downcast_ref::<types::User>()).cloned();
        let id = draft.id().or_else(|| draft.user_name());
        let existing = match (brought, id) {
            (Some(record), _) => Some(record),
            (None, None) => None,
            (None, Some(id)) => match self.read(&id).await {
                Ok(record) => Some(record),
                Err(Error::NotFound { .. }) => None,
                Err(error) => return Err(error),
            },
        };
        match existing {
            Some(before) => {
                let mut after = before.clone();
                let not_carried = write_draft(&mut after, draft)?;
                demand(&after, Verb::Save, &[])?;
                Ok((Some(before), after, not_carried))
            }
            None => {
                let (record, not_carried) = compose(draft, &self.defaults, Verb::Save)?;
                Ok((None, record, not_carried))
            }
        }
    }

    pub(super) async fn save_batch(&self, drafts: &[UserDraft]) -> Result<Vec<Result<Outcome, Error>>, Error> {
        refuse_duplicates(VENDOR, drafts)?;
        let merged = bounded(drafts.iter().map(|draft| self.merged(draft))).await;
        let mut records = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut outcomes: Vec<Result<(String, Vec<NotCarried>), Error>> = Vec::new();
        for (place, merged) in merged.into_iter().enumerate() {
            outcomes.push(merged.and_then(|(_, record, not_carried)| {
                // One name, one place: an identifier and a user name of two drafts can still meet here.
                let id = record.id().map(|id| id.into_owned()).unwrap_or_default();
                if let Some(first) = seen.insert(id.to_lowercase(), place) {
                    return Err(Error::Duplicate { vendor: VENDOR, user: id, places: (first, place) });
                }
                records.push(record);
                Ok((id, not_carried))
            }));
        }
        if let Some(at) = outcomes.iter().position(|outcome| matches!(outcome, Err(Error::Duplicate { .. }))) {
            outcomes.swap_remove(at)?;
        }
        // Nothing to send is no reason to call.
        let answered = if records.is_empty() { Vec::new() } else { self.send(&records).await? };
        let mut records = records.into_iter().enumerate();
        let outcomes = outcomes.into_iter().map(|outcome| {
            let (id, not_carried) = outcome?;
            let (place, sent) = records.next().ok_or(NO_OUTCOME)?;
            let answer = answered.iter().find(|answer| names(answer, &id)).or_else(|| {
                // An outcome that names nobody is for the user in its place.
                answered.get(place).filter(|answer| answer.id.as_ref().is_none_or(|keys| keys.is_empty()))
            });
            read(answer.ok_or(NO_OUTCOME)?, sent, not_carried)
        });
        Ok(outcomes.collect())
    }

    async fn send(&self, records: &[types::User]) -> Result<Vec<types::BatchOutcome>, Error> {
        let answer = self.client.create_or_update_batch_users(records).await.map_err(|error| Error::call(VENDOR, error))?;
        Ok(answer.into_body().data.value_or_default().into_vec())
    }
}

const NO_OUTCOME: Error = Error::Unanswered { vendor: VENDOR, expected: "an outcome for this user" };

/// Whether an outcome is for the user `id`.
fn names(outcome: &types::BatchOutcome, id: &str) -> bool {
    let keys = outcome.id.as_ref().into_iter().flatten();
    keys.into_iter().any(|key| key.value.as_ref().and_then(text).is_some_and(|value| value.eq_ignore_ascii_case(id)))
}

fn text(json: &Json) -> Option<String> {
    json.value().as_str().map(str::to_owned)
}

fn read(outcome: &types::BatchOutcome, sent: types::User, not_carried: Vec<NotCarried>) -> Result<Outcome, Error> {
    let status = outcome.status.as_ref().and_then(|status| u16::try_from(*status).ok());
    if status.is_some_and(|status| !(200..300).contains(&status)) {
        return Err(Error::Refused { vendor: VENDOR, status, why: why(outcome.body.as_ref()) });
    }
    // The body is documented as anything: a user where it is one, else what was sent.
    let saved = outcome.body.as_ref().and_then(|body| body.decode::<types::User>().ok()).filter(|user| user.id().is_some());
    Ok(Outcome::new(saved.unwrap_or(sent), not_carried))
}

/// The vendor's words in the body of a refused user; nothing else of it, since it may repeat what was sent.
fn why(body: Option<&Json>) -> String {
    let body = body.map(Json::value).unwrap_or_default();
    let said = ["detail", "title", "message"].into_iter().find_map(|name| body.get(name)?.as_str().map(str::to_owned));
    said.or_else(|| body.as_str().map(str::to_owned)).unwrap_or_else(|| "no reason given".to_owned())
}
