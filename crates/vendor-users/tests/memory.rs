//! Memory does not grow with the number of users where the vendor lists them in pages: a process of its own reads its peak, and
//! the emulator stands in the one that started it.

use std::error::Error as StdError;
use std::process::Command;

use futures_util::TryStreamExt as _;
use vendor_users::client_core::serde_json::{self, json};
use vendor_users::testing::{self, Emulator, Vendor};
use vendor_users::{Batch, By, Directory, Effect, MatchKey, UserDraft, adapter};

use crate::support::required;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const FEW: usize = 1_000;
const MANY: usize = 10_000;
const KEYS: &[MatchKey] = &[MatchKey::UserName];

/// What the process that measures is told: the vendor, what to do, how many users there are, and where.
const TOLD: &str = "VENDOR_USERS_MEMORY";

/// The most that ten times as many users may add to the peak, in KiB: a page, and what the allocator keeps.
const FLAT: usize = 4 * 1024;

/// The most that a user may add where all drafts are ensured at once, in bytes: its draft, its record and its outcome, at most
/// 4,000 bytes as measured, and what the allocator keeps.
const EACH: usize = 5 * 1024;

fn name(number: usize) -> String {
    format!("user{number}")
}

fn draft(number: usize) -> UserDraft {
    UserDraft::builder().user_name(name(number)).email(format!("{}@example.com", name(number))).build()
}

/// The peak of this process in KiB, as the kernel counts it.
fn peak() -> Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak is told")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

async fn connected(vendor: &str, url: &str) -> Result<Box<dyn Directory>> {
    Ok(match vendor {
        "vbasoftware" => {
            let settings = testing::vbasoftware::settings(url).defaults(serde_json::from_value(required::vba("nobody"))?);
            Box::new(adapter::vbasoftware::connect_with(settings, |builder| builder.rate_limit(None)).await?)
        }
        "billingplatform" => {
            let settings = testing::billingplatform::settings(url).accept_weak(["get", "list", "find"]);
            Box::new(adapter::billingplatform::connect_with(settings, |builder| builder.rate_limit(None)).await?)
        }
        "superoffice" => Box::new(adapter::superoffice::connect(testing::superoffice::settings(url)).await?),
        other => return Err(other.into()),
    })
}

#[test]
#[ignore = "the process that the tests here start"]
fn measured() -> Result<()> {
    let Ok(told) = std::env::var(TOLD) else { return Ok(()) };
    let [vendor, what, count, url] = told.splitn(4, ' ').collect::<Vec<_>>().try_into().map_err(|_| "four words")?;
    let count: usize = count.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let users = connected(vendor, url).await?;
        match what {
            "list" => {
                let counted = users.list().try_fold(0, |counted, _| std::future::ready(Ok(counted + 1))).await?;
                // Whoever is signed in may be one of them.
                assert!((count..=count + 1).contains(&counted), "{counted} of {count}");
            }
            // One whom only the list finds, to its end: nobody has this name.
            "find" => assert!(users.find(By::Email("nobody@example.com")).await?.is_complete()),
            "ensure" => {
                let drafts: Vec<UserDraft> = (0..count).map(draft).collect();
                let outcomes = users.ensure_all(&drafts, KEYS, &Batch::new()).await?;
                let unchanged = outcomes.iter().flatten().filter(|outcome| outcome.effect == Effect::Unchanged).count();
                assert_eq!(unchanged, count);
            }
            other => return Err(other.into()),
        }
        Ok::<_, Box<dyn std::error::Error>>(())
    })?;
    println!("peak={}", peak()?);
    Ok(())
}

/// The peak of a process that does this at the emulator.
fn peak_of(vendor: &str, what: &str, count: usize, url: &str) -> Result<usize> {
    let mut child = Command::new(std::env::current_exe()?);
    child.args(["--exact", "memory::measured", "--ignored", "--nocapture"]).env(TOLD, format!("{vendor} {what} {count} {url}"));
    let output = child.output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let peak = said.split("peak=").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    peak.ok_or_else(|| format!("{vendor}, {what}: {said}{}", String::from_utf8_lossy(&output.stderr)).into())
}

async fn is_flat<V: Vendor>(vendor: &'static str, server: Emulator<V>, put: impl Fn(&mut V, usize)) -> Result<()> {
    let mut peaks = Vec::new();
    for (from, count) in [(0, FEW), (FEW, MANY)] {
        server.with(|emulated| (from..count).for_each(|number| put(emulated, number)));
        let url = server.url();
        let measure = move || {
            let of = |what| peak_of(vendor, what, count, &url).map_err(|error| error.to_string());
            Ok::<_, String>([of("list")?, of("find")?, of("ensure")?])
        };
        peaks.push(tokio::task::spawn_blocking(measure).await??);
    }
    let [few, many] = peaks.as_slice() else { return Err("two measurements".into()) };
    let grown: Vec<usize> = many.iter().zip(few).map(|(many, few)| many.saturating_sub(*few)).collect();
    println!("{vendor}: KiB at {FEW}: {few:?}, at {MANY}: {many:?}");
    let each = EACH * (MANY - FEW) / 1024;
    assert!(grown[0] <= FLAT && grown[1] <= FLAT && grown[2] <= each, "{vendor}: {few:?} {many:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_in_pages_are_read_in_the_memory_of_a_page() -> Result<()> {
    is_flat("vbasoftware", testing::vbasoftware::start().await?, |vendor, number| {
        vendor.users.put(required::vba(&name(number)));
    })
    .await?;
    is_flat("billingplatform", testing::billingplatform::start().await?, |vendor, number| {
        vendor.users.put(json!({
            "Id": (number + 1).to_string(), "Username": name(number), "Email": format!("{}@example.com", name(number)),
            "RoleId": 1, "LanguageCode": 1, "TimeZoneId": 1,
        }));
    })
    .await?;
    is_flat("superoffice", testing::superoffice::start().await?, |vendor, number| {
        let (id, email) = (number + 1, format!("{}@example.com", name(number)));
        vendor
            .persons
            .put(json!({ "PersonId": id, "Lastname": "Lee", "Emails": [{ "Value": email }], "Contact": { "ContactId": 2 } }));
        vendor.users.put(json!({
            "AssociateId": id, "UserName": name(number), "Name": name(number), "Deleted": false, "Person": { "PersonId": id },
        }));
    })
    .await
}
