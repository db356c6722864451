//! What generated code calls to read and write fields: each kind of field, each kind of value.

use std::borrow::Cow;

use vendor_users::attribute::Value;
use vendor_users::client_core::{Field, Timestamp};
use vendor_users::value::{self, AsText, ValueError, fill, read, read_flag, word, write, write_flag};

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

#[derive(Clone, Debug, Default, PartialEq)]
struct Unit {
    id: Field<i32>,
    name: Field<String>,
}

#[test]
fn a_member_of_an_object_is_written_with_the_object_and_cleared_without_making_one() {
    let name = |unit: &mut Unit, value: Option<&Value<'_>>| value::write(&mut unit.name, value, true);
    let mut unit: Field<Unit> = Field::Absent;
    assert_eq!(value::write_within(&mut unit, None, name), Ok(()));
    assert!(unit.is_absent());
    assert_eq!(value::write_within(&mut unit, Some(&Value::from("Sales")), name), Ok(()));
    assert_eq!(unit, Field::Value(Unit { id: Field::Absent, name: Field::Value("Sales".to_owned()) }));
    let refused = value::write_within(&mut unit, Some(&Value::from("x")), |unit, value| value::write(&mut unit.id, value, false));
    assert_eq!(refused, Err(ValueError::NotAnInteger));
    let id = |unit: &mut Unit, value: Option<&Value<'_>>| value::write(&mut unit.id, value, false);
    assert_eq!(value::write_reference(&mut unit, Some(&Value::from("7")), id), Ok(()));
    assert_eq!(unit, Field::Value(Unit { id: Field::Value(7), name: Field::Absent }));
    assert_eq!(value::write_reference(&mut unit, None, id), Err(ValueError::NotNullable));
    assert_eq!(unit, Field::Value(Unit { id: Field::Value(7), name: Field::Absent }));
}

#[test]
fn texts_are_joined_words_are_flags_and_constants_take_nothing_else() {
    let text = |text: &'static str| Some(Cow::Borrowed(text));
    assert_eq!(value::joined([text(" Kim"), None, text(""), text("Lee ")]).as_deref(), Some("Kim Lee"));
    assert_eq!(value::joined([None, text(" ")]), None);
    let read = |word| value::flag(text(word), "IN", "OUT");
    assert_eq!([read("IN"), read("OUT "), read("GONE")], [Some(true), Some(false), None]);
    assert_eq!(value::word_of(Some(&Value::Flag(false)), "IN", "OUT"), Ok(Some(Value::from("OUT"))));
    assert_eq!(value::word_of(Some(&Value::from("IN")), "IN", "OUT"), Err(ValueError::NotAFlag));
    assert_eq!(value::constant(Some(&Value::from("guest")), "guest"), Ok(()));
    for other in [Some(Value::from("boss")), None] {
        let told = value::constant(other.as_ref(), "guest");
        assert_eq!(told, Err(ValueError::Constant { value: Cow::Borrowed("guest") }));
    }
}

/// How a user is left without a value follows from what the vendor documents of nulls and of text.
#[tokio::test]
async fn clearing_is_by_a_null_or_an_empty_text_or_not_at_all() {
    use vendor_users::testing::{billingplatform, memory::Memory, superoffice, vbasoftware};
    use vendor_users::{Attribute as A, Clearing, Directory, adapter};
    let vba = vbasoftware::start().await.expect("an emulator");
    let office = superoffice::start().await.expect("an emulator");
    let billing = billingplatform::start().await.expect("an emulator");
    let vba = adapter::vbasoftware::connect(vba.settings()).await.expect("a login");
    let office = adapter::superoffice::connect(office.settings()).await.expect("settings");
    let billing = adapter::billingplatform::connect(billing.settings()).await.expect("a login");
    let memory = Memory::new("staff");
    let table: [(&dyn Directory, A, Clearing); 12] = [
        (&memory, A::Title, Clearing::Null),
        (&vba, A::Title, Clearing::Null),
        (&vba, A::Email, Clearing::Never),
        (&vba, A::NickName, Clearing::Never),
        (&office, A::NickName, Clearing::EmptyText),
        (&office, A::Title, Clearing::EmptyText),
        (&office, A::Email, Clearing::EmptyText),
        (&office, A::UserType, Clearing::Never),
        (&office, A::DisplayName, Clearing::Never),
        (&billing, A::PhoneNumber, Clearing::EmptyText),
        (&billing, A::Manager, Clearing::Never),
        (&billing, A::UserName, Clearing::Never),
    ];
    for (directory, attribute, expected) in table {
        let vendor = directory.capabilities().instance().title();
        assert_eq!(directory.clearing(attribute), expected, "{vendor} {attribute}");
    }
}
