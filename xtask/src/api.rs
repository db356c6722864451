//! What a reference says about an API, in OpenAPI's own words, before it is OpenAPI.
//!
//! A dialect fills it with observations, duplicates kept; [`resolve`](crate::resolve) decides and makes one API of all pages,
//! which is written as a specification. Every node carries its [`Origin`]. Knows nothing of dialects, JSON or Rust.

mod constraints;

use std::borrow::Cow;

use foldhash::fast::RandomState;
use indexmap::{IndexMap, map::Entry};
use serde_json::Value;
use smallvec::{SmallVec, smallvec};

pub use self::constraints::{Constraints, RareConstraints};
use crate::document::Span;
pub use crate::method::Method;

/// How firmly the documents say something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The document's own plain word.
    #[default]
    Stated,
    /// Only a sample shows it.
    Sample,
    /// A rule concluded it from what is stated.
    Inferred,
    /// The manifest or the overlay says so, with its reason.
    Overlay,
}

/// What documents name, by its name and in their order.
pub type Named<T> = IndexMap<String, T, RandomState>;

/// Room for `count` of them.
#[must_use]
pub fn named<T>(count: usize) -> Named<T> {
    Named::with_capacity_and_hasher(count, RandomState::default())
}

/// Places, most often one: it stands in the node itself.
pub type Spans = SmallVec<[Span; 1]>;

/// Where a node comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// All places that say it, the first one first; each covers the whole of what the node was made from.
    pub spans: Spans,
    /// How firmly.
    pub basis: Basis,
    /// Why, where it is not stated: one sentence that names the rule.
    pub reason: Option<Cow<'static, str>>,
}

impl Origin {
    /// The document's own word at `span`.
    #[must_use]
    pub fn stated(span: Span) -> Self {
        Self { spans: smallvec![span], basis: Basis::Stated, reason: None }
    }

    /// Shown only by the sample at `span`.
    #[must_use]
    pub fn sample(span: Span, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { spans: smallvec![span], basis: Basis::Sample, reason: Some(reason.into()) }
    }

    /// Concluded from `span` by the rule that `reason` names.
    #[must_use]
    pub fn inferred(span: Span, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { spans: smallvec![span], basis: Basis::Inferred, reason: Some(reason.into()) }
    }

    /// Adds that a part of the node was concluded by the rule that `reason` names.
    pub fn infer(&mut self, reason: impl Into<Cow<'static, str>>) {
        let reason = reason.into();
        self.basis = self.basis.max(Basis::Inferred);
        self.reason = Some(match self.reason.take() {
            Some(known) if known.contains(&*reason) => known,
            Some(known) => format!("{known}; {reason}").into(),
            None => reason,
        });
    }
}

/// One API: what all pages of a vendor say together, or one page alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Api {
    /// In the order of the documents.
    pub operations: Vec<Operation>,
    /// Entities that the documents name, such as `User`; [`Kind::Reference`] points here.
    pub schemas: Named<Schema>,
    /// The full names of entities, such as `Fleet.V1.User`, by the names that they have here, where the documents tell them.
    pub full_names: Named<String>,
    /// Security schemes that the documents name.
    pub security_schemes: Named<SecurityScheme>,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its HTTP method.
    pub method: Method,
    /// Path template as written, with a leading slash and without a query.
    pub path: String,
    /// The query that the page writes behind the path, such as `page={page}`; its parameters are no others behind [`resolve`](crate::resolve).
    pub query: Option<String>,
    /// The vendor's own word for it in PascalCase, such as `SaveUser`; empty where the page has none, and never behind [`resolve`](crate::resolve).
    pub operation_id: String,
    /// How [`Operation::operation_id`] was found, where it is not the document's own word.
    pub operation_id_reason: Option<Cow<'static, str>>,
    /// The heading.
    pub summary: Option<String>,
    /// The text under the heading, as Markdown.
    pub description: Option<String>,
    /// Names of the groups that the page puts it in.
    pub tags: Vec<String>,
    /// Version of the API that the page names.
    pub version: Option<String>,
    /// In the order of the document; constants and credentials are not sorted out here.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub request_body: Option<RequestBody>,
    /// What comes back, by status.
    pub responses: Vec<Response>,
    /// Alternatives of schemes that are needed together; `None` where the document is silent, `Some(vec![])` where it says none.
    pub security: Option<Vec<Vec<String>>>,
    /// The document says that it should no longer be used.
    pub deprecated: bool,
    /// Method and path.
    pub origin: Origin,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// A parameter beside the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether the document demands it (a path parameter always is).
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
    /// Its type; the schema's own description stays empty.
    pub schema: Schema,
    /// Its row in the document.
    pub origin: Origin,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestBody {
    /// What the page calls it: a parameter of the program, or its type.
    pub name: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Whether the document demands it; `None` where it does not say, and never behind [`resolve`](crate::resolve).
    pub required: Option<bool>,
    /// One entry per media type, in the order of the document.
    pub content: Vec<MediaType>,
    /// Its heading.
    pub origin: Origin,
}

