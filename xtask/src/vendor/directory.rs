//! The `[directory]` table: which operation of a vendor does what to its users.
//!
//! Enters: TOML. Leaves: operation ids by verb, each with its span in the manifest. Whether the operations exist is for
//! those to say who know the specification.

use serde::Deserialize;
use toml::Spanned;

/// The operations of a vendor's directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The schema that the operations carry; it has a `[user.<schema>]` table.
    pub schema: Spanned<String>,
    /// Reads one user.
    pub get: Option<Spanned<String>>,
    /// Reads all users.
    pub list: Option<Spanned<String>>,
    /// Looks for users; `list` where it is left out.
    pub find: Option<Spanned<String>>,
    /// Creates a user.
    pub create: Option<Spanned<String>>,
    /// Creates a user or updates the one that exists.
    pub save: Option<Spanned<String>>,
    /// Replaces a user that was read before.
    pub update: Option<Spanned<String>>,
    /// Lets a user log in again.
    pub enable: Option<Spanned<String>>,
    /// Keeps a user from logging in.
    pub disable: Option<Spanned<String>>,
    /// Removes a user.
    pub delete: Option<Spanned<String>>,
    /// Makes the user choose a new password.
    pub reset_password: Option<Spanned<String>>,
    /// Saves many users; `save`, one by one, where it is left out.
    pub save_all: Option<Spanned<String>>,
}

impl Directory {
    /// The verbs in the order in which people are shown them, with the operations that stand for them.
    #[must_use]
    pub fn verbs(&self) -> [(&'static str, Option<&Spanned<String>>); 11] {
        [
            ("get", self.get.as_ref()),
            ("list", self.list.as_ref()),
            ("find", self.find.as_ref().or(self.list.as_ref())),
            ("create", self.create.as_ref()),
            ("save", self.save.as_ref()),
            ("update", self.update.as_ref()),
            ("enable", self.enable.as_ref()),
            ("disable", self.disable.as_ref()),
            ("delete", self.delete.as_ref()),
            ("reset_password", self.reset_password.as_ref()),
            ("save_all", self.save_all.as_ref().or(self.save.as_ref())),
        ]
    }

    /// The names of the verbs, in the same order.
    pub const VERBS: [&str; 11] =
        ["get", "list", "find", "create", "save", "update", "enable", "disable", "delete", "reset_password", "save_all"];
}
