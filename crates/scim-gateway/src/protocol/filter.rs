//! Filters (RFC 7644, section 3.4.2.2): text becomes a tree of limited size.

use serde_json::Value as Json;

use super::error::{ScimError, ScimType, shortened};
use super::lexer::{Token, tokens};
use super::names::AttributePath;

/// How large a filter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterLimits {
    /// Bytes of text.
    pub length: usize,
    /// Parentheses, brackets and `not` within each other.
    pub depth: usize,
    /// Comparisons.
    pub comparisons: usize,
}

impl Default for FilterLimits {
    fn default() -> Self {
        Self { length: 8192, depth: 16, comparisons: 100 }
    }
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the operators of RFC 7644, table 3")]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Operator {
    fn named(name: &str) -> Option<Self> {
        let names = [
            ("eq", Self::Equal),
            ("ne", Self::NotEqual),
            ("co", Self::Contains),
            ("sw", Self::StartsWith),
            ("ew", Self::EndsWith),
            ("gt", Self::Greater),
            ("ge", Self::GreaterOrEqual),
            ("lt", Self::Less),
            ("le", Self::LessOrEqual),
        ];
        names.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, operator)| operator)
    }
}

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them hold.
    And(Vec<Filter>),
    /// One of them holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The attribute has a value.
    Present(AttributePath),
    /// The attribute has a value that compares so.
    Compare(AttributePath, Operator, Json),
    /// One value of the attribute is such that the filter holds of it.
    Values(AttributePath, Box<Filter>),
}

impl Filter {
    /// Parses `text`.
    ///
    /// ```
    /// use scim_gateway::protocol::filter::{Filter, FilterLimits};
    ///
    /// let filter = Filter::parse(r#"userName eq "kim" and emails[type eq "work"]"#, FilterLimits::default())?;
    /// assert!(matches!(filter, Filter::And(both) if both.len() == 2));
    /// assert!(Filter::parse("userName eq", FilterLimits::default()).is_err());
    /// # Ok::<(), scim_gateway::protocol::error::ScimError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ScimType::InvalidFilter`] where it is no filter, or larger than the limits.
    pub fn parse(text: &str, limits: FilterLimits) -> Result<Self, ScimError> {
        if text.len() > limits.length {
            return Err(invalid(format!("the filter has {} bytes, and {} are allowed", text.len(), limits.length)));
        }
        let mut parser = Parser { tokens: tokens(text)?, next: 0, limits, depth: 0, comparisons: 0 };
        let filter = parser.or()?;
        match parser.peek() {
            None => Ok(filter),
            Some(more) => Err(invalid(format!("the filter should end before {}", shown(more)))),
        }
    }

    /// Returns the comparisons that hold of whatever the filter holds of: one of `emails[value eq "x"]` is of `emails.value`.
    #[must_use]
    pub fn necessary(&self) -> Vec<(AttributePath, Operator, &Json)> {
        match self {
            Self::And(all) => all.iter().flat_map(Self::necessary).collect(),
            Self::Compare(path, operator, value) => vec![(path.clone(), *operator, value)],
            Self::Values(list, filter) => {
                let plain = filter.necessary().into_iter().filter(|(path, ..)| path.sub.is_none() && path.extension.is_none());
                plain
                    .map(|(path, operator, value)| (AttributePath { sub: Some(path.name), ..list.clone() }, operator, value))
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    limits: FilterLimits,
    depth: usize,
    comparisons: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn word(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted))
    }

    fn or(&mut self) -> Result<Filter, ScimError> {
        let mut parts = vec![self.and()?];
        while self.word("or") {
            self.next += 1;
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn and(&mut self) -> Result<Filter, ScimError> {
        let mut parts = vec![self.part()?];
        while self.word("and") {
            self.next += 1;
            parts.push(self.part()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn part(&mut self) -> Result<Filter, ScimError> {
        if self.word("not") && matches!(self.tokens.get(self.next + 1), Some(Token::Open)) {
            self.next += 1;
            return Ok(Filter::Not(Box::new(self.part()?)));
        }
        match self.take() {
            Some(Token::Open) => self.within(&Token::Close),
            Some(Token::Word(name)) => self.about(&name),
            Some(other) => Err(invalid(format!("the name of an attribute was expected, and {} was found", shown(&other)))),
            None => Err(invalid("the name of an attribute was expected, and the filter ends".to_owned())),
        }
    }

    fn within(&mut self, end: &Token) -> Result<Filter, ScimError> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(invalid(format!("the filter is nested deeper than {} levels", self.limits.depth)));
        }
        let filter = self.or()?;
        self.depth -= 1;
        match self.take() {
            Some(token) if token == *end => Ok(filter),
            Some(other) => Err(invalid(format!("{} was expected, and {} was found", shown(end), shown(&other)))),
            None => Err(invalid(format!("{} was expected, and the filter ends", shown(end)))),
        }
    }

    fn about(&mut self, name: &str) -> Result<Filter, ScimError> {
        self.comparisons += 1;
        if self.comparisons > self.limits.comparisons {
            return Err(invalid(format!("the filter has more than {} comparisons", self.limits.comparisons)));
        }
        let mut path = AttributePath::parse(name).map_err(|error| invalid(error.detail))?;
        match self.take() {
            Some(Token::OpenBracket) => {
                let filter = Filter::Values(path.clone(), Box::new(self.within(&Token::CloseBracket)?));
                // Entra: `emails[type eq "work"].value eq "…"`.
                let Some(Token::Word(word)) = self.peek() else { return Ok(filter) };
                let Some(sub) = word.strip_prefix('.').map(str::to_owned) else { return Ok(filter) };
                self.next += 1;
                let Filter::Values(_, inner) = filter else { return Ok(filter) };
                let sub = AttributePath::parse(&sub).map_err(|error| invalid(error.detail))?;
                let compared = self.compared(sub)?;
                path.sub = None;
                Ok(Filter::Values(path, Box::new(Filter::And(vec![*inner, compared]))))
            }
            Some(token) => {
                self.next -= 1;
                let _ = token;
                self.compared(path)
            }
            None => Err(invalid(format!("`{}` needs an operator, such as `eq` or `pr`", shortened(name)))),
        }
    }

    fn compared(&mut self, path: AttributePath) -> Result<Filter, ScimError> {
        let Some(Token::Word(word)) = self.take() else {
            return Err(invalid(format!("`{}` needs an operator, such as `eq` or `pr`", path.dotted())));
        };
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let operator = Operator::named(&word).ok_or_else(|| {
            invalid(format!("`{}` is no operator; they are eq, ne, co, sw, ew, pr, gt, ge, lt and le", shortened(&word)))
        })?;
        let value = match self.take() {
            Some(Token::Value(value)) => value,
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("true") => Json::Bool(true),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("false") => Json::Bool(false),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("null") => Json::Null,
            Some(other) => return Err(invalid(format!("a value was expected, and {} was found", shown(&other)))),
            None => return Err(invalid(format!("`{} {word}` needs a value", path.dotted()))),
        };
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && matches!(value, Json::Bool(_) | Json::Null) {
            return Err(invalid(format!("`{word}` does not compare true, false or null")));
        }
        Ok(Filter::Compare(path, operator, value))
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::OpenBracket => "`[`".to_owned(),
        Token::CloseBracket => "`]`".to_owned(),
        Token::Word(word) => format!("`{}`", shortened(word)),
        Token::Value(value) => format!("`{}`", shortened(&value.to_string())),
    }
}

fn invalid(detail: String) -> ScimError {
    ScimError::of(ScimType::InvalidFilter, detail)
}
