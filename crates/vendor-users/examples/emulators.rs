//! Emulators of all vendors, for tools that are not ours: starts them, says where they are, with which logins and with which
//! headers a request is authenticated, and serves until it is stopped:
//! `cargo run -p vendor-users --example emulators --all-features`.

use vendor_users::testing::{self, Emulator, Vendor, billingplatform, superoffice, twosms, vbasoftware};

fn tell<V: Vendor>(vendor: &str, emulator: &Emulator<V>, logins: &[(&str, &str)]) {
    println!("{vendor} {}", emulator.url());
    for (name, value) in logins {
        println!("  {name} = {value}");
    }
    for (name, value) in emulator.headers() {
        println!("  {name}: {value}");
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let billingplatform = testing::billingplatform::start().await?;
    let superoffice = testing::superoffice::start().await?;
    let twosms = testing::twosms::start().await?;
    let vbasoftware = testing::vbasoftware::start().await?;
    let (user, password) = billingplatform::LOGIN;
    tell("billingplatform", &billingplatform, &[("user", user), ("password", password)]);
    let (user, password) = superoffice::LOGIN;
    tell("superoffice", &superoffice, &[("user", user), ("password", password)]);
    let (id, secret) = twosms::CLIENT;
    tell("twosms", &twosms, &[("client_id", id), ("client_secret", secret)]);
    let (user, password) = vbasoftware::LOGIN;
    let (id, code) = vbasoftware::CLIENT;
    let database = vbasoftware::DATABASE;
    let logins = [("user", user), ("password", password), ("database", database), ("client_id", id), ("client_code", code)];
    tell("vbasoftware", &vbasoftware, &logins);
    std::future::pending::<()>().await;
    Ok(())
}
