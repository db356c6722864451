//! Shows the attempts of a call to the client's interceptors.
//!
//! Takes a request, later what came of it. Returns the response that an interceptor has already, if one has.

use crate::call::Call;
use crate::interceptor::{Attempt, AttemptOutcome};
use crate::receive::{Lost, Received};
use crate::tokens::BoxError;
use reqwest::Request;

impl Call<'_> {
    /// Shows an attempt to all interceptors before it is sent.
    pub(crate) fn before(&self, number: u32, request: &mut Request) -> Result<Option<Received>, BoxError> {
        let mut attempt = self.attempt(number, request);
        for interceptor in &self.client.inner().interceptors {
            interceptor.request(&mut attempt)?;
        }
        let received =
            |(status, headers, body)| Received { status, headers, body, truncated: false, attempts: 0, earlier: false };
        Ok(attempt.response.take().map(received))
    }

    /// Shows all interceptors what came of an attempt; none if nothing came in time.
    pub(crate) fn after(&self, number: u32, request: &mut Request, outcome: Option<&Result<Received, Lost>>) {
        let lost = match outcome {
            None | Some(Ok(_)) => "no response in time",
            Some(Err(Lost::Connect(_))) => "no connection",
            Some(Err(Lost::Tls(_))) => "the server cannot be trusted",
            Some(Err(Lost::Request(_))) => "the request cannot be put together",
            Some(Err(Lost::Proxy(_))) => "the proxy wants other credentials",
            Some(Err(Lost::Response(_))) => "the connection was lost",
        };
        let received = outcome.and_then(|outcome| outcome.as_ref().ok());
        let response = received.map(|received| (received.status, &received.headers, &*received.body));
        let (attempt, outcome) = (self.attempt(number, request), AttemptOutcome { response, lost, mask: &|| self.mask() });
        for interceptor in self.client.inner().interceptors.iter().rev() {
            interceptor.response(&attempt, &outcome);
        }
    }

    fn attempt<'a>(&self, number: u32, request: &'a mut Request) -> Attempt<'a> {
        let (operation, method) = (self.operation.id, self.operation.method.as_str());
        Attempt { operation, method, number, request, response: None }
    }
}
