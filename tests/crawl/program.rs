//! The program itself: started twice, rehearsed, stopped.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::newspaper::{Newspaper, path_of};
use crate::written;

/// A folder with the paper's selectors.toml.
pub fn home(paper: &Newspaper) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("selectors.toml"), paper.rules()).expect("room");
    folder
}

pub fn crawl(paper: &Newspaper, home: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    command.args(["crawl", "--resolve", &paper.pin()]).args(more).current_dir(home);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    command
}

/// Runs it to its end, beside the newspaper.
pub async fn run(mut command: Command) -> (Option<i32>, String, String) {
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_crawl_at_once_names_the_first_and_exits_3() {
    let paper = Newspaper::start(1).await;
    let home = home(&paper);
    let held = baotinh::output::Output::open(&home.path().join("output")).expect("nobody else holds it");
    let (code, out, told) = run(crawl(&paper, home.path(), &[])).await;
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(told.contains(&format!("(process {})", std::process::id())), "{told}");
    drop(held);
    assert_eq!(run(crawl(&paper, home.path(), &["-q"])).await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_prints_what_would_be_fetched_and_writes_nothing() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    let (code, out, told) = run(crawl(&paper, home.path(), &["--dry-run"])).await;
    assert_eq!((code, told.as_str()), (Some(0), ""));
    let address = |number| format!("http://baomau.vn:{}{}\n", paper.port, path_of(number));
    assert_eq!(out, [2, 1].map(address).concat());
    assert!(!home.path().join("output").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_tells_how_it_went_and_leaves_numbers() {
    let paper = Newspaper::start(3).await;
    let home = home(&paper);
    let (code, out, told) = run(crawl(&paper, home.path(), &["--metrics-file", "baotinh.prom"])).await;
    assert_eq!((code, out.as_str()), (Some(0), ""));
    assert!(told.starts_with("SITE ") && told.contains("\nbaomau ") && told.contains("\n1 papers "), "{told}");
    let metrics = fs::read_to_string(home.path().join("baotinh.prom")).expect("a file");
    assert!(metrics.contains("baotinh_site_written{site=\"baomau\"} 3\n"), "{metrics}");
    let (code, _, told) = run(crawl(&paper, home.path(), &["baomao"])).await;
    assert_eq!(code, Some(2));
    assert_eq!(told, "baotinh: baomao: no such site in selectors.toml: did you mean baomau? (`baotinh sites` prints them all)\n");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_it_with_its_code_and_what_was_in_hand_is_written() {
    let paper = Newspaper::start(200).await;
    let home = home(&paper);
    let child = crawl(&paper, home.path(), &["-q"]).spawn().expect("it starts");
    paper.asked_for(3).await;
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("a thread").expect("it ends");
    assert_eq!(output.status.code(), Some(143));
    let run: Value = serde_json::from_str(fs::read_to_string(home.path().join("output/runs.jsonl")).expect("a run").trim()).expect("JSON");
    assert_eq!(run["ended"], "stopped");
    assert_eq!(run["sites"][0]["written"], written(&home.path().join("output")).len());
}
