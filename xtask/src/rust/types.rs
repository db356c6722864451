//! Types as data.
//!
//! Input: a type as progenitor writes it, with absolute paths. Output: the same as a tree of names. Where a value comes from a
//! vendor, arrays are `List`s, which take nulls among their items, and dictionaries are `Map`s.

use std::fmt;

use serde::{Serialize, Serializer};
use syn::{GenericArgument, PathArguments, Type, TypePath};

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RustType {
    /// `()`
    Unit,
    /// One of the language, such as `bool` or `str`.
    Plain(String),
    /// One of the prelude, such as `Option<…>`.
    Prelude(String, Vec<RustType>),
    /// One of `client_core`, such as `List<…>`.
    Core(String, Vec<RustType>),
    /// The standard library's `BTreeMap`.
    Dictionary(Vec<RustType>),
    /// One of the vendor's own.
    Own(String),
    /// `&…`
    Reference(Box<RustType>),
    /// `[…]`
    Slice(Box<RustType>),
}

impl RustType {
    /// Reads a type. `received` values come from a vendor, or are sent back to it.
    ///
    /// # Errors
    /// The type, where no client has such a one.
    pub(super) fn read(ty: &Type, received: bool) -> Result<Self, String> {
        match ty {
            Type::Path(path) => Self::path(path, received),
            Type::Reference(reference) => Ok(Self::Reference(Box::new(Self::read(&reference.elem, received)?))),
            Type::Slice(slice) => Ok(Self::Slice(Box::new(Self::read(&slice.elem, received)?))),
            Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Self::Unit),
            Type::Paren(inner) => Self::read(&inner.elem, received),
            Type::Group(inner) => Self::read(&inner.elem, received),
            other => Err(quote::ToTokens::to_token_stream(other).to_string()),
        }
    }

    fn path(path: &TypePath, received: bool) -> Result<Self, String> {
        let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let arguments = path.path.segments.last().map_or(Ok(Vec::new()), |last| arguments(&last.arguments, received))?;
        let core = |name: &str, arguments| Ok(Self::Core(name.to_owned(), arguments));
        match names.as_slice() {
            // That the values may be null is what a `Map` takes anyway.
            ["std", "collections", "BTreeMap"] if received => {
                core("Map", arguments.into_iter().next_back().map(Self::optional).into_iter().collect())
            }
            ["std", "collections", "BTreeMap"] => Ok(Self::Dictionary(arguments)),
            ["std", "vec", "Vec"] if received && !arguments.iter().any(Self::is_option) => core("List", arguments),
            ["std", _, name @ ("String" | "Vec" | "Option" | "Box")] => Ok(Self::Prelude((*name).to_owned(), arguments)),
            // A vendor's own type has no arguments.
            [name @ ("Vec" | "Option" | "Box")] if !arguments.is_empty() => Ok(Self::Prelude((*name).to_owned(), arguments)),
            ["serde_json", "Value"] => core("Json", Vec::new()),
            ["serde_json", "Map"] => {
                let json = Self::Core("Json".to_owned(), Vec::new());
                if received {
                    return core("Map", vec![json]);
                }
                Ok(Self::Dictionary(vec![Self::Prelude("String".to_owned(), Vec::new()), json]))
            }
            ["client_core", name] => core(name, arguments),
            ["f64" | "f32"] => core("Number", Vec::new()),
            ["types", name] => Ok(Self::Own((*name).to_owned())),
            [name] if name.starts_with(|first: char| first.is_ascii_lowercase()) => Ok(Self::Plain((*name).to_owned())),
            [name] => Ok(Self::Own((*name).to_owned())),
            _ => Err(names.join("::")),
        }
    }

    fn is_option(&self) -> bool {
        matches!(self, Self::Prelude(name, _) if name == "Option")
    }

    /// The type within an `Option`, or the type itself.
    pub(super) fn optional(self) -> Self {
        match self {
            Self::Prelude(name, mut arguments) if name == "Option" && arguments.len() == 1 => arguments.remove(0),
            other => other,
        }
    }

    /// A borrowed list is a slice.
    pub(super) fn slice(self) -> Self {
        match self {
            Self::Reference(inner) => match *inner {
                Self::Prelude(name, mut arguments) | Self::Core(name, mut arguments)
                    if matches!(name.as_str(), "Vec" | "List") && arguments.len() == 1 =>
                {
                    Self::Reference(Box::new(Self::Slice(Box::new(arguments.remove(0)))))
                }
                inner => Self::Reference(Box::new(inner)),
            },
            other => other,
        }
    }

    /// The vendor's own type that this is, references aside.
    #[must_use]
    pub fn own(&self) -> Option<&str> {
        match self {
            Self::Own(name) => Some(name),
            Self::Reference(inner) => inner.own(),
            _ => None,
        }
    }

    /// The type in a `Box`, or the type itself.
    #[must_use]
    pub fn unboxed(&self) -> &Self {
        match self {
            Self::Prelude(name, arguments) if name == "Box" => arguments.first().unwrap_or(self),
            other => other,
        }
    }

    /// Whether it is this type of `client_core`, references aside.
    #[must_use]
    pub fn is_core(&self, wanted: &str) -> bool {
        match self {
            Self::Core(name, _) => name == wanted,
            Self::Reference(inner) => inner.is_core(wanted),
            _ => false,
        }
    }

    /// What a list, a map or an optional value holds.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::Prelude(_, arguments) | Self::Core(_, arguments) | Self::Dictionary(arguments) => arguments.last(),
            Self::Reference(inner) | Self::Slice(inner) => Some(inner),
            _ => None,
        }
    }

    /// As it stands in code, the vendor's own types behind `module`.
    #[must_use]
    pub fn text(&self, module: &str) -> String {
        let generic = |name: &str, arguments: &[Self]| {
            if arguments.is_empty() {
                return name.to_owned();
            }
            let arguments: Vec<String> = arguments.iter().map(|argument| argument.text(module)).collect();
            format!("{name}<{}>", arguments.join(", "))
        };
        match self {
            Self::Unit => "()".to_owned(),
            Self::Plain(name) => name.clone(),
            Self::Prelude(name, arguments) | Self::Core(name, arguments) => generic(name, arguments),
            Self::Dictionary(arguments) => generic("BTreeMap", arguments),
            Self::Own(name) => format!("{module}{name}"),
            Self::Reference(inner) => format!("&{}", inner.text(module)),
            Self::Slice(inner) => format!("[{}]", inner.text(module)),
        }
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(""))
    }
}

impl Serialize for RustType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn arguments(arguments: &PathArguments, received: bool) -> Result<Vec<RustType>, String> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Ok(Vec::new()) };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(RustType::read(ty, received)),
        _ => None,
    });
    types.collect()
}
