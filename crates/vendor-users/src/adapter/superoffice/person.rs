//! The person that a user stands on: found, made or changed by the operations for persons.
//!
//! Takes the person as the record of a user shows it. A person that is found is never deleted, and never another one's: two
//! that could be meant, or one of whom only a part fits, is a conflict.

use client_core::{Field, List};
use superoffice::types;

use super::{NEW, Users, demands, is_nobody, rows};
use crate::error::{Error, ErrorKind, MissingField};

/// Persons of the owners' companies who are no users yet.
const POTENTIAL: &str = "potential";

/// Most companies and persons that are looked at.
const MANY: i32 = 50;

/// The person of a new user.
pub(super) enum Standing {
    /// It is there.
    Found(i32),
    /// It is to be made of this.
    Make(Box<types::PersonEntity>),
}

fn text(field: &Field<String>) -> Option<&str> {
    field.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn same(one: Option<&str>, other: Option<&str>) -> bool {
    one.map(str::to_lowercase) == other.map(str::to_lowercase)
}

/// Puts a value in the first place of a list, where one that is further down is moved to; the others stay. An empty one takes
/// the first away.
fn put(list: &mut Field<List<types::EntityElement>>, value: &str) {
    let mut elements = list.take().into_option().unwrap_or_default();
    let known = elements.iter().position(|element| same(text(&element.value), Some(value.trim())));
    if let Some(place) = known.filter(|_| !value.trim().is_empty()) {
        let element = elements.remove(place);
        elements.insert(0, element);
        *list = Field::Value(elements);
        return;
    }
    match (elements.first_mut(), value.trim().is_empty()) {
        (Some(_), true) => drop(elements.remove(0)),
        (None, true) => {}
        (Some(first), false) => {
            first.value = value.into();
            // The vendor made it of the former value.
            first.stripped_value = Field::Absent;
        }
        (None, false) => {
            let mut element = types::EntityElement::default();
            element.value = value.into();
            elements.push(element);
        }
    }
    *list = Field::Value(elements);
}

/// Puts what differs between two states of a user's person into the person itself, and returns whether anything did.
pub(super) fn carry(before: &types::Person, after: &types::Person, entity: &mut types::PersonEntity) -> bool {
    let mut any = false;
    let mut differs = |before: &Field<String>, after: &Field<String>| {
        let differs = before.as_deref().unwrap_or_default() != after.as_deref().unwrap_or_default();
        any |= differs;
        differs
    };
    if differs(&before.firstname, &after.firstname) {
        entity.firstname.clone_from(&after.firstname);
    }
    if differs(&before.lastname, &after.lastname) {
        entity.lastname.clone_from(&after.lastname);
    }
    if differs(&before.title, &after.title) {
        entity.title.clone_from(&after.title);
    }
    if differs(&before.email, &after.email) {
        put(&mut entity.emails, after.email.as_deref().unwrap_or_default());
    }
    if differs(&before.direct_phone, &after.direct_phone) {
        put(&mut entity.office_phones, after.direct_phone.as_deref().unwrap_or_default());
    }
    if differs(&before.mobile_phone, &after.mobile_phone) {
        put(&mut entity.mobile_phones, after.mobile_phone.as_deref().unwrap_or_default());
    }
    any
}

impl Users {
    /// The person of a new user, as its record needs it, and what the vendor demands of it that is missing. Nothing is saved.
    pub(super) async fn standing(&self, wanted: &types::Person) -> Result<(Standing, Vec<MissingField>), Error> {
        if let Some(id) = wanted.person_id.as_ref().copied().filter(|id| *id > NEW) {
            self.person(id).await?;
            return Ok((Standing::Found(id), Vec::new()));
        }
        if let Some(id) = self.potential(wanted).await? {
            return Ok((Standing::Found(id), Vec::new()));
        }
        let company = self.owner().await?;
        let mut request = types::ContactIdRequest::default();
        request.contact_id = company.into();
        let made = self.client().create_default_by_contact_id(&request).await;
        let mut entity = made.map_err(|error| self.failed(error))?.into_body();
        carry(&types::Person::default(), wanted, &mut entity);
        if entity.contact.as_ref().and_then(|contact| contact.contact_id.as_ref()).is_none_or(|id| *id != company) {
            let mut contact = types::Contact::default();
            contact.contact_id = company.into();
            entity.contact = contact.into();
        }
        let missing = demands::missing(&entity.field_properties, &entity, "Person/", demands::of_person);
        Ok((Standing::Make(Box::new(entity)), missing))
    }

    /// The company that persons of new users belong to.
    async fn owner(&self) -> Result<i32, Error> {
        if let Some(company) = self.owner_company {
            return Ok(company);
        }
        let call = self.client().list_owner_contacts().select("contactId,name").order_by("contactId").top(MANY);
        let rows = rows::rows_of(self, call.await.map_err(|error| self.failed(error))?.into_body())?;
        let company = |row: &client_core::Map<client_core::Json>| {
            Some((rows::integer(row, "contactId")?, rows::text(row, "name").unwrap_or_default()))
        };
        let companies: Vec<(i32, String)> = rows.iter().filter_map(company).collect();
        match companies.as_slice() {
            [(only, _)] => Ok(*only),
            [] => Err(self.error(ErrorKind::Invalid, "no company owns the installation, and a user's person belongs to one")),
            several => {
                let list: Vec<String> = several.iter().map(|(id, name)| format!("{name} ({id})")).collect();
                let words = format!(
                    "several companies own the installation, and a new user's person belongs to one of them: name it in the \
                     settings (`Settings::owner_company`); they are {}",
                    list.join(", ")
                );
                Err(self.error(ErrorKind::Invalid, words))
            }
        }
    }

    /// The person with the address of the new user who is no user yet, as an earlier call that ended half-way leaves one.
    async fn potential(&self, wanted: &types::Person) -> Result<Option<i32>, Error> {
        let email = text(&wanted.email);
        let filter = match (email, text(&wanted.lastname)) {
            (Some(email), _) => rows::is_or_begins(rows::EMAIL, email),
            (None, Some(name)) => rows::is_or_begins("lastName", name),
            (None, None) => None,
        };
        let Some(filter) = filter else { return Ok(None) };
        let call = self.client().list_internal_users().entities(POTENTIAL).select("personId,personEmail,firstName,lastName");
        let call = call.filter(&filter).order_by("personEmail").top(MANY);
        let rows = rows::rows_of(self, call.await.map_err(|error| self.failed(error))?.into_body())?;
        let mut ids: Vec<i32> = rows.iter().filter_map(|row| rows::integer(row, "personId")).filter(|id| *id > NEW).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found: Vec<(i32, bool)> = Vec::new();
        for id in ids {
            let person = self.person(id).await?;
            let names =
                same(text(&person.firstname), text(&wanted.firstname)) && same(text(&person.lastname), text(&wanted.lastname));
            let addresses = person.emails.as_ref().into_iter().flat_map(|emails| emails.iter());
            let has_address = email.is_some() && addresses.clone().any(|element| same(text(&element.value), email));
            // What the row says of it is no proof.
            if (has_address || (email.is_none() && names)) && !self.is_user(id).await? {
                found.push((id, has_address && names));
            }
        }
        match found.as_slice() {
            [] => Ok(None),
            [(id, true)] => Ok(Some(*id)),
            several => {
                let list: Vec<String> = several.iter().map(|(id, _)| id.to_string()).collect();
                let words = format!(
                    "the person may be there already, as {}, and not all of name and address fit one of them: say which it is as \
                     `Person.PersonId` of the draft's record, or give the name and the address that it has; nothing was written",
                    list.join(" or ")
                );
                Err(self.error(ErrorKind::Conflict, words))
            }
        }
    }

    async fn is_user(&self, person: i32) -> Result<bool, Error> {
        let mut request = types::PersonIdRequest::default();
        request.person_id = person.into();
        match self.client().get_user_from_person_id(&request).await {
            Ok(response) => Ok(!response.into_body().is_empty()),
            Err(error) if is_nobody(&error) => Ok(false),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// The person with this number.
    pub(super) async fn person(&self, id: i32) -> Result<types::PersonEntity, Error> {
        match self.client().get_person_entity(id).await {
            Ok(response) => {
                let person = response.into_body();
                match person.person_id.as_ref() {
                    Some(found) if *found == id => Ok(person),
                    _ => Err(Error::malformed(self.instance(), format!("person {id}"), "another one")),
                }
            }
            Err(error) if is_nobody(&error) => Err(self.error(ErrorKind::Invalid, format!("there is no person {id}"))),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Saves a person after the vendor has checked it, and returns its number.
    pub(super) async fn save_person(&self, entity: types::PersonEntity) -> Result<i32, Error> {
        let known = entity.person_id.as_ref().copied().filter(|id| *id > NEW);
        let mut request = types::PersonEntityRequest::default();
        request.person_entity = entity.clone().into();
        let faults = self.client().validate_person_entity(&request).await.map_err(|error| self.failed(error))?.into_body();
        self.refuse_faults("person", &faults)?;
        let saved = self.client().save_person_entity(&entity).await.map_err(|error| self.failed(error))?.into_body();
        let id = saved.person_id.as_ref().copied().filter(|id| *id > NEW && known.is_none_or(|known| known == *id));
        let expected = known.map_or_else(|| "the number of the new person".to_owned(), |id| format!("person {id}"));
        id.ok_or_else(|| Error::malformed(self.instance(), expected, "none, or another one").with_may_have_arrived(true))
    }
}

/// Puts into a person that was found what is wanted of it, and returns whether that is anything new. What nobody said stays, and
/// so do an address or phone that it has, in whatever place, and the person's own spelling.
pub(super) fn complete(entity: &mut types::PersonEntity, wanted: &types::Person) -> bool {
    let news = |wanted: &Field<String>, known: &[Option<&str>]| match text(wanted) {
        Some(wanted) if !known.iter().any(|known| same(*known, Some(wanted))) => Field::Value(wanted.to_owned()),
        _ => Field::Absent,
    };
    fn all(list: &Field<List<types::EntityElement>>) -> Vec<Option<&str>> {
        list.as_ref().into_iter().flat_map(|list| list.iter()).map(|element| text(&element.value)).collect()
    }
    let mut new = types::Person::default();
    new.firstname = news(&wanted.firstname, &[text(&entity.firstname)]);
    new.lastname = news(&wanted.lastname, &[text(&entity.lastname)]);
    new.title = news(&wanted.title, &[text(&entity.title)]);
    new.email = news(&wanted.email, &all(&entity.emails));
    new.direct_phone = news(&wanted.direct_phone, &all(&entity.office_phones));
    new.mobile_phone = news(&wanted.mobile_phone, &all(&entity.mobile_phones));
    // Against nobody, whatever is said differs.
    carry(&types::Person::default(), &new, entity)
}
