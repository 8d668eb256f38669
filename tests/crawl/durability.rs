//! Two thousand articles, and a program that is killed forty times, or finds its disk full over and over: is each written once, and no
//! page fetched again after its line was committed?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::Value;
use tokio::sync::watch;

const PAPERS: usize = 10;
const EACH: usize = 200;

/// A paper and the number of its article.
type Which = (usize, usize);

/// Ten newspapers on one port, and what was asked of them.
#[derive(Clone)]
struct Newspapers {
    port: u16,
    asked: Arc<Mutex<Vec<Which>>>,
    count: watch::Sender<usize>,
}

impl Newspapers {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let papers = Self { port: listener.local_addr().expect("bound").port(), asked: Arc::default(), count: watch::channel(0).0 };
        let app = Router::new().fallback(answer).with_state(papers.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        papers
    }

    /// The articles that were asked for since the last time.
    fn take_asked(&self) -> Vec<Which> {
        std::mem::take(&mut *self.asked.lock().expect("nobody panics with it"))
    }

    /// A folder with the papers' selectors.toml.
    fn furnish(&self, folder: &Path) {
        let mut toml = "[families.mau]\ntake.title = \"h1\"\ntake.body = \"div.bai\"\n".to_owned();
        for paper in 0..PAPERS {
            let _ = write!(
                toml,
                "[papers.bao{paper}]\nname = \"Báo {paper}\"\nhosts = [\"bao{paper}.vn\"]\nfamily = \"mau\"\nrequests_per_second = 50\n\
                 start_pages = [\"http://bao{paper}.vn:{}/\"]\narticle_address = '-post(?<id>\\d+)\\.html$'\n",
                self.port
            );
        }
        fs::write(folder.join("selectors.toml"), toml).expect("room");
    }

