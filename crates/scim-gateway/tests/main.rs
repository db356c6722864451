//! Tests of the gateway, one module per concern.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod conversations;
mod failures;
mod protocol;
mod support;
mod users;
mod walks;
