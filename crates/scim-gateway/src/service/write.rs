//! PUT and PATCH: access is removed first, then attributes change, then access is given.

use provisioning::Link;
use provisioning::jiff::Timestamp;
use provisioning::planner::is_administrator;
use provisioning::store::{AuditEntry, Fate, Kind, LinkBy, Origin};
use serde_json::{Value as Json, json};
use vendor_users::{Attribute, By, Clearing, Error, ErrorKind, User, Verb};

use super::turn::Turn;
use super::{Caller, Preconditions, Resource, Users};
use crate::carried::{Keeper, keeper};
use crate::failure::{of_directory, of_store};
use crate::mapped;
use crate::protocol::error::{ScimError, ScimType};
use crate::protocol::names::key;
use crate::protocol::patch::{self, Operation};
use crate::settings::Adopt;
use crate::wanted::{Wanted, is_kept};

/// What a request makes of a user.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// PUT: what is not mentioned is kept.
    Replace(Resource),
    /// PATCH.
    Patch(Vec<Operation>),
}

/// What a write has done to the access of its user, whatever becomes of the rest: what may have been removed counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing.
    #[default]
    Kept,
    /// The vendor was asked to remove it, and nobody has seen that it is gone.
    Unverified,
    /// It is gone.
    Removed,
}

impl Access {
    /// Notes what an error leaves open.
    pub(super) fn after(&mut self, error: &Error) -> Self {
        if error.kind() == ErrorKind::Unverified || error.may_have_arrived() {
            *self = Self::Unverified;
        }
        *self
    }

    /// What became of the request.
    pub(super) const fn fate(self, is_done: bool) -> Fate {
        match self {
            _ if is_done => Fate::Done,
            Self::Removed => Fate::Done,
            Self::Unverified => Fate::Unverified,
            Self::Kept => Fate::Failed,
        }
    }
}

impl Users {
    /// Changes the user with this identifier, and returns it as it is then.
    pub(crate) async fn change(
        &self,
        caller: &Caller,
        id: &str,
        change: &Change,
        preconditions: &Preconditions,
    ) -> Result<Resource, ScimError> {
        let (link, user) = self.read(id).await?;
        let before = self.resource(caller, &link, user.as_ref()).await?;
        preconditions.check(&before)?;
        let wanted = self.wanted(change, &before, &link, user.as_ref())?;
        self.count_ignored(&wanted.ignored);
        if self.is_nothing(&wanted, &link) {
            return Ok(before);
        }
        let kind = match wanted.active {
            Some(false) => Kind::Disable,
            Some(true) => Kind::Enable,
            None => Kind::Update,
        };
        let wish = json!({ "actor": caller.client, "changes": wanted.changes(Some(user.as_ref())) });
        let turn = self.begin(id, link.account.as_deref(), kind, wish).await?;
        // What was read before may have changed while others wrote.
        let read = async {
            let (link, user) = self.read(id).await?;
            let before = self.resource(caller, &link, user.as_ref()).await?;
            preconditions.check(&before)?;
            let wanted = self.wanted(change, &before, &link, user.as_ref())?;
            self.may_write(caller, &link, user.as_ref()).await?;
            Ok((link, user, wanted))
        };
        let (mut link, user, wanted) = match read.await {
            Ok(read) => read,
            Err(error) => {
                self.finish(turn, Fate::NotSent, None, None).await?;
                return Err(error);
            }
        };
        let mut access = Access::default();
        let changes = wanted.changes(Some(user.as_ref()));
        let written = self.write(caller, &turn, &mut link, user, &wanted, &mut access).await;
        link.modified = Timestamp::now();
        let fate = access.fate(written.is_ok());
        let audit = self.audit(caller, id, link.account.as_deref(), kind.name(), written.as_ref().err());
        let audit = AuditEntry { changes, ..audit };
        let stored = self.finish(turn, fate, Some(&link), Some(&audit)).await?;
        let user = written?;
        self.resource(caller, stored.as_ref().unwrap_or(&link), user.as_ref()).await
    }

