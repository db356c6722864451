//! The Rust to be made, as data: the second intermediate form.
//!
//! Input: nothing; `rust` fills it from the normalized copy. Output: plain data for everything that comes after, each item with
//! its pointer into the specification and the rules that made it what it is. Knows nothing of JSON Schema, syn or files.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Number, Value};

use super::types::RustType;
use crate::{nodes::Pointer, normalize::Rule};

mod setup;

pub use setup::{ClientParameter, Failure, RateLimit, Scheme, SchemeKind, Server, ServerVariable, When};

/// One client crate to be made.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Model {
    /// Name of the folder under `specs/`, and of the crate.
    pub vendor: String,
    /// Version of the crate.
    pub version: String,
    /// The API's name for people.
    pub title: String,
    /// What the API is about.
    pub description: String,
    /// Where the API is, as far as the specification knows.
    pub server: Option<Server>,
    /// How many requests the vendor takes.
    pub rate_limit: Option<RateLimit>,
    /// What makes a response an error although its status says success.
    pub failures: Vec<Failure>,
    /// In the order of the specification.
    pub schemes: Vec<Scheme>,
    /// What is set once on the client.
    pub client_parameters: Vec<ClientParameter>,
    /// The tags of a large vendor, each of which is a feature of the crate.
    pub features: Vec<Feature>,
    /// By the name in Rust, in the order of the specification.
    pub types: IndexMap<String, Type>,
    /// In the order of the specification.
    pub operations: Vec<Operation>,
}

/// A tag, and what it is called in a crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Feature {
    /// In the specification.
    pub tag: String,
    /// The module, in `snake_case`.
    pub module: String,
    /// The feature, the same with hyphens.
    pub name: String,
}

/// One type of a crate.
#[derive(Clone, Debug, Serialize)]
pub struct Type {
    /// In Rust.
    pub name: String,
    /// In the specification.
    pub wire: String,
    /// Where its schema stands in the specification.
    pub pointer: Pointer,
    /// Other schemas that are read as this type.
    pub also: Vec<Pointer>,
    /// Where the documents describe it.
    pub sources: Vec<String>,
    /// What the documents say of it.
    pub description: String,
    /// Position in [`Model::features`] where nothing but that tag needs it.
    pub feature: Option<usize>,
    /// Whether requests carry it.
    pub sent: bool,
    /// What it is.
    pub kind: TypeKind,
    /// What made it so.
    pub rules: Vec<Rule>,
}

/// What a type is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeKind {
    /// A struct.
    Structure {
        /// In the order of the specification.
        fields: Vec<Field>,
        /// How it is made with its required members; `None` where it has none, and `Default` makes it.
        constructor: Option<Constructor>,
    },
    /// An open enumeration of strings.
    Enumeration {
        /// In the order of the specification.
        variants: Vec<Variant>,
    },
    /// Another name for a type.
    Alias {
        /// That type.
        target: RustType,
        /// What is documented of its values.
        facts: Facts,
    },
}

/// How a struct is made, its required members given at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Constructor {
    /// `new` takes them one by one, in their order.
    Arguments,
    /// `new` takes a struct of this name, with a field for each.
    Struct(String),
}

/// One field of a struct.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// In Rust.
    pub name: String,
    /// On the wire.
    pub wire: String,
    /// Where its schema stands in the specification.
    pub pointer: Pointer,
    /// Where the documents describe it.
    pub sources: Vec<String>,
    /// What the documents say of it.
    pub description: String,
    /// The type inside of `Field`.
    #[serde(rename = "type")]
    pub ty: RustType,
    /// What is documented of its values.
    pub facts: Facts,
    /// Whether nothing but a sample shows its type: a sample is no promise.
    pub sampled: bool,
    /// What made it so.
    pub rules: Vec<Rule>,
}

/// What is documented of a value beside its type.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of OpenAPI")]
pub struct Facts {
    /// It is required.
    pub required: bool,
    /// Null is a value.
    pub nullable: bool,
    /// The vendor sets it.
    pub read_only: bool,
    /// The vendor advises against it.
    pub deprecated: bool,
    /// What requests are checked for.
    pub constraints: Constraints,
}

impl Facts {
    /// The constraints alone.
    #[must_use]
    pub fn constraints_only(&self) -> Self {
        Self { constraints: self.constraints.clone(), ..Self::default() }
    }
}

/// What a value has to keep to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "OpenAPI's own names")]
pub struct Constraints {
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub pattern: Option<String>,
    pub uuid: bool,
    /// Of each element of a list or value of a map.
    pub each: Option<Box<Constraints>>,
}

/// The least or greatest number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// The number.
    pub value: Number,
    /// Whether the number itself is beyond it.
    pub exclusive: bool,
}

/// One value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// In Rust.
    pub name: String,
    /// On the wire.
    pub wire: String,
}

