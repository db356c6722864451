//! What the whole workspace promises, checked from the outside. This file holds the README to its word: its example compiles.
#![doc = include_str!("../README.md")]
