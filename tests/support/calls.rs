//! Each operation of each vendor, called once with everything that it needs.
//!
//! Input: where to, and which credentials and constants to give. Output: what the caller of the generated client gets. The list
//! serves every proof that is about all operations.

use std::{fmt::Debug, future::Future, pin::Pin, time::Duration};

use client_core::{BuildError, Error, Field, Response, RetryPolicy};

/// What a client is made of.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) url: String,
    /// The security schemes for which a credential is given.
    pub(crate) schemes: Vec<String>,
    /// The constant that is left out.
    pub(crate) without: Option<String>,
}

impl Setup {
    fn client_parameter<B>(&self, name: &str, builder: B, set: impl FnOnce(B) -> B) -> B {
        if self.without.as_deref() == Some(name) { builder } else { set(builder) }
    }

    fn auth<A>(&self, none: A, give: impl Fn(A, &str) -> A) -> A {
        self.schemes.iter().fold(none, |auth, scheme| give(auth, scheme))
    }
}

/// What became of a call.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A typed response.
    Answered { status: u16 },
    /// A refusal by the vendor: why, and its typed body.
    Refused { status: u16, reason: String, body: String },
    /// Everything else, in the error's words.
    Failed(String),
}

/// One operation of one vendor.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) vendor: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) send: fn(Setup) -> Pin<Box<dyn Future<Output = Outcome>>>,
}

macro_rules! calls {
    ($vendor:literal, $client:path: $($operation:literal => |$it:ident| $call:expr;)*) => {
        vec![$(Call {
            vendor: $vendor,
            operation: $operation,
            send: |setup| Box::pin(async move {
                match $client(&setup) {
                    Ok($it) => outcome($call.await),
                    Err(error) => Outcome::Failed(error.to_string()),
                }
            }),
        }),*]
    };
}

/// Every operation of every vendor, in the order of the specifications.
pub(crate) fn all() -> Vec<Call> {
    let mut all = billingplatform_calls();
    all.extend(superoffice_calls());
    all.extend(twosms_calls());
    all.extend(vbasoftware_calls());
    all
}

fn billingplatform_calls() -> Vec<Call> {
    use billingplatform::types;
    calls!("billingplatform", billingplatform:
        "SaveApplicationUsers" => |it| it.save_application_users(&application_users());
        "RetrieveApplicationUsers" => |it| it.retrieve_application_users("Username = 'O''Neil & Co'");
        "UpdateExternalUsers" => |it| it.update_external_users(&external_users());
        "RetrieveExternalUsers" => |it| it.retrieve_external_users("Username = 'ann'");
        "Login" => |it| it.login(&types::LoginRequest::new("ann", "pass"));
        "Logout" => |it| it.logout();
        "GetApplicationUser" => |it| it.get_application_user(7);
        "GetExternalUser" => |it| it.get_external_user(7);
        "Query" => |it| it.query(
            "SELECT Id FROM APPLICATION_USER ORDER BY Id OFFSET 0 ROWS FETCH NEXT 10 ROWS ONLY",
        );
        "DeleteApplicationUser" => |it| it.delete_application_user(&deleted_record());
        "DeleteExternalUser" => |it| it.delete_external_user(&deleted_record());
    )
}

/// `value`, once `change` has been at it.
fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

fn deleted_record() -> billingplatform::types::DeleteRequest {
    use billingplatform::types::{DeleteRequest, DeletedRecord};
    DeleteRequest::new(DeletedRecord::new("7"))
}

fn twosms_calls() -> Vec<Call> {
    calls!("twosms", twosms:
        "UpdateUser" => |it| it.update_user("a2d8b2d2-1673-4f2d-a9ec-b02947160be7", &twosms_user());
        "GetUser" => |it| it.get_user("a2d8b2d2-1673-4f2d-a9ec-b02947160be7");
        "ListUsers" => |it| it.list_users().include_super_users(true);
        "ListUsersOfAccount" => |it| it.list_users_of_account().account_id("5a1ca887-9ec4-4ae8-bf61-715056ea9e98");
    )
}

