//! Many users in one request, and the vendor's list of outcomes, which names users and may have another order.

use std::collections::HashMap;

use client_core::{Json, Mask};
use vbasoftware::types;

use super::{BATCH, Users};
use crate::error::{Error, sentence};
use crate::primitives::{BatchResults, Write};
use crate::record::Record as _;
use crate::user::User as _;

/// The property that the key of an outcome names.
const KEY: &str = "user_ID";

impl Users {
    /// Sends batches, one after the other. A batch that fails as a whole fails each of its users; the ones after it are still
    /// sent, since nobody would know which of them were.
    pub(super) async fn send_batches(&self, writes: &[Write<types::User>]) -> Result<BatchResults<types::User>, Error> {
        let mut results = Vec::with_capacity(writes.len());
        for batch in writes.chunks(BATCH) {
            let records: Vec<types::User> = batch.iter().map(|write| write.record.clone()).collect();
            match self.client().create_or_update_batch_users(&records).await {
                Ok(response) => {
                    let outcomes = response.into_body().data.into_option().unwrap_or_default();
                    let by_user = by_user(&outcomes);
                    // What the vendor says of one user may name a secret of any of them.
                    let mask = records.iter().fold(self.client().core().mask(), Mask::with);
                    results.extend(batch.iter().map(|write| {
                        let id = write.record.id().unwrap_or_default().to_lowercase();
                        self.one(by_user.get(&id).map(Vec::as_slice).unwrap_or_default(), &mask)
                    }));
                }
                // The only batch: its error is the caller's.
                Err(error) if writes.len() <= BATCH => return Err(Error::call(self.instance(), error)),
                Err(error) => {
                    let error = Error::call(self.instance(), error);
                    let (words, arrived) = (error.to_string(), error.may_have_arrived());
                    results.extend(
                        batch.iter().map(|_| {
                            Err(Error::new(error.kind(), self.instance(), words.clone()).with_may_have_arrived(arrived))
                        }),
                    );
                }
            }
        }
        Ok(results)
    }

    /// The result for one user, from the outcomes that name it.
    fn one(&self, outcomes: &[&types::BatchOutcome], mask: &Mask) -> Result<Option<types::User>, Error> {
        let malformed = |found: String| {
            let expected = "one outcome for this user with a status and without an error";
            Err(Error::malformed(self.instance(), expected, found).with_may_have_arrived(true))
        };
        let outcome = match outcomes {
            [] => return Err(self.no_outcome()),
            [outcome] => outcome,
            several => return malformed(format!("{} outcomes", several.len())),
        };
        let body = outcome.body.as_ref().map(Json::value).unwrap_or_default();
        let words = || sentence(&body, 3).map_or_else(|| "no reason given".to_owned(), |words| mask.text(&words));
        let status = outcome.status.as_ref().and_then(|status| u16::try_from(*status).ok());
        match status {
            Some(200..=299) => {}
            Some(status @ (100..=199 | 300..=599)) => return Err(Error::refused(self.instance(), Some(status), words())),
            _ => {
                let status = outcome.status.as_ref().map_or_else(|| "no status".to_owned(), |status| format!("status {status}"));
                return malformed(format!("{status}: {}", words()));
            }
        }
        // The body is documented as what the user alone would have been answered with: an envelope, a user, or nothing.
        let envelope = body.get("data").or_else(|| body.get("error")).is_some();
        if body.get("error").is_some_and(|error| !error.is_null()) || (!envelope && says_failure(&body)) {
            return Err(Error::refused(self.instance(), status, words()).with_may_have_arrived(true));
        }
        let user = if envelope { body.get("data").cloned().unwrap_or_default() } else { body };
        let user = client_core::serde_json::from_value::<types::User>(user).ok();
        Ok(user.filter(|user| user.id().is_some()))
    }

    pub(super) fn no_outcome(&self) -> Error {
        Error::malformed(self.instance(), "an outcome for this user", "none").with_may_have_arrived(true)
    }
}

/// Whether a body that is no envelope is a problem in the words of RFC 7807 instead of a user.
fn says_failure(body: &client_core::serde_json::Value) -> bool {
    let Some(members) = body.as_object() else { return body.is_string() };
    let is_user = members.keys().any(|name| name == KEY);
    let problem = ["status", "detail", "title"].iter().filter(|name| members.contains_key(**name)).count();
    let documented = types::User::SHAPE.properties;
    !is_user && problem > 0 && !members.keys().all(|name| documented.contains(&name.as_str()))
}

/// The outcomes by the identifier that their key names, case aside. A part of a key with another name identifies something else.
fn by_user(outcomes: &[types::BatchOutcome]) -> HashMap<String, Vec<&types::BatchOutcome>> {
    let mut found: HashMap<String, Vec<&types::BatchOutcome>> = HashMap::new();
    for outcome in outcomes {
        let parts = outcome.id.as_ref().into_iter().flatten();
        let named = parts.filter(|part| part.key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case(KEY)));
        let ids: Vec<String> = named.filter_map(|part| part.value.as_ref().and_then(text)).collect();
        if let [id] = ids.as_slice() {
            found.entry(id.to_lowercase()).or_default().push(outcome);
        }
    }
    found
}

/// A value of a key as text; digits for a number.
fn text(json: &Json) -> Option<String> {
    match json.value() {
        client_core::serde_json::Value::String(text) => Some(text),
        client_core::serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
