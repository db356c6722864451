//! A date and time as the vendor wrote it: zone, digits and all.
//!
//! Input: any text where a timestamp is documented. Output: the same text. It is parsed on demand, by plain arithmetic.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// A timestamp, verbatim. Reading keeps whatever text came; [`FromStr`] takes RFC 3339 only.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// Keeps the text as it is, whether it is RFC 3339 or not: some vendors leave the zone out.
    pub fn verbatim(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// Returns the text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the text is an RFC 3339 date-time.
    pub fn is_rfc3339(&self) -> bool {
        parse(&self.0).is_some()
    }

    /// Seconds since 1970-01-01T00:00:00Z, if the text is RFC 3339.
    pub fn unix_seconds(&self) -> Option<i64> {
        parse(&self.0).map(|moment| moment.seconds)
    }

    /// Returns the part of a second, in nanoseconds, if the text is RFC 3339. Digits beyond the ninth are dropped here, not in
    /// the text.
    pub fn subsecond_nanos(&self) -> Option<u32> {
        parse(&self.0).map(|moment| moment.nanos)
    }

    /// Returns the offset from UTC in minutes, if the text is RFC 3339.
    pub fn offset_minutes(&self) -> Option<i32> {
        parse(&self.0).map(|moment| moment.offset)
    }

    /// Returns the moment, if the text is RFC 3339 and the platform's clock reaches so far.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let moment = parse(&self.0)?;
        let whole = Duration::from_secs(moment.seconds.unsigned_abs());
        let second = if moment.seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        };
        second?.checked_add(Duration::from_nanos(u64::from(moment.nanos)))
    }
}

struct Moment {
    seconds: i64,
    nanos: u32,
    offset: i32,
}

/// RFC 3339, section 5.6: `2024-03-28T08:12:49.3595132+00:00`.
fn parse(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let (separator, time) = rest.split_at_checked(1)?;
    matches!(separator, "T" | "t" | " ").then_some(())?;
    let (year, month, day) = triple(date, '-', 4)?;
    let (clock, rest) = time.split_at_checked(8)?;
    let (hour, minute, second) = triple(clock, ':', 2)?;
    let (nanos, zone) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|digit: char| !digit.is_ascii_digit())?;
            let (digits, zone) = rest.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?;
            let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
            (nine.parse().ok()?, zone)
        }
        None => (0, rest),
    };
    let offset = offset(zone)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    // A leap second is written as :60.
    ((1..=days_in_month).contains(&day) && hour <= 23 && minute <= 59 && second <= 60).then_some(())?;
    let of_day = hour * 3600 + minute * 60 + second;
    let seconds = days_since_1970(year, month, day) * 86_400 + of_day - i64::from(offset) * 60;
    Some(Moment { seconds, nanos, offset })
}

fn triple(text: &str, separator: char, first: usize) -> Option<(i64, i64, i64)> {
    let mut parts = text.split(separator);
    let mut next = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let found = (next(first)?, next(2)?, next(2)?);
    parts.next().is_none().then_some(found)
}

fn offset(zone: &str) -> Option<i32> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, clock) = zone.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    let digits = clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
    (digits && hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in eras of 400 years that start on 1 March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

impl From<SystemTime> for Timestamp {
    /// The moment in UTC, to the nanosecond where it has any.
    fn from(time: SystemTime) -> Self {
        let (mut seconds, nanos) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => (i64::try_from(after.as_secs()).unwrap_or(i64::MAX), after.subsec_nanos()),
            Err(before) => {
                let before = before.duration();
                let borrow = i64::from(before.subsec_nanos() > 0);
                let seconds = -i64::try_from(before.as_secs()).unwrap_or(i64::MAX) - borrow;
                (seconds, (1_000_000_000 - before.subsec_nanos()) % 1_000_000_000)
            }
        };
        let days = seconds.div_euclid(86_400);
        seconds = seconds.rem_euclid(86_400);
        let (year, month, day) = date_of(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if nanos > 0 {
            text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
        }
        text.push('Z');
        Self(text.into())
    }
}

/// The text is not an RFC 3339 date-time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATimestamp(());

impl fmt::Display for NotATimestamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("not an RFC 3339 date-time: expected one like 2024-03-28T08:12:49.3595132+00:00")
    }
}

impl std::error::Error for NotATimestamp {}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        parse(text).map(|_| Self(text.into())).ok_or(NotATimestamp(()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, to)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}
