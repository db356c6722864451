//! Expressions and the rows they are given.

use std::collections::BTreeMap;

use provisioning::mapping::{Cells, Expression, Mapped};
use provisioning::place::Place;

fn row() -> Cells {
    let cells = [
        ("email", "Åse.Müller-Łuk@Example.com"),
        ("given", "Åse"),
        ("family", ""),
        ("status", "active"),
        ("left", ""),
        ("number", "0042"),
        ("Last name", "Øre"),
    ];
    let cells: BTreeMap<_, _> = cells.into_iter().map(|(name, cell)| (name.into(), cell.to_owned())).collect();
    Cells::new(cells, "2026-01-31")
}

fn evaluate(expression: &str) -> Result<Mapped, String> {
    Expression::compile(expression, Place::default())?.evaluate(&row())
}

#[test]
fn expressions_give_what_a_person_would_expect() {
    let text = |text: &str| Mapped::Text(text.to_owned());
    let table = [
        ("email", text("Åse.Müller-Łuk@Example.com")),
        ("email | before('@') | ascii | lower | cut(8)", text("aase.mue")),
        ("email | after('@')", text("Example.com")),
        ("given | after('@')", Mapped::Nothing),
        ("number", text("0042")),
        ("row['Last name'] | ascii | upper", text("OERE")),
        ("status == 'active'", Mapped::Flag(true)),
        ("family or given", text("Åse")),
        ("family | default(given)", text("Åse")),
        // Nothing stays nothing, and never becomes part of a name.
        ("family", Mapped::Nothing),
        ("family | lower | cut(3)", Mapped::Nothing),
        ("given ~ '.' ~ family", Mapped::Nothing),
        ("family is none", Mapped::Flag(true)),
        ("left is none or left >= today", Mapped::Flag(true)),
        ("given if status == 'active' else none", text("Åse")),
    ];
    for (expression, wanted) in table {
        assert_eq!(evaluate(expression), Ok(wanted), "{expression}");
    }
}

#[test]
fn what_is_undefined_or_of_another_kind_is_an_error() {
    for expression in ["surname", "row['Surname'] | lower", "surname | lower", "[1, 2]", "email | cut('x')", "email.name.first"] {
        assert!(evaluate(expression).is_err(), "{expression}: {:?}", evaluate(expression));
    }
    let no_spelling = Expression::compile("name | ascii", Place::default()).expect("compiles");
    let cells = Cells::new(BTreeMap::from([("name".into(), "山田".to_owned())]), "");
    assert!(no_spelling.evaluate(&cells).expect_err("no spelling").contains("has no spelling in ASCII"));
}

#[test]
fn the_columns_that_an_expression_looks_at_are_known_before_any_row() {
    let columns = |expression: &str| Expression::compile(expression, Place::default()).map(|it| it.columns().clone());
    let table = [
        ("email | before('@')", ["email"].as_slice()),
        ("row['Last name'] ~ ' ' ~ row[ \"First \\\"name\\\"\" ]", &["First \"name\"", "Last name"]),
        ("row.given | default(family) if today > '2026' else none", &["family", "given"]),
        ("'row[1] | nothing' ~ email.row", &["email"]),
    ];
    for (expression, wanted) in table {
        assert_eq!(columns(expression), Ok(wanted.iter().map(|name| (*name).to_owned()).collect()), "{expression}");
    }
    for (expression, told) in [
        ("row[email]", "in quotes"),
        ("row['a' ~ 'b']", "in quotes"),
        ("row", "in quotes"),
        ("email | 'lower'", "cannot be read"),
        ("email | title", "there is no filter `title`"),
    ] {
        assert!(columns(expression).expect_err(expression).contains(told), "{expression}");
    }
}

#[test]
fn a_condition_over_empty_cells_switches_nobody_off() {
    let holds = |expression: &str| Expression::compile(expression, Place::default()).expect("compiles").holds(&row());
    assert_eq!(holds("left == 'no'"), Ok(None));
    assert_eq!(holds("row['left'] == 'no'"), Ok(None));
    assert_eq!(holds("left is none"), Ok(Some(true)));
    assert_eq!(holds("status == 'left'"), Ok(Some(false)));
    assert!(holds("status").expect_err("no flag").contains("true or false"));
}
