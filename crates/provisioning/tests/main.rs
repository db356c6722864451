//! Tests of the provisioning rules, one module per concern.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod apply;
mod config;
mod mapping;
mod people;
mod planner;
mod postgres;
mod properties;
mod snapshot;
mod store;
