//! Is a paper seen whose pages changed under it: by the program, on stderr, in runs.jsonl, by its exit code?

#![cfg(feature = "crawl")]

#[path = "../examples/demo/web.rs"]
#[expect(dead_code, reason = "one paper of the demo's web is enough here")]
mod web;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde_json::Value;
use web::newspaper::{self, BETWEEN_EDITIONS, Newspaper};
use web::{Manners, Web};

const PAPER: &str = "suoingan";

/// The demo's papers in their first or second edition, without a pace; this one has renamed the classes of its pages, or not.
async fn open(edition: u8, is_renamed: bool) -> Web {
    let papers = newspaper::papers().into_iter().map(|paper| Newspaper { requests_per_second: 50.0, crawl_delay: None, ..paper });
    let renamed = if is_renamed { vec![PAPER.to_owned()] } else { Vec::new() };
    let manners = Manners { renamed, ..Manners::default() };
    let web = Web::open(papers.collect(), Timestamp::now() - BETWEEN_EDITIONS, manners).await.expect("a free port");
    (1..edition).for_each(|_| web.next_edition());
    web
}

/// Crawls the paper into a folder: exit code and stderr.
async fn crawl(web: &Web, home: &Path) -> (Option<i32>, String) {
    fs::write(home.join("selectors.toml"), web.selectors()).expect("room");
    let port = web.issues().next().expect("three papers").port;
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    command.args(["crawl", PAPER, "--resolve", &format!("*:{port}:127.0.0.1")]).current_dir(home).stdin(Stdio::null());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn lines(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).expect("a file").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The paper's part of the last run.
fn last_run(home: &Path) -> Value {
    lines(&home.join("output/runs.jsonl")).pop().expect("a run")["sites"][0].take()
}

/// Who read its article pages.
fn read_by(run: &Value) -> Vec<&str> {
    run["read"].as_object().expect("counts").keys().map(String::as_str).collect()
}

/// The records, by who read them: title and reader.
fn readers(home: &Path) -> Vec<(String, String)> {
    let files = fs::read_dir(home.join("output").join(PAPER)).expect("a folder");
    let records = files.flat_map(|file| lines(&file.expect("a file").path()));
    let text = |value: &Value| value.as_str().expect("a word").to_owned();
    records.map(|record| (text(&record["title"]), text(&record["extractor"]["by"]))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_renames_its_classes_is_read_on_without_its_rules_and_named() {
    let home = tempfile::tempdir().expect("a folder");
    let (code, told) = crawl(&open(1, false).await, home.path()).await;
    assert_eq!(code, Some(0), "{told}");
    let morning = readers(home.path());
    assert!(morning.len() > 8 && morning.iter().all(|(_, by)| by == "family"), "{morning:?}");
    let run = last_run(home.path());
    assert_eq!((read_by(&run), &run["unwell"], &run["drift"]), (vec!["family"], &Value::Null, &serde_json::json!([])));
    assert_eq!((&run["filled"]["lead"], &run["lapses"]), (&run["written"], &serde_json::json!({})));
    assert!(run["words"].as_u64().is_some_and(|words| words > 40), "{run}");

    let renamed = open(2, true).await;
    let (code, told) = crawl(&renamed, home.path()).await;
    assert_eq!(code, Some(1), "{told}");
    let evening: Vec<(String, String)> = readers(home.path()).into_iter().filter(|record| !morning.contains(record)).collect();
    let news: Vec<(String, String)> = renamed
        .issues()
        .next()
        .expect("three papers")
        .stories()
        .filter(|story| story.edition == 2)
        .map(|story| (story.title.clone(), "generic".to_owned()))
        .collect();
    assert_eq!(evening, news);
    let run = last_run(home.path());
    assert_eq!((&run["read"], &run["lapses"]), (&serde_json::json!({"generic": 1}), &serde_json::json!({"families.epi.take.body": 1})));
    assert_eq!((&run["drift"][0]["sign"], &run["drift"][0]["now"]), (&"own_rules".into(), &serde_json::json!({"shown": 0, "of": 1})));
    let why = run["unwell"].as_str().expect("a reason");
    let line = 1 + fs::read_to_string(home.path().join("selectors.toml"))
        .expect("rules")
        .lines()
        .position(|l| l == "take.body = [")
        .expect("a rule");
    let since = run["drift"][0]["since"].as_str().map(|at| at[..16].replace('T', " ")).expect("a time");
    let address =
        renamed.issues().next().and_then(|issue| issue.stories().find(|s| s.edition == 2).map(|s| issue.address(s))).expect("news");
    assert_eq!(
        why,
        format!(
            "families.epi.take.body (line {line}) finds nothing on the page: so on 1 of 1 pages since {since} UTC, read without it, \
             such as {address}; look with `baotinh check --live {PAPER}`"
        )
    );
    let said: Vec<&str> = told.lines().collect();
    assert_eq!(said.last(), Some(&format!("unwell: {PAPER}: {why}").as_str()), "{told}");
    assert!(said.iter().any(|line| line.starts_with(PAPER) && line.ends_with("  unwell")), "{told}");

    // Nothing new and nothing mended: it is as unwell as before.
    let (code, told) = crawl(&renamed, home.path()).await;
    assert_eq!((code, last_run(home.path())["unwell"].as_str()), (Some(1), Some(why)), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_whose_rules_never_fitted_is_named_at_the_first_run() {
    let home = tempfile::tempdir().expect("a folder");
    let (code, told) = crawl(&open(1, true).await, home.path()).await;
    let run = last_run(home.path());
    assert_eq!((code, read_by(&run)), (Some(1), vec!["generic"]), "{told}");
    let why = run["unwell"].as_str().expect("a reason");
    assert!(why.starts_with("families.epi.take.body (line ") && told.contains(why), "{told}");
}
