//! Runs the line from the command line.

fn main() {}