fn superoffice_calls() -> Vec<Call> {
    use superoffice::types;
    calls!("superoffice", superoffice:
        "SaveUser" => |it| it.save_user(&superoffice_user());
        "GetUser" => |it| it.get_user(7).select("AssociateId,Person");
        "GetUserFromName" => |it| it.get_user_from_name(&with(types::UserNameRequest::default(), |request| { request.user_name.set("ann"); }));
        "GetUserFromPersonId" => |it| it.get_user_from_person_id(&with(types::PersonIdRequest::default(), |request| { request.person_id.set(5); }));
        "CreateDefaultUser" => |it| it.create_default_user();
        "CreateDefaultUserFromUserTypeAndPersonId" => |it| it.create_default_user_from_user_type_and_person_id(
            &with(types::DefaultUserRequest::default(), |request| { request.user_type.set(types::DefaultUserRequestUserType::InternalAssociate); request.person_id.set(5); }),
        );
        "ValidateUser" => |it| it.validate_user(&wrapped_user());
        "GetValidUserNameForNewUser" => |it| it.get_valid_user_name_for_new_user(
            &wrapped_user(),
        );
        "IsUserNameValidWithReason" => |it| it.is_user_name_valid_with_reason(
            &with(types::UserNameCheckRequest::default(), |request| { request.user_name.set("ann"); request.associate_id.set(0); }),
        );
        "MakeRetired" => |it| it.make_retired(&with(types::RetireRequest::default(), |request| { request.associate_id.set(7); request.retired.set(true); }));
        "RemoveLicenses" => |it| it.remove_licenses(&associate());
        "DeleteUser" => |it| it.delete_user(7);
        "SetPassword" => |it| it.set_password(&with(types::SetPasswordRequest::default(), |request| { request.associate_id.set(7); request.password.set("n3w"); }));
        "SendChangePasswordEMail" => |it| it.send_change_password_email(&associate());
        "GetAllRoles" => |it| it.get_all_roles(&with(types::RolesRequest::default(), |request| { request.role_type.set(types::RolesRequestRoleType::Employee); }));
        "GetAllUserGroups" => |it| it.get_all_user_groups(&with(types::UserGroupsRequest::default(), |request| {
            request.include_deleted.set(false);
        }));
        "SetGeneratedPassword" => |it| it.set_generated_password(&associate());
        "CreateDefaultByContactId" => |it| it.create_default_by_contact_id(
            &with(types::ContactIdRequest::default(), |request| { request.contact_id.set(3); }),
        );
        "SavePersonEntity" => |it| it.save_person_entity(&person());
        "GetPersonEntity" => |it| it.get_person_entity(5);
        "ValidatePersonEntity" => |it| it.validate_person_entity(
            &with(types::PersonEntityRequest::default(), |request| { request.person_entity.set(person()); }),
        );
        "ListUsers" => |it| it.list_users()
            .select("associateDbId,userName")
            .filter(r"lastName is 'O\'Neil & Co'")
            .order_by("associateDbId asc")
            .top(100)
            .skip(200)
            .output(types::ListUsersOutput::Logical);
        "ListInternalUsers" => |it| it.list_internal_users().entities("potential").select("personId").filter("personEmail is 'a@b.c'");
        "ListOwnerContacts" => |it| it.list_owner_contacts().select("contactId,name");
    )
}

fn associate() -> superoffice::types::AssociateIdRequest {
    with(superoffice::types::AssociateIdRequest::default(), |request| request.associate_id.set(7))
}

fn wrapped_user() -> superoffice::types::UserRequest {
    with(superoffice::types::UserRequest::default(), |request| request.user.set(superoffice_user()))
}

fn person() -> superoffice::types::PersonEntity {
    use superoffice::types::{Contact, EntityElement, PersonEntity};
    let mut person = PersonEntity::default();
    person.person_id.set(0);
    person.firstname.set("Ann");
    person.emails.set(vec![with(EntityElement::default(), |address| address.value.set("ann@example.com"))]);
    person.contact.set(with(Contact::default(), |contact| contact.contact_id.set(3)));
    person
}

