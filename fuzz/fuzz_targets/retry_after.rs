//! Fuzzes `times::retry_after`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::times::retry_after(data));