    fn crawl(&self, home: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
        command.args(["crawl", "-q", "--resolve", &format!("*:{}:127.0.0.1", self.port)]).current_dir(home);
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(variable);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

async fn answer(State(papers): State<Newspapers>, uri: Uri, headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let paper: usize = host.trim_start_matches("bao").split('.').next().and_then(|n| n.parse().ok()).expect("one of our papers");
    let number = uri.path().strip_prefix("/cho-phien-post").and_then(|rest| rest.strip_suffix(".html")?.parse::<usize>().ok());
    match (uri.path(), number) {
        ("/", _) => {
            let links: String = (1..=EACH)
                .rev()
                .flat_map(|n| ["<a href=\"/cho-phien-post".to_owned(), n.to_string(), ".html\">x</a>".to_owned()])
                .collect();
            Html(format!("<!doctype html><html lang=vi><title>Báo {paper}</title>{links}")).into_response()
        }
        (_, Some(number)) => {
            papers.asked.lock().expect("nobody panics with it").push((paper, number));
            papers.count.send_modify(|count| *count += 1);
            let text =
                "Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội. ".repeat(5 + number % 40);
            let page = format!(
                "<!doctype html><html lang=vi><h1>Chợ {paper} phiên {number}</h1><div class=bai><p>{text}</p><p>{number}. {text}</p></div>"
            );
            Html(page).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// How often each article stands in the output. Whole lines alone: a kill may tear the last one, until the next start mends it.
fn written(home: &Path) -> BTreeMap<Which, usize> {
    let mut counts = BTreeMap::new();
    for paper in 0..PAPERS {
        let Ok(files) = fs::read_dir(home.join(format!("output/bao{paper}"))) else { continue };
        for file in files {
            let text = fs::read(file.expect("a file").path()).expect("readable");
            let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            for line in std::str::from_utf8(&text[..whole]).expect("UTF-8").lines() {
                let record: Value = serde_json::from_str(line).expect("a whole line is JSON");
                let url = record["url"].as_str().expect("an address");
                let number = url.rsplit("post").next().and_then(|rest| rest.strip_suffix(".html")?.parse().ok()).expect("a number");
                *counts.entry((paper, number)).or_default() += 1;
            }
        }
    }
    counts
}

/// Since the last look: nothing was asked for that was written by then; and what is written by now.
fn look(papers: &Newspapers, home: &Path, before: &BTreeSet<Which>) -> BTreeSet<Which> {
    let again: Vec<Which> = papers.take_asked().into_iter().filter(|which| before.contains(which)).collect();
    assert_eq!(again, [], "fetched though their lines were written");
    let now = written(home);
    assert!(now.values().all(|times| *times == 1), "{:?}", now.iter().find(|(_, times)| **times > 1));
    let now: BTreeSet<Which> = now.into_keys().collect();
    assert!(now.is_superset(before), "what was written has gone");
    now
}

async fn wait(mut child: Child) -> (Option<i32>, String) {
    let told = tokio::task::spawn_blocking(move || {
        let mut told = String::new();
        std::io::Read::read_to_string(child.stderr.as_mut().expect("piped"), &mut told).expect("UTF-8");
        (child.wait().expect("ours").code(), told)
    });
    told.await.expect("a thread")
}

fn all() -> BTreeSet<Which> {
    (0..PAPERS).flat_map(|paper| (1..=EACH).map(move |number| (paper, number))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_forty_times_it_writes_each_of_two_thousand_articles_once_and_fetches_none_again() {
    const KILLS: usize = 40;
    let (papers, home) = (Newspapers::start().await, tempfile::tempdir().expect("a folder"));
    papers.furnish(home.path());
    let mut done = BTreeSet::new();
    let mut killed = 0;
    let began = Instant::now();
    while killed < KILLS {
        assert!(began.elapsed() < Duration::from_secs(300), "{killed} kills in five minutes");
        let mut child = papers.crawl(home.path()).spawn().expect("it starts");
        // At a random article of this run, and within the next few milliseconds; now and then before the first. On average each of the
        // runs that are to come has its share of what is left.
        let share = (PAPERS * EACH - done.len()) / (KILLS - killed + 1);
        let until = *papers.count.borrow() + fastrand::usize(0..share * 2);
        let mut count = papers.count.subscribe();
        let _ = tokio::time::timeout(Duration::from_secs(2), count.wait_for(|count| *count >= until)).await;
        let instant = Instant::now() + Duration::from_micros(fastrand::u64(0..8_000));
        while Instant::now() < instant {
            std::hint::spin_loop();
        }
        killed += usize::from(child.try_wait().expect("a child").is_none());
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
        done = look(&papers, home.path(), &done);
        assert!(done.len() < PAPERS * EACH, "the crawl was over after {killed} kills");
    }
    println!(
        "killed {killed} times in {:.0} s; {} articles asked for, {} written",
        began.elapsed().as_secs_f64(),
        *papers.count.borrow(),
        done.len()
    );
    let (code, told) = wait(papers.crawl(home.path()).spawn().expect("it starts")).await;
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(look(&papers, home.path(), &done), all());
}

/// A file system in memory, of so many kilobytes.
struct Disk(PathBuf);

impl Disk {
    /// `None` where this user may not mount one.
    fn new(folder: &Path, kilobytes: usize) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "baotinh-test"]).arg(folder);
        let mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        mounted.then(|| Self(folder.to_owned()))
    }

    fn grow(&self, kilobytes: usize) {
        let size = format!("remount,size={kilobytes}k");
        let status = Command::new("mount").args(["-o", &size]).arg(&self.0).status().expect("mount is there");
        assert!(status.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_is_full_over_and_over_it_stops_cleanly_and_goes_on_with_what_is_left() {
    let (papers, home) = (Newspapers::start().await, tempfile::tempdir().expect("a folder"));
    let mut size = 640;
    let Some(disk) = Disk::new(home.path(), size) else {
        eprintln!("SKIPPED: this user may not mount a file system; nothing was tested");
        return;
    };
    papers.furnish(home.path());
    let mut done = BTreeSet::new();
    let mut full = 0;
    loop {
        let (code, told) = wait(papers.crawl(home.path()).spawn().expect("it starts")).await;
        done = look(&papers, home.path(), &done);
        if code == Some(0) {
            break;
        }
        assert_eq!((code, told.lines().count()), (Some(2), 1), "{told}");
        assert!(told.contains("no room"), "{told}");
        full += 1;
        size += 1280;
        assert!(size < 40_000, "still full: {told}");
        disk.grow(size);
    }
    assert!(full >= 5, "{full}");
    assert_eq!(done, all());
    println!("found its disk full {full} times");
}
