//! The words of the command line: commands, flags, and what `--help` says of them.
//!
//! Input: the words of the command line. Output: the same as data, checked. Knows nothing of how a command is carried out.

use std::path::PathBuf;

use clap::{Parser, Subcommand, builder::PossibleValue};
use clap_complete::Shell;
use xtask::{dialect::Dialect, output::Format};

/// From the references that vendors publish to specifications, client crates and the facade.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask regen                                    make everything anew
  cargo xtask new harbour pages/*.md                   one more vendor, from its pages
  cargo xtask import --summary page.md                 see whether a page is read, and as what
  cargo xtask explain harbour User.email               where a property comes from and what became of it
  cargo xtask update harbour user.txt new.txt          what a newer page changes for callers

Colours follow the terminal, NO_COLOR and CLICOLOR_FORCE. `cargo xtask COMMAND --help` has more of each command.";

const REGEN: &str = "\
Examples:
  cargo xtask regen                       all vendors
  cargo xtask regen harbour               one of them; of the others only what is committed is read
  cargo xtask regen --check               for CI: writes nothing
  cargo xtask regen --check --format github

Exit codes: 0 everything is as it should be, 1 something is wrong or, with --check, differs, 2 the command line is wrong.";

const IMPORT: &str = "\
Examples:
  cargo xtask import --summary pages/*.md
  cargo xtask import --keep-going --output api.json --findings findings.txt pages/*.txt
  cargo xtask import --format json --output api.json pages/*.md

Exit codes: 0 all pages are read or, with --keep-going, some, 1 a page is refused, 2 the command line is wrong.";

const EXTRACT: &str = "\
Examples:
  cargo xtask extract page.html > specs/harbour/docs/page.txt
  cargo xtask extract --openapi page.html > api.json

Exit codes: 0 the text is printed, 1 the page is of no kind that is read, 2 the command line is wrong.";

const UPDATE: &str = "\
Examples:
  cargo xtask update harbour user.txt ~/Downloads/user.txt
  cargo xtask update harbour user.txt ~/Downloads/user.txt --format json
  cargo xtask update harbour user.txt ~/Downloads/user.txt --write

Exit codes:
  0  nothing changes for callers; or, with --write, the document was taken
  1  an error: a file cannot be read, the page is not understood
  2  the command line is wrong
  3  minor: callers can do more
  4  major: some caller's code or call no longer works
  5  patch: other words only
  6  corrections or entries of the manifest no longer fit and must be mended first; with --write, nothing was written";

const EXPLAIN: &str = "\
Examples:
  cargo xtask explain harbour User.email
  cargo xtask explain harbour 'PUT /api/admin/users/{id}'
  cargo xtask explain harbour /components/schemas/User
  cargo xtask explain harbour Client::get_user --format json

Exit codes: 0 it is told, 1 nothing is called so or the vendor cannot be read, 2 the command line is wrong.";

const VIEW: &str = "\
Examples:
  cargo xtask view harbour                          target/view/harbour.html
  cargo xtask view harbour --output harbour.html

Exit codes: 0 the page is written, 1 the vendor cannot be read, 2 the command line is wrong.";

const NEW: &str = "\
Examples:
  cargo xtask new harbour ~/pages/*.md
  cargo xtask new harbour --url https://harbour.example/api --server https://api.harbour.example ~/pages/*.md
  cargo xtask new harbour --dialect redoc-page page.html

Writes specs/NAME/ with the pages, a manifest in which every guess says why, and a changelog; then says what to fill in and
what to look at. Exit codes: 0 it was written, 1 something is wrong and nothing was written, 2 the command line is wrong.";

const REMOVE: &str = "\
Examples:
  cargo xtask remove harbour

What a run made is removed and listed; what a person wrote (the manifest, the pages, overlays, the changelog) is moved to
.regen/removed/. Exit codes: 0 it is gone, 1 something stands in the way and nothing was changed, 2 the command line is wrong.";

const RENAME: &str = "\
Examples:
  cargo xtask rename harbour harbour-office

Exit codes: 0 it has its new name, 1 something stands in the way and nothing was changed, 2 the command line is wrong.";

const COMPLETIONS: &str = "\
Examples:
  cargo xtask completions bash > xtask.bash    and `source xtask.bash` where the shell starts

The shell completes for a command called `xtask`: put `alias xtask='cargo xtask'` beside it.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Reads specs/<vendor>/ and writes specifications, findings, client crates and the facade
    #[command(after_help = REGEN)]
    Regen {
        /// One vendor only
        vendor: Option<String>,
        /// Write nothing; show what differs and fail if anything does
        #[arg(long)]
        check: bool,
        /// Write nothing; print the typed model of this vendor's Rust as JSON
        #[arg(long, value_name = "VENDOR", conflicts_with_all = ["vendor", "check", "format"])]
        dump_model: Option<String>,
        /// The form of what is printed
        #[arg(long, value_enum, default_value_t)]
        format: Form,
    },
    /// Reads pages and writes one OpenAPI document, without a manifest
    #[command(after_help = IMPORT)]
    Import {
        /// How the pages are written; without it, each is recognised by its own marks
        #[arg(long, value_parser = dialect)]
        dialect: Option<Dialect>,
        /// A vendor's manifest: what it says in `dialect` goes for these pages too
        #[arg(long, value_name = "FILE", conflicts_with = "dialect")]
        manifest: Option<PathBuf>,
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
        /// The form of what is printed; in JSON the document is a part, unless it is written to a file
        #[arg(long, value_enum, default_value_t)]
        format: Form,
        /// The pages
        #[arg(required = true, value_name = "PAGE")]
        pages: Vec<PathBuf>,
    },
    /// Prints the text that a page is read as; for a page saved as HTML, what its structure says
    #[command(after_help = EXTRACT)]
    Extract {
        /// Print the OpenAPI document that the page carries within its script, instead of its text
        #[arg(long)]
        openapi: bool,
        /// The page
        page: PathBuf,
    },
    /// Makes the folder of one more vendor from its pages
    #[command(after_help = NEW)]
    New {
        /// What the folder and the crate are to be called
        name: String,
        /// How the pages are written; without it, they are recognised by their own marks
        #[arg(long, value_parser = dialect)]
        dialect: Option<Dialect>,
        /// What people call the vendor
        #[arg(long)]
        title: Option<String>,
        /// Where the vendor publishes the pages
        #[arg(long)]
        url: Option<String>,
        /// Where the API is served
        #[arg(long)]
        server: Option<String>,
        /// The pages
        #[arg(required = true, value_name = "PAGE")]
        pages: Vec<PathBuf>,
    },
    /// Removes what was made of a vendor, and puts aside what people wrote for it
    #[command(after_help = REMOVE)]
    Remove {
        /// The vendor
        name: String,
    },
    /// Gives a vendor another name, with its crate and its feature
    #[command(after_help = RENAME)]
    Rename {
        /// The vendor
        old: String,
        /// The name that it is to have
        new: String,
    },
    /// Tells where something of a specification comes from, what changed it, and which Rust it became
    #[command(after_help = EXPLAIN)]
    Explain {
        /// Whose specification
        vendor: String,
        /// `User.email`, `User`, `UpdateUser`, `PUT /users/{id}`, `UpdateUser.id`, a JSON pointer (`#/…`), or a Rust path:
        /// `Client::get_user`, `types::User::email`, `User::email` for the attribute of the facade
        what: String,
        /// The form of what is printed
        #[arg(long, value_enum, default_value_t)]
        format: Form,
    },
    /// Tells what a newer version of a document changes, down to Rust, and whether that breaks callers
    #[command(after_help = UPDATE)]
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
        /// The form of what is printed
        #[arg(long, value_enum, default_value_t)]
        format: Form,
    },
    /// Writes a page that shows the documents beside the specification and the Rust that came of them
    #[command(after_help = VIEW)]
    View {
        /// Whose documents
        vendor: String,
        /// Where to write the page instead of target/view/<vendor>.html
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Prints a script that completes commands and flags in a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// Whose script
        shell: Shell,
    },
}

impl Command {
    /// The command's name and the form that was asked for.
    pub(crate) fn told(&self) -> (&'static str, Format) {
        match self {
            Self::Regen { format, .. } => ("regen", format.0),
            Self::Import { format, .. } => ("import", format.0),
            Self::Extract { .. } => ("extract", Format::Text),
            Self::New { .. } => ("new", Format::Text),
            Self::Remove { .. } => ("remove", Format::Text),
            Self::Rename { .. } => ("rename", Format::Text),
            Self::Explain { format, .. } => ("explain", format.0),
            Self::Update { format, .. } => ("update", format.0),
            Self::View { .. } => ("view", Format::Text),
            Self::Completions { .. } => ("completions", Format::Text),
        }
    }
}

/// [`Format`] as a value of a flag.
#[derive(Clone, Copy, Default)]
pub(crate) struct Form(pub(crate) Format);

impl clap::ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Form; 3] = [Form(Format::Text), Form(Format::Json), Form(Format::Github)];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self.0 {
            Format::Text => "for people",
            Format::Json => "one object, described by a schema in xtask/schemas/",
            Format::Github => "annotations of GitHub Actions",
        };
        Some(PossibleValue::new(self.0.name()).help(help))
    }
}

fn dialect(name: &str) -> Result<Dialect, String> {
    let known = Dialect::ALL.map(Dialect::name).join(", ");
    Dialect::ALL.into_iter().find(|dialect| dialect.name() == name).ok_or_else(|| format!("known are: {known}"))
}
