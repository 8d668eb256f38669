//! Fuzzes `rules::selectors`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::rules::selectors(data));
