//! Every attribute, wherever attributes go: drafts, patches, kept users, SCIM, and the record of each vendor.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use vendor_users::attribute::Value;
use vendor_users::client_core::serde_json::{self, Value as Json, json};
use vendor_users::record::{Record, RecordVisitor};
use vendor_users::scim::{from_scim, to_scim, unplaced};
use vendor_users::testing::memory::Person;
use vendor_users::user::StoredUser;
use vendor_users::value::ValueError;
use vendor_users::{Attribute, DOCUMENTED, User, UserDraft, UserPatch, visit_records};

/// A value that any property takes: a date is text as well, and a number in digits is too.
fn sample(attribute: Attribute) -> Value<'static> {
    match attribute {
        attribute if attribute.is_flag() => Value::Flag(true),
        attribute if attribute.is_assigned() => Value::from("2024-05-06T07:08:09Z"),
        _ => Value::from("7"),
    }
}

fn draft(attribute: Attribute) -> UserDraft {
    UserDraft::builder().user_name("7").set(attribute, sample(attribute)).unwrap().build()
}

#[test]
fn every_attribute_has_its_own_name_and_place() {
    for (index, &attribute) in Attribute::ALL.iter().enumerate() {
        assert_eq!(attribute.name().parse(), Ok(attribute));
        for &other in &Attribute::ALL[index + 1..] {
            assert_ne!(attribute.name(), other.name());
            assert!(attribute.scim().is_none() || attribute.scim() != other.scim(), "{attribute} and {other}");
        }
    }
}

#[test]
fn drafts_patches_and_kept_users_carry_every_attribute() {
    for &attribute in Attribute::ALL {
        let value = sample(attribute);
        let draft = draft(attribute);
        assert_eq!(draft.attribute(attribute), Some(value.clone()));
        let read: UserDraft = serde_json::from_value(serde_json::to_value(&draft).unwrap()).unwrap();
        assert_eq!(read, draft);
        let patch = UserPatch::new().assign(&format!("{attribute}={value}")).unwrap();
        assert_eq!(patch.changes().collect::<Vec<_>>(), [(attribute, Some(&value))]);
        let stored = StoredUser::from_json(&(&draft as &dyn User).to_json()).unwrap();
        assert_eq!(stored.attribute(attribute), Some(value));
    }
}

#[test]
fn scim_carries_every_attribute_that_it_has_a_place_for_and_the_others_are_named() {
    for &attribute in Attribute::ALL {
        let draft = draft(attribute);
        let imported = from_scim(&to_scim(&draft).unwrap());
        if attribute.scim().is_some() {
            assert_eq!((imported.draft, unplaced(&draft)), (draft, Vec::new()), "{attribute}");
        } else {
            assert_eq!((imported.draft.attribute(attribute), unplaced(&draft)), (None, vec![attribute]));
        }
        assert_eq!(imported.lost, Vec::<String>::new(), "{attribute}");
    }
}

/// Each attribute that the type carries goes into the record, over the wire, and out again; each other one is refused.
fn carries_all<R: Record>() {
    for &attribute in Attribute::ALL {
        let mut record = R::default();
        // A flag in words that only settings know is written and read as its word.
        let worded = R::SHAPE.worded_by_settings.contains(&attribute);
        let value = if worded { Value::from("IN") } else { sample(attribute) };
        let carried = R::SHAPE.property(attribute);
        let written = record.write(attribute, Some(&value));
        if R::SHAPE.never_written.iter().any(|(never, _)| *never == attribute) {
            assert!(matches!(written, Err(ValueError::NeverWritten { .. })), "{attribute}: {written:?}");
            assert_eq!(serde_json::to_value(&record).unwrap(), serde_json::to_value(R::default()).unwrap());
            continue;
        }
        match (carried, attribute.is_assigned()) {
            (None, true) => assert_eq!(written, Err(ValueError::Assigned)),
            (None, false) => assert_eq!(written, Err(ValueError::NoProperty), "{attribute}"),
            (Some(property), true) => {
                assert_eq!(written, Err(ValueError::Assigned));
                let nested = property.rsplit('/').fold(json!(value.to_string()), |inner, name| json!({ (name): inner }));
                record = serde_json::from_value(nested).unwrap();
            }
            (Some(_), false) => written.unwrap_or_else(|why| panic!("{} {attribute}: {why}", R::SHAPE.vendor)),
        }
        let text = serde_json::to_string(&record).unwrap();
        let read: R = serde_json::from_str(&text).unwrap();
        if worded {
            assert_eq!((read.word(attribute).as_deref(), read.attribute(attribute)), (Some("IN"), None), "{}", R::SHAPE.vendor);
            continue;
        }
        assert_eq!(read.attribute(attribute), carried.map(|_| value), "{} {}", R::SHAPE.vendor, R::SHAPE.schema);
    }
}

/// The vendors and schemas whose records were tried.
#[derive(Default)]
struct Tried(Vec<(&'static str, &'static str)>);

impl RecordVisitor for Tried {
    fn visit<R: Record>(&mut self) {
        carries_all::<R>();
        self.0.push((R::SHAPE.vendor, R::SHAPE.schema));
    }
}

/// What is not of one vendor alone is carried by the directory that tests use in the place of a vendor.
#[test]
fn a_person_in_memory_carries_every_attribute_that_travels() {
    carries_all::<Person>();
    for &attribute in Attribute::ALL {
        let travels = !attribute.is_local() && !attribute.is_assigned();
        assert_eq!(Person::SHAPE.property(attribute).is_some(), travels || attribute == Attribute::Id, "{attribute}");
    }
}

#[test]
fn every_vendors_record_carries_what_its_map_says() {
    let mut tried = Tried::default();
    visit_records(&mut tried);
    for documented in DOCUMENTED.iter().filter(|documented| !documented.schema.is_empty()) {
        let record = (documented.vendor, documented.schema);
        assert!(tried.0.contains(&record), "{} is not among those that are tried", documented.title);
    }
}

#[test]
fn a_kept_user_with_an_unknown_attribute_is_refused_by_name() {
    let kept: Json = json!({ "attributes": { "shoe_size": "44" } });
    let told = StoredUser::from_json(&kept).unwrap_err().to_string();
    assert!(told.contains("there is no attribute `shoe_size`; attributes are id, external_id"), "{told}");
}