fn vbasoftware_calls() -> Vec<Call> {
    use vbasoftware::types;
    calls!("vbasoftware", vbasoftware:
        "UserAuthentication" => |it| it.user_authentication();
        "RefreshUserTokens" => |it| it.refresh_user_tokens(&"an-expired-token".into(), &"a-refresh-token".into());
        "ChangeTemporaryPassword" => |it| it.change_temporary_password(&types::ChangeTemporaryPasswordRequest::new(
            "ann", "n3w", "a-session",
        ));
        "ForgotPassword" => |it| it.forgot_password(&with(types::ForgotPasswordRequest::default(), |request| {
            request.user_id.set("ann");
        }));
        "ConfirmForgotPassword" => |it| it.confirm_forgot_password(&with(types::ConfirmForgotPasswordRequest::default(), |request| {
            request.user_id.set("ann");
            request.password.set("n3w");
            request.confirmation_code.set("123456");
        }));
        "UserChangePassword" => |it| it.user_change_password("ann b", &types::UserChangePasswordRequest::new(
            "an-access-token", "0ld", "n3w",
        ));
        "AdminResetUserPassword" => |it| it.admin_reset_user_password("ann b");
        "AdminDisableUser" => |it| it.admin_disable_user("ann b");
        "AdminEnableUser" => |it| it.admin_enable_user("ann b");
        "AdminResendConfirmationCode" => |it| it.admin_resend_confirmation_code("ann b");
        "AdminResendWelcomeMessage" => |it| it.admin_resend_welcome_message("ann b");
        "SubmitMFACode" => |it| it.submit_mfa_code(&types::SubmitMfaCodeRequest::new("ann", "123456", "a-session"));
        "CreateUser" => |it| it.create_user(&vbasoftware_user());
        "ListUsers" => |it| it.list_users().page(2).page_size(50).sort_by("name:asc,user_ID:desc");
        "GetUser" => |it| it.get_user("ann b");
        "UpdateUser" => |it| it.update_user("ann b", &vbasoftware_user());
        "DeleteUser" => |it| it.delete_user("ann b");
        "CreateOrUpdateBatchUsers" => |it| it.create_or_update_batch_users(&[vbasoftware_user()]);
    )
}

