//! Where the nodes of a specification stand in the files of a vendor.
//!
//! Input: a vendor as read and made. Output: the places of a node, each as far as it was read: what its `x-source` only begins to
//! say. Decides nothing.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    document::{Document, Span},
    nodes::{Pointer, sources},
    regen::Made,
};

/// Files and corrections of a vendor, in which the places of many nodes are looked up.
pub struct Places<'a> {
    made: &'a Made,
    files: HashMap<&'a str, &'a Document>,
    corrections: HashMap<(u32, u32), Span>,
}

impl<'a> Places<'a> {
    /// Those of one vendor.
    #[must_use]
    pub fn of(made: &'a Made) -> Self {
        let mut corrections = HashMap::new();
        for span in made.specification.corrections.iter().map(|correction| correction.span) {
            corrections.entry((span.document, span.start)).or_insert(span);
        }
        Self { made, files: made.vendor.sources().map(|file| (file.path.as_str(), file)).collect(), corrections }
    }

    /// The places of the node at `pointer`, in the order of its `x-source`.
    #[must_use]
    pub fn node(&self, pointer: &Pointer, node: &Map<String, Value>) -> Vec<Span> {
        let known = self.made.specification.spans(&self.made.vendor).get(pointer).map(Vec::as_slice).unwrap_or_default();
        let starts = sources(node).into_iter().filter_map(|source| self.start(&source));
        starts
            .map(|start| {
                let read = known.iter().filter(|span| (span.document, span.start) == (start.document, start.start));
                let correction = || self.corrections.get(&(start.document, start.start));
                read.max_by_key(|span| span.end).or_else(correction).copied().unwrap_or(start)
            })
            .collect()
    }

    /// The empty span at a place such as `docs/user.md:12:3`.
    fn start(&self, source: &str) -> Option<Span> {
        let (path, _) = source.rsplit_once(':')?.0.rsplit_once(':')?;
        self.files.get(path)?.find(source)
    }
}
