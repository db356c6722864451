//! What the fuzz targets share: a page that is read must be read whole, or refused at a place.

use xtask::{
    dialect::{Dialect, Options},
    document::Document,
    resolve,
};

/// Reads `text` as one page; nothing of it may be dropped in silence.
pub fn page(dialect: Dialect, text: &str) {
    let document = Document::new(0, "page", text.to_owned());
    let page = resolve::read(dialect, &document, &Options::default());
    let (claimed, all) = page.ledger.accounted(&document);
    assert!(claimed == all || !page.diagnostics.is_empty(), "{claimed} of {all} characters accounted for");
    for diagnostic in page.diagnostics.iter().take(3) {
        assert!(!diagnostic.render(&document).is_empty());
    }
}

/// What the targets of SCIM share.
pub mod scim {
    use serde_json::{Map, Value, json};

    /// A user to filter and to change.
    pub fn kim() -> Map<String, Value> {
        let user = json!({
            "id": "1", "userName": "kim", "active": true, "name": { "givenName": "Kim" },
            "emails": [{ "type": "work", "value": "kim@example.com", "primary": true }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Sales" },
        });
        user.as_object().cloned().unwrap_or_default()
    }
}

/// How texts stand between quotes, read in every way that a database may read them.
pub mod literal {
    /// How a quote is written within a literal.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Quotes {
        /// Twice.
        Doubled,
        /// After a backslash.
        Escaped,
        /// In both ways.
        Both,
    }

    impl Quotes {
        /// All of them.
        pub const ALL: [Self; 3] = [Self::Doubled, Self::Escaped, Self::Both];
    }

    /// The literals of a condition and what stands between them; `None` where one does not end. Letters that look like a quote
    /// are one, and control characters end a literal, as at some databases.
    pub fn literals(condition: &str, quotes: Quotes) -> Option<(Vec<String>, String)> {
        let is_quote = |char: char| matches!(char, '\'' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{ff07}');
        let (mut found, mut between) = (Vec::new(), String::new());
        let mut rest = condition.chars().peekable();
        while let Some(char) = rest.next() {
            if !is_quote(char) {
                between.push(char);
                continue;
            }
            let mut text = String::new();
            loop {
                match rest.next()? {
                    '\\' if quotes != Quotes::Doubled => text.push(rest.next()?),
                    char if is_quote(char) => {
                        let is_doubled = quotes != Quotes::Escaped && rest.next_if(|next| is_quote(*next)).is_some();
                        if !is_doubled {
                            break;
                        }
                        text.push(char);
                    }
                    char if char.is_control() => return None,
                    char => text.push(char),
                }
            }
            found.push(text);
        }
        Some((found, between))
    }
}
