//! Fuzzes `words::charset`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::words::charset(data));