    /// What the change wants that is not so already.
    fn wanted(&self, change: &Change, before: &Resource, link: &Link, user: &dyn User) -> Result<Wanted, ScimError> {
        let capabilities = self.directory.capabilities();
        let mut now = Wanted::read(before, capabilities)?;
        let mut after = before.clone();
        let mut wanted = match change {
            Change::Replace(resource) => {
                let wanted = Wanted::read(resource, capabilities)?;
                if wanted.user_name.is_none() {
                    return Err(ScimError::of(ScimType::InvalidValue, "`userName` is required"));
                }
                overlay(&mut after, resource);
                wanted
            }
            Change::Patch(operations) => {
                let is_kept = |name: &str| is_kept(name, capabilities);
                patch::apply_to_kept(&mut after, operations, self.limits.filter, &is_kept)?;
                let wanted = Wanted::read(&after, capabilities)?;
                if now.active.is_some() && wanted.active.is_none() {
                    return Err(ScimError::of(ScimType::Mutability, "`active` cannot be removed; set it to true or false"));
                }
                wanted.clearing(&now)
            }
        };
        wanted.mapped = mapped::apply(&self.settings.map, &after, capabilities, false, &mut wanted.vendor)?;
        let sent_before = |attribute: &Attribute| now.vendor.get(attribute).cloned().flatten();
        let same = |attribute: &Attribute| wanted.mapped.get(attribute).cloned().flatten() == sent_before(attribute);
        let said_again: Vec<Attribute> = wanted.mapped.keys().copied().filter(|attribute| same(attribute)).collect();
        // What the mappings make is compared with what the vendor has, not with what was sent.
        for attribute in self.settings.map.keys() {
            let text = user.attribute(*attribute).map(|value| value.to_string());
            now.vendor.insert(*attribute, text.filter(|text| !text.is_empty()));
        }
        let mut wanted = wanted.since(&now);
        wanted.mapped.retain(|attribute, _| wanted.vendor.contains_key(attribute) || !said_again.contains(attribute));
        self.leave_locked(change, link, &mut wanted)?;
        let stays = |attribute: Attribute| self.directory.clearing(attribute) == Clearing::Never;
        let removed = wanted.vendor.iter().filter(|(_, value)| value.is_none()).map(|(attribute, _)| *attribute);
        for attribute in removed {
            let name = attribute.scim().unwrap_or(attribute.name());
            let why = match self.settings.demands(capabilities, attribute) {
                true => "has no user without it",
                false if stays(attribute) => "documents no way to leave it empty; give it another value",
                false => continue,
            };
            let words = format!("`{name}` cannot be removed: {} {why}", capabilities.instance());
            return Err(ScimError::of(ScimType::Mutability, words));
        }
        Ok(wanted)
    }

    /// Whoever reads as inactive and was not switched off from here may be locked out instead, where the vendor has one word for
    /// both: a user that is sent whole does not unlock it by the way.
    fn leave_locked(&self, change: &Change, link: &Link, wanted: &mut Wanted) -> Result<(), ScimError> {
        let capabilities = self.directory.capabilities();
        let is_ours = link.disabled.is_some() || self.settings.unlock || !capabilities.active_is_ambiguous();
        if wanted.active != Some(true) || is_ours {
            return Ok(());
        }
        let words = format!(
            "{} has one word for switched off and locked out, and the account was not switched off from here: look at it there, or \
             set `unlock = true`",
            capabilities.instance()
        );
        match change {
            Change::Replace(_) => {
                tracing::warn!(user = link.id.as_str(), "left inactive: {words}");
                wanted.active = None;
                Ok(())
            }
            Change::Patch(_) => Err(ScimError::new(403, words)),
        }
    }

    fn is_nothing(&self, wanted: &Wanted, link: &Link) -> bool {
        let kept = wanted.kept.iter().all(|(name, value)| link.sent.get(name).unwrap_or(&Json::Null) == value);
        kept && wanted.vendor.is_empty()
            && wanted.mapped.is_empty()
            && wanted.active.is_none()
            && wanted.external_id.is_none()
            && wanted.user_name.is_none()
    }

