//! placeholder
use crate::{dialect::Page, document::Document};
pub(super) fn read(_document: &Document) -> Page {
    Page::default()
}
