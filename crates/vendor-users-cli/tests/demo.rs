//! The demo, as a new user goes through it.

use crate::support::{Demo, run};

#[test]
fn the_demo_is_planned_applied_and_then_at_rest() {
    let demo = Demo::start();
    let folder = demo.folder();
    run(&folder, &["check"]).ends_with(0);
    run(&folder, &["plan", "people.csv", "-i", "vbasoftware"]).ends_with(2);
    let applied = run(&folder, &["apply", "people.csv", "-i", "vbasoftware", "--yes"]).ends_with(0);
    assert!(applied.out.contains("vbasoftware      20      19        1"), "{}", applied.out);
    let again = run(&folder, &["plan", "people.csv", "-i", "vbasoftware"]).ends_with(0);
    assert!(again.out.contains("nothing to do"), "{}", again.out);
}
