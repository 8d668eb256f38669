//! Are dates what they say they are?

use std::time::Duration;

use baotinh::pace::retry_after as asked;
use baotinh::vietnamese::dates::{Context, Dated, Precision, in_address, is_clock, is_relative, month_first, read};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

/// The moment at which every page was fetched: 10 March 2026, in the morning of Vietnam.
pub const FETCHED: i64 = 1_773_111_600;

/// The moment of the fetch.
pub fn fetched() -> Timestamp {
    Timestamp::from_second(FETCHED).expect("a moment of this century")
}

/// A date in words, figures, or an address.
pub fn dates(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let nobody = Context::default();
    let known = Context { fetched_at: Some(fetched()), ..nobody };
    for context in [nobody, known, Context { month_first: true, ..known }] {
        if let Some(dated) = read(&text, &context) {
            assert_sound(dated, &context);
            assert_eq!(read(&format!("  {text}\n"), &context), Some(dated), "white space around changes the date");
            let _ = is_clock(&text, dated, context.fetched_at);
        }
        if let Some(dated) = in_address(&text, &context) {
            assert_sound(dated, &context);
        }
    }
    let shown = month_first([&*text]);
    assert_eq!(month_first([&*text, &*text]), shown, "a text contradicts itself");
    let _ = is_relative(&text);
}

/// Within the years that are read, and the same when what it prints is read.
fn assert_sound(dated: Dated, context: &Context) {
    let printed = dated.when.to_string();
    let year = dated.when.day().year();
    let last = if context.fetched_at.is_some() { 2027 } else { 2100 };
    assert!((1990..=last).contains(&year), "{printed} is no year of a newspaper on the web");
    assert!(dated.has_time() == (dated.precision >= Precision::Hour));
    let again = read(&printed, context).unwrap_or_else(|| panic!("{printed} cannot be read"));
    assert_eq!(again.when.to_string(), printed, "what is printed is read as another date");
    assert_eq!(again.precision, Precision::Second);
}

/// What a `Retry-After` asks for; the first four bytes are also a number of seconds that is written in all spellings.
pub fn retry_after(data: &[u8]) {
    let value = String::from_utf8_lossy(data);
    let asks = asked(&value, fetched());
    assert_eq!(asked(&format!(" {value}\t"), fetched()), asks, "white space around changes it");
    if let Some(asks) = asks {
        // An earlier clock waits longer, for a date; as long, for seconds.
        let earlier = asked(&value, Timestamp::from_second(FETCHED - 60).expect("a moment of this century"));
        assert!(earlier.is_some_and(|earlier| earlier >= asks), "{value:?}: {earlier:?} a minute before {asks:?}");
    }
    let Some(seconds) = data.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes)) else { return };
    let asks = Some(Duration::from_secs(seconds.into()));
    assert_eq!(asked(&seconds.to_string(), fetched()), asks);
    let then = Timestamp::from_second(FETCHED + i64::from(seconds)).expect("a moment before the year 9999").to_zoned(TimeZone::UTC);
    let fixed = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&then.timestamp()).expect("a year of four figures");
    assert_eq!(asked(&fixed, fetched()), asks, "{fixed}");
    let c = then.strftime("%a %b %e %H:%M:%S %Y").to_string();
    assert_eq!(asked(&c, fetched()), asks, "{c}");
}
