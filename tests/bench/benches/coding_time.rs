//! Time of reading and writing the vendor's own sample response, for one way of doing it at a time.
//!
//! Input: the feature `ours`, `plain` or `terse`, and the body borrowed, as a client has it. Output: divan's table.

use divan::{Bencher, black_box};

fn main() {
    bench::prove();
    divan::main();
}

#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    bencher.bench(|| serde_json::from_slice::<bench::Saved>(black_box(bench::SAVED.as_bytes())));
}

#[divan::bench]
fn encode(bencher: Bencher<'_, '_>) {
    let saved: bench::Saved = serde_json::from_str(bench::SAVED).expect("the sample fits");
    bencher.bench(|| serde_json::to_vec(black_box(&saved)));
}

#[divan::bench]
fn decode_value(bencher: Bencher<'_, '_>) {
    bencher.bench(|| serde_json::from_slice::<serde_json::Value>(black_box(bench::SAVED.as_bytes())));
}
