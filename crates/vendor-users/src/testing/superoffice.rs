//! SuperOffice's agents for users and persons, and its lists.
//!
//! Made from the specification and the vendor's pages. Beyond them: what is not there responds with 200 and `null`, an error response
//! with 200 and a message. Where no page says what holds, the state has a switch: see [`Unsaid`]. No page says what a user that
//! is saved without credentials loses; here it keeps them. Nor what deleting a user that is not there responds with; here it is
//! the same as for one that is.

use client_core::serde_json::{Map, Value, json};
use superoffice::Auth;

use super::{Emulator, Records, Reply, Request, Vendor};
use crate::adapter::superoffice::Settings;

mod persons;
mod rows;
mod users;

/// User and password.
pub const LOGIN: (&str, &str) = ("emulator", "emulator-password");

/// What no page of the vendor says; each may be either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a question that the pages leave open")]
pub struct Unsaid {
    /// `GetUserFromName` compares the user id instead of the login name.
    pub finds_by_user_id: bool,
    /// Case counts in the operators for text.
    pub case_counts: bool,
    /// Taking a retirement back returns the licences.
    pub returns_licences: bool,
    /// `DirectPhone` of a user's person is not the first of the person's phones at the office.
    pub has_another_phone: bool,
    /// `PrimaryKey` of the list of users is the person.
    pub lists_by_person: bool,
    /// Persons who are no users yet are not listed as potential users.
    pub hides_potential: bool,
}

/// The vendor's state.
#[derive(Debug)]
pub struct SuperOffice {
    /// Its users.
    pub users: Records,
    /// The persons, of whom some are users.
    pub persons: Records,
    /// The companies that own the installation: number and name.
    pub companies: Vec<(i64, String)>,
    /// Members of a user that must have a value.
    pub demands_of_users: Vec<&'static str>,
    /// Members of a person that must have a value.
    pub demands_of_persons: Vec<&'static str>,
    /// What mails of passwords were sent, by the number of the user.
    pub mails: Vec<i64>,
    /// Why mails are not sent.
    pub mail_fault: Option<String>,
    /// What no page says.
    pub unsaid: Unsaid,
    last_user: i64,
    last_person: i64,
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
        Self {
            users: Records::new("AssociateId"),
            persons: Records::new("PersonId"),
            companies: vec![(2, "Emulated Company".to_owned())],
            demands_of_users: vec!["UserName", "Role"],
            demands_of_persons: vec!["Lastname"],
            mails: Vec::new(),
            mail_fault: None,
            unsaid: Unsaid::default(),
            last_user: 0,
            last_person: 0,
        }
    }
}

impl Emulator<SuperOffice> {
    /// Settings for this emulator.
    pub fn settings(&self) -> Settings {
        settings(&self.url())
    }
}

impl SuperOffice {
    fn agent(&mut self, name: &str, request: &Request) -> Reply {
        let body = &request.body;
        match name {
            "CreateDefaultUser" => Reply::json(200, self.default_user(0)),
            "CreateDefaultUserFromUserTypeAndPersonId" => self.default_of_person(body),
            "GetUser" => {
                with(integer(&request.query.get("userId").map_or(Value::Null, |id| Value::from(id.as_str()))), |id| self.user(id))
            }
            "GetUserFromName" => self.user_from_name(body),
            "GetUserFromPersonId" => with(integer(&body["PersonId"]), |id| self.users_of_person(id)),
            "GetValidUserNameForNewUser" => self.valid_name(body),
            "ValidateUser" => self.validate_user(body),
            "SaveUser" => self.save_user(body),
            "DeleteUser" => {
                with(integer(&request.query.get("userId").map_or(Value::Null, |id| Value::from(id.as_str()))), |id| {
                    self.users.remove(&id.to_string());
                    Reply::empty(204)
                })
            }
            "MakeRetired" => self.retire(body),
            "SendChangePasswordEMail" => with(integer(&body["AssociateId"]), |id| self.mail(id)),
            "GetAllRoles" => {
                Reply::json(200, json!([{ "Id": 1, "Name": "User level 0" }, { "Id": 3, "Name": "Gone", "Deleted": true }]))
            }
            "GetAllUserGroups" => Reply::json(200, json!([{ "Id": 1, "Value": "Sales" }, { "Id": 2, "Value": "Service" }])),
            _ => Reply::empty(404),
        }
    }

