//! Tests of the gateway, one module per concern.

mod protocol;
mod users;
