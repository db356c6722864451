//! The span of one call, in the words of OpenTelemetry's semantic conventions for HTTP clients.
//!
//! Takes a call and later its outcome. Nothing that the program or the vendor put in is recorded. Without the feature
//! `tracing` nothing is.

use crate::call::Call;
use crate::error::Error;
use crate::response::Response;

pub(crate) struct Span(#[cfg(feature = "tracing")] pub(crate) tracing::Span);

impl Span {
    #[cfg(feature = "tracing")]
    pub(crate) fn of(call: &Call<'_>) -> Self {
        use tracing::field::Empty;
        let client = call.client.inner();
        let operation = call.operation;
        Self(tracing::info_span!(
            "call",
            otel.kind = "client",
            peer.service = client.vendor,
            operation.name = operation.id,
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
            server.address = &*client.host,
            server.port = client.base.port_or_known_default(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.r#type = Empty,
        ))
    }

    #[cfg(not(feature = "tracing"))]
    pub(crate) fn of(_: &Call<'_>) -> Self {
        Self()
    }

    /// Records what became of the call.
    #[cfg(feature = "tracing")]
    pub(crate) fn end<T, E>(&self, outcome: &Result<Response<T>, Error<E>>) {
        let (status, attempts, error) = match outcome {
            Ok(response) => (Some(response.status), response.attempts, None),
            Err(error) => (error.status(), error.attempts(), Some(error.kind())),
        };
        self.record(status.map(|status| status.as_u16()), attempts, error);
    }

    #[cfg(not(feature = "tracing"))]
    pub(crate) fn end<T, E>(&self, _: &Result<Response<T>, Error<E>>) {}

    #[cfg(feature = "tracing")]
    fn record(&self, status: Option<u16>, attempts: u32, error: Option<&'static str>) {
        if let Some(status) = status {
            self.0.record("http.response.status_code", status);
        }
        if attempts > 1 {
            self.0.record("http.request.resend_count", attempts - 1);
        }
        if let Some(error) = error {
            self.0.record("error.type", error);
        }
    }
}
