//! The list of a walk, kept in the store: identifiers in their order, in pieces, so that a page reads only what it sends.

use provisioning::jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::{Caller, Users};
use crate::digest::sha256;
use crate::failure::of_store;
use crate::protocol::error::ScimError;
use crate::protocol::list::ListRequest;

const KIND: &str = "scim-list";
/// Identifiers in a piece.
const PIECE: usize = 1000;

impl Users {
    fn list_name(&self, caller: &Caller, request: &ListRequest) -> String {
        let digest = sha256(&format!("{}\n{}\n{}", self.name, caller.client, request.identity()));
        digest.chars().take(32).collect()
    }

    /// Keeps the list of a walk.
    pub(super) async fn keep_list(&self, caller: &Caller, request: &ListRequest, ids: &[String]) -> Result<(), ScimError> {
        let now = Timestamp::now();
        let kept = SignedDuration::try_from(self.limits.snapshot).unwrap_or(SignedDuration::from_mins(5));
        let expires = Some(now.checked_add(kept).unwrap_or(Timestamp::MAX));
        let name = self.list_name(caller, request);
        let failed = |error| of_store(&error);
        self.store.expire_documents(now).await.map_err(failed)?;
        for (at, piece) in ids.chunks(PIECE).enumerate() {
            self.store.put_document(KIND, &format!("{name}/{at}"), &json!(piece), expires).await.map_err(failed)?;
        }
        // Last, so that a list that is found is whole.
        self.store.put_document(KIND, &name, &json!({ "total": ids.len() }), expires).await.map_err(failed)
    }

    /// The total and the identifiers of a page of a walk, where its list is still kept.
    pub(super) async fn kept_page(
        &self,
        caller: &Caller,
        request: &ListRequest,
        count: usize,
    ) -> Result<Option<(usize, Vec<String>)>, ScimError> {
        let now = Timestamp::now();
        let name = self.list_name(caller, request);
        let Some(head) = self.store.document(KIND, &name, now).await.map_err(|error| of_store(&error))? else { return Ok(None) };
        let total = head.get("total").and_then(Json::as_u64).and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
        let (from, to) = (request.start.saturating_sub(1), request.start.saturating_sub(1).saturating_add(count).min(total));
        let mut ids = Vec::new();
        let mut at = from;
        while at < to {
            let piece =
                self.store.document(KIND, &format!("{name}/{}", at / PIECE), now).await.map_err(|error| of_store(&error))?;
            let Some(Json::Array(piece)) = piece else { return Ok(None) };
            let end = (at / PIECE + 1).saturating_mul(PIECE).min(to);
            let wanted = piece.iter().skip(at % PIECE).take(end - at);
            ids.extend(wanted.filter_map(|id| id.as_str().map(str::to_owned)));
            at = end;
        }
        Ok(Some((total, ids)))
    }
}
