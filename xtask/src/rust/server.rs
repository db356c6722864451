//! Where the vendor's API is, as far as the specification knows.
//!
//! Input: `servers` of the copy. Output: the first of them with its variables, and the names of the others.

use serde_json::Value;

use super::{
    model::{Server, ServerVariable},
    names::setter,
};
use crate::normalize::walk::text;

/// `None` where the specification does not say, or says it in a way that is no address.
pub(super) fn server(document: &Value) -> Option<Server> {
    let servers = document.get("servers")?.as_array()?;
    let server = servers.first()?;
    let url = text(server, "url").filter(|url| url.starts_with("https://") || url.starts_with("http://"))?;
    let variables = variables(server);
    let mut named = url.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name);
    if named.any(|name| !variables.iter().any(|variable| variable.wire == name)) {
        return None;
    }
    let word = |node: &Value, key: &str| text(node, key).unwrap_or_default().to_owned();
    let others = servers.iter().skip(1).map(|other| (word(other, "url"), word(other, "description")));
    Some(Server { url: url.to_owned(), description: word(server, "description"), variables, others: others.collect() })
}

fn variables(server: &Value) -> Vec<ServerVariable> {
    let mut taken = vec!["url".to_owned()];
    let variables = server.get("variables").and_then(Value::as_object);
    let read = variables.into_iter().flatten().map(|(wire, variable)| {
        let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
        ServerVariable {
            name: setter(wire, &mut taken),
            wire: wire.clone(),
            default: text(variable, "default").unwrap_or_default().to_owned(),
            description: text(variable, "description").unwrap_or_default().to_owned(),
            values: values.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    });
    read.collect()
}
