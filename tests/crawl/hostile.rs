//! Does a newspaper that turned against its readers cost a crawl little, and none of its other articles?

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Child;

use serde_json::Value;

use crate::newspaper::{Instead, Newspaper, path_of};
use crate::program::{crawl, home};
use crate::{records, written};

const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "application/xml";

/// The most memory that a crawl may take at any moment, in kB.
const MOST_MEMORY: u64 = 150_000;

/// Waits for the crawl's end; what it said, its code, and the most memory that it had, as far as Linux told while it ran.
fn watched(mut child: Child) -> (Option<i32>, String, u64) {
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let memory =
        || fs::read_to_string(&status).ok()?.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    let mut stderr = child.stderr.take().expect("a pipe");
    let told = std::thread::spawn(move || {
        let mut told = String::new();
        std::io::Read::read_to_string(&mut stderr, &mut told).map(|_| told)
    });
    let mut most = 0;
    while child.try_wait().expect("our child").is_none() {
        most = memory().unwrap_or(0).max(most);
        std::thread::park_timeout(std::time::Duration::from_millis(2));
    }
    (child.wait().expect("our child").code(), told.join().expect("no panic").expect("UTF-8"), most)
}

async fn crawled(paper: &Newspaper, home: &Path) -> (Option<i32>, String) {
    let child = crawl(paper, home, &[]).spawn().expect("it starts");
    let (code, told, memory) = tokio::task::spawn_blocking(move || watched(child)).await.expect("a thread");
    assert!(memory < MOST_MEMORY, "{memory} kB");
    (code, told)
}

/// The missed of the only run, by name.
fn missed(home: &Path) -> Value {
    let runs = fs::read_to_string(home.join("output/runs.jsonl")).expect("a run");
    let run: Value = serde_json::from_str(runs.lines().last().expect("a run")).expect("JSON");
    run["sites"][0]["missed"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_articles_have_names_and_the_others_are_written() {
    let paper = Newspaper::start(12).await;
    let home = home(&paper);
    let text = "Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội. ".repeat(5);
    let page = |title: &str, head: &str, inside: &str| {
        format!("<!doctype html><html lang=vi>{head}<h1>{title}</h1><div class=bai><p>{text}</p>{inside}<p>Cuối buổi, {text}</p></div>")
            .into_bytes()
    };
    let canonical = |to: &str| format!("<link rel=canonical href=\"{to}\">");
    let bodies = [
        (1, page("Sâu", "", &"<div>".repeat(100_000))),
        (2, page("Rộng", "", &"<p>x".repeat(400_000))),
        (3, page("Của người khác", &canonical("https://bao-khac.vn/tin-post99.html"), "")),
        (4, page("Lối lạ", &canonical("../../../etc/passwd"), "")),
        (5, page("Mã lạ", &canonical("javascript:alert(1)"), "")),
        (6, page("Đổi \u{1b}[2J\u{202e}màu", "<base href=\"//bao-khac.vn/\">", "<img src=\"/../../etc/passwd\">")),
        (7, page(&"dài ".repeat(500_000), "", "")),
        (8, page("Chữ", "", &format!("<p>{}", "lúa chín ".repeat(200_000)))),
    ];
    for (number, body) in bodies {
        paper.instead(&path_of(number), Instead::Body(HTML, body));
    }
    let (code, told) = crawled(&paper, home.path()).await;
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(missed(home.path()), serde_json::json!({"no_title": 1, "too_large": 1}));
    let counts = written(&home.path().join("output"));
    assert_eq!((counts.len(), counts.values().sum::<usize>()), (10, 10), "{:?}", counts.keys());
    let own = |number: u32| format!("http://baomau.vn:{}{}", paper.port, path_of(number));
    for record in records(&home.path().join("output")) {
        let url = record["url"].as_str().expect("an address");
        assert!((1..=12).any(|number| url == own(number)), "{url}");
        assert!(!record["title"].as_str().expect("a title").contains(['\u{1b}', '\u{202e}']));
    }
    let folders: Vec<_> =
        fs::read_dir(home.path().join("output")).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(folders.len(), 3, "nothing of a page names a place: {folders:?}");
}

/// A sitemap of a million addresses, packed.
fn million() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"<urlset>").expect("a Vec takes everything");
    for number in 0..1_000_000 {
        write!(packed, "<url><loc>http://baomau.vn/khong-co-post{number}.htm</loc></url>").expect("a Vec takes everything");
    }
    packed.finish().expect("a Vec takes everything")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_listings_cost_none_of_the_articles_that_others_list() {
    let index = |port: u16| {
        let names = ["/sitemap.xml", "/million.xml.gz", "/laughs.xml", "/feed.xml", "/half.xml", "/html.xml", "/empty.xml"];
        let entries = names.map(|name| format!("<sitemap><loc>http://baomau.vn:{port}{name}</loc></sitemap>")).concat();
        let away = "<sitemap><loc>https://bao-khac.vn/s.xml</loc></sitemap><sitemap><loc>file:///etc/passwd</loc></sitemap>";
        format!("<sitemapindex>{entries}{away}</sitemapindex>").into_bytes()
    };
    let paper = Newspaper::start(6).await;
    let home = home(&paper);
    let laugh = |n: u32| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    let laughs = (1..30).fold(String::new(), |all, n| all + &laugh(n));
    let robots = format!("User-agent: *\nSitemap: http://baomau.vn:{}/sitemap.xml\n{}", paper.port, "Disallow: /*a*b*c*d\n".repeat(20_000));
    let feed = (0..100_000).fold(String::new(), |all, n| all + &format!("<item><link>http://baomau.vn/x-{n}</link></item>"));
    for (path, kind, body) in [
        ("/robots.txt", "text/plain", robots.into_bytes()),
        ("/sitemap.xml", XML, index(paper.port)),
        ("/million.xml.gz", "application/gzip", million()),
        (
            "/laughs.xml",
            XML,
            format!("<!DOCTYPE x [<!ENTITY a0 \"ha\">{laughs}]><urlset><url><loc>&a29;</loc></url></urlset>").into_bytes(),
        ),
        ("/feed.xml", XML, format!("<rss version=\"2.0\"><channel><title>x</title>{feed}</channel></rss>").into_bytes()),
        ("/half.xml", XML, b"<urlset><url><loc>http://baomau.vn/x".to_vec()),
        ("/html.xml", HTML, "<!doctype html>".repeat(10_000).into_bytes()),
        ("/empty.xml", XML, Vec::new()),
    ] {
        paper.instead(path, Instead::Body(kind, body));
    }
    let (code, told) = crawled(&paper, home.path()).await;
    assert!(matches!(code, Some(0 | 1)), "{told}");
    let counts = written(&home.path().join("output"));
    assert_eq!((counts.len(), counts.values().sum::<usize>()), (6, 6), "{told}");
    let asked = paper.take_asked();
    let times = |path: &str| asked.iter().filter(|(asked, _)| asked == path).count();
    assert_eq!((times("/sitemap.xml"), times("/million.xml.gz"), times("/laughs.xml")), (1, 1, 1), "{asked:?}");
}