/// One operation: a method of the client, and its request.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// Method of the client, `update_user`.
    pub name: String,
    /// The vendor's word, `UpdateUser`.
    pub id: String,
    /// Type of the request that the method returns.
    pub request: String,
    /// The static that describes it.
    pub constant: String,
    /// Such as `put`.
    pub method: String,
    /// Template on the wire.
    pub path: String,
    /// Where it stands in the specification.
    pub pointer: Pointer,
    /// Where the documents describe it.
    pub sources: Vec<String>,
    /// In a few words.
    pub summary: String,
    /// What the documents say of it.
    pub description: String,
    /// The vendor advises against it.
    pub deprecated: bool,
    /// Position in [`Model::features`].
    pub feature: Option<usize>,
    /// Alternatives of schemes.
    pub security: Vec<Vec<String>>,
    /// What it takes from the client's settings.
    pub client_parameters: Vec<ClientParameter>,
    /// Required ones first.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back.
    pub response: RustType,
    /// The body of an error response.
    pub error: RustType,
    /// Statuses of success.
    pub success: Vec<u16>,
    /// All statuses that are documented.
    pub statuses: Vec<String>,
    /// Whether it may be sent again.
    pub idempotent: bool,
    /// How a list comes in pages.
    pub pages: Option<Pages>,
    /// Positions in [`Model::failures`] of the rules that count for it.
    pub failures: Vec<usize>,
    /// What made it so.
    pub rules: Vec<Rule>,
}

/// What differs from call to call, beside the body.
#[derive(Clone, Debug, Serialize)]
pub struct Parameter {
    /// The argument of the method, or the setter of the request.
    pub name: String,
    /// The name of the value within that.
    pub argument: String,
    /// On the wire.
    pub wire: String,
    /// Where it stands in the specification.
    pub pointer: Pointer,
    /// `path`, `query` or `header`.
    pub place: String,
    /// Where the documents describe it.
    pub sources: Vec<String>,
    /// What the documents say of it.
    pub description: String,
    /// As an argument.
    #[serde(rename = "type")]
    pub ty: RustType,
    /// What is documented of its values.
    pub facts: Facts,
    /// What made it so.
    pub rules: Vec<Rule>,
}

impl Parameter {
    /// Whether it is an argument of the method; others have a setter.
    #[must_use]
    pub fn is_argument(&self) -> bool {
        self.facts.required || self.place == "path"
    }
}

/// What an operation sends.
#[derive(Clone, Debug, Serialize)]
pub struct Body {
    /// As an argument.
    #[serde(rename = "type")]
    pub ty: RustType,
    /// It is required.
    pub required: bool,
    /// The setter of the request, where it is not required.
    pub setter: Option<String>,
    /// The vendor advises against it.
    pub deprecated: bool,
    /// The documents' own.
    pub example: Option<Value>,
    /// As documented, where that is not plain `application/json`.
    pub media_type: Option<String>,
}

/// A list that comes in pages.
#[derive(Clone, Debug, Serialize)]
pub struct Pages {
    /// The method of the request.
    pub name: String,
    /// The query parameter that numbers the pages.
    pub parameter: String,
    /// The number of the first page.
    pub first: i64,
    /// JSON pointer of the list in the response.
    pub items: String,
}

impl Type {
    /// Whether it is a list of names.
    #[must_use]
    pub fn is_enumeration(&self) -> bool {
        matches!(self.kind, TypeKind::Enumeration { .. })
    }

    /// Whether it has fields.
    #[must_use]
    pub fn is_structure(&self) -> bool {
        matches!(self.kind, TypeKind::Structure { .. })
    }
}

impl Model {
    /// The fields of a struct, its name on the left; none where it is no struct.
    #[must_use]
    pub fn fields(&self, name: &str) -> &[Field] {
        match self.types.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Structure { fields, .. }) => fields,
            _ => &[],
        }
    }

    /// The fields on the way along `path`, whose steps are wire names, from the type called `name`; none where it leads nowhere.
    #[must_use]
    pub fn fields_at(&self, name: &str, path: &[String]) -> Vec<&Field> {
        let mut found = Vec::new();
        let mut at = Some(name);
        for step in path {
            let field = at.and_then(|name| self.fields(name).iter().find(|field| field.wire == *step));
            let Some(field) = field else { return Vec::new() };
            at = self.resolved(field.ty.unboxed()).own();
            found.push(field);
        }
        found
    }

    /// The type that the specification calls `wire`.
    #[must_use]
    pub fn schema(&self, wire: &str) -> Option<&Type> {
        self.types.values().find(|ty| ty.wire == wire)
    }

    /// What a type is once its other names are followed.
    #[must_use]
    pub fn resolved<'a>(&'a self, ty: &'a RustType) -> &'a RustType {
        let mut ty = ty;
        // A name never leads back to itself: `normalize` refuses those that do.
        while let RustType::Own(name) = ty {
            match self.types.get(name).map(|ty| &ty.kind) {
                Some(TypeKind::Alias { target, .. }) => ty = target,
                _ => break,
            }
        }
        ty
    }

    /// The feature that an item needs, where it is not always compiled.
    #[must_use]
    pub fn feature(&self, index: Option<usize>) -> Option<&Feature> {
        self.features.get(index?)
    }

    /// The file of the crate in which the items of a feature stand, such as `client/contact.rs` in the place of `client.rs`.
    #[must_use]
    pub fn file(&self, file: &str, feature: Option<usize>) -> Cow<'static, str> {
        match self.feature(feature) {
            None => format!("src/generated/{file}.rs").into(),
            Some(feature) => format!("src/generated/{file}/{}.rs", feature.module).into(),
        }
    }
}
