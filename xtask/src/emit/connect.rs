//! Everything that is set once: credentials, client parameters, and the settings of client-core.
//!
//! Input: the model. Output: `Auth` and `ClientBuilder`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{constraints::code, docs, syntax::ident};
use crate::rust::model::{ClientParameter, Scheme, SchemeKind};

/// The text of `auth.rs` as tokens.
pub(super) fn auth(schemes: &[Scheme]) -> TokenStream {
    let methods: Vec<TokenStream> = schemes
        .iter()
        .map(|scheme| {
            let method = &scheme.setter;
            let how = match &scheme.kind {
                SchemeKind::Header { header, prefix } if prefix.is_empty() => format!("header {}", code(header)),
                SchemeKind::Header { header, prefix } => format!("header {}, behind {}", code(header), code(prefix)),
                SchemeKind::Query { name } => format!("query parameter {}", code(name)),
                SchemeKind::Basic => "HTTP Basic".to_owned(),
                SchemeKind::Bearer => "HTTP Bearer".to_owned(),
            };
            let about =
                docs::outer(&docs::described(&scheme.description, &[format!("{}: {how}", code(&scheme.name))], &scheme.sources));
            let name = Literal::string(&scheme.name);
            let method_name = ident(method);
            let Some(from) = &scheme.source_setter else {
                return quote! {
                    #(#about)*
                    pub fn #method_name(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
                        self.with(#name, Credential::basic(user, password))
                    }
                };
            };
            let fixed =
                ident(if matches!(scheme.kind, SchemeKind::Header { .. } | SchemeKind::Query { .. }) { "key" } else { "token" });
            let from = ident(from);
            let about_from = docs::outer(&format!(
                "Sets what [`Auth::{method}`] sets, from a source that is called when a value is needed and before it runs out."
            ));
            quote! {
                #(#about)*
                pub fn #method_name(self, #fixed: impl Into<Secret>) -> Self {
                    self.with(#name, Credential::#fixed(#fixed))
                }
                #(#about_from)*
                pub fn #from(self, source: impl TokenSource + 'static) -> Self {
                    self.with(#name, Credential::source(source))
                }
            }
        })
        .collect();
    let head = docs::inner("Credentials, by the names that the vendor gives them.");
    let with = (!methods.is_empty()).then(|| {
        quote! {
            fn with(mut self, scheme: &'static str, credential: Credential) -> Self {
                self.credentials.push((scheme, credential));
                self
            }
        }
    });
    let secret = (!methods.is_empty()).then(|| quote!(Secret,));
    let source = schemes.iter().any(|scheme| scheme.source_setter.is_some()).then(|| quote!(TokenSource,));
    quote! {
        #head
        use client_core::codegen::{Credential, #secret #source};
        /// The credentials of the caller. An operation that needs others fails, naming them, before anything is sent.
        #[derive(Clone, Debug, Default)]
        #[must_use]
        pub struct Auth {
            pub(super) credentials: Vec<(&'static str, Credential)>,
        }
        impl Auth {
            /// Creates a set without credentials.
            pub fn new() -> Self {
                Self::default()
            }
            #(#methods)*
            #with
        }
    }
}

/// The text of `builder.rs` as tokens.
pub(super) fn builder(client_parameters: &[ClientParameter]) -> TokenStream {
    let setters: Vec<TokenStream> = client_parameters
        .iter()
        .map(|parameter| {
            let method = &parameter.setter;
            let mut facts = vec![format!("{} {}", parameter.place, code(&parameter.name))];
            if parameter.required {
                facts.push("required".to_owned());
            }
            let about = docs::outer(&docs::described(&parameter.description, &facts, &parameter.sources));
            let (name, method_name) = (Literal::string(&parameter.name), ident(method));
            let from = parameter.source_setter.as_ref().map(|from| {
                let from = ident(from);
                let about = docs::outer(&format!(
                    "Sets what [`ClientBuilder::{method}`] sets, from a source that is called when a value is needed."
                ));
                quote! {
                    #(#about)*
                    pub fn #from(self, source: impl client_core::codegen::TokenSource + 'static) -> Self {
                        Self(self.0.client_parameter_from(#name, source))
                    }
                }
            });
            // Only a secret is hidden when the builder is printed: a language is none.
            let kind = ident(if parameter.secret { "Secret" } else { "String" });
            quote! {
                #(#about)*
                pub fn #method_name(self, value: impl Into<#kind>) -> Self {
                    let value: #kind = value.into();
                    Self(self.0.client_parameter(#name, value))
                }
                #from
            }
        })
        .collect();
    let head = docs::inner("What is the same for every call of a client.");
    let secret = client_parameters.iter().any(|parameter| parameter.secret).then(|| quote!(Secret,));
    quote! {
        #head
        use client_core::codegen::{BuildError, #secret};
        use super::{Auth, Client};
        /// Builds a [`Client`].
        #[must_use]
        pub struct ClientBuilder(pub(super) client_core::codegen::ClientBuilder);
        impl ClientBuilder {
            client_core::codegen::settings!();
            /// Sets the credentials.
            pub fn auth(self, auth: Auth) -> Self {
                let credentials = auth.credentials.into_iter();
                Self(credentials.fold(self.0, |core, (scheme, credential)| core.credential(scheme, credential)))
            }
            #(#setters)*
            /// Builds the client; nothing is connected yet.
            ///
            /// # Errors
            ///
            /// When the base URL or a value cannot be sent.
            pub fn build(self) -> Result<Client, BuildError> {
                Ok(Client { core: self.0.build()? })
            }
        }
    }
}
