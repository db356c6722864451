//! The span of a verb, with the instance that it is done at.

use crate::capability::Verb;
use crate::error::Error;
use crate::instance::Instance;

/// `work` within a span that names instance, vendor, host and verb.
#[cfg(feature = "tracing")]
pub(super) async fn within<T>(instance: &Instance, verb: Verb, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    use tracing::Instrument as _;
    let span = tracing::info_span!(
        "directory",
        instance = instance.name(),
        vendor = instance.title(),
        server.address = instance.host(),
        verb = verb.name(),
        error.type = tracing::field::Empty,
    );
    let done = work.instrument(span.clone()).await;
    if let Err(error) = &done {
        span.record("error.type", format!("{:?}", error.kind()));
    }
    done
}

/// `work`, without a span.
#[cfg(not(feature = "tracing"))]
pub(super) async fn within<T>(
    _instance: &Instance,
    _verb: Verb,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    work.await
}
