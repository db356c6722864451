//! Names for what only samples show: the elements of lists and the values of dictionaries.
//!
//! Input: entities whose lists hold objects without a name. Output: entities named by the singular of the property, equal
//! ones once. Knows nothing of tables.

use crate::{
    api::{Basis, Kind, Named, Origin, Property, Schema},
    finding::{Finding, FindingKind},
    sample::merge,
    words::{pascal_case, singular},
};

/// Where elements become entities.
pub(super) struct Elements<'a> {
    pub(super) entities: &'a mut Named<Schema>,
    pub(super) findings: &'a mut Vec<Finding>,
}

const BY_PROPERTY: &str = "only the sample shows this type: it is named by its property";

impl Elements<'_> {
    /// A body without a name; what is in it is named, and itself only behind all pages, after its operation.
    pub(super) fn root(&mut self, schema: &mut Schema, owner: &str) {
        match &mut schema.kind {
            Kind::Array(item) | Kind::Map(item) => self.root(item, owner),
            Kind::Object(properties) => self.properties(properties, owner),
            _ => {}
        }
    }

    /// The elements in all entities, also in those that this makes.
    pub(super) fn all(&mut self) {
        let mut index = 0;
        while let Some((name, entity)) = self.entities.get_index_mut(index) {
            let mut kind = std::mem::take(&mut entity.kind);
            if let Kind::Object(properties) = &mut kind {
                let name = name.clone();
                self.properties(properties, &name);
            }
            if let Some((_, entity)) = self.entities.get_index_mut(index) {
                // While it was away, elements of the same name may have been added to it.
                let added = std::mem::replace(&mut entity.kind, kind);
                if added != Kind::Unknown {
                    merge(entity, Schema::new(added, Origin::default()));
                }
            }
            index += 1;
        }
    }

    fn properties(&mut self, properties: &mut Named<Property>, owner: &str) {
        for (name, property) in properties {
            self.property(&mut property.schema, name, owner);
        }
    }

    fn property(&mut self, schema: &mut Schema, name: &str, owner: &str) {
        match &mut schema.kind {
            Kind::Array(item) | Kind::Map(item) if matches!(item.kind, Kind::Object(_)) => {
                let plural = pascal_case(name);
                let one = singular(&plural);
                // A name that is no plural says nothing of the one that is in the list.
                match one != plural && one.starts_with(char::is_alphabetic) {
                    true => self.intern(item, &one, Some(&format!("{owner}{one}")), BY_PROPERTY),
                    false => self.intern(item, &format!("{owner}{plural}"), None, BY_PROPERTY),
                }
            }
            Kind::Array(item) | Kind::Map(item) => self.property(item, name, owner),
            Kind::Object(properties) => self.properties(properties, owner),
            _ => {}
        }
    }

    /// Puts an object among the entities and a reference in its place; where the name is taken by another type, the second
    /// name, and where that is taken too, it stays where it is.
    fn intern(&mut self, schema: &mut Schema, name: &str, otherwise: Option<&str>, reason: &'static str) {
        if !matches!(schema.kind, Kind::Object(_)) || name.is_empty() {
            return;
        }
        let fits = |known: Option<&Schema>| known.is_none_or(|known| compatible(known, schema));
        let name = match otherwise {
            _ if fits(self.entities.get(name)) => name,
            Some(otherwise) if fits(self.entities.get(otherwise)) => {
                let text = format!("another type has the name `{name}`: this one is qualified by its parent");
                self.findings.push(Finding::new(FindingKind::Assumption, otherwise, text, schema.origin.spans.to_vec()));
                otherwise
            }
            _ => return,
        };
        let origin = Origin { spans: schema.origin.spans.clone(), basis: Basis::Inferred, reason: Some(reason.into()) };
        let reference = Schema { nullable: schema.nullable, ..Schema::new(Kind::Reference(name.to_owned()), origin.clone()) };
        let mut entity = std::mem::replace(schema, reference);
        entity.nullable = false;
        entity.origin = origin;
        match self.entities.get_mut(name) {
            Some(known) => merge(known, entity),
            None => {
                self.entities.insert(name.to_owned(), entity);
            }
        }
    }
}

/// Whether two types of one name are one: what they share has the same form, and they share half of the smaller one.
fn compatible(known: &Schema, other: &Schema) -> bool {
    let (Kind::Object(mine), Kind::Object(theirs)) = (&known.kind, &other.kind) else { return known.kind == Kind::Unknown };
    let mut shared = 0;
    for (name, property) in theirs {
        let Some(known) = mine.get(name) else { continue };
        let (one, two) = (&known.schema.kind, &property.schema.kind);
        let form = std::mem::discriminant(one) == std::mem::discriminant(two);
        let open = |kind: &Kind| matches!(kind, Kind::Unknown | Kind::Reference(_));
        if !form && !open(one) && !open(two) {
            return false;
        }
        shared += 1;
    }
    shared * 2 >= mine.len().min(theirs.len())
}
