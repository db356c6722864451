//! SuperOffice's agent for users.
//!
//! Beyond the document: an identifier that is not there responds with 200 with `null`, a name that is taken responds with 200 with a
//! message, and a GET describes the call without running it. No page says what a user that is saved without credentials loses;
//! here it keeps them. Nor what deleting a user that is not there responds with; here it is the same as for one that is.

use client_core::serde_json::{Map, Value, json};
use superoffice::Auth;

use super::{Emulator, Records, Reply, Request, Vendor};
use crate::adapter::superoffice::Settings;

/// User and password.
pub const LOGIN: (&str, &str) = ("emulator", "emulator-password");

/// The vendor's state.
#[derive(Debug)]
pub struct SuperOffice {
    /// Its users.
    pub users: Records,
    last: i64,
}

/// Starts the emulator, without users.
///
/// # Errors
///
/// The system gives no port.
pub async fn start() -> std::io::Result<Emulator<SuperOffice>> {
    Emulator::start(SuperOffice::default()).await
}

/// Settings for an emulator, or what wraps one, at this address.
pub fn settings(url: &str) -> Settings {
    Settings::new(url, Auth::new().basic(LOGIN.0, LOGIN.1))
}

impl Default for SuperOffice {
    fn default() -> Self {
        Self { users: Records::new("AssociateId"), last: 0 }
    }
}

impl Emulator<SuperOffice> {
    /// Settings for this emulator.
    pub fn settings(&self) -> Settings {
        settings(&self.url())
    }
}

impl SuperOffice {
    fn get(&self, request: &Request) -> Reply {
        match id_of(request) {
            Ok(id) => Reply::json(200, self.users.get(&id).map_or(Value::Null, shown)),
            Err(reply) => reply,
        }
    }

    fn delete(&mut self, request: &Request) -> Reply {
        match id_of(request) {
            Ok(id) => {
                self.users.remove(&id);
                Reply::empty(204)
            }
            Err(reply) => reply,
        }
    }

    fn save(&mut self, body: &Value) -> Reply {
        let Value::Object(mut user) = body.clone() else {
            return Reply::json(400, json!({ "Message": "The request is invalid.", "MessageDetail": "a user was expected" }));
        };
        let id = user.get("AssociateId").and_then(Value::as_i64).unwrap_or_default();
        let name = user.get("UserName").and_then(Value::as_str).unwrap_or_default().to_owned();
        let taken = |known: &&Map<String, Value>| {
            let other = known.get("AssociateId").and_then(Value::as_i64) != Some(id);
            other && !name.is_empty() && known.get("UserName").and_then(Value::as_str) == Some(&name)
        };
        if self.users.all().iter().find(taken).is_some() {
            return Reply::json(200, json!({ "Message": "Validation failed.", "MessageDetail": "UserName is taken" }));
        }
        if id == 0 {
            self.last += 1;
            user.insert("AssociateId".to_owned(), Value::from(self.last));
        } else if self.users.get(&id.to_string()).is_none() {
            return Reply::json(200, Value::Null);
        }
        // Commands are for the client to run after saving; they are not part of the user.
        user.remove("PostSaveCommands");
        if let (None, Some(kept)) =
            (user.get("Credentials"), self.users.get(&id.to_string()).and_then(|known| known.get("Credentials")))
        {
            user.insert("Credentials".to_owned(), kept.clone());
        }
        self.users.put(Value::Object(user.clone()));
        Reply::json(200, shown(&user))
    }
}

/// The identifier in the query, or what is wrong with it.
fn id_of(request: &Request) -> Result<String, Reply> {
    let id = request.query.get("userId").and_then(|id| id.parse::<i32>().ok());
    let invalid = json!({ "Message": "The request is invalid.", "MessageDetail": "userId is a number" });
    id.map(|id| id.to_string()).ok_or_else(|| Reply::json(400, invalid))
}

/// The user with the rights to its members.
fn shown(user: &Map<String, Value>) -> Value {
    let mut user = user.clone();
    user.insert("FieldProperties".to_owned(), json!({}));
    Value::Object(user)
}

impl Vendor for SuperOffice {
    const BASE: &'static str = "/Cust00000";

    fn authenticate(&mut self) -> Vec<(&'static str, String)> {
        vec![("authorization", super::http::basic(LOGIN))]
    }

    fn respond(&mut self, request: &Request) -> Reply {
        let basic = super::http::basic(LOGIN);
        let (method, path) = request.route();
        match (method, path.as_slice()) {
            _ if request.header("authorization") != basic => Reply::json(401, json!({ "Message": "Authentication failed." })),
            ("POST", ["api", "v1", "Agents", "User", "SaveUser"]) => self.save(&request.body),
            ("POST", ["api", "v1", "Agents", "User", "GetUser"]) => self.get(request),
            ("POST", ["api", "v1", "Agents", "User", "DeleteUser"]) => self.delete(request),
            ("GET", ["api", "v1", "Agents", "User", "SaveUser"]) => Reply::json(200, json!({ "Method": "SaveUser" })),
            _ => Reply::empty(404),
        }
    }
}
