//! A newspaper on a bad day: every third answer is a fault. Does the crawl, run after run, still bring each article, whole and once?

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::encodings::gzip;
use crate::program::{MEMORY, article, baotinh, drain, path, peak_of, port};
use crate::server::{Act, Server, html, raw, redirect, reply};

const ARTICLES: u32 = 20;

const FAULTS: u64 = 24;
const BREAKS: u64 = 16;
const NOT_THERE: u64 = 18;
const EMPTY: u64 = 22;

/// The fault that one question in three gets, if this one gets any: of 24, among them those that look like an answer. Which it is
/// depends on the path and on how often it was asked for, and so on no clock.
fn fault(head: &str, seed: u64, times: u64) -> Option<Vec<Act>> {
    let mut hash = DefaultHasher::new();
    (seed, path(head), times).hash(&mut hash);
    let (falls, draw) = (hash.finish().is_multiple_of(3), hash.finish() / 3 % FAULTS);
    // Twice running these two are no fault but an answer.
    let draw = if matches!(draw, NOT_THERE | EMPTY) && times.is_multiple_of(2) { BREAKS } else { draw };
    falls.then(|| drawn(head, draw))
}

fn drawn(head: &str, draw: u64) -> Vec<Act> {
    let page = article("Một bài khác");
    let half: String = page.chars().take(900).collect();
    let length = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", page.len());
    let packed = |body: Vec<u8>| reply("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", body);
    let moment = Act::Stall(Duration::from_millis(50));
    match draw {
        0 => raw(length + &half),
        1 => raw(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n", half.len())),
        2 => raw(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\nzz\r\n", half.len())),
        3 => raw(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{half}")),
        4 => [raw(length + &half), vec![moment, Act::Reset]].concat(),
        5 => vec![Act::Reset],
        6 => Vec::new(),
        7 => raw("HTTP/1.1 200 OK\r\nContent-"),
        8 => vec![Act::Stall(Duration::from_secs(60))],
        9 => [raw(length + &half), vec![[Act::Send(b"a".to_vec()), moment]; 200].concat()].concat(),
        10 => raw("\0\x01 xin\r\n\r\n"),
        11 => raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        12 => packed(gzip(page.as_bytes())[..80].to_vec()),
        13 => packed(page.into_bytes()),
        14 => packed(gzip(&vec![b'a'; 11 << 20])),
        15 => reply("200 OK", &"X: y\r\n".repeat(200), page),
        BREAKS => reply("500 Internal Server Error", "", page),
        17 => reply("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        NOT_THERE => reply("404 Not Found", "", page),
        19 => reply("403 Forbidden", "", page),
        20 => redirect(path(head)),
        21 => redirect("http://169.254.169.254/"),
        EMPTY => html(""),
        _ => raw("HTTP/1.1 304 Not Modified\r\n\r\n"),
    }
}

fn path_of(number: u32) -> String {
    format!("/cho-phien-so-post{number}.html")
}

/// A newspaper with its feed; what of it was ever sent soundly, and the most memory that the program which asks had.
struct Storm {
    server: Server,
    sound: Arc<Mutex<BTreeSet<String>>>,
    pid: Arc<AtomicU32>,
    peak: Arc<AtomicU64>,
}

impl Storm {
    async fn start(seed: u64) -> Self {
        let (sound, pid, peak) = (Arc::<Mutex<BTreeSet<String>>>::default(), Arc::<AtomicU32>::default(), Arc::<AtomicU64>::default());
        let (sent, asking, most) = (Arc::clone(&sound), Arc::clone(&pid), Arc::clone(&peak));
        let asked = Mutex::new(HashMap::<String, u64>::new());
        let server = Server::start(move |head| {
            most.fetch_max(peak_of(asking.load(Ordering::Relaxed)).unwrap_or(0), Ordering::Relaxed);
            let times = {
                let mut asked = asked.lock().expect("nobody panics with it");
                let times = asked.entry(path(head).to_owned()).or_default();
                *times += 1;
                *times
            };
            if let Some(acts) = fault(head, seed, times) {
                return acts;
            }
            match path(head) {
                "/robots.txt" => reply("200 OK", "", "User-agent: *\nDisallow: /kin\n"),
                "/rss" => feed(port(head), ARTICLES),
                "/" => html("<!doctype html><html lang=vi><title>Báo Mẫu</title><p>Xin chào.</p></html>"),
                path => match (1..=ARTICLES).find(|number| path_of(*number) == path) {
                    Some(number) => {
                        let title = format!("Chợ phiên số {number}");
                        sent.lock().expect("nobody panics with it").insert(title.clone());
                        html(&article(&title))
                    }
                    None => reply("404 Not Found", "", ""),
                },
            }
        })
        .await;
        Self { server, sound, pid, peak }
    }

    /// One run, of two seconds and what was in hand then.
    async fn crawl(&self, home: &Path) -> (Option<i32>, String) {
        crawl(home, self.server.port, &["--timeout", "1", "--max-duration", "2s"], &self.pid).await
    }
}

/// A run with these flags; `pid` is its number while it lasts.
async fn crawl(home: &Path, port: u16, flags: &[&str], pid: &AtomicU32) -> (Option<i32>, String) {
    let mut command = baotinh();
    command.args(["crawl", "--resolve", &format!("*:{port}:127.0.0.1")]).args(flags).current_dir(home);
    let mut child = command.spawn().expect("it starts");
    pid.store(child.id(), Ordering::Relaxed);
    let (out, told) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let told = String::from_utf8(told.await.expect("a thread")).expect("UTF-8");
    assert_eq!(out.await.expect("a thread"), b"", "a crawl prints nothing");
    (child.wait().expect("it is ours").code(), told)
}

/// A folder with the rules of the paper, of which these lines say where it lists its articles.
fn home(port: u16, lists: &str) -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let rules = format!(
        "[families.mau]\ntake.title = \"h1\"\ntake.body = \"article\"\n[papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\n\
         family = \"mau\"\nrequests_per_second = 50\nstart_pages = [\"http://baomau.vn:{port}/\"]\n\
         article_address = '-post(?<id>\\d+)\\.html$'\n{}\n",
        lists.replace("{port}", &port.to_string())
    );
    fs::write(home.path().join("selectors.toml"), rules).expect("room");
    home
}

fn feed(port: &str, articles: u32) -> Vec<Act> {
    let link = |number| format!("<item><link>http://baomau.vn:{port}{}</link></item>", path_of(number));
    let items: String = (1..=articles).map(link).collect();
    let feed = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>");
    reply("200 OK", "Content-Type: application/rss+xml\r\n", feed)
}

/// So many hours go by: all that the state remembers happened so much earlier.
fn let_pass(hours: i64, home: &Path) {
    let db = Connection::open(home.join("output/.state/crawl.sqlite")).expect("a state");
    let times =
        [("addresses", &["newest", "due", "published", "first_seen", "last_seen"][..]), ("hosts", &["closed_until", "robots_at"][..])];
    for (table, columns) in times {
        for column in columns {
            db.execute(&format!("UPDATE {table} SET {column} = {column} - ?1"), [hours * 3600]).expect("a sound statement");
        }
    }
}

/// The records in the output: of each title how many, and the highest revision.
fn written(home: &Path) -> BTreeMap<String, (u64, u64)> {
    let mut written = BTreeMap::new();
    for file in fs::read_dir(home.join("output/baomau")).into_iter().flatten() {
        for line in fs::read_to_string(file.expect("a file").path()).expect("UTF-8").lines() {
            let record: Value = serde_json::from_str(line).expect("whole lines");
            assert!(record["text"].as_str().expect("a text").ends_with("mưa xuống."), "a part of an article: {line}");
            let (times, revision) = written.entry(record["title"].as_str().expect("a title").to_owned()).or_default();
            (*times, *revision) = (*times + 1, record["revision"].as_u64().expect("a number").max(*revision));
        }
    }
    written
}

async fn weather(seed: u64) {
    let storm = Storm::start(seed).await;
    let home = home(storm.server.port, "feeds = [\"http://baomau.vn:{port}/rss\"]");
    let mut runs = 0;
    // In two months of ever longer pauses every address has had all its tries.
    for pause in [1, 5, 18, 24, 24, 48, 48].into_iter().chain([96; 13]) {
        let (code, told) = storm.crawl(home.path()).await;
        runs += 1;

        assert!(matches!(code, Some(0 | 1)), "seed {seed}: {code:?}\n{told}");
        assert!(!told.contains("panicked") && !told.contains(|letter: char| letter.is_control() && letter != '\n'), "{told}");
        let_pass(pause, home.path());
        if written(home.path()).len() == ARTICLES as usize && runs > 4 {
            break;
        }
    }
    let titles: BTreeMap<String, (u64, u64)> =
        storm.sound.lock().expect("nobody panics with it").iter().map(|t| (t.clone(), (1, 1))).collect();
    assert_eq!(written(home.path()), titles, "seed {seed}");
    assert_eq!(titles.len(), ARTICLES as usize, "seed {seed}: after {runs} runs");
    let lines = fs::read_to_string(home.path().join("output/runs.jsonl")).expect("a line a run");
    let reports: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(reports.len(), runs, "seed {seed}");
    let sum: u64 = reports.iter().map(|report| report["sites"][0]["written"].as_u64().expect("a number")).sum();
    assert_eq!(sum, u64::from(ARTICLES), "seed {seed}");
    assert!(reports.iter().all(|report| matches!(report["ended"].as_str(), Some("done" | "time_up"))), "{lines}");
    let peak = storm.peak.load(Ordering::Relaxed);
    assert!(peak < MEMORY, "seed {seed}: {peak} KiB of memory");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_article_is_lost_that_any_try_brought_and_none_is_written_twice() {
    tokio::join!(weather(1), weather(2), weather(4));
}

/// A sitemap of so many addresses, each of an article of another paper.
fn sitemap(entries: usize) -> String {
    let address = |n: usize| format!("<url><loc>https://baokhac.vn/mot-bai-viet-dai-ve-mot-viec-da-qua-tu-lau-post{n}.html</loc></url>");
    format!("<?xml version=\"1.0\"?><urlset>{}</urlset>", (0..entries).map(address).collect::<String>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listing_without_measure_costs_no_memory_and_no_other_listing() {
    let (pid, peak) = (Arc::<AtomicU32>::default(), Arc::<AtomicU64>::default());
    let (asking, most) = (Arc::clone(&pid), Arc::clone(&peak));
    let packed = |text: &str| reply("200 OK", "Content-Type: application/gzip\r\n", gzip(text.as_bytes()));
    let bombs: BTreeMap<&str, Vec<Act>> = BTreeMap::from([
        ("/dai.xml.gz", packed(&sitemap(600_000))),
        ("/khong.xml.gz", reply("200 OK", "Content-Type: application/gzip\r\n", gzip(&vec![b' '; 10 << 20]).repeat(40))),
        ("/lon.xml", reply("200 OK", "Content-Type: text/xml\r\n", sitemap(90_000))),
        ("/sau.xml", html(&format!("<?xml version=\"1.0\"?><rss>{}", "<a>".repeat(3 << 20)))),
        ("/muoi.xml", html(&"<rss><channel><item><link>http://baokhac.vn/a-post1.html</link></item>".repeat(140_000))),
    ]);
    let server = Server::start(move |head| {
        most.fetch_max(peak_of(asking.load(Ordering::Relaxed)).unwrap_or(0), Ordering::Relaxed);
        match path(head) {
            "/robots.txt" => reply("404 Not Found", "", ""),
            "/rss" => feed(port(head), 3),
            "/" => html("<!doctype html><html lang=vi><title>Báo Mẫu</title><p>Xin chào.</p></html>"),
            path => bombs.get(path).cloned().unwrap_or_else(|| html(&article(&format!("Chợ phiên {path}")))),
        }
    })
    .await;
    let lists = "sitemaps = [\"http://baomau.vn:{port}/dai.xml.gz\", \"http://baomau.vn:{port}/khong.xml.gz\", \"http://baomau.vn:{port}/lon.xml\"]\n\
                 feeds = [\"http://baomau.vn:{port}/sau.xml\", \"http://baomau.vn:{port}/muoi.xml\", \"http://baomau.vn:{port}/rss\"]";
    let home = home(server.port, lists);
    let (code, told) = crawl(home.path(), server.port, &["--timeout", "60"], &pid).await;
    assert!(matches!(code, Some(0 | 1)), "{code:?} {told}");
    assert_eq!(written(home.path()).len(), 3, "{told}");
    let peak = peak.load(Ordering::Relaxed);
    assert!(peak < MEMORY, "{peak} KiB of memory\n{told}");
}
