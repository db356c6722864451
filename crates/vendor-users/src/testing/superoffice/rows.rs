//! The lists: rows of selected columns, with restrictions by the type of a column, in pages.

use client_core::serde_json::{Map, Value, json};

use super::{Reply, Request, SuperOffice, integer, invalid, persons::first, text};

/// What can be done with a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Flag,
    Associate,
}

const USERS: &[(&str, Kind, bool)] = &[
    ("associateDbId", Kind::Associate, true),
    ("assocName", Kind::Associate, true),
    ("userName", Kind::Text, true),
    ("firstName", Kind::Text, true),
    ("lastName", Kind::Text, true),
    ("fullName", Kind::Text, true),
    ("personEmail", Kind::Text, true),
    ("personId", Kind::Integer, false),
    ("contactId", Kind::Integer, false),
    ("contactName", Kind::Text, true),
    ("usergroupId", Kind::Integer, true),
    ("isActive", Kind::Flag, true),
];
const OWNERS: &[(&str, Kind, bool)] =
    &[("contactId", Kind::Integer, true), ("name", Kind::Text, true), ("orgnr", Kind::Text, true)];

type Row = Map<String, Value>;

/// One restriction of a filter.
struct Restriction {
    column: String,
    operator: String,
    value: String,
}

/// Restrictions that are joined by `and`; `None` where the filter is none that the pages show.
fn restrictions(filter: &str) -> Option<Vec<Restriction>> {
    let mut found = Vec::new();
    let mut rest = filter.trim();
    while !rest.is_empty() {
        let (column, after) = rest.split_once(' ')?;
        let (operator, after) = after.trim_start().split_once(' ')?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('\'') {
            Some(quoted) => {
                let mut value = String::new();
                let mut chars = quoted.char_indices();
                let end = loop {
                    match chars.next()? {
                        // A quote inside is written after a backslash.
                        (_, '\\') => value.push(chars.next()?.1),
                        (place, '\'') => break place,
                        (_, char) => value.push(char),
                    }
                };
                (value, quoted.get(end + 1..)?)
            }
            None => {
                let end = after.find(' ').unwrap_or(after.len());
                (after.get(..end)?.trim_matches(['(', ')']).to_owned(), after.get(end..)?)
            }
        };
        found.push(Restriction { column: column.to_owned(), operator: operator.to_owned(), value });
        rest = after.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix("and ")?.trim_start();
        }
    }
    Some(found)
}

impl SuperOffice {
    fn holds(&self, row: &Row, kind: Kind, Restriction { column, operator, value }: &Restriction) -> Option<bool> {
        let found = row.get(column).unwrap_or(&Value::Null);
        let fold = |text: &str| if self.unsaid.case_counts { text.to_owned() } else { text.to_lowercase() };
        let (shown, wanted) = (fold(found.as_str().unwrap_or_default()), fold(value));
        Some(match (kind, operator.as_str()) {
            (Kind::Text, "is") => shown == wanted,
            (Kind::Text, "begins") => shown.starts_with(&wanted),
            (Kind::Text, "contains") => shown.contains(&wanted),
            (Kind::Integer, "eq" | "=") | (Kind::Associate, "eq" | "associateIsOneOf") => integer(found) == value.parse().ok(),
            (Kind::Flag, "set") => found.as_bool() == value.parse().ok(),
            _ => return None,
        })
    }

    /// The page of rows that a request asks for.
    fn page(&self, request: &Request, columns: &[(&str, Kind, bool)], rows: Vec<Row>) -> Reply {
        let option = |name: &str| request.query.get(name).map(String::as_str).unwrap_or_default();
        let kind = |column: &str| columns.iter().find(|(known, ..)| *known == column).map(|(_, kind, _)| *kind);
        let selected: Vec<&str> = option("$select").split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if let Some(unknown) = selected.iter().find(|name| kind(name).is_none()) {
            return invalid(&format!("there is no column {unknown}"));
        }
        let Some(restrictions) = restrictions(option("$filter")) else { return invalid("the filter cannot be read") };
        let mut kept = Vec::new();
        for row in rows {
            let mut all = true;
            for restriction in &restrictions {
                let holds = kind(&restriction.column).and_then(|kind| self.holds(&row, kind, restriction));
                let Some(holds) = holds else { return invalid("the filter has an unknown column or operator") };
                all &= holds;
            }
            if all {
                kept.push(row);
            }
        }
        for order in option("$orderBy").rsplit(',').map(str::trim).filter(|order| !order.is_empty()) {
            let (column, direction) = order.split_once(' ').unwrap_or((order, "asc"));
            if !columns.iter().any(|(known, _, sortable)| *known == column && *sortable) {
                return invalid(&format!("rows cannot be ordered by {column}"));
            }
            let key = |row: &Row| {
                let value = row.get(column).unwrap_or(&Value::Null);
                (integer(value).unwrap_or_default(), value.as_str().unwrap_or_default().to_owned(), value.as_bool())
            };
            kept.sort_by_cached_key(key);
            if direction == "desc" {
                kept.reverse();
            }
        }
        let number = |name: &str, other: usize| option(name).parse().unwrap_or(other);
        let (skip, top) = (number("$skip", 0), number("$top", 50));
        let more = kept.len() > skip + top;
        let rows = kept.into_iter().skip(skip).take(top).map(|mut row| {
            row.retain(|name, _| selected.contains(&name.as_str()) || matches!(name.as_str(), "PrimaryKey" | "EntityName"));
            Value::Object(row)
        });
        let next = more.then(|| format!("?$skip={}", skip + top));
        Reply::json(200, json!({ "odata.metadata": "", "odata.nextLink": next, "value": rows.collect::<Vec<_>>() }))
    }

