//! BillingPlatform's users.
//!
//! Beyond the documents: the login, that the session may stand in `Authorization` as well, and that a record which is refused
//! responds with 200 with an `ErrorCode` other than 0.

use client_core::serde_json::{Value, json};

use super::records::{Tokens, lacking};
use super::{Emulator, Records, Reply, Request, Vendor};
use crate::adapter::billingplatform::Settings;
use crate::record::Record as _;

/// User and password.
pub const LOGIN: (&str, &str) = ("emulator-api", "emulator-password");
const SESSION: &str = "emulator-session-";

/// The vendor's state.
#[derive(Debug)]
pub struct BillingPlatform {
    /// Its application users.
    pub users: Records,
    /// Its external users.
    pub external: Records,
    sessions: Tokens,
}

/// Starts the emulator, without users.
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
        Self { users: Records::new("Id"), external: Records::new("Id"), sessions: Tokens::new(SESSION) }
    }
}

impl Emulator<BillingPlatform> {
    /// Settings for this emulator.
    pub fn settings(&self) -> Settings {
        settings(&self.url())
    }
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
}

fn save(users: &mut Records, request: &Request, required: &[&'static str]) -> Reply {
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
    let created = users.get(&id).and_then(|known| known.get("Created")).cloned().unwrap_or_else(|| Value::from(now.clone()));
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
        let (method, path) = request.route();
        if (method, path.as_slice()) == ("POST", &["rest", "2.0", "login"]) {
            return self.login(request);
        }
        let bearer = request.header("authorization").starts_with("Bearer ");
        if !bearer || !self.sessions.is_good(request.header("sessionid")) {
            return refused(401, "Unauthorized", "the session is not valid");
        }
        match (method, path.as_slice()) {
            ("POST", ["rest", "2.0", "APPLICATION_USER"]) => {
                save(&mut self.users, request, billingplatform::types::ApplicationUser::SHAPE.required)
            }
            ("PUT", ["rest", "2.0", "EXTERNAL_USER"]) => {
                save(&mut self.external, request, billingplatform::types::ExternalUser::SHAPE.required)
            }
            _ => refused(404, "Not found", "there is no such entity"),
        }
    }
}

fn refused(status: u16, error: &str, message: &str) -> Reply {
    Reply::json(status, json!({ "error": error, "message": message }))
}
