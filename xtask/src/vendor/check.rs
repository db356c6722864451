//! Whether a manifest makes sense in itself.
//!
//! Input: a manifest. Output: all that is wrong with it, with places. Looks at no other file. Names that will become
//! Rust or paths are checked here, so that nothing further on has to distrust them.

use std::{collections::HashSet, ops::Range};

use toml::Spanned;

use super::{
    Manifest,
    directory::Entry,
    manifest::{KeyLocation, SecurityKind, Server},
    name,
    user::{Place, Reading, Source, Writing},
    version,
};
use crate::{
    attributes::{self, Attribute},
    diagnostic::Diagnostic,
    dialect::Dialect,
    document::{Document, Span},
    markup::unprintable,
    words::is_token,
};

/// What to do about an error of the TOML reader.
pub(super) fn help(message: &str) -> String {
    let list = |names: Vec<&str>| format!("known are: {}", names.join(", "));
    if message.contains("unknown variant") && Dialect::ALL.iter().all(|dialect| message.contains(dialect.name())) {
        list(Dialect::ALL.iter().map(|dialect| dialect.name()).collect())
    } else if message.contains(attributes::UNKNOWN) {
        list(Attribute::all().map(Attribute::name).collect())
    } else if message.contains("unknown field") {
        "correct the word or remove the entry".to_owned()
    } else if message.contains("missing field") {
        "add the entry to the table that starts here".to_owned()
    } else {
        "correct this entry".to_owned()
    }
}

/// All that is wrong with `manifest`.
pub(super) fn manifest(manifest: &Manifest, source: &Document) -> Vec<Diagnostic> {
    let mut check = Check { source, problems: Vec::new() };
    if let Some((message, help)) = name::form(manifest.name.get_ref()) {
        check.at(manifest.name.span(), message, &help);
    }
    if let Some(version) = manifest.stated_version().filter(|version| version::Version::read(version.get_ref()).is_none()) {
        check.problem(version, "is not the version of a crate", "write three numbers, such as `0.1.0`");
    }
    for text in [&manifest.title, &manifest.contact.name] {
        check.name(text);
    }
    check.filled(&manifest.description);
    check.address(&manifest.contact.url);
    check.pages(manifest);
    check.documents(manifest);
    manifest.servers.iter().for_each(|server| check.server(server));
    for (name, security) in &manifest.security {
        check.name(name);
        check.filled(&security.reason);
        check.filled(&security.evidence);
        check.security(&security.kind);
    }
    check.names(manifest);
    for (name, tag) in &manifest.tags {
        check.name(name);
        tag.name.iter().for_each(|name| check.name(name));
        tag.description.iter().for_each(|text| check.filled(text));
    }
    for (schema, map) in &manifest.user {
        check.name(schema);
        for (attribute, source) in &map.attributes {
            check.source(attribute, source);
        }
    }
    check.directory(manifest);
    check.problems
}

struct Check<'a> {
    source: &'a Document,
    problems: Vec<Diagnostic>,
}

