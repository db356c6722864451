//! Pages of lists and searches of a known shape: by their number, by the users before them, or by what the page before said.
//!
//! Takes a query; returns which page is asked for, and where the one after it begins. Knows no vendor.

use std::str::FromStr;

use percent_encoding::percent_decode_str;

use crate::directory::DirectoryFuture;
use crate::error::{Error, ErrorKind};
use crate::instance::Instance;
use crate::primitives::{Page, Primitives, QueryPage, SearchResult};
use crate::query::{ListQuery, QueryPart};
use crate::search::CaseRule;

/// Most users that a search finds; where there are more, it has found nothing that helps.
const MANY: usize = 100;

/// Which part of a list is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) position: i32,
    pub(crate) size: i32,
    is_numbered: bool,
}

impl Part {
    /// A page by its number.
    pub(crate) fn numbered<P: Primitives>(directory: &P, query: &ListQuery, first: i32, most: i32) -> Result<Self, Error> {
        Self::at(directory, query, most, first, "a page is given by its number")
    }

    /// A page by the number of users before it.
    pub(crate) fn skipped<P: Primitives>(directory: &P, query: &ListQuery, most: i32) -> Result<Self, Error> {
        let part = Self::at(directory, query, most, 0, "a page is given by the number of users before it")?;
        Ok(Self { is_numbered: false, ..part })
    }

    fn at<P: Primitives>(directory: &P, query: &ListQuery, most: i32, first: i32, words: &str) -> Result<Self, Error> {
        let position = query.position().map_or(Ok(first), str::parse).ok().filter(|position| *position >= 0);
        let position = position.ok_or_else(|| Error::new(ErrorKind::Invalid, directory.describe().instance(), words))?;
        Ok(Self { position, size: size(query, most), is_numbered: true })
    }

    /// The page that the users of a response are, and where the next one begins.
    pub(crate) fn page<R>(self, query: &ListQuery, users: Vec<R>, is_ordered: bool, takes_size: bool) -> QueryPage<R> {
        let read = if self.is_numbered { 1 } else { i32::try_from(users.len()).unwrap_or(i32::MAX) };
        // Only an empty page is the end: the vendor may give smaller pages than it was asked for.
        let next = (!users.is_empty()).then(|| self.position.saturating_add(read).to_string());
        QueryPage::new(Page::new(users, next), not_done(query, is_ordered, takes_size && is_sized(query, self.size)))
    }
}

/// A page by what the one before it said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct After<'q> {
    cursor: Option<&'q str>,
    pub(crate) size: i32,
}

impl<'q> After<'q> {
    /// The page that a query is for.
    pub(crate) fn of(query: &'q ListQuery, most: i32) -> Self {
        Self { cursor: query.position(), size: size(query, most) }
    }

    /// What the page before said; nothing for the first one.
    pub(crate) const fn cursor(&self) -> Option<&'q str> {
        self.cursor
    }

    /// The same as a number.
    pub(crate) fn number<T: FromStr>(&self, instance: &Instance) -> Result<Option<T>, Error> {
        let number = self.cursor.map(str::parse).transpose();
        number.map_err(|_| Error::new(ErrorKind::Invalid, instance, "a page is given by the number that the page before it said"))
    }

    /// The page that the users of a response are; none follows where the response names none.
    pub(crate) fn page<R>(
        self,
        instance: &Instance,
        query: &ListQuery,
        users: Vec<R>,
        next: Option<String>,
        is_ordered: bool,
        takes_size: bool,
    ) -> Result<QueryPage<R>, Error> {
        let next = next.filter(|next| !next.trim().is_empty());
        if next.is_some() && next.as_deref() == self.cursor {
            return Err(Error::malformed(instance, "the next page of the list", "the one that was asked for once more"));
        }
        let is_sized = takes_size && is_sized(query, self.size);
        Ok(QueryPage::new(Page::new(users, next), not_done(query, is_ordered, is_sized)))
    }
}

/// The page that a list is which comes at once.
pub(crate) fn whole<R>(query: &ListQuery, users: Vec<R>, is_ordered: bool) -> QueryPage<R> {
    QueryPage::new(Page::new(users, None), not_done(query, is_ordered, false))
}

fn size(query: &ListQuery, most: i32) -> i32 {
    query.wanted_page_size().map_or(most, |size| i32::try_from(size).unwrap_or(most)).clamp(1, most.max(1))
}

fn is_sized(query: &ListQuery, size: i32) -> bool {
    query.wanted_page_size().is_some_and(|wanted| i32::try_from(wanted) == Ok(size))
}

