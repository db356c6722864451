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
        self.request_by(call, id, None)
    }

    /// The request that looks for users by `key`.
    pub(super) fn request_by(&self, call: &Call, id: &TokenStream, key: Option<&str>) -> TokenStream {
        let method = ident(&call.method);
        let arguments = call.arguments.iter().map(|value| self.value(call, value, id, key));
        let is_set = |argument: &&(String, Argument)| match &argument.1 {
            Argument::Sought(of) => key == Some(of),
            Argument::Cursor { .. } => false,
            _ => true,
        };
        let setters = call.setters.iter().filter(is_set).map(|(setter, argument)| {
            let (setter, value) = (ident(setter), self.value(call, argument, id, key));
            quote!(.#setter(#value))
        });
        let request = quote!(self.client().#method(#(#arguments),*)#(#setters)*);
        let cursor = call.setters.iter().find_map(|(setter, argument)| match argument {
            Argument::Cursor { number } => Some((ident(setter), number)),
            _ => None,
        });
        let Some((setter, number)) = cursor else { return request };
        let cursor = match number {
            Some(number) => {
                let number = ident(number);
                quote!(part.number::<#number>(self.instance())?)
            }
            None => quote!(part.cursor()),
        };
        quote! {
            {
                let request = #request;
                match #cursor {
                    Some(cursor) => request.#setter(cursor),
                    None => request,
                }
            }
        }
    }

    fn value(&self, call: &Call, value: &Argument, id: &TokenStream, key: Option<&str>) -> TokenStream {
        match value {
            // A setter that is there for some pages only.
            Argument::Cursor { .. } => quote!(),
            Argument::Sought(_) => quote!(by.value().trim()),
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
                let is_set = |member: &&(String, String, Argument)| match &member.2 {
                    Argument::Sought(of) => key == Some(of),
                    _ => true,
                };
                let members = members.iter().filter(is_set).map(|(field, _, value)| {
                    let field = ident(field);
                    let value = match value {
                        Argument::Record if call.partial => quote!(self.sent(write)),
                        Argument::Record => quote!(write.record.clone()),
                        value => self.value(call, value, id, key),
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

    /// The identifier as the number that an operation takes.
    pub(super) fn number(&self, call: &Call, id: &TokenStream, otherwise: &TokenStream) -> Option<TokenStream> {
        let values = call.arguments.iter().chain(call.setters.iter().map(|(_, value)| value));
        let values = values.flat_map(|value| match value {
            Argument::Body { members, .. } => members.iter().map(|(.., value)| value).collect(),
            value => vec![value],
        });
        let mut types = values.filter_map(|value| if let Argument::Id { number } = value { number.as_deref() } else { None });
        let ty = ident(types.next()?);
        let is_known = self.calls.new.as_ref().map(|(_, new)| {
            let new = Literal::i64_unsuffixed(*new);
            quote!(.filter(|number| *number > #new))
        });
        Some(quote!(let Some(number) = operations::number::<#ty>(#id)#is_known else { #otherwise };))
    }

    /// A value that is always the same.
    pub(super) fn fixed(&self, value: &Argument) -> TokenStream {
        match value {
            Argument::Constant { value, ty } => self.constant(value, ty.as_ref()),
            _ => quote!(),
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
