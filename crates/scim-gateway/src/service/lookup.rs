//! From identifiers to accounts, and back.

use provisioning::Link;
use provisioning::jiff::Timestamp;
use provisioning::store::{LinkBy, Origin, StoreErrorKind};
use vendor_users::{Attribute, By, ErrorKind, User, Verb};

use super::{Caller, Resource, Users};
use crate::failure::{of_reading, of_store};
use crate::protocol::error::ScimError;
use crate::resource;

impl Users {
    /// Reads the user with this identifier.
    pub(crate) async fn get(&self, caller: &Caller, id: &str) -> Result<Resource, ScimError> {
        let (link, user) = self.read(id).await?;
        self.resource(caller, &link, user.as_ref()).await
    }

    /// The link and the vendor's user with this identifier.
    pub(super) async fn read(&self, id: &str) -> Result<(Link, Box<dyn User>), ScimError> {
        let link = self.store.link(id).await.map_err(|error| of_store(&error))?;
        let link = link.filter(|link| link.ended.is_none() && link.instance == self.name).ok_or_else(|| self.unknown(id))?;
        let account = link.account.clone().ok_or_else(|| self.unknown(id))?;
        match self.account(&account).await? {
            Some(user) => Ok((link, user)),
            None => {
                self.vanished(link).await?;
                Err(self.unknown(id))
            }
        }
    }

    pub(super) fn unknown(&self, id: &str) -> ScimError {
        let shown = crate::protocol::error::shortened(id);
        ScimError::new(404, format!("{} has no user `{shown}`", self.directory.capabilities().instance()))
    }

    /// The vendor's user, if it is there.
    pub(super) async fn account(&self, account: &str) -> Result<Option<Box<dyn User>>, ScimError> {
        let capabilities = self.directory.capabilities();
        if capabilities.supports(Verb::Get) {
            return match self.directory.get(account).await {
                Ok(user) => Ok(Some(user)),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(of_reading(&error)),
            };
        }
        let found = self.directory.find(By::Id(account)).await.map_err(|error| of_reading(&error))?;
        Ok(found.users.into_iter().next())
    }

    /// An account that is gone at the vendor takes its link along.
    pub(super) async fn vanished(&self, mut link: Link) -> Result<(), ScimError> {
        link.ended = Some(Timestamp::now());
        link.modified = Timestamp::now();
        self.store.put_link(&link).await.map(drop).map_err(|error| of_store(&error))
    }

    /// The link of a user that was found at the vendor, made if there is none; `None` for one with a tombstone.
    pub(super) async fn link_of(&self, user: &dyn User) -> Result<Option<Link>, ScimError> {
        let Some(account) = account_of(user) else { return Ok(None) };
        for _ in 0..2 {
            let found = self.store.find_link(&self.name, LinkBy::Account(&account)).await.map_err(|error| of_store(&error))?;
            if found.is_some() {
                return Ok(found);
            }
            if self.is_buried(&account).await? {
                return Ok(None);
            }
            let mut link = Link::new(&self.name, Origin::Adopted, Timestamp::now()).map_err(|error| of_store(&error))?;
            link.account = Some(account.clone());
            link.sent = serde_json::json!({ "found": true });
            match self.store.put_link(&link).await {
                Ok(link) => return Ok(Some(link)),
                // Another request was first.
                Err(error) if *error.kind() == StoreErrorKind::Taken => {}
                Err(error) => return Err(of_store(&error)),
            }
        }
        Err(ScimError::new(503, "the link of an account changes all the time").retry_after(std::time::Duration::from_secs(1)))
    }

    /// Whether an account was deleted here and left at the vendor.
    pub(super) async fn is_buried(&self, account: &str) -> Result<bool, ScimError> {
        let ended = self.store.ended_links(&self.name, LinkBy::Account(account)).await.map_err(|error| of_store(&error))?;
        Ok(ended.first().is_some_and(|link| link.sent.get("buried").is_some()))
    }

    /// The user as SCIM has it.
    pub(super) async fn resource(&self, caller: &Caller, link: &Link, user: &dyn User) -> Result<Resource, ScimError> {
        let manager = match user.attribute(Attribute::Manager) {
            Some(account) => {
                let account = account.to_string();
                let found = self.store.find_link(&self.name, LinkBy::Account(&account)).await;
                found.map_err(|error| of_store(&error))?.map(|link| link.id)
            }
            None => None,
        };
        Ok(resource::of(user, link, &caller.client, self.directory.capabilities(), manager))
    }
}

/// What the vendor knows the account by.
pub(super) fn account_of(user: &dyn User) -> Option<String> {
    user.id().or_else(|| user.user_name()).map(|id| id.into_owned())
}
