//! What the documents say a value must be: required, so long, of this pattern.
//!
//! Input: a value and its constraints. Output: violations. Only requests are checked; what a vendor answers is taken as it is.

use crate::pattern::Pattern;
use crate::violations::{At, Problem, Violations};

/// The documented constraints of one value. Built in a `static`.
#[derive(Clone, Copy, Debug)]
pub struct Constraints {
    required: bool,
    nullable: bool,
    uuid: bool,
    min_length: usize,
    max_length: usize,
    min_items: usize,
    max_items: usize,
    minimum: Option<Bound>,
    maximum: Option<Bound>,
    pattern: Option<&'static Pattern>,
    each: Option<&'static Constraints>,
}

#[derive(Clone, Copy, Debug)]
struct Bound {
    value: f64,
    exclusive: bool,
}

impl Constraints {
    /// Nothing is demanded.
    pub const NONE: Self = Self {
        required: false,
        nullable: false,
        uuid: false,
        min_length: 0,
        max_length: usize::MAX,
        min_items: 0,
        max_items: usize::MAX,
        minimum: None,
        maximum: None,
        pattern: None,
        each: None,
    };

    /// The value must be there, and not null.
    pub const REQUIRED: Self = Self { required: true, ..Self::NONE };

    /// Takes null as a value, for a required one too.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// Demands between `min` and `max` characters (Unicode scalar values).
    #[must_use]
    pub const fn length(self, min: usize, max: usize) -> Self {
        self.min_length(min).max_length(max)
    }

    /// Demands at least so many characters.
    #[must_use]
    pub const fn min_length(self, min: usize) -> Self {
        Self { min_length: min, ..self }
    }

    /// Demands at most so many characters.
    #[must_use]
    pub const fn max_length(self, max: usize) -> Self {
        Self { max_length: max, ..self }
    }

    /// Demands between `min` and `max` items of an array.
    #[must_use]
    pub const fn items(self, min: usize, max: usize) -> Self {
        self.min_items(min).max_items(max)
    }

    /// Demands at least so many items.
    #[must_use]
    pub const fn min_items(self, min: usize) -> Self {
        Self { min_items: min, ..self }
    }

    /// Demands at most so many items.
    #[must_use]
    pub const fn max_items(self, max: usize) -> Self {
        Self { max_items: max, ..self }
    }

    /// Demands text that matches the pattern.
    #[must_use]
    pub const fn pattern(self, pattern: &'static Pattern) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    /// Demands text in the form of a UUID: 8-4-4-4-12 hexadecimal digits.
    #[must_use]
    pub const fn uuid(self) -> Self {
        Self { uuid: true, ..self }
    }

    /// Demands a number not below this one.
    #[must_use]
    pub const fn minimum(self, value: f64) -> Self {
        Self { minimum: Some(Bound { value, exclusive: false }), ..self }
    }

    /// Demands a number not above this one.
    #[must_use]
    pub const fn maximum(self, value: f64) -> Self {
        Self { maximum: Some(Bound { value, exclusive: false }), ..self }
    }

    /// Demands a number above this one.
    #[must_use]
    pub const fn exclusive_minimum(self, value: f64) -> Self {
        Self { minimum: Some(Bound { value, exclusive: true }), ..self }
    }

    /// Demands a number below this one.
    #[must_use]
    pub const fn exclusive_maximum(self, value: f64) -> Self {
        Self { maximum: Some(Bound { value, exclusive: true }), ..self }
    }

    /// Constraints of each item of an array, or of each value of a map.
    #[must_use]
    pub const fn each(self, constraints: &'static Constraints) -> Self {
        Self { each: Some(constraints), ..self }
    }

    /// Sets the constraints of the items.
    pub const fn of_each(&self) -> &'static Constraints {
        match self.each {
            Some(constraints) => constraints,
            None => &Self::NONE,
        }
    }

    /// Whether something must be there.
    #[inline]
    pub(crate) const fn is_required(&self) -> bool {
        self.required
    }

    /// Checks that something is there where something must be.
    pub fn check_absent(&self, is_null: bool, at: &At<'_>, found: &mut Violations) {
        if self.required && !(is_null && self.nullable) {
            found.add(at, Problem::Missing);
        }
    }

    /// Checks a text.
    #[inline]
    pub fn check_text(&self, text: &str, at: &At<'_>, found: &mut Violations) {
        // Most texts have no constraints, or no more characters than bytes and so no more than are allowed.
        if self.min_length > 0 || text.len() > self.max_length || self.uuid || self.pattern.is_some() {
            self.check_limited_text(text, at, found);
        }
    }

    fn check_limited_text(&self, text: &str, at: &At<'_>, found: &mut Violations) {
        let mut length_holds = true;
        if self.min_length > 0 || text.len() > self.max_length {
            let length = text.chars().count();
            if length < self.min_length {
                length_holds = false;
                found.add(at, Problem::TooShort { found: length, min: self.min_length });
            } else if length > self.max_length {
                length_holds = false;
                found.add(at, Problem::TooLong { found: length, max: self.max_length });
            }
        }
        if self.uuid && !is_uuid(text) {
            found.add(at, Problem::NotAUuid);
        }
        // The engine backtracks: it never sees a text that is too long anyway.
        if let Some(pattern) = self.pattern.filter(|_| length_holds) {
            match pattern.is_match(text) {
                Ok(true) => {}
                Ok(false) => found.add(at, Problem::Pattern(pattern.as_str())),
                Err(invalid) => found.add(at, Problem::InvalidPattern(invalid)),
            }
        }
    }

    /// Checks a number.
    #[inline]
    pub fn check_number(&self, number: f64, at: &At<'_>, found: &mut Violations) {
        if let Some(Bound { value, exclusive }) = self.minimum
            && (number < value || (exclusive && number <= value))
        {
            let min = value;
            found.add(at, Problem::TooSmall { min, exclusive });
        }
        if let Some(Bound { value, exclusive }) = self.maximum
            && (number > value || (exclusive && number >= value))
        {
            let max = value;
            found.add(at, Problem::TooLarge { max, exclusive });
        }
    }

    /// Checks how many items there are.
    pub fn check_items(&self, count: usize, at: &At<'_>, found: &mut Violations) {
        if count < self.min_items {
            found.add(at, Problem::TooFewItems { found: count, min: self.min_items });
        }
        if count > self.max_items {
            found.add(at, Problem::TooManyItems { found: count, max: self.max_items });
        }
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
