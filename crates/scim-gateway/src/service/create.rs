//! POST: one user, however often it is sent.

use provisioning::Link;
use provisioning::jiff::Timestamp;
use provisioning::store::{AuditEntry, Fate, Kind, LinkBy, Origin};
use serde_json::json;
use vendor_users::{Attribute, By, Error, User, Verb};

use super::lookup::account_of;
use super::write::{name_for, remember};
use super::{Caller, Resource, Users};
use crate::carried::{Keeper, keeper};
use crate::failure::{of_directory, of_reading, of_store};
use crate::mapped;
use crate::protocol::error::{ScimError, ScimType};
use crate::wanted::Wanted;

/// What to do about an account that is there already.
enum There {
    /// It was deleted here and left at the vendor, or a request of ours that was cut off has made it.
    Ours(Box<dyn User>, String),
    Nobody,
}

impl Users {
    /// Creates a user, and returns it.
    pub(crate) async fn create(&self, caller: &Caller, resource: &Resource) -> Result<Resource, ScimError> {
        self.demand(Verb::Create)?;
        let mut wanted = Wanted::read(resource, self.directory.capabilities())?;
        let name = wanted.user_name.clone().ok_or_else(|| ScimError::of(ScimType::InvalidValue, "`userName` is required"))?;
        self.count_ignored(&wanted.ignored);
        let capabilities = self.directory.capabilities();
        wanted.mapped = mapped::apply(&self.settings.map, resource, capabilities, true, &mut wanted.vendor)?;
        self.has_required(&wanted)?;
        // The name at the vendor: what two persons cannot both have.
        let at_vendor = wanted.vendor.get(&Attribute::UserName).cloned().flatten().unwrap_or_else(|| name.clone());
        // A mapping that makes no name leaves the one that was sent.
        if self.keeps_user_name() {
            wanted.vendor.insert(Attribute::UserName, Some(at_vendor.clone()));
        }
        if let Some(name) = [&name, &at_vendor].into_iter().find(|name| self.settings.protects(name)) {
            return Err(ScimError::new(403, format!("`{name}` is protected (setting `protect`), so that it is never made")));
        }
        let person = format!("name:{}", at_vendor.trim().to_lowercase());
        let changes = wanted.changes(None);
        let wish = json!({ "user_name": at_vendor, "actor": caller.client, "changes": changes });
        let turn = self.begin(&person, None, Kind::Create, wish).await?;
        let mut link = Link::new(&self.name, Origin::Created, Timestamp::now()).map_err(|error| of_store(&error))?;
        let is_recovered = turn.recovered.as_ref().is_some_and(|before| before.kind == Kind::Create);
        let written = async {
            self.is_free(caller, &name, &wanted).await?;
            self.resolve_manager(&mut wanted).await?;
            let user = match self.there(&at_vendor, is_recovered).await? {
                There::Ours(user, account) => self.revive(&mut link, user, &account, &wanted).await?,
                There::Nobody => self.make(&at_vendor, &wanted).await?,
            };
            link.account = Some(account_of(user.as_ref()).unwrap_or_else(|| at_vendor.clone()));
            Ok(user)
        }
        .await;
        let user = match written {
            Ok(user) => user,
            Err(error) => {
                let audit = self.audit(caller, &person, None, "create", Some(&error));
                let audit = AuditEntry { changes, ..audit };
                self.finish(turn, Fate::Failed, None, Some(&audit)).await?;
                return Err(error);
            }
        };
        remember(&mut link, &wanted);
        name_for(&mut link, &wanted, &caller.client);
        if wanted.active == Some(false) {
            link.disabled.get_or_insert_with(Timestamp::now);
        }
        for (attribute, value) in &wanted.vendor {
            if let Some(value) = value {
                link.written.insert(*attribute, value.as_str().into());
            }
        }
        let audit = self.audit(caller, &link.id, link.account.as_deref(), "create", None);
        let audit = AuditEntry { changes, ..audit };
        let stored = self.finish(turn, Fate::Done, Some(&link), Some(&audit)).await?;
        self.resource(caller, stored.as_ref().unwrap_or(&link), user.as_ref()).await
    }

