//! What several pages say together: each folder of `fixtures/together` is one vendor's pages, in the dialect that starts its
//! name; told are its types, what refers to them, and what was decided.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::{fmt::Write as _, fs, path::PathBuf};

use xtask::{
    api::{Api, Kind, Schema},
    dialect::Dialect,
    document::Document,
    resolve::{self, Names},
};

use crate::support::render::options;

#[test]
fn pages_become_one_api() {
    insta::glob!("fixtures/together/*", |folder| {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy();
        let dialect =
            Dialect::ALL.into_iter().find(|dialect| name.starts_with(dialect.name())).expect("a dialect starts the name");
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        let document = |(id, path): (usize, &PathBuf)| {
            let file = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            Document::new(u32::try_from(id).expect("few pages"), file, fs::read_to_string(path).expect("text"))
        };
        let documents: Vec<Document> = paths.iter().enumerate().map(document).collect();
        let pages = resolve::read_all(dialect, &documents, &options(dialect));
        for (page, document) in pages.iter().zip(&documents) {
            let refused: String = page.diagnostics.iter().map(|diagnostic| diagnostic.render(document)).collect();
            assert!(refused.is_empty(), "{refused}");
        }
        let resolved = resolve::resolve(pages, &Names::default());
        let mut told = outline(&resolved.api);
        for finding in &resolved.findings {
            let places: Vec<String> = finding.spans.iter().map(|span| documents[span.document as usize].source(*span)).collect();
            let _ = writeln!(told, "{:?} {}: {} [{}]", finding.kind, finding.subject, finding.text, places.join(", "));
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("together", told) });
    });
}

fn outline(api: &Api) -> String {
    let mut told = String::new();
    for operation in &api.operations {
        let _ = writeln!(told, "{} {} = {}", operation.method.name(), operation.path, operation.operation_id);
        let sent = operation.request_body.iter().flat_map(|body| &body.content).map(|media| ("sent", media));
        let received = operation.responses.iter().flat_map(|response| &response.content).map(|media| ("received", media));
        for (direction, media) in sent.chain(received) {
            let _ = writeln!(told, "  {direction}: {}", media.schema.as_ref().map_or_else(|| "nothing".to_owned(), words));
        }
    }
    for (name, schema) in &api.schemas {
        let _ = writeln!(told, "{name}: {}", words(schema));
    }
    told
}

fn words(schema: &Schema) -> String {
    match &schema.kind {
        Kind::Object(properties) => {
            let required = |required: bool| if required { "required " } else { "" };
            let members = properties
                .iter()
                .map(|(name, property)| format!("{name} {}{}", required(property.required), words(&property.schema)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Kind::Array(item) => format!("[{}]", words(item)),
        Kind::Map(value) => format!("map of {}", words(value)),
        Kind::Reference(name) => format!("-> {name}"),
        Kind::AnyOf(alternatives) => {
            alternatives.iter().map(|alternative| words(&alternative.schema)).collect::<Vec<_>>().join(" or ")
        }
        plain => format!("{plain:?}").to_lowercase(),
    }
}
