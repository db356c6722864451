//! Every vendor on your desk, for tools that are not ours: starts the servers in memory, says where they are and which headers
//! let a request in, and serves until it is stopped: `cargo run -p vendor-users --example desk --all-features`.

use vendor_users::testing::{self, Server, Vendor};

fn tell<V: Vendor>(vendor: &str, server: &Server<V>) {
    println!("{vendor} {}", server.url());
    for (name, value) in server.headers() {
        println!("  {name}: {value}");
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let billingplatform = testing::billingplatform::start().await?;
    let superoffice = testing::superoffice::start().await?;
    let twosms = testing::twosms::start().await?;
    let vbasoftware = testing::vbasoftware::start().await?;
    tell("billingplatform", &billingplatform);
    tell("superoffice", &superoffice);
    tell("twosms", &twosms);
    tell("vbasoftware", &vbasoftware);
    std::future::pending::<()>().await;
    Ok(())
}
