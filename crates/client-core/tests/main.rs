//! What the runtime does, in one binary: a module for each part, over real sockets.

mod attempts;
mod constraints;
mod faults;
mod guards;
mod interceptors;
mod mask;
mod pages;
mod requests;
mod runtimes;
mod secrets;
mod spans;
mod support;
mod tls;
mod tokens;
mod values;
