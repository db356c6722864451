//! Whether one entry of a `[user.*]` map fits the schema: where its properties are, and what they hold.
//!
//! Input: the entry, and the type that is the user. Output: what the facade reads and writes, or diagnostics in `vendor.toml`.

use std::fmt::Display;

use serde_json::Value;
use toml::Spanned;

use super::{Fit, suggest};
use crate::{
    attributes::Attribute,
    facade::model::{Access, Constraints, Mapped, Place, Writing},
    rust::{
        self, RustType,
        model::{Field, Type, TypeKind},
    },
    vendor::user::{self, Reading, Source, UserMap},
};

impl Fit<'_> {
    pub(super) fn attribute(
        &mut self,
        ty: &Type,
        map: &UserMap,
        attribute: Attribute,
        source: &Spanned<Source>,
    ) -> Option<Mapped> {
        let Source { place, reading, writing, composed_of, ambiguous } = source.get_ref();
        let is_written = !matches!(writing, user::Writing::Never(_)) && !attribute.row().is_assigned;
        let (property, access, writing) = match place {
            user::Place::Constant(text) => (format!("= {text}"), Access::Constant(text.clone()), Writing::Plain),
            user::Place::Joined(paths) => {
                let parts = paths.iter().map(|path| self.place(ty, attribute, source, path, false));
                let parts: Vec<(Place, PropertyKind)> = parts.collect::<Option<_>>()?;
                for (path, (_, kind)) in paths.iter().zip(&parts) {
                    if !matches!(kind, PropertyKind::Text | PropertyKind::Name) {
                        let message = format!("`{attribute}` is text, and `{path}` is {kind}");
                        self.problem(source, message, "join properties that are strings".to_owned());
                        return None;
                    }
                }
                let joined = Access::Joined(parts.into_iter().map(|(place, kind)| (place, kind == PropertyKind::Name)).collect());
                let property = paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
                (property, joined, Writing::Never("it is made of other properties".to_owned()))
            }
            user::Place::Property(path) => {
                let (place, kind) = self.place(ty, attribute, source, path, is_written)?;
                let access = self.access(attribute, source, reading, path, place, kind)?;
                (path.to_string(), access, writing.clone().into())
            }
        };
        if let Some(part) = composed_of.iter().find(|part| map.carries(**part)) {
            let message = format!("`{}` has a property of its own, so that `{attribute}` is not made of it", part.name());
            self.problem(source, message, "remove it from `from`".to_owned());
        }
        let constraints = match place {
            user::Place::Property(path) => self.constraints(ty, path),
            _ => Constraints::default(),
        };
        let (composed_of, ambiguous) = (composed_of.clone(), ambiguous.clone());
        Some(Mapped { attribute, property, access, writing, composed_of, ambiguous, constraints })
    }

    /// What requests are checked for at the end of a path that is there; what stands in an object is not demanded of users.
    fn constraints(&self, ty: &Type, path: &user::Path) -> Constraints {
        let model = self.input.model;
        let mut of = Some(ty);
        let mut found = None;
        for step in &path.0 {
            let Some(TypeKind::Structure { fields, .. }) = of.map(|ty| &ty.kind) else { return Constraints::default() };
            found = fields.iter().find(|field| field.wire == *step);
            of = found.and_then(|field| model.types.get(model.resolved(field.ty.unboxed()).own()?));
        }
        let Some(field) = found else { return Constraints::default() };
        let values = match of.map(|ty| &ty.kind) {
            Some(TypeKind::Enumeration { variants }) => variants.iter().map(|variant| variant.wire.clone()).collect(),
            _ => Vec::new(),
        };
        let rust::model::Constraints { min_length, max_length, pattern, .. } = field.facts.constraints.clone();
        Constraints { required: field.facts.required && path.0.len() == 1, min_length, max_length, pattern, values }
    }

    /// The way to a property and what it holds; objects on the way must be ones that can be made, where it is written.
    fn place(
        &mut self,
        ty: &Type,
        attribute: Attribute,
        source: &Spanned<Source>,
        path: &user::Path,
        is_written: bool,
    ) -> Option<(Place, PropertyKind)> {
        let model = self.input.model;
        let mut of = ty;
        let mut objects = Vec::new();
        let (last, above) = path.0.split_last()?;
        for step in above {
            let field = self.field(of, attribute, source, step)?;
            let inner = model.resolved(field.ty.unboxed()).own().and_then(|name| model.types.get(name));
            let Some((inner, TypeKind::Structure { fields, .. })) = inner.map(|inner| (inner, &inner.kind)) else {
                let message = format!("`{step}` is {}, and `{path}` leads into it", kind(model, &field.ty));
                self.problem(source, message, "a path leads through objects with documented properties".to_owned());
                return None;
            };
            if let Some(needed) = fields.iter().find(|field| field.facts.required && field.wire != *last).filter(|_| is_written) {
                let message = format!("`{step}` cannot be made with `{last}` alone: it needs `{}`", needed.wire);
                let help = "say `write = \"never\"` with its `reason`, and let the adapter write it".to_owned();
                self.problem(source, message, help);
                return None;
            }
            objects.push(field.name.clone());
            of = inner;
        }
        let field = self.field(of, attribute, source, last)?;
        let place = Place { objects, field: field.name.clone(), nullable: field.facts.nullable };
        Some((place, kind(model, &field.ty)))
    }

    fn field<'t>(&mut self, ty: &'t Type, attribute: Attribute, source: &Spanned<Source>, name: &str) -> Option<&'t Field> {
        let TypeKind::Structure { fields, .. } = &ty.kind else { return None };
        let found = fields.iter().find(|field| field.wire == name);
        if found.is_none() {
            let known = fields.iter().map(|field| field.wire.as_str());
            let message = format!("`{}` has no property `{name}` for `{}` to read", ty.wire, attribute.name());
            self.problem(source, message, suggest(name, "its properties", known));
        }
        found
    }

    fn access(
        &mut self,
        attribute: Attribute,
        source: &Spanned<Source>,
        reading: &Reading,
        path: &user::Path,
        place: Place,
        kind: PropertyKind,
    ) -> Option<Access> {
        let name = kind == PropertyKind::Name;
        Some(match (attribute.row().is_flag, reading, kind) {
            (true, Reading::Value, PropertyKind::Boolean) => Access::Flag { place, not: false },
            (true, Reading::Not, PropertyKind::Boolean) => Access::Flag { place, not: true },
            (true, Reading::Equals(Value::Bool(flag)), PropertyKind::Boolean) => Access::Flag { place, not: !flag },
            (true, Reading::Equals(value @ (Value::String(_) | Value::Number(_))), PropertyKind::Text | PropertyKind::Name) => {
                Access::Equals { place, name, value: value.clone() }
            }
            (true, Reading::Words { yes, no }, PropertyKind::Text | PropertyKind::Name) => {
                Access::Words { place, name, words: Some((yes.clone(), no.clone())) }
            }
            (true, Reading::WordsOfSettings, PropertyKind::Text | PropertyKind::Name) => {
                Access::Words { place, name, words: None }
            }
            (true, ..) => {
                let message = format!("`{attribute}` is true or false, and `{path}` is {kind}");
                let help = format!("map a boolean, or say `{{ property = …, equals = … }}` which value means {attribute}");
                self.problem(source, message, help);
                return None;
            }
            (_, _, PropertyKind::Text) => Access::Text(place),
            (_, _, PropertyKind::Name) => Access::Name(place),
            _ => {
                let message = format!("`{}` is text, and `{path}` is {kind}", attribute.name());
                self.problem(source, message, "map a property that is a string or a whole number".to_owned());
                return None;
            }
        })
    }
}