    /// Refuses a write to what is protected, or not ours; an account that was found becomes ours.
    pub(super) async fn may_write(&self, caller: &Caller, link: &Link, user: &dyn User) -> Result<(), ScimError> {
        let names = [user.id(), user.user_name(), user.email()];
        if let Some(name) = names.into_iter().flatten().find(|name| self.settings.protects(name)) {
            return Err(ScimError::new(403, format!("`{name}` is protected (setting `protect`), so that it is never changed")));
        }
        if let Some(rule) = self.settings.administrator.as_ref().filter(|_| user.record().is_some())
            && is_administrator(rule, user).map_err(|words| ScimError::new(503, words))?
        {
            let words = "the account is an administrator's, which is never changed from here (setting `administrators`)";
            return Err(ScimError::new(403, words));
        }
        if link.sent.get("found").is_none() {
            return Ok(());
        }
        if self.settings.adopt == Adopt::Nothing {
            return Err(ScimError::new(
                403,
                "the account was there before, and this gateway may not change it; set `adopt = \"matching\"` if it may",
            ));
        }
        let audit = self.audit(caller, &link.id, link.account.as_deref(), "adopt", None);
        self.store.record(&audit).await.map_err(|error| of_store(&error))
    }

    async fn write(
        &self,
        caller: &Caller,
        turn: &Turn,
        link: &mut Link,
        user: Box<dyn User>,
        wanted: &Wanted,
        access: &mut Access,
    ) -> Result<Box<dyn User>, ScimError> {
        let account = link.account.clone().ok_or_else(|| self.unknown(&link.id))?;
        let mut wanted = wanted.clone();
        self.check_name(link, &mut wanted).await?;
        if let Some(Some(value)) = &wanted.external_id {
            let by = LinkBy::ExternalId { client: &caller.client, value };
            self.is_own(link, by, || format!("`{value}` is the external identifier of another user")).await?;
        }
        self.resolve_manager(&mut wanted).await?;
        let mut user = user;
        if wanted.active == Some(false) {
            self.demand(Verb::Deactivate)?;
            self.within_limit(turn).await?;
            user = self.deactivate(link, &account, access).await?;
        }
        if !wanted.vendor.is_empty() {
            self.demand(Verb::Update)?;
            let outcome = self
                .directory
                .update(&account, &wanted.patch(self.directory.as_ref()))
                .await
                .map_err(|error| of_directory(&error))?;
            user = outcome.user;
            for (attribute, value) in &wanted.vendor {
                link.written.insert(*attribute, value.clone().map_or(Json::Null, Json::from));
            }
        }
        if wanted.active == Some(true) {
            self.demand(Verb::Activate)?;
            let switched =
                self.directory.activate_with(&account, &link.to_restore).await.map_err(|error| of_directory(&error))?;
            link.to_restore = switched.to_restore;
            link.disabled = None;
            user = switched.user;
        }
        remember(link, &wanted);
        name_for(link, &wanted, &caller.client);
        Ok(user)
    }

    /// Switches an account off, verified.
    pub(super) async fn deactivate(
        &self,
        link: &mut Link,
        account: &str,
        access: &mut Access,
    ) -> Result<Box<dyn User>, ScimError> {
        match self.directory.deactivate(account).await {
            Ok(switched) => {
                link.disabled.get_or_insert_with(Timestamp::now);
                link.to_restore.extend(switched.taken);
                link.unverified = false;
                *access = Access::Removed;
                Ok(switched.user)
            }
            Err(error) => {
                link.to_restore.extend_from_slice(error.taken());
                link.unverified |= access.after(&error) == Access::Unverified;
                Err(of_directory(&error))
            }
        }
    }

