//! Tests of the command: the program as it is, over sockets, with emulators of the vendors.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod changes;
mod codes;
mod demo;
mod disasters;
mod docs;
mod everywhere;
mod external;
mod odd;
mod postgres;
mod replicas;
mod saved;
mod scim;
mod support;
mod survival;
mod trouble;
