//! A request put together from a call, the client's credentials and what was fetched for one attempt.
//!
//! Takes a call that is complete. Returns requests, or why there is none. Sends nothing.

use crate::call::{Body, Call};
use crate::client::{CredentialValue, Slot};
use crate::clock::Moment;
use crate::not_sent::NotSentCause;
use crate::operation::Method;
use crate::target;
use crate::tokens::{Fetched, SharedTokenSource, ValueSource};
use crate::violations::{ArgumentPlace, At, Problem};
use reqwest::Request;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use std::sync::Arc;

pub(crate) type CredentialValues<'a> = Vec<(Slot<'a>, &'a CredentialValue)>;
/// What was fetched for one attempt: each source once, however many credentials share it.
pub(crate) type Tokens<'a> = Vec<(&'a SharedTokenSource, Arc<Fetched>)>;

impl Call<'_> {
    /// All that can be said before anything is sent.
    pub(crate) fn prepare(&mut self) -> Result<String, NotSentCause> {
        let path = target::fill(&self.client.inner().base_path, self.operation.path, &self.path);
        if let Err(name) = path {
            self.violations.add(&At::start(ArgumentPlace::Path).member(name), Problem::NoPathValue);
        }
        if !self.violations.is_empty() {
            return Err(NotSentCause::Violations(std::mem::take(&mut self.violations)));
        }
        match self.encoding.take() {
            Some(error) => Err(NotSentCause::Encoding(error)),
            None => Ok(path.unwrap_or_default()),
        }
    }

    pub(crate) fn request(&self, path: &str, credential_values: &CredentialValues<'_>, tokens: &Tokens<'_>) -> Request {
        let client = self.client.inner();
        let mut url = client.base.clone();
        url.set_path(path);
        let mut headers = HeaderMap::with_capacity(4 + self.headers.len() + credential_values.len());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, client.user_agent.clone());
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        let mut query = std::borrow::Cow::Borrowed(&self.query);
        for (slot, value) in credential_values {
            let (header, secret) = match &value.value {
                ValueSource::Fixed(ready) => (Some(ready.header.clone()), &ready.secret),
                ValueSource::Sourced { tokens: source, prefix } => match tokens.iter().find(|(known, _)| known.is(source)) {
                    Some((_, token)) => (token.header(prefix), &token.secret),
                    None => continue,
                },
            };
            match (slot, header) {
                (Slot::Header(name), Some(header)) => drop(headers.insert((*name).clone(), header)),
                (Slot::Header(_), None) => {}
                (Slot::Query(name), _) => target::add_pair(query.to_mut(), name, secret.expose()),
            }
        }
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        let mut request = Request::new(self.operation.method.wire(), url);
        let body = match &self.body {
            Body::None => {
                // Some servers demand a length although nothing follows (RFC 9110, section 8.6).
                if matches!(self.operation.method, Method::Post | Method::Put | Method::Patch) {
                    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
                None
            }
            Body::Json(bytes) => {
                let other = self.media_type.and_then(|name| HeaderValue::from_str(name).ok());
                Some((other.unwrap_or(HeaderValue::from_static("application/json")), bytes.clone()))
            }
            Body::Form(pairs) => Some((HeaderValue::from_static("application/x-www-form-urlencoded"), pairs.clone().into())),
        };
        if let Some((content_type, body)) = body {
            headers.insert(CONTENT_TYPE, content_type);
            *request.body_mut() = Some(body.into());
        }
        *request.headers_mut() = headers;
        request
    }
}

/// The credential values that have a source.
pub(crate) fn sourced<'a>(
    credential_values: &'a CredentialValues<'_>,
) -> impl Iterator<Item = (&'static str, &'a SharedTokenSource)> {
    credential_values.iter().filter_map(|(_, value)| match &value.value {
        ValueSource::Fixed(_) => None,
        ValueSource::Sourced { tokens, .. } => Some((value.name, tokens)),
    })
}

/// Fetches what has a source.
pub(crate) async fn fetch<'a>(credential_values: &'a CredentialValues<'_>, deadline: Moment) -> Result<Tokens<'a>, NotSentCause> {
    let mut fetched = Tokens::new();
    for (name, source) in sourced(credential_values) {
        // One token in two places is the same one in both, even if another call renews it meanwhile.
        if !fetched.iter().any(|(known, _)| known.is(source)) {
            let token = source.get(deadline).await.map_err(|error| NotSentCause::TokenSource { name, error })?;
            fetched.push((source, token));
        }
    }
    Ok(fetched)
}
