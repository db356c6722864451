//! The application users of BillingPlatform.
//!
//! In: a login and defaults. Out: a directory that can create and save users; nothing else is documented.

use billingplatform::{Auth, Client, ClientBuilder, types};
use client_core::serde_json;
use client_core::{BoxFuture, Extra, Failure, Field, List, Operation, Scalar, Secret, Token, When};

use super::login::{self, Login};
use crate::capability::{Capabilities, NotCarried, Verb};
use crate::directory::{Answer, Directory, Outcome, unsupported};
use crate::draft::UserDraft;
use crate::error::Error;
use crate::generated::documented::BILLINGPLATFORM as DOCUMENTED;
use crate::plan::{Action, Plan};
use crate::record::compose;

const VENDOR: &str = DOCUMENTED.vendor;

/// What it takes to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    base_url: String,
    username: String,
    password: Secret,
    jwt: Option<Secret>,
    defaults: types::ApplicationUser,
}

impl Settings {
    /// A user who may call the API, and the address of the organization's platform, such as
    /// `https://my.billingplatform.com/acme`.
    pub fn new(base_url: impl Into<String>, username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            base_url: base_url.into(),
            username: username.into(),
            password: password.into(),
            jwt: None,
            defaults: types::ApplicationUser::default(),
        }
    }

    /// The access token of an OAuth login. Without one, the session of the login goes into `Authorization` as well, as the
    /// vendor's guide has it.
    pub fn jwt(mut self, token: impl Into<Secret>) -> Self {
        self.jwt = Some(token.into());
        self
    }

    /// What users get where their draft says nothing, such as `RoleId`, `LanguageCode` and `TimeZoneId`.
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
    let Settings { base_url, username, password, jwt, defaults } = settings;
    let wrong = |error: client_core::BuildError| Error::Settings { vendor: VENDOR, why: error.to_string() };
    // What `tune` changes holds for logins, too: all clients here are derived from the one that it made.
    let base = tune(Client::builder(base_url)).build().map_err(wrong)?;
    let session = login::open(PasswordLogin { client: base.core().clone(), username, password }).await?;
    let auth = match jwt {
        Some(jwt) => Auth::new().jwt(jwt),
        None => Auth::new().jwt_from(session.clone()),
    };
    let client = base.to_builder().auth(auth).session_id_from(session).build().map_err(wrong)?;
    Ok(Users { client, defaults })
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
client_core::object!(Credentials { username = "username", password = "password" });

#[derive(Clone, Debug, Default, PartialEq)]
struct LoggedIn {
    login_response: Field<List<Opened>>,
    extra: Extra,
}
client_core::object!(LoggedIn { login_response = "loginResponse" });

#[derive(Clone, Debug, Default, PartialEq)]
struct Opened {
    session_id: Field<Secret>,
    extra: Extra,
}
client_core::object!(Opened { session_id = "SessionID" });

struct PasswordLogin {
    client: client_core::Client,
    username: String,
    password: Secret,
}

impl Login for PasswordLogin {
    fn login(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(async move {
            let body = Credentials {
                username: self.username.clone().into(),
                password: self.password.clone().into(),
                extra: Extra::default(),
            };
            let answer =
                self.client.call(&LOGIN).json(&body).send::<LoggedIn, ()>().await.map_err(|error| Error::call(VENDOR, error))?;
            let opened = answer.into_body().login_response.value_or_default().into_iter().next();
            match opened.and_then(|opened| opened.session_id.into_option()) {
                Some(session) => Ok(Token::new(session)),
                None => Err(Error::Unanswered { vendor: VENDOR, expected: "a session" }),
            }
        })
    }
}

/// The application users of an organization.
#[derive(Clone, Debug)]
pub struct Users {
    client: Client,
    defaults: types::ApplicationUser,
}

impl Users {
    /// The vendor's client beneath; it also updates external users.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    fn record(&self, draft: &UserDraft, verb: Verb) -> Result<(types::ApplicationUser, Vec<NotCarried>), Error> {
        compose(draft, &self.defaults, verb)
    }

    async fn send(&self, draft: &UserDraft, verb: Verb) -> Result<Outcome, Error> {
        let (record, not_carried) = self.record(draft, verb)?;
        let body = types::SaveApplicationUsersRequest { brm_objects: record.into(), ..Default::default() };
        let answer = self.client.save_application_users(&body).await.map_err(|error| Error::call(VENDOR, error))?;
        // The answer's type is another one of the same properties; as the type of the request it can be saved again.
        let saved = answer.into_body().retrieve_response.into_option();
        let saved = saved.and_then(|saved| serde_json::to_vec(&saved).ok()).and_then(|text| serde_json::from_slice(&text).ok());
        Ok(Outcome::new(saved.unwrap_or(body.brm_objects.value_or_default()), not_carried))
    }
}

impl Directory for Users {
    fn capabilities(&self) -> &'static Capabilities {
        &DOCUMENTED
    }

    fn create<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(self.send(draft, Verb::Create))
    }

    fn save<'a>(&'a self, draft: &'a UserDraft) -> Answer<'a, Outcome> {
        Box::pin(self.send(draft, Verb::Save))
    }

    fn plan<'a>(&'a self, action: Action<'a>) -> Answer<'a, Plan> {
        Box::pin(async move {
            let (Action::Create(draft) | Action::Save(draft)) = action else {
                return Err(unsupported(&DOCUMENTED, action.verb()));
            };
            let (record, not_carried) = self.record(draft, action.verb())?;
            let before = draft.record().and_then(|record| record.downcast_ref::<types::ApplicationUser>());
            Plan::of(&DOCUMENTED, action.verb(), None, before, &record, not_carried)
        })
    }
}
