//! What a specification says about a vendor's type for users. Knows no vendor.

use std::borrow::Cow;

use client_core::serde_json::{Map, Value};
use jsonptr::Token;

use crate::attribute::Attribute;

/// What stands in the place of a secret wherever a record is shown.
pub const MASK: &str = "***";

/// What a specification says about a vendor's type for users.
#[derive(Debug)]
pub struct Shape {
    /// Name of the vendor crate.
    pub vendor: &'static str,
    /// Name of the schema.
    pub schema: &'static str,
    /// Which property carries which attribute; with slashes between the members on the way to one in an object.
    pub carries: &'static [(Attribute, &'static str)],
    /// Attributes that do more at this vendor than their name says, and what writing them does.
    pub explicit: &'static [(Attribute, &'static str)],
    /// Attributes that are read and never written, and why.
    pub never_written: &'static [(Attribute, &'static str)],
    /// Attributes of a new user that are made of others where nobody names them.
    pub composed: &'static [(Attribute, &'static [Attribute])],
    /// Flags that the vendor keeps as one of two words, which no page says and the settings of an instance do.
    pub worded_by_settings: &'static [Attribute],
    /// Properties that a request must have, as they are called on the wire.
    pub required: &'static [&'static str],
    /// Where secrets stand: JSON pointers, `*` for any member or element.
    pub secrets: &'static [&'static str],
    /// All documented properties.
    pub properties: &'static [&'static str],
}

impl Shape {
    /// A type of which nothing is said, to start from: `Shape { vendor: "staff", ..Shape::NONE }`.
    pub const NONE: Self = Self {
        vendor: "",
        schema: "",
        carries: &[],
        explicit: &[],
        never_written: &[],
        composed: &[],
        worded_by_settings: &[],
        required: &[],
        secrets: &[],
        properties: &[],
    };

    /// Returns the property that carries `attribute`.
    #[must_use]
    pub fn property(&self, attribute: Attribute) -> Option<&'static str> {
        self.carries.iter().find(|(carried, _)| *carried == attribute).map(|(_, property)| *property)
    }

    /// Returns the first attribute that `property` carries; where it carries several, the one that is not the identifier.
    #[must_use]
    pub fn attribute(&self, property: &str) -> Option<Attribute> {
        let carried = || self.carries.iter().filter(|(_, name)| *name == property).map(|(attribute, _)| *attribute);
        carried().find(|attribute| *attribute != Attribute::Id).or_else(|| carried().next())
    }

    /// Returns what writing `attribute` does beyond its name, where it does more.
    #[must_use]
    pub fn effect(&self, attribute: Attribute) -> Option<&'static str> {
        self.explicit.iter().find(|(named, _)| *named == attribute).map(|(_, effect)| *effect)
    }

    /// Returns whether the vendor tells users apart by their user name: one property carries both.
    #[must_use]
    pub fn is_named_by_user_name(&self) -> bool {
        self.property(Attribute::Id).is_some_and(|property| self.property(Attribute::UserName) == Some(property))
    }

    /// Returns a record's members without its secrets.
    #[must_use]
    pub fn without_secrets(&self, mut members: Map<String, Value>) -> Map<String, Value> {
        self.visit_secrets(&mut members, &|_| None);
        members
    }

    /// Returns a record's members with a mask in the place of every secret, and of what the vendor does not document.
    #[must_use]
    pub fn masked(&self, mut members: Map<String, Value>) -> Map<String, Value> {
        for (name, value) in &mut members {
            if !self.properties.contains(&name.as_str()) && !value.is_null() {
                *value = Value::from(MASK);
            }
        }
        self.visit_secrets(&mut members, &|value| Some(if value.is_null() { Value::Null } else { Value::from(MASK) }));
        members
    }

    /// Replaces every secret by what `replace` makes of it, or takes it out.
    pub(crate) fn visit_secrets(&self, members: &mut Map<String, Value>, replace: &dyn Fn(&Value) -> Option<Value>) {
        for pointer in self.secrets {
            let tokens: Vec<Cow<'_, str>> = tokens(pointer).collect();
            visit_members(members, &tokens, &mut |value| replace(value));
        }
    }
}

/// The tokens of a JSON pointer, unescaped.
pub(crate) fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|segment| match Token::from_encoded(segment) {
        Ok(token) if segment.contains('~') => Cow::Owned(token.decoded().into_owned()),
        _ => Cow::Borrowed(segment),
    })
}

type Replace<'a> = dyn FnMut(&Value) -> Option<Value> + 'a;

fn visit_members(members: &mut Map<String, Value>, tokens: &[Cow<'_, str>], replace: &mut Replace<'_>) {
    let Some((token, rest)) = tokens.split_first() else { return };
    let names: Vec<String> = match token.as_ref() {
        "*" => members.keys().cloned().collect(),
        name => vec![name.to_owned()],
    };
    for name in names {
        let Some(value) = members.get_mut(&name) else { continue };
        if !rest.is_empty() {
            visit_value(value, rest, replace);
        } else if let Some(new) = replace(value) {
            *value = new;
        } else {
            members.remove(&name);
        }
    }
}

fn visit_value(value: &mut Value, tokens: &[Cow<'_, str>], replace: &mut Replace<'_>) {
    match value {
        Value::Object(members) => visit_members(members, tokens, replace),
        Value::Array(elements) => match tokens.split_first() {
            // An element cannot be taken out without moving the others: it becomes null.
            Some((token, [])) if token == "*" => {
                elements.iter_mut().for_each(|element| *element = replace(element).unwrap_or_default());
            }
            Some((token, rest)) if token == "*" => elements.iter_mut().for_each(|element| visit_value(element, rest, replace)),
            _ => {}
        },
        _ => {}
    }
}
