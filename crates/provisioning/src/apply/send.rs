//! One step: stored, sent, finished.

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use vendor_users::client_core::Secret;
use vendor_users::{Attribute, Error, ErrorKind, Taken, UserDraft, UserPatch};

use super::{Applier, ApplyError, LEASE, Outcome, StepResult, blank};
use crate::planner::{Step, ValueChange};
use crate::store::{AuditEntry, Fate, Kind, Link, LinkBy, Origin, Request, RequestResult, StoreErrorKind, new_id};

/// What the vendor did.
#[derive(Debug, Default)]
struct Sent {
    account: Option<String>,
    taken: Vec<Taken>,
    /// What a person must still give back by hand.
    to_restore: Vec<Taken>,
    words: Option<String>,
    password: Option<Secret>,
}

impl Applier<'_> {
    /// Does a step. The error is for what ends the whole run: the store.
    pub(super) async fn send(&self, step: &Step) -> Result<StepResult, ApplyError> {
        let now = Timestamp::now();
        let mut link = match &step.link {
            Some(id) => self.store.link(id).await?.filter(|link| link.ended.is_none()),
            None => self.store.find_link(&self.rules.instance, LinkBy::Key(&step.key)).await?,
        };
        if link.as_ref().map(|link| &link.id) != step.link.as_ref() {
            let words = "since it was planned, the person's link has changed; plan again";
            self.store.record(&self.audit(step, step.action.name(), "stale", Some(words.to_owned()), None)).await?;
            return Ok(StepResult { words: Some(words.to_owned()), ..blank(step, Outcome::Stale) });
        }
        if let (true, None) = (step.adopts, &link) {
            let mut new = Link::new(&self.rules.instance, Origin::Adopted, now)?;
            (new.key, new.account) = (Some(step.key.clone()), step.account.clone());
            link = match self.store.put_link(&new).await {
                Ok(link) => Some(link),
                Err(error) if *error.kind() == StoreErrorKind::Taken => return Ok(failed(step, error.to_string())),
                Err(error) => return Err(error.into()),
            };
            self.store.record(&self.audit(step, "adopt", "done", None, None)).await?;
        }
        let Some(kind) = step.action.kind() else { return Ok(blank(step, Outcome::Done)) };
        let user_name = step.changes.iter().find(|change| change.attribute == Attribute::UserName).map(|change| &change.new);
        let request = Request {
            id: new_id()?,
            run: Some(self.run.clone()),
            instance: self.rules.instance.clone(),
            person: step.key.clone(),
            account: step.account.clone(),
            kind,
            wish: json!({ "user_name": user_name, "actor": self.actor, "changes": changes(step) }),
            holder: self.holder.clone(),
            begun: now,
            until: now + LEASE,
        };
        match self.store.begin(&request).await {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), StoreErrorKind::Unavailable) => return Err(error.into()),
            Err(error) => return Ok(failed(step, error.to_string())),
        }
        let error = match self.call(step, kind, link.as_ref()).await {
            Ok(sent) => return self.done(step, &request, link, sent).await,
            Err(error) => error,
        };
        // What may be gone is remembered whatever the error is: nothing says it a second time.
        let remember = |link: &mut Link| {
            link.to_restore.extend_from_slice(error.taken());
            link.unverified |= error.kind() == ErrorKind::Unverified;
        };
        link.iter_mut().for_each(remember);
        match error.kind() {
            ErrorKind::Changed => self.close(step, &request, Fate::NotSent, link, Outcome::Stale, error.to_string()).await,
            ErrorKind::Unverified => {
                self.close(step, &request, Fate::Unverified, link, Outcome::Unverified, error.to_string()).await
            }
            _ if error.may_have_arrived() => match self.look(&request).await {
                Ok((fate, mut found)) => {
                    found.iter_mut().for_each(remember);
                    let (outcome, words) = match fate {
                        Fate::Done => (Outcome::Done, "the response was lost; a read shows that it was done".to_owned()),
                        _ => (Outcome::Failed, error.to_string()),
                    };
                    self.close(step, &request, fate, found, outcome, words).await
                }
                // Nobody knows: it stays open, and the next run looks again.
                Err(_) => {
                    if let Some(link) = link.filter(|_| !error.taken().is_empty()) {
                        self.store.put_link(&link).await?;
                    }
                    Ok(failed(step, format!("{error}; the next run looks whether it was done")))
                }
            },
            _ => self.close(step, &request, Fate::Failed, link, Outcome::Failed, error.to_string()).await,
        }
    }

    /// Sends the request of a step, after looking whether the account is as it was planned on.
    async fn call(&self, step: &Step, kind: Kind, link: Option<&Link>) -> Result<Sent, Error> {
        let instance = self.directory.capabilities().instance();
        let invalid = |error: &dyn std::fmt::Display| Error::new(ErrorKind::Invalid, instance, error.to_string());
        if kind == Kind::Create {
            let mut draft = UserDraft::builder().first_credential(self.rules.config.password);
            for change in &step.changes {
                if let Some(text) = text(&change.new) {
                    draft = draft.set(change.attribute, text).map_err(|error| invalid(&error))?;
                }
            }
            let outcome = self.directory.create(&draft.build()).await?;
            let account = outcome.user.id().map(std::borrow::Cow::into_owned);
            return Ok(Sent { account, password: outcome.password, ..Sent::default() });
        }
        let id = step.account.as_deref().unwrap_or_default();
        let mut seen = UserDraft::builder();
        for (attribute, value) in &step.seen {
            if let Some(text) = text(value) {
                seen = seen.set(*attribute, text).map_err(|error| invalid(&error))?;
            }
        }
        let seen = seen.build();
        let mut patch = UserPatch::new();
        for ValueChange { attribute, new, .. } in &step.changes {
            // Switching is done by its own verbs, verified.
            if *attribute == Attribute::Active {
                continue;
            }
            patch = match text(new) {
                Some(text) => patch.set(*attribute, text).map_err(|error| invalid(&error))?,
                None => patch.clear(*attribute),
            };
        }
        let patch = patch.since(&seen);
        let now = self.directory.get(id).await?;
        let differing = patch.differing(&*now);
        if !differing.is_empty() {
            let names: Vec<&str> = differing.iter().map(|attribute| attribute.name()).collect();
            let words = format!("since it was planned, `{id}` has changed in {}", names.join(", "));
            return Err(Error::new(ErrorKind::Changed, instance, words));
        }
        let mut sent = Sent { account: Some(id.to_owned()), ..Sent::default() };
        match kind {
            Kind::Disable => sent.taken = self.directory.deactivate(id).await?.taken,
            Kind::Delete => self.directory.delete(id).await?,
            Kind::ResetPassword => self.directory.reset_password(id).await?,
            Kind::Enable => {
                let taken = link.map(|link| link.to_restore.as_slice()).unwrap_or_default();
                let switched = self.directory.activate_with(id, taken).await?;
                let by_hand: Vec<String> = switched.to_restore.iter().map(ToString::to_string).collect();
                sent.words = (!by_hand.is_empty()).then(|| format!("give back by hand: {}", by_hand.join(", ")));
                sent.to_restore = switched.to_restore;
                if patch.changes().next().is_some() {
                    // `active` has just changed, and by us.
                    let patch = patch.since(&*switched.user);
                    self.directory.update(id, &patch).await?;
                }
            }
            Kind::Update | Kind::Create => drop(self.directory.update(id, &patch).await?),
        }
        Ok(sent)
    }

    /// Finishes a step that was done, with the link as it is now.
    async fn done(&self, step: &Step, request: &Request, link: Option<Link>, sent: Sent) -> Result<StepResult, ApplyError> {
        let now = Timestamp::now();
        let mut link = match link {
            Some(link) => Some(link),
            None if request.kind == Kind::Create => Some(Link::new(&self.rules.instance, Origin::Created, now)?),
            // What somebody does to an account by name does not make it managed.
            None => None,
        };
        if let Some(link) = &mut link {
            if request.kind == Kind::Create {
                link.key = Some(step.key.clone());
            }
            link.modified = now;
            match request.kind {
                Kind::Create => (link.account, link.origin, link.disabled) = (sent.account.clone(), Origin::Created, None),
                Kind::Disable => {
                    (link.disabled, link.unverified) = (Some(now), false);
                    link.to_restore.extend(sent.taken);
                }
                Kind::Enable => (link.disabled, link.to_restore) = (None, sent.to_restore),
                Kind::Delete => link.ended = Some(now),
                Kind::Update | Kind::ResetPassword => {}
            }
            link.written.extend(step.changes.iter().map(|change| (change.attribute, change.new.clone())));
        }
        let entry = self.audit(step, request.kind.name(), "done", None, Some(request));
        let result = RequestResult { fate: Fate::Done, at: now };
        self.store.finish(&request.id, &result, link.as_ref(), Some(&entry)).await?;
        let mut told = blank(step, Outcome::Done);
        (told.account, told.words, told.password) = (sent.account.or(told.account), sent.words, sent.password);
        Ok(told)
    }

    async fn close(
        &self,
        step: &Step,
        request: &Request,
        fate: Fate,
        link: Option<Link>,
        outcome: Outcome,
        words: String,
    ) -> Result<StepResult, ApplyError> {
        let entry = self.audit(step, request.kind.name(), outcome.name(), Some(words.clone()), Some(request));
        let result = RequestResult { fate, at: Timestamp::now() };
        let stored = self.store.finish(&request.id, &result, link.as_ref(), Some(&entry)).await?;
        let mut told = blank(step, outcome);
        told.account = stored.and_then(|link| link.account).or(told.account);
        told.words = Some(words);
        Ok(told)
    }

    fn audit(&self, step: &Step, action: &str, outcome: &str, error: Option<String>, request: Option<&Request>) -> AuditEntry {
        AuditEntry {
            at: Timestamp::now(),
            actor: self.actor.clone(),
            run: Some(self.run.clone()),
            instance: self.rules.instance.clone(),
            person: Some(step.key.clone()),
            account: step.account.clone(),
            action: action.to_owned(),
            changes: changes(step),
            outcome: outcome.to_owned(),
            error,
            request: request.map(|request| request.id.clone()),
        }
    }
}

/// What changes, for the audit log: of each attribute what it was and becomes.
fn changes(step: &Step) -> Json {
    let changes = step.changes.iter().map(|change| (change.attribute.name().to_owned(), json!([change.old, change.new])));
    Json::Object(changes.collect::<Map<_, _>>())
}

fn failed(step: &Step, words: String) -> StepResult {
    let mut told = blank(step, Outcome::Failed);
    told.words = Some(words);
    told
}

fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
