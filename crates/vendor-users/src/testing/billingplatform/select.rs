//! The query language, as far as the vendor's article and a community client show it: named columns, one entity, conditions
//! with AND and OR, GROUP BY, ORDER BY, and a page. A quote inside of a literal is written twice; everything else is an error.

use std::cmp::Ordering;

use client_core::serde_json::{Map, Value};

type Row = Map<String, Value>;

/// A SELECT.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Select {
    columns: Vec<String>,
    pub(super) entity: String,
    pub(super) condition: Condition,
    group: Option<String>,
    order: Vec<(String, bool)>,
    page: Option<(usize, usize)>,
}

/// Alternatives of conditions that hold together.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Condition(Vec<Vec<(String, String)>>);

/// Parts of the text.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Literal(String),
    Sign(char),
}

fn tokens(sql: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            '\'' => {
                let mut text = String::new();
                loop {
                    match rest.next()? {
                        '\'' if rest.next_if_eq(&'\'').is_some() => text.push('\''),
                        '\'' => break,
                        char => text.push(char),
                    }
                }
                found.push(Token::Literal(text));
            }
            ',' | '=' => found.push(Token::Sign(char)),
            char if char.is_whitespace() => {}
            char if char.is_ascii_alphanumeric() || char == '_' => {
                let mut word = char.to_string();
                while let Some(char) = rest.next_if(|char| char.is_ascii_alphanumeric() || *char == '_') {
                    word.push(char);
                }
                found.push(Token::Word(word));
            }
            _ => return None,
        }
    }
    Some(found)
}

struct Reader(std::iter::Peekable<std::vec::IntoIter<Token>>);

impl Reader {
    fn keyword(&mut self, keyword: &str) -> bool {
        let is_it = |token: &Token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        self.0.next_if(is_it).is_some()
    }

    fn keywords(&mut self, keywords: &[&str]) -> Option<()> {
        keywords.iter().all(|keyword| self.keyword(keyword)).then_some(())
    }

    fn word(&mut self) -> Option<String> {
        match self.0.next()? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn sign(&mut self, sign: char) -> bool {
        self.0.next_if_eq(&Token::Sign(sign)).is_some()
    }

    fn condition(&mut self) -> Option<Condition> {
        let mut all = vec![Vec::new()];
        loop {
            let column = self.word()?;
            if !self.sign('=') {
                return None;
            }
            let value = match self.0.next()? {
                Token::Literal(text) => text,
                Token::Word(number) if number.parse::<i64>().is_ok() => number,
                _ => return None,
            };
            all.last_mut()?.push((column, value));
            if self.keyword("OR") {
                all.push(Vec::new());
            } else if !self.keyword("AND") {
                return Some(Condition(all));
            }
        }
    }
}

impl Condition {
    /// Reads a condition alone.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader(tokens(text)?.into_iter().peekable());
        let condition = reader.condition()?;
        reader.0.next().is_none().then_some(condition)
    }

    pub(super) fn holds(&self, row: &Row, case_counts: bool) -> bool {
        let is = |(column, value): &(String, String)| {
            let found = row.get(column).map(plain).unwrap_or_default();
            if case_counts { found == *value } else { found.to_lowercase() == value.to_lowercase() }
        };
        self.0.is_empty() || self.0.iter().any(|together| together.iter().all(is))
    }
}

impl Select {
    /// Reads a SELECT; `None` where it is none.
    pub(super) fn parse(sql: &str) -> Option<Self> {
        let mut reader = Reader(tokens(sql)?.into_iter().peekable());
        let mut select = Self::default();
        reader.keywords(&["SELECT"])?;
        select.columns.push(reader.word()?);
        while reader.sign(',') {
            select.columns.push(reader.word()?);
        }
        reader.keywords(&["FROM"])?;
        select.entity = reader.word()?;
        if reader.keyword("WHERE") {
            select.condition = reader.condition()?;
        }
        if reader.keyword("GROUP") {
            reader.keywords(&["BY"])?;
            select.group = Some(reader.word()?);
        }
        if reader.keyword("ORDER") {
            reader.keywords(&["BY"])?;
            loop {
                let column = reader.word()?;
                select.order.push((column, reader.keyword("DESC")));
                if !reader.sign(',') {
                    break;
                }
            }
        }
        if reader.keyword("OFFSET") {
            let start = reader.word()?.parse().ok()?;
            reader.keywords(&["ROWS", "FETCH", "NEXT"])?;
            let rows = reader.word()?.parse().ok()?;
            reader.keywords(&["ROWS", "ONLY"])?;
            select.page = Some((start, rows));
        }
        reader.0.next().is_none().then_some(select)
    }

    /// The rows that it selects, at most so many; `None` where a column is unknown.
    pub(super) fn rows(&self, records: &[Row], columns: &[&str], case_counts: bool, most: usize) -> Option<Vec<Row>> {
        if !self.columns.iter().all(|column| columns.contains(&column.as_str())) {
            return None;
        }
        let mut rows: Vec<&Row> = records.iter().filter(|row| self.condition.holds(row, case_counts)).collect();
        if let Some(group) = &self.group {
            let mut seen = std::collections::BTreeSet::new();
            rows.retain(|row| seen.insert(row.get(group).map(plain)));
        }
        let key = |row: &Row| self.order.iter().map(|(column, _)| row.get(column).map(plain).unwrap_or_default()).collect();
        let keyed = |one: &Vec<String>, other: &Vec<String>| {
            let compared = one.iter().zip(other).zip(&self.order).map(|((one, other), (_, descending))| {
                let order = compare(one, other);
                if *descending { order.reverse() } else { order }
            });
            compared.fold(Ordering::Equal, Ordering::then)
        };
        let mut ordered: Vec<(Vec<String>, &Row)> = rows.into_iter().map(|row| (key(row), row)).collect();
        ordered.sort_by(|(one, _), (other, _)| keyed(one, other));
        let (start, length) = self.page.unwrap_or((0, usize::MAX));
        let page = ordered.into_iter().skip(start).take(length.min(most));
        let picked = |row: &Row| self.columns.iter().filter_map(|name| Some((name.clone(), row.get(name)?.clone()))).collect();
        Some(page.map(|(_, row)| picked(row)).collect())
    }
}

/// Numbers by their value, all else as text.
fn compare(one: &str, other: &str) -> Ordering {
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
