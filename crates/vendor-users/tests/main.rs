//! What the facade does, in one binary: a module for each part, most of them against the emulators of the vendors.

mod attributes;
mod billing;
mod broken;
mod directory;
#[path = "../examples/tour/emulated.rs"]
mod emulated;
mod in_house;
mod intents;
mod kept;
mod large;
mod matrix;
#[cfg(target_os = "linux")]
mod memory;
mod proof;
mod properties;
mod quirks;
mod replace;
mod rules;
mod scim;
mod secrets;
mod superoffice;
mod support;
mod survival;
mod transport;
mod values;
mod words;
