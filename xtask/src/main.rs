//! The command line: one match, and what is printed where.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anstream::{eprint, eprintln};
use arguments::{Arguments, Command};
use clap::{CommandFactory as _, Parser as _};
use xtask::{
    dialect::Options,
    explain,
    failure::Failure,
    files,
    import::{Imported, carried, extract, import, summary},
    moves,
    new::{self, Known},
    output::{self, Format, Output},
    regen, update, vendor, view,
};

mod arguments;
mod terminal;

/// Trees of small values are made, changed and dropped all the time: a large vendor takes a third less time than with the
/// platform's own allocator. Its huge pages stay off (`no_thp`): a run that ends at once spends a third of its time on clearing
/// them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // An interrupted run leaves the old tree or the new one. Without a handler the next run repairs the tree.
    let _ = ctrlc::set_handler(|| files::exit_whole(130));
    let command = Arguments::parse().command;
    let (name, format) = command.told();
    let bar = terminal::bar();
    let result = run(&root(), command);
    bar.finish_and_clear();
    let (text, exit) = match result {
        Ok(output) => (output.render(format), output.exit),
        Err(failure) => {
            eprint!("{}", terminal::coloured(failure.to_string().trim_end()));
            (output::failed(name, &failure, format).unwrap_or_default(), 1)
        }
    };
    // A reader that has seen enough closes the pipe: that is no fault.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("cannot write to standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::from(exit),
    }
}

fn run(root: &Path, command: Command) -> Result<Output, Failure> {
    match command {
        Command::Regen { dump_model: Some(vendor), .. } => regen::model(root, &vendor).map(Output::text),
        Command::Regen { vendor, check, .. } => regen::regen(root, vendor.as_deref(), check),
        Command::Import { dialect, manifest, output, keep_going, findings, summary, format, pages } => {
            let (dialect, options) = match manifest {
                Some(path) => vendor::dialect_of(&path).map(|(dialect, options)| (Some(dialect), options))?,
                None => (dialect, Options::default()),
            };
            let imported = import(dialect, &options, &pages);
            let wanted = Wanted { output, keep_going, findings, summary, format: format.0 };
            written(&imported, &wanted)
        }
        Command::Extract { openapi: true, page } => carried(&page).map(|document| Output::text(regen::json(&document))),
        Command::Extract { openapi: false, page } => {
            let extracted = extract(&page)?;
            if let Some(source) = &extracted.better_source {
                eprintln!("{source}");
            }
            Ok(Output::text(extracted.text))
        }
        Command::New { name, dialect, title, url, server, pages } => {
            let known = Known { dialect, title, address: url, server };
            new::new(root, &name, &known, &pages)
        }
        Command::Remove { name } => moves::remove(root, &name),
        Command::Rename { old, new } => moves::rename(root, &old, &new),
        Command::Explain { vendor, what, .. } => explain::explain(root, &vendor, &what),
        Command::Update { vendor, document, new_file, write, .. } => update::update(root, &vendor, &document, &new_file, write),
        Command::View { vendor, output } => view::view(root, &vendor, output.as_deref()).map(Output::text),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "xtask", &mut script);
            Ok(Output::text(String::from_utf8_lossy(&script).into_owned()))
        }
    }
}

/// This many findings are shown.
const SHOWN_FINDINGS: usize = 20;

/// What is to become of imported pages.
struct Wanted {
    output: Option<PathBuf>,
    keep_going: bool,
    findings: Option<PathBuf>,
    summary: bool,
    format: Format,
}

/// What is said of imported pages; the document itself is it where it went to no file.
fn written(imported: &Imported, wanted: &Wanted) -> Result<Output, Failure> {
    let refused = !imported.refused.problems().is_empty();
    let json = imported.json(wanted.output.is_none() && wanted.format == Format::Json);
    let annotations = imported.annotations().collect();
    let (Some(value), true) = (&imported.value, wanted.keep_going || !refused) else {
        if wanted.format == Format::Text {
            return Err(imported.refused.clone());
        }
        return Ok(Output { json, annotations, exit: 1, ..Output::default() });
    };
    if wanted.format == Format::Text {
        tell(imported, wanted.findings.is_none());
    }
    if let Some(path) = &wanted.findings {
        files::put(path, &imported.told(false).map(|line| line + "\n").collect::<String>())?;
    }
    let document = regen::json(value);
    let summary = if wanted.summary { Some(summary(value)) } else { None };
    let text = match &wanted.output {
        Some(path) => {
            files::put(path, &document)?;
            summary.unwrap_or_default()
        }
        None => summary.unwrap_or(document),
    };
    Ok(Output { text, json, annotations, exit: 0 })
}

/// Tells a person on standard error what could not be read and how many pages were; with `findings` the first of these.
fn tell(imported: &Imported, findings: bool) {
    if !imported.refused.problems().is_empty() {
        eprint!("{}", terminal::coloured(imported.refused.to_string().trim_end()));
    }
    if findings {
        let mut told = imported.told(true);
        told.by_ref().take(SHOWN_FINDINGS).for_each(|line| eprintln!("{line}"));
        let more = told.count();
        if more > 0 {
            eprintln!("… and {more} more: `--findings FILE` writes all of them");
        }
    }
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (pages, findings) = (counted(imported.read, "page"), counted(imported.told_count(), "finding"));
    eprintln!("{pages} read, {} refused, {findings}", imported.unread);
}

/// The workspace: where cargo says that this package stands, one up.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}
