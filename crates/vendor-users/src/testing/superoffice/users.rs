//! The agent for users.

use client_core::serde_json::{Map, Value, json};

use super::{Reply, SuperOffice, faults, integer, invalid, next, refused, rights, text, with};

impl SuperOffice {
    /// The user as it is shown: with its person as that is now, and with the rights to its members.
    pub(super) fn shown(&self, user: &Map<String, Value>) -> Value {
        let mut user = user.clone();
        let person = user.get("Person").and_then(|person| integer(&person["PersonId"]));
        if let Some(person) = person.and_then(|id| self.persons.get(&id.to_string())) {
            user.insert("Person".to_owned(), self.in_user(person));
        }
        user.insert("FieldProperties".to_owned(), rights(&self.demands_of_users));
        Value::Object(user)
    }

    pub(super) fn user(&self, id: i64) -> Reply {
        Reply::json(200, self.users.get(&id.to_string()).map_or(Value::Null, |user| self.shown(user)))
    }

    pub(super) fn user_from_name(&self, body: &Value) -> Reply {
        let Some(name) = body["UserName"].as_str() else { return invalid("a name was expected") };
        let column = if self.unsaid.finds_by_user_id { "Name" } else { "UserName" };
        let found = self.users.all().iter().find(|user| text(user, column) == name);
        Reply::json(200, found.map_or(Value::Null, |user| self.shown(user)))
    }

    fn of_person(&self, id: i64) -> Vec<&Map<String, Value>> {
        let is_of = |user: &&Map<String, Value>| user.get("Person").and_then(|person| integer(&person["PersonId"])) == Some(id);
        self.users.all().iter().filter(is_of).collect()
    }

    pub(super) fn is_user(&self, person: i64) -> bool {
        !self.of_person(person).is_empty()
    }

    pub(super) fn users_of_person(&self, id: i64) -> Reply {
        let users = self.of_person(id).into_iter().map(|user| self.shown(user)).collect();
        Reply::json(200, Value::Array(users))
    }

    /// A user that is not saved: of an ordinary role, without a name, and with the licences of the installation unassigned.
    pub(super) fn default_user(&self, person: i64) -> Value {
        let licences =
            json!([{ "ModuleLicenseId": 7, "Name": "Sales Premium", "Assigned": false, "CanAssign": true, "Free": 9 }]);
        let mut user = json!({
            "AssociateId": 0, "Name": "", "UserName": "", "Type": "InternalAssociate", "Deleted": false, "IsPersonRetired": false,
            "Role": { "Id": 1, "Value": "User level 0" }, "UserGroup": { "Id": 1, "Value": "Sales" },
            "LicenseOwners": [{ "Name": "SuperOffice", "RestrictedModuleLicenses": licences, "UnrestrictedModuleLicenses": [] }],
        });
        if let Some(person) = self.persons.get(&person.to_string()) {
            user["Person"] = self.in_user(person);
        }
        user["FieldProperties"] = rights(&self.demands_of_users);
        user
    }

    pub(super) fn default_of_person(&self, body: &Value) -> Reply {
        with(integer(&body["PersonId"]), |id| match self.persons.get(&id.to_string()) {
            Some(_) => {
                let mut user = self.default_user(id);
                user["Type"] = body["UserType"].clone();
                Reply::json(200, user)
            }
            None => refused("there is no such person"),
        })
    }

    pub(super) fn valid_name(&self, body: &Value) -> Reply {
        let person = &body["User"]["Person"];
        let name = |member: &str| person[member].as_str().unwrap_or("user").to_lowercase();
        Reply::json(200, Value::from(format!("{}.{}", name("Firstname"), name("Lastname"))))
    }

    fn wrong(&self, user: &Map<String, Value>) -> Map<String, Value> {
        let id = user.get("AssociateId").and_then(integer).unwrap_or_default();
        let mut wrong = if id == 0 { faults(user, &self.demands_of_users) } else { Map::new() };
        for column in ["UserName", "Name"] {
            let name = text(user, column);
            let taken = |known: &&Map<String, Value>| {
                known.get("AssociateId").and_then(integer) != Some(id) && text(known, column) == name
            };
            if !name.is_empty() && self.users.all().iter().any(|known| taken(&known)) {
                wrong.insert(column.to_owned(), Value::from("the name is taken"));
            }
        }
        wrong
    }

