//! The command line from the outside: exit codes, the forms of what is printed, and what an interrupt leaves.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod importing;
#[cfg(unix)]
mod interrupt;
mod output;
mod workspace;
