//! The text of a manifest that a person has not looked at yet.
//!
//! Takes what is known and what was guessed. Returns TOML in which each guess has its reason behind it, and each hole what
//! belongs there. Reads nothing.

use std::fmt::Write as _;

use super::guess::{Guess, User, line, quoted};
use crate::{dialect::Dialect, vendor::manifest::FIRST_VERSION};

/// What stands behind a guess, and behind a hole.
pub(super) const GUESSED: &str = "# guessed: ";
pub(super) const HOLE: &str = "# fill in: ";

/// One page.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) file: String,
    pub(super) digest: String,
    /// Where it was published, and how that is known.
    pub(super) address: Option<(String, String)>,
}

/// Everything that a manifest is made from.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    pub(super) title: (String, String),
    pub(super) dialect: Dialect,
    pub(super) pages: &'a [Page],
    /// The address, why it is taken, and where that can be checked.
    pub(super) server: Option<(String, String, String)>,
    pub(super) tags: Vec<Guess>,
    /// Credentials that the pages name: what is taken by the name alone.
    pub(super) schemes: Vec<(String, String)>,
    pub(super) user: Option<User>,
    pub(super) verbs: Vec<Guess>,
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare { name.to_owned() } else { quoted(name) }
}

impl Draft<'_> {
    /// The manifest. With `instead`, that stands in every hole, so that what is there already can be tried.
    pub(super) fn text(&self, instead: Option<&str>) -> String {
        let (title, reason) = (&self.title.0, line(&self.title.1));
        let mut text = format!(
            "name = {}\nversion = \"{FIRST_VERSION}\"\ntitle = {}  {GUESSED}{reason}\n",
            quoted(self.name),
            quoted(title)
        );
        let groups: Vec<&str> = self.tags.iter().map(|tag| tag.key.as_str()).collect();
        let about = if groups.is_empty() { String::new() } else { format!(": {}", groups.join(", ")) };
        let description = quoted(&format!("The API of {title}{about}."));
        let _ = writeln!(text, "description = {description}  {GUESSED}what its pages are about");
        let address = |known: Option<&(String, String)>, what: &str| match known {
            Some((address, how)) => (quoted(address), format!("{GUESSED}{}", line(how))),
            None => (quoted(instead.unwrap_or_default()), format!("{HOLE}{what}")),
        };
        let (url, note) =
            address(self.pages.first().and_then(|page| page.address.as_ref()), "url, the vendor's page for developers");
        let _ = writeln!(text, "contact = {{ name = {}, url = {url} }}  {note}", quoted(title));
        let _ = writeln!(text, "dialect = {}", quoted(self.dialect.name()));
        for Page { file, digest, address: known } in self.pages {
            let (url, note) = address(known.as_ref(), "where the vendor publishes the page");
            let (file, digest) = (quoted(file), quoted(digest));
            let _ = writeln!(text, "\n[[documents]]\nfile = {file}\nsha256 = {digest}\nurl = {url}  {note}");
        }
        self.server(&mut text);
        self.schemes(&mut text);
        for Guess { key: name, value, reason } in &self.tags {
            let _ = writeln!(text, "\n[tags.{}]\ndescription = {value}  {GUESSED}{}", key(name), line(reason));
        }
        self.user(&mut text);
        text
    }

    fn server(&self, text: &mut String) {
        match &self.server {
            Some((url, reason, evidence)) => {
                let (url, evidence) = (quoted(url), quoted(evidence));
                let _ = writeln!(text, "\n[[servers]]\nurl = {url}  {GUESSED}{}", line(reason));
                let _ = writeln!(text, "reason = {}\nevidence = {evidence}", quoted(reason));
            }
            None => text.push_str(
                "\n# No page shows a whole address; without one, each caller gives it. Where the vendor's guide says it:\n\
                 # [[servers]]\n\
                 # url = \"https://…\"\n\
                 # reason = \"the pages give paths only; the vendor's guide gives the base\"\n\
                 # evidence = \"https://…\"\n",
            ),
        }
    }

    fn schemes(&self, text: &mut String) {
        for (name, kind) in &self.schemes {
            let (named, kind) = (key(name), line(kind));
            let _ = write!(
                text,
                "\n# The pages only name `{}`; by its name it is taken to be {kind}.\n\
                 # Where the vendor's guide says how it travels:\n# [security.{named}]\n# type = \"apiKey\"\n# in = \"header\"\n# name = \"…\"\n# reason = \"…\"\n# evidence = \"https://…\"\n",
                line(name)
            );
        }
    }

    fn user(&self, text: &mut String) {
        let Some(user) = &self.user else {
            text.push_str(
                "\n# No type on the pages looks like a user. Where one is:\n# [user.TypeName]\n# id = \"property\"\n# user_name = \"property\"\n",
            );
            return;
        };
        let (schema, place) = (key(&user.schema), line(&user.place));
        let _ = writeln!(text, "\n[user.{schema}]  {GUESSED}it has most of what users have, {place}");
        if !user.others.is_empty() {
            let _ = writeln!(
                text,
                "# Others that look like users, each with a table of its own where they are: {}",
                line(&user.others.join(", "))
            );
        }
        for Guess { key, value, reason } in &user.attributes {
            let _ = writeln!(text, "{key} = {value}  {GUESSED}{}", line(reason));
        }
        for wanted in ["id", "user_name", "email", "active"] {
            if !user.attributes.iter().any(|guess| guess.key == wanted) {
                let flags = if wanted == "active" { user.flags.as_slice() } else { &[] };
                let flags =
                    if flags.is_empty() { String::new() } else { format!("; true or false are {}", line(&flags.join(", "))) };
                let _ = writeln!(
                    text,
                    "# {wanted} = \"…\"  # no property is called so; leave it out where the vendor has none{flags}"
                );
            }
        }
        let _ = writeln!(text, "\n[directory]\nschema = {}", quoted(&user.schema));
        for Guess { key, value, reason } in &self.verbs {
            let _ = writeln!(text, "{key} = {value}  {GUESSED}{}", line(reason));
        }
    }
}
