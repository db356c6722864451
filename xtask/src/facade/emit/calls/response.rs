//! What a response says.
//!
//! Input: a call. Output: the expressions that take the user out of `response`, and that tell what a response or an error means.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{Users, ident};
use crate::{
    facade::model::{Call, Next, Place, Reply, Success},
    vendor::call::{Constant, Told},
};

impl Users<'_> {
    /// What was asked for, taken out of `response`.
    pub(super) fn found(&self, reply: &Reply) -> TokenStream {
        let Reply { converted, list, .. } = reply;
        let mut found = taken(reply);
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
        if *list {
            let convert = convert.map(|convert| quote!(.into_iter().map(#convert).collect::<Vec<_>>()));
            found.extend(quote!(.map(|users| users.into_vec()#convert)));
        } else if let Some(convert) = convert {
            found.extend(quote!(.map(#convert)));
        }
        let expected = expected(reply, if *list { "a list of users" } else { "a user" });
        quote!(self.found(#found, #expected))
    }

    /// The check that `response` means success.
    pub(super) fn success(&self, call: &Call, mask: &TokenStream) -> Option<TokenStream> {
        if call.success.is_empty() {
            return None;
        }
        let members = call.success.iter().map(|Success { place, member, words }| {
            let read = read(&quote!(response), place, &|field| quote!(value::read(&#field)));
            quote!((#member, #read, &[#(#words),*]))
        });
        Some(quote!(operations::succeeded(self, &[#(#members),*], || #mask)))
    }
}

/// The member of `response` that has what was asked for, taken out of it.
pub(super) fn taken(Reply { fields, .. }: &Reply) -> TokenStream {
    match fields.split_first() {
        None => quote!(Some(response)),
        Some((first, rest)) => {
            let (first, rest) = (ident(first), rest.iter().map(|field| ident(field)));
            quote!(response.#first.into_option()#(.and_then(|of| of.#rest.into_option()))*)
        }
    }
}

/// What a response is to have, for people.
pub(super) fn expected(Reply { member, .. }: &Reply, what: &str) -> String {
    match member {
        Some(member) => format!("{what} in `{member}`"),
        None => what.to_owned(),
    }
}

/// What `by` reads of a member of `owner`, through the objects on the way.
pub(super) fn read(owner: &TokenStream, place: &Place, by: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    let field = ident(&place.field);
    match place.objects.split_first() {
        None => by(quote!(#owner.#field)),
        Some((first, rest)) => {
            let (first, rest, read) = (ident(first), rest.iter().map(|step| ident(step)), by(quote!(of.#field)));
            quote!(#owner.#first.as_ref()#(.and_then(|of| of.#rest.as_ref()))*.and_then(|of| #read))
        }
    }
}

/// What takes the cursor of the next page out of a response: before and after its body is all that is left of it.
pub(super) fn next(call: &Call) -> (Option<TokenStream>, Option<TokenStream>) {
    let text = |place: &Place| read(&quote!(response), place, &|field| quote!(value::read(&#field)));
    match &call.next {
        None => (None, None),
        Some(Next::Member(place)) => {
            let text = text(place);
            (None, Some(quote!(let next = #text.map(|next| next.into_owned());)))
        }
        Some(Next::Link(place, cursor)) => {
            let text = text(place);
            (None, Some(quote!(let next = pages::of_address(self.instance(), #text.as_deref(), #cursor)?;)))
        }
        Some(Next::Header(header, cursor)) => {
            (Some(quote!(let next = pages::of_header(self.instance(), response.header(#header), #cursor)?;)), None)
        }
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
