//! Which module of a crate uses which: read from its sources, not from what a compiler makes of them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

/// From each top-level module to those that it uses, with a place for each.
pub(crate) type Uses = BTreeMap<String, BTreeMap<String, String>>;

/// Adds what `text`, the file at `path` (from `src/`), uses. A module and all below it are one.
pub(crate) fn read(path: &str, text: &str, uses: &mut Uses) {
    let module: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(path, "lib.rs" | "main.rs") {
        return;
    }
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut reader = Reader { file: path, module, uses };
    reader.visit_file(&file);
}

/// The smallest circle of modules, if there is one.
pub(crate) fn circle(uses: &Uses) -> Option<Vec<String>> {
    uses.keys().filter_map(|start| way_back(uses, start)).min_by_key(Vec::len)
}

fn way_back(uses: &Uses, start: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = std::collections::VecDeque::from([vec![start.to_owned()]]);
    while let Some(way) = ways.pop_front() {
        for next in uses.get(way.last()?).into_iter().flat_map(BTreeMap::keys) {
            let mut longer = way.clone();
            longer.push(next.clone());
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push_back(longer);
            }
        }
    }
    None
}

struct Reader<'a> {
    file: &'a str,
    module: Vec<String>,
    uses: &'a mut Uses,
}

impl Reader<'_> {
    /// Notes a path such as `crate::api::Api` or `super::super::words`.
    fn note(&mut self, path: &[String]) {
        let up = path.iter().take_while(|part| *part == "super").count();
        let rest = path.get(up.max(1)..).unwrap_or_default();
        let (used, from) = match path.first().map(String::as_str) {
            Some("crate") => (rest.first(), self.module.first()),
            // Only what climbs to the root leaves the module tree.
            Some("super") if up >= self.module.len() => (rest.first(), self.module.first()),
            _ => return,
        };
        if let (Some(used), Some(from)) = (used, from)
            && used != from
        {
            self.uses.entry(from.clone()).or_default().entry(used.clone()).or_insert_with(|| self.file.to_owned());
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.note(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    /// Paths in a macro's arguments, as far as they can be told without knowing the macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' => {}
                other => {
                    self.note(&std::mem::take(&mut path));
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.note(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.note(&parts);
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        // What stands in a quotation is the code of another crate.
        let quoted = ["quote", "quote_spanned", "parse_quote"].iter().any(|name| item.path.is_ident(name));
        if !quoted {
            self.tokens(item.tokens.clone());
        }
    }
}
