//! Does `baotinh check` say of rules and saved pages what whoever writes rules has to know?

#![cfg(feature = "crawl")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use baotinh::paper::Rulebook;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A page of ours, by its name below `tests/pages`.
fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(name)
}

/// Runs `baotinh check` in this folder, with these words after it, and this on its standard input.
fn check_in(folder: &Path, words: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    command.arg("check").args(words).current_dir(folder);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // A command that refuses its words does not read what comes in.
    let _ = child.stdin.take().expect("it was piped").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// The page of a paper after it was rebuilt: no element bears the class that it had.
fn rebuilt(name: &str) -> String {
    fs::read_to_string(page(name)).expect("a page").replace("class=\"", "data-v2=\"")
}

#[test]
fn a_page_whose_classes_were_renamed_is_broken_and_names_the_rule() {
    let folder = folder();
    fs::write(folder.path().join("page.html"), rebuilt("epi/baolaocai-plain.html")).expect("room");
    let output = check_in(folder.path(), &["page.html"], b"");
    let out = text(&output.stdout);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(1), ""), "{out}");
    let row: Vec<&str> = out.lines().nth(1).expect("its row").split_whitespace().collect();
    assert_eq!((row[0], row[1], row[2], row.last()), ("broken", "baolaocai", "generic", Some(&"page.html")));
    let line = Rulebook::built_in().line("families.epi.take.body").expect("a line");
    let problem = out.lines().find(|line| line.starts_with("broken: baolaocai: ")).expect("its problem");
    assert!(problem.ends_with(&format!("families.epi.take.body (selectors.toml:{line}); seen at page.html")), "{problem}");
}

#[test]
fn pages_come_in_every_form_and_a_damaged_record_is_told() {
    let whole = fs::read_to_string(page("epi/baolaocai-plain.html")).expect("a page");
    let mut lines = json!({"id": "1", "html": whole}).to_string() + "\n";
    lines += "{\"html\": 5}\n";
    lines += &(json!({"id": "2", "html": rebuilt("epi/baolaocai-ttxvn.html")}).to_string() + "\n");
    let output = check_in(folder().path(), &["--json", "-"], lines.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("damaged: stdin:2: not a record of a page"), "{}", text(&output.stderr));
    let papers: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let [paper] = papers.as_slice() else { panic!("one paper: {papers:?}") };
    assert_eq!(paper["by"], json!({"rules": 0, "family": 1, "generic": 1}));
    assert_eq!((&paper["site"], &paper["verdict"], &paper["pages"]), (&json!("baolaocai"), &json!("look"), &json!(2)));
    assert_eq!(paper["problems"][0]["pages"], json!(["stdin:3"]));
}

#[test]
fn a_word_that_is_a_paper_and_a_folder_is_refused() {
    let folder = folder();
    fs::create_dir(folder.path().join("baolaocai")).expect("room");
    fs::copy(page("epi/baolaocai-plain.html"), folder.path().join("baolaocai/page.html")).expect("room");
    let output = check_in(folder.path(), &["baolaocai"], b"");
    let told = "baotinh: baolaocai: is a paper of selectors.toml and also lies on the disk here: write ./baolaocai for the pages; for the \
                paper, go to another folder\n";
    assert_eq!((output.status.code(), text(&output.stderr), text(&output.stdout)), (Some(2), told, ""));
    let output = check_in(folder.path(), &["./baolaocai"], b"");
    assert_eq!((output.status.code(), text(&output.stdout).lines().count() > 4), (Some(0), true));
}

#[test]
fn a_paper_that_is_named_is_described_and_one_that_is_not_known_is_refused() {
    let folder = folder();
    let output = check_in(folder.path(), &["baolaocai"], b"");
    let line = Rulebook::built_in().line("papers.baolaocai").expect("a line");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert!(lines[0].starts_with("the rules built into the program: sound ("), "{lines:?}");
    assert!(lines[1].starts_with(&format!("baolaocai: line {line}: family epi, ")), "{lines:?}");
    for (word, told) in [
        ("baolaocia", "baotinh: baolaocia: no such site in selectors.toml: did you mean baolaocai? (`baotinh sites` prints them all)\n"),
        ("page.html", "baotinh: page.html: no such file or folder\n"),
    ] {
        let output = check_in(folder.path(), &[word], b"");
        assert_eq!((output.status.code(), text(&output.stderr), text(&output.stdout)), (Some(2), told, ""));
    }
}

#[test]
fn the_rules_built_in_are_printed_as_a_file_to_edit() {
    let output = check_in(folder().path(), &["--print"], b"");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), Rulebook::BUILT_IN));
}

#[test]
fn an_explained_page_names_the_rule_of_each_block_that_was_dropped() {
    let folder = folder();
    let book = Rulebook::built_in();
    let by = |key: &str| format!("{key} (selectors.toml:{})", book.line(key).expect("a line"));
    let path = page("epi/baolaocai-ttxvn.html").to_str().expect("a path").to_owned();
    let output = check_in(folder.path(), &["--explain", &path], b"");
    let out = text(&output.stdout);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    let after = |words: &str| lines[lines.iter().position(|line| line.starts_with(words)).expect(words) + 1].trim_start();
    assert!(lines[0].ends_with("baolaocai-ttxvn.html: read by family epi"));
    assert_eq!(after("lead "), by("families.epi.take.lead"));
    assert_eq!(after("author "), "none of its rules gave anything");
    assert_eq!(after("drop  caption "), format!("figure.picture > figcaption > p  by {}", by("families.epi.drop.captions")));
    assert_eq!(after("keep  in_body "), "div.article > div.article__body.cms-body > p");
    let output = check_in(folder.path(), &["--explain", "-"], rebuilt("epi/baolaocai-ttxvn.html").as_bytes());
    let out = text(&output.stdout);
    assert!(out.starts_with("stdin: read by generic\nfailed: families.epi.take.body (line "), "{out}");
    assert!(out.contains("The blocks of the page, by the reader without rules:"), "{out}");
}

fn sites(words: &[&str]) -> Output {
    let folder = folder();
    Command::new(env!("CARGO_BIN_EXE_baotinh")).arg("sites").args(words).current_dir(folder.path()).output().expect("it runs")
}

#[test]
fn the_papers_stand_in_a_table_of_a_hundred_columns_or_one_object_a_line() {
    let output = sites(&[]);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), Rulebook::built_in().papers().len() + 1);
    let longest = lines.iter().max_by_key(|line| line.chars().count()).expect("lines");
    assert!(longest.chars().count() <= 100, "{longest}");
    let host = lines[0].find("HOST").expect("a head");
    for line in &lines[1..] {
        let letters: String = line.chars().skip(host - 2).collect();
        assert!(letters.starts_with("  ") && !letters[2..].starts_with(' '), "{line}");
    }
    let output = sites(&["--json", "baolaocai"]);
    let paper: Value = serde_json::from_slice(&output.stdout).expect("one object");
    let readme = include_str!("../README.md").split("### sites").nth(1).and_then(|rest| rest.split("###").next()).expect("its chapter");
    let said = |key: &String| readme.contains(&format!("`{key}`"));
    assert!(paper.as_object().expect("an object").keys().all(said), "{paper}");
    assert_eq!((&paper["province"], &paper["closed"]), (&json!("Lào Cai"), &json!(false)));
    let output = sites(&["baolaocia"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    assert!(text(&output.stderr).contains("did you mean baolaocai?"));
}
