//! The vendor's query language, as far as users are looked for with it.
//!
//! From names of properties and values to the text of a SELECT. A value that is not surely one literal gives no text, whatever
//! the vendor's rule for quoting is. Knows no client.

use crate::attribute::Attribute;
use crate::capabilities::Capabilities;
use crate::query::{Comparison, Condition, Order};

/// Longest text that is looked for: the whole SELECT travels in the address.
const LONGEST: usize = 200;

/// Returns `text` as a literal of the query language; `None` where it cannot be one safely.
///
/// How a quote or a backslash is written inside a literal stands on no page, and some databases turn letters that look like a
/// quote into one. So only ASCII letters, digits, blanks and `@ . _ + -` are taken. Whoever is called otherwise is found in the
/// list of all users.
///
/// ```
/// use vendor_users::adapter::billingplatform::literal;
///
/// assert_eq!(literal("kim.lee@example.com").as_deref(), Some("'kim.lee@example.com'"));
/// assert_eq!(literal("x' OR 'x"), None);
/// ```
#[must_use]
pub fn literal(text: &str) -> Option<String> {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, ' ' | '@' | '.' | '_' | '+' | '-');
    let fits = !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_plain);
    fits.then(|| format!("'{text}'"))
}

/// A whole number as the vendor writes it; `None` for what is not one.
pub(super) fn number(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| *number > 0 && number.to_string() == text)
}

/// A SELECT of `columns` from an entity.
pub(super) fn select(columns: &[&str], entity: &str, condition: Option<&str>) -> String {
    let columns = columns.join(", ");
    match condition {
        Some(condition) => format!("SELECT {columns} FROM {entity} WHERE {condition}"),
        None => format!("SELECT {columns} FROM {entity}"),
    }
}

/// The same with an order and a page. The identifier comes last in every order, so that it is the same on every page.
pub(super) fn paged(select: &str, order: Option<(&str, Order)>, start: usize, rows: usize) -> String {
    let order = match order {
        Some((property, Order::Descending)) if property != "Id" => format!("{property} DESC, Id"),
        Some((property, Order::Ascending)) if property != "Id" => format!("{property}, Id"),
        Some((_, Order::Descending)) => "Id DESC".to_owned(),
        _ => "Id".to_owned(),
    };
    format!("{select} ORDER BY {order} OFFSET {start} ROWS FETCH NEXT {rows} ROWS ONLY")
}

/// Returns the condition that a user whose `property` is `value` fulfils; `None` where the value is not surely a literal.
#[must_use]
pub fn equals(property: &str, value: &str) -> Option<String> {
    let trimmed = value.trim();
    let exact = literal(trimmed)?;
    // No page says whether case counts: one more spelling costs nothing.
    let lower = trimmed.to_lowercase();
    if lower == trimmed {
        return Some(format!("{property} = {exact}"));
    }
    Some(format!("{property} = {exact} OR {property} = '{lower}'"))
}

/// The condition of a list in the query language, where it misses nobody of whom the condition holds here: only a whole number
/// is written in one way.
pub(super) fn condition(condition: &Condition, capabilities: &Capabilities) -> Option<String> {
    let is_number = matches!(condition.attribute, Attribute::Id | Attribute::Manager | Attribute::Organization);
    if !is_number || condition.comparison != Comparison::Equals {
        return None;
    }
    let property = capabilities.property(condition.attribute)?;
    let number = number(&condition.value.to_string())?;
    // The identifier is text on the vendor's pages, the others are numbers.
    Some(if condition.attribute == Attribute::Id { format!("{property} = '{number}'") } else { format!("{property} = {number}") })
}

/// Where the next page of a list begins: how many rows were read, and the identifier of the last of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) read: usize,
    pub(super) last: String,
}

impl Position {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (read, last) = text.split_once('/')?;
        let read = read.parse().ok().filter(|read| *read > 0)?;
        Some(Self { read, last: last.to_owned() })
    }

    pub(super) fn text(&self) -> String {
        format!("{}/{}", self.read, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How databases write a quote inside of a literal: twice, or after a backslash.
    fn read(text: &str, backslash: bool) -> Option<String> {
        let mut rest = text.strip_prefix('\'')?.chars().peekable();
        let mut value = String::new();
        loop {
            match rest.next()? {
                '\\' if backslash => value.push(rest.next()?),
                '\'' if !backslash && rest.peek() == Some(&'\'') => {
                    rest.next();
                    value.push('\'');
                }
                '\'' => return rest.next().is_none().then_some(value),
                char => value.push(char),
            }
        }
    }

    #[test]
    fn a_literal_means_its_text_by_every_rule_for_quotes() {
        let mut hostile: Vec<String> = [
            "",
            "x' OR 'x'='x",
            "x\\",
            "\\' OR 1=1 --",
            "a\0b",
            "100%",
            "\u{2bc} OR 1",
            "\u{2019}",
            "\u{ff07}",
            "a\nb",
            "a;b",
            "a/*b*/",
        ]
        .map(str::to_owned)
        .to_vec();
        hostile.push("x".repeat(LONGEST + 1));
        assert!(hostile.iter().all(|text| literal(text).is_none()));
        for text in ["kim", "Kim.Lee@example.com", "a -- b", "HR+17_x"] {
            let written = literal(text).unwrap_or_default();
            assert_eq!([true, false].map(|rule| read(&written, rule)), [Some(text.to_owned()), Some(text.to_owned())]);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_one_literal_by_every_rule_or_none(text in "\\PC{0,20}|[-'\\\\a-z0-9@ ;%_.+\0\n]{0,20}") {
            if let Some(written) = literal(&text) {
                proptest::prop_assert_eq!(read(&written, true), Some(text.clone()));
                proptest::prop_assert_eq!(read(&written, false), Some(text));
            }
        }
    }

    #[test]
    fn a_page_says_where_the_next_one_begins() {
        let position = Position { read: 200, last: "7/8".to_owned() };
        assert_eq!(Position::parse(&position.text()), Some(position));
        assert!(["", "7", "0/1", "-1/1", "x/1"].iter().all(|text| Position::parse(text).is_none()));
        let select = select(&["Id", "Title"], "APPLICATION_USER", equals("Username", "Kim").as_deref());
        let expected = "SELECT Id, Title FROM APPLICATION_USER WHERE Username = 'Kim' OR Username = 'kim'";
        assert_eq!(select, expected);
        let paged = paged(&select, Some(("Title", Order::Descending)), 9, 10);
        assert_eq!(paged, format!("{expected} ORDER BY Title DESC, Id OFFSET 9 ROWS FETCH NEXT 10 ROWS ONLY"));
    }
}
