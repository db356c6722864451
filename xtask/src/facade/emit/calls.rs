//! The primitives of a directory whose operations have a known shape.
//!
//! Input: how its operations are called, checked. Output: an implementation of `Primitives`. Knows nothing of manifests or
//! specifications.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{constant, ident, krate, literal};
use crate::facade::model::{Argument, Call, Calls, DirectoryOf, Model};

mod lists;
mod request;
mod response;

use request::plain;
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
    let reads = [users.mark_new(&record), users.read(), users.query(), users.search(), users.values_of()];
    let writes = [users.write(), users.set_active(), users.remove(), users.require_new_password()];
    let methods = reads.into_iter().chain(writes).flatten();
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
        let id = self.number(call, &quote!(id), &quote!(return Ok(None)));
        let (sent, nobody) = (self.request(call, &quote!(id)), self.nobody());
        let success = self.success(call, &quote!(self.client().core().mask())).map(|told| quote!(#told?;));
        let found = self.found(call.result.as_ref()?);
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

    fn mark_new(&self, record: &TokenStream) -> Option<TokenStream> {
        let (field, new) = self.calls.new.as_ref()?;
        let (field, new) = (ident(field), Literal::i64_unsuffixed(*new));
        Some(quote! {
            fn mark_new(&self, record: &mut #record) {
                if record.#field.as_ref().is_none() {
                    record.#field = #new.into();
                }
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
        let id = self.number(call, &quote!(write.id.as_str()), &quote!(return Err(Error::not_found(self.instance(), &write.id))));
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
                let found = self.found(result);
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
        if !self.calls.reset.is_empty() {
            let set = self.calls.reset.iter().map(|(field, value)| {
                let (field, value) = (ident(field), self.fixed(value));
                quote!(record.#field = #value.into();)
            });
            return Some(quote! {
                fn require_new_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
                    Box::pin(operations::changed(self, id, |record| { #(#set)* }))
                }
            });
        }
        let done = self.done(self.calls.of("reset_password")?);
        Some(quote! {
            fn require_new_password<'a>(&'a self, id: &'a str) -> DirectoryFuture<'a, ()> {
                Box::pin(async move { #done })
            }
        })
    }

    /// A call for the user `id` whose response has nothing that is asked for.
    fn done(&self, call: &Call) -> TokenStream {
        let id = self.number(call, &quote!(id), &quote!(return Err(Error::not_found(self.instance(), id))));
        let (sent, nobody) = (self.request(call, &quote!(id)), self.nobody());
        let reads = call.reads_first.then(|| quote!(operations::known(self, id).await?;));
        let id = quote!(#id #reads);
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
