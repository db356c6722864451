//! The users of BillingPlatform: application users, who work in the platform, and external users, who belong to an account.
//!
//! From a login and defaults to a directory of the users of an organization. Reading, finding and deleting rest on the vendor's
//! pages of other entities and on a community client, so that they are used only where [`Settings::accept_weak`] names them:
//! `get`, `list`, `find` and `delete`.

use billingplatform::{Auth, Client, ClientBuilder, types};
use client_core::{BoxFuture, Secret, Token};

use super::login::{self, Login};
use super::settings::{InstanceSettings, instance_settings};
use crate::attribute::Attribute;
use crate::capabilities::{Capabilities, CapabilitiesBuilder, Documented};
use crate::capability::{Capability, Evidence, Verb};
use crate::choice::FirstCredential;
use crate::error::Error;
use crate::generated::documented::BILLINGPLATFORM as DOCUMENTED;
use crate::instance::Instance;
use crate::operations::DocumentedUsers;

mod entity;
mod rows;
mod select;
mod users;

pub use entity::{Application, Entity, External};
pub use select::{equals, literal};
pub use users::UsersOf;

/// The application users of an organization.
pub type Users = UsersOf<Application>;
/// The external users of an organization.
pub type ExternalUsers = UsersOf<External>;

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
    instance_settings!(switched);

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

    /// Sets the access token of an OAuth login. Without one, the session of the login goes into `Authorization` as well, as the
    /// vendor's guide has it.
    pub fn jwt(mut self, token: impl Into<Secret>) -> Self {
        self.jwt = Some(token.into());
        self
    }

    /// Returns what the instance can do with external users, which is known before it is connected.
    #[must_use]
    pub fn external_capabilities(&self) -> Capabilities {
        capabilities(self.instance.clone(), External::DOCUMENTED, &self.base_url)
    }

    /// Sets what users that are created get where their draft says nothing, such as `RoleId`, `LanguageCode` and `TimeZoneId`.
    pub fn defaults(mut self, defaults: types::ApplicationUser) -> Self {
        self.defaults = defaults;
        self
    }

    /// Sets the words of `Status` that let a user in and keep it out. No page has them, so that there are none without this,
    /// and nobody is switched off or on; so it is where both are the same word.
    pub fn status_words(mut self, active: impl Into<String>, inactive: impl Into<String>) -> Self {
        let (active, inactive): (String, String) = (active.into(), inactive.into());
        // The same word for both, or none for one, tells nobody apart.
        let [one, other] = [&active, &inactive].map(|word| word.trim().to_lowercase());
        if one.is_empty() || other.is_empty() || one == other {
            return self;
        }
        self.instance.words.push((Attribute::Active, Some(active), Some(inactive)));
        self
    }
}

/// Logs in and connects to the application users.
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
    let defaults = Some(settings.defaults.clone());
    open(settings, defaults, tune).await
}

/// Logs in and connects to the external users.
///
/// # Errors
///
/// As [`connect`].
pub async fn connect_external(settings: Settings) -> Result<ExternalUsers, Error> {
    connect_external_with(settings, |builder| builder).await
}

/// As [`connect_external`], with the client's own settings changed by `tune`.
///
/// # Errors
///
/// As [`connect`].
pub async fn connect_external_with(
    settings: Settings,
    tune: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<ExternalUsers, Error> {
    // No page describes how to create one, so that there is nobody to get defaults.
    open(settings, None, tune).await
}

async fn open<E: Entity>(
    settings: Settings,
    defaults: Option<E::Record>,
    tune: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<UsersOf<E>, Error> {
    let Settings { base_url, username, password, jwt, instance, .. } = settings;
    let capabilities = capabilities(instance, E::DOCUMENTED, &base_url);
    let instance = capabilities.instance().clone();
    let wrong = |error: client_core::BuildError| Error::build(&instance, &error);
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(Client::builder(base_url)).build().map_err(wrong)?;
    let login = PasswordLogin { client: base.clone(), username, password, instance: instance.clone() };
    let session = login::open(login).await?;
    let auth = match jwt {
        Some(jwt) => Auth::new().jwt(jwt),
        None => Auth::new().jwt_from(session.clone()),
    };
    let client = base.to_builder().auth(auth).session_id_from(session).build().map_err(wrong)?;
    Ok(UsersOf { documented: DocumentedUsers::of(client, capabilities).with_defaults(defaults) })
}

fn capabilities(instance: InstanceSettings, documented: &'static Documented, base_url: &str) -> Capabilities {
    switched(instance.capabilities(documented, base_url).to_builder()).build()
}

/// What can be switched: nobody, where the settings have no words.
fn switched(capabilities: CapabilitiesBuilder) -> CapabilitiesBuilder {
    let capabilities = offered(capabilities).build();
    if capabilities.obstacle(Attribute::Active).is_none() {
        return capabilities.to_builder();
    }
    let missing = "no page says which words of `Status` let a user in and keep it out, and the settings do not say it";
    let by_hand = "look up the two words in the platform, and give them to `Settings::status_words`";
    let unsupported = || Capability::unsupported(missing).manual(by_hand);
    capabilities.to_builder().verb(Verb::Enable, unsupported()).verb(Verb::Disable, unsupported())
}

/// What the vendor's pages say of users beside the verbs.
fn offered(capabilities: CapabilitiesBuilder) -> CapabilitiesBuilder {
    let create = || Capability::derived(&[Verb::Create]);
    let sso = "single sign-on is set up for the organization, and the user has its `FederationId`";
    let why =
        "a user that is created on the screens gets its password by mail, and no page says that one that is created here does";
    capabilities
        .credential(FirstCredential::SingleSignOn, create().precondition(sso))
        .credential(FirstCredential::VendorMail, create().evidence(Evidence::Weak { why: why.into() }))
}

struct PasswordLogin {
    client: Client,
    username: String,
    password: Secret,
    instance: Instance,
}

impl Login for PasswordLogin {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(async move {
            let body = entity::request(|body: &mut types::LoginRequest| {
                (body.username, body.password) = (self.username.clone().into(), self.password.clone().into());
            });
            let response = self.client.login(&body).await.map_err(|error| Error::login(&self.instance, error))?;
            let opened = response.into_body().login_response.value_or_default().into_iter().next();
            match opened.and_then(|opened| opened.session_id.into_option()) {
                Some(session) => Ok(Token::new(session)),
                None => Err(Error::malformed(&self.instance, "a session", "a login without one")),
            }
        })
    }
}
