//! What is read is written back: absent, null, unknown, new, repeated, with every digit.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::support::api::{Kind, User};
use client_core::{Extra, Field, Json, Number, Secret, Timestamp};
use serde_json::Value;
use std::time::{Duration, SystemTime};

#[test]
fn a_record_is_written_as_it_was_read() {
    // Known members stand in documented order, unknown ones behind them in the order of their names.
    let same = [
        r#"{}"#,
        r#"{"user_ID":"ann"}"#,
        r#"{"user_ID":null,"MobilePhone":null,"Password":null,"Role":null,"Groups":null}"#,
        r#"{"user_ID":"","Groups":[],"Tags":[]}"#,
        r#"{"Groups":[{"Id":null,"Name":"x","new":1},{}]}"#,
        r#"{"entry_Date":"2024-03-28T08:12:49.3595132+00:00"}"#,
        r#"{"entry_Date":"0001-01-01T00:00:00"}"#,
        r#"{"entry_Date":""}"#,
        r#"{"claim_Maximum":100}"#,
        r#"{"claim_Maximum":100.0}"#,
        r#"{"claim_Maximum":1.10}"#,
        r#"{"claim_Maximum":-1.5E+300}"#,
        r#"{"claim_Maximum":123456789012345678901234567890.12345678901234567890}"#,
        r#"{"Kind":"internal"}"#,
        r#"{"Kind":"brand new"}"#,
        r#"{"Kind":7}"#,
        r#"{"Kind":"7"}"#,
        r#"{"Kind":-1}"#,
        r#"{"Password":"hunter2","Level":-3,"Active":false}"#,
        r#"{"a":{"z":1,"b":[1.50, null]},"b":12345678901234567890123,"c":"\u00e9","user_id":"not ours"}"#,
        r#"{"\"quoted\"":1,"grüße":"ü"}"#,
    ];
    for text in same {
        let user: User = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&user).unwrap(), text);
        let from_reader: User = serde_json::from_reader(text.as_bytes()).unwrap();
        assert_eq!(from_reader, user);
        let from_value: User = serde_json::from_value(serde_json::from_str::<Value>(text).unwrap()).unwrap();
        assert_eq!(from_value.user_id, user.user_id);
    }
}

#[test]
fn of_repeated_members_the_last_one_counts() {
    let text = r#"{"user_ID":"a","new":1,"user_ID":"b","new":2,"Level":1,"Level":null}"#;
    let user: User = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&user).unwrap(), r#"{"user_ID":"b","Level":null,"new":2}"#);
}

