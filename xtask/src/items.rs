//! Which Rust item each node of a specification became.
//!
//! Input: a specification, its normalized copy and the client crate that was made from it. Output: paths such as
//! `crate::types::User::email` with their declarations, by JSON pointer. Names are read from the crate as it was written,
//! never made a second time. Knows nothing of documents or manifests.

use std::collections::HashMap;

use quote::ToTokens;
use serde_json::{Map, Value};
use syn::{Fields, FnArg, ImplItem, ImplItemFn, Item as Code, Pat, Type, parse_quote, visit::Visit};

use crate::{
    client::{ClientCrate, OperationOutline, print, type_text},
    nodes::{self, NodeKind, Pointer},
    normalize::walk,
};

/// A Rust item of a client crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Such as `example::types::User::email`.
    pub path: String,
    /// Its declaration, without a body.
    pub code: String,
    /// The file of the crate that it stands in.
    pub file: String,
}

/// The Rust items of a client crate, by the nodes that they were made from.
#[derive(Clone, Debug, Default)]
pub struct Items {
    by_pointer: HashMap<Pointer, Item>,
}

impl Items {
    /// Brings together a specification and the crate called `name` that was made from it.
    #[must_use]
    pub fn of(name: &str, specification: &Value, normalized: &Value, client: &ClientCrate) -> Self {
        let mut items = Finder { root: name.replace('-', "_"), client, items: Self::default() };
        items.types(normalized);
        let methods: HashMap<String, (String, ImplItemFn)> = sources(client, CLIENT)
            .flat_map(|(path, text)| functions_of(text, "Client").into_iter().map(move |method| (path, method)))
            .map(|(path, method)| (method.sig.ident.to_string(), (path.to_owned(), method)))
            .collect();
        let outlines: HashMap<&str, &OperationOutline> =
            client.operations.iter().map(|outline| (outline.id.as_str(), outline)).collect();
        let setters = |path| sources(client, path).flat_map(|(_, text)| functions(text)).collect::<Vec<_>>();
        let (builder, auth) = (setters(BUILDER), setters(AUTH));
        nodes::visit(specification, |pointer, kind, node| match kind {
            NodeKind::Operation => {
                let id = node.get("operationId").and_then(Value::as_str).unwrap_or_default();
                let outline = outlines.get(id).copied();
                if let Some((outline, (file, method))) = outline.and_then(|outline| Some((outline, methods.get(&outline.name)?)))
                {
                    items.operation(pointer, node, outline, method, file, &builder);
                }
            }
            NodeKind::SecurityScheme => {
                if let Some((_, scheme)) = pointer.split() {
                    items.setter(pointer, "Auth", AUTH, &auth, &scheme);
                }
            }
            _ => {}
        });
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
}

/// The files that hold the items, and below which those of a large vendor's tags stand.
const CLIENT: &str = "src/generated/client.rs";
const TYPES: &str = "src/generated/types.rs";
const BUILDER: &str = "src/generated/builder.rs";
const AUTH: &str = "src/generated/auth.rs";

struct Finder<'a> {
    root: String,
    client: &'a ClientCrate,
    items: Items,
}

impl Finder<'_> {
    fn add(&mut self, pointer: Pointer, path: &str, code: String, file: &str) {
        let path = format!("{}::{path}", self.root);
        self.items.by_pointer.insert(pointer, Item { path, code, file: file.to_owned() });
    }

    fn types(&mut self, normalized: &Value) {
        let declared: HashMap<String, (&str, String)> = sources(self.client, TYPES)
            .flat_map(|(path, text)| parsed(text).into_iter().map(move |item| (path, item)))
            .filter_map(|(path, item)| declaration(&item).map(|(name, code)| (name, (path, code))))
            .collect();
        let components = Pointer::default().join("components").join("schemas");
        for (name, schema) in normalized.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten() {
            let pointer = components.join(walk::text(schema, "x-wire").unwrap_or(name));
            if let Some((file, code)) = declared.get(name) {
                self.add(pointer, &format!("types::{name}"), code.clone(), file);
            }
        }
        for outline in &self.client.types {
            let properties = components.join(&outline.schema).join("properties");
            for field in &outline.fields {
                let path = format!("types::{}::{}", outline.name, field.name);
                let code = format!("pub {}: Field<{}>", field.name, field.type_name);
                self.add(properties.join(&field.wire), &path, code, &outline.file);
            }
        }
    }

    fn operation(
        &mut self,
        pointer: &Pointer,
        node: &Map<String, Value>,
        outline: &OperationOutline,
        method: &ImplItemFn,
        file: &str,
        builder: &[ImplItemFn],
    ) {
        let path = format!("Client::{}", method.sig.ident);
        self.add(pointer.clone(), &path, signature(method), file);
        let mut sent = Sent::default();
        sent.visit_impl_item_fn(method);
        let setters: Vec<ImplItemFn> =
            sources(self.client, CLIENT).flat_map(|(_, text)| functions_of(text, &outline.request)).collect();
        let parameters = node.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let pointer = pointer.join("parameters").join(&index.to_string());
            let (name, place) = (walk::text(parameter, "name").unwrap_or_default(), walk::text(parameter, "in"));
            if walk::flag(parameter, "x-client-parameter") {
                self.setter(&pointer, "ClientBuilder", BUILDER, builder, name);
            } else if let Some((_, _, argument)) = sent.0.iter().find(|(by, wire, _)| Some(by.as_str()) == place && wire == name)
            {
                let code = format!("{argument}: {}", argument_type(method, argument).unwrap_or_default());
                self.add(pointer, &format!("{path}({argument})"), code, file);
            } else {
                self.setter(&pointer, &outline.request, file, &setters, name);
            }
        }
        if let Some(body) = argument_type(method, "body") {
            self.add(pointer.join("requestBody"), &format!("{path}(body)"), format!("body: {body}"), file);
        } else if let Some(body) = setters.iter().find(|setter| setter.sig.ident == "body") {
            self.add(pointer.join("requestBody"), &format!("{}::body", outline.request), signature(body), file);
        }
        let output = format!("Result<Response<{}>, Error<{}>>", outline.response, outline.refusal);
        let responses = node.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            let outcome = if status.starts_with('2') { "Ok" } else { "Err" };
            let pointer = pointer.join("responses").join(status);
            self.add(pointer, &format!("{path} -> {outcome}"), output.clone(), file);
            let schema = response.pointer("/content/application~1json/schema");
            if let (Some(schema), "Err") = (schema.and_then(walk::component_of), outcome) {
                self.shared(schema, &outline.refusal);
            }
        }
    }

    /// Refusals of one shape share a type that has the name of none of them: the one of the operation.
    fn shared(&mut self, schema: &str, refusal: &str) {
        let pointer = Pointer::default().join("components").join("schemas").join(schema);
        let refusal = refusal.strip_prefix("types::");
        let outline = self.client.types.iter().find(|outline| Some(outline.name.as_str()) == refusal);
        let Some(outline) = outline.filter(|_| !self.items.by_pointer.contains_key(&pointer)) else { return };
        for field in &outline.fields {
            let path = format!("types::{}::{}", outline.name, field.name);
            let code = format!("pub {}: Field<{}>", field.name, field.type_name);
            self.add(pointer.join("properties").join(&field.wire), &path, code, &outline.file);
        }
        self.add(pointer, &format!("types::{}", outline.name), format!("pub struct {} {{ … }}", outline.name), &outline.file);
    }

    /// The method that names `wire` in its body.
    fn setter(&mut self, pointer: &Pointer, owner: &str, file: &str, methods: &[ImplItemFn], wire: &str) {
        let found = methods.iter().find(|method| {
            let mut literals = Literals::default();
            literals.visit_block(&method.block);
            literals.0.iter().any(|literal| literal == wire)
        });
        if let Some(method) = found {
            self.add(pointer.clone(), &format!("{owner}::{}", method.sig.ident), signature(method), file);
        }
    }
}

