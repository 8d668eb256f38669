//! The program itself: started twice, rehearsed, stopped.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::newspaper::{Instead, Newspaper, path_of};
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

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_that_cannot_be_printed_is_no_success() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    let mut command = crawl(&paper, home.path(), &["--dry-run"]);
    command.stdout(fs::File::create("/dev/full").expect("it is there"));
    let (code, _, told) = run(command).await;
    assert_eq!((code, told.as_str()), (Some(2), "baotinh: stdout: cannot be written: No space left on device (os error 28)\n"));
    let mut command = crawl(&paper, home.path(), &["--dry-run"]);
    command.env("TMPDIR", "/dev/null");
    let (code, _, told) = run(command).await;
    assert_eq!(code, Some(2));
    assert!(told.starts_with("baotinh: /dev/null/baotinh-dry-run-") && told.contains("TMPDIR names another folder"), "{told}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_on_the_size_of_files_is_told_as_a_full_disk_is() {
    let paper = Newspaper::start(200).await;
    let home = home(&paper);
    let mut limited = Command::new("sh");
    let program = crawl(&paper, home.path(), &["-q"]);
    limited.args(["-c", "ulimit -f 200; exec \"$@\"", "sh"]).arg(program.get_program()).args(program.get_args());
    limited.current_dir(home.path());
    let (code, _, told) = run(limited).await;
    assert_eq!(code, Some(2), "{told}");
    assert!(told.starts_with("baotinh: output/"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_is_unwell_is_told_also_to_those_who_want_quiet() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    (1..=2).for_each(|number| paper.instead(&path_of(number), Instead::Status(404)));
    let (code, _, told) = run(crawl(&paper, home.path(), &["-q"])).await;
    let why = "baomau: its listings answered, but none of 2 pages gave an article (gone 2)";
    assert_eq!((code, told), (Some(1), format!("unwell: {why}\n")));
    fs::remove_dir_all(home.path().join("output")).expect("it is ours");
    let (code, _, told) = run(crawl(&paper, home.path(), &["-q", "--log-format", "json"])).await;
    let line: Value = serde_json::from_str(&told).expect("one line of JSON");
    assert_eq!((code, &line["kind"], &line["message"]), (Some(1), &"unwell".into(), &why.into()));
    fs::remove_dir_all(home.path().join("output")).expect("it is ours");
    let (_, _, told) = run(crawl(&paper, home.path(), &["-v"])).await;
    let gone = format!("http://baomau.vn:{}{}", paper.port, path_of(1));
    assert!(told.contains(&format!(" http://baomau.vn:{}/robots.txt\n", paper.port)), "{told}");
    assert!(told.contains(&format!("404 {gone}\n")) && told.contains(&format!("failed: {gone} (gone: 404 or 410)\n")), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listing_that_cannot_be_read_is_named_with_its_fault_unless_somebody_wants_quiet() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    let bomb = b"<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"b\">]><rss><channel><item><link>&a;".to_vec();
    paper.instead("/rss", Instead::Body("application/rss+xml", bomb));
    let (_, _, told) = run(crawl(&paper, home.path(), &[])).await;
    let listing = format!("listing: http://baomau.vn:{}/rss: ", paper.port);
    assert_eq!(told.lines().filter(|line| line.starts_with(&listing)).count(), 1, "{told}");
    fs::remove_dir_all(home.path().join("output")).expect("it is ours");
    let (_, _, told) = run(crawl(&paper, home.path(), &["-q"])).await;
    assert!(!told.contains("listing: "), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_for_which_nothing_is_due_says_so_and_a_refusal_can_be_json() {
    let paper = Newspaper::start(2).await;
    let home = home(&paper);
    assert_eq!(run(crawl(&paper, home.path(), &["-q"])).await.0, Some(0));
    let (code, _, told) = run(crawl(&paper, home.path(), &[])).await;
    assert_eq!((code, told.as_str()), (Some(0), "nothing is due yet: nothing was asked\n"));
    let (code, _, told) = run(crawl(&paper, home.path(), &["-q", "--log-format", "json", "baomao"])).await;
    let line: Value = serde_json::from_str(&told).expect("one line of JSON");
    assert_eq!((code, &line["level"], &line["kind"]), (Some(2), &"ERROR".into(), &"refused".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_tells_how_it_went_and_leaves_numbers() {
    let paper = Newspaper::start(3).await;
    let home = home(&paper);
    let (code, out, told) = run(crawl(&paper, home.path(), &["--metrics-file", "baotinh.prom"])).await;
    assert_eq!((code, out.as_str()), (Some(0), ""));
    assert!(told.starts_with("SITE ") && told.contains("\nbaomau ") && told.contains("\n1 paper "), "{told}");
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
