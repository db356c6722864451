//! One write at a time for one person, whichever process does it.

use std::time::Duration;

use provisioning::Link;
use provisioning::jiff::{SignedDuration, Timestamp};
use provisioning::store::{AuditEntry, Fate, Kind, Request, RequestResult, StoreErrorKind, new_id};
use serde_json::Value as Json;

use super::Users;
use crate::failure::of_store;
use crate::protocol::error::ScimError;

/// A write that is under way.
#[derive(Debug)]
pub(super) struct Turn {
    request: Request,
    /// What was begun before and never finished: look at the vendor what became of it.
    pub(super) recovered: Option<Request>,
}

impl Turn {
    /// Whether `other` is another write that began earlier; stores keep microseconds.
    pub(super) fn is_behind(&self, other: &Request) -> bool {
        let order = |request: &Request| (request.begun.as_microsecond(), request.id.clone());
        order(other) < order(&self.request)
    }
}

impl Users {
    /// Waits until nobody else writes for `person`, and begins.
    pub(super) async fn begin(&self, person: &str, account: Option<&str>, kind: Kind, wish: Json) -> Result<Turn, ScimError> {
        let begun = std::time::Instant::now();
        let mut recovered = None;
        let mut pause = Duration::from_millis(5);
        loop {
            let now = Timestamp::now();
            // A write goes on after its deadline, for as long as the vendor's client waits.
            let lease = SignedDuration::try_from(self.limits.deadline * 3 / 2).unwrap_or(SignedDuration::from_secs(90));
            let request = Request {
                id: new_id().map_err(|error| of_store(&error))?,
                run: None,
                instance: self.name.clone(),
                person: person.to_owned(),
                account: account.map(str::to_owned),
                kind,
                wish: wish.clone(),
                holder: self.holder.clone(),
                begun: now,
                until: now.checked_add(lease).unwrap_or(Timestamp::MAX),
            };
            let error = match self.store.begin(&request).await {
                Ok(()) => return Ok(Turn { request, recovered }),
                Err(error) => error,
            };
            match error.kind() {
                StoreErrorKind::Unfinished(before) => {
                    let result = RequestResult { fate: Fate::Unverified, at: now };
                    let audit = before.settled(Fate::Unverified, now);
                    self.store.finish(&before.id, &result, None, Some(&audit)).await.map_err(|error| of_store(&error))?;
                    recovered = Some((**before).clone());
                }
                StoreErrorKind::Busy { .. } if begun.elapsed() < self.limits.deadline / 2 => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_millis(200));
                }
                _ => return Err(of_store(&error)),
            }
        }
    }

    /// Ends a write, with the link as it is now.
    pub(super) async fn finish(
        &self,
        turn: Turn,
        fate: Fate,
        link: Option<&Link>,
        audit: Option<&AuditEntry>,
    ) -> Result<Option<Link>, ScimError> {
        let result = RequestResult { fate, at: Timestamp::now() };
        let id = &turn.request.id;
        match self.store.finish(id, &result, link, audit).await {
            // Another user got a name of this one in the meantime: the write is over all the same, and blocks nobody.
            Err(error) if *error.kind() == StoreErrorKind::Taken => {
                self.store.finish(id, &result, None, audit).await.map_err(|error| of_store(&error))?;
                Err(of_store(&error))
            }
            done => done.map_err(|error| of_store(&error)),
        }
    }
}
