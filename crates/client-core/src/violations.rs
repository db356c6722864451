//! What is wrong with a request that has not been sent: where, what was expected, what was found.
//!
//! Input: problems from constraints and guards. Output: one error that names them all. Values are never shown, they may be secret.

use crate::pattern::InvalidPattern;
use crate::secret::Secret;
use std::fmt::{self, Write as _};

/// In which part of a request something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgumentPlace {
    /// The body.
    Body,
    /// A part of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// Where a checked value stands. Nothing is allocated unless a violation is found.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    parent: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Start(ArgumentPlace),
    Member(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    /// Returns the start of a part of the request.
    pub const fn start(place: ArgumentPlace) -> Self {
        Self { parent: None, step: Step::Start(place) }
    }

    /// A member of what stands here.
    #[must_use]
    pub const fn member(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Member(name) }
    }

    /// An item of what stands here.
    #[must_use]
    pub const fn item(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(index) }
    }

    fn render(&self, path: &mut String) -> ArgumentPlace {
        let place = match self.parent {
            Some(parent) => parent.render(path),
            None => ArgumentPlace::Body,
        };
        match self.step {
            Step::Start(place) => return place,
            Step::Member(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            // Writing into a String does not fail.
            Step::Item(index) => drop(write!(path, "[{index}]")),
        }
        place
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// In which part of the request.
    pub place: ArgumentPlace,
    /// The wire name, with the names around it: `brmObjects.Email`, `users[3].user_ID`.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// Required, but not there (or null where null is not documented).
    Missing,
    /// Fewer characters than documented.
    TooShort {
        /// Characters found.
        found: usize,
        /// Characters wanted.
        min: usize,
    },
    /// More characters than documented.
    TooLong {
        /// Characters found.
        found: usize,
        /// Characters allowed.
        max: usize,
    },
    /// The documented pattern does not match.
    Pattern(&'static str),
    /// The documented pattern itself is broken.
    InvalidPattern(InvalidPattern),
    /// Not a UUID.
    NotAUuid,
    /// Below the documented minimum.
    TooSmall {
        /// The bound.
        min: f64,
        /// Whether the bound itself is too small.
        exclusive: bool,
    },
    /// Above the documented maximum.
    TooLarge {
        /// The bound.
        max: f64,
        /// Whether the bound itself is too large.
        exclusive: bool,
    },
    /// Fewer items than documented.
    TooFewItems {
        /// Items found.
        found: usize,
        /// Items wanted.
        min: usize,
    },
    /// More items than documented.
    TooManyItems {
        /// Items found.
        found: usize,
        /// Items allowed.
        max: usize,
    },
    /// An empty path value would address another resource.
    EmptyPathValue,
    /// `.` or `..` in a path value would leave its place in the path.
    DotSegment,
    /// A control character in a path or header value.
    ControlCharacter,
    /// A header value with characters outside of visible ASCII.
    NotVisibleAscii,
    /// A documented member was put into `extra`.
    DocumentedInExtra,
    /// A path that is still open: no value was given for a part of it.
    NoPathValue,
}

impl fmt::Display for Problem {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_equal = |exclusive: &bool| if *exclusive { "" } else { " or equal to" };
        match self {
            Self::Missing => to.write_str("is required, but missing"),
            Self::TooShort { found, min } => {
                write!(to, "has {found} characters, at least {min} are expected")
            }
            Self::TooLong { found, max } => {
                write!(to, "has {found} characters, at most {max} are allowed")
            }
            Self::Pattern(pattern) => write!(to, "does not match the documented pattern {pattern}"),
            Self::InvalidPattern(invalid) => write!(to, "cannot be checked, the documented pattern is broken: {invalid}"),
            Self::NotAUuid => to.write_str("is not a UUID like a2d8b2d2-1673-4f2d-a9ec-b02947160be7"),
            Self::TooSmall { min, exclusive } => {
                write!(to, "must be greater than{} {min}", or_equal(exclusive))
            }
            Self::TooLarge { max, exclusive } => {
                write!(to, "must be less than{} {max}", or_equal(exclusive))
            }
            Self::TooFewItems { found, min } => {
                write!(to, "has {found} items, at least {min} are expected")
            }
            Self::TooManyItems { found, max } => {
                write!(to, "has {found} items, at most {max} are allowed")
            }
            Self::EmptyPathValue => to.write_str("is empty, which would address another resource"),
            Self::DotSegment => to.write_str("has a part that is `.` or `..`, which would address another resource"),
            Self::ControlCharacter => to.write_str("has a control character, such as CR, LF or NUL"),
            Self::NotVisibleAscii => to.write_str("has a character that a header cannot carry: visible ASCII is expected"),
            Self::DocumentedInExtra => to.write_str("is a documented member: set its field, not `extra`"),
            Self::NoPathValue => to.write_str("has no value, but stands in the path"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.place {
            ArgumentPlace::Body => "",
            ArgumentPlace::Path => "path parameter ",
            ArgumentPlace::Query => "query parameter ",
            ArgumentPlace::Header => "header ",
        };
        let path = if self.path.is_empty() { "the body" } else { &self.path };
        write!(to, "{part}{path} {}", self.problem)
    }
}

/// All that is wrong with a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Violations {
    list: Vec<Violation>,
    secrets: Option<Vec<Secret>>,
}

impl Violations {
    /// Adds a problem of the value that stands at `at`.
    pub fn add(&mut self, at: &At<'_>, problem: Problem) {
        let mut path = String::new();
        let place = at.render(&mut path);
        self.list.push(Violation { place, path, problem });
    }

    /// Returns the violations, in the order of the request.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns whether all is well.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The same walk, made to collect the secrets on the way.
    pub(crate) fn collecting_secrets() -> Self {
        Self { list: Vec::new(), secrets: Some(Vec::new()) }
    }

    pub(crate) fn meet_secret(&mut self, secret: &Secret) {
        if let Some(secrets) = &mut self.secrets {
            secrets.push(secret.clone());
        }
    }

    pub(crate) fn into_secrets(self) -> Vec<Secret> {
        self.secrets.unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(to, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