    /// A new user name: refused where it is the vendor's identifier, or another person's.
    async fn check_name(&self, link: &Link, wanted: &mut Wanted) -> Result<(), ScimError> {
        let Some(name) = &wanted.user_name else { return Ok(()) };
        let capabilities = self.directory.capabilities();
        let property = capabilities.property(Attribute::UserName);
        if property.is_some() && property == capabilities.property(Attribute::Id) {
            let account = link.account.as_deref().unwrap_or_default();
            let is_made = wanted.mapped.contains_key(&Attribute::UserName);
            // What is mapped and not in the change is at the vendor as it is to be.
            let at_vendor = match wanted.vendor.get(&Attribute::UserName) {
                Some(Some(made)) => made,
                _ if is_made => account,
                _ => name,
            };
            if account.to_lowercase() != at_vendor.to_lowercase() {
                return Err(ScimError::of(
                    ScimType::Mutability,
                    format!(
                        "`userName` is the identifier at {}, so that it never changes; create another user instead",
                        capabilities.instance()
                    ),
                ));
            }
            wanted.vendor.remove(&Attribute::UserName);
        }
        self.is_own(link, LinkBy::UserName(name), || format!("`{name}` is the user name of another user")).await
    }

    /// Refuses what belongs to another user.
    async fn is_own(&self, link: &Link, by: LinkBy<'_>, taken: impl Fn() -> String) -> Result<(), ScimError> {
        let other = self.store.find_link(&self.name, by).await.map_err(|error| of_store(&error))?;
        match other {
            Some(other) if other.id != link.id => Err(ScimError::of(ScimType::Uniqueness, taken())),
            _ => Ok(()),
        }
    }

    /// The manager's account: of an identifier of the gateway, or of one at the vendor.
    pub(super) async fn resolve_manager(&self, wanted: &mut Wanted) -> Result<(), ScimError> {
        let Some(Some(manager)) = wanted.vendor.get(&Attribute::Manager).cloned() else { return Ok(()) };
        let link = self.store.link(&manager).await.map_err(|error| of_store(&error))?;
        let known = link.filter(|link| link.ended.is_none() && link.instance == self.name).and_then(|link| link.account);
        let account = match known {
            Some(account) => Some(account),
            None if self.account(&manager).await?.is_some() => Some(manager.clone()),
            None => {
                let found = self.directory.find(By::UserName(&manager)).await;
                found.ok().and_then(|found| Some(found.users.first()?.id()?.into_owned()))
            }
        };
        let account = account.ok_or_else(|| {
            let shown = crate::protocol::error::shortened(&manager);
            ScimError::of(
                ScimType::InvalidValue,
                format!("the manager `{shown}` is neither a user here nor an account at the vendor"),
            )
        })?;
        wanted.vendor.insert(Attribute::Manager, Some(account));
        Ok(())
    }

    /// Whether the user name of new users is kept by the vendor.
    pub(super) fn keeps_user_name(&self) -> bool {
        keeper(self.directory.capabilities(), Attribute::UserName) == Keeper::Vendor
    }
}

/// The resource with what a request has in its place.
fn overlay(resource: &mut Resource, new: &Resource) {
    for (name, value) in new {
        let key = key(resource, name);
        resource.insert(key, value.clone());
    }
}

/// Writes into the link what the store keeps.
pub(super) fn remember(link: &mut Link, wanted: &Wanted) {
    if let Some(name) = &wanted.user_name {
        link.user_name = Some(name.clone());
    }
    mapped::remember(link, &wanted.mapped, &wanted.vendor);
    if !link.sent.is_object() {
        link.sent = json!({});
    }
    if let Some(sent) = link.sent.as_object_mut() {
        if sent.remove("found").is_some() {
            link.origin = Origin::Adopted;
        }
        for (name, value) in &wanted.kept {
            if value.is_null() {
                sent.remove(name);
            } else {
                sent.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Writes the client's identifier of the person into the link.
pub(super) fn name_for(link: &mut Link, wanted: &Wanted, client: &str) {
    match &wanted.external_id {
        None => {}
        Some(Some(value)) => drop(link.external_ids.insert(client.to_owned(), value.clone())),
        Some(None) => drop(link.external_ids.remove(client)),
    }
}
