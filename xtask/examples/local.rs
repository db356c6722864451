use std::{fs, path::Path, collections::BTreeMap};
fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut held = Vec::new();
    for name in xtask::vendor::names(root).unwrap() {
        let vendor = match xtask::vendor::load(root, &name) { Ok(v) => v, Err(e) => { eprintln!("{e}"); continue } };
        let spec = match xtask::specification::specification(&vendor) { Ok(s) => s.value, Err(e) => { 
            eprintln!("{name}: {}", e.to_string().lines().take(3).collect::<Vec<_>>().join("\n"));
            match fs::read_to_string(root.join(format!("specs/{name}/openapi.json"))) { Ok(t) => serde_json::from_str(&t).unwrap(), Err(_) => continue } } };
        fs::write(root.join(format!("specs/{name}/openapi.json")), serde_json::to_string_pretty(&spec).unwrap() + "\n").unwrap();
        let names: BTreeMap<String, String> = vendor.manifest.names.fields.iter().map(|(a, b)| (a.get_ref().clone(), b.get_ref().clone())).collect();
        match xtask::client::generate(&xtask::client::ClientInput { vendor: &name, specification: &spec, names: &names }) {
            Ok(c) => for (path, mut text) in c.files {
                if path.ends_with("builder.rs") { text = text.replace("\", value),", "\", { let value: Secret = value.into(); value }),"); }
                if path.ends_with("client.rs") { text = text.replace("CREATE_OR_UPDATE_BATCH_USERS).json(body)", "CREATE_OR_UPDATE_BATCH_USERS).json(&body)"); }
                let p = root.join(format!("crates/{name}/{path}"));
                fs::create_dir_all(p.parent().unwrap()).unwrap();
                fs::write(p, text).unwrap();
            },
            Err(e) => { for p in e { eprintln!("{name}: {p}"); } continue }
        }
        let normalized = xtask::normalize::normalize(&spec, &names).unwrap().document;
        held.push((vendor, spec, normalized));
    }
    let inputs: Vec<_> = held.iter().map(|(v, s, n)| xtask::facade::FacadeInput { vendor: v, specification: s, normalized: n }).collect();
    match xtask::facade::facade(&inputs) {
        Err(e) => eprintln!("{e}"),
        Ok(f) => {
            for (path, text) in f.files { fs::write(root.join(path), text).unwrap(); }
            for block in f.blocks {
                let p = root.join(&block.path);
                let Ok(text) = fs::read_to_string(&p) else { continue };
                match xtask::facade::replace(&text, &block) { Ok(t) => fs::write(p, t).unwrap(), Err(e) => eprintln!("{e}") }
            }
        }
    }
}