impl Check<'_> {
    fn at(&mut self, range: Range<usize>, message: String, help: &str) {
        let span: Span = self.source.span(range);
        self.problems.push(Diagnostic::new(span, message, help));
    }

    fn problem(&mut self, text: &Spanned<String>, message: &str, help: &str) {
        self.at(text.span(), format!("`{}` {message}", text.get_ref()), help);
    }

    fn filled(&mut self, text: &Spanned<String>) {
        if text.get_ref().trim().is_empty() {
            self.at(text.span(), "this is empty".to_owned(), "write what a reader must know here");
        }
    }

    /// A title or a name, which travels into Rust, TOML, Markdown, HTML and terminals.
    fn name(&mut self, text: &Spanned<String>) {
        if let Some(fault) = unprintable(text.get_ref()) {
            let help = "write one line of printable text";
            self.at(text.span(), format!("this {fault}"), help);
        }
    }

    fn address(&mut self, text: &Spanned<String>) {
        let rest = text.get_ref().strip_prefix("https://").or_else(|| text.get_ref().strip_prefix("http://"));
        let host = rest.is_some_and(|rest| rest.starts_with(|char: char| char.is_alphanumeric() || char == '{'));
        if !host || text.get_ref().contains(|char: char| char.is_whitespace() || char.is_control()) {
            self.problem(text, "is not an address", "write it whole, from `https://`");
        }
    }

    /// The words of `[dialect]`, which its reader must know.
    fn pages(&mut self, manifest: &Manifest) {
        let dialect = manifest.dialect();
        let mut seen = HashSet::new();
        for (option, word) in manifest.dialect.get_ref().words() {
            let text = word.get_ref();
            if !dialect.options().contains(&option) {
                let known = dialect.options().join(", ");
                let help =
                    if known.is_empty() { "remove it: it has no options".to_owned() } else { format!("known are: {known}") };
                self.at(word.span(), format!("the dialect `{}` has no option `{option}`", dialect.name()), &help);
            } else if !is_token(text) {
                let help = "a name of a header is one word of ASCII letters, digits and `-`";
                self.at(word.span(), format!("`{text}` cannot be a header"), help);
            } else if !seen.insert(text.to_ascii_lowercase()) {
                self.at(word.span(), format!("`{text}` stands here twice"), "say it once");
            }
        }
    }

    fn documents(&mut self, manifest: &Manifest) {
        if manifest.documents.is_empty() {
            self.at(0..0, "the manifest lists no document".to_owned(), "add [[documents]] with file, sha256 and url");
        }
        let mut seen = HashSet::new();
        for entry in &manifest.documents {
            if !is_file_name(entry.file.get_ref()) {
                self.problem(
                    &entry.file,
                    "is not the plain name of a file in docs/",
                    "use letters, digits, `.`, `-` and `_`, and no folder",
                );
            }
            if !seen.insert(entry.file.get_ref().to_lowercase()) {
                self.problem(&entry.file, "is listed twice", "keep one entry");
            }
            if entry.sha256.get_ref().len() != 64 || !entry.sha256.get_ref().bytes().all(|byte| byte.is_ascii_hexdigit()) {
                self.problem(&entry.sha256, "is not a sha256", "write the 64 digits that `sha256sum` prints");
            }
            self.address(&entry.url);
        }
    }

    fn server(&mut self, server: &Server) {
        self.address(&server.url);
        self.filled(&server.reason);
        self.filled(&server.evidence);
        let used: Vec<&str> =
            server.url.get_ref().split('{').skip(1).map(|part| part.split_once('}').map_or(part, |(name, _)| name)).collect();
        for name in &used {
            if !server.variables.keys().any(|known| known.get_ref() == name) {
                let message = format!("the address has `{{{name}}}`, which is not among its variables");
                self.at(server.url.span(), message, "add it to the server's `variables` with a default");
            }
        }
        for (name, variable) in &server.variables {
            self.name(name);
            if !variable.default.get_ref().is_empty() {
                self.name(&variable.default);
            }
            if !used.contains(&name.get_ref().as_str()) {
                self.problem(name, "does not stand in the address", "remove the variable, or use it in `url`");
            }
            if let Some(values) = &variable.values
                && !values.get_ref().contains(variable.default.get_ref())
            {
                self.problem(
                    &variable.default,
                    "is not one of the variable's values",
                    "add it to `enum`, or choose one of these",
                );
            }
        }
    }

    fn security(&mut self, kind: &SecurityKind) {
        match kind {
            SecurityKind::ApiKey { name, location, prefix } => {
                if !is_token(name.get_ref()) {
                    self.problem(name, "is not the name of a header or parameter", "write it as it is sent");
                }
                if let Some(prefix) = prefix
                    && (*location != KeyLocation::Header
                        || !prefix.get_ref().chars().all(|char| char == ' ' || char.is_ascii_graphic()))
                {
                    self.problem(prefix, "cannot stand before the value", "a prefix is plain ASCII text, in a header");
                }
            }
            SecurityKind::Http { scheme, .. } => {
                if !is_token(scheme.get_ref()) || scheme.get_ref().to_ascii_lowercase() != *scheme.get_ref() {
                    self.problem(
                        scheme,
                        "is not a scheme of the Authorization header",
                        "write it in lower case, such as `bearer`",
                    );
                }
            }
        }
    }

    fn names(&mut self, manifest: &Manifest) {
        let mut operations = HashSet::new();
        for (from, rename) in &manifest.names.operations {
            self.rename(from, &rename.name, rename.reason.as_ref());
            if !operations.insert(rename.name.get_ref()) {
                self.problem(&rename.name, "names two operations", "operations cannot be united; give each a name of its own");
            }
        }
        for (from, rename) in &manifest.names.schemas {
            self.rename(from, &rename.name, rename.reason.as_ref());
        }
        for (from, to) in &manifest.names.fields {
            self.name(from);
            if !is_field_name(to.get_ref()) {
                self.problem(to, "is not a Rust field name", "use lower case letters, digits and underscores, a letter first");
            }
        }
    }

    fn source(&mut self, attribute: &Spanned<Attribute>, source: &Spanned<Source>) {
        let Source { place, reading, writing, composed_of, ambiguous } = source.get_ref();
        let (name, row) = (attribute.get_ref().name(), attribute.get_ref().row());
        if source.get_ref().paths().iter().any(|path| path.0.iter().any(|name| name.trim().is_empty())) {
            self.at(source.span(), "this is empty".to_owned(), "name the property as it is on the wire");
        }
        if !row.is_flag && *reading != Reading::Value {
            let message = format!("`{name}` is text, `equals`, `not` and `words` give true or false");
            self.at(source.span(), message, "give the property's name alone");
        }
        if row.is_flag && !matches!(place, Place::Property(_)) {
            let message = format!("`{name}` is true or false, `join` and `constant` give text");
            self.at(source.span(), message, "map a property");
        }
        if *writing == Writing::Reference && source.get_ref().paths().iter().any(|path| path.0.len() < 2) {
            let help = "give the path to a member of it, such as `Role/Id`";
            self.at(source.span(), "`reference` is for an object that points to something else".to_owned(), help);
        }
        if ambiguous.is_some() && !attribute.get_ref().is_active() {
            self.at(source.span(), format!("`ambiguous` is for `active`, not for `{name}`"), "remove it");
        }
        if composed_of.iter().any(|part| part == attribute.get_ref() || part.row().is_flag || row.is_flag) {
            self.at(source.span(), "`from` names other attributes that are text".to_owned(), "name those that it is made of");
        }
        let texts = match (writing, place, reading) {
            (Writing::Explicit(text) | Writing::Never(text), ..) => vec![text],
            (_, Place::Constant(text), _) => vec![text],
            (.., Reading::Words { yes, no }) => vec![yes, no],
            _ => Vec::new(),
        };
        for text in texts.into_iter().chain(ambiguous) {
            self.line(source.span(), text);
        }
    }

    /// The texts of the `[directory]`, which travel into Rust, tables and terminals.
    fn directory(&mut self, manifest: &Manifest) {
        for directory in manifest.directories() {
            directory.unsaid.iter().for_each(|text| self.line(directory.schema.span(), text));
            for (_, entry) in directory.verbs() {
                let Some(entry) = entry else { continue };
                let Entry { preconditions, inferences, missing, manual, .. } = entry.get_ref();
                for text in preconditions.iter().chain(inferences).chain(missing).chain(manual) {
                    self.line(entry.span(), text);
                }
            }
        }
    }

    fn line(&mut self, at: Range<usize>, text: &str) {
        if let Some(fault) = unprintable(text) {
            self.at(at, format!("{text:?}: this {fault}"), "write one line of printable text");
        }
    }

    fn rename(&mut self, from: &Spanned<String>, to: &Spanned<String>, reason: Option<&Spanned<String>>) {
        self.name(from);
        self.identifier(to);
        reason.into_iter().for_each(|reason| self.filled(reason));
        if from.get_ref() == to.get_ref() {
            self.problem(to, "is the name that the rules give", "remove the entry");
        }
    }

    fn identifier(&mut self, name: &Spanned<String>) {
        let text = name.get_ref();
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain || !text.starts_with(|char: char| char.is_ascii_uppercase()) {
            self.problem(name, "is not a name in PascalCase", "use letters and digits, an upper case letter first");
        }
    }
}

fn is_file_name(name: &str) -> bool {
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_');
    name.starts_with(|char: char| char.is_ascii_alphanumeric()) && name.len() <= 128 && name.chars().all(plain)
}

fn is_field_name(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
