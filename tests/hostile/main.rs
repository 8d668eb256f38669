//! Does a page or file made to harm cost little, get a name, and leave the rest of the run as it was?
//!
//! Through the program itself. What each run takes is asked of Linux while the program still waits for its standard input; elsewhere
//! the names are checked alone.

#![cfg(feature = "crawl")]

mod files;
mod pages;
mod words;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The most memory that a run may take at any moment, in kB.
const MOST_MEMORY: u64 = 150_000;

/// The most time that a page may take, in seconds of a core, without optimisation; what is optimised takes a fifth.
const MOST_TIME: f64 = 25.0;

/// What `baotinh extract` made of some files, one after another.
struct Run {
    /// The articles, without the last one, which is our own.
    records: Vec<Value>,
    /// What was said on stderr, a line each.
    told: Vec<String>,
}

impl Run {
    fn titles(&self) -> Vec<&str> {
        self.records.iter().map(|record| record["title"].as_str().expect("a title")).collect()
    }

    /// The miss of each file that gave none, by the file's name.
    fn misses(&self) -> Vec<(&str, &str)> {
        let misses = self.told.iter().filter_map(|line| line.strip_prefix("miss: "));
        misses.filter_map(|line| line.split_once(": ")).filter_map(|(name, why)| Some((name, why.split(": ").next()?))).collect()
    }
}

/// Reads these files of a folder, one after another, and last of all a sound page, which must come out; checks what it took.
fn extract(folder: &TempDir, files: &[&str]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_baotinh"))
        .args(["extract", "--jobs", "1"])
        .args(files)
        .arg("-")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{}", json!({"id": "last", "html": page("Trang cuối", "")})).expect("room in the pipe");
    let stderr = child.stderr.take().expect("a pipe");
    let told = std::thread::spawn(move || {
        let mut told = String::new();
        BufReader::new(stderr).read_to_string(&mut told).map(|_| told)
    });
    let mut records = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let record: Value = serde_json::from_str(&line.expect("UTF-8")).expect("each line is a record");
        if record["id"] == "last" {
            break;
        }
        records.push(record);
    }
    let took = took(child.id());
    drop(stdin);
    let status = child.wait().expect("it ends");
    let told: Vec<String> = told.join().expect("no panic").expect("UTF-8").lines().map(str::to_owned).collect();
    assert!(matches!(status.code(), Some(0 | 1)), "{status}: {told:?}");
    if let Some((memory, seconds)) = took {
        assert!(memory < MOST_MEMORY, "{files:?}: {memory} kB");
        #[expect(clippy::cast_precision_loss, reason = "a handful of files")]
        let most = MOST_TIME * files.len() as f64;
        assert!(seconds < most, "{files:?}: {seconds} s");
    }
    Run { records, told }
}

/// The most memory a process has had so far in kB, and the seconds of a core that it has taken.
fn took(process: u32) -> Option<(u64, f64)> {
    let of = Path::new("/proc").join(process.to_string());
    let status = fs::read_to_string(of.join("status")).ok()?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()?;
    let stat = fs::read_to_string(of.join("stat")).ok()?;
    // Behind the name in brackets, user and system time are the 12th and 13th field, in hundredths of a second.
    let ticks: f64 = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    Some((memory, ticks / 100.0))
}

/// A paragraph that nobody printed.
const STORY: &str = "Sáng nay, bà con bản Nậm Lúc ra đồng gặt lúa sớm để tránh mưa lũ cuối vụ. Các tổ đổi công giúp nhau gặt, tuốt và chở \
                     thóc về kho trước khi trời tối, nhà nào neo người được làm trước. ";

/// A page as the `ePi` system makes it, with this in the middle of its body.
fn page(title: &str, inside: &str) -> String {
    format!("{}{inside}{}", opening(title, ""), closing())
}

/// The page up to the middle of its body, with this in its head.
fn opening(title: &str, head: &str) -> String {
    format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"canonical\" href=\"https://baolaocai.vn/tin-so-post7.html\">{head}</head><body>\
         <h1 class=\"article__title cms-title\">{title}</h1><div class=\"article__sapo cms-desc\">Mở đầu của bản tin.</div>\
         <div class=\"article__body cms-body\"><p>{STORY}</p>"
    )
}

/// What follows the middle of the body.
fn closing() -> String {
    format!("<p>Cuối ngày, {STORY}</p></div></body></html>")
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("room");
    }
    folder
}

/// Writes the pages, reads them in their order, and gives what came of them.
fn read(pages: &[(&str, String)]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let names: Vec<String> = pages.iter().map(|(name, _)| format!("{name}.html")).collect();
    for ((_, html), name) in pages.iter().zip(&names) {
        fs::write(folder.path().join(name), html).expect("room");
    }
    extract(&folder, &names.iter().map(String::as_str).collect::<Vec<_>>())
}
