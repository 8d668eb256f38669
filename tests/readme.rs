//! Does the program print what the README shows?
//!
//! A block that begins with `    $ baotinh` is run and its output compared, line by line; a line `…` stands for the rest. A file that
//! `    $ cat` shows is there for the commands that name it. Blocks that need the internet or other programs are left out: they were run by
//! hand.
#![cfg(feature = "crawl")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// One command of the README and what it shows below it.
#[derive(Debug, PartialEq)]
struct Shown {
    command: String,
    output: Vec<String>,
}

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README")
}

/// Every command of the README's indented blocks.
fn shown(readme: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut open = false;
    for line in readme.lines() {
        let Some(inner) = line.strip_prefix("    ").or(line.is_empty().then_some("")) else {
            open = false;
            continue;
        };
        if let Some(command) = inner.strip_prefix("$ ") {
            all.push(Shown { command: command.to_owned(), output: Vec::new() });
            open = true;
        } else if let Some(last) = all.last_mut().filter(|_| open) {
            last.output.push(inner.to_owned());
        }
    }
    for one in &mut all {
        let end = one.output.iter().rposition(|l| !l.is_empty()).map_or(0, |at| at + 1);
        one.output.truncate(end);
    }
    all
}

/// The words of a command of ours that needs no other program but `head`, and how many lines `head` leaves.
fn ours(command: &str) -> Option<(Vec<String>, usize)> {
    let (own, lines) = match command.split_once(" | head -") {
        Some((own, lines)) => (own, lines.trim().parse().ok()?),
        None => (command, usize::MAX),
    };
    let mut words = own.split_whitespace();
    let is_ours = words.next() == Some("baotinh") && !own.contains(['|', '>']) && !own.contains("https://");
    is_ours.then(|| (words.map(str::to_owned).collect(), lines))
}

#[test]
fn every_command_of_the_readme_prints_what_stands_below_it() {
    let shown = shown(&readme());
    let folder = tempfile::tempdir().expect("a folder for the files that it shows");
    let (mut ran, mut files) = (0, Vec::new());
    for (at, Shown { command, output }) in shown.iter().enumerate() {
        if let Some(file) = command.strip_prefix("cat ") {
            fs::write(folder.path().join(file), output.join("\n") + "\n").expect("a file in a new folder");
            files.push(file);
        }
        let Some((words, lines)) = ours(command) else { continue };
        let mut run = Command::cargo_bin("baotinh").expect("the program");
        let needs_files = words.iter().any(|word| files.contains(&word.as_str()));
        run.current_dir(if needs_files { folder.path() } else { Path::new(env!("CARGO_MANIFEST_DIR")) });
        let done = run.args(&words).output().expect("a program that runs");
        let told = [done.stdout, done.stderr].concat();
        let told = String::from_utf8(told).expect("output is UTF-8");
        let got: Vec<&str> = told.lines().take(lines).collect();
        let whole = output.last().is_none_or(|l| l.trim() != "…");
        let expected: Vec<&str> = output.iter().map(String::as_str).filter(|l| whole || l.trim() != "…").collect();
        let compared = if whole { &got[..] } else { &got[..expected.len().min(got.len())] };
        assert_eq!(compared, expected, "example {at}: {command}");
        ran += 1;
    }
    assert!(ran >= 10, "only {ran} examples were run");
}

#[test]
fn the_readme_names_every_key_of_the_record_in_its_order() {
    let text = readme();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/epi/baolaocai-plain.html");
    let done = Command::cargo_bin("baotinh").expect("the program").arg("extract").arg(page).output().expect("a program that runs");
    let line = String::from_utf8(done.stdout).expect("a record is UTF-8");
    let keys = [
        "schema",
        "id",
        "url",
        "site",
        "province",
        "kind",
        "title",
        "lead",
        "dateline",
        "authors",
        "source",
        "published",
        "modified",
        "section",
        "tags",
        "language",
        "text",
        "images",
        "words",
        "content_hash",
        "simhash",
        "extractor",
        "fetched_at",
        "http",
        "revision",
    ];
    let table = text.split("## The record field by field").nth(1).expect("the chapter on the record");
    let (mut in_line, mut in_table) = (0, 0);
    for key in keys {
        let in_record =
            line[in_line..].find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is not in the record, or out of order"));
        in_line += in_record;
        let in_readme =
            table[in_table..].find(&format!("`{key}`")).unwrap_or_else(|| panic!("{key} is not in the README, or out of order"));
        in_table += in_readme;
    }
}
