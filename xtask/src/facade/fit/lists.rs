//! Lists of a known shape: pages that say which is the next, a search by keys, and the values that an attribute may have.
//!
//! Input: an entry of `[directory]`, and the operation's method in the client. Output: how it is called, or what does not fit.

use toml::Spanned;

use super::{
    Fit,
    calls::{BY_HAND, Misfit, Shapes, is_text, number, referred},
    list,
};
use crate::{
    attributes::Attribute,
    facade::model::{Argument, Choices, Next, Place, UserType},
    rust::{RustType, model::Operation},
    vendor::{
        call::{self, Page},
        directory::{Directory, Entry},
    },
};

/// The attributes by which users are looked for.
const KEYS: [&str; 4] = ["id", "external_id", "user_name", "email"];

impl Fit<'_> {
    /// The parameter that takes what the page before said.
    pub(super) fn cursor(&self, ty: &RustType, name: &str, is_argument: bool) -> Result<Argument, Misfit> {
        let ty = self.input.model.resolved(referred(ty));
        if is_argument {
            return Err((format!("`{name}` is demanded, and the first page has no cursor"), by_hand()));
        }
        match number(ty) {
            Some(number) => Ok(Argument::Cursor { number: Some(number) }),
            None if is_text(ty) => Ok(Argument::Cursor { number: None }),
            None => Err((format!("`{name}` takes a `{ty}`"), "name a parameter that takes text or a whole number".to_owned())),
        }
    }

    /// The key whose value a parameter or a member takes.
    pub(super) fn sought(
        &self,
        entry: &call::Call,
        ty: &RustType,
        name: &str,
        is_demanded: bool,
    ) -> Result<Option<Argument>, Misfit> {
        let Some((key, _)) = entry.by.iter().find(|(_, named)| *named == name) else { return Ok(None) };
        if !is_text(self.input.model.resolved(referred(ty))) {
            return Err((format!("`{name}` takes a `{ty}`"), "name a parameter that takes text".to_owned()));
        }
        if is_demanded && entry.by.len() > 1 {
            let message = format!("`{name}` is demanded, so that the operation looks for nothing else");
            return Err((message, format!("leave the other keys out of `by`{BY_HAND}")));
        }
        Ok(Some(Argument::Sought(key.clone())))
    }

    /// Tells keys that users cannot be looked for by.
    pub(super) fn refuse_unknown_keys(&mut self, user: &UserType, entry: &Spanned<Entry>) {
        let carried: Vec<&str> = user.attributes.iter().map(|mapped| mapped.attribute.name()).collect();
        let known = || KEYS.into_iter().filter(|key| carried.contains(key));
        let by = &entry.get_ref().call.by;
        if by.is_empty() {
            let message = "nothing says by which key the operation looks for users".to_owned();
            self.problem(entry, message, format!("say `by = {{ user_name = \"…\" }}`{BY_HAND}"));
        }
        let unknown: Vec<&String> = by.keys().filter(|key| !known().any(|known| known == key.as_str())).collect();
        for key in unknown {
            self.problem(entry, format!("users cannot be looked for by `{key}`"), list("keys that are mapped", known()));
        }
    }

    /// The field of the identifier, which has this number for a new user.
    pub(super) fn new_identifier(&mut self, user: &UserType, new: &Spanned<i64>) -> Option<(String, i64)> {
        let property = user.identifier();
        let field = user.fields.iter().find(|(_, wire)| Some(wire) == property.as_ref()).map(|(field, _)| field.clone());
        let ty = self.input.model.fields(&user.rust).iter().find(|of| Some(&of.name) == field.as_ref()).map(|of| &of.ty);
        match (field, ty.is_some_and(|ty| number(self.input.model.resolved(ty)).is_some())) {
            (Some(field), true) => Some((field, *new.get_ref())),
            _ => {
                let help = "leave it out where identifiers are no whole numbers".to_owned();
                self.problem(new, "`new` is a number, and the identifier is none".to_owned(), help);
                None
            }
        }
    }

    /// Where the response says which page is next.
    pub(super) fn next(&self, operation: &Operation, page: Option<&Page>) -> Result<Option<Next>, Misfit> {
        let Some(Page { number, skip, cursor, next, link, link_header, .. }) = page else { return Ok(None) };
        let ways = [number, skip, cursor].into_iter().flatten().count();
        let places = [next, link, link_header].into_iter().flatten().count();
        if ways != 1 || places != usize::from(cursor.is_some()) {
            let help = "say `number`, or `skip`, or `cursor` with one of `next`, `link` and `link_header`".to_owned();
            return Err(("nothing says in one way how the next page is asked for".to_owned(), help));
        }
        let Some(cursor) = cursor else { return Ok(None) };
        if let Some(header) = link_header {
            return Ok(Some(Next::Header(header.clone(), cursor.clone())));
        }
        let Some(path) = next.as_ref().or(link.as_ref()) else { return Ok(None) };
        let (place, ty) = self.member(operation.response.own(), path).ok_or_else(|| {
            let message = format!("the response of `{}` has no `{path}`", operation.id);
            (message, "name the member that says which page is next, with slashes between the steps".to_owned())
        })?;
        let ty = self.input.model.resolved(&ty);
        match link {
            _ if !(is_text(ty) || (link.is_none() && is_counted(ty))) => {
                Err((format!("`{path}` is a `{ty}`, which names no page"), by_hand()))
            }
            Some(_) => Ok(Some(Next::Link(place, cursor.clone()))),
            None => Ok(Some(Next::Member(place))),
        }
    }

    /// A member of a type, and its own type.
    fn member(&self, own: Option<&str>, path: &str) -> Option<(Place, RustType)> {
        let steps: Vec<String> = path.split('/').map(str::to_owned).collect();
        let fields = self.input.model.fields_at(own?, &steps);
        let (last, above) = fields.split_last()?;
        let objects = above.iter().map(|field| field.name.clone()).collect();
        Some((Place { objects, field: last.name.clone(), nullable: last.facts.nullable }, last.ty.clone()))
    }

    /// How the values are read that attributes may have.
    pub(super) fn choices(&mut self, directory: &Directory, user: &UserType) -> Vec<Choices> {
        let Some(entry) = &directory.choices else { return Vec::new() };
        let mut found = Vec::new();
        for (name, choices) in &entry.get_ref().of {
            let carried = user.attributes.iter().map(|mapped| mapped.attribute);
            let Some(attribute) = carried.clone().find(|attribute| attribute.name() == name) else {
                let message = format!("no property carries `{name}`, so that nothing has its choices");
                self.problem(entry, message, list("attributes", carried.map(Attribute::name)));
                continue;
            };
            // One that is not there was told already.
            let Some(operation) = self.input.model.operations.iter().find(|known| known.id == choices.operation) else {
                continue;
            };
            match self.choices_of(attribute, choices, operation, directory) {
                Ok(choices) => found.push(choices),
                Err((message, help)) => self.problem(entry, message, help),
            }
        }
        found
    }

    fn choices_of(
        &self,
        attribute: Attribute,
        choices: &call::Choices,
        operation: &Operation,
        directory: &Directory,
    ) -> Result<Choices, Misfit> {
        let entry = call::Call { with: choices.with.clone(), ..call::Call::default() };
        let shapes = Shapes { operation, verb: "choices", entry: &entry, record: "" };
        let mut call = self.call(&shapes, directory)?;
        let (ty, fields, member) = self.within(operation, choices.result.as_deref())?;
        let element = ty.element().filter(|_| ty.is_core("List")).map(|ty| self.input.model.resolved(ty));
        let Some(own) = element.and_then(RustType::own) else {
            let help = "say by `result` which member has the list".to_owned();
            return Err((format!("the response of `{}` is no list of objects", operation.id), help));
        };
        call.result = Some(crate::facade::model::Reply { fields, member, converted: false, list: true });
        let member = |name: &str, fits: &dyn Fn(&RustType) -> bool, what: &str| match self.member(Some(own), name) {
            Some((place, ty)) if fits(self.input.model.resolved(&ty)) => Ok(place),
            Some((_, ty)) => Err((format!("`{name}` of `{own}` is a `{ty}`"), format!("name a member that is {what}"))),
            None => {
                let known = self.input.model.fields(own).iter().map(|field| field.wire.as_str());
                Err((format!("`{own}` has no `{name}`"), list("members", known)))
            }
        };
        let is_flag = |ty: &RustType| matches!(ty, RustType::Plain(name) if name == "bool");
        Ok(Choices {
            attribute,
            id: member(&choices.id, &|ty| is_text(ty) || is_counted(ty), "text or a whole number")?,
            title: member(&choices.title, &is_text, "text")?,
            without: choices.without.iter().map(|name| member(name, &is_flag, "true or false")).collect::<Result<_, _>>()?,
            call,
        })
    }
}

/// Whether it is a whole number, of whatever size.
fn is_counted(ty: &RustType) -> bool {
    number(ty).is_some() || ty.is_core("Number")
}

fn by_hand() -> String {
    "say `by_hand = true`: the adapter calls it".to_owned()
}
