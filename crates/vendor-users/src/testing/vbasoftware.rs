//! VBA Software's user API.
//!
//! Beyond the documents: 403 without `User-Agent`, 400 for a body without a required property and for an email address without
//! `@`, 404 and 409 in the envelope, and, unless it is told otherwise, that disabling a user locks the account. Outcomes of a
//! batch come in another order than the users were sent. Not served: what needs a person with a mailbox or a telephone (forgotten and temporary passwords, codes),
//! and the refresh of tokens.

use client_core::serde_json::{Map, Value, json};
use vbasoftware::types;

use super::records::{Tokens, lacking};
use super::{Emulator, Records, Reply, Request, Vendor};
use crate::adapter::vbasoftware::Settings;
use crate::record::Record as _;

/// The API key.
pub const KEY: &str = "emulator-api-key";
/// Id and code of the client.
pub const CLIENT: (&str, &str) = ("emulator-client", "emulator-code");
/// The database.
pub const DATABASE: &str = "emulator";
/// User and password.
pub const LOGIN: (&str, &str) = ("admin", "emulator-password");
const TOKEN: &str = "emulator-id-token-";

/// Returns the flags that the vendor demands of a new user beside `account_Locked`, all off: defaults for tests.
#[must_use]
pub fn flags() -> types::User {
    let mut user = types::User::default();
    for flag in [
        &mut user.administrator,
        &mut user.audit_user,
        &mut user.id_card_notification,
        &mut user.is_sso_user,
        &mut user.mfa_enabled,
        &mut user.nav_id_underline,
        &mut user.single_use_account,
        &mut user.use_windows_authentication,
        &mut user.vba_password_reset,
        &mut user.vba_user,
    ] {
        flag.set(false);
    }
    user
}

/// A change by someone else.
pub type Meanwhile = Box<dyn FnOnce(&mut Records) + Send>;

/// The vendor's state.
pub struct Vba {
    /// Its users.
    pub users: Records,
    /// What happens right after the next read of a user, before the caller can write: someone else's change.
    pub meanwhile: Option<Meanwhile>,
    /// Whether disabling a user sets `account_Locked`. No page says it; true unless it is changed.
    pub disabling_locks: bool,
    tokens: Tokens,
}

impl std::fmt::Debug for Vba {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vba").field("users", &self.users).finish_non_exhaustive()
    }
}

/// Starts the emulator, without users.
///
/// # Errors
///
/// The system gives no port.
pub async fn start() -> std::io::Result<Emulator<Vba>> {
    Emulator::start(Vba::default()).await
}

/// Settings for an emulator, or what wraps one, at this address.
pub fn settings(url: &str) -> Settings {
    Settings::new(KEY, DATABASE, LOGIN.0, LOGIN.1).client(CLIENT.0, CLIENT.1).base_url(url)
}

impl Default for Vba {
    fn default() -> Self {
        Self { users: Records::new("user_ID"), meanwhile: None, disabling_locks: true, tokens: Tokens::new(TOKEN) }
    }
}

impl Emulator<Vba> {
    /// Settings for this emulator.
    pub fn settings(&self) -> Settings {
        settings(&self.url())
    }
}

impl Vba {
    /// Ends all tokens, as if a day had passed.
    pub fn expire(&mut self) {
        self.tokens.end();
    }

    fn login(&mut self, request: &Request) -> Reply {
        let basic = super::http::basic(LOGIN);
        let headers = [
            ("authorization", basic.as_str()),
            ("vbasoftware-client-id", CLIENT.0),
            ("vbasoftware-client-code", CLIENT.1),
            ("vbasoftware-database", DATABASE),
        ];
        if headers.iter().any(|(name, value)| request.header(name) != *value) {
            return refused(401, "Unauthorized", "user, password or client are wrong");
        }
        let token = self.tokens.give();
        data(200, json!({ "authenticationResult": { "idToken": token, "expiresIn": 86_400 } }))
    }

    fn list(&mut self, request: &Request) -> Reply {
        let number = |name: &str, or: usize| request.query.get(name).and_then(|text| text.parse().ok()).unwrap_or(or).max(1);
        let (page, size) = (number("page", 1), number("pageSize", 100));
        let total = self.users.all().len();
        let order = request.query.get("sortBy").map(String::as_str).unwrap_or_default();
        let users = self.users.sorted_by(order).skip((page - 1).saturating_mul(size)).take(size).map(shown);
        let users: Vec<Value> = users.collect();
        let pagination =
            json!({ "TotalCount": total, "TotalPages": total.div_ceil(size), "CurrentPage": page, "PageSize": size });
        data(200, Value::Array(users)).header("x-pagination", pagination.to_string())
    }

    /// Writes a user: what is not sent is gone, as PUT has it.
    fn write(&mut self, body: &Value) -> Result<Value, (u16, String)> {
        let missing = lacking(body, vbasoftware::types::User::SHAPE.required);
        let Value::Object(mut record) = body.clone() else { return Err((400, "a user is an object".to_owned())) };
        if !missing.is_empty() {
            return Err((400, format!("required: {}", missing.join(", "))));
        }
        let id = record.get("user_ID").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !record.get("eMail_Address").and_then(Value::as_str).is_some_and(|email| email.contains('@')) {
            return Err((400, "eMail_Address is not an address".to_owned()));
        }
        let now = self.users.now("Z");
        let entered = self.users.get(&id).and_then(|known| known.get("entry_Date")).cloned();
        record.insert("entry_Date".to_owned(), entered.unwrap_or_else(|| Value::from(now.clone())));
        record.insert("update_Date".to_owned(), Value::from(now));
        self.users.put(Value::Object(record.clone()));
        Ok(shown(&record))
    }

