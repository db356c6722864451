//! A directory of one kind of user.

use billingplatform::{Client, types};
use client_core::serde_json::Value;
use client_core::{Json, Map as Row, Secret, StatusCode};

use super::entity::{Entity, request};
use super::rows;
use super::select::{self, Position};
use crate::attribute::Attribute;
use crate::capabilities::Capabilities;
use crate::choice::{Choice, FirstCredential};
use crate::directory::DirectoryFuture;
use crate::error::{Error, ErrorKind};
use crate::instance::Instance;
use crate::operations::{self, DocumentedUsers, pages};
use crate::primitives::{Page, Primitives, QueryPage, SearchResult};
use crate::query::{ListQuery, QueryPart};
use crate::record::Record as _;
use crate::search::{By, CaseRule};
use crate::user::User as _;

/// Rows per page of the list; a community client has 10,000 as the most that there can be.
const PAGE: usize = 1_000;

/// The users of one kind in an organization.
#[derive(Clone, Debug)]
pub struct UsersOf<E: Entity> {
    pub(super) documented: DocumentedUsers<Client, E::Record>,
}

impl<E: Entity> UsersOf<E> {
    /// Returns the vendor's client beneath.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.documented.client()
    }

    /// Closes the session, which is worth nothing afterwards. Whatever is called later opens another one.
    ///
    /// # Errors
    ///
    /// The vendor does not say that it was closed.
    pub async fn log_out(&self) -> Result<(), Error> {
        let response = self.client().logout().await.map_err(|error| Error::call(self.instance(), error))?;
        let closed = response.into_body().logout_response.into_option().unwrap_or_default();
        let is_true =
            |closed: &types::ClosedSession| closed.success.as_deref().is_some_and(|word| word.eq_ignore_ascii_case("true"));
        if closed.iter().any(is_true) {
            Ok(())
        } else {
            Err(Error::malformed(self.instance(), "a session that was closed", "none"))
        }
    }

    /// The column that carries an attribute; one that is made of several has none.
    fn column(&self, attribute: Attribute) -> Option<&str> {
        self.describe().property(attribute).filter(|property| E::Record::SHAPE.properties.contains(property))
    }

    pub(super) fn instance(&self) -> &Instance {
        self.documented.instance()
    }

    /// The rows of a SELECT. Three responses say that there are none: an empty list, none at all, and status 404 in the
    /// vendor's own words.
    async fn rows(&self, sql: &str) -> Result<Vec<Row<Json>>, Error> {
        match self.client().query(sql).await {
            Ok(response) => {
                let rows = response.into_body().query_response.into_option().unwrap_or_default();
                Ok(rows.into_vec())
            }
            Err(error) if is_not_found(&error) => Ok(Vec::new()),
            Err(error) => Err(Error::call(self.instance(), error)),
        }
    }

    async fn users(&self, sql: &str) -> Result<Vec<E::Record>, Error> {
        let rows = self.rows(sql).await?.into_iter().map(rows::record);
        rows.collect::<Result<_, _>>().map_err(|found| Error::malformed(self.instance(), "rows of users", found))
    }

    /// That nobody is listed counts only where the query language works at all: whoever is signed in is an application user.
    async fn prove_empty(&self) -> Result<(), Error> {
        let anybody = select::paged(&select::select(&["Id"], "APPLICATION_USER", None), None, 0, 1);
        if self.rows(&anybody).await?.is_empty() {
            let expected = "the signed-in user among the application users";
            return Err(Error::malformed(self.instance(), expected, "a query that finds nobody"));
        }
        Ok(())
    }
}

/// Whether the vendor says that there is nothing: status 404 with its own words. A 404 of anything on the way has others.
fn is_not_found(error: &client_core::Error<types::ErrorResponse>) -> bool {
    let said = error.error_response().and_then(|response| response.body.as_ref()?.error.as_ref());
    error.status() == Some(StatusCode::NOT_FOUND) && said.is_some()
}