#[test]
fn escaped_names_are_the_same_names() {
    let user: User = serde_json::from_str(r#"{"user\u005fID":"ann"}"#).unwrap();
    assert_eq!(user.user_id.as_deref(), Some("ann"));
    assert!(user.extra.is_empty());
}

#[test]
fn one_changed_field_changes_that_field_only() {
    let text = r#"{"user_ID":"ann","claim_Maximum":5.00,"Level":1,"Role":{"Name":null,"x":[1, 2]},"y":1e2}"#;
    let mut user: User = serde_json::from_str(text).unwrap();
    user.level.set(2);
    assert_eq!(serde_json::to_string(&user).unwrap(), text.replace(r#""Level":1"#, r#""Level":2"#));
}

#[test]
fn a_body_of_another_shape_is_an_error() {
    for text in ["null", "[]", "7", r#""text""#, r#"{"Level":"1"}"#, r#"{"Kind":true}"#, r#"{"claim_Maximum":"one"}"#] {
        assert!(serde_json::from_str::<User>(text).is_err(), "{text}");
    }
}

#[test]
fn fields_tell_absent_from_null() {
    let (absent, null, value): (Field<i32>, Field<i32>, Field<i32>) = (Field::Absent, Field::Null, 3.into());
    assert_eq!([&absent, &null, &value].map(|field| field.as_ref().copied()), [None, None, Some(3)]);
    assert_eq!([absent.is_absent(), null.is_null(), value.is_value()], [true; 3]);
    assert_eq!(Field::from(None::<i32>), absent);
    assert_eq!(null.map(|number| number + 1), Field::Null);
    assert_eq!(value.map(|number| number + 1), Field::Value(4));
    assert_eq!(Field::<String>::from("x").as_deref(), Some("x"));
    assert_eq!((value.into_option(), absent.value_or_default()), (Some(3), 0));
    let mut taken = value;
    assert_eq!((taken.take(), taken), (value, absent));
    if let Some(number) = taken.as_mut() {
        *number += 1;
    }
    assert_eq!(serde_json::to_string(&[absent, null, value]).unwrap(), "[null,null,3]");
}

#[test]
fn words_are_known_or_kept() {
    assert_eq!(Kind::KNOWN, ["internal", "EXTERNAL"]);
    for (text, shown) in [("EXTERNAL", "External"), ("external", r#"Unknown("external")"#)] {
        let kind: Kind = text.parse().unwrap();
        assert_eq!((format!("{kind:?}").as_str(), kind.to_string().as_str(), kind.as_str()), (shown, text, text));
    }
    let number: Kind = serde_json::from_str("7").unwrap();
    assert_eq!((format!("{number:?}").as_str(), number.as_str()), ("Unknown(7)", "7"));
    assert_ne!(number, Kind::from("7"));
    assert!(serde_json::from_str::<Kind>("18446744073709551615").is_err());
}

#[test]
fn unknown_members_are_shown_by_name_only() {
    let mut extra = Extra::default();
    extra.insert("token", "hunter2");
    extra.insert("n", Json::from_text("[1.0, 2]").unwrap());
    assert_eq!(format!("{extra:?} {:?}", Json::from("hunter2")), r#"{"n", "token"} Json(string, 9 bytes)"#);
    assert_eq!((extra.raw("n"), extra.get("token")), (Some("[1.0, 2]"), Some("hunter2".into())));
    assert_eq!((extra.len(), extra.contains("n"), extra.names().collect::<Vec<_>>()), (2, true, vec!["n", "token"]));
    assert_eq!(extra.remove("n"), Some(Json::from_text("[1.0,2]").unwrap()), "white space makes no difference");
    assert_eq!(Json::from_text(" {} ").unwrap().as_str(), "{}");
    assert!(Json::from_text("{} x").is_err() && Json::default().is_null());
    assert_eq!(Json::from(7).decode::<u8>().unwrap(), 7);
    for broken in [r#""\ud83d""#, r#"{"\ud83d":1}"#, "1e999", "[-1e999]", "NaN", &("[".repeat(130) + &"]".repeat(130))] {
        assert!(Json::from_text(broken).is_err(), "{broken}");
        assert!(serde_json::from_str::<User>(&format!(r#"{{"x":{broken}}}"#)).is_err(), "{broken}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    for text in ["0", "-0", "100", "100.0", "1e300", "0.1000", "98765432109876543210987654321"] {
        let number: Number = text.parse().unwrap();
        assert_eq!((number.as_str(), serde_json::to_string(&number).unwrap().as_str()), (text, text));
    }
    for text in ["", " 1", "1 ", "01", "1.", ".5", "+1", "NaN", "true", "null", "\"1\"", "1,2", "1e400"] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
    let text: Number = serde_json::from_str(r#""28799""#).unwrap();
    assert_eq!((text.as_i64(), serde_json::to_string(&text).unwrap().as_str()), (Some(28_799), r#""28799""#), "as it came");
    for text in [r#""""#, r#"" 1""#, r#""one""#, r#""1e400""#, r#""NaN""#, r#""\u0031""#] {
        assert!(serde_json::from_str::<Number>(text).is_err(), "{text}");
    }
    assert_eq!(Number::from(-7).as_i64(), Some(-7));
    assert_eq!(Number::from(u64::MAX).as_u64(), Some(u64::MAX));
    assert_eq!(Number::try_from(2.5).unwrap().to_string(), "2.5");
    assert!(Number::try_from(f64::NAN).is_err() && Number::try_from(f64::INFINITY).is_err());
    assert_eq!((Number::default().as_f64(), "1.5".parse::<Number>().unwrap().as_i64()), (0.0, None));
}

#[test]
fn timestamps_keep_their_text_and_know_their_moment() {
    /// Seconds, nanoseconds, minutes of offset.
    type Moment = (i64, u32, i32);
    let table: &[(&str, Option<Moment>)] = &[
        ("1970-01-01T00:00:00Z", Some((0, 0, 0))),
        ("2024-03-28T08:12:49.3595132+00:00", Some((1_711_613_569, 359_513_200, 0))),
        ("2024-02-29T23:59:60-08:30", Some((1_709_281_800, 0, -510))),
        ("1969-12-31t23:59:59.5z", Some((-1, 500_000_000, 0))),
        ("0001-01-01T00:00:00Z", Some((-62_135_596_800, 0, 0))),
        ("2024-03-28T08:12:49.1234567890123Z", Some((1_711_613_569, 123_456_789, 0))),
        ("0001-01-01T00:00:00", None),
        ("2023-02-29T00:00:00Z", None),
        ("2024-13-01T00:00:00Z", None),
        ("2024-1-01T00:00:00Z", None),
        ("2024-01-01T24:00:00Z", None),
        ("2024-01-01T00:00:00.Z", None),
        ("2024-01-01T00:00:00+0100", None),
        ("2024-01-01T00:00:00+24:00", None),
        ("2024-01-0äT00:00:00Z", None),
        ("+024-01-01T00:00:00Z", None),
        ("", None),
    ];
    for (text, expected) in table {
        let kept = Timestamp::verbatim(*text);
        let moment = kept.unix_seconds().zip(kept.subsecond_nanos()).zip(kept.offset_minutes());
        assert_eq!(moment.map(|((seconds, nanos), offset)| (seconds, nanos, offset)), *expected, "{text}");
        assert_eq!((kept.as_str(), kept.is_rfc3339()), (*text, expected.is_some()));
        assert_eq!(text.parse::<Timestamp>().is_ok(), expected.is_some());
    }
    for (seconds, nanos, text) in [
        (0, 0, "1970-01-01T00:00:00Z"),
        (1_711_613_569, 359_513_200, "2024-03-28T08:12:49.3595132Z"),
        (951_782_400, 0, "2000-02-29T00:00:00Z"),
    ] {
        let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos);
        assert_eq!(Timestamp::from(time).as_str(), text);
        assert_eq!(Timestamp::verbatim(text).to_system_time(), Some(time));
    }
    let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1500);
    assert_eq!(Timestamp::from(before).as_str(), "1969-12-31T23:59:58.5Z");
    assert_eq!(Timestamp::from(before).to_system_time(), Some(before));
}

#[test]
fn secrets_are_shown_as_stars() {
    let secret = Secret::from("hunter2");
    assert_eq!(format!("{secret} {secret:?} {:?}", Field::Value(secret.clone())), "*** *** Value(***)");
    assert_eq!(secret.expose(), "hunter2");
}
