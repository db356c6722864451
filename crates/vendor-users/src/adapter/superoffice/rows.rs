//! Rows of the archives: the list of users, its search, and the companies and persons that users are made of.
//!
//! Takes queries; returns records that show what the columns do. Text that no page says how to write into a filter is not
//! written there.

use client_core::{Json, Map};
use superoffice::types;

use super::{Users, is_nobody};
use crate::attribute::{Attribute, Value};
use crate::error::{Error, ErrorKind};
use crate::primitives::{Page, QueryPage};
use crate::query::{Comparison, ListQuery, Order, QueryPart};

/// Rows per page.
const PAGE: i32 = 500;

/// Most rows that a search reads; where there are more, it has found nothing that helps.
const MANY: i32 = 100;

/// The columns that a record is made of. Which of associate and person `PrimaryKey` is, no page says.
const COLUMNS: &str = "associateDbId,assocName,userName,firstName,lastName,fullName,personEmail,personId,contactId,contactName,usergroupId,isActive";

/// Users who are active, and those who are not.
const EVERYBODY: &str = "all,expired";

pub(super) const USER_NAME: &str = "userName";
pub(super) const EMAIL: &str = "personEmail";

/// The column that carries an attribute, where the list can be ordered by it.
fn column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::Id => "associateDbId",
        Attribute::UserName => USER_NAME,
        Attribute::DisplayName => "fullName",
        Attribute::GivenName => "firstName",
        Attribute::FamilyName => "lastName",
        Attribute::Email => EMAIL,
        Attribute::Organization => "contactName",
        Attribute::UserGroup => "usergroupId",
        Attribute::Active => "isActive",
        _ => return None,
    })
}

/// What ends the part of a text that can be written.
const QUOTES_AND_MORE: [char; 8] = ['\'', '\\', '[', ']', '\u{2bc}', '\u{2018}', '\u{2019}', '\u{ff07}'];

