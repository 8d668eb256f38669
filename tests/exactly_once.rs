//! Does a writer that is killed at random instants, or whose files may not grow, write each line exactly once?
//!
//! The writer is this very test program, started anew with a folder in its environment.
#![cfg(all(unix, feature = "crawl"))]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use baotinh::frontier::{Fate, Key, Kind, Link, Settled, Settlement};
use baotinh::ledger::{Fault, Ledger, Line};
use baotinh::output::Place;
use jiff::Timestamp;
use jiff::civil::{Date, date};

const FOLDER: &str = "BAOTINH_TEST_FOLDER";
const LINES: u32 = 2000;
const DAY: Date = date(2026, 6, 1);
const SITES: [&str; 3] = ["baoha", "baonam", "baotay"];

fn url(n: u32) -> String {
    format!("https://a.vn/bai-viet-post{n}.html")
}

/// A line of 30 to 12,000 bytes.
fn line(n: u32) -> String {
    let text = "Tỉnh có thêm một cây cầu. ".repeat(usize::try_from(n * n % 331).expect("small"));
    format!("{{\"n\":{n},\"text\":\"{text}\"}}")
}

/// Writes what is not written yet, in groups of 1 to 40 lines, and tells each step on stdout.
fn write(folder: &Path) -> Result<(), Fault> {
    let mut ledger = Ledger::open(folder, DAY)?;
    let now = Timestamp::UNIX_EPOCH;
    let links: Vec<Link> = (0..LINES).map(|n| Link { key: Key::of(&url(n)), url: url(n), kind: Kind::Article, newest: None }).collect();
    ledger.frontier(|frontier| frontier.offer("a", &links, now, links.len()))?;
    loop {
        let most = fastrand::usize(1..=40);
        let tasks = ledger.frontier(|frontier| frontier.next("a", now, most))?;
        if tasks.is_empty() {
            return ledger.close().map(drop);
        }
        for task in tasks {
            let number = task.url.trim_start_matches("https://a.vn/bai-viet-post").trim_end_matches(".html");
            let n: u32 = number.parse().expect("our own address");
            let place = Place::Articles { site: SITES[n as usize % SITES.len()], day: DAY };
            let settlement = Settlement::new(task.key, Fate::Written { revision: 1 }, now);
            let settled = ledger.settle(&settlement, Some(Line { place, text: &line(n) }))?;
            assert!(matches!(settled, Settled::Noted { .. }), "{n} was handed out though it is written");
            println!("settled");
        }
        ledger.commit()?;
        println!("committed");
    }
}

/// The numbers in the output, each once; and whether a file ends in the middle of a line.
fn written(folder: &Path) -> (BTreeSet<u32>, bool) {
    let (mut numbers, mut torn) = (BTreeSet::new(), false);
    for site in SITES {
        let file = fs::read(folder.join(site).join("2026-06-01.jsonl")).unwrap_or_default();
        let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
        torn |= !lines.pop().unwrap_or_default().is_empty();
        for bytes in lines {
            let record: serde_json::Value = serde_json::from_slice(bytes).expect("valid JSON");
            let n = u32::try_from(record["n"].as_u64().expect("a number")).expect("small");
            assert_eq!(bytes, line(n).as_bytes());
            assert!(numbers.insert(n), "{n} stands there twice");
        }
    }
    (numbers, torn)
}

fn fates(folder: &Path) -> BTreeMap<&'static str, u32> {
    let mut ledger = Ledger::open(folder, DAY).expect("a sound folder");
    let mut fates = BTreeMap::new();
    for n in 0..LINES {
        let fate = ledger.frontier(|frontier| frontier.fate(Key::of(&url(n)))).expect("a sound state");
        *fates.entry(fate.expect("offered").name()).or_default() += 1;
    }
    fates
}

fn assert_all_there(folder: &Path) {
    let (numbers, torn) = written(folder);
    assert!(!torn);
    assert_eq!(numbers, (0..LINES).collect());
    assert_eq!(fates(folder), BTreeMap::from([("written", LINES)]));
}

fn writer(folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a name"));
    command.args(["a_writer_whom_nobody_disturbs_writes_each_line_once", "--exact", "--nocapture"]).env(FOLDER, folder);
    command
}

/// Without a folder in the environment an ordinary test; with one, the writer of the others.
#[test]
fn a_writer_whom_nobody_disturbs_writes_each_line_once() {
    if let Some(folder) = env::var_os(FOLDER) {
        if let Err(fault) = write(Path::new(&folder)) {
            eprintln!("fault: {fault}");
            std::process::exit(2);
        }
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path()).expect("room");
    assert_all_there(folder.path());
}

/// Lets a writer work until it has told so many steps and some microseconds more, and kills it. Whether it was done before that.
fn kill_after(folder: &Path, steps: usize, micros: u64) -> bool {
    let mut child = writer(folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a process");
    let told = BufReader::new(child.stdout.take().expect("piped")).lines();
    let told = told.map_while(Result::ok).filter(|line| line.ends_with("settled") || line.ends_with("committed"));
    let is_done = told.take(steps).count() < steps;
    if is_done {
        assert!(child.wait().expect("our child").success());
        return true;
    }
    let until = Instant::now() + Duration::from_micros(micros);
    while Instant::now() < until {
        std::hint::spin_loop();
    }
    child.kill().expect("our child");
    child.wait().expect("our child");
    false
}

#[test]
fn forty_kills_at_random_instants_lose_double_and_tear_nothing() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    fastrand::seed(seed);
    let (mut kills, mut torn_files) = (0, 0);
    while kills < 40 {
        let folder = tempfile::tempdir().expect("a folder");
        while !kill_after(folder.path(), fastrand::usize(1..160), fastrand::u64(0..3000)) {
            kills += 1;
            torn_files += u32::from(written(folder.path()).1);
        }
        assert_all_there(folder.path());
    }
    println!("{kills} kills, after {torn_files} of which a line was torn");
}

/// The limit on file sizes stands for a full disk: a write that passes it is cut short, and the next one fails.
#[test]
fn a_disk_that_fills_up_stops_the_writer_and_more_room_lets_it_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut full, mut before) = (0, 0);
    for blocks in (100..40_000).step_by(700) {
        let writer = writer(folder.path());
        let (program, arguments) = (writer.get_program(), writer.get_args());
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh"]);
        shell.arg(program).args(arguments).env(FOLDER, folder.path()).stdout(Stdio::null());
        let ended = shell.output().expect("a shell");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        let (numbers, torn) = written(folder.path());
        assert!(!torn, "a writer that stops by itself leaves no torn line");
        assert!(numbers.len() >= before, "nothing is taken away");
        before = numbers.len();
        if ended.status.success() {
            assert!(full >= 3, "{full}");
            return assert_all_there(folder.path());
        }
        assert_eq!(ended.status.code(), Some(2), "{said}");
        // SQLite tells a full disk from this limit, and calls this one an I/O error.
        assert!(said.contains("no room for what is to be written") || said.contains("disk I/O error"), "{said}");
        full += 1;
    }
    panic!("the writer never ended");
}
