//! Whether the operation of a verb has a known shape: every value that it demands is one that the directory has, and its
//! response has the user.
//!
//! Input: an entry of `[directory]`, and the operation's method in the client. Output: how it is called, or a diagnostic in
//! `vendor.toml` that says what is not known of it.

use toml::Spanned;

use super::{Fit, list};
use crate::{
    facade::model::{Argument, Call, Calls, Place, Reply, Success, UserType},
    rust::{
        RustType,
        model::{Field, Operation, TypeKind},
    },
    vendor::{
        call::{self, Constant},
        directory::{Directory, Entry},
    },
};

/// How deep a response is searched for a user, to say where it is.
const DEPTH: usize = 3;

/// Verbs whose response may have the user.
const WRITES: [&str; 3] = ["create", "save", "update"];

/// Verbs that have a known shape at all.
const KNOWN: [&str; 10] = ["get", "list", "find", "create", "save", "update", "enable", "disable", "delete", "reset_password"];

/// Verbs whose response is not searched for one user that is named.
const OF_MANY: [&str; 3] = ["list", "find", "choices"];

/// What does not fit, and what to do about it.
pub(super) type Misfit = (String, String);

/// A directory whose operations are looked at.
pub(super) struct Shapes<'a> {
    pub(super) operation: &'a Operation,
    pub(super) verb: &'static str,
    pub(super) entry: &'a call::Call,
    pub(super) record: &'a str,
}

