//! The application users of BillingPlatform.
//!
//! From a login and defaults to a directory of the application users of an organization.

use billingplatform::{Auth, Client, ClientBuilder, types};
use client_core::serde_json::{self, json};
use client_core::{BoxFuture, Extra, Failure, Field, List, Operation, Scalar, Secret, Token, When};

use super::login::{self, Login};
use super::settings::{InstanceSettings, instance_settings};
use crate::capabilities::Capabilities;
use crate::capability::Verb;
use crate::directory::DirectoryFuture;
use crate::error::Error;
use crate::generated::documented::BILLINGPLATFORM as DOCUMENTED;
use crate::instance::Instance;
use crate::primitives::{Primitives, Write};

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    username: String,
    password: Secret,
    jwt: Option<Secret>,
    defaults: types::ApplicationUser,
    instance: InstanceSettings,
}

impl Settings {
    instance_settings!();

    /// A user who may call the API, and the address of the organization's platform, such as
    /// `https://my.billingplatform.com/acme`.
    pub fn new(base_url: impl Into<String>, username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            base_url: base_url.into(),
            username: username.into(),
            password: password.into(),
            jwt: None,
            defaults: types::ApplicationUser::default(),
            instance: InstanceSettings::default(),
        }
    }

    /// The access token of an OAuth login. Without one, the session of the login goes into `Authorization` as well, as the
    /// vendor's guide has it.
    pub fn jwt(mut self, token: impl Into<Secret>) -> Self {
        self.jwt = Some(token.into());
        self
    }

    /// What users that are created get where their draft says nothing, such as `RoleId`, `LanguageCode` and `TimeZoneId`.
    pub fn defaults(mut self, defaults: types::ApplicationUser) -> Self {
        self.defaults = defaults;
        self
    }
}

/// Logs in and connects.
///
/// # Errors
///
/// The settings do not fit, or the vendor refuses the login.
pub async fn connect(settings: Settings) -> Result<Users, Error> {
    connect_with(settings, |builder| builder).await
}

/// As [`connect`], with the client's own settings changed by `tune`.
///
/// # Errors
///
/// As [`connect`].
pub async fn connect_with(settings: Settings, tune: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Users, Error> {
    let Settings { base_url, username, password, jwt, defaults, instance } = settings;
    let capabilities = instance.capabilities(&DOCUMENTED, &base_url);
    let instance = capabilities.instance().clone();
    let wrong = |error: client_core::BuildError| Error::build(&instance, &error);
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(Client::builder(base_url)).build().map_err(wrong)?;
    let login = PasswordLogin { client: base.core().clone(), username, password, instance: instance.clone() };
    let session = login::open(login).await?;
    let auth = match jwt {
        Some(jwt) => Auth::new().jwt(jwt),
        None => Auth::new().jwt_from(session.clone()),
    };
    let client = base.to_builder().auth(auth).session_id_from(session).build().map_err(wrong)?;
    Ok(Users { client, defaults, capabilities })
}

static LOGIN: Operation = login::post(
    "Login",
    "/rest/2.0/login",
    &[Failure { at: "/loginResponse/*/ErrorCode", when: When::Not(&[Scalar::Text("0"), Scalar::Integer(0)]) }],
);

#[derive(Clone, Debug, Default, PartialEq)]
struct Credentials {
    username: Field<String>,
    password: Field<Secret>,
    extra: Extra,
}
client_core::codegen::object!(Credentials { username = "username", password = "password" });

#[derive(Clone, Debug, Default, PartialEq)]
struct LoggedIn {
    login_response: Field<List<Opened>>,
    extra: Extra,
}
client_core::codegen::object!(LoggedIn { login_response = "loginResponse" });

#[derive(Clone, Debug, Default, PartialEq)]
struct Opened {
    session_id: Field<Secret>,
    extra: Extra,
}
client_core::codegen::object!(Opened { session_id = "SessionID" });

struct PasswordLogin {
    client: client_core::Client,
    username: String,
    password: Secret,
    instance: Instance,
}

impl Login for PasswordLogin {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(async move {
            let body = Credentials {
                username: self.username.clone().into(),
                password: self.password.clone().into(),
                extra: Extra::default(),
            };
            let response = self.client.call(&LOGIN).json(&body).send::<LoggedIn, ()>().await;
            let response = response.map_err(|error| Error::login(&self.instance, error))?;
            let opened = response.into_body().login_response.value_or_default().into_iter().next();
            match opened.and_then(|opened| opened.session_id.into_option()) {
                Some(session) => Ok(Token::new(session)),
                None => Err(Error::malformed(&self.instance, "a session", "a login without one")),
            }
        })
    }
}

/// The application users of an organization.
#[derive(Clone, Debug)]
pub struct Users {
    client: Client,
    defaults: types::ApplicationUser,
    capabilities: Capabilities,
}

impl Users {
    /// The vendor's client beneath; it also updates external users.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

impl Primitives for Users {
    type Record = types::ApplicationUser;

    fn describe(&self) -> &Capabilities {
        &self.capabilities
    }

    fn defaults(&self) -> Option<&types::ApplicationUser> {
        Some(&self.defaults)
    }

    fn write<'a>(&'a self, write: &'a Write<types::ApplicationUser>) -> DirectoryFuture<'a, Option<types::ApplicationUser>> {
        Box::pin(async move {
            let instance = self.capabilities.instance();
            let mut body = types::SaveApplicationUsersRequest::default();
            body.brm_objects.set(write.record.clone());
            let response = self.client.save_application_users(&body).await.map_err(|error| Error::call(instance, error))?;
            // The response's type is another one of the same properties; as the type of the request it can be saved again.
            let saved = response.into_body().retrieve_response.into_option();
            let saved =
                saved.and_then(|saved| serde_json::to_vec(&saved).ok()).and_then(|text| serde_json::from_slice(&text).ok());
            let missing =
                || Error::malformed(instance, "the saved user in `retrieveResponse`", "none").with_may_have_arrived(true);
            Ok(Some(saved.ok_or_else(missing)?))
        })
    }

    fn body(&self, _: Verb, records: Vec<serde_json::Value>) -> serde_json::Value {
        json!({ "brmObjects": records.into_iter().next() })
    }
}
