//! The machine that this runs on.

/// Its name, or what it is called where it has none.
pub(crate) fn name() -> String {
    let host = std::fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    let host = host.map(|host| host.trim().to_owned()).filter(|host| !host.is_empty());
    host.unwrap_or_else(|| "this machine".to_owned())
}
