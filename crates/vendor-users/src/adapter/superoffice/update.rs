//! A user that is there: what belongs to its person is saved there, the rest with the user. Switching is neither.

use client_core::serde_json::{Value as Json, json};
use superoffice::types;

use super::{NEW, Users, person};
use crate::attribute::Attribute;
use crate::capability::Verb;
use crate::error::{Error, ErrorKind};
use crate::plan::PlannedRequest;
use crate::primitives::{Primitives as _, Write};
use crate::record::{Record as _, members};
use crate::same;
use crate::user::User as _;

/// The attributes that the person carries.
const OF_PERSON: [Attribute; 6] = [
    Attribute::GivenName,
    Attribute::FamilyName,
    Attribute::Title,
    Attribute::Email,
    Attribute::PhoneNumber,
    Attribute::MobilePhone,
];

/// What a write of a user changes.
struct Parts {
    /// The person as it is, and as it is to be.
    person: Option<(types::Person, types::Person)>,
    /// The user without what belongs to its person; `None` where nothing else changes.
    user: Option<types::User>,
}

fn parts(before: &types::User, record: &types::User) -> Parts {
    let of = |user: &types::User| user.person.as_ref().cloned().unwrap_or_default();
    let (is, aim) = (of(before), of(record));
    let differs = person::carry(&is, &aim, &mut types::PersonEntity::default());
    let mut user = record.clone();
    user.person.clone_from(&before.person);
    let user = (members(&user) != members(before)).then_some(user);
    Parts { person: differs.then_some((is, aim)), user }
}

impl Users {
    /// Saves what differs between two states of a user.
    pub(super) async fn changed(&self, before: &types::User, record: &types::User) -> Result<types::User, Error> {
        if before.deleted != record.deleted {
            let words = "a user is switched off and on by `deactivate` and `activate`, which tell what becomes of its licences; \
                         nothing was written";
            return Err(self.error(ErrorKind::Unsupported, words));
        }
        let Parts { person, mut user } = parts(before, record);
        let mut saved = None;
        // What the vendor would refuse is told before the person is saved.
        if let Some(user) = &user {
            self.validate(user).await?;
        }
        if let Some((is, aim)) = &person {
            let id = is.person_id.as_ref().copied().filter(|id| *id > NEW);
            let id = id.ok_or_else(|| {
                self.error(ErrorKind::Invalid, "the user has no person that could carry this; nothing was written")
            })?;
            let mut entity = self.person(id).await.map_err(|error| error.with_may_have_arrived(false))?;
            person::carry(is, aim, &mut entity);
            self.save_person(entity).await?;
            let read = self.read(&before.id().unwrap_or_default()).await.map_err(|error| error.with_may_have_arrived(true))?;
            let read = read.ok_or_else(|| Error::malformed(self.instance(), "the user whose person was saved", "nobody"));
            let read = read.map_err(|error| error.with_may_have_arrived(true))?;
            self.verify(before, record, &read)?;
            if let Some(user) = &mut user {
                user.person.clone_from(&read.person);
            }
            saved = Some(read);
        }
        match (user, saved) {
            (None, Some(saved)) => Ok(saved),
            (Some(user), saved) => {
                let half = |error: Error| if saved.is_some() { error.with_may_have_arrived(true) } else { error };
                self.save(&user).await.map_err(half)
            }
            (None, None) => self.save(record).await,
        }
    }

    /// Whether a read shows what was saved with the person.
    fn verify(&self, before: &types::User, wanted: &types::User, read: &types::User) -> Result<(), Error> {
        let changed = |attribute: &Attribute| before.attribute(*attribute) != wanted.attribute(*attribute);
        let differs = |attribute: &Attribute| match (wanted.attribute(*attribute), read.attribute(*attribute)) {
            (Some(wanted), Some(read)) => !same::values(*attribute, &read, &wanted),
            (Some(wanted), None) => !wanted.to_string().trim().is_empty(),
            (None, _) => false,
        };
        let shown: Vec<String> = OF_PERSON
            .iter()
            .filter(|attribute| changed(attribute) && differs(attribute))
            .map(|attribute| format!("`{attribute}`"))
            .collect();
        if shown.is_empty() {
            return Ok(());
        }
        let words = format!(
            "the vendor saved the person, and the user does not show {} as it was saved; look at the user before you go on",
            shown.join(", ")
        );
        Err(self.error(ErrorKind::Unverified, words).with_may_have_arrived(true))
    }

    /// The requests of a write that change something.
    pub(super) fn planned(&self, write: &Write<types::User>) -> Vec<PlannedRequest> {
        let id = write.id.as_str();
        let operation = |name: &str| {
            let known = [Verb::Create, Verb::Update, Verb::Save, Verb::Disable]
                .into_iter()
                .flat_map(|verb| self.describe().operations(verb));
            known.into_iter().find(|operation| operation.id == name).cloned()
        };
        let request =
            |name: &str, body: Json| operation(name).map(|operation| PlannedRequest::new(&operation, id).with_body(body));
        let masked = |user: &types::User| self.body(write.verb, vec![Json::Object(types::User::SHAPE.masked(members(user)))]);
        let person = |person: &types::Person| {
            let types::Person { person_id, firstname, lastname, title, email, direct_phone, mobile_phone, .. } = person;
            json!({
                "PersonId": person_id.as_ref().copied().unwrap_or(NEW), "Firstname": firstname.as_deref(),
                "Lastname": lastname.as_deref(), "Title": title.as_deref(), "Email": email.as_deref(),
                "DirectPhone": direct_phone.as_deref(), "MobilePhone": mobile_phone.as_deref(),
            })
        };
        let requests = match &write.before {
            Some(before) => {
                let Parts { person: changes, user } = parts(before, &write.record);
                let first = changes.map(|(_, aim)| request("SavePersonEntity", person(&aim)));
                [first.flatten(), user.and_then(|user| request("SaveUser", masked(&user))), None]
            }
            None => {
                let wanted = write.record.person.as_ref().filter(|_| !write.exists);
                let first = wanted.and_then(|wanted| request("SavePersonEntity", person(wanted)));
                let is_retired = !write.exists && write.record.deleted.as_ref() == Some(&true);
                let last = is_retired.then(|| request("MakeRetired", json!({ "Retired": true }))).flatten();
                [first, request("SaveUser", masked(&write.record)), last]
            }
        };
        requests.into_iter().flatten().collect()
    }
}
