//! The primitives of a directory whose operations have a known shape.
//!
//! Input: how its operations are called, checked. Output: an implementation of `Primitives`. Knows nothing of manifests or
//! specifications.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{constant, ident, krate, literal};
use crate::{
    facade::model::{Argument, Call, Calls, DirectoryOf, Model},
    vendor::call::{Order, Page},
};

mod request;
mod response;

use request::{number, plain};
use response::told;

/// The implementation, where an operation has a known shape.
pub(super) fn primitives(directory: &DirectoryOf<'_>) -> Option<TokenStream> {
    let DirectoryOf { model, calls, .. } = directory;
    if calls.is_empty() {
        return None;
    }
    let (vendor, krate) = (&model.name, krate(model));
    let users = Users { calls, types: quote!(::#krate::types) };
    let record = ident(&calls.record);
    let record = quote!(::#krate::types::#record);
    let name = name(directory);
    let of = directory.of.map(|of| format!(": {}", literal(of))).unwrap_or_default();
    let doc = format!(" The users of {}{of}, by the operations that have a known shape.", literal(&model.title));
    let methods = [users.read(), users.query(), users.write(), users.set_active(), users.remove(), users.require_new_password()];
    let methods = methods.into_iter().flatten();
    let assigns = calls.assigns_identifiers.then(|| {
        quote!(
            fn assigns_identifiers(&self) -> bool {
                true
            }
        )
    });
    let required =
        calls.also_required.as_ref().map(|property| quote!(fn also_required(&self) -> &[&'static str] { &[#property] }));
    let (body, sent) = (users.planned_body(), users.sent(&record));
    let documented = constant(directory);
    Some(quote! {
        #[cfg(feature = #vendor)]
        #[doc = #doc]
        pub type #name = DocumentedUsers<::#krate::Client, #record>;

        #[cfg(feature = #vendor)]
        impl #name {
            /// Takes a client that is signed in already, and what its instance can do.
            #[must_use]
            pub fn new(client: ::#krate::Client, capabilities: Capabilities) -> Self {
                Self::of(client, capabilities)
            }

            /// What the vendor documents, for the capabilities of an instance.
            #[must_use]
            pub fn documented() -> &'static Documented {
                &documented::#documented
            }
        }

        #[cfg(feature = #vendor)]
        impl Primitives for #name {
            type Record = #record;

            fn describe(&self) -> &Capabilities {
                self.described()
            }

            fn defaults(&self) -> Option<&#record> {
                self.given_defaults()
            }

            #assigns
            #required
            #(#methods)*
            #body
            #sent
        }
    })
}

/// Whether any directory has such an implementation.
pub(super) fn any(models: &[Model]) -> bool {
    models.iter().flat_map(Model::directories).any(|directory| !directory.calls.is_empty())
}

fn name(DirectoryOf { model, of, .. }: &DirectoryOf<'_>) -> Ident {
    let words = [model.name.as_str(), of.unwrap_or("users")].join(" ");
    let words = words.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let pascal = words.map(|word| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    format_ident!("{}", pascal.collect::<String>())
}

struct Users<'a> {
    calls: &'a Calls,
    types: TokenStream,
}

impl Users<'_> {
    fn read(&self) -> Option<TokenStream> {
        let call = self.calls.of("get")?;
        let id = number(call, &quote!(id), &quote!(return Ok(None)));
        let (sent, nobody) = (self.request(call, &quote!(id)), self.nobody());
        let success = self.success(call, &quote!(self.client().core().mask())).map(|told| quote!(#told?;));
        let found = self.found(call.result.as_ref()?, "a user", false);
        Some(quote! {
            fn read<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, Option<Self::Record>> {
                Box::pin(async move {
                    #id
                    match #sent.await {
                        Ok(response) => {
                            let response = response.into_body();
                            #success
                            #found.map(Some)
                        }
                        Err(error) => operations::nobody(self, #nobody, id, error).await,
                    }
                })
            }
        })
    }

    fn query(&self) -> Option<TokenStream> {
        let call = self.calls.of("list")?;
        let sent = self.request(call, &quote!(id));
        let success = self.success(call, &quote!(self.client().core().mask())).map(|told| quote!(#told?;));
        let found = self.found(call.result.as_ref()?, "a list of users", true);
        let order = call.order.as_ref().map(
            |Order { ascending, descending, .. }| quote!(let order = operations::order(self, query, #ascending, #descending);),
        );
        let is_ordered = if call.order.is_some() { quote!(order.is_some()) } else { quote!(false) };
        let is_sized = call.page.as_ref().is_some_and(|page| page.size.is_some());
        let (part, page) = match &call.page {
            Some(Page { skip: None, first, most, .. }) => {
                let (first, most) = (Literal::i32_unsuffixed(*first), Literal::i32_unsuffixed(*most));
                (
                    quote!(let part = operations::Part::numbered(self, query, #first, #most)?;),
                    quote!(part.page(query, users, #is_ordered, #is_sized)),
                )
            }
            Some(Page { most, .. }) => {
                let most = Literal::i32_unsuffixed(*most);
                (
                    quote!(let part = operations::Part::skipped(self, query, #most)?;),
                    quote!(part.page(query, users, #is_ordered, #is_sized)),
                )
            }
            None => (quote!(), quote!(operations::whole(query, users, #is_ordered))),
        };
        Some(quote! {
            fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<Self::Record>> {
                Box::pin(async move {
                    #part
                    #order
                    let response = #sent.await.map_err(|error| Error::call(self.instance(), error))?.into_body();
                    #success
                    let users = #found?;
                    Ok(#page)
                })
            }

            fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Self::Record>> {
                operations::page(self, position)
            }
        })
    }

    fn write(&self) -> Option<TokenStream> {
        let arms = grouped(WRITES.into_iter().filter_map(|verb| Some((verb, self.writes(verb)?))));
        if arms.is_empty() {
            return None;
        }
        Some(quote! {
            fn write<'a>(&'a self, write: &'a Write<Self::Record>) -> DirectoryFuture<'a, Option<Self::Record>> {
                Box::pin(async move {
                    match write.verb {
                        #(#arms)*
                        verb => Err(Error::unsupported(self.described(), verb).about(&write.id)),
                    }
                })
            }
        })
    }

    fn writes(&self, verb: &str) -> Option<TokenStream> {
        let call = self.calls.of(verb)?;
        let id = number(call, &quote!(write.id.as_str()), &quote!(return Err(Error::not_found(self.instance(), &write.id))));
        let sent = self.request(call, &quote!(write.id.as_str()));
        let told = match &call.exists {
            Some(exists) => {
                let exists = told(exists);
                quote!(self.exists(&#exists, error))
            }
            None if verb == "create" => quote!(Error::call(self.instance(), error)),
            None => {
                let nobody = self.nobody();
                quote!(self.failed(#nobody, &write.id, error))
            }
        };
        let rest = match &call.result {
            Some(result) => {
                let success = self.success(call, &quote!(self.client().core().mask().with(&write.record)));
                let found = self.found(result, "a user", false);
                let saved = match &success {
                    Some(success) => quote!(let told = #success; let saved = told.and_then(|()| #found);),
                    None => quote!(let saved = #found;),
                };
                quote! {
                    let response = response.into_body();
                    #saved
                    saved.map(Some).map_err(|error| error.with_may_have_arrived(true))
                }
            }
            None => quote! { drop(response); Ok(None) },
        };
        Some(quote! {
            {
                #id
                let response = #sent.await.map_err(|error| #told)?;
                #rest
            }
        })
    }

    fn set_active(&self) -> Option<TokenStream> {
        self.calls.of("enable").or(self.calls.of("disable"))?;
        let arm = |verb: &str| {
            let name = super::verb_name(verb);
            self.calls
                .of(verb)
                .map_or_else(|| quote!(Err(Error::unsupported(self.described(), Verb::#name).about(id))), |call| self.done(call))
        };
        let (enable, disable) = (arm("enable"), arm("disable"));
        Some(quote! {
            fn set_active<'a>(&'a self, id: &'a str, active: bool) -> DirectoryFuture<'a, ()> {
                Box::pin(async move {
                    if active { #enable } else { #disable }
                })
            }
        })
    }

    fn remove(&self) -> Option<TokenStream> {
        let done = self.done(self.calls.of("delete")?);
        Some(quote! {
            fn remove<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
                Box::pin(async move { #done })
            }
        })
    }

    fn require_new_password(&self) -> Option<TokenStream> {
        let done = self.done(self.calls.of("reset_password")?);
        Some(quote! {
            fn require_new_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
                Box::pin(async move { #done })
            }
        })
    }

    /// A call for the user `id` whose response has nothing that is asked for.
    fn done(&self, call: &Call) -> TokenStream {
        let id = number(call, &quote!(id), &quote!(return Err(Error::not_found(self.instance(), id))));
        let (sent, nobody) = (self.request(call, &quote!(id)), self.nobody());
        if call.success.is_empty() {
            return quote! { #id #sent.await.map(drop).map_err(|error| self.failed(#nobody, id, error)) };
        }
        let success = self.success(call, &quote!(self.client().core().mask())).map(|told| quote!(#told?;));
        quote! {
            #id
            let response = #sent.await.map_err(|error| self.failed(#nobody, id, error))?.into_body();
            #success
            Ok(())
        }
    }

    /// The body of a planned request, where the record is a member of it.
    fn planned_body(&self) -> Option<TokenStream> {
        let mut arms = Vec::new();
        for verb in WRITES {
            let Some(call) = self.calls.of(verb) else { continue };
            let bodies = call.arguments.iter().chain(call.setters.iter().map(|(_, value)| value));
            let members =
                bodies.filter_map(|value| if let Argument::Body { members, .. } = value { Some(members) } else { None });
            let members = members.flatten().map(|(_, wire, value)| match value {
                Argument::Constant { value, .. } => {
                    let value = plain(value);
                    quote!(#wire: #value)
                }
                _ => quote!(#wire: record),
            });
            let members: Vec<TokenStream> = members.collect();
            if !members.is_empty() {
                arms.push((verb, quote!(json!({ #(#members),* }),)));
            }
        }
        let arms = grouped(arms.into_iter());
        if arms.is_empty() {
            return None;
        }
        Some(quote! {
            fn body(&self, verb: Verb, records: Vec<Json>) -> Json {
                let record = records.into_iter().next();
                match verb {
                    #(#arms)*
                    _ => record.unwrap_or_default(),
                }
            }
        })
    }

    /// What a partial update takes.
    fn sent(&self, record: &TokenStream) -> Option<TokenStream> {
        let partial = self.calls.by_verb.iter().filter(|(_, call)| call.partial);
        let verbs: Vec<Ident> = partial.map(|(verb, _)| super::verb_name(verb)).collect();
        if verbs.is_empty() {
            return None;
        }
        Some(quote! {
            fn sent(&self, write: &Write<#record>) -> #record {
                if matches!(write.verb, #(Verb::#verbs)|*) { operations::changes(write) } else { write.record.clone() }
            }
        })
    }

    fn nobody(&self) -> TokenStream {
        match &self.calls.nobody {
            Some(nobody) => {
                let nobody = told(nobody);
                quote!(Some(&#nobody))
            }
            None => quote!(None),
        }
    }
}

/// The verbs that send a record.
const WRITES: [&str; 3] = ["create", "update", "save"];

/// Arms of a match over verbs; those that do the same are one.
fn grouped(arms: impl Iterator<Item = (&'static str, TokenStream)>) -> Vec<TokenStream> {
    let mut groups: Vec<(Vec<Ident>, TokenStream)> = Vec::new();
    for (verb, body) in arms {
        let verb = super::verb_name(verb);
        match groups.iter_mut().find(|(_, known)| known.to_string() == body.to_string()) {
            Some((verbs, _)) => verbs.push(verb),
            None => groups.push((vec![verb], body)),
        }
    }
    groups.into_iter().map(|(verbs, body)| quote!(#(Verb::#verbs)|* => #body)).collect()
}
