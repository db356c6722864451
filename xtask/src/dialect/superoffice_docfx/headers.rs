//! The table of request headers: credentials, media types, and what is left as parameters.
//!
//! Input: the rows, and the lines that show query parameters. Output: security schemes with their alternatives, media types
//! of both bodies, parameters. Knows nothing of bodies.

use super::{
    Reader,
    blocks::{Cell, Row},
    markup, types,
};
use crate::{
    api::{Location, Operation, Origin, SchemeKind, SecurityScheme},
    dialect::Said,
    document::Span,
    finding::FindingKind,
    words::says,
};

/// Media types that the headers name, with their places.
#[derive(Debug, Default)]
pub(super) struct Media {
    pub(super) sent: Vec<(String, Span)>,
    pub(super) received: Vec<(String, Span)>,
}

impl<'a> Reader<'a> {
    pub(super) fn headers(&mut self, rows: &[Row<'a>], operation: &mut Operation) -> Media {
        let mut media = Media::default();
        let (mut schemes, mut alone, mut added) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let Some(name) = row.cell(0) else {
                self.nameless(row.span);
                continue;
            };
            let text = row.cell(1).map(|cell| cell.text).unwrap_or_default();
            let is = |names: &[String]| names.iter().any(|known| known.eq_ignore_ascii_case(name.text));
            match name.text {
                "Authorization" => schemes.extend(self.authorization(row, text)),
                _ if is(&self.options.credential_headers) => alone.extend(self.own_header(row, name.text, text)),
                _ if is(&self.options.further_credential_headers) => added.extend(self.own_header(row, name.text, text)),
                "Content-Type" => media.sent.extend(self.media_types(text)),
                "Accept" => media.received.extend(self.media_types(text)),
                _ if says(name.text, "token") => {
                    let own = says(name.text, "xsrf") || says(name.text, "csrf");
                    let place = if own { &mut alone } else { &mut added };
                    place.extend(self.own_header(row, name.text, text));
                    self.by_its_name(name, own);
                }
                _ => self.parameter(row, Location::Header, operation),
            }
        }
        if !schemes.is_empty() || !alone.is_empty() || !added.is_empty() {
            let mut alternatives: Vec<Vec<String>> = Vec::new();
            for scheme in schemes {
                alternatives.push(vec![scheme.clone()]);
                alternatives.extend(added.iter().map(|token| vec![scheme.clone(), token.clone()]));
            }
            alternatives.extend(alone.into_iter().map(|scheme| vec![scheme]));
            if alternatives.is_empty() {
                alternatives.extend(added.into_iter().map(|scheme| vec![scheme]));
            }
            operation.security = Some(alternatives);
        }
        media
    }

    /// Tells what a header's name alone says.
    fn by_its_name(&mut self, name: Cell<'_>, own: bool) {
        let (what, option) = match own {
            true => ("is enough by itself, as with a session's cookie", "credential-headers"),
            false => ("comes on top of the caller's own", "further-credential-headers"),
        };
        let text = format!(
            "its name says that this header carries a credential, which is taken to be one that {what}; the manifest can \
             say so, under `{option}` of `[dialect]`"
        );
        self.finding(FindingKind::Assumption, name.text, text, vec![name.span]);
    }

    /// `Supports 'Basic' and 'Bearer' schemes`.
    fn authorization(&mut self, row: &Row<'a>, text: &str) -> Vec<String> {
        let mut names: Vec<String> = text.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        names.retain(|name| !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || "-._".contains(char)));
        if names.is_empty() {
            let help = "if the row is right, the dialect's reader has to be extended by it";
            self.error(row.span, "the schemes of `Authorization` were expected here between single quotes", help);
        }
        for name in &names {
            let kind = match name.to_ascii_lowercase().as_str() {
                known @ ("basic" | "bearer" | "digest" | "negotiate") => SchemeKind::Http(known.to_owned()),
                _ => SchemeKind::Header { name: "Authorization".to_owned(), prefix: format!("{name} ") },
            };
            self.scheme(name, kind, row.span, text);
        }
        names
    }

    fn own_header(&mut self, row: &Row<'a>, name: &str, text: &str) -> Option<String> {
        self.scheme(name, SchemeKind::Header { name: name.to_owned(), prefix: String::new() }, row.span, text);
        Some(name.to_owned())
    }

    fn scheme(&mut self, name: &str, kind: SchemeKind, span: Span, text: &str) {
        let description = Some(markup::cell(text)).filter(|text| !text.is_empty());
        let scheme = SecurityScheme { kind: Some(kind), description, origin: Origin::stated(span) };
        self.page.api.security_schemes.insert(name.to_owned(), scheme);
    }

    /// The names between back ticks.
    fn media_types(&self, text: &'a str) -> Vec<(String, Span)> {
        let names = text.split('`').skip(1).step_by(2).filter(|name| name.contains('/'));
        names.filter_map(|name| Some((name.trim().to_owned(), self.document.span_of(name)?))).collect()
    }

    /// Lines such as `GET /api/v1/User?$top=243` show a value for a parameter.
    pub(super) fn shown(&mut self, lines: &[Cell<'a>], operation: &mut Operation) {
        for line in lines {
            let first = operation.origin.spans.first().copied().unwrap_or(line.span);
            self.again(Said::Target(line.text), line.span, first);
            let query = line.text.split_once('?').map_or("", |(_, query)| query);
            let Some((name, value)) = query.split_once('=') else { continue };
            let shown =
                operation.parameters.iter_mut().find(|parameter| parameter.location == Location::Query && parameter.name == name);
            if let Some(parameter) = shown {
                let example = types::example(value, &parameter.schema);
                parameter.schema.example = parameter.schema.example.take().or(example.map(Box::new));
            }
        }
    }
}
