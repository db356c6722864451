//! What all measurements share: the vendors' own samples, and the types a person would write for them.
//!
//! The samples are put below `target/bench/samples` by `tests/tools/bench`, as a server sends them: without white space.

/// What `PUT /users/{userID}` sends.
pub const UPDATE: &str = include_str!("../../target/bench/samples/update.json");
/// What it responses.
pub const UPDATED: &str = include_str!("../../target/bench/samples/updated.json");
/// What `SaveUser` responses.
pub const SAVED: &str = include_str!("../../target/bench/samples/saved.json");

#[cfg(feature = "plain")]
pub mod plain;

/// The type that the samples are read into.
#[cfg(all(feature = "plain", not(feature = "ours")))]
pub type Saved = plain::saved::User;
/// The type that the samples are read into.
#[cfg(feature = "ours")]
pub type Saved = superoffice::types::User;

/// Nothing that the sample says is lost on the way through the type; with `terse` nulls are.
#[cfg(any(feature = "ours", feature = "plain"))]
pub fn prove() {
    fn without_nulls(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(items) => items.iter_mut().for_each(without_nulls),
            serde_json::Value::Object(members) => {
                members.retain(|_, member| !member.is_null());
                members.values_mut().for_each(without_nulls);
            }
            _ => {}
        }
    }
    let value = |text: &str| {
        let mut value = serde_json::from_str(text).expect("a sample is JSON");
        if cfg!(feature = "terse") {
            without_nulls(&mut value);
        }
        value
    };
    let saved: Saved = serde_json::from_str(SAVED).expect("the sample fits");
    assert_eq!(value(&serde_json::to_string(&saved).expect("it can be written")), value(SAVED));
}
