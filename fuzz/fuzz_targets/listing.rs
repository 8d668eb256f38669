//! Fuzzes `lists::listing`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::lists::listing(data));
