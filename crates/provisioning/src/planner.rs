//! What is to be done at one instance, as a pure function.
//!
//! Takes what people are wished to be, the links of the store, the accounts that the vendor has, and the instance's rules; gives
//! a [`Plan`]. Sends nothing, reads no clock and no file, and knows no vendor.

mod account;
mod decide;
mod direct;
mod input;
mod limits;
mod matching;
mod plan;
mod rules;
mod wishes;

pub use account::{Account, is_administrator};
pub(crate) use direct::Linked;
pub use direct::{Change, Target, direct};
pub use input::{Input, Recent};
pub use limits::{exceeded, over};
pub(crate) use matching::folded;
pub use plan::{Action, Counts, Plan, Step, Stop, ValueChange};
pub use rules::Rules;
pub use wishes::{RowError, Wish, WishValue, Wishes};

/// Plans an instance.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeSet;
/// use provisioning::config::Config;
/// use provisioning::jiff::Timestamp;
/// use provisioning::people::People;
/// use provisioning::planner::{Action, Input, Recent, Rules, Wishes, plan};
/// use vendor_users::{Capabilities, Instance};
///
/// let text = "[people]\nkey = 'number'\n[instances.claims]\nvendor = 'x'\n[instances.claims.map]\nuser_name = 'email'\n";
/// let config = Config::parse("vendor-users.toml", text).map_err(|errors| errors[0].clone())?;
/// let capabilities = Capabilities::builder(Instance::new("x", "X")).carries(vendor_users::Attribute::UserName, "name").build();
/// let people = People::open("number,email\n1,kim@example.com\n".as_bytes(), &config.people, "2026-01-31")?;
/// let rules = Rules::new(&config.instances["claims"], &capabilities);
/// let wishes = Wishes::read(people, &rules);
/// let input = Input {
///     rules: &rules, wishes: &wishes, accounts: &[], unseen: &BTreeSet::new(), links: &[], recent: &Recent::default(), now: Timestamp::now(),
///     complete: false, adopt: false, delete: false, confirmed: true, only: None,
/// };
/// let plan = plan(&input);
/// // X documents no operation that creates users, so that a person has to do it.
/// assert_eq!(plan.steps[0].action, Action::ByHand);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn plan(input: &Input<'_>) -> Plan {
    let matched = matching::matched(input);
    let mut steps = decide::people(input, &matched);
    steps.extend(decide::absent(input));
    steps.sort_by(|a, b| (a.action.order(), &a.key).cmp(&(b.action.order(), &b.key)));
    let unmanaged = matched.unmanaged(input, &steps);
    let stop = limits::check(input, &steps);
    Plan { instance: input.rules.instance.clone(), steps, unmanaged, stop }
}
