//! The client itself: its modules, with the methods of each part in them.
//!
//! Input: the model and its parts. Output: the text of the modules.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{ImplItem, Item, ItemImpl, parse_quote};

use super::{
    docs,
    methods::{self, Method, Scope},
    parts::{self, Part},
    syntax::{self, unparse},
};
use crate::{
    normalize::Problem,
    parallel,
    rust::model::{Model, RateLimit},
};

/// The text of the modules.
pub(super) struct Interface {
    /// Each with its path.
    pub(super) files: Vec<(String, String)>,
    /// The code blocks in their comments.
    pub(super) examples: Vec<String>,
}

/// Writes the modules of all parts.
pub(super) fn interface(model: &Model, parts: &[Part<'_>]) -> Result<Interface, Problem> {
    let made = parallel::map(parts, |part| {
        let mut scope = Scope::default();
        let methods = part.operations.iter().map(|operation| methods::method(model, operation, &mut scope));
        let mut methods = methods.collect::<Result<Vec<_>, _>>()?;
        let examples: Vec<String> = methods.iter_mut().map(|method| std::mem::take(&mut method.example)).collect();
        let head = match part.feature {
            None => whole(&scope, parts, model),
            Some(_) => of_tag(part, &scope),
        };
        Ok::<_, Problem>(((part.path("client"), unparse(head.above)? + &body(head.client, methods)), examples))
    });
    let made = made.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (files, examples): (_, Vec<_>) = made.into_iter().unzip();
    Ok(Interface { files, examples: examples.concat() })
}

/// What stands around the methods of a module.
struct Head {
    above: TokenStream,
    client: ItemImpl,
}

/// The module that is always compiled.
fn whole(scope: &Scope, parts: &[Part<'_>], model: &Model) -> Head {
    let title = &model.title;
    let head = docs::inner("One method per operation.");
    let (imports, patterns) = (scope.shorten.imports(), scope.patterns.statics(&quote!(client_core::codegen::Pattern)));
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
            pub(super) core: client_core::codegen::Client,
        }
    };
    let rate = model.rate_limit.as_ref().map(rate_limit);
    let builder = quote!(ClientBuilder(core #rate));
    let client = parse_quote! {
        impl Client {
            /// Returns a builder of a client for the API at `base_url`.
            pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
                let core = client_core::codegen::Client::builder(base_url, operations::SCHEMES)
                    .vendor(#title)
                    .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
                #builder
            }
            /// Returns a builder for another client with the same base URL, credentials, settings, connections and rate limit, until
            /// something else is said.
            pub fn to_builder(&self) -> ClientBuilder {
                ClientBuilder(self.core.to_builder())
            }
            /// Returns the client beneath, for operations that are not documented.
            #[must_use]
            pub fn core(&self) -> &client_core::codegen::Client {
                &self.core
            }
        }
    };
    Head { above, client }
}

/// The module of a tag.
fn of_tag(part: &Part<'_>, scope: &Scope) -> Head {
    let head = docs::inner(&format!("One method per operation{}.", part.of()));
    let (imports, patterns) = (scope.shorten.imports(), scope.patterns.statics(&quote!(client_core::codegen::Pattern)));
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

fn rate_limit(limit: &RateLimit) -> TokenStream {
    let (rate, burst) = (Literal::f64_unsuffixed(limit.per_second), Literal::u32_unsuffixed(limit.burst));
    quote!(.rate_limit(client_core::codegen::RateLimit { per_second: #rate, burst: #burst }))
}
