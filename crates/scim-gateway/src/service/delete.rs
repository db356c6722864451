//! DELETE: the user is gone here; whether the account goes is a setting.

use provisioning::jiff::Timestamp;
use provisioning::store::Kind;
use serde_json::json;
use vendor_users::Verb;

use super::write::Access;
use super::{Caller, Preconditions, Users};
use crate::failure::of_directory;
use crate::protocol::error::ScimError;
use crate::settings::OnDelete;

impl Users {
    /// Deletes the user with this identifier.
    pub(crate) async fn delete(&self, caller: &Caller, id: &str, preconditions: &Preconditions) -> Result<(), ScimError> {
        let (link, user) = self.read(id).await?;
        preconditions.check(&self.resource(caller, &link, user.as_ref()).await?)?;
        let kind = match self.settings.on_delete {
            OnDelete::Delete => Kind::Delete,
            OnDelete::Deactivate => Kind::Disable,
        };
        self.demand(if kind == Kind::Delete { Verb::Delete } else { Verb::Deactivate })?;
        let turn = self.begin(id, link.account.as_deref(), kind, json!({ "actor": caller.client })).await?;
        let mut link = link;
        let mut access = Access::default();
        let done = async {
            let (now, user) = self.read(id).await?;
            link = now;
            self.may_write(caller, &link, user.as_ref()).await?;
            let account = link.account.clone().unwrap_or_default();
            self.within_limit(&turn).await?;
            if kind == Kind::Delete {
                let deleted = self.directory.delete(&account).await;
                deleted.map_err(|error| {
                    access.after(&error);
                    of_directory(&error)
                })?;
            } else {
                self.deactivate(&mut link, &account, &mut access).await?;
                if let Some(sent) = link.sent.as_object_mut() {
                    sent.insert("buried".to_owned(), json!(true));
                } else {
                    link.sent = json!({ "buried": true });
                }
            }
            link.ended = Some(Timestamp::now());
            Ok(())
        }
        .await;
        link.modified = Timestamp::now();
        let audit = self.audit(caller, id, link.account.as_deref(), "delete", done.as_ref().err());
        self.finish(turn, access.fate(done.is_ok()), Some(&link), Some(&audit)).await?;
        done
    }
}