/// One representation of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaType {
    /// As written, such as `application/json; charset=utf-8`; empty where the page names none, and never behind [`resolve`](crate::resolve).
    pub name: String,
    /// Its type; `None` where nothing is known.
    pub schema: Option<Schema>,
    /// The document's own sample: parsed for JSON, the text for anything else.
    pub example: Option<Example>,
    /// Where the document names it.
    pub origin: Origin,
}

/// A sample of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// JSON as it stands, or a string with the text of another format.
    pub value: Value,
    /// The sample is collapsed somewhere (`{ }` or `[ ]` hide what the vendor's page would unfold).
    pub collapsed: bool,
    /// The whole sample.
    pub origin: Origin,
}

/// One kind of response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Status code, such as `204`, or `default`; empty where the page does not say, and never behind [`resolve`](crate::resolve).
    pub status: String,
    /// What it means; empty where the page does not say, and never behind [`resolve`](crate::resolve).
    pub description: String,
    /// One entry per media type; empty where there is no body or none is documented.
    pub content: Vec<MediaType>,
    /// Its line or heading.
    pub origin: Origin,
}

/// A type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// What kind of value.
    pub kind: Kind,
    /// Null is documented (or shown) as a value.
    pub nullable: bool,
    /// OpenAPI's `format`, such as `int32` or `date-time`.
    pub format: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Documented constraints.
    pub constraints: RareConstraints,
    /// All values that the document lists.
    pub enumeration: Vec<Value>,
    /// Value that the vendor takes where none is given.
    pub default: Option<Box<Value>>,
    /// A value that the document shows.
    pub example: Option<Box<Value>>,
    /// The name of its element in XML, where it is another one than in JSON.
    pub xml_name: Option<Box<String>>,
    /// The document says that it cannot be written.
    pub read_only: bool,
    /// The document says that it should no longer be used.
    pub deprecated: bool,
    /// Its row in the document, or its place in a sample.
    pub origin: Origin,
}

/// What kind of value a [`Schema`] describes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Kind {
    /// Nothing is known; any JSON value fits.
    #[default]
    Unknown,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array(Box<Schema>),
    /// An object with named properties.
    Object(Named<Property>),
    /// An object whose names are data, such as a dictionary.
    Map(Box<Schema>),
    /// An entity of [`Api::schemas`].
    Reference(String),
    /// A value of one of these types, or of several of them at once: OpenAPI's `anyOf`.
    AnyOf(Vec<Alternative>),
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its type; description and origin stand there.
    pub schema: Schema,
    /// Whether the document demands it.
    pub required: bool,
    /// Further rows of the same name, in the order of the document; none are left behind [`resolve`](crate::resolve).
    pub repeated: Repeated,
}

/// Further rows of a name: few names have any, so they stand behind one thin pointer.
pub type Repeated = Option<Box<Vec<Property>>>;

impl Property {
    /// A property that stands once.
    #[must_use]
    pub fn new(schema: Schema, required: bool) -> Self {
        Self { schema, required, repeated: None }
    }
}

/// Adds a row of a table to its `properties`; a row whose name is there already is kept behind the first one.
pub fn observe(properties: &mut Named<Property>, name: String, row: Property) {
    match properties.entry(name) {
        Entry::Occupied(mut first) => first.get_mut().repeated.get_or_insert_default().push(row),
        Entry::Vacant(free) => {
            free.insert(row);
        }
    }
}

/// One of several types that a value may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// What the document calls it.
    pub title: Option<String>,
    /// Its type.
    pub schema: Schema,
}

/// A security scheme; `kind` is `None` where the documents only name the scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityScheme {
    /// How the credential travels.
    pub kind: Option<SchemeKind>,
    /// What the documents say about it.
    pub description: Option<String>,
    /// Where it is named first.
    pub origin: Origin,
}

/// How a credential travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// In the `Authorization` header, as OpenAPI's `http` type; the name is lower case, such as `basic`.
    Http(String),
    /// In a header of its own, or in `Authorization` behind a word that OpenAPI does not know.
    Header {
        /// Header name.
        name: String,
        /// What stands before the value, such as `Ticket `.
        prefix: String,
    },
}

impl Operation {
    /// An operation of which nothing but method and path is known.
    #[must_use]
    pub fn new(method: Method, path: String, origin: Origin) -> Self {
        Self {
            method,
            path,
            query: None,
            operation_id: String::new(),
            operation_id_reason: None,
            summary: None,
            description: None,
            tags: Vec::new(),
            version: None,
            parameters: Vec::new(),
            request_body: None,
            responses: Vec::new(),
            security: None,
            deprecated: false,
            origin,
        }
    }
}

impl Schema {
    /// A schema of `kind` with nothing else known.
    #[must_use]
    pub fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin, ..Self::default() }
    }

    /// The name that it refers to, itself or as what lists and maps are of.
    #[must_use]
    pub fn entity(&self) -> Option<&str> {
        match &self.kind {
            Kind::Reference(name) => Some(name),
            Kind::Array(item) | Kind::Map(item) => item.entity(),
            _ => None,
        }
    }
}
