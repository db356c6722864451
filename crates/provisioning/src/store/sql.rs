//! The store over a database that speaks SQL: the statements once, each database beneath them.
//!
//! A database is a [`Connection`] that runs statements with text and integers; everything else is the same for all. Statements
//! run on threads of their own, so that no caller's runtime is held up.

mod connection;
mod documents;
mod links;
mod migrations;
#[cfg(feature = "postgres")]
mod postgres;
mod requests;
mod runs;
#[cfg(feature = "sqlite")]
mod sqlite;
mod worker;

pub use worker::SqlStore;
