//! Fuzzes `lists::feed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::lists::feed(data));
