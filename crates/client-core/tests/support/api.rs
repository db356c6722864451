//! A made-up vendor: two schemes, a client parameter, a record with documented constraints.

use client_core::{
    Client, ClientBuilder, ClientParameter, Constraints, Credential, Extra, Failure, Field, List, Method, Number, Operation,
    Pattern, Place, Retry, RetryPolicy, Scheme, SchemeKind, Secret, Timestamp, Unknown, When,
};
use std::time::Duration;

pub(crate) static SCHEMES: &[Scheme] = &[
    Scheme { name: "key", kind: SchemeKind::Header { header: "x-api-key", prefix: "" } },
    Scheme { name: "ticket", kind: SchemeKind::Header { header: "authorization", prefix: "SOTicket " } },
    Scheme { name: "basic", kind: SchemeKind::Basic },
    Scheme { name: "bearer", kind: SchemeKind::Bearer },
    Scheme { name: "sig", kind: SchemeKind::Query { name: "sig" } },
];

const fn operation(id: &'static str, method: Method, path: &'static str) -> Operation {
    Operation::new(id, method, path)
        .security(&[&["key", "bearer"]])
        .client_parameters(&[ClientParameter { name: "x-database", place: Place::Header, required: true }])
        .success(&[200])
        .retry(Retry::Idempotent)
        .failures(&[Failure { at: "/error", when: When::Present }])
}
pub(crate) static GET_USER: Operation = operation("GetUser", Method::Get, "/users/{userID}");
pub(crate) static PUT_USER: Operation = operation("PutUser", Method::Put, "/users/{userID}");
pub(crate) static DELETE_USER: Operation = operation("DeleteUser", Method::Delete, "/users/{userID}").success(&[204]);
pub(crate) static CREATE_USER: Operation = operation("CreateUser", Method::Post, "/users").retry(Retry::Never);
pub(crate) static LOGIN: Operation =
    operation("Login", Method::Post, "/login").security(&[&["key", "basic"]]).retry(Retry::Never);
pub(crate) static AGENT: Operation = operation("Agent", Method::Get, "/agent")
    .security(&[&["ticket"], &["bearer"], &["key", "bearer"], &["sig"]])
    .client_parameters(&[
        ClientParameter { name: "Accept-Language", place: Place::Header, required: false },
        ClientParameter { name: "tenant", place: Place::Query, required: false },
    ])
    .failures(&[Failure { at: "", when: When::Null }, Failure { at: "/Message", when: When::Present }]);
pub(crate) static OPEN: Operation = operation("Open", Method::Get, "/open").security(&[]).client_parameters(&[]).failures(&[]);

pub(crate) static PHONE: Pattern = Pattern::new(r"^(?=.*?\d.*?\d.*?\d.*?\d.*?\d)([+]?)([\d\s\(\)-]{5,20})$");

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Internal,
    External,
    Unknown(Unknown),
}
client_core::codegen::string_enum!(Kind { Internal = "internal", External = "EXTERNAL" });

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct User {
    pub(crate) user_id: Field<String>,
    pub(crate) phone: Field<String>,
    pub(crate) password: Field<Secret>,
    pub(crate) pin: Field<Secret>,
    pub(crate) entry: Field<Timestamp>,
    pub(crate) claim: Field<Number>,
    pub(crate) level: Field<i32>,
    pub(crate) active: Field<bool>,
    pub(crate) kind: Field<Kind>,
    pub(crate) role: Field<Member>,
    pub(crate) groups: Field<List<Member>>,
    pub(crate) tags: Field<List<String>>,
    pub(crate) extra: Extra,
}
static TAG: Constraints = Constraints::NONE.length(2, 4);
client_core::codegen::object!(User {
    user_id = "user_ID": Constraints::REQUIRED.length(1, 16),
    phone = "MobilePhone": Constraints::NONE.pattern(&PHONE),
    password = "Password": Constraints::NONE.min_length(4),
    pin = "Pin",
    entry = "entry_Date",
    claim = "claim_Maximum": Constraints::NONE.minimum(0.0),
    level = "Level": Constraints::NONE.minimum(1.0).exclusive_maximum(10.0),
    active = "Active",
    kind = "Kind",
    role = "Role",
    groups = "Groups": Constraints::NONE.items(1, 2),
    tags = "Tags": Constraints::NONE.each(&TAG),
});

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Member {
    pub(crate) id: Field<String>,
    pub(crate) name: Field<String>,
    pub(crate) extra: Extra,
}
client_core::codegen::object!(Member {
    id = "Id": Constraints::NONE.uuid(),
    name = "Name": Constraints::REQUIRED.nullable().max_length(5),
});

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Problem {
    pub(crate) title: Field<String>,
    pub(crate) code: Field<i64>,
    pub(crate) extra: Extra,
}
client_core::codegen::object!(Problem { title = "title", code = "code" });

/// A client with everything that the operations need, and short times.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    Client::builder(url, SCHEMES)
        .credential("key", Credential::key("k3y-planted"))
        .credential("bearer", Credential::token("t0ken-planted"))
        .client_parameter("x-database", "ACME")
        .connect_timeout(Duration::from_millis(500))
        .timeout(Duration::from_millis(700))
        .deadline(Duration::from_secs(5))
        .retries(RetryPolicy { max_retries: 2, first_delay: Duration::from_millis(5), max_delay: Duration::from_millis(10) })
}

pub(crate) fn user() -> User {
    User { user_id: "ann".into(), password: "hunter2-planted".into(), ..User::default() }
}
