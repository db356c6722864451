//! What a manifest adds to a specification: the words around the operations, servers, credentials, tags and names.
//!
//! Enters: a manifest. Leaves: [`Info`] and [`Names`], each entry with its place in `vendor.toml`; and what of the
//! manifest the documents do not bear out.

use serde_json::{Map, Value, json};
use toml::Spanned;

use crate::{
    api::{Api, Basis, Origin},
    assemble::{Names, Rename},
    diagnostic::Diagnostic,
    openapi::{self, Info, Tag},
    vendor::{
        Vendor,
        manifest::{self, Security, SecurityKind, Server},
    },
};

/// Everything that stands around the operations.
pub(super) fn info(vendor: &Vendor) -> Info {
    let manifest = &vendor.manifest;
    Info {
        title: manifest.title.get_ref().clone(),
        description: Some(manifest.description.get_ref().clone()),
        contact: Some((manifest.contact.name.get_ref().clone(), manifest.contact.url.get_ref().clone())),
        origin: origin(vendor, &manifest.title, "the documents give the API no title; the manifest does"),
        servers: manifest.servers.iter().map(|server| (self::server(server), server_origin(vendor, server))).collect(),
        security_schemes: manifest
            .security
            .iter()
            .map(|(name, security)| {
                let reason = evidence(security.reason.get_ref(), security.evidence.get_ref());
                (name.get_ref().clone(), (scheme(security), origin(vendor, name, reason)))
            })
            .collect(),
        tags: manifest
            .tags
            .iter()
            .map(|(name, tag)| {
                let described = Tag {
                    name: tag.name.as_ref().map(text),
                    description: tag.description.as_ref().map(text),
                    origin: origin(vendor, name, "the documents only name the group; the manifest describes it"),
                };
                (name.get_ref().clone(), described)
            })
            .collect(),
    }
}

/// The names that the manifest gives to operations and schemas.
pub(super) fn names(vendor: &Vendor) -> Names {
    let all = |names: &indexmap::IndexMap<Spanned<String>, manifest::Rename>| {
        names
            .iter()
            .map(|(old, new)| {
                let reason = new.reason.as_ref().map_or_else(|| "it reads better".to_owned(), text);
                (old.get_ref().clone(), Rename { name: text(&new.name), reason })
            })
            .collect()
    };
    Names { operations: all(&vendor.manifest.names.operations), schemas: all(&vendor.manifest.names.schemas) }
}

/// Entries of the manifest about things that no document has: they are left over from an earlier version of it.
pub(super) fn unused(vendor: &Vendor, api: &Api, unused_names: &[String]) -> Vec<Diagnostic> {
    let manifest = &vendor.manifest;
    let stale = |span, what: String, known: Vec<&str>| {
        let help = format!("delete the entry or mend its name; known are: {}", known.join(", "));
        Diagnostic::new(vendor.source.span(span), what, help)
    };
    let mut diagnostics = Vec::new();
    for (kind, names) in [("operations", &manifest.names.operations), ("schemas", &manifest.names.schemas)] {
        let known: Vec<&str> = match kind {
            "operations" => api.operations.iter().map(|operation| operation.operation_id.as_str()).collect(),
            _ => api.schemas.keys().map(String::as_str).collect(),
        };
        for old in names.keys().filter(|old| unused_names.contains(&format!("names.{kind}.{}", old.get_ref()))) {
            diagnostics.push(stale(old.span(), format!("nothing in the documents is called `{}`", old.get_ref()), known.clone()));
        }
    }
    for name in manifest.security.keys().filter(|name| !api.security_schemes.contains_key(name.get_ref())) {
        let known = api.security_schemes.keys().map(String::as_str).collect();
        diagnostics.push(stale(name.span(), format!("no document names the security scheme `{}`", name.get_ref()), known));
    }
    let tags: Vec<String> = api.operations.iter().flat_map(|operation| openapi::tags_of(operation).map(|(tag, _)| tag)).collect();
    for name in manifest.tags.keys().filter(|name| !tags.contains(name.get_ref())) {
        let known = tags.iter().map(String::as_str).collect();
        diagnostics.push(stale(name.span(), format!("no operation stands in the group `{}`", name.get_ref()), known));
    }
    diagnostics
}

fn server(server: &Server) -> Value {
    let mut object = Map::new();
    object.insert("url".into(), text(&server.url).into());
    put(&mut object, "description", server.description.as_ref());
    if !server.variables.is_empty() {
        let variables: Map<String, Value> = server
            .variables
            .iter()
            .map(|(name, variable)| {
                let mut object = Map::new();
                if let Some(values) = &variable.values {
                    object.insert("enum".into(), json!(values.get_ref()));
                }
                object.insert("default".into(), text(&variable.default).into());
                put(&mut object, "description", variable.description.as_ref());
                (name.get_ref().clone(), object.into())
            })
            .collect();
        object.insert("variables".into(), variables.into());
    }
    object.into()
}

fn server_origin(vendor: &Vendor, server: &Server) -> Origin {
    origin(vendor, &server.url, evidence(server.reason.get_ref(), server.evidence.get_ref()))
}

fn scheme(security: &Security) -> Value {
    let mut object = Map::new();
    match &security.kind {
        SecurityKind::ApiKey { location, name, prefix } => {
            object.insert("type".into(), "apiKey".into());
            object.insert("in".into(), location.name().into());
            object.insert("name".into(), text(name).into());
            put(&mut object, "x-prefix", prefix.as_ref());
        }
        SecurityKind::Http { scheme, bearer_format } => {
            object.insert("type".into(), "http".into());
            object.insert("scheme".into(), text(scheme).into());
            put(&mut object, "bearerFormat", bearer_format.as_ref());
        }
    }
    put(&mut object, "description", security.description.as_ref());
    object.into()
}

fn evidence(reason: &str, evidence: &str) -> String {
    format!("{reason} ({evidence})")
}

fn origin<T>(vendor: &Vendor, entry: &Spanned<T>, reason: impl Into<std::borrow::Cow<'static, str>>) -> Origin {
    Origin { spans: vec![vendor.span(entry)], basis: Basis::Overlay, reason: Some(reason.into()) }
}

fn put(object: &mut Map<String, Value>, key: &str, value: Option<&Spanned<String>>) {
    if let Some(value) = value {
        object.insert(key.into(), text(value).into());
    }
}

fn text(value: &Spanned<String>) -> String {
    value.get_ref().clone()
}
