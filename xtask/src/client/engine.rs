//! progenitor, kept behind checks.
//!
//! Enters: a normalized document. Leaves: the types and methods that progenitor makes of it, as syntax trees by name.
//! Nothing else knows that progenitor is there.

use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
};

use openapiv3::OpenAPI;
use progenitor::{CrateVers, GenerationSettings, Generator};
use serde_json::Value;
use syn::{ImplItem, ImplItemFn, Item};

use crate::normalize::Problem;

/// What progenitor made.
#[derive(Debug, Default)]
pub(super) struct Generated {
    /// Structs, enums and newtypes of `mod types`.
    pub(super) types: BTreeMap<String, Item>,
    /// Methods of `Client` that call an operation.
    pub(super) methods: BTreeMap<String, ImplItemFn>,
}

/// Runs progenitor.
pub(super) fn generate(document: &Value) -> Result<Generated, Problem> {
    let api: OpenAPI = serde_json::from_value(document.clone()).map_err(|error| {
        Problem::new("", format!("this is not OpenAPI 3.0: {error}"), "validate the specification with any OpenAPI tool")
    })?;
    // A panic here is a form that `normalize` should have refused by name; it still must not look like a crash.
    let quiet = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let tokens = panic::catch_unwind(AssertUnwindSafe(|| generator().generate_tokens(&api)));
    panic::set_hook(quiet);
    let refused = |text: String| {
        let help = "find the operation or schema in the specification and write it in a simpler form";
        Problem::new("", format!("progenitor does not carry a form in this specification: {text}"), help)
    };
    let tokens = match tokens {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Err(refused(error.to_string())),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
            return Err(refused(text.unwrap_or_else(|| "it gave no reason".to_owned())));
        }
    };
    let file: syn::File = syn::parse2(tokens).map_err(|error| refused(error.to_string()))?;
    Ok(sort(file))
}

fn generator() -> Generator {
    let mut settings = GenerationSettings::default();
    settings.with_map_type("::std::collections::BTreeMap").with_crate("client-core", CrateVers::Any, None);
    Generator::new(&settings)
}

fn sort(file: syn::File) -> Generated {
    let mut generated = Generated::default();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for item in module.content.into_iter().flat_map(|(_, items)| items) {
                    let name = match &item {
                        Item::Struct(item) => item.ident.to_string(),
                        Item::Enum(item) => item.ident.to_string(),
                        _ => continue,
                    };
                    generated.types.insert(name, item);
                }
            }
            Item::Impl(item) if item.trait_.is_none() => {
                for item in item.items {
                    if let ImplItem::Fn(method) = item
                        && method.sig.asyncness.is_some()
                    {
                        generated.methods.insert(method.sig.ident.to_string(), method);
                    }
                }
            }
            _ => {}
        }
    }
    generated
}