    pub(super) fn validate_user(&self, body: &Value) -> Reply {
        body["User"]
            .as_object()
            .map_or_else(|| invalid("a user was expected"), |user| Reply::json(200, Value::Object(self.wrong(user))))
    }

    pub(super) fn save_user(&mut self, body: &Value) -> Reply {
        let Value::Object(mut user) = body.clone() else { return invalid("a user was expected") };
        let id = user.get("AssociateId").and_then(integer).unwrap_or_default();
        if let Some((member, message)) = self.wrong(&user).into_iter().next() {
            return refused(&format!("{member}: {}", message.as_str().unwrap_or_default()));
        }
        let known = self.users.get(&id.to_string()).cloned();
        match (&known, id) {
            (None, 0) => {
                let person = user.get("Person").and_then(|person| integer(&person["PersonId"])).unwrap_or_default();
                if self.persons.get(&person.to_string()).is_none() {
                    return refused("Person: a user stands on a person");
                }
                let id = next(&mut self.last_user, &self.users);
                user.insert("AssociateId".to_owned(), Value::from(id));
            }
            (None, _) => return Reply::json(200, Value::Null),
            (Some(known), _) => {
                // Persons are saved by their own agent, and credentials that are not mentioned stay.
                for name in ["Person", "Credentials"] {
                    match known.get(name) {
                        Some(kept) if name == "Person" || user.get(name).is_none() => {
                            drop(user.insert(name.to_owned(), kept.clone()))
                        }
                        _ => {}
                    }
                }
            }
        }
        // Commands are for the client to run after saving, and rights are not the user's own.
        user.remove("PostSaveCommands");
        user.remove("FieldProperties");
        self.users.put(Value::Object(user.clone()));
        Reply::json(200, self.shown(&user))
    }

    pub(super) fn retire(&mut self, body: &Value) -> Reply {
        let (Some(id), Some(retired)) = (integer(&body["AssociateId"]), body["Retired"].as_bool()) else {
            return invalid("a number and a flag were expected");
        };
        let returns = self.unsaid.returns_licences;
        let Some(user) = self.users.get_mut(&id.to_string()) else { return Reply::empty(204) };
        user.insert("Deleted".to_owned(), Value::from(retired));
        user.insert("IsPersonRetired".to_owned(), Value::from(retired));
        let mut taken = user.remove("x-taken").unwrap_or(Value::Null);
        for owner in user.get_mut("LicenseOwners").and_then(Value::as_array_mut).into_iter().flatten() {
            for list in ["RestrictedModuleLicenses", "UnrestrictedModuleLicenses"] {
                for licence in owner.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                    let id = licence["ModuleLicenseId"].clone();
                    if retired && licence["Assigned"] == json!(true) {
                        licence["Assigned"] = json!(false);
                        taken = match taken {
                            Value::Array(mut known) => {
                                known.push(id);
                                Value::Array(known)
                            }
                            _ => json!([id]),
                        };
                    } else if !retired && taken.as_array().is_some_and(|taken| taken.contains(&id)) {
                        licence["Assigned"] = json!(true);
                    }
                }
            }
        }
        if retired && returns && !taken.is_null() {
            user.insert("x-taken".to_owned(), taken);
        }
        let person = user.get("Person").and_then(|person| integer(&person["PersonId"])).unwrap_or_default();
        if let Some(person) = self.persons.get_mut(&person.to_string()) {
            person.insert("Retired".to_owned(), Value::from(retired));
        }
        Reply::empty(204)
    }

    pub(super) fn mail(&mut self, id: i64) -> Reply {
        if self.users.get(&id.to_string()).is_none() {
            return Reply::json(200, json!({ "Success": false, "Message": "[SR_USER_NOT_FOUND]" }));
        }
        if let Some(fault) = &self.mail_fault {
            return Reply::json(200, json!({ "Success": false, "Message": fault }));
        }
        self.mails.push(id);
        Reply::json(200, json!({ "Success": true, "Message": "" }))
    }
}
