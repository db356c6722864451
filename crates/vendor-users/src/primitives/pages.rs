//! All records of a list from its pages. Knows no vendor.

use futures_util::{TryStreamExt as _, stream};

use super::{Primitives, RecordStream};
use crate::error::Error;
use crate::user::User as _;

/// All records, page by page as they are wanted.
pub(super) fn records<P: Primitives + ?Sized>(directory: &P) -> RecordStream<'_, P::Record> {
    // The position of the page, and the identifiers of the page before it.
    type State = Option<(Option<String>, Vec<String>)>;
    let pages = stream::try_unfold(Some((None, Vec::new())), move |state: State| async move {
        let Some((position, before)) = state else { return Ok::<_, Error>(None) };
        let page = directory.page(position).await?;
        let id = |user: &P::Record| user.id().map(|id| id.into_owned()).unwrap_or_default();
        let ids: Vec<String> = page.users.iter().map(id).collect();
        if !ids.is_empty() && ids == before {
            let found = "the users of the page before once more: the vendor ignores which page is asked for";
            return Err(Error::malformed(directory.describe().instance(), "the next page of the list", found));
        }
        Ok(Some((stream::iter(page.users.into_iter().map(Ok)), page.next.map(|next| (Some(next), ids)))))
    });
    // A read changes nothing, whatever became of it.
    Box::pin(pages.try_flatten().map_err(|error: Error| error.with_may_have_arrived(false)))
}
