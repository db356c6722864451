//! What holds for any draft and any record, at every vendor.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vendor_users::client_core::serde_json::value::RawValue;
use vendor_users::client_core::serde_json::{self, Value, json};
use vendor_users::record::{Record, write_draft, write_patch};
use vendor_users::value::ValueError;
use vendor_users::{
    Attribute, Capabilities, Instance, Problem, User, UserDraft, UserPatch, billingplatform, superoffice, twosms, vbasoftware,
};

/// Any draft; where vendors want whole numbers, so does it.
fn draft() -> impl Strategy<Value = UserDraft> {
    let attributes = Attribute::ALL.iter().map(|&attribute| {
        let value = match attribute {
            flag if flag.is_flag() => prop_oneof![Just("true".to_owned()), Just("false".to_owned())].boxed(),
            Attribute::Id | Attribute::Manager | Attribute::Organization | Attribute::Role | Attribute::UserGroup => {
                (0..i32::MAX).prop_map(|number| number.to_string()).boxed()
            }
            _ => "\\PC{0,20}".boxed(),
        };
        prop::option::of(value).prop_map(move |value| (attribute, value)).boxed()
    });
    attributes.collect::<Vec<_>>().prop_map(|values| {
        let set = values.into_iter().filter_map(|(attribute, value)| Some((attribute, value?)));
        let draft = set.fold(UserDraft::builder(), |draft, (attribute, value)| match attribute {
            Attribute::Active => draft.active(value == "true"),
            attribute => draft.clone().set(attribute, value).unwrap_or(draft),
        });
        draft.build()
    })
}

/// All that the type can carry, whatever else writing it does.
fn capabilities<R: Record>() -> Capabilities {
    let builder = Capabilities::builder(Instance::new(R::SHAPE.vendor, R::SHAPE.vendor));
    let carries = R::SHAPE.carries.iter();
    let builder = carries.fold(builder, |builder, (attribute, property)| builder.carries(*attribute, *property));
    let never = R::SHAPE.never_written.iter();
    let builder = never.fold(builder, |builder, (attribute, reason)| builder.never_written(*attribute, *reason));
    let worded = R::SHAPE.worded_by_settings.iter();
    worded.fold(builder, |builder, attribute| builder.words(*attribute, Some("IN".to_owned()), Some("OUT".to_owned()))).build()
}

/// The draft goes into the vendor's record, over the wire, and out again.
fn carries<R: Record>(draft: &UserDraft) -> Result<(), TestCaseError> {
    let mut record = R::default();
    let dropped = match write_draft(&mut record, draft, &capabilities::<R>(), false) {
        Ok(dropped) => dropped,
        // Two attributes in one property, and the draft says different things about them.
        Err(error) => {
            let Problem::Value { attribute, why, .. } = error.problem() else {
                return Err(TestCaseError::fail(error.to_string()));
            };
            let property = R::SHAPE.property(*attribute);
            let same = R::SHAPE.carries.iter().filter(|(_, other)| Some(*other) == property);
            match why {
                ValueError::Occupied { .. } => prop_assert!(same.count() > 1, "{attribute}"),
                // Whoever is to be kept out is not dropped in silence.
                ValueError::NoProperty => prop_assert_eq!((*attribute, draft.active()), (Attribute::Active, Some(false))),
                _ => return Err(TestCaseError::fail(error.to_string())),
            }
            return Ok(());
        }
    };
    let text = serde_json::to_string(&record).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let read: R = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
    for (attribute, value) in draft.attributes() {
        let lost = dropped.iter().any(|lost| lost.attribute == attribute);
        if R::SHAPE.worded_by_settings.contains(&attribute) {
            let word = if draft.active() == Some(true) { "IN" } else { "OUT" };
            let found = read.word(attribute);
            prop_assert_eq!(found.as_deref(), Some(word), "{} {}", R::SHAPE.vendor, attribute);
        } else if !lost {
            let found = read.attribute(attribute);
            prop_assert_eq!(found.as_ref(), Some(value), "{} {}", R::SHAPE.vendor, attribute);
        }
    }
    Ok(())
}

/// A value of a property, as the vendor might write it, digits and all.
fn value(schema: &Value) -> BoxedStrategy<String> {
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
    let known = match kind {
        "string" => "\\PC{0,12}".prop_map(|text| Value::from(text).to_string()).boxed(),
        "integer" => any::<i32>().prop_map(|number| number.to_string()).boxed(),
        "number" => prop_oneof![Just("100.0"), Just("1e3"), Just("0.10"), Just("-7"), Just("123456789012345678901234567890")]
            .prop_map(str::to_owned)
            .boxed(),
        "boolean" => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        "array" => Just("[]".to_owned()).boxed(),
        _ => Just("null".to_owned()).boxed(),
    };
    prop_oneof![4 => known, 1 => Just("null".to_owned())].boxed()
}

