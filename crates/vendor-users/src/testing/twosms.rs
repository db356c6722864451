//! 2sms's administration of users.
//!
//! Beyond the documents: the code and reason of a success, 404 for a user that is not there and 400 for a body without a
//! required property, both with the envelope. No page says what a read returns for secrets: [`Secrets`] is a choice. Users cannot
//! be created, so tests put them there.

use client_core::serde_json::{Map, Value, json};

use super::records::{Tokens, lacking};
use super::{Emulator, Records, Reply, Request, Vendor};
use crate::adapter::twosms::Settings;
use crate::record::Record as _;

/// Id and secret of the OAuth client.
pub const CLIENT: (&str, &str) = ("emulator-client", "emulator-secret");
const TOKEN: &str = "emulator-access-token-";

/// What the vendor says is read-only, and what it writes itself.
const READ_ONLY: &[&str] =
    &["ID", "AgreementDate", "DeclineDate", "DPAVersion", "PrivacyPolicyVersion", "AccountID", "DateCreated", "DateModified"];

/// What no page says how it is returned.
const HIDDEN: &[&str] = &["Password", "Pin", "UserPassword"];

/// What a read returns for a user's password and pin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Secrets {
    /// They are left out.
    #[default]
    Absent,
    /// Null.
    Null,
    /// Stars in their place.
    Masked,
    /// The values themselves.
    Shown,
}

/// The vendor's state.
#[derive(Debug)]
pub struct TwoSms {
    /// Its users.
    pub users: Records,
    /// What reads return for secrets.
    pub secrets: Secrets,
    tokens: Tokens,
}

/// Starts the emulator, without users.
///
/// # Errors
///
/// The system gives no port.
pub async fn start() -> std::io::Result<Emulator<TwoSms>> {
    Emulator::start(TwoSms::default()).await
}

/// Settings for an emulator, or what wraps one, at this address.
pub fn settings(url: &str) -> Settings {
    Settings::new(CLIENT.0, CLIENT.1).base_url(url)
}

impl Default for TwoSms {
    fn default() -> Self {
        Self { users: Records::new("ID"), secrets: Secrets::default(), tokens: Tokens::new(TOKEN) }
    }
}

impl Emulator<TwoSms> {
    /// Settings for this emulator.
    pub fn settings(&self) -> Settings {
        settings(&self.url())
    }
}

impl TwoSms {
    /// Ends all tokens, as if eight hours had passed.
    pub fn expire(&mut self) {
        self.tokens.end();
    }

    fn token(&mut self, request: &Request) -> Reply {
        let expected = json!({ "grant_type": "client_credentials", "client_id": CLIENT.0, "client_secret": CLIENT.1 });
        if request.body != expected {
            return Reply::json(400, json!({ "error": "invalid_client" }));
        }
        let token = self.tokens.give();
        Reply::json(200, json!({ "access_token": token, "token_type": "bearer", "expires_in": 28_799 }))
    }

    fn update(&mut self, id: &str, body: &Value) -> Reply {
        let missing = lacking(body, twosms::types::User::SHAPE.required);
        if !missing.is_empty() {
            return refused(400, "InvalidRequest", &format!("required: {}", missing.join(", ")));
        }
        let now = self.users.now(".3595132+00:00");
        let (Some(known), Value::Object(mut record)) = (self.users.get(id), body.clone()) else {
            return refused(404, "UserNotFound", "there is no such user");
        };
        for name in READ_ONLY {
            record.remove(*name);
            if let Some(value) = known.get(*name) {
                record.insert((*name).to_owned(), value.clone());
            }
        }
        // What leaving a secret out does is not documented; here the user keeps it.
        for name in HIDDEN {
            if let (None, Some(value)) = (record.get(*name), known.get(*name)) {
                record.insert((*name).to_owned(), value.clone());
            }
        }
        record.insert("DateModified".to_owned(), Value::from(now));
        self.users.put(Value::Object(record.clone()));
        done(id, self.shown(&record))
    }

    fn get(&self, id: &str) -> Reply {
        let user = self.users.get(id).map(|record| done(id, self.shown(record)));
        user.unwrap_or_else(|| refused(404, "UserNotFound", "there is no such user"))
    }

    /// The users, super users only where they are asked for: administrators are taken for them.
    fn list(&self, request: &Request) -> Reply {
        let all = request.query.get("IncludeSuperUsers").is_some_and(|all| all.eq_ignore_ascii_case("true"));
        let is_super = |record: &Map<String, Value>| record.get("AdminUser") == Some(&Value::Bool(true));
        let users = self.users.all().iter().filter(|record| all || !is_super(record));
        done("", Value::Array(users.map(|record| self.shown(record)).collect()))
    }

    fn shown(&self, record: &Map<String, Value>) -> Value {
        let mut record = record.clone();
        for name in HIDDEN {
            match self.secrets {
                Secrets::Shown => {}
                Secrets::Absent => drop(record.remove(*name)),
                Secrets::Null => drop(record.insert((*name).to_owned(), Value::Null)),
                Secrets::Masked => drop(record.insert((*name).to_owned(), Value::from("********"))),
            }
        }
        Value::Object(record)
    }
}

fn done(id: &str, detail: Value) -> Reply {
    let data = json!({ "Identification": { "UserId": id }, "Result": "OK", "Detail": detail });
    Reply::json(200, json!({ "Error": { "ErrorCode": "0", "ErrorReason": "" }, "ResponseData": data }))
}

impl Vendor for TwoSms {
    const BASE: &'static str = "";

    fn authenticate(&mut self) -> Vec<(&'static str, String)> {
        vec![("authorization", format!("Bearer {}", self.tokens.give()))]
    }

    fn respond(&mut self, request: &Request) -> Reply {
        let (method, path) = request.route();
        let token = request.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
        match (method, path.as_slice()) {
            ("POST", ["Token"]) => self.token(request),
            _ if !self.tokens.is_good(token) => Reply::empty(401),
            ("GET", ["api", "v1", "admin", "users"]) => self.list(request),
            ("GET", ["api", "v1", "admin", "users", id]) => self.get(id),
            ("PUT", ["api", "v1", "admin", "users", id]) => self.update(id, &request.body),
            _ => Reply::empty(404),
        }
    }
}

fn refused(status: u16, code: &str, reason: &str) -> Reply {
    Reply::json(status, json!({ "Error": { "ErrorCode": code, "ErrorReason": reason } }))
}
