//! What the facade does, in one binary: a module for each part, most of them against the emulators of the vendors.

mod attributes;
mod directory;
mod in_house;
mod proof;
mod properties;
mod quirks;
mod replace;
mod scim;
mod support;
mod transport;
mod values;
mod words;
