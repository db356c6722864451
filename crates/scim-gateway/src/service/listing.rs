//! Lists: the vendor searches where it can, every user is checked here as well, and totals are exact.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _};
use provisioning::Link;
use provisioning::store::LinkBy;
use serde_json::{Map, Value as Json};
use vendor_users::directory::UserStream;
use vendor_users::query::{Comparison, ListQuery};
use vendor_users::{Attribute, By, User, Verb};

use super::lookup::account_of;
use super::{Caller, Resource, Users};
use crate::carried::{Keeper, Position, keeper, position};
use crate::failure::{of_listing, of_reading, of_store};
use crate::mapped;
use crate::protocol::error::ScimError;
use crate::protocol::evaluate::holds;
use crate::protocol::filter::{Filter, Operator};
use crate::protocol::list::{ListRequest, SortKey};

/// Reads at the same time for one page.
const READS: usize = 8;
/// Users whose links are read from the store at once.
const LINKS: usize = 500;

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) total: usize,
    pub(crate) start: usize,
    pub(crate) resources: Vec<Resource>,
}

/// What a filter lets us ask for instead of all users.
enum Sought {
    Link(Option<Box<Link>>),
    Found(Vec<Box<dyn User>>),
    All,
}

impl Users {
    /// A page of the users that the request wants.
    pub(crate) async fn list(&self, caller: &Caller, request: &ListRequest) -> Result<Page, ScimError> {
        let count = self.page_size(request);
        let (start, resources) = match self.sought(caller, request.filter.as_ref()).await? {
            Sought::Link(link) => (request.start, self.of_link(caller, request, link).await?),
            Sought::Found(users) => (request.start, self.of_users(caller, request, users).await?),
            Sought::All => return self.walk(caller, request, count).await,
        };
        let total = resources.len();
        let resources = resources.into_iter().skip(start - 1).take(count).collect();
        Ok(Page { total, start, resources })
    }

    /// How many resources a page of this list has at most.
    pub(crate) fn page_size(&self, request: &ListRequest) -> usize {
        request.count.unwrap_or(self.limits.page).min(self.limits.page)
    }

    /// What the filter lets us look for: whatever it holds of is among it.
    async fn sought(&self, caller: &Caller, filter: Option<&Filter>) -> Result<Sought, ScimError> {
        let capabilities = self.directory.capabilities();
        let necessary = filter.map(Filter::necessary).unwrap_or_default();
        for (path, operator, value) in necessary {
            let (Operator::Equal, Json::String(value), None) = (operator, value, &path.extension) else { continue };
            let dotted = path.dotted().to_ascii_lowercase();
            let failed = |error| of_store(&error);
            match dotted.as_str() {
                "id" => {
                    let link = self.store.link(value).await.map_err(failed)?;
                    let link = link.filter(|link| link.ended.is_none() && link.instance == self.name);
                    return Ok(Sought::Link(link.map(Box::new)));
                }
                "externalid" => {
                    let by = LinkBy::ExternalId { client: &caller.client, value };
                    let link = self.store.find_link(&self.name, by).await.map_err(failed)?;
                    if link.is_some() || capabilities.property(Attribute::ExternalId).is_none() {
                        return Ok(Sought::Link(link.map(Box::new)));
                    }
                    return Ok(Sought::Found(self.found(By::ExternalId(value)).await?));
                }
                "username" => {
                    let link = self.store.find_link(&self.name, LinkBy::UserName(value)).await.map_err(failed)?;
                    if link.is_some() {
                        return Ok(Sought::Link(link.map(Box::new)));
                    }
                    if keeper(capabilities, Attribute::UserName) == Keeper::Vendor && capabilities.supports(Verb::Find) {
                        return Ok(Sought::Found(self.called(value).await?));
                    }
                }
                "emails" | "emails.value"
                    if keeper(capabilities, Attribute::Email) == Keeper::Vendor
                        && !self.settings.map.contains_key(&Attribute::Email)
                        && capabilities.supports(Verb::Find) =>
                {
                    return Ok(Sought::Found(self.found(By::Email(value)).await?));
                }
                _ => {}
            }
        }
        Ok(Sought::All)
    }

    async fn found(&self, by: By<'_>) -> Result<Vec<Box<dyn User>>, ScimError> {
        self.directory.find(by).await.map(|found| found.users).map_err(|error| of_reading(&error))
    }

