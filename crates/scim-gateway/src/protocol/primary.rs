//! The preferred value of a list: there is one at most (RFC 7643, section 2.4).

use serde_json::Value as Json;

use super::names::{key, member};

/// Whether a value of a list is the preferred one; Entra writes booleans as text.
pub(crate) fn is_primary(element: &Json) -> bool {
    match element.as_object().and_then(|element| member(element, "primary")) {
        Some(Json::Bool(flag)) => *flag,
        Some(Json::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// After a change of a list, the value that has just become the preferred one is the only one (RFC 7644, section 3.5.2).
pub(crate) fn leave_one(elements: &mut [Json], before: &[Json]) {
    let Some(newest) = elements.iter().rposition(|element| is_primary(element) && !before.contains(element)) else { return };
    for (at, element) in elements.iter_mut().enumerate() {
        if at != newest
            && is_primary(element)
            && let Json::Object(members) = element
        {
            let key = key(members, "primary");
            members.insert(key, Json::Bool(false));
        }
    }
}
