//! What must hold for any bytes at all? Each target takes an input and panics where baotinh breaks one of its promises.
//!
//! The fuzzers in `fuzz_targets/` and the plain test `tests/fuzz_seeds.rs` of the main package run the same functions, so that what a
//! fuzzer found once is tested where no fuzzer is installed. README.md says what each of them asserts.

pub mod disk;
pub mod lists;
pub mod pages;
pub mod recipe;
pub mod rules;
pub mod times;
pub mod words;

/// A target: it reads an input, and panics where a promise is broken.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 16] = [
    ("charset", words::charset),
    ("dates", times::dates),
    ("extract", pages::extract),
    ("feed", lists::feed),
    ("link", lists::link),
    ("listing", lists::listing),
    ("retry_after", times::retry_after),
    ("robots", lists::robots),
    ("saved", disk::saved),
    ("selectors", rules::selectors),
    ("sitemap", lists::sitemap),
    ("state", disk::state),
    ("story", pages::story),
    ("tame", pages::tame),
    ("text", words::text),
    ("vietnamese", words::vietnamese),
];

/// The first line of an input without its end, and what follows it.
fn first_line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    (&data[..end], data.get(end + 1..).unwrap_or_default())
}
