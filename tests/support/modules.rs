//! Which module of a crate uses which: read from its sources, not from what a compiler makes of them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

/// The names from the root of a crate to a module; the root itself is empty.
type Path = Vec<String>;

/// From each module of one folder to those beside it that it uses, with a file for each. What stands below a module counts
/// as its own.
pub(crate) type Uses = BTreeMap<String, BTreeMap<String, String>>;

/// The modules of one crate.
pub(crate) struct Modules {
    modules: BTreeSet<Path>,
    /// What a module offers under a name of its own: `pub use error::Error`.
    offered: BTreeMap<(Path, String), Path>,
    /// Each use of a path, with the module and file that it stands in.
    used: Vec<(Path, Path, String)>,
}

impl Modules {
    /// Reads the sources of a crate: paths from its `src/`, and texts.
    pub(crate) fn read<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let files: Vec<(&str, Path, &str)> = files.map(|(path, text)| (path, module(path), text)).collect();
        let modules = files.iter().map(|(_, module, _)| module.clone()).collect();
        let mut made = Self { modules, offered: BTreeMap::new(), used: Vec::new() };
        for (path, module, text) in files {
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            Reader { file: path, module, made: &mut made }.visit_file(&file);
        }
        made
    }

    /// The modules that stand in the root, but for those of tests.
    pub(crate) fn top(&self) -> BTreeSet<&str> {
        self.modules.iter().filter(|module| module.len() == 1).map(|module| module[0].as_str()).collect()
    }

    /// For each folder, by the path of its module, which of its modules use each other.
    pub(crate) fn uses(&self) -> BTreeMap<String, Uses> {
        let mut all: BTreeMap<String, Uses> = BTreeMap::new();
        for (from, path, file) in &self.used {
            let owner = self.owner(path, 0);
            let common = from.iter().zip(&owner).take_while(|(one, other)| one == other).count();
            // A module knows what is below it, and what is below it may know its types.
            if let (Some(user), Some(used)) = (from.get(common), owner.get(common)) {
                let folder = all.entry(from[..common].join("::")).or_default();
                folder.entry(user.clone()).or_default().entry(used.clone()).or_insert_with(|| file.clone());
            }
        }
        all
    }

    /// The module that has the item at a path, through whatever offers it under another name.
    fn owner(&self, path: &[String], steps: usize) -> Path {
        let mut at = Path::new();
        for (index, part) in path.iter().enumerate() {
            at.push(part.clone());
            if self.modules.contains(&at) {
                continue;
            }
            at.pop();
            return match self.offered.get(&(at.clone(), part.clone())) {
                Some(target) if steps < 9 => self.owner(&[target, &path[index + 1..]].concat(), steps + 1),
                _ => at,
            };
        }
        at
    }
}

/// Sets of modules in which each one uses, by some way, all the others.
pub(crate) fn circles(uses: &Uses) -> Vec<BTreeSet<&str>> {
    let reach = |start: &str| -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![start.to_owned()];
        while let Some(at) = open.pop() {
            let next = uses.get(&at).into_iter().flat_map(BTreeMap::keys);
            open.extend(next.filter(|next| seen.insert(next.as_str())).cloned());
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = uses.keys().map(|module| (module.as_str(), reach(module))).collect();
    let circle = |module: &&str| -> BTreeSet<&str> {
        let others = reached[*module].iter().copied();
        others.filter(|other| reached.get(other).is_some_and(|back| back.contains(*module))).collect()
    };
    let found: BTreeSet<BTreeSet<&str>> = reached.keys().map(circle).filter(|circle| !circle.is_empty()).collect();
    found.into_iter().collect()
}

/// The module that a file is, by its path from `src/`.
fn module(path: &str) -> Path {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(path, "lib" | "main") { Path::new() } else { path.split('/').map(str::to_owned).collect() }
}

struct Reader<'a> {
    file: &'a str,
    module: Path,
    made: &'a mut Modules,
}

impl Reader<'_> {
    /// A path such as `crate::api::Api`, `super::words` or, of a module below, `words::plain`, from the root.
    fn whole(&self, path: &[String]) -> Option<Path> {
        let up = path.iter().take_while(|part| *part == "super").count();
        match path.first()?.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([&self.module, &path[1..]].concat()),
            "super" => Some([self.module.get(..self.module.len().checked_sub(up)?)?, &path[up..]].concat()),
            first => {
                let below = [&self.module[..], &[first.to_owned()]].concat();
                self.made.modules.contains(&below).then(|| [&self.module, path].concat())
            }
        }
    }

    fn note(&mut self, path: &[String]) {
        if let Some(whole) = self.whole(path) {
            self.made.used.push((self.module.clone(), whole, self.file.to_owned()));
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.name(&with(&name.ident), &name.ident),
            syn::UseTree::Rename(rename) => self.name(&with(&rename.ident), &rename.rename),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    fn name(&mut self, path: &[String], name: &syn::Ident) {
        self.note(path);
        if let Some(whole) = self.whole(path) {
            self.made.offered.insert((self.module.clone(), name.to_string()), whole);
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
        // What only tests see is no part of the layout.
        let tests = item.attrs.iter().any(|attribute| matches!(&attribute.meta, syn::Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test"));
        if item.content.is_none() || tests {
            return;
        }
        self.module.push(item.ident.to_string());
        self.made.modules.insert(self.module.clone());
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
