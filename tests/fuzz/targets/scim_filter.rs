//! Any text as a filter and as a path of SCIM: read, or refused in words; what is read holds of a user or does not.

#![no_main]

use fuzz::scim::kim;
use libfuzzer_sys::fuzz_target;
use scim_gateway::protocol::{
    evaluate::holds,
    filter::{Filter, FilterLimits},
    list::ListRequest,
    projection::Projection,
    target::Target,
};

fuzz_target!(|text: &str| {
    let limits = FilterLimits::default();
    match Filter::parse(text, limits) {
        Ok(filter) => {
            let _ = holds(&filter, &kim());
            let not = Filter::Not(Box::new(filter.clone()));
            assert_ne!(holds(&filter, &kim()), holds(&not, &kim()));
        }
        Err(error) => assert!(error.status == 400 && !error.detail.is_empty() && error.detail.len() < 2000),
    }
    if let Err(error) = Target::parse(text, limits) {
        assert!(error.status == 400 && !error.detail.is_empty());
    }
    if let Ok(projection) = Projection::parse(Some(text), None) {
        assert!(projection.of(kim()).contains_key("id"));
    }
    let query = [("filter", text), ("startIndex", text), ("count", text), ("sortBy", text), ("sortOrder", text)];
    for (name, value) in query {
        let _ = ListRequest::of_query(&[(name.to_owned(), value.to_owned())].into(), limits);
    }
});
