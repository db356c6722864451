//! Plans that are kept in a file until somebody has looked at them.
//!
//! Takes plans and gives text, and the other way round. A saved plan holds no secret, says which configuration it was made
//! with, and is refused once it is old. Touches no file.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::planner::Plan;
use crate::snapshot::SKEW;

/// The form of the file.
const FORMAT: u32 = 1;

/// Plans with what they were made from.
///
/// # Examples
///
/// ```
/// use provisioning::config::Config;
/// use provisioning::jiff::{SignedDuration, Timestamp};
/// use provisioning::saved::SavedPlan;
///
/// let text = "[people]\nkey = 'number'\n[instances.claims]\nvendor = 'x'\n";
/// let config = Config::parse("vendor-users.toml", text).map_err(|errors| errors[0].clone())?;
/// let now = Timestamp::from_second(1_760_000_000)?;
/// let saved = SavedPlan::new(&config, Vec::new(), now);
/// let read = SavedPlan::parse(&saved.to_text()?)?;
/// assert_eq!(read.check(&config, now), Ok(()));
/// assert!(read.check(&config, now + SignedDuration::from_hours(25)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// The form of the file.
    format: u32,
    /// When it was made.
    pub made: Timestamp,
    /// The configuration that it was made with.
    configuration: String,
    /// The plans, one for each instance.
    pub plans: Vec<Plan>,
    /// The tenants that the plans are for, by instance.
    pub tenants: BTreeMap<String, String>,
    /// Whether the plans are for everybody in the file.
    pub whole: bool,
}

impl SavedPlan {
    /// Keeps plans that were made with this configuration.
    #[must_use]
    pub fn new(config: &Config, plans: Vec<Plan>, now: Timestamp) -> Self {
        let configuration = config.digest.clone();
        Self { format: FORMAT, made: now, configuration, plans, tenants: BTreeMap::new(), whole: false }
    }

    /// Reads a saved plan.
    ///
    /// # Errors
    ///
    /// The text is no saved plan, or one of another version.
    pub fn parse(text: &str) -> Result<Self, String> {
        let plan: Self = serde_json::from_str(text).map_err(|error| format!("it is no saved plan: {error}"))?;
        if plan.format == FORMAT {
            Ok(plan)
        } else {
            Err(format!("it is of form {}, and this version reads {FORMAT}", plan.format))
        }
    }

    /// Returns the text of the file.
    ///
    /// # Errors
    ///
    /// Never as far as is known; what JSON cannot say would be one.
    pub fn to_text(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    /// Returns whether the plan may still be applied with this configuration.
    ///
    /// # Errors
    ///
    /// The configuration was changed since, the plan is too old, or its time lies ahead.
    pub fn check(&self, config: &Config, now: Timestamp) -> Result<(), String> {
        if self.configuration != config.digest {
            return Err("the configuration was changed since the plan was made; plan again".to_owned());
        }
        let age = now.duration_since(self.made);
        if age < -SKEW {
            let words = format!(
                "the plan was made at {}, which lies ahead of this machine's clock ({now}); look at the clock",
                self.made
            );
            return Err(words);
        }
        let allowed = SignedDuration::from_hours(i64::try_from(config.plan_age_hours).unwrap_or(i64::MAX / 3600));
        if age > allowed {
            let hours = config.plan_age_hours;
            return Err(format!(
                "the plan was made at {} and is older than `plan_age_hours = {hours}` allows; plan again",
                self.made
            ));
        }
        Ok(())
    }
}
