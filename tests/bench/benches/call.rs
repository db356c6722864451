//! Instructions of one call on a connection that is open already: `PUT /users/{userID}`, for one client at a time.
//!
//! Input: the feature that names the client, and the server's address in `BENCH_SERVER`. The server refuses requests that
//! lack anything, so each client sends the same. What is counted is the client's thread within [`put_user`]: the request
//! put together and sent, the response received and decoded. Setting up, and the server, are not.

use gungraun::{library_benchmark, library_benchmark_group, main};
use tokio::runtime::{Builder, Runtime};

#[cfg_attr(feature = "by-hand", path = "call/by_hand.rs")]
#[cfg_attr(feature = "openapi-generator", path = "call/openapi_generator.rs")]
#[cfg_attr(feature = "ours", path = "call/ours.rs")]
#[cfg_attr(feature = "progenitor", path = "call/progenitor.rs")]
#[cfg_attr(feature = "raw-hyper", path = "call/raw_hyper.rs")]
mod client;

// This generator's code looks for itself at the root of a crate.
#[cfg(feature = "openapi-generator")]
#[allow(warnings, reason = "as it comes")]
#[path = "../../../target/bench/clients/openapi-generator/src/apis/mod.rs"]
pub mod apis;
#[cfg(feature = "openapi-generator")]
#[allow(warnings, reason = "as it comes")]
#[path = "../../../target/bench/clients/openapi-generator/src/models/mod.rs"]
pub mod models;

/// Calls that are counted; the script divides by it.
const CALLS: usize = 20;
/// Calls before.
const WARM_UP: usize = 3;

/// Who calls.
pub const USER: &str = "ann";
pub const KEY: &str = "0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.0123456789abcdef0123456789abcdef0123456789a";
pub const DATABASE: &str = "production";

struct Ready {
    runtime: Runtime,
    client: client::Client,
}

/// A client that has made its first calls: the connection is open, and what is made once has been made.
fn ready() -> Ready {
    let address = std::env::var("BENCH_SERVER").expect("the script starts a server and says where");
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = runtime.block_on(client::Client::new(&address));
    let expected: serde_json::Value = serde_json::from_str(bench::UPDATED).expect("the response is JSON");
    for _ in 0..WARM_UP {
        let response = runtime.block_on(client.call());
        assert_eq!(client::name(&response), expected["data"]["name"].as_str(), "the response is decoded");
    }
    Ready { runtime, client }
}

#[library_benchmark]
#[bench::calls(setup = ready)]
fn put_user(ready: Ready) -> Ready {
    for _ in 0..CALLS {
        std::hint::black_box(ready.runtime.block_on(ready.client.call()));
    }
    ready
}

library_benchmark_group!(name = calls, benchmarks = [put_user]);
main!(library_benchmark_groups = calls);