fn not_done(query: &ListQuery, is_ordered: bool, is_sized: bool) -> Vec<QueryPart> {
    let is_done = |part: &QueryPart| match part {
        QueryPart::Order => is_ordered,
        QueryPart::PageSize => is_sized,
        _ => false,
    };
    query.parts().into_iter().filter(|part| !is_done(part)).collect()
}

/// A page of the list of all users.
pub(crate) fn page<P: Primitives>(directory: &P, position: Option<String>) -> DirectoryFuture<'_, Page<P::Record>> {
    Box::pin(async move {
        let query = position.map_or_else(ListQuery::new, |position| ListQuery::new().at(position));
        directory.query(&query).await.map(|found| found.page)
    })
}

/// The pages of a search, to their end; `None` where it finds so many that the list helps more, or cannot look for the key.
pub(crate) fn searched<'a, R: Send + 'a>(
    case: CaseRule,
    page: impl Fn(ListQuery) -> DirectoryFuture<'a, Option<QueryPage<R>>> + Send + Sync + 'a,
) -> DirectoryFuture<'a, Option<SearchResult<R>>> {
    Box::pin(async move {
        let (mut users, mut query) = (Vec::new(), ListQuery::new());
        loop {
            let Some(found) = page(query).await? else { return Ok(None) };
            users.extend(found.page.users);
            match found.page.next {
                None => return Ok(Some(SearchResult::new(users, case))),
                Some(_) if users.len() > MANY => return Ok(None),
                Some(next) => query = ListQuery::new().at(next),
            }
        }
    })
}

/// The cursor in the address of the next page. The address itself is not followed: it may lead anywhere, and would get the
/// credentials.
pub(crate) fn of_address(instance: &Instance, address: Option<&str>, parameter: &str) -> Result<Option<String>, Error> {
    let Some(address) = address.map(str::trim).filter(|address| !address.is_empty()) else { return Ok(None) };
    let address = address.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(|text| text.into_owned());
    let value = query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (decoded(name).as_deref() == Some(parameter)).then(|| decoded(value)).flatten()
    });
    match value.filter(|value| !value.is_empty()) {
        Some(value) => Ok(Some(value)),
        None => Err(Error::malformed(instance, format!("the next page's `{parameter}` in its address"), "an address without it")),
    }
}

/// The cursor in the address that a header has for the next page, as RFC 8288 writes it.
pub(crate) fn of_header(instance: &Instance, header: Option<&str>, parameter: &str) -> Result<Option<String>, Error> {
    of_address(instance, header.and_then(next_of), parameter)
}

/// The address whose relation is `next`.
fn next_of(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        let (_, from) = rest.split_once('<')?;
        let (address, after) = from.split_once('>')?;
        // A comma within quotes parts nothing.
        let mut quoted = false;
        let end = after.find(|char: char| {
            quoted ^= char == '"';
            char == ',' && !quoted
        });
        let (parameters, others) = after.split_at(end.unwrap_or(after.len()));
        let is_next = parameters.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
            let relations = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel") && relations.split_whitespace().any(|one| one.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(address);
        }
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_next_page_has_its_cursor() {
        let instance = Instance::new("staff", "Staff register");
        let cursor = |header| of_header(&instance, Some(header), "after").map_err(|error| error.kind());
        let some = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(cursor("<https://a.example/x?after=7&limit=2>; rel=\"next\""), some("7"));
        let several = "</x?after=1>; rel=prev, </x?limit=2&after=a%2Fb+c#end>; title=\"to, be\"; REL=\"last Next\"";
        assert_eq!(cursor(several), some("a/b c"));
        assert_eq!(cursor("</x?after=1>; rel=\"prev\""), Ok(None));
        assert_eq!(cursor(""), Ok(None));
        assert_eq!(cursor("</x?before=1>; rel=next"), Err(ErrorKind::MalformedResponse));
        assert_eq!(cursor("</x?after=>; rel=next"), Err(ErrorKind::MalformedResponse));
        assert_eq!(of_address(&instance, None, "after").ok(), Some(None));
    }

    #[test]
    fn a_page_that_names_itself_as_the_next_one_is_no_list() {
        let instance = Instance::new("staff", "Staff register");
        let query = ListQuery::new().at("7");
        let page = |next: Option<&str>| {
            let page = After::of(&query, 2).page(&instance, &query, vec![1], next.map(str::to_owned), false, true);
            page.map(|page| page.page.next).map_err(|error| error.kind())
        };
        assert_eq!(page(Some("8")), Ok(Some("8".to_owned())));
        assert_eq!([page(None), page(Some(" "))], [Ok(None), Ok(None)]);
        assert_eq!(page(Some("7")), Err(ErrorKind::MalformedResponse));
    }
}
