//! The operations of the committed specifications, as a caller has to follow them.

use serde_json::Value;

use super::workspace;

/// One operation with the document it stands in.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) vendor: String,
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The first documented status of success.
    pub(crate) success: u16,
    pub(crate) node: Value,
    document: Value,
}

/// Every operation of every vendor whose client is called here, in the order of the specifications.
pub(crate) fn all() -> Vec<Operation> {
    let mut all = Vec::new();
    for (vendor, document) in workspace::called() {
        let paths = document["paths"].as_object().expect("paths");
        for (path, item) in paths {
            for (method, node) in item.as_object().expect("a path item") {
                let Some(id) = node["operationId"].as_str() else { continue };
                let statuses = node["responses"].as_object().expect("responses").keys();
                let success = statuses.filter_map(|status| status.parse().ok()).find(|status| (200..300).contains(status));
                all.push(Operation {
                    vendor: vendor.clone(),
                    id: id.to_owned(),
                    method: method.clone(),
                    path: path.clone(),
                    success: success.expect("a status of success"),
                    node: node.clone(),
                    document: document.clone(),
                });
            }
        }
    }
    all
}

impl Operation {
    /// Each set of security schemes that is enough; one that is empty where the operation needs none.
    pub(crate) fn alternatives(&self) -> Vec<Vec<String>> {
        let listed = self.node["security"].as_array().expect("each operation has its own security");
        if listed.is_empty() {
            return vec![Vec::new()];
        }
        listed.iter().map(|schemes| schemes.as_object().expect("schemes").keys().cloned().collect()).collect()
    }

    /// Whether a document of the vendor has the operation, and not only an overlay.
    pub(crate) fn is_in_a_document(&self) -> bool {
        let source = &self.node["x-source"];
        let places = source.as_array().cloned().unwrap_or_else(|| vec![source.clone()]);
        places.iter().filter_map(Value::as_str).any(|place| place.starts_with("docs/"))
    }

    /// The smallest body that the documented success may have.
    pub(crate) fn smallest_answer(&self) -> &'static str {
        let content = self.node["responses"][self.success.to_string()]["content"].as_object();
        let schema = content.and_then(|content| content.values().next()).map(|media| self.resolved(&media["schema"]));
        match schema.and_then(|schema| schema["type"].as_str()) {
            Some("array") => "[]",
            Some("boolean") => "true",
            Some("string") => r#""a""#,
            _ => r#"{"data":null}"#,
        }
    }

    /// The headers in which credentials of these schemes go.
    pub(crate) fn credential_headers(&self, schemes: &[String]) -> Vec<String> {
        let header = |scheme: &String| {
            let node = &self.document["components"]["securitySchemes"][scheme];
            match node["type"].as_str() {
                Some("http") => "Authorization".to_owned(),
                Some("apiKey") => node["name"].as_str().expect("a name").to_owned(),
                other => panic!("{}: {scheme} is {other:?}", self.vendor),
            }
        };
        schemes.iter().map(header).collect()
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.node["parameters"].as_array().into_iter().flatten().map(|parameter| self.resolved(parameter))
    }

    pub(crate) fn has_parameter(&self, place: &str, name: &str) -> bool {
        self.parameters().any(|parameter| {
            parameter["in"] == place && parameter["name"].as_str().is_some_and(|documented| documented.eq_ignore_ascii_case(name))
        })
    }

    pub(crate) fn required_headers(&self) -> Vec<String> {
        self.headers_where(|parameter| parameter["required"] == true)
    }

    /// The required headers that are the same for every call of a client.
    pub(crate) fn constants(&self) -> Vec<String> {
        self.headers_where(|parameter| parameter["required"] == true && parameter["x-client-parameter"] == true)
    }

    fn headers_where(&self, wanted: impl Fn(&Value) -> bool) -> Vec<String> {
        let headers = self.parameters().filter(|parameter| parameter["in"] == "header" && wanted(parameter));
        headers.filter_map(|parameter| parameter["name"].as_str()).map(ToOwned::to_owned).collect()
    }

    /// Whether a path is the documented one with its parameters filled in.
    pub(crate) fn fits_path(&self, path: &str) -> bool {
        let (documented, sent): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), path.split('/').collect());
        let fits =
            |(documented, sent): (&&str, &&str)| if documented.starts_with('{') { !sent.is_empty() } else { documented == sent };
        documented.len() == sent.len() && documented.iter().zip(&sent).all(fits)
    }

    /// That a body is sent where one is documented, in a documented media type, with documented and all required properties.
    pub(crate) fn check_body(&self, body: &str, content_type: Option<&str>, at: &str) {
        let Some(documented) = self.node.pointer("/requestBody/content").and_then(Value::as_object) else {
            assert_eq!(body, "", "{at}: no body is documented");
            return;
        };
        let essence = |media: &str| media.split(';').next().unwrap_or_default().trim().to_lowercase();
        let content_type = content_type.unwrap_or_else(|| panic!("{at}: a body without its type"));
        let media = documented.iter().find(|(media, _)| essence(media) == essence(content_type));
        let (_, media) = media.unwrap_or_else(|| panic!("{at}: {content_type} is not documented"));
        let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{at}: {error}"));
        self.check_value(&media["schema"], &body, at);
    }

    fn check_value(&self, schema: &Value, value: &Value, at: &str) {
        let schema = self.resolved(schema);
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.check_value(&schema["items"], item, &format!("{at}[{index}]"));
                }
            }
            Value::Object(members) => {
                for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    assert!(members.contains_key(name), "{at}: {name} is missing");
                }
                for (name, member) in members.iter().filter(|_| schema.get("properties").is_some()) {
                    let property = &schema["properties"][name];
                    assert!(!property.is_null(), "{at}: {name} is not documented");
                    self.check_value(property, member, &format!("{at}.{name}"));
                }
            }
            _ => {}
        }
    }

    /// The object itself, where there is only a reference to it.
    fn resolved<'a>(&'a self, node: &'a Value) -> &'a Value {
        let reference = node["$ref"].as_str().or_else(|| node.pointer("/allOf/0/$ref").and_then(Value::as_str));
        match reference {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).expect("the target of a reference"),
            None => node,
        }
    }
}
