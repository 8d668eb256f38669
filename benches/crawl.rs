//! How near does a crawl come to the pace that it is allowed, and what does a page cost?
//!
//! Run by hand: `cargo bench --bench crawl -- pace` (four minutes; with a file of pages behind it, these are served and read
//! meanwhile) and `cargo bench --bench crawl -- whole ../shared/bench/pages.jsonl.gz`.
//! The newspapers are served by a process of their own (this program once more, with `serve`), so that what the crawl costs is what
//! this process spends.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use baotinh::crawl::{self, Settings};
use baotinh::paper::Rulebook;
use flate2::read::GzDecoder;
use serde_json::Value;

const HOSTS: usize = 20;
const PAGES: usize = 1000;
const MEAN: usize = 83_000;
const RATE: usize = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", what, path] => serve(what, path),
        ["pace"] => both(|how| pace(how, "-")),
        ["pace", path] if fs::exists(path).unwrap_or(false) => both(|how| pace(how, path)),
        ["whole", path] if fs::exists(path).unwrap_or(false) => whole(path),
        ["pace" | "whole", path] => eprintln!("SKIPPED: {path} is not there; nothing was measured"),
        _ => eprintln!("SKIPPED: say what to measure: `pace`, or `whole PAGES.jsonl.gz`"),
    }
}

fn both(measure: impl Fn(&str)) {
    ["at once", "after 200 to 400 ms"].into_iter().for_each(measure);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// The newspapers of the other process: their port, and what they tell when their stdin is closed.
struct Served {
    child: std::process::Child,
    port: u16,
}

impl Served {
    fn start(what: &str, path: &str) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut child =
            Command::new(program).args(["serve", what, path]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a child");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        Self { port: line.trim().parse().expect("a port"), child }
    }

    /// All moments of requests in microseconds, by host.
    fn end(mut self) -> HashMap<String, Vec<u64>> {
        drop(self.child.stdin.take());
        let mut told = String::new();
        self.child.stdout.take().expect("piped").read_to_string(&mut told).expect("lines");
        self.child.wait().expect("it ends");
        serde_json::from_str(&told).expect("JSON")
    }

    fn book(&self) -> &'static Rulebook {
        let mut toml = "[families.mau]\ntake.title = \"h1\"\ntake.body = \"div.bai\"\n".to_owned();
        for host in 0..HOSTS {
            let _ = write!(
                toml,
                "[papers.bao{host}]\nname = \"Báo {host}\"\nhosts = [\"bao{host}.vn\"]\nfamily = \"mau\"\nrequests_per_second = {RATE}\n\
                 start_pages = [\"http://bao{host}.vn:{}/\"]\nlanguage = \"en\"\narticle_address = '-post(?<id>\\d+)\\.html$'\n",
                self.port
            );
        }
        Box::leak(Box::new(Rulebook::read(&toml, "bench.toml").expect("sound rules")))
    }

    fn settings(&self, folder: &std::path::Path) -> Settings {
        let mut settings = Settings::new(folder);
        settings.fetch.pins = vec![format!("*:{}:127.0.0.1", self.port).parse().expect("a pin")];
        settings
    }
}

/// Twenty hosts, five requests a second each, for two minutes. The share is of all that was allowed from a host's first request to
/// its last, also while its robots.txt and its first page were on their way and nothing else could be asked.
fn pace(how: &str, path: &str) {
    let served = Served::start(how, path);
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings { max_duration: Some(Duration::from_secs(120)), ..served.settings(folder.path()) };
    runtime().block_on(crawl::run(settings, served.book(), |_| {}, std::future::pending())).expect("a sound crawl");
    let moments = served.end();
    let (mut share, mut second, mut ten, mut tightest) = (f64::INFINITY, 0, 0, u64::MAX);
    for of_host in moments.values() {
        let (Some(first), Some(last)) = (of_host.first(), of_host.last()) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
        let allowed = (last - first) as f64 / 1e6 * RATE as f64;
        #[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
        let sent = (of_host.len() - 1) as f64;
        share = share.min(sent / allowed);
        second = second.max(fullest(of_host, 1_000_000));
        ten = ten.max(fullest(of_host, 10_000_000));
        tightest = of_host.windows(RATE + 1).map(|six| six[RATE] - six[0]).fold(tightest, u64::min);
    }
    println!(
        "replies {how}: {} hosts; least share of the allowed requests {share:.4}; fullest second {second} of {RATE}, fullest ten seconds {ten} of {}, \
         one more than a second's came within {}.{:03} ms at the least",
        moments.len(),
        RATE * 10,
        tightest / 1000,
        tightest % 1000
    );
}

