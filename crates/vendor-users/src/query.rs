//! A page of the list of users, filtered and ordered as far as the vendor can. Knows no vendor.

use crate::attribute::{Attribute, Value};
use crate::same;
use crate::user::User;

/// How the value of an attribute is compared by a [`Condition`]; case never counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Comparison {
    /// It is this value.
    Equals,
    /// It begins with this text.
    StartsWith,
    /// It has this text in it.
    Contains,
}

/// What must hold of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// Which attribute.
    pub attribute: Attribute,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub value: Value<'static>,
}

impl Condition {
    /// Returns whether it holds of `user`.
    #[must_use]
    pub fn holds(&self, user: &dyn User) -> bool {
        let Some(found) = user.attribute(self.attribute) else { return false };
        let (text, wanted) = (found.to_string().to_lowercase(), self.value.to_string().to_lowercase());
        match self.comparison {
            Comparison::Equals => text == wanted || same::values(self.attribute, &found, &self.value),
            Comparison::StartsWith => text.starts_with(&wanted),
            Comparison::Contains => text.contains(&wanted),
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

/// Which users a page of the list is to have. All conditions must hold.
///
/// ```
/// use vendor_users::query::{Comparison, ListQuery, Order};
/// use vendor_users::Attribute;
///
/// let query = ListQuery::new()
///     .with(Attribute::FamilyName, Comparison::StartsWith, "Le")
///     .ordered_by(Attribute::Id, Order::Ascending)
///     .page_size(200);
/// assert_eq!(query.conditions().len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct ListQuery {
    conditions: Vec<Condition>,
    order: Option<(Attribute, Order)>,
    page_size: Option<usize>,
    position: Option<String>,
}

impl ListQuery {
    /// Asks for all users, as the vendor orders them, from the first page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition: only users of whom it holds.
    pub fn with<'v>(mut self, attribute: Attribute, comparison: Comparison, value: impl Into<Value<'v>>) -> Self {
        self.conditions.push(Condition { attribute, comparison, value: value.into().into_owned() });
        self
    }

    /// Sets the order.
    pub fn ordered_by(mut self, attribute: Attribute, order: Order) -> Self {
        self.order = Some((attribute, order));
        self
    }

    /// Sets how many users a page has.
    pub fn page_size(mut self, users: usize) -> Self {
        self.page_size = Some(users);
        self
    }

    /// Sets the position of the page, which the page before it gave as [`UserPage::next`].
    pub fn at(mut self, position: impl Into<String>) -> Self {
        self.position = Some(position.into());
        self
    }

    /// Returns the conditions.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Returns the order that is wanted.
    #[must_use]
    pub const fn order(&self) -> Option<(Attribute, Order)> {
        self.order
    }

    /// Returns how many users a page is to have.
    #[must_use]
    pub const fn wanted_page_size(&self) -> Option<usize> {
        self.page_size
    }

    /// Returns where the page begins; `None` for the first one.
    #[must_use]
    pub fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// Returns whether every condition holds of `user`.
    #[must_use]
    pub fn matches(&self, user: &dyn User) -> bool {
        self.conditions.iter().all(|condition| condition.holds(user))
    }

    /// Returns the parts that are asked for.
    #[must_use]
    pub fn parts(&self) -> Vec<QueryPart> {
        let filters = self.conditions.iter().map(|condition| QueryPart::Condition(condition.attribute));
        let order = self.order.map(|_| QueryPart::Order);
        filters.chain(order).chain(self.page_size.map(|_| QueryPart::PageSize)).collect()
    }
}

/// A part of a [`ListQuery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueryPart {
    /// The condition on this attribute.
    Condition(Attribute),
    /// The order.
    Order,
    /// The number of users in a page.
    PageSize,
}

/// A page of the list.
#[derive(Debug)]
#[non_exhaustive]
pub struct UserPage {
    /// The users of the page of whom every condition holds. There may be none of them although more pages follow.
    pub users: Vec<Box<dyn User>>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
    /// What the vendor's list did not do. Conditions were then checked here, user by user; an order was not made.
    pub not_done: Vec<QueryPart>,
}

impl UserPage {
    /// Creates a page from its users, where the next one begins, and what the vendor's list did not do.
    #[must_use]
    pub const fn new(users: Vec<Box<dyn User>>, next: Option<String>, not_done: Vec<QueryPart>) -> Self {
        Self { users, next, not_done }
    }
}
