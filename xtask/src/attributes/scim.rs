//! Where an attribute stands in a SCIM user, from the notation of RFC 7644's paths.

/// The name of SCIM's extension for enterprises (RFC 7643, section 4.3).
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Where an attribute stands in a SCIM user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether that is in the extension for enterprises.
    pub is_enterprise: bool,
    /// The members on the way.
    pub members: Vec<String>,
    /// Where the first member is a list: the type of the element.
    pub kind: Option<String>,
}

impl Place {
    /// Reads `title`, `name.givenName`, `emails[type eq "work"].value`, or one of these after the extension's name and a colon.
    #[must_use]
    pub fn read(path: &str) -> Option<Self> {
        let (is_enterprise, path) = match path.strip_prefix(ENTERPRISE) {
            Some(rest) => (true, rest.strip_prefix(':')?),
            None => (false, path),
        };
        let (members, kind) = match path.split_once("[type eq \"") {
            Some((list, rest)) => {
                let (kind, part) = rest.split_once("\"].")?;
                (vec![list, part], Some(kind))
            }
            None => (path.split('.').collect(), None),
        };
        let is_name = |name: &str| {
            name.starts_with(|char: char| char.is_ascii_lowercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let fits = members.len() <= 2 && members.iter().copied().chain(kind).all(is_name);
        // No list of the extension has elements of several types.
        let fits = fits && !(is_enterprise && kind.is_some());
        let members = members.into_iter().map(str::to_owned).collect();
        fits.then(|| Self { is_enterprise, members, kind: kind.map(str::to_owned) })
    }
}
