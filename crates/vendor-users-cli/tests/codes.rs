//! Exit codes, and what is said before anything is sent.

use crate::support::run;
use crate::support::world::{CONFIG, World, people};

#[test]
fn wrong_command_lines_and_configurations_have_codes_of_their_own() {
    let world = World::with_people(3);
    for (words, code, told) in [
        (["nonsense"].as_slice(), 64, "unrecognized subcommand"),
        (&["plan"], 64, "PEOPLE"),
        (&["plan", "nowhere.csv"], 64, "cannot be read"),
        (&["plan", "people.csv", "-i", "nowhere"], 64, "no instance is called `nowhere`"),
        (&["plan", "people.csv", "--only", "99"], 1, "nobody in the file has the key"),
        (&["apply", "people.csv"], 0, "nothing to do"),
        (&["disable", "--yes"], 64, "nobody was picked"),
        (&["list", "--where", "nothing"], 64, "is no condition"),
        (&["find", "title=Clerk"], 64, "cannot be matched by `title`"),
        (&["find", "user_name=nobody"], 1, "nobody was found"),
        (&["get", "nobody"], 1, "no such user"),
        (&["check", "--config", "nowhere.toml"], 78, "nowhere.toml cannot be read"),
        (&["--help"], 0, "Exit codes"),
        (&["completions", "bash"], 0, "vendor-users"),
    ] {
        let ran = world.run(words);
        assert_eq!(ran.code, code, "{words:?}: {}{}", ran.out, ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains(told), "{words:?}: {}{}", ran.out, ran.err);
    }
    // With something to do and nobody to ask.
    world.write("people.csv", &people(4));
    let ran = world.run(&["apply", "people.csv"]).ends_with(64);
    assert!(ran.err.contains("`--yes`"), "{}", ran.err);
    world.server.forget();
    for (from, to, told) in [
        ("env = \"CLAIMS_KEY\"", "env = \"NOWHERE\"", "vendor-users.toml:9:10: instance `claims`: the setting `api_key`"),
        ("file = \"password\"", "file = \"nowhere\"", "cannot be read"),
        ("[\"printf\", \"emulator-code\"]", "[\"false\"]", "the command false failed"),
        ("api_key = {", "api_kee = {", "`api_kee` is not a setting of VBA Software"),
        ("database = \"emulator\"\n", "", "the setting `database` is missing: the database whose users these are"),
        ("{ file = \"password\" }", "\"secret-in-the-file\"", "is a credential and does not stand in this file"),
        ("\"vbasoftware\"", "\"harbour\"", "there is no vendor `harbour` here"),
        ("administrator = false", "administratr = false", "`defaults` has `administratr`"),
        ("title = \"title\"", "title = \"position\"", "`title` looks at the column `position`"),
        ("title = \"title\"", "title = \"row['Job title']\"", "`title` looks at the column `Job title`"),
        ("title = \"title\"", "title = \"row[name]\"", "vendor-users.toml:38:9: `row` is followed by the name of a column"),
        ("status == 'active'", "row['left'] is none", "`active` looks at the column `left`"),
        ("user_name = \"email | before('@') | lower\"\n", "", "gives no `user_name`"),
        ("leavers = \"disable\"", "leavers = \"purge\"", "`leavers` is \"report\" or \"disable\""),
    ] {
        assert!(CONFIG.contains(from), "{from}");
        world.configure(&CONFIG.replace(from, to));
        let ran = world.run(&["plan", "people.csv"]).ends_with(78);
        assert!(ran.err.contains(told), "{to}: {}", ran.err);
        assert!(!ran.err.contains("secret-in-the-file"), "{}", ran.err);
    }
    assert!(world.server.exchanges().is_empty(), "something was sent");
}

#[test]
fn check_tells_network_credentials_and_permission_apart() {
    use vendor_users::testing::Fault;
    let world = World::with_people(1);
    world.run(&["check"]).ends_with(0);
    world.server.inject(Fault::status(403).on("GET", "users"));
    assert!(world.run(&["check"]).ends_with(1).out.contains("permission"));
    world.server.heal();
    world.configure(&CONFIG.replace("user = \"admin\"", "user = \"root\""));
    assert!(world.run(&["check"]).ends_with(1).out.contains("credentials"));
    let url = world.server.url();
    world.configure(&CONFIG.replace("URL", "http://127.0.0.1:9"));
    assert!(world.run(&["check"]).ends_with(1).out.contains("network"));
    world.configure(&CONFIG.replace("URL", &url.replace("http://", "https://")));
    assert!(world.run(&["check"]).ends_with(1).out.contains("TLS"));
}

#[test]
fn a_limit_tells_somebody_and_a_configuration_is_begun_by_init() {
    let world = World::with_people(20);
    world.configure(&format!("notify = [\"tee\", \"told.json\"]\n{CONFIG}"));
    world.write("people.csv", &people(10));
    world.run(&["apply", "people.csv", "--yes"]).ends_with(3);
    let told: serde_json::Value = serde_json::from_str(&world.read("told.json")).expect("JSON");
    assert_eq!(told["exit_code"], 3);
    assert!(told["instances"][0]["stopped"].as_str().is_some_and(|words| words.contains("`max_disable`")), "{told:#}");
    assert_eq!(world.writes(), Vec::<String>::new());

    let folder = crate::support::folder();
    run(folder.path(), &["init", "claims=vbasoftware", "billingplatform", "superoffice", "twosms"]).ends_with(0);
    run(folder.path(), &["init", "twosms"]).ends_with(64);
    // All that is missing are the variables of the environment.
    let ran = run(folder.path(), &["check"]).ends_with(78);
    let errors: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("error:")).collect();
    assert!(errors.len() > 8 && errors.iter().all(|line| line.contains("environment variable")), "{}", ran.err);
}

#[test]
fn words_that_no_page_has_come_from_the_configuration() {
    let world = World::with_people(1);
    let config = |words: &str, accepted: &str| {
        format!(
            "[people]\nkey = \"number\"\n[instances.crm]\nvendor = \"billingplatform\"\nbase_url = \"http://127.0.0.1:9\"\n\
             accept_weak = [{accepted}]\n[instances.crm.map]\nuser_name = \"email\"\n[instances.crm.settings]\nuser = \"kim\"\n\
             password = {{ command = [\"printf\", \"secret\"] }}\n{words}"
        )
    };
    let disable = |words: &str, accepted: &str, code| {
        world.configure(&config(words, accepted));
        let ran = world.run(&["vendors"]).ends_with(code);
        let said = format!("{}{}", ran.out, ran.err);
        said.lines().find(|line| line.trim_start().starts_with("disable")).map_or(said.clone(), str::to_owned)
    };
    let both = "active_word = \"IN\"\ninactive_word = \"OUT\"\n";
    for (words, accepted, told) in
        [("", "", "by hand: look up the two words"), (both, "", "weak, not accepted"), (both, "\"disable\"", "by update")]
    {
        let said = disable(words, accepted, 0);
        assert!(said.contains(told), "{words}: {said}");
    }
    for wrong in ["active_word = \"IN\"\n", "active_word = \"IN\"\ninactive_word = \"in\"\n"] {
        let said = disable(wrong, "", 78);
        assert!(said.contains("are two different words"), "{said}");
    }
}