    fn row(&self, user: &Row) -> Row {
        let shown = self.shown(user);
        let person = &shown["Person"];
        let id = integer(&shown["AssociateId"]).unwrap_or_default();
        let key = if self.unsaid.lists_by_person { integer(&person["PersonId"]).unwrap_or_default() } else { id };
        let row = json!({
            "PrimaryKey": key.to_string(), "EntityName": "associate", "associateDbId": id, "assocName": text(user, "Name"),
            "userName": text(user, "UserName"), "firstName": person["Firstname"], "lastName": person["Lastname"],
            "fullName": person["FullName"], "personEmail": person["Email"], "personId": person["PersonId"],
            "contactId": person["ContactId"], "contactName": person["ContactName"], "usergroupId": shown["UserGroup"]["Id"],
            "isActive": shown["Deleted"] != json!(true),
        });
        row.as_object().cloned().unwrap_or_default()
    }

    /// All users; those who are not active only where they are asked for.
    pub(super) fn list_users(&self, request: &Request) -> Reply {
        let entities = request.query.get("$entities").map(String::as_str).unwrap_or("all");
        let expired = entities.split(',').any(|entity| entity.trim() == "expired");
        let users = self.users.all().iter().filter(|user| expired || user.get("Deleted") != Some(&json!(true)));
        let option = |name: &str| request.query.get(name).map(String::as_str).unwrap_or_default();
        if option("$orderBy") != "associateDbId" || !option("$filter").is_empty() {
            return self.page(request, USERS, users.map(|user| self.row(user)).collect());
        }
        // Of many users, only the rows of the page are made: those before it only count, and come first in this order.
        let number = |name: &str, other: usize| option(name).parse().unwrap_or(other);
        let (skip, top) = (number("$skip", 0), number("$top", 50));
        let mut users: Vec<&Row> = users.collect();
        users.sort_by_cached_key(|user| user.get("AssociateId").and_then(integer));
        let rows = users.iter().take(skip + top + 1).enumerate();
        let rows = rows.map(|(place, user)| if place < skip { Row::new() } else { self.row(user) });
        self.page(request, USERS, rows.collect())
    }

    /// Persons of the owners' companies who are no users.
    pub(super) fn list_internal(&self, request: &Request) -> Reply {
        if request.query.get("$entities").map(String::as_str) != Some("potential") {
            return invalid("the emulator has the entity `potential` only");
        }
        let is_potential = |person: &&Row| {
            let id = person.get("PersonId").and_then(integer).unwrap_or_default();
            let owned = self.companies.iter().any(|(company, _)| *company == Self::contact_of(person));
            owned && !self.is_user(id) && !self.unsaid.hides_potential
        };
        let row = |person: &Row| {
            let row = json!({
                "PrimaryKey": person["PersonId"].to_string(), "EntityName": "potential", "personId": person["PersonId"],
                "firstName": text(person, "Firstname"), "lastName": text(person, "Lastname"), "personEmail": first(person, "Emails"),
            });
            row.as_object().cloned().unwrap_or_default()
        };
        self.page(request, USERS, self.persons.all().iter().filter(is_potential).map(row).collect())
    }

    pub(super) fn list_owners(&self, request: &Request) -> Reply {
        let row = |(id, name): &(i64, String)| {
            let row =
                json!({ "PrimaryKey": id.to_string(), "EntityName": "contact", "contactId": id, "name": name, "orgnr": "" });
            row.as_object().cloned().unwrap_or_default()
        };
        self.page(request, OWNERS, self.companies.iter().map(row).collect())
    }
}
