//! Fuzzes `times::dates`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::times::dates(data));
