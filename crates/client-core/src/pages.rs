//! A list that comes in pages, as a stream of its responses.
//!
//! Takes a call, the parameter that asks for a page, and where the items stand in a response. Returns one response per page, and
//! ends where a page has no items. What keeps it from the end is an error, never a shorter list.

use crate::call::Call;
use crate::error::Error;
use crate::failure::unescaped;
use crate::malformed;
use crate::no_response::ResponseProblem;
use crate::response::Response;
use crate::tokens::BoxFuture;
use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The pages of a list, one response each: a [`Stream`], made by [`Call::pages`]. Nothing is sent before it is polled, and one page
/// is asked for at a time.
///
/// It ends before the first page without items, and after an error. An error means that the list was not read to its end: the
/// pages that came before it are not the whole list.
#[must_use = "nothing is sent before the stream is polled"]
pub struct Pages<'a, T, E> {
    /// The call for the page that comes next; none after the end.
    next: Option<Call<'a>>,
    current: Option<BoxFuture<'a, Result<Response<T>, Error<E>>>>,
    parameter: &'static str,
    number: i64,
    items: &'static str,
    /// The items of the last page.
    last: Bytes,
    keep_bytes: bool,
}

impl<'a> Call<'a> {
    /// Reads a list page after page: `parameter` is the query parameter that asks for a page, from `first` on, and `items` the JSON
    /// pointer of the array in a response. The call is sent once per page with all its values and options; only calls that change
    /// nothing may be sent so.
    ///
    /// ```
    /// use client_core::{Call, Error, Json};
    ///
    /// /// All users; an error where a page is missing.
    /// async fn all(list_users: Call<'_>) -> Result<Vec<Json>, Error<Json>> {
    ///     let mut pages = list_users.pages::<Json, Json>("page", 1, "/data");
    ///     let mut all = Vec::new();
    ///     while let Some(page) = pages.next().await {
    ///         all.push(page?.into_body());
    ///     }
    ///     Ok(all)
    /// }
    /// ```
    pub fn pages<T, E>(self, parameter: &'static str, first: i64, items: &'static str) -> Pages<'a, T, E> {
        let keep_bytes = self.options.keep_bytes;
        let next = Some(self.keep_bytes());
        Pages { next, current: None, parameter, number: first, items, last: Bytes::new(), keep_bytes }
    }
}

impl<'a, T: DeserializeOwned + 'a, E: DeserializeOwned + 'a> Pages<'a, T, E> {
    /// Returns the next page; none after the end. The same as `next` of the usual extensions of [`Stream`].
    ///
    /// # Errors
    ///
    /// Those of [`Call::send`], and [`Error::Malformed`] where a page has no array of items, or the items of the page before.
    pub async fn next(&mut self) -> Option<Result<Response<T>, Error<E>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T, E> Pages<'_, T, E> {
    /// The response, unless it has no items.
    fn judge(&mut self, mut response: Response<T>, call: Option<&Call<'_>>) -> Result<Option<Response<T>>, Error<E>> {
        let body = response.bytes.clone().unwrap_or_default();
        let found = find(&body, self.items).and_then(|items| match items {
            items if items.is_empty() || items != self.last => Ok(items),
            _ => Err(ResponseProblem::RepeatedPage { parameter: self.parameter, page: self.number }),
        });
        match (found, call) {
            (Err(problem), Some(call)) => Err(call.unexpected(&response, problem)),
            (Ok(items), _) if !items.is_empty() => {
                self.last = items;
                self.number = self.number.saturating_add(1);
                response.bytes = response.bytes.filter(|_| self.keep_bytes);
                Ok(Some(response))
            }
            _ => Ok(None),
        }
    }
}

impl<'a, T: DeserializeOwned + 'a, E: DeserializeOwned + 'a> Stream for Pages<'a, T, E> {
    type Item = Result<Response<T>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let mut current = match (this.current.take(), this.next.take()) {
            (Some(current), next) => {
                this.next = next;
                current
            }
            (None, Some(call)) => {
                this.next = Some(call.again());
                Box::pin(call.query(this.parameter, &this.number).send())
            }
            (None, None) => return Poll::Ready(None),
        };
        let Poll::Ready(outcome) = current.as_mut().poll(context) else {
            this.current = Some(current);
            return Poll::Pending;
        };
        let next = this.next.take();
        let page = outcome.and_then(|response| this.judge(response, next.as_ref()));
        if matches!(page, Ok(Some(_))) {
            this.next = next;
        }
        Poll::Ready(page.transpose())
    }
}

impl<T, E> fmt::Debug for Pages<'_, T, E> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Pages").field("next", &self.next).field("number", &self.number).finish_non_exhaustive()
    }
}

/// The items of a page, in the bytes of its body; nothing where the array is empty.
fn find(body: &Bytes, pointer: &str) -> Result<Bytes, ResponseProblem> {
    let at = if pointer.is_empty() { "the top of the body" } else { pointer };
    let wrong = |found| ResponseProblem::Type { at: at.to_owned(), expected: "an array of items".to_owned(), found };
    let mut value: &[u8] = body;
    for name in pointer.split('/').skip(1) {
        let members: BTreeMap<Cow<'_, str>, &RawValue> =
            serde_json::from_slice(value).map_err(|_| wrong("no object around it"))?;
        value = members.get(&unescaped(name)).ok_or_else(|| wrong("nothing"))?.get().as_bytes();
    }
    let items: Vec<&RawValue> = serde_json::from_slice(value).map_err(|error| match malformed::explain(&error) {
        ResponseProblem::Type { found, .. } => wrong(found),
        problem => problem,
    })?;
    Ok(if items.is_empty() { Bytes::new() } else { body.slice_ref(value) })
}
