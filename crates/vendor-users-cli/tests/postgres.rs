//! Two machines that share a store in PostgreSQL: `tests/tools/postgres` starts a server.

use std::process::Stdio;

use provisioning::store::new_id;

use crate::support::postgres;
use crate::support::world::{CONFIG, World, people};

#[test]
fn two_machines_that_share_postgres_make_nobody_twice() {
    let Some(url) = postgres("two machines over one store") else { return };
    let world = World::new();
    // The server may be shared with other tests, the instance is not.
    let name = format!("claims-{}", new_id().expect("an identifier"));
    let config = CONFIG.replace("instances.claims", &format!("instances.{name}"));
    world.configure(&format!("store = {{ postgres = {{ env = \"STORE_ADDRESS\" }} }}\n{config}"));
    world.write("people.csv", &people(40));
    let start = || {
        let mut program = world.program();
        program.env("STORE_ADDRESS", &url).args(["apply", "people.csv", "--yes"]);
        program.stdout(Stdio::null()).spawn().expect("it starts")
    };
    let codes = [start(), start()].map(|mut child| child.wait().expect("it ends").code());
    // One may find that the other is at it; then it does nothing.
    assert!(codes.contains(&Some(0)) && codes.iter().all(|code| [Some(0), Some(1)].contains(code)), "{codes:?}");
    assert_eq!(world.accounts().len(), 40);
    world.server.forget();
    assert_eq!(start().wait().expect("it ends").code(), Some(0));
    assert_eq!(world.writes(), Vec::<String>::new());
    let history = world.program().env("STORE_ADDRESS", &url).args(["history", "7"]).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&history.stdout).lines().count(), 2, "{history:?}");
}
