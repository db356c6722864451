//! What a call takes.
//!
//! Input: a call. Output: the expression that makes the request.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Users, ident};
use crate::{
    facade::model::{Argument, Call},
    vendor::call::Constant,
};

impl Users<'_> {
    /// The request, with all that it takes.
    pub(super) fn request(&self, call: &Call, id: &TokenStream) -> TokenStream {
        let method = ident(&call.method);
        let arguments = call.arguments.iter().map(|value| self.value(call, value, id));
        let setters = call.setters.iter().map(|(setter, argument)| {
            let (setter, value) = (ident(setter), self.value(call, argument, id));
            quote!(.#setter(#value))
        });
        quote!(self.client().#method(#(#arguments),*)#(#setters)*)
    }

    fn value(&self, call: &Call, value: &Argument, id: &TokenStream) -> TokenStream {
        match value {
            Argument::Id { number: Some(_) } => quote!(number),
            Argument::Id { number: None } => quote!(#id),
            Argument::Constant { value, ty } => self.constant(value, ty.as_ref()),
            Argument::Record if call.partial => quote!(&self.sent(write)),
            Argument::Record => quote!(&write.record),
            Argument::Position(ty) => counted(ty, &quote!(part.position)),
            Argument::Size(ty) => counted(ty, &quote!(part.size)),
            Argument::Order => {
                let otherwise = call.order.as_ref().map(|order| &order.otherwise);
                quote!(order.as_deref().unwrap_or(#otherwise))
            }
            Argument::Body { ty, members } => {
                let (types, ty) = (&self.types, ident(ty));
                let members = members.iter().map(|(field, _, value)| {
                    let field = ident(field);
                    let value = match value {
                        Argument::Record if call.partial => quote!(self.sent(write)),
                        Argument::Record => quote!(write.record.clone()),
                        value => self.value(call, value, id),
                    };
                    quote!(body.#field = #value.into();)
                });
                quote! {
                    &{
                        let mut body = #types::#ty::default();
                        #(#members)*
                        body
                    }
                }
            }
        }
    }

    fn constant(&self, value: &Constant, ty: Option<&String>) -> TokenStream {
        match (value, ty) {
            (Constant::Number(number), Some(ty)) => format!("{number}{ty}").parse().unwrap_or_else(|_| plain(value)),
            (Constant::Text(text), Some(ty)) => {
                let (types, ty) = (&self.types, ident(ty));
                quote!(#types::#ty::from(#text))
            }
            _ => plain(value),
        }
    }
}

/// The identifier as the number that an operation takes.
pub(super) fn number(call: &Call, id: &TokenStream, otherwise: &TokenStream) -> Option<TokenStream> {
    let values = call.arguments.iter().chain(call.setters.iter().map(|(_, value)| value));
    let values = values.flat_map(|value| match value {
        Argument::Body { members, .. } => members.iter().map(|(.., value)| value).collect(),
        value => vec![value],
    });
    let mut types = values.filter_map(|value| if let Argument::Id { number } = value { number.as_deref() } else { None });
    let ty = ident(types.next()?);
    Some(quote!(let Some(number) = operations::number::<#ty>(#id) else { #otherwise };))
}

fn counted(ty: &str, number: &TokenStream) -> TokenStream {
    if ty == "i32" { number.clone() } else { quote!(#number.into()) }
}

/// A value as Rust writes it.
pub(super) fn plain(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Flag(flag) => quote!(#flag),
        Constant::Number(number) => {
            let number = Literal::i64_unsuffixed(*number);
            quote!(#number)
        }
        Constant::Text(text) => quote!(#text),
    }
}
