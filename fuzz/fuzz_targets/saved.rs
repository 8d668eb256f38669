//! Fuzzes `disk::saved`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baotinh_fuzz::disk::saved(data));
