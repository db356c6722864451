//! BillingPlatform's users.
//!
//! Beyond the documents: the login, that the session may stand in `Authorization` as well, and that a record which is refused
//! responds with 200 with an `ErrorCode` other than 0. A POST replaces the record, as no page says that it keeps what is not
//! sent. Where other pages and a community client disagree, the vendor's state says which of them is right: how a list ends
//! ([`End`]), what a deletion responds with ([`Deletion`]), whether case counts in a query, and how rows write numbers.

use client_core::serde_json::{Map, Value, json};

use super::records::{Tokens, lacking};
use super::{Emulator, Records, Reply, Request, Vendor};
use crate::adapter::billingplatform::Settings;
use crate::record::Record as _;

mod select;

use select::{Condition, Select};

/// User and password.
pub const LOGIN: (&str, &str) = ("emulator-api", "emulator-password");
/// The identifier of the application user that logs in.
pub const CALLER: &str = "1000000";
const SESSION: &str = "emulator-session-";
/// What a community client has as the most rows of a page.
const PAGE: usize = 10_000;

/// How a query responds that finds nothing, such as the page after the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// Status 404.
    #[default]
    NotFound,
    /// An empty list.
    Empty,
    /// No list.
    Absent,
}

/// What a deletion responds with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deletion {
    /// The record, as on pages of early 2025.
    #[default]
    Record,
    /// A list of outcomes, as in a community client's documentation.
    Outcomes,
    /// A message, as in that client's mock.
    Message,
}

/// The vendor's state.
#[derive(Debug)]
#[non_exhaustive]
pub struct BillingPlatform {
    /// Its application users; the one that logs in is there.
    pub users: Records,
    /// Its external users.
    pub external: Records,
    /// How a query responds that finds nothing.
    pub end: End,
    /// What a deletion responds with.
    pub deletion: Deletion,
    /// Whether case counts in a query.
    pub case_counts: bool,
    /// Whether rows have numbers as text.
    pub numbers_as_text: bool,
    /// Most rows of a page.
    pub page: usize,
    sessions: Tokens,
}

/// Starts the emulator, without users but the one that logs in.
///
/// # Errors
///
/// The system gives no port.
pub async fn start() -> std::io::Result<Emulator<BillingPlatform>> {
    Emulator::start(BillingPlatform::default()).await
}

/// Settings for an emulator, or what wraps one, at this address.
pub fn settings(url: &str) -> Settings {
    Settings::new(url, LOGIN.0, LOGIN.1)
}

impl Default for BillingPlatform {
    fn default() -> Self {
        let mut vendor = Self {
            users: Records::new("Id"),
            external: Records::new("Id"),
            end: End::default(),
            deletion: Deletion::default(),
            case_counts: true,
            numbers_as_text: false,
            page: PAGE,
            sessions: Tokens::new(SESSION),
        };
        vendor.users.put(json!({
            "Id": CALLER, "Username": LOGIN.0, "Email": "api@example.com", "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 1,
            "AllowAPI": 1,
        }));
        vendor
    }
}

impl Emulator<BillingPlatform> {
    /// Settings for this emulator.
    pub fn settings(&self) -> Settings {
        settings(&self.url())
    }
}

/// What is done with a record that is saved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Saving {
    Any,
    Existing,
}

impl BillingPlatform {
    /// Ends all sessions.
    pub fn expire(&mut self) {
        self.sessions.end();
    }

    fn login(&mut self, request: &Request) -> Reply {
        let opened = if request.body == json!({ "username": LOGIN.0, "password": LOGIN.1 }) {
            json!({ "SessionID": self.sessions.give(), "ErrorCode": "0", "ErrorText": [] })
        } else {
            json!({ "SessionID": "", "ErrorCode": "101", "ErrorText": ["user or password are wrong"] })
        };
        Reply::json(200, json!({ "loginResponse": [opened] }))
    }

    fn logout(&mut self) -> Reply {
        self.sessions.end();
        Reply::json(200, json!({ "logoutResponse": [{ "ErrorCode": "0", "ErrorText": "", "Success": "true" }] }))
    }

