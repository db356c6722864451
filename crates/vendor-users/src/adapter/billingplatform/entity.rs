//! The two kinds of user, which the vendor calls entities, by the operations of each.

use std::fmt;

use billingplatform::{Client, types};
use client_core::{BoxFuture, Error};

use crate::capabilities::Documented;
use crate::generated::documented::{BILLINGPLATFORM, BILLINGPLATFORM_EXTERNAL_USERS};
use crate::operations::DocumentedUsers;
use crate::primitives::Primitives;
use crate::record::Record;

/// What a call of this vendor gives.
type Called<'a, T> = BoxFuture<'a, Result<T, Error<types::ErrorResponse>>>;

/// A request whose type may grow.
pub(super) fn request<T: Default>(fill: impl FnOnce(&mut T)) -> T {
    let mut request = T::default();
    fill(&mut request);
    request
}

/// A kind of user.
pub trait Entity: fmt::Debug + Clone + Send + Sync + 'static {
    /// Its type.
    type Record: Record;

    /// What the vendor calls it.
    const NAME: &'static str;

    /// What the vendor documents for it.
    const DOCUMENTED: &'static Documented;

    /// What the documented operations of a known shape do.
    fn base(users: &DocumentedUsers<Client, Self::Record>) -> &dyn Primitives<Record = Self::Record>;

    /// Deletes the user that the request names.
    fn delete<'a>(client: &'a Client, request: &'a types::DeleteRequest) -> Called<'a, types::DeleteResponse>;

    /// Keeps the user from signing in with a password of the platform.
    fn forbid_password(record: &mut Self::Record);
}

/// Users who work in the platform.
#[derive(Clone, Debug)]
pub struct Application;

impl Entity for Application {
    type Record = types::ApplicationUser;

    const NAME: &'static str = "APPLICATION_USER";
    const DOCUMENTED: &'static Documented = &BILLINGPLATFORM;

    fn base(users: &DocumentedUsers<Client, Self::Record>) -> &dyn Primitives<Record = Self::Record> {
        users
    }

    fn delete<'a>(client: &'a Client, request: &'a types::DeleteRequest) -> Called<'a, types::DeleteResponse> {
        Box::pin(async move { Ok(client.delete_application_user(request).await?.into_body()) })
    }

    fn forbid_password(record: &mut Self::Record) {
        record.forbid_internal_auth = 1.into();
    }
}

/// Users who belong to an account.
#[derive(Clone, Debug)]
pub struct External;

impl Entity for External {
    type Record = types::ExternalUser;

    const NAME: &'static str = "EXTERNAL_USER";
    const DOCUMENTED: &'static Documented = &BILLINGPLATFORM_EXTERNAL_USERS;

    fn base(users: &DocumentedUsers<Client, Self::Record>) -> &dyn Primitives<Record = Self::Record> {
        users
    }

    fn delete<'a>(client: &'a Client, request: &'a types::DeleteRequest) -> Called<'a, types::DeleteResponse> {
        Box::pin(async move { Ok(client.delete_external_user(request).await?.into_body()) })
    }

    fn forbid_password(record: &mut Self::Record) {
        record.internal_authentication_disabled_flag = 1.into();
    }
}
