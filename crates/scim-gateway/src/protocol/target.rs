//! Paths of PATCH operations (RFC 7644, section 3.5.2): an attribute, or chosen values of one.

use super::error::{ScimError, ScimType, shortened};
use super::filter::{Filter, FilterLimits};
use super::names::AttributePath;

/// What a PATCH operation is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The attribute; its sub-attribute where values are chosen and one part of them is meant.
    pub path: AttributePath,
    /// Which values of it.
    pub chosen: Option<Filter>,
}

impl Target {
    /// Parses a path such as `name.givenName` or `emails[type eq "work"].value`.
    ///
    /// # Errors
    ///
    /// [`ScimType::InvalidPath`] where it is none, or larger than the limits.
    pub fn parse(text: &str, limits: FilterLimits) -> Result<Self, ScimError> {
        let wrong = |why: String| ScimError::of(ScimType::InvalidPath, format!("the path `{}`: {why}", shortened(text)));
        let text = text.trim();
        if text.len() > limits.length {
            return Err(ScimError::of(ScimType::InvalidPath, format!("a path has at most {} bytes", limits.length)));
        }
        let Some((name, rest)) = text.split_once('[') else {
            return Ok(Self { path: AttributePath::parse(text)?, chosen: None });
        };
        let (within, after) = rest.rsplit_once(']').ok_or_else(|| wrong("`]` is missing".to_owned()))?;
        let mut path = AttributePath::parse(name)?;
        if path.sub.is_some() || path.name.is_empty() {
            return Err(wrong("values are chosen of an attribute, not of a part of one".to_owned()));
        }
        path.sub = match after.strip_prefix('.') {
            Some(sub) => Some(AttributePath::parse(sub)?.dotted()),
            None if after.is_empty() => None,
            None => return Err(wrong("behind `]` comes a point and the name of a sub-attribute, or nothing".to_owned())),
        };
        let filter = Filter::parse(within, limits).map_err(|error| wrong(error.detail))?;
        Ok(Self { path, chosen: Some(filter) })
    }
}
