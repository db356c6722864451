//! An answer's way in: fetched up to the limit of its size, held against the rules of failure, shown only in excerpts.
//!
//! In: a request, later its answer. Out: bytes, or the error they stand for. Types come later.

use crate::call::Call;
use crate::client::Settings;
use crate::error::{Error, Reason, Refusal};
use crate::excerpt::Mask;
use crate::failure;
use crate::lost::AnswerProblem;
use crate::operation::{Failure, When};
use crate::retry;
use crate::send::{Lost, Received};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Request, Response};

/// Sends one request and takes its answer.
pub(crate) async fn fetch(http: &Client, request: Request, settings: &Settings) -> Result<Received, Lost> {
    #[cfg(target_arch = "wasm32")]
    let request = {
        let mut request = request;
        *request.timeout_mut() = Some(settings.timeout);
        request
    };
    let mut response = http.execute(request).await.map_err(lost)?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let (body, truncated) = read(response, settings.max_answer_size).await.map_err(lost)?;
    Ok(Received { status, headers, body, truncated, attempts: 0 })
}

#[cfg(not(target_arch = "wasm32"))]
async fn read(mut response: Response, limit: usize) -> Result<(Bytes, bool), reqwest::Error> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = response.chunk().await?.unwrap_or_default();
    let mut parts = Vec::new();
    // Most answers are one chunk, which is taken as it came.
    while body.len() <= limit
        && let Some(chunk) = response.chunk().await?
    {
        if parts.is_empty() {
            // A length that the vendor announces is a hint, not a reason to reserve it all.
            parts.reserve(announced.min(limit).min(64 << 10));
            parts.extend_from_slice(&body);
        }
        let room = limit - parts.len();
        parts.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Ok((parts.into(), true));
        }
    }
    if !parts.is_empty() {
        body = parts.into();
    }
    let truncated = body.len() > limit;
    body.truncate(limit);
    Ok((body, truncated))
}

/// The browser gives the body whole: its size is known too late to save memory.
#[cfg(target_arch = "wasm32")]
async fn read(response: Response, limit: usize) -> Result<(Bytes, bool), reqwest::Error> {
    let mut body = response.bytes().await?;
    let truncated = body.len() > limit;
    body.truncate(limit);
    Ok((body, truncated))
}

fn lost(error: reqwest::Error) -> Lost {
    // The URL has path and query values in it.
    let error = error.without_url();
    #[cfg(not(target_arch = "wasm32"))]
    if error.is_connect() {
        return Lost::Connect(error);
    }
    if error.is_builder() { Lost::Request(error) } else { Lost::Answer(error) }
}

/// The pointer of the first rule that finds a failure.
pub(crate) fn failure(rules: &'static [Failure], received: &Received, reads_body: bool) -> Option<&'static str> {
    if received.truncated {
        return None;
    }
    // Where no body is documented, an empty one is no failure.
    let applies = |rule: &&'static Failure| reads_body || !(rule.at.is_empty() && matches!(rule.when, When::Null));
    failure::find(rules.iter().filter(applies), &received.body)
}

/// The content type without its parameters.
fn content_type(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(CONTENT_TYPE)?.as_bytes();
    let end = memchr::memchr(b';', value).unwrap_or(value.len());
    Some(value.get(..end).unwrap_or_default().trim_ascii())
}

/// Whether a body of this type is read as JSON. Some vendors serve JSON as plain text, or do not say what it is.
fn may_be_json(content_type: Option<&[u8]>) -> bool {
    content_type.is_none_or(|name| {
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        is(b"application/json")
            || [&b""[..], b"text/json", b"text/plain"].into_iter().any(is)
            || name.last_chunk::<5>().is_some_and(|suffix| suffix.eq_ignore_ascii_case(b"+json"))
    })
}

impl Call<'_> {
    /// Why the body of a success cannot be decoded, as far as that is known without its type.
    pub(crate) fn unfit(&self, received: &Received) -> Option<AnswerProblem> {
        if received.truncated {
            return Some(AnswerProblem::TooLarge { limit: self.client.inner().settings.max_answer_size });
        }
        if received.body.iter().all(u8::is_ascii_whitespace) {
            return Some(AnswerProblem::Empty);
        }
        let found = content_type(&received.headers).filter(|name| !may_be_json(Some(name)))?;
        let excerpt = self.mask().excerpt(&received.body, false);
        Some(AnswerProblem::ContentType {
            found: self.mask().text(&String::from_utf8_lossy(found).to_ascii_lowercase()),
            excerpt,
        })
    }

    pub(crate) fn refused(&self, received: Received, reason: Reason) -> Error<Bytes> {
        let json = may_be_json(content_type(&received.headers)) && !received.truncated;
        let excerpt = self.mask().excerpt(&received.body, json);
        let retry_after = retry::retry_after(&received.headers);
        let Received { status, headers, body, attempts, .. } = received;
        let operation = self.operation.id;
        let body = json.then_some(body);
        Error::Refused(Box::new(Refusal { operation, status, headers, retry_after, body, excerpt, reason, attempts }))
    }

    /// All that must not be seen in what a vendor says: the client's secrets, and those of this request.
    fn mask(&self) -> Mask {
        let mut secrets = self.client.inner().secrets();
        secrets.extend(self.secrets.iter().cloned());
        let mask = Mask::new(secrets);
        match self.checked {
            Some(body) => mask.with(body),
            None => mask,
        }
    }
}
