//! What a specification demands of the values of an attribute. Knows no vendor.

/// What a specification demands of the values of an attribute: requests that do not keep to it are refused before they are sent.
///
/// ```
/// use vendor_users::AttributeConstraints;
///
/// const NAME: AttributeConstraints = AttributeConstraints::NONE.required().min_length(1).max_length(16);
/// assert!(NAME.required && NAME.max_length == Some(16));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeConstraints {
    /// Whether a user cannot be without it.
    pub required: bool,
    /// The fewest characters (Unicode scalar values).
    pub min_length: usize,
    /// The most characters.
    pub max_length: Option<usize>,
    /// The pattern that text has to match.
    pub pattern: Option<&'static str>,
    /// The values that are documented; any where there are none.
    pub values: &'static [&'static str],
}

impl AttributeConstraints {
    /// Nothing is demanded.
    pub const NONE: Self = Self { required: false, min_length: 0, max_length: None, pattern: None, values: &[] };

    /// Marks an attribute that a user cannot be without.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// At least so many characters.
    #[must_use]
    pub const fn min_length(self, min: usize) -> Self {
        Self { min_length: min, ..self }
    }

    /// At most so many characters.
    #[must_use]
    pub const fn max_length(self, max: usize) -> Self {
        Self { max_length: Some(max), ..self }
    }

    /// Text that matches the pattern.
    #[must_use]
    pub const fn pattern(self, pattern: &'static str) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    /// One of these values.
    #[must_use]
    pub const fn values(self, values: &'static [&'static str]) -> Self {
        Self { values, ..self }
    }
}

/// How an attribute of a user is left without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clearing {
    /// [`UserPatch::clear`](crate::UserPatch::clear) does it: the vendor documents a null, or leaves the value out.
    Null,
    /// The vendor documents no null, and its documents allow a text that is empty: a patch that clears the value sets that one.
    EmptyText,
    /// The vendor documents neither: the value can be changed and not be removed.
    Never,
}