fn outcome<T: Debug, E: Debug>(result: Result<Response<T>, Error<E>>) -> Outcome {
    match result {
        Ok(answer) => Outcome::Answered { status: answer.status().as_u16() },
        Err(Error::Response(refusal)) => Outcome::Refused {
            status: refusal.status.as_u16(),
            reason: format!("{:?}", refusal.reason),
            body: format!("{:?}", refusal.body),
        },
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Every vendor's builder has these two, without a trait that says so.
macro_rules! patient {
    ($builder:expr) => {
        $builder.retries(RetryPolicy::NONE).timeout(Duration::from_secs(20)).build()
    };
}

fn billingplatform(setup: &Setup) -> Result<billingplatform::Client, BuildError> {
    let auth = setup.auth(billingplatform::Auth::new(), |auth, scheme| match scheme {
        "JWT" => auth.jwt("a-jwt"),
        other => panic!("no credential for {other}"),
    });
    let builder = billingplatform::Client::builder(setup.url.as_str()).auth(auth);
    patient!(setup.client_parameter("sessionId", builder, |builder| builder.session_id("a-session")))
}

fn superoffice(setup: &Setup) -> Result<superoffice::Client, BuildError> {
    let auth = setup.auth(superoffice::Auth::new(), |auth, scheme| match scheme {
        "Basic" => auth.basic("ann", "pass"),
        "SoTicket" => auth.so_ticket("a-ticket"),
        "Bearer" => auth.bearer("a-token"),
        "X-XSRF-TOKEN" => auth.x_xsrf_token("a-xsrf-token"),
        "SO-AppToken" => auth.so_app_token("an-app-token"),
        other => panic!("no credential for {other}"),
    });
    let builder = superoffice::Client::builder(setup.url.as_str()).auth(auth);
    let builder = setup.client_parameter("Accept-Language", builder, |builder| builder.accept_language("fr, en"));
    let builder = setup.client_parameter("SO-Language", builder, |builder| builder.so_language("fr"));
    let builder = setup.client_parameter("SO-Culture", builder, |builder| builder.so_culture("en-US"));
    patient!(setup.client_parameter("SO-TimeZone", builder, |builder| builder.so_time_zone("Europe/Oslo")))
}

fn twosms(setup: &Setup) -> Result<twosms::Client, BuildError> {
    let auth = setup.auth(twosms::Auth::new(), |auth, scheme| match scheme {
        "bearer" => auth.bearer("a-token"),
        other => panic!("no credential for {other}"),
    });
    patient!(twosms::Client::builder(setup.url.as_str()).auth(auth))
}

pub(crate) fn vbasoftware(setup: &Setup) -> Result<vbasoftware::Client, BuildError> {
    let auth = setup.auth(vbasoftware::Auth::new(), |auth, scheme| match scheme {
        "apiKeyAuth" => auth.api_key_auth("a-key"),
        "basicAuth" => auth.basic_auth("ann", "pass"),
        "bearerAuth" => auth.bearer_auth("an-id-token"),
        other => panic!("no credential for {other}"),
    });
    let builder = vbasoftware::Client::builder(setup.url.as_str()).auth(auth);
    let builder = setup.client_parameter("vbasoftware-client-id", builder, |builder| builder.vbasoftware_client_id("an-id"));
    let builder = setup.client_parameter("vbasoftware-client-code", builder, |builder| builder.vbasoftware_client_code("a-code"));
    patient!(setup.client_parameter("vbasoftware-database", builder, |builder| builder.vbasoftware_database("ACME")))
}

fn application_users() -> billingplatform::types::SaveApplicationUsersRequest {
    use billingplatform::types::{ApplicationUser, ApplicationUserRequired, SaveApplicationUsersRequest};
    let required = ApplicationUserRequired {
        username: "ann".into(),
        time_zone_id: 351,
        email: "ann@example.com".into(),
        language_code: 1,
        id: "7".into(),
        role_id: 3,
    };
    let mut user = ApplicationUser::new(required);
    user.first_name.set("Ann");
    user.theme_id.set("2");
    with(SaveApplicationUsersRequest::default(), |request| request.brm_objects.set(user))
}

fn external_users() -> billingplatform::types::UpdateExternalUsersRequest {
    use billingplatform::types::{ExternalUser, ExternalUserRequired, UpdateExternalUsersRequest};
    let required = ExternalUserRequired {
        email: "ann@example.com".into(),
        account_id: 12,
        username: "ann".into(),
        id: "7".into(),
        role_id: 3,
        language_code: 1,
        time_zone_id: 351,
    };
    let mut user = ExternalUser::new(required);
    user.last_name.set("Bell");
    user.theme_id.set(2);
    with(UpdateExternalUsersRequest::default(), |request| request.brm_objects.set(user))
}

fn superoffice_user() -> superoffice::types::User {
    use superoffice::types::{Credential, User, UserType};
    let mut user = User::default();
    user.associate_id.set(0);
    user.name.set("ann");
    user.type_.set(UserType::InternalAssociate);
    user.is_on_travel.set(false);
    user.credentials.set(vec![with(Credential::default(), |credential| credential.value.set("ann@example.com"))]);
    user.other_groups.set(Vec::new());
    user.role = Field::Null;
    user
}

fn twosms_user() -> twosms::types::User {
    use twosms::types::{User, UserRequired};
    let required = UserRequired {
        display_name: "Ann Bell".into(),
        email_address: "ann@example.com".into(),
        enabled: true,
        language_id: "c2fd9942-2548-483b-875c-a724b208dcaa".into(),
        mobile_phone: "+44 (20) 7946-0958".into(),
        time_zone: "GMT Standard Time".into(),
        username: "ann".into(),
    };
    let mut user = User::new(required);
    user.pin = Field::Null;
    user.user_password.set("n3w");
    user.preferences.set(0);
    user
}

/// A user with every kind of value: text, null, number, whole number, secret.
pub(crate) fn vbasoftware_user() -> vbasoftware::types::User {
    use vbasoftware::types::{User, UserRequired};
    let required = UserRequired {
        user_id: "ann".into(),
        account_locked: false,
        administrator: false,
        audit_user: true,
        email_address: "ann@example.com".into(),
        id_card_notification: false,
        is_sso_user: false,
        mfa_enabled: true,
        nav_id_underline: false,
        single_use_account: false,
        use_windows_authentication: false,
        vba_password_reset: false,
        vba_user: true,
    };
    let mut user = User::new(required);
    user.name.set("Ann Bell");
    user.city = Field::Null;
    user.claim_maximum.set(100);
    user.grace_logins.set(3);
    user.password.set("n3w");
    user
}
