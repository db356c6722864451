//! What is committed is what `cargo xtask regen` makes.

#[path = "support/workspace.rs"]
mod workspace;

#[test]
fn nothing_on_disk_differs_from_what_regen_writes() {
    if let Err(failure) = xtask::regen::regen(&workspace::root(), None, true) {
        panic!("{failure}");
    }
}
