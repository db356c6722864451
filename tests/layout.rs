//! The layout: in every crate modules import in one direction, and crates do.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{
    modules::{self, Modules},
    tree::{self, File},
    workspace,
};

/// What each crate that people write may stand on of this workspace; of the clients only their own runtime.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("client-core", &[]),
    ("vendor-users", &["client-core", "clients"]),
    ("provisioning", &["client-core", "vendor-users"]),
    ("scim-gateway", &["client-core", "vendor-users", "provisioning"]),
    ("vendor-users-cli", &["client-core", "vendor-users", "provisioning", "scim-gateway"]),
    ("xtask", &[]),
];

/// All crates, written by people or generated, by the folder that they stand in, with their modules.
fn crates() -> BTreeMap<String, Modules> {
    let mut files: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for File { path, text } in tree::files() {
        let is_code = path.ends_with(".rs") && (path.starts_with("crates/") || path.starts_with("xtask/"));
        if let Some((folder, inner)) = path.split_once("/src/").filter(|_| is_code) {
            files.entry(folder.to_owned()).or_default().push((inner.to_owned(), text));
        }
    }
    let read = |files: Vec<(String, String)>| Modules::read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    files.into_iter().map(|(folder, files)| (folder, read(files))).collect()
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut wrong = Vec::new();
    let crates = crates();
    let clients = xtask::vendor::names(&workspace::root()).expect("specs/ can be listed");
    let expected: BTreeSet<String> = clients
        .iter()
        .map(String::as_str)
        .chain(MAY_DEPEND.iter().map(|(name, _)| *name))
        .filter(|name| *name != "xtask")
        .map(|name| format!("crates/{name}"))
        .chain(["xtask".to_owned()])
        .collect();
    assert_eq!(crates.keys().cloned().collect::<BTreeSet<String>>(), expected, "crates that are read, and those that there are");
    for (name, modules) in &crates {
        for (folder, uses) in modules.uses() {
            for circle in modules::circles(&uses) {
                let used = circle.iter().flat_map(|module| uses.get(*module).into_iter().map(move |used| (module, used)));
                let steps = used.flat_map(|(module, used)| {
                    let within = used.iter().filter(|(used, _)| circle.contains(used.as_str()));
                    within.map(move |(used, file)| format!("\n    {module} uses {used} in {file}"))
                });
                let steps: String = steps.collect();
                wrong.push(format!("{name} {folder}: {circle:?} is a circle; move what they share into a module below{steps}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the passes write beside OpenAPI's own words is for `rust`, which makes typed facts of it; nobody after it reads the copy.
#[test]
fn facts_of_the_normalized_copy_are_read_where_the_model_is_made() {
    let files = tree::files();
    let of = |folder: &str| {
        let (module, inner) = (format!("xtask/src/{folder}.rs"), format!("xtask/src/{folder}/"));
        files.iter().filter(move |file| file.path == module || file.path.starts_with(&inner))
    };
    let mut keys = BTreeSet::new();
    for file in of("normalize") {
        let parts =
            file.text.split("insert(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix("\"x-")?.split('"').next());
        keys.extend(parts.map(|key| format!("\"x-{key}\"")));
    }
    assert!(keys.contains("\"x-wire\"") && keys.contains("\"x-required\""), "the passes write other keys: {keys:?}");
    let own: BTreeSet<&str> = of("normalize").chain(of("rust")).map(|file| file.path.as_str()).collect();
    let others = files.iter().filter(|file| file.path.starts_with("xtask/src/") && !own.contains(file.path.as_str()));
    let said = others.flat_map(|file| {
        let said = keys.iter().filter(|key| file.text.contains(key.as_str()));
        said.map(|key| format!("{}: {key}", file.path)).collect::<Vec<_>>()
    });
    let wrong: Vec<String> = said.collect();
    assert!(wrong.is_empty(), "the typed model has these facts:\n{}", wrong.join("\n"));
}

/// `files` looks at what stands at a path before it opens it: a pipe, or a link to a device, has no end.
#[test]
fn only_one_module_of_the_generator_opens_files() {
    let opens = ["fs::read(", "fs::read_to_string(", "File::open(", "fs::write(", "File::create(", "OpenOptions::", "fs::copy("];
    let files = tree::files();
    let others = files.iter().filter(|file| {
        let path = file.path.strip_prefix("xtask/src/").filter(|path| path.ends_with(".rs"));
        path.is_some_and(|path| path != "files.rs" && !path.starts_with("files/"))
    });
    let wrong: Vec<String> = others
        .flat_map(|file| {
            let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
            opens.iter().filter(|call| code.contains(*call)).map(|call| format!("{}: {call}", file.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "use `files::input` or `files::text`:\n{}", wrong.join("\n"));
}

#[test]
fn crates_stand_on_each_other_in_one_direction() {
    let clients = xtask::vendor::names(&workspace::root()).expect("specs/ can be listed");
    let mut wrong = Vec::new();
    for file in tree::files().iter().filter(|file| file.path.starts_with("crates/") || file.path.starts_with("xtask/")) {
        let Some(folder) = file.path.strip_suffix("/Cargo.toml") else { continue };
        let manifest: toml::Table = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let allowed = match MAY_DEPEND.iter().find(|(known, _)| *known == name) {
            Some((_, allowed)) => *allowed,
            None if clients.iter().any(|client| client == name) => &["client-core"],
            None => {
                wrong.push(format!("{name} is not in the table of what a crate may stand on"));
                continue;
            }
        };
        for dependency in manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys())
        {
            let client = clients.contains(dependency);
            let ours = client || MAY_DEPEND.iter().any(|(known, _)| known == dependency);
            let fits = allowed.contains(&dependency.as_str()) || client && allowed.contains(&"clients");
            if ours && !fits {
                wrong.push(format!("{name} stands on {dependency}, which is above it or beside it"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What can be a directory can be connected by the command: each adapter has a module there.
#[test]
fn every_adapter_is_connected_by_the_command() {
    let modules = |folder: &str| {
        let names = tree::files().into_iter().filter_map(|file| {
            let name = file.path.strip_prefix(folder)?.strip_suffix(".rs")?.to_owned();
            let is_vendor = file.path.starts_with("crates/vendor-users-cli/") || file.text.contains("pub async fn connect(");
            (is_vendor && !name.contains('/')).then_some(name)
        });
        names.collect::<BTreeSet<String>>()
    };
    let adapters = modules("crates/vendor-users/src/adapter/");
    assert!(adapters.len() >= 4, "{adapters:?}");
    assert_eq!(adapters, modules("crates/vendor-users-cli/src/connect/"));
}

/// The table of modules in `xtask/ARCHITECTURE.md` names each of them once, and every one uses only those in rows below.
#[test]
fn the_table_of_modules_is_the_order_in_which_they_use_each_other() {
    let page = tree::files().into_iter().find(|file| file.path == "xtask/ARCHITECTURE.md").expect("the page is there");
    let (_, table) = page.text.split_once("<!-- begin modules -->").expect("the table has its mark");
    let rows: Vec<&str> = table
        .lines()
        .take_while(|line| !line.contains("<!-- end modules -->"))
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let xtask = crates().remove("xtask").expect("xtask has modules");
    let listed: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(listed.len(), rows.len(), "a module has two rows: {rows:?}");
    assert_eq!(listed, xtask.top(), "the table in xtask/ARCHITECTURE.md has other modules than xtask/src/");
    let place = |module: &str| rows.iter().position(|row| *row == module);
    let mut wrong = Vec::new();
    for (module, used) in xtask.uses().remove("").unwrap_or_default() {
        for (used, file) in used.iter().filter(|(used, _)| place(used) < place(&module)) {
            wrong.push(format!("{module} uses {used}, which stands above it in xtask/ARCHITECTURE.md: {file}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