/// The part of a text that can stand between the quotes of a filter. How a quote or a backslash is written there is documented
/// for other filters only, and what a bracket is to the operators nowhere; some databases turn letters that look like a quote into
/// one.
fn safe(text: &str) -> &str {
    let end = text.find(|char: char| QUOTES_AND_MORE.contains(&char) || char.is_control());
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Returns a filter that holds of every row whose column is `text`; of more rows where not all of it can be written, and `None`
/// where nothing of it can.
///
/// ```
/// use vendor_users::adapter::superoffice::is_or_begins;
///
/// assert_eq!(is_or_begins("userName", " kim ").as_deref(), Some("userName is 'kim'"));
/// assert_eq!(is_or_begins("lastName", "O'Brien").as_deref(), Some("lastName begins 'O'"));
/// assert_eq!(is_or_begins("lastName", "' or 1 eq 1"), None);
/// ```
#[must_use]
pub fn is_or_begins(column: &str, text: &str) -> Option<String> {
    let text = text.trim();
    let part = safe(text);
    match part.trim().is_empty() {
        true => None,
        false if part.len() == text.len() => Some(format!("{column} is '{part}'")),
        false => Some(format!("{column} begins '{part}'")),
    }
}

/// A row's value as text; numbers in digits.
pub(super) fn text(row: &Map<Json>, column: &str) -> Option<String> {
    let value = row.get(column)?.as_ref()?.value();
    match value {
        client_core::serde_json::Value::String(text) => Some(text),
        client_core::serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn integer(row: &Map<Json>, column: &str) -> Option<i32> {
    text(row, column)?.trim().parse().ok()
}

fn flag(row: &Map<Json>, column: &str) -> Option<bool> {
    match row.get(column)?.as_ref()?.value() {
        client_core::serde_json::Value::Bool(flag) => Some(flag),
        client_core::serde_json::Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        client_core::serde_json::Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn user(row: &Map<Json>) -> Option<types::User> {
    let id = integer(row, "associateDbId").filter(|id| *id > super::NEW)?;
    let mut person = types::Person::default();
    person.person_id = integer(row, "personId").into();
    person.firstname = text(row, "firstName").into();
    person.lastname = text(row, "lastName").into();
    person.full_name = text(row, "fullName").into();
    person.email = text(row, "personEmail").into();
    person.contact_id = integer(row, "contactId").into();
    person.contact_name = text(row, "contactName").into();
    let mut user = types::User::default();
    user.associate_id = id.into();
    user.name = text(row, "assocName").into();
    user.user_name = text(row, USER_NAME).into();
    user.deleted = flag(row, "isActive").map(|active| !active).into();
    if let Some(group) = integer(row, "usergroupId") {
        let mut of = types::UserGroup::default();
        of.id = group.into();
        user.user_group = of.into();
    }
    user.person = person.into();
    Some(user)
}

/// The rows of a response.
pub(super) fn rows_of(users: &Users, response: types::OdataRows) -> Result<Vec<Map<Json>>, Error> {
    let rows = response.value.into_option();
    rows.map(client_core::List::into_vec).ok_or_else(|| Error::malformed(users.instance(), "rows in `value`", "none"))
}

impl Users {
    /// A page of the list.
    pub(super) async fn rows(&self, query: &ListQuery) -> Result<QueryPage<types::User>, Error> {
        let skip = query.position().map_or(Ok(0), str::parse::<i32>).ok().filter(|skip| *skip >= 0);
        let skip = skip.ok_or_else(|| self.error(ErrorKind::Invalid, "a page is given by the number of rows before it"))?;
        let wanted = query.wanted_page_size().and_then(|size| i32::try_from(size).ok());
        let top = wanted.unwrap_or(PAGE).clamp(1, PAGE);
        let ordered = query.order().and_then(|(attribute, order)| Some((column(attribute)?, order)));
        let order = ordered.map_or_else(
            || "associateDbId".to_owned(),
            |(column, order)| format!("{column} {},associateDbId", if order == Order::Descending { "desc" } else { "asc" }),
        );
        // Whether case counts in the operators for text no page says, so that they could leave out users who are meant.
        let active =
            query.conditions().iter().find_map(|condition| match (condition.attribute, condition.comparison, &condition.value) {
                (Attribute::Active, Comparison::Equals, Value::Flag(active)) => Some(*active),
                _ => None,
            });
        let call = self.client().list_users().select(COLUMNS).entities(EVERYBODY).order_by(&order).top(top).skip(skip);
        let call = call.mode(types::ListUsersMode::Slim).output(types::ListUsersOutput::Logical);
        let call = match active {
            Some(active) => call.filter(&format!("isActive set {active}")),
            None => call,
        };
        let rows = rows_of(self, call.await.map_err(|error| self.failed(error))?.into_body())?;
        // Only an empty page is the end: the vendor may give smaller pages than it was asked for.
        let read = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        let next = (read > 0).then(|| skip.saturating_add(read).to_string());
        let is_done = |part: &QueryPart| match part {
            QueryPart::Order => ordered.is_some(),
            QueryPart::PageSize => wanted == Some(top),
            QueryPart::Condition(attribute) => *attribute == Attribute::Active && active.is_some(),
        };
        let not_done = query.parts().into_iter().filter(|part| !is_done(part)).collect();
        Ok(QueryPage::new(Page::new(self.users_of(&rows)?, next), not_done))
    }

    /// The users for whom a filter holds; `None` where there are too many of them.
    pub(super) async fn filtered(&self, filter: &str) -> Result<Option<Vec<types::User>>, Error> {
        let call = self.client().list_users().select(COLUMNS).entities(EVERYBODY).order_by("associateDbId").filter(filter);
        let call = call.top(MANY).mode(types::ListUsersMode::Slim).output(types::ListUsersOutput::Logical);
        let response = call.await.map_err(|error| self.failed(error))?.into_body();
        let more = response.odata_next_link.as_ref().is_some();
        let rows = rows_of(self, response)?;
        if more || i32::try_from(rows.len()).is_ok_and(|rows| rows >= MANY) {
            return Ok(None);
        }
        self.users_of(&rows).map(Some)
    }

    fn users_of(&self, rows: &[Map<Json>]) -> Result<Vec<types::User>, Error> {
        let users = rows.iter().map(|row| {
            user(row).ok_or_else(|| {
                Error::malformed(self.instance(), "rows with the number of a user in `associateDbId`", "one without")
            })
        });
        users.collect()
    }

    /// The user that the vendor finds by this name; whether it looked at the login name or at the user id, the answer tells.
    pub(super) async fn named(&self, name: &str) -> Result<Option<types::User>, Error> {
        let mut request = types::UserNameRequest::default();
        request.user_name = name.into();
        match self.client().get_user_from_name(&request).await {
            Ok(response) => {
                let user = response.into_body();
                let is_meant =
                    user.user_name.as_deref().is_some_and(|found| found.trim().to_lowercase() == name.trim().to_lowercase());
                Ok(Some(user).filter(|_| is_meant))
            }
            Err(error) if is_nobody(&error) => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_ends_its_quotes(text in any::<String>()) {
            let Some(filter) = is_or_begins("userName", &text) else { return Ok(()) };
            let quoted = filter.strip_prefix("userName is '").or_else(|| filter.strip_prefix("userName begins '"));
            let part = quoted.and_then(|rest| rest.strip_suffix('\'')).unwrap_or("'");
            prop_assert!(!part.contains(['\'', '\\']) && !part.chars().any(char::is_control), "{}", filter);
            prop_assert!(text.trim().starts_with(part) && !part.trim().is_empty(), "{}", filter);
        }
    }
}
