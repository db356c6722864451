//! The client itself: its modules, with the methods of each part in them.
//!
//! Input: the document, what progenitor made of it, and the parts. Output: the text of the modules, and an outline of the
//! methods.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};
use syn::{ImplItem, Item, ItemImpl, parse_quote};

use super::{
    docs, engine,
    methods::{self, Method, Scope},
    parts::{self, Part},
    syntax::{self, type_text, unparse},
};
use crate::normalize::Problem;

/// One method of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationOutline {
    /// In the specification, such as `UpdateUser`.
    pub id: String,
    /// In Rust, such as `update_user`.
    pub name: String,
    /// What it gives, such as `types::UserEnvelope`.
    pub response: String,
    /// The body of an error response, such as `types::ErrorEnvelope`.
    pub refusal: String,
    /// The type of its request, such as `UpdateUser`.
    pub request: String,
    /// The file of the crate that it stands in.
    pub file: String,
    /// The feature that it needs, where it is not always compiled.
    pub feature: Option<String>,
}

/// The modules, each with its path, and what the methods are.
#[derive(Default)]
pub(super) struct Interface {
    pub(super) files: Vec<(String, String)>,
    pub(super) outlines: Vec<OperationOutline>,
}

/// Writes the modules of all parts.
pub(super) fn interface(
    document: &Value,
    components: &Map<String, Value>,
    made: &engine::Generated,
    parts: &[Part<'_>],
) -> Result<Interface, Vec<Problem>> {
    let rate = rate_limit(document)?;
    let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    let mut interface = Interface::default();
    let mut problems = Vec::new();
    for part in parts {
        let mut scope = Scope::new(components);
        let mut methods = Vec::new();
        for operation in &part.operations {
            match made.method(operation).and_then(|made| methods::rewrite(operation, made, &mut scope)) {
                Ok(method) => {
                    interface.outlines.push(OperationOutline {
                        id: operation.id.clone(),
                        name: operation.name.clone(),
                        response: type_text(&method.response),
                        refusal: type_text(&method.refusal),
                        request: methods::request_name(operation),
                        file: part.path("client"),
                        feature: part.feature().map(str::to_owned),
                    });
                    methods.push(method);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let head = match part.tag {
            None => whole(&scope, parts, title, rate.as_ref()),
            Some(_) => of_tag(part, &scope),
        };
        match unparse(head.above) {
            Ok(above) => interface.files.push((part.path("client"), above + &body(head.client, methods))),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(interface) } else { Err(problems) }
}

/// What stands around the methods of a module.
struct Head {
    above: TokenStream,
    client: ItemImpl,
}

/// The module that is always compiled.
fn whole(scope: &Scope<'_>, parts: &[Part<'_>], title: &str, rate: Option<&TokenStream>) -> Head {
    let head = docs::inner("One method per operation.");
    let (imports, patterns) = (scope.shorten.imports(), scope.patterns.statics(&quote!(client_core::Pattern)));
    let types = scope.shorten.types.then(|| quote!(types,));
    let modules = parts::modules(parts.iter().map(|part| (part, part.has_requests())));
    let above = quote! {
        #head
        #imports
        use super::{ClientBuilder, operations, #types};
        #modules
        #patterns
        /// The vendor's API. Cloning it is cheap, and all clones share connections and limits.
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(super) core: client_core::Client,
        }
    };
    let builder = rate.map_or_else(|| quote!(ClientBuilder(core)), |rate| quote!(ClientBuilder(core #rate)));
    let client = parse_quote! {
        impl Client {
            /// A client for the API at `base_url`.
            pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
                let core = client_core::Client::builder(base_url, operations::SCHEMES)
                    .vendor(#title)
                    .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
                #builder
            }
            /// A builder for another client with the same base URL, credentials, settings, connections and rate limit, until
            /// something else is said.
            pub fn to_builder(&self) -> ClientBuilder {
                ClientBuilder(self.core.to_builder())
            }
            /// The client beneath, for operations that are not documented.
            #[must_use]
            pub fn core(&self) -> &client_core::Client {
                &self.core
            }
        }
    };
    Head { above, client }
}

/// The module of a tag.
fn of_tag(part: &Part<'_>, scope: &Scope<'_>) -> Head {
    let head = docs::inner(&format!("One method per operation{}.", part.of()));
    let (imports, patterns) = (scope.shorten.imports(), scope.patterns.statics(&quote!(client_core::Pattern)));
    let types = scope.shorten.types.then(|| quote!(types,));
    let above = quote! {
        #head
        #imports
        use crate::generated::{Client, operations, #types};
        #patterns
    };
    Head { above, client: parse_quote!(impl Client {}) }
}

/// The methods, then the requests that they return.
fn body(mut client: ItemImpl, methods: Vec<Method>) -> String {
    let mut requests = String::new();
    for method in methods {
        client.items.push(ImplItem::Fn(method.method));
        requests.push('\n');
        requests.push_str(&method.request);
    }
    syntax::print(vec![Item::Impl(client)]) + &requests
}

fn rate_limit(document: &Value) -> Result<Option<TokenStream>, Vec<Problem>> {
    let Some(limit) = document.get("x-rate-limit") else { return Ok(None) };
    let rate = limit.get("requests-per-second").and_then(Value::as_f64).filter(|rate| *rate > 0.0);
    let burst = limit.get("burst").and_then(Value::as_u64).and_then(|burst| u32::try_from(burst).ok());
    let (Some(rate), Some(burst)) = (rate, burst) else {
        let message = format!("expected requests-per-second and burst, found {limit}");
        return Err(vec![Problem::new("/x-rate-limit", message, "write {requests-per-second: 25, burst: 50}")]);
    };
    let (rate, burst) = (Literal::f64_unsuffixed(rate), Literal::u32_unsuffixed(burst));
    Ok(Some(quote!(.rate_limit(client_core::RateLimit { per_second: #rate, burst: #burst }))))
}
