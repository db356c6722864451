//! What a list request asks for (RFC 7644, section 3.4.2), by query or by `.search`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use provisioning::jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::error::{ScimError, ScimType, shortened};
use super::evaluate::values;
use super::filter::{Filter, FilterLimits};
use super::names::{AttributePath, member};
use super::projection::Projection;

/// A list request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListRequest {
    /// What must hold of the resources.
    pub filter: Option<Filter>,
    /// The filter as it was sent.
    pub filter_text: String,
    /// What they are sorted by; by identifier without it.
    pub sort_by: Option<AttributePath>,
    /// Whether the largest comes first.
    pub descending: bool,
    /// The place of the first one of the page, from 1.
    pub start: usize,
    /// How many a page is to have.
    pub count: Option<usize>,
    /// Which attributes they are to have.
    pub projection: Projection,
}

impl ListRequest {
    /// Reads the parameters of a query.
    ///
    /// # Errors
    ///
    /// A parameter is not what it should be.
    pub fn of_query(query: &BTreeMap<String, String>, limits: FilterLimits) -> Result<Self, ScimError> {
        let text = |name: &str| query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        Self::of(&text, limits)
    }

    /// Reads the body of a request to `.search`.
    ///
    /// # Errors
    ///
    /// A member is not what it should be.
    pub fn of_body(body: &Json, limits: FilterLimits) -> Result<Self, ScimError> {
        let members = body.as_object().ok_or_else(|| ScimError::of(ScimType::InvalidSyntax, "a search is a JSON object"))?;
        let texts: BTreeMap<String, String> = members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| {
                let text = match value {
                    Json::String(text) => text.clone(),
                    Json::Array(names) => names.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(","),
                    // Numbers, and what is none where one is expected.
                    other => other.to_string(),
                };
                (name.clone(), text)
            })
            .collect();
        Self::of_query(&texts, limits)
    }

    fn of<'q>(text: &dyn Fn(&str) -> Option<&'q str>, limits: FilterLimits) -> Result<Self, ScimError> {
        let number = |name: &str| match text(name) {
            None => Ok(None),
            Some(found) if found.trim().is_empty() => Ok(None),
            Some(found) => found.trim().parse::<i64>().map(Some).map_err(|_| {
                ScimError::of(ScimType::InvalidValue, format!("`{name}` is a whole number, and `{}` was found", shortened(found)))
            }),
        };
        let place = |number: i64| usize::try_from(number.max(0)).unwrap_or(usize::MAX);
        let filter = text("filter").filter(|filter| !filter.trim().is_empty());
        let descending = match text("sortOrder").map(str::to_ascii_lowercase).as_deref() {
            None | Some("" | "ascending") => false,
            Some("descending") => true,
            Some(_) => return Err(ScimError::of(ScimType::InvalidValue, "`sortOrder` is ascending or descending")),
        };
        let sort_by = text("sortBy").filter(|name| !name.is_empty());
        Ok(Self {
            filter: filter.map(|filter| Filter::parse(filter, limits)).transpose()?,
            filter_text: filter.unwrap_or_default().to_owned(),
            sort_by: sort_by.map(AttributePath::parse).transpose()?,
            descending,
            start: number("startIndex")?.map_or(1, place).max(1),
            count: number("count")?.map(place),
            projection: Projection::parse(text("attributes"), text("excludedAttributes"))?,
        })
    }

    /// Returns what tells this list from another one, whatever page of it is wanted.
    #[must_use]
    pub fn identity(&self) -> String {
        let sort = self.sort_by.as_ref().map(AttributePath::dotted).unwrap_or_default();
        format!("{}\n{sort}\n{}", self.filter_text, self.descending)
    }

    /// Returns what a resource is sorted by; of several values the primary one, else the first.
    #[must_use]
    pub fn sort_key(&self, resource: &Map<String, Json>) -> SortKey {
        let Some(path) = &self.sort_by else { return SortKey(None) };
        let primary = member(resource, &path.name).and_then(Json::as_array).and_then(|elements| {
            elements.iter().filter_map(Json::as_object).find(|element| element.get("primary") == Some(&Json::Bool(true)))
        });
        let sub = path.sub.as_deref().unwrap_or("value");
        let value = primary.and_then(|element| member(element, sub)).or_else(|| values(path, resource).into_iter().next());
        SortKey(match value {
            // Times may have fractions of seconds or none.
            Some(Json::String(text)) if path.name.eq_ignore_ascii_case("meta") => {
                Some(text.parse::<Timestamp>().map_or_else(|_| text.clone(), |time| format!("{:020}", time.as_microsecond())))
            }
            Some(Json::String(text)) if path.is_case_exact() => Some(text.clone()),
            Some(Json::String(text)) => Some(text.to_lowercase()),
            Some(Json::Bool(flag)) => Some(flag.to_string()),
            Some(Json::Number(number)) => Some(format!("{:024.6}", number.as_f64().unwrap_or_default())),
            _ => None,
        })
    }
}

/// What a resource is sorted by. Without a value it comes last, and first where the order is turned round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortKey(Option<String>);

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

/// Returns the response to a list request.
#[must_use]
pub fn response(resources: Vec<Json>, total: usize, start: usize) -> Json {
    json!({
        "schemas": [super::LIST],
        "totalResults": total,
        "itemsPerPage": resources.len(),
        "startIndex": start,
        "Resources": resources,
    })
}