impl Fit<'_> {
    /// How the operations of a directory are called that have a known shape.
    pub(super) fn calls(&mut self, directory: &Directory, users: &[UserType]) -> Calls {
        let Some(user) = users.iter().find(|user| user.schema == *directory.schema.get_ref()) else { return Calls::default() };
        let mut by_verb = Vec::new();
        let mut also_required = None;
        for (verb, entry) in directory.verbs().into_iter().filter_map(|(verb, entry)| Some((verb, entry?))) {
            let Entry { operations, call, .. } = entry.get_ref();
            // Without a key, nothing says what a search takes: the adapter calls it.
            if verb == "find" && *call == call::Call::default() {
                continue;
            }
            if !KNOWN.contains(&verb) && !call.by_hand && *call != call::Call::default() {
                let help = "leave out what says how it is called; the adapter calls it".to_owned();
                self.problem(entry, format!("operations for `{verb}` have no known shape"), help);
            }
            if verb != "reset_password" && !call.set.is_empty() {
                let help = "map the property in `[user]`, so that a draft or a flag sets it".to_owned();
                self.problem(entry, format!("`set` is for `reset_password`, not for `{verb}`"), help);
            }
            let ([id], false, true) = (operations.as_slice(), call.by_hand, KNOWN.contains(&verb)) else { continue };
            // One that is not there was told already.
            let Some(operation) = self.input.model.operations.iter().find(|operation| operation.id == *id) else { continue };
            let shapes = Shapes { operation, verb, entry: call, record: &user.rust };
            match self.call(&shapes, directory) {
                Ok(call) => {
                    let takes_id = |argument: &Argument| matches!(argument, Argument::Id { .. });
                    if verb == "find" {
                        self.refuse_unknown_keys(user, entry);
                    }
                    if matches!(verb, "create" | "save") && call.arguments.iter().any(takes_id) {
                        also_required = user.identifier().filter(|property| !user.required.contains(property));
                    }
                    by_verb.push((verb.to_owned(), call));
                }
                Err((message, help)) => self.problem(entry, message, help),
            }
        }
        Calls {
            record: user.rust.clone(),
            nobody: directory.nobody.as_ref().map(|told| told.get_ref().clone()),
            unread: directory.unread.iter().filter_map(|name| self.unread(user, name)).collect(),
            assigns_identifiers: directory.assigns_identifiers,
            also_required,
            new: directory.new.as_ref().and_then(|new| self.new_identifier(user, new)),
            reset: self.reset(directory, user),
            choices: self.choices(directory, user),
            by_verb,
        }
    }

    /// What is set in the record of a user who has to choose a new password.
    fn reset(&mut self, directory: &Directory, user: &UserType) -> Vec<(String, Argument)> {
        let Some(entry) = &directory.reset_password else { return Vec::new() };
        let mut set = Vec::new();
        for (property, constant) in &entry.get_ref().call.set {
            let fields = self.input.model.fields(&user.rust);
            let Some(field) = fields.iter().find(|field| field.wire == *property) else {
                let known = list("properties", fields.iter().map(|field| field.wire.as_str()));
                self.problem(entry, format!("there is no property `{property}`"), known);
                continue;
            };
            match self.constant(self.input.model.resolved(&field.ty), property, constant.clone()) {
                Ok(value) => set.push((field.name.clone(), value)),
                Err((message, help)) => self.problem(entry, message, help),
            }
        }
        set
    }

    fn unread(&mut self, user: &UserType, name: &Spanned<String>) -> Option<String> {
        let found = user.fields.iter().find(|(_, wire)| wire == name.get_ref());
        if found.is_none() {
            let known = user.fields.iter().map(|(_, wire)| wire.as_str());
            self.problem(name, format!("there is no property `{}`", name.get_ref()), list("properties", known));
        }
        found.map(|(field, _)| field.clone())
    }

    pub(super) fn call(&self, shapes: &Shapes<'_>, directory: &Directory) -> Result<Call, Misfit> {
        let Shapes { operation, verb, entry, .. } = shapes;
        let mut open = entry.with.clone();
        let (mut arguments, mut setters) = (Vec::new(), Vec::new());
        let id = self.id_parameter(shapes)?;
        for parameter in &operation.parameters {
            let wire = parameter.wire.as_str();
            let page = entry.page.as_ref();
            let is = |named: Option<&String>| named.is_some_and(|named| named == wire);
            let value = if id == Some(wire) {
                Argument::Id { number: number(&parameter.ty) }
            } else if let Some(constant) = open.shift_remove(wire) {
                self.constant(&parameter.ty, wire, constant)?
            } else if page.is_some_and(|page| is(page.number.as_ref().or(page.skip.as_ref()))) {
                Argument::Position(self.counted(&parameter.ty, wire)?)
            } else if page.is_some_and(|page| is(page.size.as_ref())) {
                Argument::Size(self.counted(&parameter.ty, wire)?)
            } else if page.is_some_and(|page| is(page.cursor.as_ref())) {
                self.cursor(&parameter.ty, wire, parameter.is_argument())?
            } else if let Some(key) = self.sought(entry, &parameter.ty, wire, parameter.is_argument())? {
                key
            } else if is(entry.order.as_ref().map(|order| &order.parameter)) {
                Argument::Order
            } else if parameter.is_argument() {
                return Err((
                    format!("`{}` demands `{wire}`, and nothing says what `{verb}` gives it", operation.id),
                    format!("say `id = \"{wire}\"` or `with = {{ {wire} = … }}`{BY_HAND}"),
                ));
            } else {
                continue;
            };
            if parameter.is_argument() { arguments.push(value) } else { setters.push((parameter.name.clone(), value)) }
        }
        for named in entry.page.iter().flat_map(|page| [&page.number, &page.skip, &page.size, &page.cursor]).flatten() {
            self.parameter(operation, named)?;
        }
        for named in entry.by.values() {
            self.parameter_or_member(operation, named)?;
        }
        if let Some(order) = &entry.order {
            self.parameter(operation, &order.parameter)?;
        }
        if let Some(body) = &operation.body {
            let value = self.body(shapes, &body.ty, &mut open)?;
            match &body.setter {
                Some(setter) => setters.push((setter.clone(), value)),
                None => arguments.push(value),
            }
        }
        if let Some(name) = open.keys().next() {
            return Err(self.unknown(operation, name));
        }
        // A response without a body has no members.
        let told = directory.success.iter().filter(|_| operation.response != RustType::Unit);
        let success = told.map(|(path, words)| self.success(operation, path.get_ref(), words));
        Ok(Call {
            method: operation.name.clone(),
            arguments,
            setters,
            result: self.result(shapes)?,
            next: self.next(operation, entry.page.as_ref())?,
            case: entry.case,
            reads_first: entry.reads_first,
            success: success.collect::<Result<_, _>>()?,
            page: entry.page.clone(),
            order: entry.order.clone(),
            exists: entry.exists.clone(),
            partial: entry.partial,
        })
    }

    /// The parameter that takes the identifier, where one does: the one that is named, or the only one that is demanded.
    fn id_parameter<'a>(&self, Shapes { operation, entry, verb, .. }: &Shapes<'a>) -> Result<Option<&'a str>, Misfit> {
        let demanded = || operation.parameters.iter().filter(|parameter| parameter.is_argument());
        if let Some(named) = &entry.id {
            if let Some(parameter) = operation.parameters.iter().find(|parameter| parameter.wire == *named) {
                return Ok(Some(&parameter.wire));
            }
            return self.parameter_or_member(operation, named).map(|()| None);
        }
        let open: Vec<_> = demanded().filter(|parameter| !entry.with.contains_key(&parameter.wire)).collect();
        match open.as_slice() {
            [only] if !OF_MANY.contains(verb) => Ok(Some(&only.wire)),
            _ => Ok(None),
        }
    }

    /// What goes into the body.
    fn body(
        &self,
        Shapes { operation, verb, entry, record }: &Shapes<'_>,
        ty: &RustType,
        open: &mut indexmap::IndexMap<String, Constant>,
    ) -> Result<Argument, Misfit> {
        let own = self.input.model.resolved(referred(ty)).own();
        let writes = WRITES.contains(verb);
        if writes && entry.body.is_none() && own == Some(record) {
            return Ok(Argument::Record);
        }
        let fields = own.map(|own| self.input.model.fields(own)).unwrap_or_default();
        let mut members = Vec::new();
        for field in fields {
            let inner = self.input.model.resolved(&field.ty);
            let value = if entry.body.as_ref() == Some(&field.wire) && inner.own() == Some(record) {
                Argument::Record
            } else if entry.id.as_ref() == Some(&field.wire) {
                Argument::Id { number: number(inner) }
            } else if let Some(key) = self.sought(entry, inner, &field.wire, field.facts.required)? {
                key
            } else if let Some(constant) = open.shift_remove(&field.wire) {
                self.constant(inner, &field.wire, constant)?
            } else if field.facts.required {
                let help = format!("say `body = \"{0}\"`, `id = \"{0}\"` or `with = {{ {0} = … }}`{BY_HAND}", field.wire);
                return Err((
                    format!("`{}` demands `{}` in its body, and nothing says its value", operation.id, field.wire),
                    help,
                ));
            } else {
                continue;
            };
            members.push((field.name.clone(), field.wire.clone(), value));
        }
        let has_record = members.iter().any(|(.., value)| matches!(value, Argument::Record));
        let Some(own) = own.filter(|_| has_record || !writes) else {
            let is_it = |field: &&Field| self.input.model.resolved(&field.ty).own() == Some(record);
            let help = match fields.iter().find(is_it) {
                Some(field) => format!("say `body = \"{}\"`", field.wire),
                None => format!("say `body`, the member that is a `{record}`{BY_HAND}"),
            };
            return Err((format!("the body of `{}` is no `{record}`", operation.id), help));
        };
        Ok(Argument::Body { ty: own.to_owned(), members })
    }

    fn constant(&self, ty: &RustType, name: &str, constant: Constant) -> Result<Argument, Misfit> {
        let ty = self.input.model.resolved(referred(ty));
        let known = ty.own().and_then(|own| self.input.model.types.get(own)).map(|ty| &ty.kind);
        let of = match (&constant, ty, known) {
            (Constant::Flag(_), RustType::Plain(plain), _) if plain == "bool" => None,
            (Constant::Number(_), ty, _) if number(ty).is_some() => number(ty),
            (Constant::Text(_), ty, _) if is_text(ty) => None,
            (Constant::Text(_), RustType::Own(own), Some(TypeKind::Enumeration { .. })) => Some(own.clone()),
            _ => return Err((format!("`{name}` takes a `{ty}`"), "give it a value of that type".to_owned())),
        };
        Ok(Argument::Constant { value: constant, ty: of })
    }

    /// The type of a parameter that counts.
    fn counted(&self, ty: &RustType, name: &str) -> Result<String, Misfit> {
        let ty = self.input.model.resolved(referred(ty));
        number(ty).ok_or_else(|| (format!("`{name}` takes a `{ty}`"), "name a parameter that takes a whole number".to_owned()))
    }

    /// The way to the user in the response.
    fn result(&self, Shapes { operation, verb, entry, record }: &Shapes<'_>) -> Result<Option<Reply>, Misfit> {
        let writes = WRITES.contains(verb);
        if !writes && !matches!(*verb, "get" | "list" | "find") {
            return Ok(None);
        }
        let (ty, fields, member) = self.within(operation, entry.result.as_deref())?;
        // A search may find one user, or several.
        let is_list = *verb == "list" || (*verb == "find" && ty.own() != Some(record));
        let user = if is_list && ty.is_core("List") { ty.element().map(|ty| self.input.model.resolved(ty)) } else { Some(&ty) };
        let own = user.and_then(RustType::own).filter(|_| is_list == ty.is_core("List"));
        let is_record = own == Some(record);
        let converted =
            own.is_some_and(|own| crate::emit::converted(self.input.model).iter().any(|(from, to)| from == own && to == record));
        if is_record || converted {
            return Ok(Some(Reply { fields, member, converted: !is_record, list: is_list }));
        }
        let mut places = Vec::new();
        self.places(&operation.response, record, is_list, &mut Vec::new(), &mut places);
        if entry.result.is_none() && writes && places.is_empty() {
            return Ok(None);
        }
        let what = if is_list { "list of users" } else { "user" };
        let at = entry.result.as_ref().map_or_else(String::new, |path| format!(" at `{path}`"));
        let help = match places.as_slice() {
            [] => format!("say which member is, by `result`{BY_HAND}"),
            places => format!("did you mean `result = \"{}\"`?", places.join("\"` or `\"")),
        };
        Err((format!("the response of `{}` is no {what}{at}", operation.id), help))
    }

    /// Where users stand in a type.
    fn places(&self, ty: &RustType, record: &str, is_list: bool, above: &mut Vec<String>, found: &mut Vec<String>) {
        let ty = self.input.model.resolved(ty);
        let user = if is_list { ty.element().filter(|_| ty.is_core("List")) } else { Some(ty) };
        if user.is_some_and(|user| self.input.model.resolved(user).own() == Some(record)) {
            found.push(above.join("/"));
        } else if let Some(own) = ty.own().filter(|_| above.len() < DEPTH) {
            for field in self.input.model.fields(own) {
                above.push(field.wire.clone());
                self.places(&field.ty, record, is_list, above, found);
                above.pop();
            }
        }
    }

    /// The type that stands at a path in the response, the fields on the way, and what the last one is called on the wire.
    pub(super) fn within(
        &self,
        operation: &'_ Operation,
        path: Option<&str>,
    ) -> Result<(RustType, Vec<String>, Option<String>), Misfit> {
        let path: Vec<&str> = path.iter().flat_map(|path| path.split('/')).collect();
        let mut ty = self.input.model.resolved(&operation.response);
        let mut fields = Vec::new();
        for step in &path {
            let field = ty.own().and_then(|own| self.input.model.fields(own).iter().find(|field| field.wire == *step));
            let Some(field) = field else {
                let known = ty.own().map(|own| self.input.model.fields(own)).unwrap_or_default();
                let help = list("members", known.iter().map(|field| field.wire.as_str()));
                return Err((format!("the response of `{}` has no `{step}` there", operation.id), help));
            };
            ty = self.input.model.resolved(&field.ty);
            fields.push(field.name.clone());
        }
        Ok((ty.clone(), fields, path.last().map(|step| (*step).to_owned())))
    }

    fn success(&self, operation: &Operation, path: &str, words: &[String]) -> Result<Success, Misfit> {
        let steps: Vec<String> = path.split('/').map(str::to_owned).collect();
        let fields = operation.response.own().map(|own| self.input.model.fields_at(own, &steps)).unwrap_or_default();
        let (Some((last, above)), Some(member)) = (fields.split_last(), steps.last()) else {
            let help = "leave it out of `success`, or say `by_hand = true`".to_owned();
            return Err((format!("the response of `{}` has no `{path}`", operation.id), help));
        };
        let place = Place {
            objects: above.iter().map(|field| field.name.clone()).collect(),
            field: last.name.clone(),
            nullable: last.facts.nullable,
        };
        Ok(Success { place, member: member.clone(), words: words.to_vec() })
    }

    fn parameter(&self, operation: &Operation, name: &str) -> Result<(), Misfit> {
        let is_there = operation.parameters.iter().any(|parameter| parameter.wire == name);
        if is_there { Ok(()) } else { Err(self.unknown(operation, name)) }
    }

    fn parameter_or_member(&self, operation: &Operation, name: &str) -> Result<(), Misfit> {
        let in_body = operation.body.as_ref().and_then(|body| body.ty.own()).map(|ty| self.input.model.fields(ty));
        let is_member = in_body.into_iter().flatten().any(|field| field.wire == name);
        if is_member { Ok(()) } else { self.parameter(operation, name) }
    }

    fn unknown(&self, operation: &Operation, name: &str) -> Misfit {
        let body = operation.body.as_ref().and_then(|body| body.ty.own()).map(|own| self.input.model.fields(own));
        let members = body.into_iter().flatten().map(|field| field.wire.as_str());
        let known: Vec<&str> = operation.parameters.iter().map(|parameter| parameter.wire.as_str()).chain(members).collect();
        (format!("`{}` has no `{name}`", operation.id), list("parameters and members of the body", known.into_iter()))
    }
}

pub(super) const BY_HAND: &str = ", or `by_hand = true` where the adapter calls it";

pub(super) fn referred(ty: &RustType) -> &RustType {
    match ty {
        RustType::Reference(inner) => inner,
        ty => ty,
    }
}

pub(super) fn is_text(ty: &RustType) -> bool {
    match referred(ty) {
        RustType::Plain(name) => name == "str",
        RustType::Prelude(name, _) => name == "String",
        _ => false,
    }
}

/// The name of a whole number's type.
pub(super) fn number(ty: &RustType) -> Option<String> {
    match referred(ty) {
        RustType::Plain(name) if matches!(name.as_str(), "i32" | "i64") => Some(name.clone()),
        _ => None,
    }
}
