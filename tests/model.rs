//! The typed model of each vendor's Rust: every item knows where it stands in the specification, and what made it so.

use xtask::{
    regen::{self, Made},
    rust::items::Items,
};

use crate::support::workspace;

#[test]
fn every_item_of_the_model_stands_in_the_specification() {
    for (vendor, specification) in workspace::specifications() {
        let made = Made::load(&workspace::root(), &vendor).expect("committed vendors are sound");
        let model = &made.client.model;
        let there = |pointer: &str, what: &str| {
            assert!(!pointer.is_empty(), "{vendor}: {what} knows no place");
            assert!(specification.pointer(pointer).is_some(), "{vendor}: {what} stands at {pointer}, where nothing is");
        };
        for (name, ty) in &model.types {
            // One that stands for several has the name of none of them.
            let places = if ty.also.is_empty() { std::slice::from_ref(&ty.pointer) } else { ty.also.as_slice() };
            places.iter().for_each(|place| there(place.as_str(), name));
            let own = if ty.also.is_empty() { model.fields(name) } else { &[] };
            own.iter().for_each(|field| there(field.pointer.as_str(), &format!("{name}::{}", field.name)));
            for field in model.fields(name) {
                let chosen = field.rules.iter().filter(|rule| rule.rule == "optional").count();
                assert_eq!(chosen, 1, "{vendor}: {name}::{} says once why it is a `Field`: {:?}", field.name, field.rules);
            }
        }
        for operation in &model.operations {
            there(operation.pointer.as_str(), &operation.name);
            let parameters = operation.parameters.iter().map(|parameter| (&parameter.pointer, &parameter.wire));
            let set_once = operation.client_parameters.iter().map(|parameter| (&parameter.pointer, &parameter.name));
            parameters.chain(set_once).for_each(|(pointer, name)| there(pointer.as_str(), name));
        }
        assert!(Items::of(model).iter().count() > model.operations.len(), "{vendor}: items of types, fields and operations");
    }
}

#[test]
fn a_dump_of_the_model_is_json_with_all_of_it() {
    for (vendor, _) in workspace::specifications() {
        let text = regen::model(&workspace::root(), &vendor).expect("committed vendors are sound");
        let dump: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let made = Made::load(&workspace::root(), &vendor).expect("committed vendors are sound");
        let model = &made.client.model;
        assert_eq!(dump["vendor"], vendor.as_str());
        assert_eq!(dump["types"].as_object().map(serde_json::Map::len), Some(model.types.len()));
        assert_eq!(dump["operations"].as_array().map(Vec::len), Some(model.operations.len()));
        for (name, ty) in &model.types {
            let fields = dump["types"][name.as_str()]["kind"]["structure"]["fields"].as_array().cloned().unwrap_or_default();
            assert_eq!(fields.len(), model.fields(name).len(), "{vendor}: {name}");
            for (told, field) in fields.iter().zip(model.fields(name)) {
                assert_eq!(told["pointer"], field.pointer.as_str());
                assert_eq!(told["type"], field.ty.to_string());
                assert_eq!(told["rules"].as_array().map(Vec::len), Some(field.rules.len()));
            }
            assert_eq!(dump["types"][name.as_str()]["pointer"], ty.pointer.as_str());
        }
    }
}
