//! Results by row of the file, as CSV.

use std::path::Path;

use crate::failure::Failure;
use crate::private;
use crate::report::{LEFT_OPEN, Report, outcome};

/// Writes one line for each person and instance.
pub(crate) fn write(path: &Path, reports: &[Report<'_>]) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let rows = rows(&mut out, reports).map_err(Failure::failed).and_then(|()| out.into_inner().map_err(Failure::failed))?;
    private::write(path, &rows).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))
}

fn rows(out: &mut csv::Writer<Vec<u8>>, reports: &[Report<'_>]) -> csv::Result<()> {
    out.write_record(["line", "key", "instance", "action", "outcome", "account", "words"])?;
    for report in reports {
        let plan = match report.plan {
            Ok(plan) => plan,
            Err(error) => {
                out.write_record(["", "", &report.opened.config.name, "", "failed", "", error])?;
                continue;
            }
        };
        let results = report.carried.map(|carried| carried.results.as_slice()).unwrap_or_default();
        for (place, step) in plan.steps.iter().enumerate() {
            let result = results.get(place);
            let account = result.and_then(|result| result.account.as_ref()).or(step.account.as_ref());
            let words = result.and_then(|result| result.words.as_ref()).unwrap_or(&step.why);
            let became = match (result, report.carried) {
                (Some(result), _) => outcome(result.outcome),
                (None, _) if plan.stop.is_some() => "stopped",
                (None, Some(_)) => LEFT_OPEN,
                (None, None) => "planned",
            };
            let line = step.line.map(|line| line.to_string()).unwrap_or_default();
            let (name, account) = (&report.opened.config.name, account.map(String::as_str).unwrap_or_default());
            out.write_record([&line, &step.key, name, step.action.name(), became, account, words])?;
        }
    }
    out.flush().map_err(csv::Error::from)
}
