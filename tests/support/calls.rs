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
        "Login" => |it| it.login(&types::LoginRequest {
            username: "ann".into(),
            password: "pass".into(),
            ..Default::default()
        });
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

fn deleted_record() -> billingplatform::types::DeleteRequest {
    use billingplatform::types::{DeleteRequest, DeletedRecord};
    let record = DeletedRecord { id: "7".into(), ..Default::default() };
    DeleteRequest { brm_objects: record.into(), ..Default::default() }
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
        "GetUserFromName" => |it| it.get_user_from_name(&types::UserNameRequest {
            user_name: "ann".into(),
            ..Default::default()
        });
        "GetUserFromPersonId" => |it| it.get_user_from_person_id(&types::PersonIdRequest {
            person_id: 5.into(),
            ..Default::default()
        });
        "CreateDefaultUser" => |it| it.create_default_user();
        "CreateDefaultUserFromUserTypeAndPersonId" => |it| it.create_default_user_from_user_type_and_person_id(
            &types::DefaultUserRequest {
                user_type: types::DefaultUserRequestUserType::InternalAssociate.into(),
                person_id: 5.into(),
                ..Default::default()
            },
        );
        "ValidateUser" => |it| it.validate_user(&wrapped_user());
        "GetValidUserNameForNewUser" => |it| it.get_valid_user_name_for_new_user(
            &wrapped_user(),
        );
        "IsUserNameValidWithReason" => |it| it.is_user_name_valid_with_reason(
            &types::UserNameCheckRequest { user_name: "ann".into(), associate_id: 0.into(), ..Default::default() },
        );
        "MakeRetired" => |it| it.make_retired(&types::RetireRequest {
            associate_id: 7.into(),
            retired: true.into(),
            ..Default::default()
        });
        "RemoveLicenses" => |it| it.remove_licenses(&associate());
        "DeleteUser" => |it| it.delete_user(7);
        "SetPassword" => |it| it.set_password(&types::SetPasswordRequest {
            associate_id: 7.into(),
            password: "n3w".into(),
            ..Default::default()
        });
        "SendChangePasswordEMail" => |it| it.send_change_password_email(&associate());
        "GetAllRoles" => |it| it.get_all_roles(&types::RolesRequest {
            role_type: types::RolesRequestRoleType::Employee.into(),
            ..Default::default()
        });
        "GetAllUserGroups" => |it| it.get_all_user_groups(&types::UserGroupsRequest {
            include_deleted: false.into(),
            ..Default::default()
        });
        "SetGeneratedPassword" => |it| it.set_generated_password(&associate());
        "CreateDefaultByContactId" => |it| it.create_default_by_contact_id(
            &types::ContactIdRequest { contact_id: 3.into(), ..Default::default() },
        );
        "SavePersonEntity" => |it| it.save_person_entity(&person());
        "GetPersonEntity" => |it| it.get_person_entity(5);
        "ValidatePersonEntity" => |it| it.validate_person_entity(
            &types::PersonEntityRequest { person_entity: person().into(), ..Default::default() },
        );
        "ListUsers" => |it| it.list_users()
            .select("associateDbId,userName")
            .filter(r"lastName is 'O\'Neil & Co'")
            .order_by("associateDbId asc")
            .top(100)
            .skip(200)
            .output(types::ListUsersOutput::Logical);
        "ListOwnerContacts" => |it| it.list_owner_contacts().select("contactId,name");
    )
}

fn associate() -> superoffice::types::AssociateIdRequest {
    superoffice::types::AssociateIdRequest { associate_id: 7.into(), ..Default::default() }
}

fn wrapped_user() -> superoffice::types::UserRequest {
    superoffice::types::UserRequest { user: superoffice_user().into(), ..Default::default() }
}

fn person() -> superoffice::types::PersonEntity {
    use superoffice::types::{Contact, EntityElement, PersonEntity};
    let address = EntityElement { value: "ann@example.com".into(), ..Default::default() };
    PersonEntity {
        person_id: 0.into(),
        firstname: "Ann".into(),
        emails: vec![address].into(),
        contact: Contact { contact_id: 3.into(), ..Default::default() }.into(),
        ..Default::default()
    }
}

fn vbasoftware_calls() -> Vec<Call> {
    use vbasoftware::types;
    calls!("vbasoftware", vbasoftware:
        "UserAuthentication" => |it| it.user_authentication();
        "RefreshUserTokens" => |it| it.refresh_user_tokens(&"an-expired-token".into(), &"a-refresh-token".into());
        "ChangeTemporaryPassword" => |it| it.change_temporary_password(&types::ChangeTemporaryPasswordRequest {
            user_id: "ann".into(),
            new_password: "n3w".into(),
            session: "a-session".into(),
            ..Default::default()
        });
        "ForgotPassword" => |it| it.forgot_password(&types::ForgotPasswordRequest {
            user_id: "ann".into(),
            ..Default::default()
        });
        "ConfirmForgotPassword" => |it| it.confirm_forgot_password(&types::ConfirmForgotPasswordRequest {
            user_id: "ann".into(),
            password: "n3w".into(),
            confirmation_code: "123456".into(),
            ..Default::default()
        });
        "UserChangePassword" => |it| it.user_change_password("ann b", &types::UserChangePasswordRequest {
            access_token: "an-access-token".into(),
            previous_password: "0ld".into(),
            proposed_password: "n3w".into(),
            ..Default::default()
        });
        "AdminResetUserPassword" => |it| it.admin_reset_user_password("ann b");
        "AdminDisableUser" => |it| it.admin_disable_user("ann b");
        "AdminEnableUser" => |it| it.admin_enable_user("ann b");
        "AdminResendConfirmationCode" => |it| it.admin_resend_confirmation_code("ann b");
        "AdminResendWelcomeMessage" => |it| it.admin_resend_welcome_message("ann b");
        "SubmitMFACode" => |it| it.submit_mfa_code(&types::SubmitMfaCodeRequest {
            username: "ann".into(),
            mfa_code: "123456".into(),
            session: "a-session".into(),
            ..Default::default()
        });
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
    let user = ApplicationUser { first_name: "Ann".into(), theme_id: "2".into(), ..required.into() };
    SaveApplicationUsersRequest { brm_objects: user.into(), ..Default::default() }
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
    let user = ExternalUser { last_name: "Bell".into(), theme_id: 2.into(), ..required.into() };
    UpdateExternalUsersRequest { brm_objects: user.into(), ..Default::default() }
}

fn superoffice_user() -> superoffice::types::User {
    use superoffice::types::{Credential, User, UserType};
    let credential = Credential { value: "ann@example.com".into(), ..Default::default() };
    User {
        associate_id: 0.into(),
        name: "ann".into(),
        type_: UserType::InternalAssociate.into(),
        is_on_travel: false.into(),
        credentials: vec![credential].into(),
        other_groups: Vec::new().into(),
        role: Field::Null,
        ..Default::default()
    }
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
    User { pin: Field::Null, user_password: "n3w".into(), preferences: 0.into(), ..required.into() }
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
    User {
        name: "Ann Bell".into(),
        city: Field::Null,
        claim_maximum: client_core::Number::from(100).into(),
        grace_logins: 3.into(),
        password: "n3w".into(),
        ..required.into()
    }
}