    /// The users that are called so, and the columns that they have.
    fn entity(&mut self, name: &str) -> Option<(&mut Records, &'static [&'static str])> {
        match name {
            "APPLICATION_USER" => Some((&mut self.users, billingplatform::types::ApplicationUser::SHAPE.properties)),
            "EXTERNAL_USER" => Some((&mut self.external, billingplatform::types::ExternalUser::SHAPE.properties)),
            _ => None,
        }
    }

    fn read(&mut self, entity: &str, id: &str) -> Reply {
        let Some((users, _)) = self.entity(entity) else { return unknown() };
        if id.parse::<i64>().is_err() {
            return refused(400, "Bad request", "the id is a number");
        }
        match users.get(id) {
            Some(user) => Reply::json(200, json!({ "retrieveResponse": user })),
            None => refused(404, "Not found", "there is no such record"),
        }
    }

    fn query(&mut self, sql: &str) -> Reply {
        let Some(select) = Select::parse(sql) else { return refused(400, "Bad request", "the query cannot be read") };
        let (case_counts, most) = (self.case_counts, self.page);
        let Some((users, columns)) = self.entity(&select.entity) else { return unknown() };
        let Some(rows) = select.rows(users.all(), columns, case_counts, most) else {
            return refused(400, "Bad request", "there is no such column");
        };
        if rows.is_empty() {
            return self.nothing("queryResponse");
        }
        let rows: Vec<Map<String, Value>> = if self.numbers_as_text { rows.into_iter().map(text).collect() } else { rows };
        Reply::json(200, json!({ "queryResponse": rows }))
    }

    fn retrieve(&mut self, entity: &str, condition: &str) -> Reply {
        let case_counts = self.case_counts;
        let Some(condition) = Condition::parse(condition) else {
            return refused(400, "Bad request", "the condition cannot be read");
        };
        let Some((users, _)) = self.entity(entity) else { return unknown() };
        let found: Vec<Value> =
            users.all().iter().filter(|user| condition.holds(user, case_counts)).cloned().map(Value::Object).collect();
        match found.as_slice() {
            [] => self.nothing("retrieveResponse"),
            // An object on the vendor's page of another entity, which has one record.
            [one] => Reply::json(200, json!({ "retrieveResponse": one })),
            several => Reply::json(200, json!({ "retrieveResponse": several })),
        }
    }

    fn nothing(&self, member: &str) -> Reply {
        match self.end {
            End::NotFound => refused(404, "Not found", "there is no such record"),
            End::Empty => Reply::json(200, json!({ member: [] })),
            End::Absent => Reply::json(200, json!({})),
        }
    }

    fn delete(&mut self, entity: &str, request: &Request) -> Reply {
        let shape = self.deletion;
        let id = request.body.pointer("/brmObjects/Id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some((users, _)) = self.entity(entity) else { return unknown() };
        let Some(user) = users.get(&id).cloned() else { return refused(404, "Not found", "there is no such record") };
        users.remove(&id);
        Reply::json(
            200,
            match shape {
                Deletion::Record => json!({ "retrieveResponse": user }),
                Deletion::Outcomes => json!({ "deleteResponse": [{ "Id": id, "success": true, "ErrorCode": "0" }] }),
                Deletion::Message => json!({ "deleteResponse": { "message": "deleted", "entity": entity } }),
            },
        )
    }
}

/// The row with its numbers as text.
fn text(row: Map<String, Value>) -> Map<String, Value> {
    row.into_iter()
        .map(|(name, value)| if value.is_number() { (name, Value::from(value.to_string())) } else { (name, value) })
        .collect()
}

fn save(users: &mut Records, request: &Request, required: &[&'static str], saving: Saving) -> Reply {
    let user = request.body.get("brmObjects").cloned().unwrap_or_default();
    let missing = lacking(&user, required);
    let Value::Object(mut record) = user else { return refused(400, "Bad request", "brmObjects is not an object") };
    if !missing.is_empty() {
        return refused(400, "Bad request", &format!("required: {}", missing.join(", ")));
    }
    let email = record.get("Email").and_then(Value::as_str).unwrap_or_default();
    if !email.contains('@') {
        let error = json!({ "ErrorCode": "403", "ErrorText": "not an address", "ErrorElementField": "Email" });
        return Reply::json(200, json!({ "createResponse": [error] }));
    }
    let now = users.now("");
    let id = record.get("Id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let known = users.get(&id);
    if known.is_none() && saving == Saving::Existing {
        return refused(404, "Not found", "there is no such record");
    }
    let created = known.and_then(|known| known.get("Created")).cloned().unwrap_or_else(|| Value::from(now.clone()));
    record.insert("Created".to_owned(), created);
    record.insert("Updated".to_owned(), Value::from(now));
    users.put(Value::Object(record.clone()));
    Reply::json(200, json!({ "retrieveResponse": record }))
}

impl Vendor for BillingPlatform {
    const BASE: &'static str = "/emulator";

    fn authenticate(&mut self) -> Vec<(&'static str, String)> {
        let session = self.sessions.give();
        vec![("authorization", format!("Bearer {session}")), ("sessionid", session)]
    }

    fn respond(&mut self, request: &Request) -> Reply {
        use billingplatform::types::{ApplicationUser, ExternalUser};
        let (method, path) = request.route();
        if (method, path.as_slice()) == ("POST", &["rest", "2.0", "login"]) {
            return self.login(request);
        }
        let bearer = request.header("authorization").starts_with("Bearer ");
        if !bearer || !self.sessions.is_good(request.header("sessionid")) {
            return refused(401, "Unauthorized", "the session is not valid");
        }
        let query = |name: &str| request.query.get(name).cloned().unwrap_or_default();
        match (method, path.as_slice()) {
            ("POST", ["rest", "2.0", "logout"]) => self.logout(),
            ("POST", ["rest", "2.0", "APPLICATION_USER"]) => {
                save(&mut self.users, request, ApplicationUser::SHAPE.required, Saving::Any)
            }
            ("PUT", ["rest", "2.0", "EXTERNAL_USER"]) => {
                save(&mut self.external, request, ExternalUser::SHAPE.required, Saving::Existing)
            }
            ("GET", ["rest", "2.0", "query"]) => self.query(&query("sql")),
            ("GET", ["rest", "2.0", entity]) => self.retrieve(entity, &query("queryAnsiSql")),
            ("GET", ["rest", "2.0", entity, id]) => self.read(entity, id),
            ("DELETE", ["rest", "2.0", "delete", entity]) => self.delete(entity, request),
            _ => unknown(),
        }
    }
}

fn unknown() -> Reply {
    refused(404, "Not found", "there is no such entity")
}

fn refused(status: u16, error: &str, message: &str) -> Reply {
    Reply::json(status, json!({ "error": error, "message": message }))
}
