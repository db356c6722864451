//! The HTTP methods that an OpenAPI document can have, in the order of its specification.
//!
//! The one table of them: what pages write, what travels, and the members of a path item.

/// An HTTP method that OpenAPI has a place for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// All of them, in the order of the OpenAPI Specification.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// Returns the method of this name, in any case; `None` for other words, such as the `DEL` of some link texts.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name().eq_ignore_ascii_case(name))
    }

    /// Returns the method whose operation stands under this member of a path item, such as `put`.
    #[must_use]
    pub fn of_member(member: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.member() == member)
    }

    /// Returns the name on the wire, such as `PUT`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// Returns the member of a path item that holds the operation, such as `put`.
    #[must_use]
    pub const fn member(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Get => ("GET", "get"),
            Self::Put => ("PUT", "put"),
            Self::Post => ("POST", "post"),
            Self::Delete => ("DELETE", "delete"),
            Self::Options => ("OPTIONS", "options"),
            Self::Head => ("HEAD", "head"),
            Self::Patch => ("PATCH", "patch"),
            Self::Trace => ("TRACE", "trace"),
        }
    }
}