    /// Refuses a user without what the settings require; what documents require, the directory says itself.
    fn has_required(&self, wanted: &Wanted) -> Result<(), ScimError> {
        let is_missing = |attribute: &&Attribute| !wanted.vendor.get(attribute).is_some_and(Option::is_some);
        let vendors =
            self.settings.required.iter().filter(|named| keeper(self.directory.capabilities(), **named) == Keeper::Vendor);
        let missing: Vec<String> =
            vendors.filter(is_missing).map(|named| format!("`{}`", named.scim().unwrap_or(named.name()))).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let instance = self.directory.capabilities().instance();
        let words = format!("{instance} has no user without {}", missing.join(", "));
        Err(ScimError::of(ScimType::InvalidValue, words))
    }

    /// Refuses what another user has already.
    async fn is_free(&self, caller: &Caller, name: &str, wanted: &Wanted) -> Result<(), ScimError> {
        let mut sought = vec![(LinkBy::UserName(name), format!("`userName` `{name}`"))];
        if let Some(Some(value)) = &wanted.external_id {
            sought.push((LinkBy::ExternalId { client: &caller.client, value }, format!("`externalId` `{value}`")));
        }
        for (by, shown) in sought {
            let Some(link) = self.store.find_link(&self.name, by).await.map_err(|error| of_store(&error))? else { continue };
            match link.account.as_deref() {
                Some(account) if self.account(account).await?.is_some() => {
                    return Err(ScimError::of(ScimType::Uniqueness, format!("{shown} belongs to another user")));
                }
                _ => self.vanished(link).await?,
            }
        }
        Ok(())
    }

    async fn there(&self, name: &str, is_recovered: bool) -> Result<There, ScimError> {
        let found = self.directory.find(By::UserName(name)).await.map_err(|error| of_reading(&error))?;
        let Some(user) = found.users.into_iter().next() else { return Ok(There::Nobody) };
        let account = account_of(user.as_ref()).unwrap_or_default();
        let linked = self.store.find_link(&self.name, LinkBy::Account(&account)).await.map_err(|error| of_store(&error))?;
        if linked.is_none() && (is_recovered || self.is_buried(&account).await?) {
            return Ok(There::Ours(user, account));
        }
        let instance = self.directory.capabilities().instance();
        Err(ScimError::of(ScimType::Uniqueness, format!("{instance} has a user `{name}` already; find and update it")))
    }

    async fn make(&self, name: &str, wanted: &Wanted) -> Result<Box<dyn User>, ScimError> {
        let draft = wanted.draft(self.directory.capabilities());
        match self.directory.create(&draft).await {
            Ok(outcome) => Ok(outcome.user),
            Err(error) if error.may_have_arrived() => self.arrived(name, error).await,
            Err(error) => Err(of_directory(&error)),
        }
    }

    /// After a request that may have arrived: what is found is the user that it has made, since nobody was there before.
    async fn arrived(&self, name: &str, error: Error) -> Result<Box<dyn User>, ScimError> {
        let found = self.directory.find(By::UserName(name)).await;
        found.ok().and_then(|found| found.users.into_iter().next()).ok_or_else(|| of_directory(&error))
    }

    /// An account that was left at the vendor becomes the user again, under a new identifier.
    async fn revive(
        &self,
        link: &mut Link,
        user: Box<dyn User>,
        account: &str,
        wanted: &Wanted,
    ) -> Result<Box<dyn User>, ScimError> {
        let mut user = user;
        let mut changes = wanted.clone();
        changes.vendor.retain(|attribute, value| {
            ![Attribute::Id, Attribute::UserName].contains(attribute)
                && user.attribute(*attribute).map(|now| now.to_string()) != *value
        });
        if !self.keeps_user_name() {
            changes.vendor.remove(&Attribute::UserName);
        }
        if !changes.vendor.is_empty() {
            let outcome = self
                .directory
                .update(account, &changes.patch(self.directory.as_ref()))
                .await
                .map_err(|error| of_directory(&error))?;
            user = outcome.user;
        }
        link.account = Some(account.to_owned());
        if wanted.active != Some(false) && user.active() == Some(false) {
            let ended = self.store.ended_links(&self.name, LinkBy::Account(account)).await.map_err(|error| of_store(&error))?;
            let taken = ended.into_iter().next().map(|link| link.to_restore).unwrap_or_default();
            let switched = self.directory.activate_with(account, &taken).await.map_err(|error| of_directory(&error))?;
            link.to_restore = switched.to_restore;
            user = switched.user;
        }
        Ok(user)
    }
}
