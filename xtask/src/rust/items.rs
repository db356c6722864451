//! Which Rust item each node of a specification became.
//!
//! Input: the model of a client crate. Output: paths such as `crate::types::User::email` with their declarations, by JSON
//! pointer. Knows nothing of documents or manifests.

use std::collections::HashMap;

use super::{
    model::{Body, ClientParameter, Model, Operation, Parameter, Scheme, SchemeKind, Type, TypeKind},
    types::RustType,
};
use crate::{nodes::Pointer, normalize::Rule};

/// A Rust item of a client crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Such as `example::types::User::email`.
    pub path: String,
    /// Its declaration, without a body.
    pub code: String,
    /// The file of the crate that it stands in.
    pub file: String,
    /// What made it so, from the specification on.
    pub rules: Vec<Rule>,
}

/// The Rust items of a client crate, by the nodes that they were made from.
#[derive(Clone, Debug, Default)]
pub struct Items {
    by_pointer: HashMap<Pointer, Item>,
}

impl Items {
    /// The items of a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let mut items = Finder { model, root: model.vendor.replace('-', "_"), items: Self::default() };
        model.types.values().for_each(|ty| items.ty(ty));
        model.operations.iter().for_each(|operation| items.operation(operation));
        model.schemes.iter().for_each(|scheme| items.scheme(scheme));
        items.items
    }

    /// What the node at `pointer` became.
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<&Item> {
        self.by_pointer.get(pointer)
    }

    /// What the node at `pointer`, or else the nearest one around it, became.
    #[must_use]
    pub fn around(&self, pointer: &Pointer) -> Option<&Item> {
        let mut pointer = pointer.clone();
        loop {
            if let Some(item) = self.at(&pointer) {
                return Some(item);
            }
            pointer = pointer.split()?.0;
        }
    }

    /// All of them with what they were made from.
    pub fn iter(&self) -> impl Iterator<Item = (&Pointer, &Item)> {
        self.by_pointer.iter()
    }
}

struct Finder<'a> {
    model: &'a Model,
    root: String,
    items: Items,
}

impl Finder<'_> {
    /// Adds an item; the first one at a place counts.
    fn add(&mut self, pointer: Pointer, path: &str, code: String, file: &str, rules: &[Rule]) {
        let item = || Item { path: format!("{}::{path}", self.root), code, file: file.to_owned(), rules: rules.to_vec() };
        self.items.by_pointer.entry(pointer).or_insert_with(item);
    }

    fn ty(&mut self, ty: &Type) {
        let file = self.model.file("types", ty.feature);
        let name = &ty.name;
        let code = match &ty.kind {
            TypeKind::Structure { .. } => format!("pub struct {name} {{ … }}"),
            TypeKind::Enumeration { .. } => format!("pub enum {name} {{ … }}"),
            TypeKind::Alias { target, .. } => format!("pub type {name} = {target}"),
        };
        for pointer in std::iter::once(&ty.pointer).chain(&ty.also) {
            self.add(pointer.clone(), &format!("types::{name}"), code.clone(), &file, &ty.rules);
        }
        for field in self.model.fields(name) {
            let path = format!("types::{name}::{}", field.name);
            let code = format!("pub {}: Field<{}>", field.name, field.ty);
            for other in &ty.also {
                self.add(other.join("properties").join(&field.wire), &path, code.clone(), &file, &field.rules);
            }
            self.add(field.pointer.clone(), &path, code, &file, &field.rules);
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let file = self.model.file("client", operation.feature);
        let path = format!("Client::{}", operation.name);
        self.add(operation.pointer.clone(), &path, signature(operation), &file, &operation.rules);
        for parameter in &operation.client_parameters {
            self.client_parameter(parameter);
        }
        for parameter in &operation.parameters {
            let Parameter { name, argument, ty, rules, .. } = parameter;
            let ty = ty.text("types::");
            let (path, code) = if parameter.is_argument() {
                (format!("{path}({name})"), format!("{argument}: {ty}"))
            } else {
                (format!("{}::{name}", operation.request), format!("pub fn {name}(self, {argument}: {ty}) -> Self"))
            };
            self.add(parameter.pointer.clone(), &path, code, &file, rules);
        }
        if let Some(Body { ty, setter, .. }) = &operation.body {
            let ty = lively(ty);
            let (path, code) = match setter {
                None => (format!("{path}(body)"), format!("body: {ty}")),
                Some(setter) => {
                    (format!("{}::{setter}", operation.request), format!("pub fn {setter}(self, body: {ty}) -> Self"))
                }
            };
            self.add(operation.pointer.join("requestBody"), &path, code, &file, &[]);
        }
        let output =
            format!("Result<Response<{}>, Error<{}>>", operation.response.text("types::"), operation.error.text("types::"));
        for status in &operation.statuses {
            let outcome = if status.starts_with('2') { "Ok" } else { "Err" };
            let pointer = operation.pointer.join("responses").join(status);
            self.add(pointer, &format!("{path} -> {outcome}"), output.clone(), &file, &[]);
        }
    }

    fn client_parameter(&mut self, parameter: &ClientParameter) {
        let kind = if parameter.secret { "Secret" } else { "String" };
        let code = format!("pub fn {}(self, value: impl Into<{kind}>) -> Self", parameter.setter);
        let path = format!("ClientBuilder::{}", parameter.setter);
        self.add(parameter.pointer.clone(), &path, code, "src/generated/builder.rs", &[]);
    }

    fn scheme(&mut self, scheme: &Scheme) {
        let arguments = match scheme.kind {
            SchemeKind::Basic => "user: impl Into<String>, password: impl Into<Secret>",
            SchemeKind::Bearer => "token: impl Into<Secret>",
            SchemeKind::Header { .. } | SchemeKind::Query { .. } => "key: impl Into<Secret>",
        };
        let code = format!("pub fn {}(self, {arguments}) -> Self", scheme.setter);
        self.add(scheme.pointer.clone(), &format!("Auth::{}", scheme.setter), code, "src/generated/auth.rs", &[]);
    }
}

/// The method in one line.
fn signature(operation: &Operation) -> String {
    let body = operation.body.as_ref().filter(|body| body.required);
    let mut arguments = vec![if body.is_some() { "&'a self".to_owned() } else { "&self".to_owned() }];
    let needed = operation.parameters.iter().filter(|parameter| parameter.is_argument());
    arguments.extend(needed.map(|parameter| format!("{}: {}", parameter.name, parameter.ty.text("types::"))));
    arguments.extend(body.map(|body| format!("body: {}", lively(&body.ty))));
    let (declared, lifetime) = if body.is_some() { ("<'a>", "'a") } else { ("", "'_") };
    format!("pub fn {}{declared}({}) -> {}<{lifetime}>", operation.name, arguments.join(", "), operation.request)
}

/// A borrowed body lives as long as the request does.
fn lively(ty: &RustType) -> String {
    let text = ty.text("types::");
    text.strip_prefix('&').map_or_else(|| text.clone(), |rest| format!("&'a {rest}"))
}
