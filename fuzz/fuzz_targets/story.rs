//! Fuzzes `pages::story`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::pages::story(data));
