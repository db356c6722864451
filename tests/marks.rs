//! What a page does not say itself is marked where it stands: `x-basis` with its reason, and a finding of `import`.

#![allow(clippy::expect_used, reason = "a test may panic")]

use serde_json::Value;
use xtask::{dialect::Options, import::import};

/// A page, where in its specification the mark stands, the basis, and words of the reason.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

const HELP_PAGE: &str = "POST api/oars\nRequest Information\nURI Parameters\nNone.\nBody Parameters\nOar\n\
    | Name | Description | Type | Additional information |\n|---|---|---|---|\n| Made | When it was made. | date | None. |\n\
    | Seen | When it was seen. Can be null. | string | None. |\n| Owner | This field is read-only. | string | None. |\n\
    Request Formats\napplication/json\nSample:\n\
    {\n  \"Made\": \"2026-01-05T10:00:00.1+00:00\",\n  \"Seen\": \"x\",\n  \"Owner\": \"x\",\n  \"Lost\": \"2026-01-05T10:00:00.1+00:00\"\n}\n\
    Response Information\nResource Description\nNone.\n";
const DOCFX: &str = "---\ntitle: POST Oar\nuid: v1Oar_Add\n---\n\n# POST Oar\n\n```http\nPOST /api/v1/Oar\n```\n\nAdds it.\n\n\
    ## Request Body: oar\n\nThe oar.\n\n| Property Name | Type |  Description |\n|---|---|---|\n| Name | string | Its name. |\n\n\
    ## Response: Oar\n\n| Response | Description |\n|---|---|\n| 200 | OK |\n\n### Response body: Oar\n\n\
    | Property Name | Type |  Description |\n|---|---|---|\n| Name | string | Its name. |\n";
const REDOCLY: &str = "# Add an oar\n\nEndpoint: POST /oars\nVersion: 1\n\n## Request fields (application/json):\n\n\
    \x20 - `name` (string, required)\n    Its name. Can be null.\n\n  - `id` (string)\n    [ReadOnly] Its number.\n";

const CASES: &[Case] = &[
    (HELP_PAGE, "/paths/~1api~1oars/post/requestBody", "true", "inferred", ""),
    (HELP_PAGE, "/components/schemas/Oar/properties/Made", "date-time", "inferred", ""),
    (HELP_PAGE, "/components/schemas/Oar/properties/Lost", "date-time", "sample", ""),
    (HELP_PAGE, "/components/schemas/Oar/properties/Seen", "nullable", "inferred", "may be null"),
    (HELP_PAGE, "/components/schemas/Oar/properties/Owner", "readOnly", "inferred", "read-only"),
    (DOCFX, "/paths/~1api~1v1~1Oar/post/requestBody", "true", "inferred", ""),
    (REDOCLY, "/paths/~1oars/post/requestBody", "true", "inferred", "name"),
    (REDOCLY, "/components/schemas/AddAnOarRequest/properties/name", "nullable", "inferred", "may be null"),
    (REDOCLY, "/components/schemas/AddAnOarRequest/properties/id", "readOnly", "inferred", "read-only"),
];

#[test]
fn what_is_not_the_pages_own_word_is_marked_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    for (index, (page, pointer, says, basis, reason)) in CASES.iter().enumerate() {
        let path = folder.path().join(format!("page{index}"));
        std::fs::write(&path, page).expect("the page can be written");
        let imported = import(None, &Options::default(), &[path]);
        let Some(value) = &imported.value else {
            wrong.push(format!("{pointer}: {}", imported.refused));
            continue;
        };
        let node = value.pointer(pointer).unwrap_or(&Value::Null);
        let has =
            node.to_string().contains(&says.replace("nullable", "\"nullable\":true").replace("readOnly", "\"readOnly\":true"));
        let marked = node["x-basis"] == *basis && node["x-reason"].as_str().is_some_and(|text| text.contains(reason));
        let told = imported.told(false).any(|line| node["x-reason"].as_str().is_some_and(|text| line.contains(text)));
        if !(has && marked && told) {
            wrong.push(format!("{pointer} ({has}, {marked}, {told}): {node}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
