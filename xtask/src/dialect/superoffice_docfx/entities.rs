//! Entities of the tables, each table as it stands.
//!
//! Input: the rows of a property table. Output: the entity; where the page has a table of it already, one more beside it. Knows
//! nothing of samples.

use super::{Reader, blocks::Row, markup};
use crate::{
    api::{Kind, Origin, Property, Schema, named, observe},
    document::Span,
};

impl<'a> Reader<'a> {
    /// Adds the rows as a table of the entity `name`.
    pub(super) fn entity(&mut self, name: &str, rows: &[Row<'a>], heading: Span) {
        let entity = self.object(rows, heading);
        if self.page.api.schemas.contains_key(name) {
            self.tables.push((name.to_owned(), entity));
        } else {
            self.page.api.schemas.insert(name.to_owned(), entity);
        }
    }

    /// The rows as a type.
    pub(super) fn object(&mut self, rows: &[Row<'a>], heading: Span) -> Schema {
        let mut properties = named(rows.len());
        let mut span = heading;
        for row in rows {
            span = span.to(row.span);
            let Some(cell) = row.cell(0) else {
                self.nameless(row.span);
                continue;
            };
            let property = self.property(row, cell.text);
            observe(&mut properties, cell.text.to_owned(), property);
        }
        Schema::new(Kind::Object(properties), Origin::stated(span))
    }

    fn property(&mut self, row: &Row<'a>, name: &str) -> Property {
        let mut schema = self.typed(row, name);
        schema.description = row.cell(2).map(|cell| markup::cell(cell.text)).filter(|text| !text.is_empty());
        Property::new(schema, false)
    }
}
