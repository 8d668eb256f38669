//! Fuzzes `pages::tame`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::pages::tame(data));