impl From<user::Writing> for Writing {
    fn from(writing: user::Writing) -> Self {
        match writing {
            user::Writing::Plain => Self::Plain,
            user::Writing::Explicit(effect) => Self::Explicit(effect),
            user::Writing::Never(reason) => Self::Never(reason),
            user::Writing::Reference => Self::Reference,
        }
    }
}

/// What a property is, as far as an attribute can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PropertyKind {
    Text,
    Name,
    Boolean,
    Secret,
    Other(&'static str),
}

impl Display for PropertyKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Name => "one of a list of names",
            Self::Boolean => "a boolean",
            Self::Secret => "a secret, which is never read",
            Self::Other(what) => what,
        })
    }
}

fn kind(model: &rust::Model, ty: &RustType) -> PropertyKind {
    match model.resolved(ty.unboxed()) {
        RustType::Own(name) if model.types.get(name).is_some_and(Type::is_enumeration) => PropertyKind::Name,
        RustType::Own(_) => PropertyKind::Other("an object"),
        RustType::Prelude(name, _) if name == "String" => PropertyKind::Text,
        RustType::Plain(name) if name == "bool" => PropertyKind::Boolean,
        RustType::Plain(_) => PropertyKind::Text,
        RustType::Core(name, _) => match name.as_str() {
            "Timestamp" => PropertyKind::Text,
            "Secret" => PropertyKind::Secret,
            "Number" => PropertyKind::Other("a number with a fraction"),
            "List" => PropertyKind::Other("a list"),
            "Map" => PropertyKind::Other("an object"),
            _ => PropertyKind::Other("of unknown type"),
        },
        RustType::Prelude(name, _) if name == "Vec" => PropertyKind::Other("a list"),
        _ => PropertyKind::Other("of unknown type"),
    }
}