    fn persons_agent(&mut self, name: &str, request: &Request) -> Reply {
        match name {
            "CreateDefaultByContactId" => with(integer(&request.body["ContactId"]), |id| self.default_person(id)),
            "GetPersonEntity" => {
                let id = request.query.get("personEntityId").map_or(Value::Null, |id| Value::from(id.as_str()));
                with(integer(&id), |id| {
                    Reply::json(200, self.persons.get(&id.to_string()).map_or(Value::Null, |person| self.person(person)))
                })
            }
            "ValidatePersonEntity" => self.validate_person(&request.body),
            "SavePersonEntity" => self.save_person(&request.body),
            _ => Reply::empty(404),
        }
    }
}

/// The next number that none of the records has.
fn next(last: &mut i64, records: &Records) -> i64 {
    loop {
        *last += 1;
        if records.get(&last.to_string()).is_none() {
            return *last;
        }
    }
}

/// A number, as JSON or in digits.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse::<i32>().ok().map(i64::from))
}

/// The response for a number, or that one was expected.
fn with(number: Option<i64>, respond: impl FnOnce(i64) -> Reply) -> Reply {
    number.map_or_else(|| invalid("a number was expected"), respond)
}

fn invalid(detail: &str) -> Reply {
    Reply::json(400, json!({ "Message": "The request is invalid.", "MessageDetail": detail }))
}

/// An error response as the vendor gives it: a success with a message.
fn refused(detail: &str) -> Reply {
    Reply::json(200, json!({ "Message": "Validation failed.", "MessageDetail": detail }))
}

/// What a record says under a name; nothing where that is empty.
fn text<'r>(record: &'r Map<String, Value>, name: &str) -> &'r str {
    record.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The rights to the members that must have a value.
fn rights(mandatory: &[&'static str]) -> Value {
    let right = |name: &&'static str| {
        let right = json!({ "FieldRight": { "Mask": "Read, Write, UIHintMandatory", "Reason": "" }, "FieldType": "String" });
        ((*name).to_owned(), right)
    };
    Value::Object(mandatory.iter().map(right).collect())
}

/// Which of the members that must have a value have none: no text, an empty list, or an object without a number.
fn faults(record: &Map<String, Value>, mandatory: &[&'static str]) -> Map<String, Value> {
    let is_missing = |name: &&&'static str| match record.get(**name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.get("Id").and_then(Value::as_i64).unwrap_or_default() == 0,
        Some(_) => false,
    };
    mandatory.iter().filter(is_missing).map(|name| ((*name).to_owned(), Value::from("a value is needed"))).collect()
}

impl Vendor for SuperOffice {
    const BASE: &'static str = "/WebApi";

    fn authenticate(&mut self) -> Vec<(&'static str, String)> {
        vec![("authorization", super::http::basic(LOGIN))]
    }

    fn respond(&mut self, request: &Request) -> Reply {
        let basic = super::http::basic(LOGIN);
        let (method, path) = request.route();
        match (method, path.as_slice()) {
            _ if request.header("authorization") != basic => Reply::json(401, json!({ "Message": "Authentication failed." })),
            ("POST", ["api", "v1", "Agents", "User", name]) => self.agent(name, request),
            ("POST", ["api", "v1", "Agents", "Person", name]) => self.persons_agent(name, request),
            ("GET", ["api", "v1", "Agents", _, name]) => Reply::json(200, json!({ "Method": name })),
            ("GET", ["api", "v1", "User"]) => self.list_users(request),
            ("GET", ["api", "v1", "Archive", "InternalUsers"]) => self.list_internal(request),
            ("GET", ["api", "v1", "Archive", "OwnerContacts"]) => self.list_owners(request),
            _ => Reply::empty(404),
        }
    }
}
