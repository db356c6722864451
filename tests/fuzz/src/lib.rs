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
