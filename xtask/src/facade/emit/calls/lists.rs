//! Lists: the pages of all users, a search by keys, and the values that an attribute may have.
//!
//! Input: a call. Output: methods of `Primitives`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    Users,
    response::{expected, next, read, taken},
};
use crate::{
    facade::{
        emit::{variant, verb_name},
        model::{Argument, Call, Choices},
    },
    vendor::call::{Case, Order, Page},
};

/// How the page of a list is asked for, and what is made of its users.
struct Paged {
    part: TokenStream,
    page: TokenStream,
}

impl Users<'_> {
    /// The pages of the list of all users.
    pub(super) fn query(&self) -> Option<TokenStream> {
        let call = self.calls.of("list")?;
        let (sent, page) = (self.request(call, &quote!(id)), self.page(call)?);
        let Paged { part, page } = page;
        let order = call.order.as_ref().map(
            |Order { ascending, descending, .. }| quote!(let order = operations::order(self, query, #ascending, #descending);),
        );
        Some(quote! {
            fn query<'a>(&'a self, query: &'a ListQuery) -> DirectoryFuture<'a, QueryPage<Self::Record>> {
                Box::pin(async move {
                    #part
                    #order
                    let response = #sent.await.map_err(|error| Error::call(self.instance(), error))?;
                    #page
                    Ok(page)
                })
            }

            fn page(&self, position: Option<String>) -> DirectoryFuture<'_, Page<Self::Record>> {
                pages::page(self, position)
            }
        })
    }

    /// The vendor's own search.
    pub(super) fn search(&self) -> Option<TokenStream> {
        let call = self.calls.of("find")?;
        let Paged { part, page } = self.page(call)?;
        let arms = keys(call).into_iter().map(|key| {
            let (name, sent) = (verb_name(key), self.request_by(call, &quote!(by), Some(key)));
            quote!(MatchKey::#name => #sent.await)
        });
        let case = match call.case {
            Some(Case::Ignored) => quote!(CaseRule::Ignored),
            Some(Case::Counts) => quote!(CaseRule::Counts),
            None => quote!(CaseRule::Unknown),
        };
        let nobody = self.nobody();
        Some(quote! {
            fn search<'a>(&'a self, by: By<'a>) -> DirectoryFuture<'a, Option<SearchResult<Self::Record>>> {
                pages::searched(#case, move |query| {
                    Box::pin(async move {
                        let query = &query;
                        #part
                        let response = match by.key() {
                            #(#arms,)*
                            _ => return Ok(None),
                        };
                        let response = match response {
                            Ok(response) => response,
                            Err(error) => return self.none_found(#nobody, error),
                        };
                        #page
                        Ok(Some(page))
                    })
                })
            }
        })
    }

    /// What makes `part` of `query`, and `page` of `response`.
    fn page(&self, call: &Call) -> Option<Paged> {
        let result = call.result.as_ref()?;
        let is_ordered = if call.order.is_some() { quote!(order.is_some()) } else { quote!(false) };
        let is_sized = call.page.as_ref().is_some_and(|page| page.size.is_some());
        let (part, page) = match &call.page {
            Some(Page { cursor: Some(_), most, .. }) => {
                let most = Literal::i32_unsuffixed(*most);
                (
                    quote!(let part = pages::After::of(query, #most);),
                    quote!(part.page(self.instance(), query, users, next, #is_ordered, #is_sized)?),
                )
            }
            Some(Page { skip: Some(_), most, .. }) => {
                let most = Literal::i32_unsuffixed(*most);
                (
                    quote!(let part = pages::Part::skipped(self, query, #most)?;),
                    quote!(part.page(query, users, #is_ordered, #is_sized)),
                )
            }
            Some(Page { first, most, .. }) => {
                let (first, most) = (Literal::i32_unsuffixed(*first), Literal::i32_unsuffixed(*most));
                (
                    quote!(let part = pages::Part::numbered(self, query, #first, #most)?;),
                    quote!(part.page(query, users, #is_ordered, #is_sized)),
                )
            }
            None => (quote!(), quote!(pages::whole(query, users, #is_ordered))),
        };
        let (header, member) = next(call);
        let success = self.success(call, &quote!(self.client().core().mask())).map(|told| quote!(#told?;));
        let found = self.found(result);
        let users = if result.list { quote!(#found?) } else { quote!(vec![#found?]) };
        let page = quote! {
            #header
            let response = response.into_body();
            #success
            #member
            let users = #users;
            let page = #page;
        };
        Some(Paged { part, page })
    }

    /// The values that attributes may have.
    pub(super) fn values_of(&self) -> Option<TokenStream> {
        let arms: Vec<TokenStream> = self.calls.choices.iter().map(|choices| self.choices(choices)).collect();
        if arms.is_empty() {
            return None;
        }
        Some(quote! {
            fn values_of(&self, attribute: Attribute) -> DirectoryFuture<'_, Vec<Choice>> {
                Box::pin(async move {
                    match attribute {
                        #(#arms)*
                        other => Err(self.no_choices(other)),
                    }
                })
            }
        })
    }

    fn choices(&self, Choices { attribute, call, id, title, without }: &Choices) -> TokenStream {
        let (attribute, sent) = (variant(*attribute), self.request(call, &quote!(id)));
        let success = self.success(call, &quote!(self.client().core().mask())).map(|told| quote!(#told?;));
        let result = call.result.clone().unwrap_or_default();
        let (taken, expected) = (taken(&result), expected(&result, "a list"));
        let text = |place| read(&quote!(one), place, &|field| quote!(value::read(&#field)));
        let flag = |place| read(&quote!(one), place, &|field| quote!(value::read_flag(&#field, false)));
        let (id, title) = (text(id), text(title));
        let is_shown = without.iter().map(flag);
        let shown = (!without.is_empty()).then(|| quote!(.filter(|one| ![#(#is_shown),*].contains(&Some(true)))));
        quote! {
            Attribute::#attribute => {
                let response = #sent.await.map_err(|error| Error::call(self.instance(), error))?.into_body();
                #success
                let all = self.found(#taken, #expected)?;
                Ok(Choice::all(all.iter()#shown.map(|one| (#id, #title))))
            }
        }
    }
}

/// The keys by which a call looks for users.
fn keys(call: &Call) -> Vec<&str> {
    let values = call.arguments.iter().chain(call.setters.iter().map(|(_, value)| value));
    let values = values.flat_map(|value| match value {
        Argument::Body { members, .. } => members.iter().map(|(.., value)| value).collect(),
        value => vec![value],
    });
    values.filter_map(|value| if let Argument::Sought(key) = value { Some(key.as_str()) } else { None }).collect()
}