    /// The accounts of whom the client calls `name`. Where a mapping makes the vendor's name of it, an account that was there
    /// before is known under the client's name from now on.
    async fn called(&self, name: &str) -> Result<Vec<Box<dyn User>>, ScimError> {
        let Some(made) = mapped::sought(&self.settings.map, Attribute::UserName, name) else {
            return self.found(By::UserName(name)).await;
        };
        let users = self.found(By::UserName(&made)).await?;
        if let [user] = users.as_slice()
            && let Some(mut link) = self.link_of(user.as_ref()).await?
            && link.user_name.is_none()
        {
            link.user_name = Some(name.to_owned());
            let of = |value: &str| [(Attribute::UserName, Some(value.to_owned()))].into();
            mapped::remember(&mut link, &of(name), &of(&made));
            self.store.put_link(&link).await.map_err(|error| of_store(&error))?;
        }
        Ok(users)
    }

    async fn of_link(&self, caller: &Caller, request: &ListRequest, link: Option<Box<Link>>) -> Result<Vec<Resource>, ScimError> {
        let Some(link) = link else { return Ok(Vec::new()) };
        let resource = match self.get(caller, &link.id).await {
            Ok(resource) => resource,
            Err(error) if error.status == 404 => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let holds = request.filter.as_ref().is_none_or(|filter| holds(filter, &resource));
        Ok(holds.then_some(resource).into_iter().collect())
    }

    async fn of_users(
        &self,
        caller: &Caller,
        request: &ListRequest,
        users: Vec<Box<dyn User>>,
    ) -> Result<Vec<Resource>, ScimError> {
        let mut resources = Vec::new();
        for user in users {
            let Some(link) = self.link_of(user.as_ref()).await? else { continue };
            let resource = self.resource(caller, &link, user.as_ref()).await?;
            if request.filter.as_ref().is_none_or(|filter| holds(filter, &resource)) {
                resources.push(resource);
            }
        }
        resources.sort_by(|one, other| order(request, (&request.sort_key(one), id(one)), (&request.sort_key(other), id(other))));
        Ok(resources)
    }

    /// A page of a walk through all users: the first page makes the list that the others are read from.
    async fn walk(&self, caller: &Caller, request: &ListRequest, count: usize) -> Result<Page, ScimError> {
        self.demand(Verb::List)?;
        if request.start > 1
            && let Some((total, ids)) = self.kept_page(caller, request, count).await?
        {
            return self.page(caller, request.start, total, ids).await;
        }
        // Of everybody an identifier and what is sorted by are held; links, users and resources only of one page of the vendor's.
        let mut listed: Vec<(SortKey, String)> = Vec::new();
        let mut first: Vec<Resource> = Vec::new();
        let mut pages = self.users(request.filter.as_ref()).try_chunks(LINKS);
        while let Some(users) = pages.next().await {
            let users = users.map_err(|error| of_listing(&error.1))?;
            let links = self.links_of(&users).await?;
            for user in &users {
                let link = match account_of(user.as_ref()).and_then(|account| links.get(&account)) {
                    Some(link) => Some(link.clone()),
                    None => self.link_of(user.as_ref()).await?,
                };
                let Some(link) = link else { continue };
                // Where nothing but its place is asked for, a user is not made into a resource.
                let resource = (request.filter.is_some() || request.sort_by.is_some() || first.len() <= count)
                    .then(|| self.resource_in(caller, &link, user.as_ref(), &links));
                let wanted = |filter: &Filter| resource.as_ref().is_some_and(|resource| holds(filter, resource));
                if !request.filter.as_ref().is_none_or(wanted) {
                    continue;
                }
                listed.push((resource.as_ref().map(|resource| request.sort_key(resource)).unwrap_or_default(), link.id));
                // A list of one page needs no second read.
                first.extend(resource.filter(|_| first.len() <= count));
            }
        }
        listed.sort_by(|one, other| order(request, (&one.0, &one.1), (&other.0, &other.1)));
        listed.dedup_by(|one, other| one.1 == other.1);
        let ids: Vec<String> = listed.into_iter().map(|(_, id)| id).collect();
        let total = ids.len();
        if total > count {
            self.keep_list(caller, request, &ids).await?;
        }
        let wanted: Vec<String> = ids.into_iter().skip(request.start - 1).take(count).collect();
        if total <= count && first.len() >= total {
            let mut by_id: BTreeMap<String, Resource> =
                first.into_iter().map(|resource| (id(&resource).to_owned(), resource)).collect();
            let resources = wanted.iter().filter_map(|id| by_id.remove(id)).collect();
            return Ok(Page { total, start: request.start, resources });
        }
        self.page(caller, request.start, total, wanted).await
    }

    /// All users, or those that the vendor's own list leaves of them for this filter: never fewer than it holds of.
    fn users(&self, filter: Option<&Filter>) -> UserStream<'_> {
        let query = self.pushed_down(filter);
        if query.conditions().is_empty() {
            return self.directory.list();
        }
        let pages = futures_util::stream::try_unfold(Some(query), move |query| async move {
            let Some(query) = query else { return Ok(None) };
            let page = self.directory.list_page(&query).await?;
            let next = page.next.map(|next| query.at(next));
            Ok::<_, vendor_users::Error>(Some((futures_util::stream::iter(page.users.into_iter().map(Ok)), next)))
        });
        Box::pin(pages.try_flatten())
    }

