//! The same joiner, mover and leaver at every vendor, on servers in memory:
//! `cargo run -p vendor-users --example tour --all-features`.

mod emulated;
mod story;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", story::tell().await?);
    Ok(())
}
