//! Bodies of a help page.
//!
//! Input: the lines under `Body Parameters` or `Resource Description`, and the samples. Output: the media types with their
//! schema, and the entities. Knows nothing of parameters.

use super::{Reader, formats::Formats, named_only, table, types};
use crate::{
    api::{Kind, MediaType, Origin, Schema, named, observe},
    dialect::Sample,
    document::{Line, Span},
    finding::FindingKind,
};

/// What a page says about one body.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    pub(super) heading: Option<Line<'a>>,
    /// The parameter that the older template calls the body.
    pub(super) named: Option<Line<'a>>,
    pub(super) description: Option<String>,
    pub(super) schema: Option<Schema>,
    pub(super) formats: Formats<'a>,
    /// The page only names the program's own type for a whole message: what is in it is not documented.
    pub(super) message: bool,
}

impl<'a> Reader<'a> {
    /// Description, type and table of a body.
    pub(super) fn body(&mut self, lines: &[Line<'a>], heading: Option<Line<'a>>, body: &mut Body<'a>) {
        body.heading = heading;
        if let [none, stray, ..] = lines
            && none.text == "None."
        {
            return self.error(stray.span, "nothing was expected below `None.` but the next section");
        }
        let head = table::head(self.document, lines);
        let before = lines.get(..head.map_or(lines.len(), |head| head.line + 1 - head.lines)).unwrap_or_default();
        let (before, none) = self.split_none(before, head.is_none());
        if let Some(none) = none {
            self.boilerplate(none.span, "nothing is documented");
        }
        let glued = head.and_then(|head| head.glued_name);
        let (name, prose) = match table::split_type(self.document, &before) {
            _ if glued.is_some() => (glued, before.as_slice()),
            Some((prose, name)) => (Some(name), prose),
            None => (None, before.as_slice()),
        };
        if let (Some(head), None) = (head, name) {
            self.error(head.span, "the name of the type was expected before its table");
        }
        body.description = self.prose(prose);
        self.unclear_type(heading, name, prose);
        let Some(name) = name else { return };
        if types::is_message(name.text) {
            body.message = true;
            return self.message(lines, head, name);
        }
        self.fact(name.span);
        let schema = types::schema(name.text, name.span, &mut self.names);
        let rows = head.map(|head| self.table(lines, Some(head)));
        if rows.is_some() || none.is_some() {
            let owner = schema.entity().unwrap_or_default().to_owned();
            let mut properties = named(rows.as_ref().map_or(0, Vec::len));
            let mut span = name.span;
            for row in rows.iter().flatten() {
                span = span.to(row.span);
                let property = self.property(row, &owner);
                observe(&mut properties, row.name.text.to_owned(), property);
            }
            let entity = Schema::new(Kind::Object(properties), Origin::stated(span));
            if owner.is_empty() {
                if rows.is_some() && !matches!(schema.kind, Kind::Object(_) | Kind::Unknown) {
                    self.error(name.span, "a type with members was expected above a table");
                }
                let kind = if rows.is_some() { entity.kind } else { schema.kind };
                body.schema = Some(Schema { kind, ..schema });
                return;
            }
            // `None.` under a name: the type has no members, or the page does not know them.
            let entity = if rows.is_some() { entity } else { named_only(name.span) };
            // What comes back stands last on the page, and first among the tables of a type.
            let sent = self.page.api.schemas.insert(owner.clone(), entity);
            self.tables.extend(sent.map(|sent| (owner, sent)));
        }
        body.schema = Some(schema);
    }

    /// Says which line is taken for the name of the type where none is, or several could be.
    fn unclear_type(&mut self, heading: Option<Line<'a>>, name: Option<Line<'a>>, prose: &[Line<'a>]) {
        let (Some(first), Some(last)) = (prose.first(), prose.last()) else { return };
        let subject = heading.map_or("body", |heading| heading.text.trim_start_matches(['#', ' ']));
        let is_word = |text: &str| text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphanumeric);
        match name {
            None => {
                let text = "no line here names a type that is understood: the words are kept as a description";
                self.finding(FindingKind::Loss, subject, text, vec![first.span.to(last.span)]);
            }
            Some(name) if is_word(last.text) && types::is_type(last.text) => {
                let text = format!("`{}` and `{}` may both name the type: the last one is taken", last.text, name.text);
                self.finding(FindingKind::Assumption, subject, text, vec![last.span, name.span]);
            }
            Some(_) => {}
        }
    }

    /// The lines of a body without the `None.` at their end, which may be glued to the name of a type.
    fn split_none(&self, lines: &[Line<'a>], alone: bool) -> (Vec<Line<'a>>, Option<Line<'a>>) {
        let mut lines = lines.to_vec();
        let Some(last) = lines.last_mut().filter(|last| alone && last.text.ends_with("None.")) else { return (lines, None) };
        let name = last.text.strip_suffix("None.").unwrap_or_default().trim_end();
        if !name.is_empty() && !types::is_type(name) {
            return (lines, None);
        }
        let at = last.span.end - "None.".len() as u32;
        let none = Line { text: "None.", span: Span { start: at, ..last.span } };
        let end = last.span.start + name.len() as u32;
        *last = Line { text: name, span: Span { end, ..last.span } };
        if name.is_empty() {
            lines.pop();
        }
        (lines, Some(none))
    }

    /// A body of which only the program's own type for a whole message is known.
    fn message(&mut self, lines: &[Line<'a>], head: Option<table::Head<'a>>, name: Line<'a>) {
        self.boilerplate(name.span, "a whole message of HTTP");
        let members = head.map(|head| self.table(lines, Some(head))).unwrap_or_default();
        let spans = std::iter::once(name.span).chain(members.iter().map(|row| row.span)).reduce(Span::to);
        let text = format!(
            "`{}` is the program's own type for a whole message of HTTP, and no type of JSON: what the body holds is not documented",
            name.text
        );
        self.finding(FindingKind::Loss, name.text, text, spans.into_iter().collect());
    }

    /// Description and media types, each with the type that the table tells; the samples are kept beside them.
    pub(super) fn content(&mut self, body: Body<'a>, response: Option<usize>) -> (Option<String>, Vec<MediaType>) {
        let Body { description, schema, mut formats, message, .. } = body;
        if message {
            let samples = formats.content.into_iter().filter_map(|media_type| Some((media_type.name, media_type.example?)));
            for (name, sample) in samples {
                let text = "the sample of a body that is not documented is not carried";
                self.finding(FindingKind::Loss, name, text, sample.origin.spans.into_vec());
            }
            return (description, Vec::new());
        }
        if let (Some(schema), true) = (&schema, formats.content.is_empty()) {
            let origin = Origin { spans: schema.origin.spans.iter().take(1).copied().collect(), ..Origin::default() };
            formats.content.push(MediaType { name: String::new(), schema: None, example: None, origin });
        }
        if formats.json.is_some() || formats.xml.is_some() {
            let Formats { json, xml, .. } = &mut formats;
            let (json, xml) = (json.take(), xml.take());
            self.samples.push(Sample { operation: 0, response, first_only: false, json, xml });
        }
        let schemas = std::iter::repeat_n(schema, formats.content.len());
        for (media_type, schema) in formats.content.iter_mut().zip(schemas) {
            media_type.schema = schema;
        }
        (description, formats.content)
    }
}
