//! An [`Api`] written as an OpenAPI 3.0.3 document.
//!
//! Input: the assembled API, what the manifest adds to it, and the documents (for `x-source`). Output: JSON in the
//! order in which OpenAPI's own examples stand. Decides nothing about the API: it adds only
//! what OpenAPI demands and the documents lack, with an `x-basis`.

mod schema;

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::{
    api::{Api, Basis, Location, MediaType, Operation, Origin, Parameter, RequestBody, Response, SchemeKind, SecurityScheme},
    document::{Document, Span},
    nodes::{self, Pointer},
    words::component_name,
};

/// What stands around the operations.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// Which command makes the file, and from what: `x-generated`.
    pub generated: Option<String>,
    /// `info.title`.
    pub title: String,
    /// `info.description`.
    pub description: Option<String>,
    /// `info.contact`: name and URL.
    pub contact: Option<(String, String)>,
    /// Where the manifest says so.
    pub origin: Origin,
    /// `servers`, each as OpenAPI's Server Object, without its source.
    pub servers: Vec<(Value, Origin)>,
    /// How a scheme that the documents only name travels: OpenAPI's Security Scheme Object, without its source.
    pub security_schemes: IndexMap<String, (Value, Origin)>,
    /// Name and description of tags, by the name that the documents use.
    pub tags: IndexMap<String, Tag>,
}

/// What the manifest says about a tag.
#[derive(Clone, Debug, Default)]
pub struct Tag {
    /// Its name in the specification, where it is to be another than the documents'.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Where the manifest says so.
    pub origin: Origin,
}

/// Writes `api` as an OpenAPI document; `documents` are found by their ids.
#[must_use]
pub fn document(api: &Api, info: &Info, documents: &[&Document]) -> Value {
    Writer::new(api, documents, false).document(api, info)
}

/// The whole spans behind each node's `x-source`, which only says where they start.
#[must_use]
pub fn spans(api: &Api, info: &Info, documents: &[&Document]) -> HashMap<Pointer, Vec<Span>> {
    let mut spans = HashMap::new();
    nodes::visit(&Writer::new(api, documents, true).document(api, info), |pointer, _, node| {
        let whole = nodes::sources(node).iter().filter_map(|place| parsed(place)).collect();
        spans.insert(pointer.clone(), whole);
    });
    spans
}

fn parsed(place: &str) -> Option<Span> {
    let numbers: Vec<u32> = place.split(':').map_while(|number| number.parse().ok()).collect();
    let &[document, start, end] = numbers.as_slice() else { return None };
    Some(Span { document, start, end })
}

struct Writer<'a> {
    documents: IndexMap<u32, &'a Document>,
    nullable: Vec<String>,
    /// Places are written as bytes, with their ends, for [`spans`].
    whole: bool,
}

type Object = Map<String, Value>;

