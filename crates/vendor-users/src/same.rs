//! When two values of an attribute mean the same, although a vendor writes one of them in its own way. Knows no vendor.

use std::borrow::Cow;

use crate::attribute::{Attribute, Value};

/// The value of a key as it is compared: without blanks around it, and without case except for external identifiers, which are
/// exact.
pub(crate) fn key(attribute: Attribute, value: &str) -> Cow<'_, str> {
    let value = value.trim();
    if attribute == Attribute::ExternalId { Cow::Borrowed(value) } else { Cow::Owned(value.to_lowercase()) }
}

/// Whether `known`, as the vendor has it, says the same as `wanted`.
pub(crate) fn values(attribute: Attribute, known: &Value<'_>, wanted: &Value<'_>) -> bool {
    match (known, wanted) {
        (Value::Text(known), Value::Text(wanted)) => known == wanted || normal(attribute, known) == normal(attribute, wanted),
        (known, wanted) => known == wanted,
    }
}

/// Text without what vendors change on their own: blanks around it, the case of names, the punctuation of phone numbers.
fn normal(attribute: Attribute, text: &str) -> String {
    let text = text.trim();
    match attribute {
        Attribute::Id | Attribute::UserName | Attribute::Email => text.to_lowercase(),
        Attribute::PhoneNumber | Attribute::MobilePhone => {
            let is_number =
                |char: char| char.is_ascii_digit() || matches!(char, '+' | '-' | '.' | '(' | ')' | '/') || char.is_whitespace();
            if text.chars().all(is_number) && text.chars().any(|char| char.is_ascii_digit()) {
                text.chars().filter(|char| char.is_ascii_digit() || *char == '+').collect()
            } else {
                text.to_owned()
            }
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_spelling_of_a_value_is_the_same_value() {
        let same = [
            (Attribute::UserName, "Kim.Lee", "kim.lee "),
            (Attribute::Email, "Kim@Example.com", "kim@example.com"),
            (Attribute::PhoneNumber, "+1 (555) 0100", "+15550100"),
            (Attribute::Title, "Clerk ", "Clerk"),
        ];
        for (attribute, known, wanted) in same {
            assert!(values(attribute, &Value::from(known), &Value::from(wanted)), "{attribute}: {known} and {wanted}");
        }
        let different = [
            (Attribute::Title, "Clerk", "clerk"),
            (Attribute::ExternalId, "A1", "a1"),
            (Attribute::PhoneNumber, "+1 555 0100", "1 555 0100"),
            (Attribute::PhoneNumber, "555 0100 ext. 7", "5550100 7"),
        ];
        for (attribute, known, wanted) in different {
            assert!(!values(attribute, &Value::from(known), &Value::from(wanted)), "{attribute}: {known} and {wanted}");
        }
    }
}
