//! Parameters and the names that an operation goes by.
//!
//! Input: the rows of the tables of parameters, path and uid. Output: parameters in path, query and headers, an operation
//! id, a tag. Knows nothing of bodies.

use std::borrow::Cow;

use super::{
    Reader,
    blocks::{Cell, Row},
    markup, types,
};
use crate::words::pascal_case;
use crate::{
    api::{Kind, Location, Operation, Origin, Parameter, Schema},
    document::Span,
};

impl<'a> Reader<'a> {
    pub(super) fn parameter(&mut self, row: &Row<'a>, location: Location, operation: &mut Operation) {
        const MARK: &str = "**Required**";
        let Some(name) = row.cell(0) else { return self.nameless(row.span) };
        // The table of headers has no column for types.
        let header = location == Location::Header;
        let text = row.cell(if header { 1 } else { 2 }).map(|cell| cell.text).unwrap_or_default();
        let schema = if header { Schema::new(Kind::Unknown, Origin::stated(row.span)) } else { self.typed(row, name.text) };
        operation.parameters.push(Parameter {
            name: name.text.to_owned(),
            location,
            required: text.contains(MARK),
            description: Some(markup::cell(&text.replace(MARK, " "))).filter(|text| !text.is_empty()),
            schema,
            origin: Origin::stated(row.span),
        });
    }

    pub(super) fn nameless(&mut self, span: Span) {
        self.error(span, "a name was expected in the first cell of this row", "compare with the vendor's page");
    }

    /// The type of a row's second cell.
    pub(super) fn typed(&mut self, row: &Row<'a>, subject: &str) -> Schema {
        let origin = Origin::stated(row.span);
        types::schema(row.cell(1), origin.clone()).unwrap_or_else(|| {
            let span = row.cell(1).map_or(row.span, |cell| cell.span);
            let help = "if the word is right, the dialect's reader has to be extended by it";
            self.error(
                span,
                format!("`{}` is no type that the dialect knows, in the row of `{subject}`", self.document.slice(span)),
                help,
            );
            Schema::new(Kind::Unknown, origin)
        })
    }
}

/// What the uid calls the operation. Where the path ends with the operation's own name, that is all it is called: `SaveUser` of
/// `v1UserDesk_SaveUser` at `/api/v1/Desks/User/SaveUser`. Elsewhere others have a namesake: `v1User_GetAll` is `UserGetAll`.
pub(super) fn operation_id(uid: Option<Cell<'_>>, path: &str) -> Option<(String, Option<Cow<'static, str>>)> {
    let (group, name) = uid?.text.split_once('_')?;
    if path.rsplit('/').next() == Some(name) {
        return Some((pascal_case(name), None));
    }
    let reason = "the page's uid names group and operation; together they are unique";
    Some((pascal_case(unversioned(group)) + &pascal_case(name), Some(reason.into())))
}

/// The group or the entity that a path belongs to: its first part that starts the name of the uid's group, or its first one.
pub(super) fn tag<'a>(uid: Option<Cell<'_>>, path: &'a str) -> Option<&'a str> {
    let parts = || parts(path).filter(|part| !part.starts_with('{'));
    let group = uid.and_then(|uid| uid.text.split_once('_')).map(|(group, _)| unversioned(group));
    parts().find(|part| group.is_some_and(|group| group.starts_with(part))).or_else(|| parts().next())
}

/// The parts of a path behind `api` and the version.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty()).skip_while(|part| *part == "api" || unversioned(part).is_empty())
}

/// A name without the version before it: `v1User` is `User`.
fn unversioned(name: &str) -> &str {
    let rest = name.strip_prefix('v').map(|rest| rest.trim_start_matches(|char: char| char.is_ascii_digit()));
    rest.filter(|rest| rest.len() + 1 < name.len()).unwrap_or(name)
}
