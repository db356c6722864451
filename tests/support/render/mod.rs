//! Random APIs, and a renderer for each dialect that writes one as a page. The renderers share nothing with the readers.

pub(crate) mod random_api;

mod aspnet_help_page;
mod redoc_page;
mod redocly_markdown;
mod saved;
mod superoffice_docfx;

use xtask::{
    api::Api,
    dialect::{Dialect, Options},
};

use self::random_api::Dice;

/// How the pages of one dialect are written.
pub(crate) struct Renderer {
    /// What such a page can say.
    pub(crate) api: fn(&mut Dice<'_>) -> Api,
    /// The forms that the pages have, and that come back alike.
    pub(crate) forms: &'static [Form],
    /// What may be otherwise in the text of a page of the first form without a difference.
    pub(crate) respelled: fn(&str) -> String,
    /// What they have of their own within the dialect.
    pub(crate) options: fn() -> Options,
    /// Several operations can stand in one document.
    pub(crate) joins: bool,
    /// The pages name no types: what they repeat comes back as a type that a rule has named.
    pub(crate) nameless: bool,
    /// Pages whose last table goes on and on: how they begin, and a row, in which `§` is another number each time.
    pub(crate) large: &'static [(&'static str, &'static str)],
}

/// One form of a dialect's pages.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) page: fn(&Api) -> String,
}

/// What the pages of the tests have of their own.
pub(crate) fn options(dialect: Dialect) -> Options {
    (renderer(dialect).options)()
}

/// The renderer of a dialect.
pub(crate) fn renderer(dialect: Dialect) -> &'static Renderer {
    match dialect {
        Dialect::AspnetHelpPage => &aspnet_help_page::RENDERER,
        Dialect::RedocPage => &redoc_page::RENDERER,
        Dialect::RedoclyMarkdown => &redocly_markdown::RENDERER,
        Dialect::SuperofficeDocfx => &superoffice_docfx::RENDERER,
    }
}
