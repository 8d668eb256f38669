//! How fast are lines committed, and what does a frontier of 1,000,000 addresses cost? `cargo bench --bench frontier` prints it.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use baotinh::frontier::{Fate, Frontier, Key, Kind, Link, Settlement};
use baotinh::ledger::{Ledger, Line};
use baotinh::output::Place;
use jiff::Timestamp;
use jiff::civil::date;

const ADDRESSES: usize = 1_000_000;
const PAPERS: usize = 50;
const AT_ONCE: usize = 10_000;

fn link(n: usize) -> Link {
    let url = format!("https://baoxyz{}.vn/thoi-su/mot-bai-bao-co-tieu-de-dai-vua-phai-cua-tinh-{n}.html", n % PAPERS);
    Link { key: Key::of(&url), url, kind: Kind::Article, newest: None }
}

/// The most memory that this process ever had in use, in MB. Where the system does not tell it so: nothing.
fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0.0);
    kilobytes / 1024.0
}

fn fill(path: &Path, now: Timestamp) {
    let mut frontier = Frontier::open(path).expect("a new state");
    let (mut slowest, start) = (0.0_f64, Instant::now());
    for from in (0..ADDRESSES).step_by(AT_ONCE) {
        let links: Vec<Link> = (from..from + AT_ONCE).map(link).collect();
        let began = Instant::now();
        let paper = (from / AT_ONCE) % PAPERS;
        frontier.offer(&format!("paper{paper}"), &links, now, usize::MAX).expect("room");
        frontier.commit().expect("room");
        slowest = slowest.max(began.elapsed().as_secs_f64());
    }
    println!("offer {ADDRESSES} addresses, {AT_ONCE} at once: {:.1} s, the slowest of them {slowest:.2} s", start.elapsed().as_secs_f64());
}

fn open(path: &Path, now: Timestamp) {
    let start = Instant::now();
    let mut frontier = Frontier::open(path).expect("a sound state");
    let opened = start.elapsed();
    let start = Instant::now();
    for paper in 0..PAPERS {
        black_box(frontier.next(&format!("paper{paper}"), now, 20).expect("a sound state"));
    }
    println!("open it: {:.1} ms, the first 20 of each of {PAPERS} papers: {:.1} ms", millis(opened), millis(start.elapsed()));
    let known: Vec<Link> = (0..AT_ONCE).map(link).collect();
    let start = Instant::now();
    frontier.offer("paper0", &known, now, usize::MAX).expect("room");
    frontier.commit().expect("room");
    println!("offer {AT_ONCE} known addresses: {:.1} ms", millis(start.elapsed()));
    println!("the file has {:.0} MB", megabytes(path));
}

fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(path: &Path) -> f64 {
    fs::metadata(path).map_or(0.0, |file| file.len() as f64 / 1_048_576.0)
}

/// Commits lines of 5 kB of 20 papers, so many in a group.
fn lines(group: usize, groups: usize, now: Timestamp) {
    let folder = tempfile::tempdir().expect("a folder");
    let day = date(2026, 6, 1);
    let mut ledger = Ledger::open(folder.path(), day).expect("a new folder");
    let count = group * groups;
    let links: Vec<Link> = (0..count).map(link).collect();
    ledger.frontier(|frontier| frontier.offer("paper", &links, now, count)).expect("room");
    ledger.commit().expect("room");
    let text = format!("{{\"text\":\"{}\"}}", "Tỉnh có thêm một cây cầu. ".repeat(160));
    let sites: Vec<String> = (0..20).map(|n| format!("bao{n}")).collect();
    let start = Instant::now();
    for (n, link) in links.iter().enumerate() {
        let settlement = Settlement::new(link.key, Fate::Written { revision: 1 }, now);
        let place = Place::Articles { site: &sites[n % sites.len()], day };
        ledger.settle(&settlement, Some(Line { place, text: &text })).expect("room");
        if (n + 1) % group == 0 {
            ledger.commit().expect("room");
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let pace = count as f64 / start.elapsed().as_secs_f64();
    println!("groups of {group} lines: {pace:.0} lines a second on the disk");
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("crawl.sqlite");
    let now = Timestamp::now();
    let before = memory();
    fill(&path, now);
    open(&path, now);
    println!("all of this added at most {:.1} MB of memory", memory() - before);
    for (group, groups) in [(1, 200), (16, 40), (256, 20)] {
        lines(group, groups, now);
    }
}