/// The file at `path`, and those below it: `client/contact.rs` below `client.rs`.
fn sources<'a>(client: &'a ClientCrate, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let folder = path.trim_end_matches(".rs");
    let is_one = move |known: &str| known == path || known.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    client.files.iter().filter(move |(known, _)| is_one(known)).map(|(path, text)| (path.as_str(), text.as_str()))
}

fn parsed(text: &str) -> Vec<Code> {
    syn::parse_file(text).map(|file| file.items).unwrap_or_default()
}

fn functions(text: &str) -> Vec<ImplItemFn> {
    functions_where(text, |_| true)
}

/// The methods of one type.
fn functions_of(text: &str, owner: &str) -> Vec<ImplItemFn> {
    functions_where(
        text,
        |ty| matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == owner)),
    )
}

fn functions_where(text: &str, owner: impl Fn(&Type) -> bool) -> Vec<ImplItemFn> {
    let members = parsed(text).into_iter().filter_map(|item| match item {
        Code::Impl(item) if owner(&item.self_ty) => Some(item.items),
        _ => None,
    });
    let functions = members.flatten().filter_map(|member| match member {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    functions.collect()
}

/// The name of a type and how it is declared, its members left out.
fn declaration(item: &Code) -> Option<(String, String)> {
    match item {
        Code::Struct(item) => {
            let fields = if matches!(&item.fields, Fields::Named(fields) if fields.named.is_empty()) { "{}" } else { "{ … }" };
            Some((item.ident.to_string(), format!("pub struct {} {fields}", item.ident)))
        }
        Code::Enum(item) => Some((item.ident.to_string(), format!("pub enum {} {{ … }}", item.ident))),
        Code::Type(item) => Some((item.ident.to_string(), format!("pub type {} = {}", item.ident, type_text(&item.ty)))),
        _ => None,
    }
}

/// In one line, without documentation and body.
fn signature(method: &ImplItemFn) -> String {
    let bare = ImplItemFn { attrs: Vec::new(), block: parse_quote!({}), ..method.clone() };
    let text = print(vec![parse_quote!(impl T { #bare })]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_start_matches("impl T {").trim_end_matches(['{', '}', ' ']).trim();
    text.replace("( ", "(").replace(", )", ")")
}

fn argument_type(method: &ImplItemFn, name: &str) -> Option<String> {
    method.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if matches!(&*typed.pat, Pat::Ident(pattern) if pattern.ident == name) => Some(type_text(&typed.ty)),
        _ => None,
    })
}

/// Calls such as `.query("page", &params.page)`: place, name on the wire, and what is sent.
#[derive(Default)]
struct Sent(Vec<(String, String, String)>);

impl<'ast> Visit<'ast> for Sent {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let mut arguments = call.args.iter();
        if let (Some(syn::Expr::Lit(wire)), Some(value), None) = (arguments.next(), arguments.next(), arguments.next())
            && let syn::Lit::Str(wire) = &wire.lit
        {
            let value = value.to_token_stream().to_string().replace([' ', '&'], "");
            self.0.push((call.method.to_string(), wire.value(), value));
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

#[derive(Default)]
struct Literals(Vec<String>);

impl<'ast> Visit<'ast> for Literals {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.0.push(literal.value());
    }
}
