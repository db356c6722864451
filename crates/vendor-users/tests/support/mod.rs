//! What the tests of the facade share.

pub(crate) mod conformance;
pub(crate) mod register;
pub(crate) mod required;
