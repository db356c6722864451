//! PUT and PATCH: access is removed first, then attributes change, then access is given.

use provisioning::Link;
use provisioning::jiff::Timestamp;
use provisioning::store::{Fate, Kind, LinkBy, Origin};
use serde_json::{Value as Json, json};
use vendor_users::{Attribute, By, ErrorKind, User, Verb};

use super::{Caller, Preconditions, Resource, Users};
use crate::carried::{Keeper, keeper};
use crate::failure::{of_directory, of_store};
use crate::protocol::error::{ScimError, ScimType};
use crate::protocol::patch::{self, Operation};
use crate::settings::Adopt;
use crate::wanted::Wanted;

/// What a request makes of a user.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// PUT: what is not mentioned is kept.
    Replace(Resource),
    /// PATCH.
    Patch(Vec<Operation>),
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
        let wanted = self.wanted(change, &before)?;
        if self.is_nothing(&wanted, &link) {
            return Ok(before);
        }
        let kind = match wanted.active {
            Some(false) => Kind::Disable,
            Some(true) => Kind::Enable,
            None => Kind::Update,
        };
        let turn = self.begin(caller, id, link.account.as_deref(), kind, json!({})).await?;
        // What was read before may have changed while others wrote.
        let read = async {
            let (link, user) = self.read(id).await?;
            let before = self.resource(caller, &link, user.as_ref()).await?;
            preconditions.check(&before)?;
            let wanted = self.wanted(change, &before)?;
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
        let written = self.write(caller, &mut link, user, &wanted).await;
        link.modified = Timestamp::now();
        let (fate, error) = match &written {
            Ok(_) => (Fate::Done, None),
            Err(error) if link.unverified => (Fate::Unverified, Some(error)),
            Err(error) => (Fate::Failed, Some(error)),
        };
        let audit = self.audit(caller, id, link.account.as_deref(), kind.name(), error);
        let stored = self.finish(turn, fate, Some(&link), Some(&audit)).await?;
        let user = written?;
        self.resource(caller, stored.as_ref().unwrap_or(&link), user.as_ref()).await
    }

    /// What the change wants that is not so already.
    fn wanted(&self, change: &Change, before: &Resource) -> Result<Wanted, ScimError> {
        let capabilities = self.directory.capabilities();
        let now = Wanted::read(before, capabilities)?;
        let wanted = match change {
            Change::Replace(resource) => {
                let wanted = Wanted::read(resource, capabilities)?;
                if wanted.user_name.is_none() {
                    return Err(ScimError::of(ScimType::InvalidValue, "`userName` is required"));
                }
                wanted
            }
            Change::Patch(operations) => {
                let mut after = before.clone();
                patch::apply(&mut after, operations, self.limits.filter)?;
                let wanted = Wanted::read(&after, capabilities)?;
                if now.active.is_some() && wanted.active.is_none() {
                    return Err(ScimError::of(ScimType::Mutability, "`active` cannot be removed; set it to true or false"));
                }
                wanted.clearing(&now)
            }
        };
        wanted.ignored.iter().for_each(|name| tracing::debug!(attribute = name.as_str(), "the vendor has no place for it"));
        let wanted = wanted.since(&now);
        let is_demanded = |attribute: Attribute| attribute == Attribute::UserName || capabilities.constraints(attribute).required;
        if let Some((attribute, _)) = wanted.vendor.iter().find(|(attribute, value)| value.is_none() && is_demanded(**attribute))
        {
            let name = attribute.scim().unwrap_or(attribute.name());
            let words = format!("`{name}` cannot be removed: {} has no user without it", capabilities.instance());
            return Err(ScimError::of(ScimType::Mutability, words));
        }
        Ok(wanted)
    }

    fn is_nothing(&self, wanted: &Wanted, link: &Link) -> bool {
        let kept = wanted.kept.iter().all(|(name, value)| link.sent.get(name).unwrap_or(&Json::Null) == value);
        kept && wanted.vendor.is_empty() && wanted.active.is_none() && wanted.external_id.is_none() && wanted.user_name.is_none()
    }

    /// Refuses a write to what is protected, or not ours; an account that was found becomes ours.
    pub(super) async fn may_write(&self, caller: &Caller, link: &Link, user: &dyn User) -> Result<(), ScimError> {
        let names = [user.id(), user.user_name(), user.email()];
        if let Some(name) = names.into_iter().flatten().find(|name| self.settings.protects(name)) {
            return Err(ScimError::new(403, format!("`{name}` is protected (setting `protect`), so that it is never changed")));
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
        link: &mut Link,
        user: Box<dyn User>,
        wanted: &Wanted,
    ) -> Result<Box<dyn User>, ScimError> {
        let account = link.account.clone().ok_or_else(|| self.unknown(&link.id))?;
        let mut wanted = wanted.clone();
        self.check_name(link, &mut wanted).await?;
        self.resolve_manager(&mut wanted).await?;
        let mut user = user;
        if wanted.active == Some(false) {
            self.demand(Verb::Deactivate)?;
            self.within_limit().await?;
            user = self.deactivate(link, &account).await?;
        }
        if !wanted.vendor.is_empty() {
            self.demand(Verb::Update)?;
            let outcome = self.directory.update(&account, &wanted.patch()).await.map_err(|error| of_directory(&error))?;
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
    pub(super) async fn deactivate(&self, link: &mut Link, account: &str) -> Result<Box<dyn User>, ScimError> {
        match self.directory.deactivate(account).await {
            Ok(switched) => {
                link.disabled.get_or_insert_with(Timestamp::now);
                link.to_restore.extend(switched.taken);
                link.unverified = false;
                Ok(switched.user)
            }
            Err(error) => {
                link.to_restore.extend_from_slice(error.taken());
                link.unverified = error.kind() == ErrorKind::Unverified;
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
            if account.to_lowercase() != name.to_lowercase() {
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
        let other = self.store.find_link(&self.name, LinkBy::UserName(name)).await.map_err(|error| of_store(&error))?;
        match other {
            Some(other) if other.id != link.id => {
                Err(ScimError::of(ScimType::Uniqueness, format!("`{name}` is the user name of another user")))
            }
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

/// Writes into the link what the store keeps.
pub(super) fn remember(link: &mut Link, wanted: &Wanted) {
    if let Some(name) = &wanted.user_name {
        link.user_name = Some(name.clone());
    }
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
