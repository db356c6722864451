//! The command line: flags, and one match.

use std::{
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use xtask::{
    dialect::Dialect,
    explain,
    failure::Failure,
    files,
    import::{Imported, carried, extract, import, summary},
    regen, update, view,
};

/// Trees of small values are made, changed and dropped all the time: a large vendor takes a third less time than with the
/// platform's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// From the references that vendors publish to specifications, client crates and the facade.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reads specs/<vendor>/ and writes specifications, findings, client crates and the facade
    Regen {
        /// One vendor only
        vendor: Option<String>,
        /// Write nothing; show what differs and fail if anything does
        #[arg(long)]
        check: bool,
        /// Write nothing; print the typed model of this vendor's Rust as JSON
        #[arg(long, value_name = "VENDOR", conflicts_with_all = ["vendor", "check"])]
        dump_model: Option<String>,
    },
    /// Reads pages and writes one OpenAPI document, without a manifest
    Import {
        /// How the pages are written; without it, each is recognised by its own marks
        #[arg(long, value_parser = dialect)]
        dialect: Option<Dialect>,
        /// Where to write the document instead of standard output
        #[arg(long)]
        output: Option<PathBuf>,
        /// Write what the readable pages say, and list the others
        #[arg(long)]
        keep_going: bool,
        /// Where to write all findings, a line each; without it, the first of them are shown
        #[arg(long, value_name = "FILE")]
        findings: Option<PathBuf>,
        /// Print operations and types instead of the document
        #[arg(long)]
        summary: bool,
        /// The pages
        #[arg(required = true, value_name = "PAGE")]
        pages: Vec<PathBuf>,
    },
    /// Prints the text that a page is read as; for a page saved as HTML, what its structure says
    Extract {
        /// Print the OpenAPI document that the page carries within its script, instead of its text
        #[arg(long)]
        openapi: bool,
        /// The page
        page: PathBuf,
    },
    /// Tells where something of a specification comes from, what changed it, and which Rust it became
    Explain {
        /// Whose specification
        vendor: String,
        /// `User.email`, `User`, `UpdateUser`, `PUT /users/{id}`, `UpdateUser.id`, a JSON pointer (`#/…`), or a Rust path:
        /// `Client::get_user`, `types::User::email`, `User::email` for the attribute of the facade
        what: String,
    },
    /// Tells what a newer version of a document changes, down to Rust, and whether that breaks callers
    Update {
        /// Whose document
        vendor: String,
        /// Its name in specs/<vendor>/docs/
        document: String,
        /// The newer version
        new_file: PathBuf,
        /// Take it: the document, its digest, and all that is made of it
        #[arg(long)]
        write: bool,
    },
    /// Writes a page that shows the documents beside the specification and the Rust that came of them
    View {
        /// Whose documents
        vendor: String,
        /// Where to write the page instead of target/view/<vendor>.html
        #[arg(long)]
        output: Option<PathBuf>,
    },
}

fn dialect(name: &str) -> Result<Dialect, String> {
    let known = Dialect::ALL.map(Dialect::name).join(", ");
    Dialect::ALL.into_iter().find(|dialect| dialect.name() == name).ok_or_else(|| format!("known are: {known}"))
}

fn main() -> ExitCode {
    // Whoever interrupts a run finds the old tree or the new one. Without a handler the next run repairs it.
    let _ = ctrlc::set_handler(|| files::exit_whole(130));
    match run(&root(), Arguments::parse().command) {
        Ok(text) => {
            // A reader that has seen enough closes the pipe: that is no fault.
            match std::io::stdout().write_all(text.as_bytes()) {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    eprintln!("cannot write to standard output: {error}");
                    ExitCode::FAILURE
                }
                _ => ExitCode::SUCCESS,
            }
        }
        Err(failure) => {
            eprintln!("{}", failure.to_string().trim_end());
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, command: Command) -> Result<String, Failure> {
    match command {
        Command::Regen { dump_model: Some(vendor), .. } => regen::model(root, &vendor),
        Command::Regen { vendor, check, .. } => regen::regen(root, vendor.as_deref(), check),
        Command::Import { dialect, output, keep_going, findings, summary, pages } => {
            let imported = import(dialect, &pages, progress(pages.len()));
            written(&imported, &Wanted { output, keep_going, findings, summary })
        }
        Command::Extract { openapi: true, page } => carried(&page).map(|document| regen::json(&document)),
        Command::Extract { openapi: false, page } => {
            let extracted = extract(&page)?;
            if let Some(source) = &extracted.better_source {
                eprintln!("{source}");
            }
            Ok(extracted.text)
        }
        Command::Explain { vendor, what } => explain::explain(root, &vendor, &what),
        Command::Update { vendor, document, new_file, write } => update::update(root, &vendor, &document, &new_file, write),
        Command::View { vendor, output } => view::view(root, &vendor, output.as_deref()),
    }
}

/// So many findings are shown.
const SHOWN_FINDINGS: usize = 20;

/// From so many pages on, it takes long enough to say what is done.
const MANY_PAGES: usize = 100;

/// Tells a person what is done next; a file or a pipe is told nothing.
fn progress(pages: usize) -> impl Fn(&str) {
    let shown = pages >= MANY_PAGES && std::io::stderr().is_terminal();
    move |what| {
        if shown {
            eprintln!("{what} …");
        }
    }
}

/// What is to become of imported pages.
struct Wanted {
    output: Option<PathBuf>,
    keep_going: bool,
    findings: Option<PathBuf>,
    summary: bool,
}

/// The text for standard output; an empty one where the document went to a file.
fn written(imported: &Imported, wanted: &Wanted) -> Result<String, Failure> {
    let refused = !imported.refused.problems().is_empty();
    let (Some(value), true) = (&imported.value, wanted.keep_going || !refused) else { return Err(imported.refused.clone()) };
    if refused {
        eprintln!("{}", imported.refused.to_string().trim_end());
    }
    let mut told = imported.told();
    match &wanted.findings {
        Some(path) => files::put(path, &told.map(|line| line + "\n").collect::<String>())?,
        None => {
            told.by_ref().take(SHOWN_FINDINGS).for_each(|line| eprintln!("{line}"));
            let more = told.count();
            if more > 0 {
                eprintln!("… and {more} more: `--findings FILE` writes all of them");
            }
        }
    }
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (pages, findings) = (counted(imported.read, "page"), counted(imported.findings.len(), "finding"));
    eprintln!("{pages} read, {} refused, {findings}", imported.unread);
    let text = regen::json(value);
    let summary = if wanted.summary { Some(summary(value)) } else { None };
    let Some(path) = &wanted.output else { return Ok(summary.unwrap_or(text)) };
    files::put(path, &text)?;
    Ok(summary.unwrap_or_default())
}

/// The workspace: where cargo says that this package stands, one up.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}
