//! `export`: all users of instances, for other programs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use futures_util::StreamExt as _;
use serde_json::json;
use vendor_users::query::ListQuery;
use vendor_users::{Attribute, Directory, User, scim};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, note};
use crate::{query, session};

/// Writes users as CSV, JSON lines or SCIM, one after the other as they are read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  vendor-users export --as csv --output users.csv\n  vendor-users export -i claims --as scim")]
pub(crate) struct Arguments {
    /// The form; CSV where nothing is said, JSON lines with `--format json`.
    #[arg(long = "as", value_enum)]
    form: Option<Form>,
    /// The file; standard output where it is not given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A condition, as `list` has it.
    #[arg(long = "where", value_name = "CONDITION")]
    conditions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A header and a line for each user.
    Csv,
    /// One JSON object for each line, the vendor's own record included.
    Jsonl,
    /// One SCIM 2.0 user for each line (RFC 7643).
    Scim,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let query = query::conditions(&arguments.conditions)?;
    let configuration = Configuration::read(context)?;
    let instances = session::instances(&configuration, context)?;
    let write: Box<dyn Write + Send> = match &arguments.output {
        Some(path) => Box::new(File::create(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?),
        None => Box::new(std::io::stdout()),
    };
    let form = arguments.form.unwrap_or(if context.format == Format::Json { Form::Jsonl } else { Form::Csv });
    let mut writer = Writer { form, out: BufWriter::new(write), is_whole: true };
    let failed = |error: std::io::Error| Failure::failed(format!("the export cannot be written: {error}"));
    writer.begin().map_err(failed)?;
    let mut code = DONE;
    for instance in instances {
        let name = instance.config.name.clone();
        let (_, _, _, directory) = instance.connect().await;
        let written = match &directory {
            Ok(directory) => one(&mut writer, &name, &**directory, &query).await?,
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = written {
            note(&format!("error: {name}: {error}; what was written of it so far is not all"));
            code = FAILED;
        }
    }
    writer.out.flush().map_err(failed)?;
    Ok(if writer.is_whole { code } else { FAILED })
}

async fn one(
    writer: &mut Writer,
    name: &str,
    directory: &dyn Directory,
    query: &ListQuery,
) -> Result<Result<(), String>, Failure> {
    let mut users = directory.list();
    while let Some(user) = users.next().await {
        match user {
            Ok(user) if query.matches(&*user) => {
                let written = writer.user(name, &*user);
                written.map_err(|error| Failure::failed(format!("the export cannot be written: {error}")))?;
            }
            Ok(_) => {}
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    Ok(Ok(()))
}

struct Writer {
    form: Form,
    out: BufWriter<Box<dyn Write + Send>>,
    /// Whether nobody was left out.
    is_whole: bool,
}

impl Writer {
    fn begin(&mut self) -> std::io::Result<()> {
        if self.form != Form::Csv {
            return Ok(());
        }
        let heads = Attribute::ALL.iter().map(|attribute| attribute.name().to_owned());
        self.row(std::iter::once("instance".to_owned()).chain(heads))
    }

    fn user(&mut self, instance: &str, user: &dyn User) -> std::io::Result<()> {
        let json = match self.form {
            Form::Csv => {
                let cell = |attribute: &Attribute| user.attribute(*attribute).map(|value| value.to_string()).unwrap_or_default();
                return self.row(std::iter::once(instance.to_owned()).chain(Attribute::ALL.iter().map(cell)));
            }
            Form::Jsonl => json!({ "instance": instance, "user": user.to_json() }),
            Form::Scim => match scim::to_scim(user) {
                Ok(user) => serde_json::to_value(user)?,
                Err(error) => {
                    self.is_whole = false;
                    note(&format!("error: {instance}: {} is left out: {error}", user.id().unwrap_or_default()));
                    return Ok(());
                }
            },
        };
        serde_json::to_writer(&mut self.out, &json)?;
        self.out.write_all(b"\n")
    }

    fn row(&mut self, cells: impl Iterator<Item = String>) -> std::io::Result<()> {
        let mut row = csv::WriterBuilder::new().buffer_capacity(512).from_writer(&mut self.out);
        row.write_record(cells)?;
        row.flush()
    }
}
