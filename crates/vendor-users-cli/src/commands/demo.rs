//! `demo`: emulators of all vendors, a configuration and twenty people, to try everything without credentials.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::connect::{Emulated, VENDORS, Vendor};
use crate::context::Context;
use crate::failure::{DONE, Failure};
use crate::output::say;
use crate::{private, written};

mod scim;

/// Starts emulators of all vendors on free ports, and writes a configuration and twenty people into a folder.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users demo\n  vendor-users demo --folder trial --for 600\n  vendor-users demo --scim"
)]
pub(crate) struct Arguments {
    /// The folder, which must be new or empty.
    #[arg(long, default_value = "vendor-users-demo")]
    folder: PathBuf,
    /// End after so many seconds; else it runs until it is ended, as by Ctrl-C.
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Serve SCIM as well, and say what to type to speak it.
    #[arg(long)]
    scim: bool,
}

const PEOPLE: &str = include_str!("demo/people.csv");
const HEAD: &str = include_str!("demo/head.toml");

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let folder = &arguments.folder;
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", folder.display()));
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(format!("{} is not empty; `--folder` names another", folder.display())));
    }
    std::fs::create_dir_all(folder.join("secrets")).map_err(failed)?;
    let mut running = Vec::new();
    let mut configuration = HEAD.to_owned();
    for vendor in VENDORS {
        let emulated =
            (vendor.emulate)().await.map_err(|error| Failure::failed(format!("an emulator cannot be started: {error}")))?;
        configuration += &instance(vendor, &emulated, folder).map_err(failed)?;
        running.push(emulated.running);
    }
    std::fs::write(folder.join("people.csv"), PEOPLE).map_err(failed)?;
    // Whoever waits for the configuration finds all else there already.
    private::write(&folder.join("vendor-users.toml"), configuration.as_bytes()).map_err(failed)?;
    say(&told(folder));
    if arguments.scim {
        say(&scim::start(context, folder).await?);
    }
    let over = async {
        match arguments.seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = over => {}
        _ = crate::ending::ended() => {}
    }
    drop(running);
    Ok(DONE)
}

fn instance(vendor: &Vendor, emulated: &Emulated, folder: &Path) -> std::io::Result<String> {
    let name = vendor.name();
    let mut settings = Vec::new();
    for setting in vendor.settings {
        let Some((_, value)) = emulated.settings.iter().find(|(given, _)| *given == setting.name) else { continue };
        let source = if setting.is_secret {
            let file = format!("secrets/{name}.{}", setting.name);
            private::write(&folder.join(&file), format!("{value}\n").as_bytes())?;
            format!("{{ file = \"{file}\" }}")
        } else {
            format!("\"{value}\"")
        };
        settings.push((setting, source));
    }
    Ok(written::instance(vendor, name, Some(&emulated.base_url), &settings, "number", true))
}

/// What to type, word for word as the README has it.
fn told(folder: &Path) -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| "vendor-users".into());
    let (folder, program) = (quoted(folder), quoted(&program));
    format!(
        "Emulators of all vendors are running. In another terminal, where `vendor-users` is {program}:\n\n  cd {folder}\n  \
         vendor-users check\n  vendor-users plan people.csv # exit code 2\n  vendor-users apply people.csv --adopt --yes\n  \
         vendor-users apply people.csv --adopt --yes\n\nPress Ctrl-C here to end them.\n"
    )
}

/// A path as it is typed in a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |char: char| char.is_alphanumeric() || "/._-".contains(char) || (cfg!(windows) && "\\:".contains(char));
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