/// What a deletion responded with, whatever its shape: an object or a list below `retrieveResponse` or `deleteResponse`.
fn refuse_not_deleted(response: &types::DeleteResponse, id: &str) -> Result<(), String> {
    let member = response.delete_response.as_ref().or(response.retrieve_response.as_ref());
    let said = member.map(Json::value).unwrap_or_default();
    let entries = match &said {
        Value::Array(entries) => entries.as_slice(),
        Value::Object(members) if !members.is_empty() => std::slice::from_ref(&said),
        _ => &[],
    };
    if entries.is_empty() {
        return Err("neither".to_owned());
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for entry in entries {
        let member = |names: [&str; 2]| names.iter().find_map(|name| entry.get(*name)).map(text);
        if member(["success", "Success"]).is_some_and(|word| !word.eq_ignore_ascii_case("true")) {
            return Err("an entry without success".to_owned());
        }
        if let Some(other) = member(["Id", "id"]).filter(|other| other != id) {
            return Err(format!("user `{other}`"));
        }
    }
    Ok(())
}

impl<E: Entity> Primitives for UsersOf<E> {
    type Record = E::Record;

    fn describe(&self) -> &Capabilities {
        self.documented.described()
    }

    fn base(&self) -> Option<&dyn Primitives<Record = Self::Record>> {
        Some(E::base(&self.documented))
    }

    fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Self::Record>> {
        pages::page(self, position)
    }

    fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<Self::Record>> {
        Box::pin(async move {
            let unknown =
                || Error::new(ErrorKind::Invalid, self.instance(), "a page is given by what the page before it returned");
            let position = query.position().map(|text| Position::parse(text).ok_or_else(unknown)).transpose()?;
            let conditions: Vec<(Attribute, String)> = (query.conditions().iter())
                .filter_map(|condition| Some((condition.attribute, select::condition(condition, self.describe())?)))
                .collect();
            let order = query.order().and_then(|(attribute, order)| Some((self.column(attribute)?, order)));
            let size = query.wanted_page_size().unwrap_or(PAGE).clamp(1, PAGE);
            let condition = conditions.iter().map(|(_, condition)| condition.as_str()).collect::<Vec<_>>().join(" AND ");
            let condition = Some(condition.as_str()).filter(|condition| !condition.is_empty());
            let sql = select::select(&rows::columns::<E::Record>(), E::NAME, condition);

            // A page begins with the last user of the one before: whoever came or went meanwhile would move the others, and
            // somebody would be missing in silence.
            let (start, again) = position.as_ref().map_or((0, 0), |position| (position.read.saturating_sub(1), 1));
            let mut users = self.users(&select::paged(&sql, order, start, size + again)).await?;
            if let Some(position) = &position {
                let first = users.first().and_then(|user| user.id().map(|id| id.into_owned()));
                if first.as_ref() != Some(&position.last) {
                    let words = "users came or went while the list was read; read it again from the beginning";
                    return Err(Error::new(ErrorKind::Changed, self.instance(), words));
                }
                users.remove(0);
            } else if users.is_empty() {
                self.prove_empty().await?;
            }
            // Only a page without anybody new is the end: the vendor may give smaller pages than it was asked for.
            let last = users.last().and_then(|user| user.id().map(|id| id.into_owned()));
            let next =
                last.map(|last| Position { read: position.map_or(0, |position| position.read) + users.len(), last }.text());
            let is_done = |part: &QueryPart| match part {
                QueryPart::Order => order.is_some(),
                QueryPart::PageSize => query.wanted_page_size() == Some(size),
                QueryPart::Condition(attribute) => {
                    let of_it = query.conditions().iter().filter(|condition| condition.attribute == *attribute).count();
                    conditions.iter().filter(|(done, _)| done == attribute).count() == of_it
                }
            };
            let not_done = query.parts().into_iter().filter(|part| !is_done(part)).collect();
            Ok(QueryPage::new(Page::new(users, next), not_done))
        })
    }

    fn search<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Option<SearchResult<Self::Record>>> {
        Box::pin(async move {
            let condition = self.column(by.attribute()).and_then(|property| select::equals(property, by.value()));
            let Some(condition) = condition else { return Ok(None) };
            let sql = select::select(&rows::columns::<E::Record>(), E::NAME, Some(&condition));
            Ok(Some(SearchResult::new(self.users(&sql).await?, CaseRule::Unknown)))
        })
    }

    fn values_of(&self, attribute: Attribute) -> DirectoryFuture<'_, Vec<Choice>> {
        Box::pin(async move {
            let Some(property) = self.column(attribute).filter(|_| attribute == Attribute::UserType) else {
                return Err(self.documented.no_choices(attribute));
            };
            let sql = format!("{} GROUP BY {property}", select::select(&[property], E::NAME, None));
            let values = self.rows(&sql).await?.into_iter().filter_map(|row| match row.get(property)?.as_ref()?.value() {
                Value::String(value) if !value.is_empty() => Some(Choice::new(value.clone(), value)),
                _ => None,
            });
            Ok(values.collect())
        })
    }

    fn remove<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
        Box::pin(async move {
            operations::known(self, id).await?;
            let record = request(|record: &mut types::DeletedRecord| record.id = id.into());
            let body = request(|body: &mut types::DeleteRequest| body.brm_objects = record.into());
            let response = E::delete(self.client(), &body).await.map_err(|error| Error::call(self.instance(), error))?;
            let malformed = |found: String| {
                let expected = "the deleted user in `deleteResponse` or `retrieveResponse`";
                Error::malformed(self.instance(), expected, found).with_may_have_arrived(true)
            };
            refuse_not_deleted(&response, id).map_err(malformed)?;
            let shown = match self.read(id).await {
                Ok(None) => return Ok(()),
                Ok(Some(_)) => "it is still there".to_owned(),
                Err(error) => format!("it could not be read: {error}"),
            };
            let words =
                format!("the vendor accepted that the user is deleted, and a read does not show it: {shown}; look again later");
            Err(Error::new(ErrorKind::Unverified, self.instance(), words).with_may_have_arrived(true))
        })
    }

    fn prepare_credential(&self, credential: FirstCredential, record: &mut Self::Record) -> Result<Option<Secret>, Error> {
        if credential == FirstCredential::SingleSignOn {
            E::forbid_password(record);
        }
        Ok(None)
    }
}
