//! Fuzzes `pages::extract`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::pages::extract(data));
