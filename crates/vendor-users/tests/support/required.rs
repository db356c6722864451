//! Users with all that a vendor demands, and nothing else.

use vendor_users::client_core::serde_json::{self, Value};
use vendor_users::vbasoftware;

/// A user of VBA Software as the vendor's own type.
pub(crate) fn vba_user(id: &str) -> vbasoftware::types::User {
    vbasoftware::types::User::new(vbasoftware::types::UserRequired {
        user_id: id.into(),
        email_address: format!("{id}@example.com"),
        account_locked: false,
        administrator: false,
        audit_user: false,
        id_card_notification: false,
        is_sso_user: false,
        mfa_enabled: false,
        nav_id_underline: false,
        single_use_account: false,
        use_windows_authentication: false,
        vba_password_reset: false,
        vba_user: false,
    })
}

/// The same as JSON.
pub(crate) fn vba(id: &str) -> Value {
    serde_json::to_value(vba_user(id)).unwrap_or_default()
}
