//! Does the code keep the rules of the house that ARCHITECTURE.md states?

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in their order: each may use only those above it. Those from `saved` on are below the waterline.
const ORDER: [&str; 23] = [
    "limits",
    "article",
    "vietnamese",
    "charset",
    "page",
    "tame",
    "paper",
    "link",
    "robots",
    "discover",
    "extract",
    "fingerprint",
    "record",
    "report",
    "checkup",
    "saved",
    "fetch",
    "pace",
    "output",
    "frontier",
    "ledger",
    "visit",
    "crawl",
];

/// The first module below the waterline.
const BELOW: &str = "saved";

/// Names that say nothing of what is inside.
const SHELVES: [&str; 8] = ["utils", "util", "common", "helpers", "types", "core", "manager", "handler"];

/// The longest file, tests apart, that needs no reason in its first comment; ARCHITECTURE.md says about 400.
const LONGEST_FILE: usize = 440;

/// The longest function; ARCHITECTURE.md says about 40.
const LONGEST_FUNCTION: usize = 60;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with this ending, and its text.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let text = fs::read_to_string(&path).expect("a readable file");
                found.push((path.strip_prefix(root()).expect("below the root").to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// Tests that stand beside the code, in a file or a folder of their own.
fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests")
}

/// The text before the tests of the file.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

fn rust() -> Vec<(PathBuf, String)> {
    ["src", "tests", "examples", "benches", "fuzz/src", "fuzz/fuzz_targets"].iter().flat_map(|folder| files(folder, "rs")).collect()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_answers() {
    let faults: Vec<String> = rust()
        .iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| format!("{}: no //! at the top", path.display()))
        .collect();
    assert_none(&faults);
}

#[test]
fn every_file_of_the_library_opens_with_a_question_or_says_what_it_is() {
    let faults: Vec<String> = files("src", "rs")
        .iter()
        .filter(|(_, text)| {
            let opening: String = text.lines().take_while(|l| l.starts_with("//!")).take(6).collect();
            !opening.contains('?') && !text.starts_with("//! The program")
        })
        .map(|(path, _)| format!("{}: its first comment asks nothing", path.display()))
        .collect();
    assert_none(&faults);
}

#[test]
fn no_file_is_a_shelf() {
    let faults: Vec<String> = rust()
        .iter()
        .filter(|(path, _)| {
            path.components()
                .any(|c| SHELVES.contains(&Path::new(c.as_os_str()).file_stem().unwrap_or_default().to_str().unwrap_or_default()))
        })
        .map(|(path, _)| format!("{}: a name that says nothing", path.display()))
        .collect();
    assert_none(&faults);
}

#[test]
fn long_files_say_why() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs").into_iter().filter(|(path, _)| !is_test(path)) {
        let lines = without_tests(&text).lines().count();
        let opening: String = text.lines().take_while(|l| l.starts_with("//!")).collect();
        if lines > LONGEST_FILE && !opening.to_lowercase().contains("long") {
            faults.push(format!("{}: {lines} lines, and its first comment does not say why it is long", path.display()));
        }
    }
    assert_none(&faults);
}

#[test]
fn functions_are_short() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs").into_iter().filter(|(path, _)| !is_test(path)) {
        let lines: Vec<&str> = without_tests(&text).lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let bare = line.trim_start();
            let indent = line.len() - bare.len();
            let opens = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "async fn ", "pub async fn ", "pub const fn ", "const fn "];
            if !opens.iter().any(|o| bare.starts_with(o)) || line.trim_end().ends_with(';') {
                continue;
            }
            let close = format!("{}}}", " ".repeat(indent));
            let length = lines[at..].iter().position(|l| *l == close).unwrap_or(0) + 1;
            if length > LONGEST_FUNCTION {
                faults.push(format!("{}:{}: a function of {length} lines", path.display(), at + 1));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn a_module_uses_only_those_above_it() {
    let rank = |name: &str| ORDER.iter().position(|m| *m == name);
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        let module =
            path.components().nth(1).map(|c| Path::new(c.as_os_str()).file_stem().unwrap_or_default().to_string_lossy().into_owned());
        let Some(own) = module.as_deref().and_then(rank) else { continue };
        for (at, line) in without_tests(&text).lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for (used, ()) in line.match_indices("crate::").map(|(i, w)| (&line[i + w.len()..], ())) {
                let name: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if rank(&name).is_some_and(|other| other > own) {
                    faults.push(format!("{}:{}: uses {name}, which stands below it", path.display(), at + 1));
                }
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn nothing_above_the_waterline_touches_the_world() {
    let waterline = ORDER.iter().position(|m| *m == BELOW).expect("the waterline is in the order");
    let world = [
        "std::fs",
        "std::net",
        "std::env",
        "tokio",
        "reqwest",
        "rusqlite",
        "Instant::now",
        "SystemTime",
        "Timestamp::now",
        "Zoned::now",
        "async fn",
        "println!",
        "eprintln!",
    ];
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        let module =
            path.components().nth(1).map(|c| Path::new(c.as_os_str()).file_stem().unwrap_or_default().to_string_lossy().into_owned());
        let above = module.as_deref().is_some_and(|m| ORDER[..waterline].contains(&m));
        for (at, line) in without_tests(&text).lines().enumerate().filter(|(_, l)| above && !l.trim_start().starts_with("//")) {
            faults.extend(world.iter().filter(|w| line.contains(**w)).map(|w| format!("{}:{}: {w}", path.display(), at + 1)));
        }
    }
    assert_none(&faults);
}

#[test]
fn the_library_writes_to_nobodys_terminal() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs").into_iter().filter(|(p, _)| !p.starts_with("src/cli") && !p.ends_with("main.rs")) {
        let said = ["println!", "print!(", "eprintln!", "eprint!("];
        let lines = without_tests(&text).lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//"));
        faults.extend(lines.filter(|(_, l)| said.iter().any(|s| l.contains(s))).map(|(at, _)| format!("{}:{}", path.display(), at + 1)));
    }
    assert_none(&faults);
}

#[test]
fn no_test_sleeps_or_is_switched_off() {
    let mut faults = Vec::new();
    let (sleeps, ignored) = (concat!("thread::", "sleep"), concat!("#[", "ignore"));
    for (path, text) in rust() {
        for (at, line) in text.lines().enumerate() {
            if line.contains(sleeps) || line.contains(ignored) {
                faults.push(format!("{}:{}: {}", path.display(), at + 1, line.trim()));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn nothing_is_left_to_do() {
    let marks = ["TO_DO", "FIX_ME", "to_do!(", "un_implemented!(", "d_bg!("].map(|m| m.replace('_', ""));
    let mut faults = Vec::new();
    for (path, text) in rust() {
        let lines = text.lines().enumerate().filter(|(_, l)| marks.iter().any(|m| l.contains(m.as_str())));
        faults.extend(lines.map(|(at, _)| format!("{}:{}", path.display(), at + 1)));
    }
    assert_none(&faults);
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("the map");
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the page of the house");
    for module in ORDER {
        assert!(map.contains(&format!("pub mod {module};")), "lib.rs does not declare {module}");
        assert!(map.contains(&format!("`{module}`]:")), "lib.rs does not say what {module} is");
        assert!(architecture.contains(module), "ARCHITECTURE.md does not name {module}");
    }
}
