//! What became of a request whose outcome is unknown: the vendor's records are read, then it is decided.

use jiff::Timestamp;
use serde_json::Value as Json;
use vendor_users::{Attribute, By, ErrorKind, Verb};

use super::{Applier, ApplyError, accounts};
use crate::planner::{Account, folded};
use crate::store::{Fate, Kind, Link, LinkBy, Origin, Request, RequestResult};

impl Applier<'_> {
    /// Settles all that was begun by runs that are gone.
    pub(super) async fn settle(&self, alone: bool) -> Result<(), ApplyError> {
        let now = Timestamp::now();
        for request in self.store.unfinished(&self.rules.instance).await? {
            // This run holds the instance; whoever else is still alive is a server that shares the store and has no runs.
            let is_a_killed_runs = alone && request.run.is_some();
            if request.until > now && !is_a_killed_runs {
                continue;
            }
            let (fate, link) = self.look(&request).await?;
            let result = RequestResult { fate, at: request.begun };
            let mut entry = request.settled(fate, now);
            entry.account = entry.account.or_else(|| link.as_ref()?.account.clone());
            self.store.finish(&request.id, &result, link.as_ref(), Some(&entry)).await?;
        }
        Ok(())
    }

    /// Asks the vendor whether `request` arrived, and gives the link as it is then.
    pub(super) async fn look(&self, request: &Request) -> Result<(Fate, Option<Link>), ApplyError> {
        let link = self.store.find_link(&request.instance, LinkBy::Key(&request.person)).await?;
        if request.kind == Kind::Create {
            return self.look_for_new(request, link).await;
        }
        let Some(id) = request.account.as_deref() else { return Ok((Fate::NotSent, None)) };
        let user = match self.directory.get(id).await {
            Ok(user) => Some(user),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let active = user.as_ref().and_then(|user| user.active());
        let mut link = link;
        let fate = match (request.kind, &user, active) {
            (Kind::Disable, Some(_), Some(false)) => {
                edit(&mut link, |link| (link.disabled, link.unverified) = (link.disabled.or(Some(request.begun)), false));
                Fate::Done
            }
            (Kind::Disable, Some(_), _) => {
                edit(&mut link, |link| link.unverified = true);
                Fate::Failed
            }
            (Kind::Enable, Some(_), Some(true)) => {
                edit(&mut link, |link| link.disabled = None);
                Fate::Done
            }
            (Kind::Delete, None, _) => {
                edit(&mut link, |link| link.ended = Some(request.begun));
                Fate::Done
            }
            // Whether an update arrived shows in the next plan.
            (Kind::Update | Kind::ResetPassword, Some(_), _) => Fate::Unverified,
            _ => Fate::Failed,
        };
        Ok((fate, link))
    }

    async fn look_for_new(&self, request: &Request, link: Option<Link>) -> Result<(Fate, Option<Link>), ApplyError> {
        let name = request.wish.get("user_name").and_then(Json::as_str).unwrap_or_default();
        let mut ids = self.called(name).await?;
        let (Some(id), true) = (ids.pop(), ids.is_empty()) else { return Ok((Fate::NotSent, None)) };
        // Before it was sent nobody had this name: the account is what the request made.
        let mut link = match link {
            Some(link) => link,
            None => Link::new(&request.instance, Origin::Created, request.begun)?,
        };
        link.key = Some(request.person.clone());
        link.account = Some(id);
        link.user_name = None;
        link.written.insert(Attribute::UserName, Json::from(name));
        Ok((Fate::Done, Some(link)))
    }
}

impl Applier<'_> {
    /// The accounts with a user name. A search that finds nobody proves that there is none only where the vendor documents how it
    /// compares; else its list does.
    async fn called(&self, name: &str) -> Result<Vec<String>, ApplyError> {
        let found = self.directory.find(By::UserName(name)).await?;
        if found.is_empty() && !found.is_complete() && self.directory.capabilities().supports(Verb::List) {
            let accounts = accounts(self.directory, &self.rules.config).await?.into_iter();
            let of = |name: &str| folded(Attribute::UserName, name);
            let is_called = |account: &Account| account.text(Attribute::UserName).is_some_and(|known| of(&known) == of(name));
            return Ok(accounts.filter(is_called).map(|account| account.id).collect());
        }
        Ok(found.users.iter().filter_map(|user| user.id().map(std::borrow::Cow::into_owned)).collect())
    }
}

fn edit(link: &mut Option<Link>, change: impl FnOnce(&mut Link)) {
    if let Some(link) = link {
        change(link);
    }
}