/// Any record of a schema, with members that nobody documents.
fn record(vendor: &str, schema: &str) -> impl Strategy<Value = BTreeMap<String, String>> + use<> {
    let path = format!("{}/../../specs/{vendor}/openapi.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let document: Value = serde_json::from_str(&text).unwrap_or_default();
    let properties = document.pointer(&format!("/components/schemas/{schema}/properties")).and_then(Value::as_object).cloned();
    let properties = properties.unwrap_or_default();
    assert!(!properties.is_empty(), "{vendor} has no committed specification with `{schema}`");
    let members = properties
        .into_iter()
        .map(|(name, schema)| prop::option::weighted(0.7, value(&schema)).prop_map(move |value| (name.clone(), value)).boxed());
    let unknown =
        prop::collection::btree_map("x-[a-z]{1,6}", prop_oneof![Just(r#"{"a":[1.0,null]}"#), Just("1e2"), Just("null")], 0..4);
    (members.collect::<Vec<_>>(), unknown).prop_map(|(members, unknown)| {
        let known = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
        known.chain(unknown.into_iter().map(|(name, value)| (name, value.to_owned()))).collect()
    })
}

/// One attribute changes, where it is not so already, and every other member keeps its text to the byte.
fn survives<R: Record>(members: &BTreeMap<String, String>, patch: &UserPatch) -> Result<(), TestCaseError> {
    let fail = |error: String| TestCaseError::fail(error);
    let text: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    let mut record: R = serde_json::from_str(&format!("{{{}}}", text.join(","))).map_err(|error| fail(error.to_string()))?;
    write_patch(&mut record, patch, &capabilities::<R>()).map_err(|error| fail(error.to_string()))?;
    let written = serde_json::to_string(&record).map_err(|error| fail(error.to_string()))?;
    let written: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&written).map_err(|error| fail(error.to_string()))?;
    let mut expected = members.clone();
    for (attribute, value) in patch.changes() {
        let property = R::SHAPE.property(attribute).unwrap_or_default();
        let known = members.get(property).and_then(|known| serde_json::from_str::<String>(known).ok()).unwrap_or_default();
        // What is there in the vendor's spelling stays in it.
        let is_there = value.is_some_and(|value| !known.is_empty() && known.trim() == value.to_string().trim());
        if !is_there {
            expected.insert(property.to_owned(), json!(value.map(ToString::to_string)).to_string());
        }
    }
    let written: BTreeMap<String, String> = written.into_iter().map(|(name, value)| (name, value.get().to_owned())).collect();
    prop_assert_eq!(written, expected, "{}", R::SHAPE.vendor);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_draft_keeps_what_the_vendor_can_carry(draft in draft()) {
        carries::<billingplatform::types::ApplicationUser>(&draft)?;
        carries::<billingplatform::types::SavedApplicationUser>(&draft)?;
        carries::<billingplatform::types::ExternalUser>(&draft)?;
        carries::<billingplatform::types::UpdatedExternalUser>(&draft)?;
        carries::<superoffice::types::User>(&draft)?;
        carries::<twosms::types::User>(&draft)?;
        carries::<vbasoftware::types::User>(&draft)?;
    }

    #[test]
    fn a_carried_draft_is_the_same_but_for_what_belongs_to_one_vendor(draft in draft()) {
        let carried = UserDraft::from(&draft as &dyn User);
        let local = Attribute::ALL.iter().filter(|attribute| attribute.is_local());
        let expected = local.fold(draft.rebuild(), |draft, attribute| draft.unset(*attribute)).build();
        prop_assert_eq!(carried, expected);
    }

    #[test]
    fn billingplatform_keeps_all_else(members in record("billingplatform", "ApplicationUser"), text in "\\PC{0,9}") {
        survives::<billingplatform::types::ApplicationUser>(&members, &UserPatch::new().title(text))?;
    }

    #[test]
    fn superoffice_keeps_all_else(members in record("superoffice", "User"), text in "\\PC{0,9}") {
        survives::<superoffice::types::User>(&members, &UserPatch::new().nick_name(text))?;
    }

    #[test]
    fn twosms_keeps_all_else(members in record("twosms", "User"), text in "\\PC{0,9}") {
        survives::<twosms::types::User>(&members, &UserPatch::new().display_name(text))?;
    }

    #[test]
    fn vbasoftware_keeps_all_else(members in record("vbasoftware", "User"), text in "\\PC{0,9}") {
        survives::<vbasoftware::types::User>(&members, &UserPatch::new().title(text).clear(Attribute::DisplayName))?;
    }
}
