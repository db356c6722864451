//! The vendors' types as a person writes them who wants the least work done: serde's derive, every member optional.
//!
//! Members, nesting and types are those of the generated clients; text stands where these have a type of their own for it
//! (timestamps, secrets), `Value` where nothing is documented. Unknown members are lost, which ours keep, and nulls are not
//! told from what is absent.

#![allow(non_snake_case, reason = "members have the names that they have on the wire")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! plain {
    ($attribute:meta; $($name:ident { $($member:ident: $type:ty),* $(,)? })*) => {
        $(
            #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                $(
                    #[$attribute]
                    pub $member: Option<$type>,
                )*
            }
        )*
    };
}

/// The response of SaveUser.
pub mod saved {
    use super::*;

    type Properties = BTreeMap<String, Option<FieldProperty>>;

    plain! {
        cfg_attr(feature = "terse", serde(skip_serializing_if = "Option::is_none"));
        User {
            AssociateId: i32,
            Name: String,
            Rank: i32,
            Tooltip: String,
            LicenseOwners: Vec<LicenseOwner>,
            Role: Value,
            UserGroup: Value,
            OtherGroups: Vec<OtherGroup>,
            Person: Value,
            Deleted: bool,
            Lastlogin: String,
            Lastlogout: String,
            EjUserId: i32,
            RequestSignature: String,
            Type: UserType,
            IsPersonRetired: bool,
            IsOnTravel: bool,
            Credentials: Vec<Credential>,
            UserName: String,
            TicketCategories: Vec<TicketCategory>,
            NickName: String,
            WaitingForApproval: bool,
            ExtraFields: BTreeMap<String, Option<String>>,
            CustomFields: BTreeMap<String, Option<String>>,
            PostSaveCommands: Vec<PostSaveCommand>,
            TableRight: Value,
            FieldProperties: Properties,
        }
        LicenseOwner {
            Name: String,
            Description: String,
            RestrictedModuleLicenses: Vec<Value>,
            UnrestrictedModuleLicenses: Vec<Value>,
            TableRight: Value,
            FieldProperties: Properties,
        }
        OtherGroup {
            Value: String,
            Tooltip: String,
            Id: i64,
            Rank: i64,
            Deleted: bool,
            TableRight: Value,
            FieldProperties: Properties,
        }
        Credential {
            Type: Value,
            Value: String,
            DisplayValue: String,
            TableRight: Value,
            FieldProperties: Properties,
        }
        TicketCategory {
            Id: i64,
            Name: String,
            ToolTip: String,
            Deleted: bool,
            Rank: i64,
            Type: String,
            ChildItems: Vec<Value>,
            IconHint: String,
            ColorBlock: i64,
            ExtraInfo: String,
            StyleHint: String,
            FullName: String,
            TableRight: Value,
            FieldProperties: Properties,
        }
        PostSaveCommand {
            Name: String,
            DisplayName: String,
            Description: String,
            ToolTip: String,
            Actions: String,
            ActionData: String,
            TableRight: Value,
            FieldProperties: Properties,
        }
        FieldProperty {
            FieldRight: Value,
            FieldType: String,
            FieldLength: i64,
        }
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub enum UserType {
        InternalAssociate,
        ResourceAssociate,
        ExternalAssociate,
        AnonymousAssociate,
        SystemAssociate,
    }
}

/// What `PUT /users/{userID}` takes and responses.
pub mod updated {
    use super::*;

    plain! {
        serde(skip_serializing_if = "Option::is_none");
        Envelope {
            data: User,
            error: Problem,
            debug: Value,
        }
        Problem {
            title: String,
            status: i32,
            detail: String,
            instance: String,
        }
        User {
            user_ID: String,
            account_Locked: bool,
            address: String,
            address2: String,
            administrator: bool,
            audit_User: bool,
            can_Set_Allowed: String,
            can_Set_Co_Ins: String,
            can_Set_Not_Covered: String,
            city: String,
            claim_Maximum: f64,
            country_ID: String,
            eMail_Address: String,
            entry_Date: String,
            entry_User: String,
            fax: String,
            fax_Country_Code: String,
            grace_Logins: i32,
            home_Phone: String,
            home_Phone_Country_Code: String,
            iD_Card_Notification: bool,
            is_SSO_User: bool,
            login_Machine: String,
            login_Sound: String,
            login_Status: i32,
            mfA_Device_Name: String,
            mfA_Enabled: bool,
            name: String,
            nav_ID_Color: i32,
            nav_ID_Type: String,
            nav_ID_Underline: bool,
            password: String,
            password_Expiration: String,
            phone: String,
            phone_Country_Code: String,
            ssO_User_Name: String,
            single_Use_Account: bool,
            state: String,
            title: String,
            update_Date: String,
            update_User: String,
            use_Windows_Authentication: bool,
            user_Idle: i32,
            user_Type: String,
            vbA_Password_Reset: bool,
            vbA_User: bool,
            zip_Code: String,
        }
    }
}
