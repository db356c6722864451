//! What generated code calls to read and write fields: each kind of field, each kind of value.

use vendor_users::attribute::Value;
use vendor_users::client_core::{Field, Timestamp};
use vendor_users::value::{AsText, ValueError, fill, read, read_flag, word, write, write_flag};

fn written<T: AsText>(value: Option<Value<'_>>, nullable: bool) -> Result<Field<T>, ValueError> {
    let mut field = Field::Absent;
    write(&mut field, value.as_ref(), nullable).map(|()| field)
}

#[test]
fn text_goes_into_fields_of_any_type_that_reads_as_text() {
    assert_eq!(written::<String>(Some("kim".into()), false), Ok(Field::Value("kim".to_owned())));
    assert_eq!(written::<i32>(Some("-7".into()), false), Ok(Field::Value(-7)));
    assert_eq!(written::<i32>(Some("7.0".into()), false), Err(ValueError::NotAnInteger));
    assert_eq!(written::<i32>(Some("2147483648".into()), false), Err(ValueError::NotAnInteger));
    assert_eq!(written::<String>(Some(true.into()), false), Err(ValueError::NotText));
    let date = written::<Timestamp>(Some("yesterday".into()), false);
    assert_eq!(date.as_ref().map(read).ok().flatten().as_deref(), Some("yesterday"));
}

#[test]
fn only_what_may_be_null_is_cleared() {
    assert_eq!(written::<String>(None, true), Ok(Field::Null));
    assert_eq!(written::<String>(None, false), Err(ValueError::NotNullable));
}

#[test]
fn flags_are_turned_round_where_the_property_means_the_opposite() {
    for (given, not, stored) in [(true, false, true), (true, true, false), (false, true, true)] {
        let mut field = Field::Absent;
        assert_eq!(write_flag(&mut field, Some(&given.into()), not, false), Ok(()));
        assert_eq!((field.as_ref(), read_flag(&field, not)), (Some(&stored), Some(given)));
    }
    let mut field = Field::Value(true);
    assert_eq!(write_flag(&mut field, Some(&"true".into()), false, false), Err(ValueError::NotAFlag));
    assert_eq!(field, Field::Value(true));
}

#[test]
fn a_word_for_active_says_nothing_of_the_word_for_inactive() {
    assert_eq!(word(Some(&true.into()), "ACTIVE"), Ok(Some("ACTIVE".into())));
    assert_eq!(word(Some(&false.into()), "ACTIVE"), Err(ValueError::NoWord));
    assert_eq!(word(Some(&"ACTIVE".into()), "ACTIVE"), Err(ValueError::NotAFlag));
    assert_eq!(word(None, "ACTIVE"), Ok(None));
}

#[test]
fn defaults_fill_what_is_absent_and_nothing_else() {
    for (before, after) in [(Field::Absent, Field::Value(1)), (Field::Null, Field::Null), (Field::Value(2), Field::Value(2))] {
        let mut field: Field<i32> = before;
        fill(&mut field, &Field::Value(1));
        assert_eq!(field, after);
    }
}