    fn lock(&mut self, id: &str, locked: bool) -> Reply {
        let now = self.users.now("Z");
        match self.users.get_mut(id) {
            Some(record) => {
                record.insert("account_Locked".to_owned(), Value::Bool(locked));
                record.insert("update_Date".to_owned(), Value::from(now));
                Reply::empty(200)
            }
            None => unknown(id),
        }
    }

    fn batch(&mut self, body: &Value) -> Reply {
        let Some(users) = body.as_array() else { return refused(400, "Bad Request", "a list of users was expected") };
        let mut outcomes: Vec<Value> = users
            .iter()
            .map(|user| {
                let known = user.get("user_ID").and_then(Value::as_str).is_some_and(|id| self.users.get(id).is_some());
                let (status, body) = match self.write(user) {
                    Ok(_) => (if known { 200 } else { 201 }, Value::Null),
                    Err((status, why)) => (status, json!({ "title": "Bad Request", "status": status, "detail": why })),
                };
                json!({ "id": [{ "key": "user_ID", "value": user.get("user_ID") }], "status": status, "body": body })
            })
            .collect();
        outcomes.reverse();
        data(207, Value::Array(outcomes))
    }
}

impl Vendor for Vba {
    const BASE: &'static str = "/vbasoftware";

    fn authenticate(&mut self) -> Vec<(&'static str, String)> {
        vec![
            ("x-api-key", KEY.to_owned()),
            ("authorization", format!("Bearer {}", self.tokens.give())),
            ("vbasoftware-database", DATABASE.to_owned()),
        ]
    }

    fn respond(&mut self, request: &Request) -> Reply {
        if request.header("user-agent").is_empty() {
            return Reply::empty(403);
        }
        if request.header("x-api-key") != KEY {
            return refused(401, "Unauthorized", "the API key is not known");
        }
        let (method, path) = request.route();
        if (method, path.as_slice()) == ("POST", &["user-authentication"]) {
            return self.login(request);
        }
        let token = request.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
        if !self.tokens.is_good(token) || request.header("vbasoftware-database") != DATABASE {
            return refused(401, "Unauthorized", "the id token is not valid for this database");
        }
        let known = |id: &str, users: &Records| users.get(id).map(|_| ()).ok_or_else(|| unknown(id));
        match (method, path.as_slice()) {
            ("GET", ["users"]) => self.list(request),
            ("GET", ["users", id]) => {
                let reply = self.users.get(id).map_or_else(|| unknown(id), |user| data(200, shown(user)));
                if let Some(change) = self.meanwhile.take() {
                    change(&mut self.users);
                }
                reply
            }
            ("POST", ["users"]) => {
                let id = request.body.get("user_ID").and_then(Value::as_str).unwrap_or_default();
                match self.users.get(id) {
                    Some(_) => refused(409, "Conflict", &format!("user `{id}` is there already")),
                    None => written(self.write(&request.body)),
                }
            }
            ("PUT", ["users", id]) => match known(id, &self.users) {
                Ok(()) if request.body.get("user_ID").and_then(Value::as_str) == Some(*id) => written(self.write(&request.body)),
                Ok(()) => refused(400, "Bad Request", "path and body are for different users"),
                Err(reply) => reply,
            },
            ("DELETE", ["users", id]) if self.users.remove(id) => Reply::empty(204),
            ("DELETE", ["users", id]) => unknown(id),
            ("POST", ["users", id, "admin-disable"]) if !self.disabling_locks => {
                known(id, &self.users).map_or_else(|reply| reply, |()| Reply::empty(200))
            }
            ("POST", ["users", id, "admin-disable"]) => self.lock(id, true),
            ("POST", ["users", id, "admin-enable"]) => self.lock(id, false),
            ("POST", ["users", id, "admin-reset-password" | "resend-welcome-message" | "resend-confirmation-code"]) => {
                known(id, &self.users).map_or_else(|reply| reply, |()| Reply::empty(200))
            }
            ("PUT", ["users-batch"]) => self.batch(&request.body),
            _ => refused(404, "Not Found", "there is no such operation"),
        }
    }
}

/// A user as it is returned: the password never is.
fn shown(record: &Map<String, Value>) -> Value {
    let mut record = record.clone();
    if record.contains_key("password") {
        record.insert("password".to_owned(), Value::Null);
    }
    Value::Object(record)
}

fn written(result: Result<Value, (u16, String)>) -> Reply {
    result.map_or_else(|(status, why)| refused(status, "Bad Request", &why), |user| data(200, user))
}

fn data(status: u16, data: Value) -> Reply {
    Reply::json(status, json!({ "data": data, "error": null, "debug": null }))
}

fn unknown(id: &str) -> Reply {
    refused(404, "Not Found", &format!("there is no user `{id}`"))
}

fn refused(status: u16, title: &str, detail: &str) -> Reply {
    let error = json!({ "title": title, "status": status, "detail": detail, "instance": null });
    Reply::json(status, json!({ "data": null, "error": error, "debug": null }))
}
