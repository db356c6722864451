//! Random APIs, and a renderer for each dialect that writes one as a page. The renderers share nothing with the readers.

pub(crate) mod aspnet_help_page;
pub(crate) mod random_api;
pub(crate) mod redoc_page;
pub(crate) mod redocly_markdown;
pub(crate) mod superoffice_docfx;
