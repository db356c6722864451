//! Instructions of reading and writing the vendor's own sample response, for one way of doing it at a time.
//!
//! Input: the feature `ours`, `plain` or `terse`. What is counted is one reading of a borrowed body, as a client does it, and one
//! writing; with `plain` also that of a `Value`.

use gungraun::{library_benchmark, library_benchmark_group, main};
use serde::{Serialize, de::DeserializeOwned};

fn body() -> &'static [u8] {
    bench::prove();
    bench::SAVED.as_bytes()
}

fn read<T: DeserializeOwned>(body: &[u8]) -> T {
    serde_json::from_slice(body).expect("the sample fits")
}

fn write<T: Serialize>(value: T) -> (T, Vec<u8>) {
    let bytes = serde_json::to_vec(&value).expect("it can be written");
    (value, bytes)
}

#[library_benchmark]
#[bench::once(setup = body)]
fn decode(body: &[u8]) -> bench::Saved {
    read(body)
}

#[library_benchmark]
#[bench::once(setup = saved)]
fn encode(saved: bench::Saved) -> (bench::Saved, Vec<u8>) {
    write(saved)
}

#[library_benchmark]
#[bench::once(setup = body)]
fn decode_value(body: &[u8]) -> serde_json::Value {
    read(body)
}

fn saved() -> bench::Saved {
    read(body())
}

library_benchmark_group!(name = coding, benchmarks = [decode, encode, decode_value]);
main!(library_benchmark_groups = coding);
