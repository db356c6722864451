//! What a response says.
//!
//! Input: a call. Output: the expressions that take the user out of `response`, and that tell what a response or an error means.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{Users, ident};
use crate::{
    facade::model::{Call, Reply, Success},
    vendor::call::{Constant, Told},
};

impl Users<'_> {
    /// What was asked for, taken out of `response`.
    pub(super) fn found(&self, Reply { fields, member, converted }: &Reply, what: &str, is_list: bool) -> TokenStream {
        let mut found = match fields.split_first() {
            None => quote!(Some(response)),
            Some((first, rest)) => {
                let (first, rest) = (ident(first), rest.iter().map(|field| ident(field)));
                quote!(response.#first.into_option()#(.and_then(|of| of.#rest.into_option()))*)
            }
        };
        let unread: Vec<Ident> = self.calls.unread.iter().map(|field| ident(field)).collect();
        let convert = match (*converted, unread.is_empty()) {
            (false, true) => None,
            (true, true) => Some(quote!(Self::Record::from)),
            (false, false) => Some(quote!(|mut user| { #(user.#unread = Field::Absent;)* user })),
            (true, false) => Some(quote!(|user| {
                let mut user = Self::Record::from(user);
                #(user.#unread = Field::Absent;)*
                user
            })),
        };
        if is_list {
            let convert = convert.map(|convert| quote!(.into_iter().map(#convert).collect::<Vec<_>>()));
            found.extend(quote!(.map(|users| users.into_vec()#convert)));
        } else if let Some(convert) = convert {
            found.extend(quote!(.map(#convert)));
        }
        let expected = match member {
            Some(member) => format!("{what} in `{member}`"),
            None => what.to_owned(),
        };
        quote!(self.found(#found, #expected))
    }

    /// The check that `response` means success.
    pub(super) fn success(&self, call: &Call, mask: &TokenStream) -> Option<TokenStream> {
        if call.success.is_empty() {
            return None;
        }
        let members = call.success.iter().map(|Success { place, member, words }| {
            let field = ident(&place.field);
            let read = match place.objects.split_first() {
                None => quote!(value::read(&response.#field)),
                Some((first, rest)) => {
                    let (first, rest) = (ident(first), rest.iter().map(|step| ident(step)));
                    quote!(response.#first.as_ref()#(.and_then(|of| of.#rest.as_ref()))*.and_then(|of| value::read(&of.#field)))
                }
            };
            quote!((#member, #read, &[#(#words),*]))
        });
        Some(quote!(operations::succeeded(self, &[#(#members),*], || #mask)))
    }
}

/// What tells that the vendor says something of a user.
pub(super) fn told(Told { status, member, equals, null }: &Told) -> TokenStream {
    let status = status.map(|status| {
        let status = Literal::u16_unsuffixed(status);
        quote!(.status(#status))
    });
    let member = member.as_ref().map(|member| {
        let member = format!("/{member}");
        quote!(.member(#member))
    });
    let equals = equals.as_ref().map(|equals| {
        let text = match equals {
            Constant::Flag(flag) => flag.to_string(),
            Constant::Number(number) => number.to_string(),
            Constant::Text(text) => text.clone(),
        };
        quote!(.equals(#text))
    });
    let null = null.then(|| quote!(.null()));
    quote!(Told::NOTHING #status #member #equals #null)
}