fn fullest(moments: &[u64], window: u64) -> usize {
    let within = |first: usize| moments[first..].iter().take_while(|at| **at - moments[first] < window).count();
    (0..moments.len()).map(within).max().unwrap_or(0)
}

/// Twenty hosts with a thousand real pages each, no pace.
fn whole(path: &str) {
    let served = Served::start("pages", path);
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings { gap: Some(Duration::ZERO), ..served.settings(folder.path()) };
    let (began, cpu) = (Instant::now(), cpu());
    let report = runtime().block_on(crawl::run(settings, served.book(), |_| {}, std::future::pending())).expect("a sound crawl");
    let (took, cpu) = (began.elapsed(), cpu_since(cpu));
    served.end();
    let sum = |count: fn(&baotinh::report::PaperReport) -> u64| report.sites.iter().map(count).sum::<u64>();
    let pages = sum(baotinh::report::PaperReport::done);
    println!(
        "{pages} pages ({} written) of {} kB mean in {:.1} s; CPU per page {:.2} ms; peak memory {} MB",
        sum(|site| site.written),
        sum(|site| site.bytes) / pages.max(1) / 1000,
        took.as_secs_f64(),
        cpu.as_secs_f64() * 1000.0 / u32::try_from(pages.max(1)).map_or(1.0, f64::from),
        peak_kib() / 1024
    );
}

/// User and system time of this process, in ticks of Linux' 1/100 s.
fn cpu() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum()
}

fn cpu_since(before: u64) -> Duration {
    Duration::from_millis((cpu() - before) * 10)
}

fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}

#[derive(Clone)]
struct Papers {
    start: Instant,
    port: u16,
    slow: bool,
    pages: Arc<Vec<String>>,
    asked: Arc<Mutex<HashMap<String, Vec<u64>>>>,
}

/// The other process: serves until its stdin is closed, then prints when it was asked.
fn serve(what: &str, path: &str) {
    let pages = if path == "-" { Vec::new() } else { saved(path) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let asked = Arc::default();
        let papers =
            Papers { start: Instant::now(), port, slow: what.starts_with("after"), pages: Arc::new(pages), asked: Arc::clone(&asked) };
        let app = Router::new().fallback(answer).with_state(papers);
        tokio::spawn(async move { axum::serve(listener, app).await });
        println!("{port}");
        std::io::stdout().flush().expect("a reader");
        let _ = tokio::task::spawn_blocking(|| std::io::stdin().read_to_string(&mut String::new())).await;
        println!("{}", serde_json::to_string(&*asked.lock().expect("sound")).expect("JSON"));
    });
}

/// Pages of about the mean size that is asked for: as they are, those that are far too large left out.
fn saved(path: &str) -> Vec<String> {
    let lines = BufReader::new(GzDecoder::new(File::open(path).expect("the pages"))).lines();
    let html = |line: std::io::Result<String>| {
        let record: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        record["html"].as_str().map(str::to_owned)
    };
    let mut pages: Vec<String> = lines.filter_map(html).collect();
    let mean = |pages: &[String]| pages.iter().map(String::len).sum::<usize>() / pages.len().max(1);
    pages.sort_by_key(String::len);
    while mean(&pages) > MEAN {
        pages.pop();
    }
    pages
}

async fn answer(State(papers): State<Papers>, uri: Uri, headers: HeaderMap) -> Response {
    let at = u64::try_from(papers.start.elapsed().as_micros()).expect("a short run");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    papers.asked.lock().expect("sound").entry(host.clone()).or_default().push(at);
    if papers.slow {
        tokio::time::sleep(Duration::from_micros(200_000 + at % 200_000)).await;
    }
    let path = uri.path();
    if path == "/" {
        let links = |n: usize| format!("<a href=\"/bai-viet-so-post{n}.html\">x</a>");
        return Html(format!("<!doctype html><html lang=vi><title>x</title>{}", (1..=PAGES).map(links).collect::<String>()))
            .into_response();
    }
    let number = path.rsplit("post").next().and_then(|rest| rest.trim_end_matches(".html").parse::<usize>().ok());
    match number {
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
        Some(_) if papers.pages.is_empty() => {
            Html("<h1>Tin ngắn</h1><div class=bai><p>Chợ phiên họp sớm.</p></div>".to_owned()).into_response()
        }
        Some(number) => {
            // Each page its own: host and number stand in it, and so no two are one article.
            let page = &papers.pages[number % papers.pages.len()];
            let mark = format!("<p>{host} {number} {}</p></body>", papers.port);
            Html(page.replacen("</body>", &mark, 1)).into_response()
        }
    }
}
