//! What retiring takes from a user: its licences, which the record lists by owner.

use client_core::serde_json::{Value, json};
use client_core::{Json, List};
use superoffice::types;

use super::{Users, sent};
use crate::error::Error;
use crate::primitives::Primitives as _;
use crate::switch::Taken;

/// What licences are called among the things that are taken.
const KIND: &str = "licence";

fn lists(owner: &types::LicenseOwner) -> impl Iterator<Item = &Json> {
    let lists = [&owner.restricted_module_licenses, &owner.unrestricted_module_licenses];
    lists.into_iter().filter_map(|list| list.as_ref()).flat_map(|list: &List<Json>| list.iter())
}

fn taken(licence: &Value) -> Option<Taken> {
    let id = licence.get("ModuleLicenseId").filter(|id| id.is_number() || id.is_string())?;
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let name = licence.get("Name").and_then(Value::as_str).unwrap_or_default();
    Some(Taken::new(KIND, id, name))
}

/// The licences that a user has.
pub(super) fn assigned(record: &types::User) -> Vec<Taken> {
    let owners = record.license_owners.as_ref().into_iter().flat_map(|owners| owners.iter());
    let licences = owners.flat_map(lists).map(Json::value);
    licences.filter(|licence| licence.get("Assigned") == Some(&Value::Bool(true))).filter_map(|licence| taken(&licence)).collect()
}

/// Assigns those of `wanted` that the user can have, and returns whether there are any.
fn assign(record: &mut types::User, wanted: &[Taken]) -> bool {
    let mut any = false;
    let owners = record.license_owners.as_mut().into_iter().flat_map(|owners| owners.iter_mut());
    for owner in owners {
        for list in [&mut owner.restricted_module_licenses, &mut owner.unrestricted_module_licenses] {
            for licence in list.as_mut().into_iter().flat_map(|list| list.iter_mut()) {
                let mut value = licence.value();
                let is_wanted =
                    taken(&value).is_some_and(|found| wanted.iter().any(|wanted| wanted.kind == KIND && wanted.id == found.id));
                let may =
                    value.get("CanAssign") != Some(&Value::Bool(false)) && value.get("Assigned") != Some(&Value::Bool(true));
                if let (true, true, Some(members)) = (is_wanted, may, value.as_object_mut()) {
                    members.insert("Assigned".to_owned(), json!(true));
                    *licence = value.into();
                    any = true;
                }
            }
        }
    }
    any
}

/// Assigns licences by number, and returns those that the user cannot have.
pub(super) fn give(record: &mut types::User, licences: &[String]) -> Vec<String> {
    let wanted: Vec<Taken> = licences.iter().map(|id| Taken::new(KIND, id, "")).collect();
    assign(record, &wanted);
    let has = assigned(record);
    licences.iter().filter(|id| !has.iter().any(|has| has.id == **id)).cloned().collect()
}

impl Users {
    /// Gives a user its licences back as far as a read shows afterwards that it has them.
    pub(super) async fn assign(&self, id: &str, wanted: &[Taken]) -> Result<Vec<Taken>, Error> {
        let not_found = || Error::not_found(self.instance(), id);
        let mut record = self.read(id).await?.ok_or_else(not_found)?;
        if assign(&mut record, wanted) {
            self.client()
                .save_user(&sent(&crate::record::without_read_secrets(record)))
                .await
                .map_err(|error| self.failed(error))?;
            record = self.read(id).await?.ok_or_else(not_found)?;
        }
        let has = assigned(&record);
        Ok(wanted.iter().filter(|wanted| has.iter().any(|has| has.kind == wanted.kind && has.id == wanted.id)).cloned().collect())
    }
}
