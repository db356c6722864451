//! One user at a time, and the list of all.
//!
//! In: identifiers, drafts and patches. Out: calls of the vendor's client. The vendor replaces whole records, so every change
//! starts from what the vendor has.

use client_core::serde_json::{self, Value};
use futures_util::{TryStreamExt as _, stream};
use vbasoftware::types;

use super::{DOCUMENTED, Users, VENDOR, failed};
use crate::capability::{Capabilities, Verb};
use crate::directory::{Answer, Directory, Outcome, UserStream};
use crate::draft::UserDraft;
use crate::error::{Changed, Error};
use crate::patch::UserPatch;
use crate::plan::{Action, Plan, differing};
use crate::record::{compose, demand, write_patch};
use crate::user::User;

/// Users per page of the list.
const PAGE: usize = 100;

impl Users {
    /// Reads the record of the user `id`.
    pub(super) async fn read(&self, id: &str) -> Result<types::User, Error> {
        let answer = self.client.get_user(id).await.map_err(|error| failed(id, error))?;
        let found = answer.into_body().data.into_option();
        found.ok_or_else(|| Error::NotFound { vendor: VENDOR, id: id.to_owned() })
    }

    /// The record of the user `id` as it is, and as `patch` makes it.
    async fn patched(&self, id: &str, patch: &UserPatch) -> Result<(types::User, types::User), Error> {
        let before = self.read(id).await?;
        let now = before.last_modified();
        if patch.expected().is_some_and(|expected| now.as_deref() != Some(expected)) {
            let last_modified = (patch.expected().map(str::to_owned), now.map(|date| date.into_owned()));
            return Err(changed(id, Vec::new(), last_modified));
        }
        let mut after = before.clone();
        write_patch(&mut after, patch)?;
        demand(&after, Verb::Update, &[])?;
        Ok((before, after))
    }

    /// Refuses to go on if the user `id` is no longer what it was: the vendor itself would overwrite without a word.
    async fn unchanged(&self, id: &str, before: &types::User) -> Result<(), Error> {
        let now = self.read(id).await?;
        let fields = differing(before, &now);
        if fields.is_empty() {
            return Ok(());
        }
        let date = |record: &types::User| record.last_modified().map(|date| date.into_owned());
        Err(changed(id, fields, (date(before), date(&now))))
    }
}

fn changed(id: &str, fields: Vec<String>, last_modified: (Option<String>, Option<String>)) -> Error {
    Error::Changed(Changed { vendor: VENDOR, id: id.to_owned(), fields, last_modified })
}

impl Directory for Users {
    fn capabilities(&self) -> &'static Capabilities {
        &DOCUMENTED
    }

    fn get<'a>(&'a self, id: &'a str) -> Answer<'a, Box<dyn User>> {
        Box::pin(async move { Ok(Box::new(self.read(id).await?) as Box<dyn User>) })
    }

    fn list(&self) -> UserStream<'_> {
        let pages = stream::try_unfold(Some(1), move |page: Option<i32>| async move {
            let Some(page) = page else { return Ok::<_, Error>(None) };
            let size = i32::try_from(PAGE).unwrap_or(i32::MAX);
            let answer = self.client.list_users().page(page).page_size(size).await.map_err(|error| Error::call(VENDOR, error))?;
            let pages = answer.header("x-pagination").and_then(total_pages);
            let users = answer.into_body().data.value_or_default();
            let more = pages.map_or(users.len() >= PAGE, |pages| i64::from(page) < pages);
            let users = stream::iter(users.into_iter().map(|user| Ok(Box::new(user) as Box<dyn User>)));
            Ok(Some((users, more.then_some(page + 1))))
        });
        Box::pin(pages.try_flatten())
    }

    fn create<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(async move {
            let (record, not_carried) = compose(draft, &self.defaults, Verb::Create)?;
            let answer = self.client.create_user(&record).await.map_err(|error| Error::call(VENDOR, error))?;
            Ok(Outcome::new(answer.into_body().data.into_option().unwrap_or(record), not_carried))
        })
    }

    fn save<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(async move {
            let outcome = self.save_batch(std::slice::from_ref(draft)).await?.pop();
            outcome.unwrap_or(Err(Error::Unanswered { vendor: VENDOR, expected: "an outcome for the user" }))
        })
    }

    fn update<'a>(&'a self, id: &'a str, patch: &'a UserPatch) -> Answer<'a, Outcome> {
        Box::pin(async move {
            let (before, after) = self.patched(id, patch).await?;
            self.unchanged(id, &before).await?;
            let answer = self.client.update_user(id, &after).await.map_err(|error| failed(id, error))?;
            Ok(Outcome::new(answer.into_body().data.into_option().unwrap_or(after), Vec::new()))
        })
    }

    fn enable<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.client.admin_enable_user(id).await.map(drop).map_err(|error| failed(id, error)) })
    }

    fn disable<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.client.admin_disable_user(id).await.map(drop).map_err(|error| failed(id, error)) })
    }

    fn delete<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.client.delete_user(id).await.map(drop).map_err(|error| failed(id, error)) })
    }

    fn reset_password<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.client.admin_reset_user_password(id).await.map(drop).map_err(|error| failed(id, error)) })
    }

    fn save_all<'a>(&'a self, drafts: &'a [UserDraft]) -> Answer<'a, Vec<Result<Outcome, Error>>> {
        Box::pin(self.save_batch(drafts))
    }

    fn plan<'a>(&'a self, action: Action<'a>) -> Answer<'a, Plan> {
        Box::pin(async move {
            match action {
                Action::Create(draft) => {
                    let (record, not_carried) = compose(draft, &self.defaults, Verb::Create)?;
                    Plan::of(&DOCUMENTED, Verb::Create, None, None, &record, not_carried)
                }
                Action::Save(draft) => {
                    let (before, record, not_carried) = self.merged(draft).await?;
                    Plan::of(&DOCUMENTED, Verb::Save, None, before.as_ref(), &record, not_carried)
                }
                Action::Update { id, patch } => {
                    let (before, after) = self.patched(id, patch).await?;
                    Plan::of(&DOCUMENTED, Verb::Update, Some(id), Some(&before), &after, Vec::new())
                }
            }
        })
    }
}

/// The number of pages in the vendor's header for lists.
fn total_pages(header: &str) -> Option<i64> {
    serde_json::from_str::<Value>(header).ok()?.get("TotalPages")?.as_i64()
}