impl<'a> Writer<'a> {
    fn new(api: &Api, documents: &[&'a Document], whole: bool) -> Self {
        let documents = documents.iter().map(|document| (document.id, *document)).collect();
        Self { documents, nullable: schema::nullable(api), whole }
    }

    fn document(&self, api: &Api, info: &Info) -> Value {
        let mut root = Object::new();
        root.insert("openapi".into(), "3.0.3".into());
        put(&mut root, "x-generated", info.generated.clone());
        root.insert("info".into(), self.info(api, info));
        let servers: Vec<Value> = info.servers.iter().map(|(server, origin)| self.sourced(server.clone(), origin)).collect();
        // OpenAPI's own default, written out since linters ask for it.
        root.insert("servers".into(), if servers.is_empty() { json!([{ "url": "/" }]) } else { servers.into() });
        // So is this: an operation that says nothing of security has none to inherit.
        if api.operations.iter().any(|operation| operation.security.is_none()) {
            root.insert("security".into(), json!([]));
        }
        let tags = self.tags(api, info);
        root.insert("tags".into(), tags.values().cloned().collect());
        let mut paths = Object::new();
        for operation in &api.operations {
            let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
            if let Value::Object(item) = item {
                item.insert(operation.method.member().to_owned(), self.operation(operation, info));
            }
        }
        root.insert("paths".into(), paths.into());
        let schemas: Object = api.schemas.iter().map(|(name, schema)| (name.clone(), self.component(name, schema))).collect();
        let schemes: Object =
            api.security_schemes.iter().map(|(name, scheme)| (name.clone(), self.scheme(name, scheme, info))).collect();
        let mut components = Object::new();
        put_object(&mut components, "schemas", schemas);
        put_object(&mut components, "securitySchemes", schemes);
        root.insert("components".into(), components.into());
        root.into()
    }

    fn info(&self, api: &Api, info: &Info) -> Value {
        let mut versions: Vec<&str> = api.operations.iter().filter_map(|operation| operation.version.as_deref()).collect();
        versions.dedup();
        let mut object = Object::new();
        object.insert("title".into(), info.title.clone().into());
        put(&mut object, "description", info.description.clone());
        let version = match versions.as_slice() {
            [] => "undocumented".to_owned(),
            versions => versions.join(", "),
        };
        object.insert("version".into(), version.into());
        if let Some((name, url)) = &info.contact {
            object.insert("contact".into(), json!({ "name": name, "url": url }));
        }
        let mut license = Object::new();
        license.insert("name".into(), "undocumented".into());
        put(&mut license, "url", info.contact.as_ref().map(|(_, url)| url.clone()));
        put(
            &mut license,
            "x-reason",
            Some("no licence is documented; linters ask for one, so its absence is written down".into()),
        );
        object.insert("license".into(), license.into());
        self.source(&mut object, &info.origin);
        object.into()
    }

    /// Tags in the order in which operations first bear them.
    fn tags(&self, api: &Api, info: &Info) -> IndexMap<String, Value> {
        let mut tags = IndexMap::new();
        for operation in &api.operations {
            for (name, stated) in tags_of(operation) {
                let entry = info.tags.get(&name);
                let shown = entry.and_then(|tag| tag.name.clone()).unwrap_or(name);
                tags.entry(shown.clone()).or_insert_with(|| {
                    let mut tag = Object::new();
                    tag.insert("name".into(), shown.into());
                    put(&mut tag, "description", entry.and_then(|tag| tag.description.clone()));
                    let spans = operation.origin.spans.clone();
                    let inferred = || Origin {
                        spans: spans.clone(),
                        basis: Basis::Inferred,
                        reason: Some("no group is documented; the last word of the path names it".into()),
                    };
                    let stated = if stated { Origin { spans: spans.clone(), ..Origin::default() } } else { inferred() };
                    self.source(&mut tag, &entry.map_or(stated, |tag| tag.origin.clone()));
                    tag.into()
                });
            }
        }
        tags
    }

    fn operation(&self, operation: &Operation, info: &Info) -> Value {
        let mut object = Object::new();
        let tags = tags_of(operation).map(|(tag, _)| info.tags.get(&tag).and_then(|tag| tag.name.clone()).unwrap_or(tag));
        object.insert("tags".into(), tags.map(Value::from).collect());
        put(&mut object, "summary", operation.summary.clone());
        put(&mut object, "description", operation.description.clone());
        object.insert("operationId".into(), operation.operation_id.clone().into());
        if operation.deprecated {
            object.insert("deprecated".into(), true.into());
        }
        if !operation.parameters.is_empty() {
            object.insert("parameters".into(), operation.parameters.iter().map(|parameter| self.parameter(parameter)).collect());
        }
        if let Some(body) = &operation.request_body {
            object.insert("requestBody".into(), self.request_body(body));
        }
        let responses: Object =
            operation.responses.iter().map(|response| (response.status.clone(), self.response(response))).collect();
        object.insert("responses".into(), responses.into());
        if let Some(alternatives) = &operation.security {
            let all: Vec<Value> = alternatives
                .iter()
                .map(|together| together.iter().map(|scheme| (scheme.clone(), json!([]))).collect::<Object>().into())
                .collect();
            object.insert("security".into(), all.into());
        }
        self.source(&mut object, &operation.origin);
        object.into()
    }

    fn parameter(&self, parameter: &Parameter) -> Value {
        let location = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let mut object = Object::new();
        object.insert("name".into(), parameter.name.clone().into());
        object.insert("in".into(), location.into());
        put(&mut object, "description", parameter.description.clone());
        if parameter.required || parameter.location == Location::Path {
            object.insert("required".into(), true.into());
        }
        if parameter.schema.deprecated {
            object.insert("deprecated".into(), true.into());
        }
        object.insert("schema".into(), self.schema(&parameter.schema));
        self.source(&mut object, &parameter.origin);
        object.into()
    }

    fn request_body(&self, body: &RequestBody) -> Value {
        let mut object = Object::new();
        put(&mut object, "description", body.description.clone());
        object.insert("content".into(), self.content(&body.content));
        object.insert("required".into(), (body.required == Some(true)).into());
        self.source(&mut object, &body.origin);
        object.into()
    }

    fn response(&self, response: &Response) -> Value {
        let mut object = Object::new();
        object.insert("description".into(), response.description.clone().into());
        if !response.content.is_empty() {
            object.insert("content".into(), self.content(&response.content));
        }
        self.source(&mut object, &response.origin);
        object.into()
    }

    fn content(&self, content: &[MediaType]) -> Value {
        content.iter().map(|media| (media.name.clone(), self.media_type(media))).collect::<Object>().into()
    }

    fn media_type(&self, media: &MediaType) -> Value {
        let mut object = Object::new();
        if let Some(schema) = &media.schema {
            object.insert("schema".into(), self.inner(schema));
        }
        let mut origin = media.origin.clone();
        if let Some(example) = &media.example {
            // An `example` must be an instance of the schema; the text of another format is not.
            let key = if is_json(&media.name) { "example" } else { "x-sample" };
            object.insert(key.into(), example.value.clone());
            if example.collapsed {
                object.insert("x-collapsed".into(), true.into());
            }
            origin.spans.extend(example.origin.spans.iter().copied().filter(|span| !media.origin.spans.contains(span)));
        }
        self.source(&mut object, &origin);
        object.into()
    }

    fn scheme(&self, name: &str, scheme: &SecurityScheme, info: &Info) -> Value {
        if let Some((value, origin)) = info.security_schemes.get(name) {
            let mut origin = origin.clone();
            origin.spans.insert_many(0, scheme.origin.spans.iter().copied());
            return self.sourced(value.clone(), &origin);
        }
        let (kind, inferred) = match &scheme.kind {
            Some(kind) => (kind.clone(), false),
            None => (kind_by_name(name), true),
        };
        let mut object = Object::new();
        match kind {
            SchemeKind::Http(scheme) => {
                object.insert("type".into(), "http".into());
                object.insert("scheme".into(), scheme.into());
            }
            SchemeKind::Header { name, prefix } => {
                object.insert("type".into(), "apiKey".into());
                object.insert("in".into(), "header".into());
                object.insert("name".into(), name.into());
                put(&mut object, "x-prefix", Some(prefix).filter(|prefix| !prefix.is_empty()));
            }
        }
        put(&mut object, "description", scheme.description.clone());
        let mut origin = scheme.origin.clone();
        if inferred {
            origin.basis = Basis::Inferred;
            origin.reason = Some("only the scheme's name is documented; how it travels is concluded from the name".into());
        }
        self.source(&mut object, &origin);
        object.into()
    }

    fn sourced(&self, value: Value, origin: &Origin) -> Value {
        match value {
            Value::Object(mut object) => {
                self.source(&mut object, origin);
                object.into()
            }
            other => other,
        }
    }

    /// Adds `x-source` and, for what is not the document's plain word, `x-basis` and `x-reason`.
    fn source(&self, object: &mut Object, origin: &Origin) {
        let mut places: Vec<String> = origin.spans.iter().filter_map(|span| self.place(*span)).collect();
        places.dedup();
        match places.as_slice() {
            [] => {}
            [one] => {
                object.insert("x-source".into(), one.clone().into());
            }
            _ => {
                object.insert("x-source".into(), places.into());
            }
        }
        let basis = match origin.basis {
            Basis::Stated => return,
            Basis::Sample => "sample",
            Basis::Inferred => "inferred",
            Basis::Overlay => "overlay",
        };
        object.insert("x-basis".into(), basis.into());
        put(object, "x-reason", origin.reason.as_ref().map(ToString::to_string));
    }

    fn place(&self, span: Span) -> Option<String> {
        let document = self.documents.get(&span.document)?;
        Some(if self.whole { format!("{}:{}:{}", span.document, span.start, span.end) } else { document.source(span) })
    }
}

/// JSON by its media type: `application/json`, `text/json`, `application/scim+json`, with or without parameters.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// The groups of an operation and whether the document states them.
pub fn tags_of(operation: &Operation) -> impl Iterator<Item = (String, bool)> {
    // A word without a letter of ASCII stays as it is.
    let name = |part: &str| Some(component_name(part)).filter(|name| !name.is_empty()).unwrap_or_else(|| part.to_owned());
    let last = || operation.path.rsplit('/').find(|part| !part.is_empty() && !part.contains('{')).map(name);
    let inferred = if operation.tags.is_empty() { last() } else { None };
    operation.tags.iter().map(|tag| (tag.clone(), true)).chain(inferred.map(|tag| (tag, false)))
}

/// What a scheme's name alone lets one conclude: the words are those of OpenAPI and of RFC 6750 and 7617.
fn kind_by_name(name: &str) -> SchemeKind {
    let lower = name.to_lowercase();
    let key = ["apikey", "api_key", "api-key", "x-"].iter().any(|word| lower.contains(word));
    match lower.as_str() {
        name if name.contains("basic") => SchemeKind::Http("basic".into()),
        _ if key => SchemeKind::Header {
            name: if lower.starts_with("x-") { name } else { "X-API-Key" }.to_owned(),
            prefix: String::new(),
        },
        _ => SchemeKind::Http("bearer".into()),
    }
}

fn put(object: &mut Object, key: &str, value: Option<String>) {
    if let Some(value) = value {
        object.insert(key.into(), value.into());
    }
}

fn put_object(object: &mut Object, key: &str, value: Object) {
    if !value.is_empty() {
        object.insert(key.into(), value.into());
    }
}
