//! Measures the program with many people: `load PROGRAM PEOPLE` prints time, memory and requests for each step. The vendor is an
//! emulator in this process, without rate limits.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use vendor_users::testing::Emulator;
use vendor_users::testing::vbasoftware::{self as emulator, Vba};

const CONFIG: &str = "[people]\nkey = \"number\"\ncomplete = true\n[instances.x]\nvendor = \"vbasoftware\"\nrate_limit = \
                      \"none\"\nbase_url = \"URL\"\n[instances.x.settings]\napi_key = { env = \"LOAD_KEY\" }\ndatabase = \
                      \"emulator\"\nuser = \"admin\"\npassword = { env = \"LOAD_PASSWORD\" }\nclient_id = \
                      \"emulator-client\"\nclient_code = { env = \"LOAD_CODE\" }\n[instances.x.defaults]\naccount_Locked = \
                      false\nadministrator = false\naudit_User = false\niD_Card_Notification = false\nis_SSO_User = \
                      false\nmfA_Enabled = false\nnav_ID_Underline = false\nsingle_Use_Account = \
                      false\nuse_Windows_Authentication = false\nvbA_Password_Reset = false\nvbA_User = \
                      false\n[instances.x.map]\nuser_name = \"email | before('@')\"\ndisplay_name = \"name\"\nemail = \
                      \"email\"\ntitle = \"title\"\n";

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let program = words.next().ok_or("the program is missing")?;
    let people: usize = words.next().ok_or("the number of people is missing")?.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let server = runtime.block_on(emulator::start())?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("vendor-users.toml"), CONFIG.replace("URL", &server.url()))?;
    let file = |title: &str| {
        let mut text = "number,name,email,title\n".to_owned();
        for n in 0..people {
            let _ = writeln!(text, "{n},Person {n},p{n}@example.com,{}", if n % 20 == 0 { title } else { "Clerk" });
        }
        std::fs::write(folder.path().join("people.csv"), text)
    };
    file("Clerk")?;
    println!("{people} people");
    measure(&program, folder.path(), &server, people, "plan, all new", &["plan", "people.csv"])?;
    measure(&program, folder.path(), &server, people, "apply, all new", &["apply", "people.csv", "--yes"])?;
    measure(&program, folder.path(), &server, people, "apply again", &["apply", "people.csv", "--yes"])?;
    file("Manager")?;
    measure(&program, folder.path(), &server, people, "apply, 5 % move", &["apply", "people.csv", "--yes"])
}

fn measure(
    program: &str,
    folder: &Path,
    server: &Emulator<Vba>,
    people: usize,
    what: &str,
    words: &[&str],
) -> Result<(), Box<dyn Error>> {
    server.forget();
    let start = Instant::now();
    let mut command = Command::new(program);
    command.args(words).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    command.env("LOAD_KEY", emulator::KEY).env("LOAD_PASSWORD", emulator::LOGIN.1).env("LOAD_CODE", emulator::CLIENT.1);
    let mut child = command.spawn()?;
    let (mut memory, mut requests) = (0, 0);
    let code = loop {
        if let Some(status) = child.try_wait()? {
            break status.code();
        }
        memory = memory.max(peak(&child));
        // What was exchanged is forgotten now and then, so that this process stays small.
        requests += server.exchanges().len();
        server.forget();
        std::thread::sleep(Duration::from_millis(100));
    };
    requests += server.exchanges().len();
    let (seconds, share) = (start.elapsed().as_secs_f64(), requests as f64 / people as f64);
    println!("  {what}: {seconds:.1} s, {} MiB at most, {share:.2} requests per person, exit code {code:?}", memory / 1024);
    Ok(())
}

/// The most memory that a process had so far, in KiB; 0 where the system does not say.
fn peak(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
