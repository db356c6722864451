//! Any JSON as a PATCH request: applied to a user, or refused; never with another `id`.

#![no_main]

use fuzz::scim::kim;
use libfuzzer_sys::fuzz_target;
use scim_gateway::protocol::{filter::FilterLimits, patch};

fuzz_target!(|text: &str| {
    let Ok(body) = serde_json::from_str::<serde_json::Value>(text) else { return };
    // So that more than one input in a million is a request.
    let body = if body.is_array() { serde_json::json!({ "Operations": body }) } else { body };
    let limits = FilterLimits::default();
    let Ok(operations) = patch::parse(&body, 50, limits) else { return };
    let mut user = kim();
    if patch::apply(&mut user, &operations, limits).is_ok() {
        assert_eq!(user.get("id"), kim().get("id"));
    }
});
