//! The agent for persons.

use client_core::serde_json::{Map, Value, json};

use super::{Reply, SuperOffice, faults, integer, invalid, next, refused, rights, text};

/// The first value of a list of phones or addresses.
pub(super) fn first(person: &Map<String, Value>, list: &str) -> Value {
    person.get(list).and_then(|list| list.pointer("/0/Value")).cloned().unwrap_or_else(|| Value::from(""))
}

impl SuperOffice {
    /// The name of a company.
    fn company(&self, id: i64) -> Option<&str> {
        self.companies.iter().find(|(known, _)| *known == id).map(|(_, name)| name.as_str())
    }

    pub(super) fn contact_of(person: &Map<String, Value>) -> i64 {
        person.get("Contact").and_then(|contact| integer(&contact["ContactId"])).unwrap_or_default()
    }

    /// A person as the agent shows it.
    pub(super) fn person(&self, person: &Map<String, Value>) -> Value {
        let mut person = person.clone();
        let id = person.get("PersonId").and_then(integer).unwrap_or_default();
        person.insert("FullName".to_owned(), Value::from(full_name(&person)));
        person.insert("IsAssociate".to_owned(), Value::from(self.is_user(id)));
        person.insert("FieldProperties".to_owned(), rights(&self.demands_of_persons));
        Value::Object(person)
    }

    /// A person as the record of its user shows it.
    pub(super) fn in_user(&self, person: &Map<String, Value>) -> Value {
        let contact = Self::contact_of(person);
        let retired = i64::from(person.get("Retired") == Some(&Value::Bool(true)));
        let phones = if self.unsaid.has_another_phone { "OtherPhones" } else { "OfficePhones" };
        json!({
            "PersonId": person.get("PersonId"), "Firstname": text(person, "Firstname"), "Lastname": text(person, "Lastname"),
            "Title": text(person, "Title"), "FullName": full_name(person), "Email": first(person, "Emails"),
            "DirectPhone": first(person, phones), "MobilePhone": first(person, "MobilePhones"), "ContactId": contact,
            "ContactName": self.company(contact).unwrap_or_default(), "Retired": retired,
        })
    }

    pub(super) fn default_person(&self, contact: i64) -> Reply {
        let Some(name) = self.company(contact) else { return refused("there is no such company") };
        let person = json!({
            "PersonId": 0, "Firstname": "", "Lastname": "", "Emails": [], "OfficePhones": [], "MobilePhones": [],
            "Contact": { "ContactId": contact, "Name": name, "IsOwnerContact": true }, "Retired": false, "Country": { "CountryId": 578 },
            "FieldProperties": rights(&self.demands_of_persons),
        });
        Reply::json(200, person)
    }

    pub(super) fn validate_person(&self, body: &Value) -> Reply {
        let Some(person) = body["PersonEntity"].as_object() else { return invalid("a person was expected") };
        Reply::json(200, Value::Object(faults(person, &self.demands_of_persons)))
    }

    pub(super) fn save_person(&mut self, body: &Value) -> Reply {
        let Value::Object(mut person) = body.clone() else { return invalid("a person was expected") };
        if let Some((member, _)) = faults(&person, &self.demands_of_persons).into_iter().next() {
            return refused(&format!("{member}: a value is needed"));
        }
        if self.company(Self::contact_of(&person)).is_none() {
            return refused("Contact: a person belongs to a company");
        }
        let id = person.get("PersonId").and_then(integer).unwrap_or_default();
        if id == 0 {
            let id = next(&mut self.last_person, &self.persons);
            person.insert("PersonId".to_owned(), Value::from(id));
        } else if self.persons.get(&id.to_string()).is_none() {
            return Reply::json(200, Value::Null);
        }
        for made in ["FieldProperties", "FullName", "IsAssociate"] {
            person.remove(made);
        }
        for list in ["Emails", "OfficePhones", "MobilePhones", "OtherPhones"] {
            for element in person.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                let shown = element["Value"].as_str().unwrap_or_default().to_owned();
                let stripped: String = shown.chars().filter(|char| !char.is_whitespace()).collect();
                element["StrippedValue"] = Value::from(stripped);
            }
        }
        self.persons.put(Value::Object(person.clone()));
        Reply::json(200, self.person(&person))
    }
}

fn full_name(person: &Map<String, Value>) -> String {
    format!("{} {}", text(person, "Firstname"), text(person, "Lastname")).trim().to_owned()
}
