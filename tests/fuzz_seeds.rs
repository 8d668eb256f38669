//! Do the promises that fuzzers test hold for the seeds, and for all that fuzzers found once?
//!
//! The same functions as in `fuzz/`, as ordinary code: a machine without a fuzzer catches what comes back.

#![cfg(feature = "crawl")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use targets::TARGETS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder in the order of their names; none where there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("a readable folder").path()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs a target; the output of a test that fails names the input.
fn run(target: &str, input: &[u8], from: &dyn std::fmt::Display) {
    println!("{target}: {from}");
    let (_, target) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this name");
    target(input);
}

#[test]
fn the_seeds_keep_every_promise() {
    for (target, _) in TARGETS {
        let seeds = root().join("fuzz/seeds");
        let lines = seeds.join(format!("{target}.txt"));
        if lines.exists() {
            let text = read(&lines);
            text.split(|byte| *byte == b'\n').for_each(|line| run(target, line, &String::from_utf8_lossy(line)));
        }
        for path in files(&seeds.join(target)) {
            run(target, &read(&path), &path.display());
        }
    }
}

#[test]
fn what_fuzzers_found_stays_mended() {
    for (target, _) in TARGETS {
        for path in files(&root().join("fuzz/findings").join(target)) {
            run(target, &read(&path), &path.display());
        }
    }
}

#[test]
fn the_pages_keep_every_promise() {
    let families = files(&root().join("tests/pages"));
    let pages: Vec<PathBuf> =
        families.iter().flat_map(|family| files(family)).filter(|page| page.extension().is_some_and(|e| e == "html")).collect();
    assert!(!pages.is_empty(), "no page is found");
    run("selectors", &read(&root().join("tests/selectors/sound.toml")), &"sound.toml");
    for path in pages {
        let html = read(&path);
        let beside: serde_json::Value = serde_json::from_slice(&read(&path.with_extension("json"))).expect("JSON beside a page");
        let url = beside["url"].as_str().unwrap_or_default();
        run("extract", &[url.as_bytes(), b"\n", &html].concat(), &path.display());
        run("charset", &[b"text/html\n".as_slice(), &html].concat(), &path.display());
        run("listing", &html, &path.display());
        run("tame", &html, &path.display());
        run("saved", &[b"\0".as_slice(), &html].concat(), &path.display());
    }
}

#[test]
fn every_target_has_a_fuzzer_and_every_fuzzer_a_target() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let fuzzers = files(&root().join("fuzz/fuzz_targets"));
    let fuzzers: BTreeSet<String> = fuzzers.iter().map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(targets, fuzzers);
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("the fuzzers' manifest");
    let readme = fs::read_to_string(root().join("fuzz/README.md")).expect("the fuzzers' page");
    for name in &targets {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "fuzz/Cargo.toml does not build {name}");
        assert!(readme.contains(&format!("| `{name}` |")), "fuzz/README.md does not say what {name} asserts");
    }
}