    /// The conditions of the filter that a vendor's list can be asked for: on attributes that are given back as the vendor has
    /// them, by comparisons in which case does not count.
    fn pushed_down(&self, filter: Option<&Filter>) -> ListQuery {
        let capabilities = self.directory.capabilities();
        let necessary = filter.map(Filter::necessary).unwrap_or_default();
        necessary.into_iter().fold(ListQuery::new(), |query, (path, operator, value)| {
            let comparison = match operator {
                Operator::Equal => Comparison::Equals,
                Operator::StartsWith => Comparison::StartsWith,
                Operator::Contains => Comparison::Contains,
                _ => return query,
            };
            let named = Attribute::ALL.iter().copied().find(|attribute| match (position(*attribute), &path.extension) {
                (Position::Top(name), None) => path.sub.is_none() && path.name.eq_ignore_ascii_case(name),
                (Position::Within(outer, inner), None) => path.dotted().eq_ignore_ascii_case(&format!("{outer}.{inner}")),
                (Position::Enterprise(name), Some(_)) => path.dotted().eq_ignore_ascii_case(name),
                _ => false,
            });
            let is_as_it_is = |attribute: &Attribute| {
                let own = [Attribute::UserName, Attribute::Active].contains(attribute);
                !own && keeper(capabilities, *attribute) != Keeper::Store && !self.settings.map.contains_key(attribute)
            };
            match (named.filter(is_as_it_is), value) {
                (Some(attribute), Json::String(text)) if capabilities.property(attribute).is_some() && !text.is_empty() => {
                    query.with(attribute, comparison, text.clone())
                }
                _ => query,
            }
        })
    }

    /// Reads the users of a page; one that vanished meanwhile is left out.
    async fn page(&self, caller: &Caller, start: usize, total: usize, ids: Vec<String>) -> Result<Page, ScimError> {
        let reads = futures_util::stream::iter(ids).map(|id| async move {
            match self.get(caller, &id).await {
                Ok(resource) => Ok(Some(resource)),
                Err(error) if error.status == 404 => Ok(None),
                Err(error) => Err(error),
            }
        });
        let resources: Vec<Option<Resource>> = reads.buffered(READS).try_collect().await?;
        Ok(Page { total, start, resources: resources.into_iter().flatten().collect() })
    }

    /// The links of these users and of their managers, by account.
    async fn links_of(&self, users: &[Box<dyn User>]) -> Result<BTreeMap<String, Link>, ScimError> {
        let own = users.iter().filter_map(|user| account_of(user.as_ref()));
        let managers = users.iter().filter_map(|user| Some(user.attribute(Attribute::Manager)?.to_string()));
        let accounts: BTreeSet<String> = own.chain(managers).collect();
        let accounts: Vec<String> = accounts.into_iter().collect();
        let links = self.store.links_of(&self.name, &accounts).await.map_err(|error| of_store(&error))?;
        Ok(links.into_iter().filter_map(|link| Some((link.account.clone()?, link))).collect())
    }

    fn resource_in(&self, caller: &Caller, link: &Link, user: &dyn User, links: &BTreeMap<String, Link>) -> Map<String, Json> {
        let manager =
            user.attribute(Attribute::Manager).and_then(|account| links.get(&account.to_string())).map(|link| link.id.clone());
        crate::resource::of(user, link, &caller.client, self.directory.capabilities(), manager)
    }
}

fn id(resource: &Resource) -> &str {
    resource.get("id").and_then(Json::as_str).unwrap_or_default()
}

fn order(request: &ListRequest, one: (&SortKey, &str), other: (&SortKey, &str)) -> std::cmp::Ordering {
    let keys = if request.descending { other.0.cmp(one.0) } else { one.0.cmp(other.0) };
    keys.then_with(|| one.1.cmp(other.1))
}
