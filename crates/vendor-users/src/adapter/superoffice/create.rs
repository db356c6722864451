//! A new user: its person is found or made, then the vendor's default user gets what is wanted, is checked and saved.
//!
//! Whatever is left half-way is said, and the same call again goes on from there: it finds the person.

use superoffice::types;

use super::person::{self, Standing};
use super::{NEW, Users, demands, sent};
use crate::error::{Error, ErrorKind, Problem};
use crate::primitives::Primitives as _;
use crate::record::{Record as _, with_undocumented};

impl Users {
    /// Creates the user of a record.
    pub(super) async fn created(&self, record: &types::User) -> Result<types::User, Error> {
        let unwritten = |error: Error| error.with_may_have_arrived(false);
        if let Some(name) = record.user_name.as_deref().filter(|name| !name.trim().is_empty())
            && self.named(name).await.map_err(unwritten)?.is_some()
        {
            return Err(Error::of(ErrorKind::AlreadyExists, self.instance(), Problem::AlreadyExists));
        }
        let wanted = record.person.as_ref().cloned().unwrap_or_default();
        let (standing, mut missing) = self.standing(&wanted).await.map_err(unwritten)?;
        // What a user must have is told before there is a person.
        let default = self.client().create_default_user().await.map_err(|error| unwritten(self.failed(error)))?.into_body();
        missing.extend(demands::missing(&default.field_properties, &merged(record, &default), "", demands::of_user));
        self.demanded(missing)?;
        let (person, made) = match standing {
            Standing::Found(id) => (id, false),
            Standing::Make(entity) => (self.save_person(*entity).await?, true),
        };
        let saved = self.on_person(record, person, made, &wanted).await;
        saved.map_err(|error| if made { self.left(error, person) } else { error })
    }

    /// Makes the user of a person that is there.
    async fn on_person(
        &self,
        record: &types::User,
        person: i32,
        made: bool,
        wanted: &types::Person,
    ) -> Result<types::User, Error> {
        let unwritten = |error: Error| error.with_may_have_arrived(false);
        if !made {
            let mut entity = self.person(person).await.map_err(unwritten)?;
            if person::complete(&mut entity, wanted) {
                self.save_person(entity).await?;
            }
        }
        let mut request = types::DefaultUserRequest::default();
        let kind = record.type_.as_ref().map_or("InternalAssociate", types::UserType::as_str);
        request.user_type = types::DefaultUserRequestUserType::from(kind).into();
        request.person_id = person.into();
        let default = self.client().create_default_user_from_user_type_and_person_id(&request).await;
        let default = default.map_err(|error| self.failed(error).with_may_have_arrived(false))?.into_body();
        let mut user = merged(record, &default);
        user.person = default.person.clone();
        if user.person.as_ref().and_then(|person| person.person_id.as_ref()) != Some(&person) {
            let mut stands_on = default.person.into_option().unwrap_or_default();
            stands_on.person_id = person.into();
            user.person = stands_on.into();
        }
        let is_retired = user.deleted.as_ref() == Some(&true);
        user.deleted = default.deleted;
        if user.user_name.as_deref().is_none_or(|name| name.trim().is_empty()) {
            let mut request = types::UserRequest::default();
            request.user = user.clone().into();
            let name = self.client().get_valid_user_name_for_new_user(&request).await;
            user.user_name = name.map_err(|error| self.failed(error).with_may_have_arrived(false))?.into_body().into();
        }
        // The user id is unique and may not be missing; without another one it is the login name.
        if user.name.as_deref().is_none_or(|name| name.trim().is_empty()) {
            user.name.clone_from(&user.user_name);
        }
        let refused = super::licences::give(&mut user, &self.licences);
        if !refused.is_empty() {
            let words = format!("the vendor does not let the new user have the licences {}", refused.join(", "));
            return Err(self.error(ErrorKind::Invalid, words));
        }
        self.demanded(demands::missing(&user.field_properties, &user, "", demands::of_user))?;
        self.validate(&user).await?;
        let saved = self.save(&user).await?;
        let number = saved.associate_id.as_ref().copied().filter(|id| *id > NEW);
        let number = number
            .ok_or_else(|| Error::malformed(self.instance(), "the number of the new user", "none").with_may_have_arrived(true))?;
        if !is_retired {
            return Ok(saved);
        }
        let half = |error: Error| {
            let words = format!("the user was created as `{number}`, and was not switched off: {error}; `deactivate` does it");
            self.error(error.kind(), words).with_may_have_arrived(true)
        };
        let id = number.to_string();
        self.set_active(&id, false).await.map_err(half)?;
        let read = self.read(&id).await.map_err(half)?;
        read.ok_or_else(|| Error::malformed(self.instance(), format!("user `{number}`"), "nobody").with_may_have_arrived(true))
    }

    /// Asks the vendor whether the user may be saved as it is.
    pub(super) async fn validate(&self, user: &types::User) -> Result<(), Error> {
        let mut request = types::UserRequest::default();
        request.user = sent(user).into();
        let faults = self.client().validate_user(&request).await;
        let faults = faults.map_err(|error| self.failed(error).with_may_have_arrived(false))?.into_body();
        self.refuse_faults("user", &faults)
    }

    pub(super) async fn save(&self, user: &types::User) -> Result<types::User, Error> {
        let response = self.client().save_user(&sent(user)).await;
        response.map(|response| response.into_body()).map_err(|error| self.failed(error))
    }

    /// Says of an error that a person was made, and what becomes of it.
    fn left(&self, error: Error, person: i32) -> Error {
        let words = format!(
            "person {person} was made for the user and stays, and the user was not: {error}; the same call again goes on with this \
             person where the vendor lists it as one who can become a user, and always where the draft's record names it as \
             `Person.PersonId`"
        );
        self.error(error.kind(), words).with_may_have_arrived(true)
    }
}

/// What is wanted over what the vendor proposes, undocumented members included.
fn merged(record: &types::User, default: &types::User) -> types::User {
    let mut user = record.clone();
    user.fill(default);
    user.field_properties.clone_from(&default.field_properties);
    with_undocumented(user, default)
}
