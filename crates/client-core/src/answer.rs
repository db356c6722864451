//! An answer's way in: fetched up to the limit of its size, held against the rules of failure, shown only in excerpts.
//!
//! In: a request, later its answer. Out: bytes, or the error they stand for. Types come later.

use crate::Limits;
use crate::call::Call;
use crate::client::Settings;
use crate::error::{Error, Reason, Refusal};
use crate::excerpt::Mask;
use crate::failure;
use crate::lost::AnswerProblem;
use crate::operation::{Failure, When};
use crate::retry;
use crate::send::{Lost, Received};
use crate::violations::{ArgumentPlace, At, Violations};
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
async fn read(mut response: Response, limit: usize) -> Result<(Vec<u8>, bool), reqwest::Error> {
    // A length that the vendor announces is a hint, not a reason to reserve it all.
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(announced.min(limit).min(64 << 10));
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        if let Some(fitting) = chunk.get(..room).filter(|_| chunk.len() > room) {
            body.extend_from_slice(fitting);
            return Ok((body, true));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, false))
}

/// The browser gives the body whole: its size is known too late to save memory.
#[cfg(target_arch = "wasm32")]
async fn read(response: Response, limit: usize) -> Result<(Vec<u8>, bool), reqwest::Error> {
    let body = response.bytes().await?;
    Ok((body.get(..limit).unwrap_or(&body).to_vec(), body.len() > limit))
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

/// The content type without its parameters, in small letters.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Whether a body of this type is read as JSON. Some vendors serve JSON as plain text, or do not say what it is.
fn may_be_json(content_type: Option<&str>) -> bool {
    content_type
        .is_none_or(|name| matches!(name, "" | "application/json" | "text/json" | "text/plain") || name.ends_with("+json"))
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
        Some(AnswerProblem::ContentType { found: self.mask().text(&found), excerpt })
    }

    pub(crate) fn refused(&self, received: Received, reason: Reason) -> Error<Vec<u8>> {
        let json = may_be_json(content_type(&received.headers).as_deref()) && !received.truncated;
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
        if let Some(body) = self.checked {
            let mut walk = Violations::collecting_secrets();
            body.check(&Limits::ANY, &At::start(ArgumentPlace::Body), &mut walk);
            secrets.extend(walk.into_secrets());
        }
        Mask::new(secrets)
    }
}
