//! What the generated clients put on the wire, held against the committed specifications over real sockets.
//!
//! For each operation and each documented credential: the request as it is sent. Nothing undocumented goes out,
//! nothing required stays behind, and a call that lacks something is refused before a connection is made.

use std::fmt::Write as _;

use crate::support::{
    calls::{self, Call, Outcome, Setup},
    operations::{self, Operation},
    socket::{Recorder, Request},
};

/// Headers of HTTP itself, which no specification lists.
const OF_HTTP: [&str; 5] = ["accept", "content-type", "content-length", "host", "user-agent"];

#[test]
fn the_list_of_calls_is_that_of_the_specifications() {
    let called: Vec<_> = calls::all().iter().map(|call| (call.vendor.to_owned(), call.operation.to_owned())).collect();
    let documented: Vec<_> = operations::all().into_iter().map(|operation| (operation.vendor, operation.id)).collect();
    assert_eq!(called, documented);
    let of_documents = operations::all().into_iter().filter(Operation::is_in_a_document).count();
    assert_eq!(of_documents, 22);
}

#[tokio::test]
async fn requests_are_as_reviewed() {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (call, operation) in calls() {
        if texts.last().is_none_or(|(vendor, _)| *vendor != call.vendor) {
            texts.push((call.vendor, String::new()));
        }
        let (_, text) = texts.last_mut().expect("just added");
        let _ = writeln!(text, "==== {}", call.operation);
        for schemes in operation.alternatives() {
            let request = sent(call, &operation, &schemes).await;
            let _ = writeln!(text, "---- by {}\n{request}", schemes.join(" and "));
        }
    }
    for (vendor, text) in texts {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("requests_{vendor}"), text);
        });
    }
}

#[tokio::test]
async fn nothing_undocumented_is_sent_and_nothing_required_is_left_out() {
    for (call, operation) in calls() {
        for schemes in operation.alternatives() {
            let request = sent(call, &operation, &schemes).await;
            let at = format!("{} {} by {schemes:?}", call.vendor, call.operation);
            assert_eq!(request.method.to_lowercase(), operation.method, "{at}");
            let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
            assert!(operation.fits_path(path), "{at}: {path} is not {}", operation.path);
            for pair in query.split('&').filter(|pair| !pair.is_empty()) {
                let name = pair.split('=').next().unwrap_or_default().replace("%24", "$");
                assert!(operation.has_parameter("query", &name), "{at}: query {name} is not documented");
            }
            for (name, value) in &request.headers {
                let documented = operation.has_parameter("header", name)
                    || operation.credential_headers(&schemes).iter().any(|header| header.eq_ignore_ascii_case(name))
                    || OF_HTTP.contains(&name.as_str());
                assert!(documented, "{at}: header {name}: {value} is not documented");
                let times = request.headers.iter().filter(|(other, _)| other == name).count();
                assert_eq!(times, 1, "{at}: header {name}");
            }
            let credentials = operation.credential_headers(&schemes);
            for name in operation.required_headers().iter().chain(&credentials) {
                assert!(request.header(name).is_some_and(|value| !value.is_empty()), "{at}: header {name} is missing");
            }
            operation.check_body(&request.body, request.header("content-type"), &at);
        }
    }
}

#[tokio::test]
async fn a_missing_credential_is_named_before_anything_is_sent() {
    let mut text = String::new();
    for (call, operation) in calls() {
        for schemes in operation.alternatives() {
            for missing in 0..schemes.len() {
                let mut given = schemes.clone();
                let missing = given.remove(missing);
                // What is left may be an alternative of its own.
                if operation.alternatives().contains(&given) {
                    continue;
                }
                let error = refused_before_sending(call, &given, None).await;
                assert!(error.contains(missing.as_str()), "{error} does not name {missing}");
                let _ = writeln!(text, "{} {} with {given:?}: {error}", call.vendor, call.operation);
            }
        }
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("missing_credentials", text) });
}

#[tokio::test]
async fn a_missing_constant_is_named_before_anything_is_sent() {
    let mut constants = 0;
    for (call, operation) in calls() {
        let schemes = operation.alternatives().swap_remove(0);
        for name in operation.constants() {
            constants += 1;
            let error = refused_before_sending(call, &schemes, Some(&name)).await;
            assert!(error.contains(&name), "{} {}: {error} does not name {name}", call.vendor, call.operation);
        }
    }
    assert!(constants > 22, "{constants} are too few");
}

