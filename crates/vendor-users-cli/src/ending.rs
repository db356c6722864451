//! Being told to end: by Ctrl-C, and by SIGTERM where there is that, as service managers send it.

/// The exit code of a program that Ctrl-C has ended at once.
const INTERRUPTED: i32 = 130;
/// The exit code of a program that SIGTERM has ended at once.
#[cfg(unix)]
const TERMINATED: i32 = 143;

/// Waits until the process is told to end. Returns the exit code of one that does so at once.
pub(crate) async fn ended() -> i32 {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Nobody can say so; the system ends the process as it does any.
            std::future::pending::<()>().await;
        }
        INTERRUPTED
    };
    #[cfg(unix)]
    let terminated = async {
        if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            signal.recv().await;
            return TERMINATED;
        }
        std::future::pending().await
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<i32>();
    tokio::select! {
        code = interrupted => code,
        code = terminated => code,
    }
}
