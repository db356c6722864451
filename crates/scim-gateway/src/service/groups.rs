//! Groups, read-only, where the vendor lets them be read.

use serde_json::{Map, Value as Json, json};
use vendor_users::Attribute;

use super::{Resource, Users};
use crate::carried::has_groups;
use crate::failure::of_reading;
use crate::protocol::GROUP;
use crate::protocol::error::ScimError;
use crate::protocol::evaluate::holds;
use crate::protocol::list::ListRequest;

impl Users {
    /// The groups of the vendor; none where it has none.
    async fn all_groups(&self) -> Result<Vec<Resource>, ScimError> {
        if !has_groups(self.directory.capabilities()) {
            return Ok(Vec::new());
        }
        let groups = self.directory.choices(Attribute::UserGroup).await.map_err(|error| of_reading(&error))?;
        let group = |id: &str, title: &str| {
            let group = json!({
                "schemas": [GROUP], "id": id, "displayName": title, "meta": { "resourceType": "Group" },
            });
            group.as_object().cloned().unwrap_or_default()
        };
        Ok(groups.iter().map(|choice| group(&choice.id, &choice.title)).collect())
    }

    /// A page of the groups that the request wants, and how many there are in all.
    pub(crate) async fn groups(&self, request: &ListRequest) -> Result<(usize, Vec<Map<String, Json>>), ScimError> {
        let mut groups = self.all_groups().await?;
        groups.retain(|group| request.filter.as_ref().is_none_or(|filter| holds(filter, group)));
        groups.sort_by_cached_key(|group| request.sort_key(group));
        if request.descending {
            groups.reverse();
        }
        let count = self.page_size(request);
        let total = groups.len();
        Ok((total, groups.into_iter().skip(request.start - 1).take(count).collect()))
    }

    /// The group with this identifier.
    pub(crate) async fn group(&self, id: &str) -> Result<Resource, ScimError> {
        let groups = self.all_groups().await?;
        let found = groups.into_iter().find(|group| group.get("id").and_then(Json::as_str) == Some(id));
        let shown = crate::protocol::error::shortened(id);
        found.ok_or_else(|| ScimError::new(404, format!("{} has no group `{shown}`", self.directory.capabilities().instance())))
    }
}