/// Answers with status 200: those that carry a failure, and those that only look like it.
const ANSWERS: [(&str, &str, &str); 21] = [
    ("billingplatform", "SaveApplicationUsers", r#"{"ErrorCode": 1004, "ErrorText": "no such role"}"#),
    ("billingplatform", "SaveApplicationUsers", r#"{"retrieveResponse": {"ErrorCode": "1004"}}"#),
    ("billingplatform", "SaveApplicationUsers", r#"{"createResponse": [{"ErrorCode": "0"}, {"ErrorCode": "1004"}]}"#),
    ("billingplatform", "UpdateExternalUsers", r#"[{"ErrorCode": "1004", "ErrorText": "no such role"}]"#),
    ("billingplatform", "UpdateExternalUsers", r#"{"retrieveResponse": {"ErrorCode": "0", "Id": "7"}}"#),
    ("billingplatform", "UpdateExternalUsers", r#"{"retrieveResponse": {"ErrorCode": 0, "Id": "7"}}"#),
    ("billingplatform", "UpdateExternalUsers", r#"{"retrieveResponse": {"ErrorCode": null}}"#),
    ("superoffice", "SaveUser", "null"),
    ("superoffice", "SaveUser", r#"{"Message": "You are not allowed to do this."}"#),
    ("superoffice", "SaveUser", r#"{"Message": "", "AssociateId": 7}"#),
    ("superoffice", "SaveUser", r#"{"Message": null, "AssociateId": 7}"#),
    ("superoffice", "SaveUser", r#"{"AssociateId": 7}"#),
    ("twosms", "UpdateUser", r#"{"Error": {"ErrorCode": "17", "ErrorReason": "no such user"}, "ResponseData": null}"#),
    ("twosms", "UpdateUser", r#"{"Error": null, "ResponseData": {"Result": "OK"}}"#),
    ("vbasoftware", "UpdateUser", r#"{"data": null, "error": {"title": "Conflict", "status": 409}, "debug": null}"#),
    ("vbasoftware", "UpdateUser", r#"{"data": {"user_ID": "ann"}, "error": "refused"}"#),
    ("vbasoftware", "UpdateUser", r#"{"data": {"user_ID": "ann"}, "error": {}, "debug": {}}"#),
    ("vbasoftware", "UpdateUser", r#"{"data": {"user_ID": "ann"}, "error": null}"#),
    ("vbasoftware", "UpdateUser", r#"{"data": {"user_ID": "ann"}}"#),
    ("vbasoftware", "DeleteUser", r#"{"data": null, "error": {"title": "Conflict", "status": 409}}"#),
    ("vbasoftware", "DeleteUser", ""),
];

#[tokio::test]
async fn a_failure_inside_of_a_success_is_a_refusal() {
    let mut text = String::new();
    for (vendor, operation, body) in ANSWERS {
        let (call, documented) = calls().find(|(call, _)| (call.vendor, call.operation) == (vendor, operation)).expect("a call");
        let recorder = Recorder::start(&[(200, body)]).await;
        let schemes = documented.alternatives().swap_remove(0);
        let outcome = (call.send)(setup(&recorder, &schemes)).await;
        assert_eq!(recorder.requests().len(), 1);
        let _ = match outcome {
            Outcome::Answered { .. } => writeln!(text, "{vendor} {operation} {body}\n  answered"),
            Outcome::Refused { status, reason, body: typed } => {
                writeln!(text, "{vendor} {operation} {body}\n  refused with {status}: {reason}, {typed}")
            }
            Outcome::Failed(error) => writeln!(text, "{vendor} {operation} {body}\n  failed: {error}"),
        };
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("failures_in_successes", text) });
}

/// Each call with what the specification says of it.
fn calls() -> impl Iterator<Item = (Call, Operation)> {
    calls::all().into_iter().zip(operations::all())
}

fn setup(recorder: &Recorder, schemes: &[String]) -> Setup {
    Setup { url: recorder.url(), schemes: schemes.to_vec(), without: None }
}

/// The one request that a call sends.
async fn sent(call: Call, operation: &Operation, schemes: &[String]) -> Request {
    let recorder = Recorder::start(&[(operation.success, operation.smallest_answer())]).await;
    let outcome = (call.send)(setup(&recorder, schemes)).await;
    assert!(matches!(outcome, Outcome::Answered { .. }), "{} {}: {outcome:?}", call.vendor, call.operation);
    let mut requests = recorder.requests();
    assert_eq!(requests.len(), 1, "{} {}", call.vendor, call.operation);
    requests.remove(0)
}

async fn refused_before_sending(call: Call, schemes: &[String], without: Option<&str>) -> String {
    let recorder = Recorder::start(&[(200, "{}")]).await;
    let setup = Setup { without: without.map(ToOwned::to_owned), ..setup(&recorder, schemes) };
    let outcome = (call.send)(setup).await;
    assert_eq!(recorder.requests().len(), 0, "{} {} was sent", call.vendor, call.operation);
    let Outcome::Failed(error) = outcome else { panic!("{} {}: {outcome:?}", call.vendor, call.operation) };
    error
}
