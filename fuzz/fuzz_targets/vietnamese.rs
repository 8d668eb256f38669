//! Fuzzes `words::vietnamese`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::words::vietnamese(data));
