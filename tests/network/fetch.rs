//! One request, one reply: every way in which it can go wrong has its name.

use std::io::Write;
use std::time::Duration;

use baotinh::fetch::{Ask, Bound, Failure, Fetcher, Limits, Proxies, Reply, Settings};
use flate2::Compression;
use flate2::write::GzEncoder;
use url::Url;

use crate::server::{Act, Server, html, raw, redirect, reply};

/// Limits that a test can wait for.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(2),
        total: Duration::from_millis(1500),
        silence: Duration::from_millis(500),
        speed: 1000,
        grace: Duration::from_millis(200),
        body: 100_000,
        headers: 64 * 1024,
    }
}

fn settings(server: &Server) -> Settings {
    let pin = format!("baotinhmau.vn:{}:127.0.0.1", server.port).parse().expect("a pin");
    Settings { limits: limits(), pins: vec![pin], ..Settings::default() }
}

async fn fetch_with(settings: &Settings, url: &str) -> Result<Reply, Failure> {
    let url = Url::parse(url).expect("an address");
    Fetcher::new(settings).expect("good settings").fetch(Ask::new(&url, Bound::Whole(settings.limits.body))).await
}

/// Fetches `/` of a server that answers with these acts.
async fn fetch(acts: Vec<Act>) -> Result<Reply, Failure> {
    let server = Server::start(move |_| acts.clone()).await;
    fetch_with(&settings(&server), &format!("http://baotinhmau.vn:{}/", server.port)).await
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).expect("memory takes it");
    gzip.finish().expect("memory takes it")
}

fn encoded(encoding: &str, body: impl AsRef<[u8]>) -> Vec<Act> {
    reply("200 OK", &format!("Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n"), body)
}

#[tokio::test]
async fn a_good_answer_comes_whole_with_its_headers() {
    let headers = "Content-Type: text/html; charset=utf-8\r\nETag: \"a1\"\r\nLast-Modified: Sat, 31 Jan 2026 01:00:00 GMT\r\n";
    let reply = fetch(reply("200 OK", headers, "<p>Chào</p>")).await.expect("an answer");
    assert_eq!((reply.status, reply.body.as_slice()), (200, "<p>Chào</p>".as_bytes()));
    assert_eq!(reply.headers.etag.as_deref(), Some("\"a1\""));
    let asked = Url::parse("http://baotinhmau.vn/cu").expect("an address");
    let page = reply.into_page(&asked);
    assert_eq!(page.url.as_deref(), Some("http://baotinhmau.vn/cu"));
    assert!(page.final_url.is_some_and(|url| url.ends_with('/')));
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.last_modified.as_deref(), Some("Sat, 31 Jan 2026 01:00:00 GMT"));
}

#[tokio::test]
async fn a_bomb_that_is_not_gzip_is_not_a_page_either() {
    // A body of exactly the limit is whole; one byte more is not.
    for (size, whole) in [(100_000, true), (100_001, false)] {
        let page = encoded("gzip", gzip(&vec![b'a'; size]));
        assert_eq!(fetch(page).await.is_ok(), whole, "{size}");
    }
}

#[tokio::test]
async fn of_what_nobody_reads_a_beginning_is_enough() {
    for kind in ["image/jpeg", "application/pdf", "video/mp4", "application/zip"] {
        let large = reply("200 OK", &format!("Content-Type: {kind}\r\n"), vec![0; 300_000]);
        assert_eq!(fetch(large).await.expect(kind).body.len(), 64 * 1024, "{kind}");
    }
    let svg = reply("200 OK", "Content-Type: application/rss+xml\r\n", vec![b' '; 300_000]);
    assert_eq!(fetch(svg).await.expect_err("a feed is read whole").name(), "too_large");
}

#[tokio::test]
async fn redirects_and_errors_are_answers_even_with_bad_bodies() {
    let cut = "Content-Length: 100\r\n\r\nabc";
    for (status, to) in [("302 Found", Some("/moi")), ("404 Not Found", None), ("503 Busy", None), ("304 Not Modified", None)] {
        let location = to.map(|to| format!("Location: {to}\r\n")).unwrap_or_default();
        let reply = fetch(raw(format!("HTTP/1.1 {status}\r\n{location}{cut}"))).await.expect(status);
        assert_eq!(reply.redirect(), to, "{status}");
    }
    let answer = fetch(redirect("/tin/thời-sự")).await.expect("an answer");
    assert_eq!(answer.redirect(), Some("/tin/thời-sự"));
    assert_eq!(fetch(reply("204 No Content", "", "")).await.expect("an answer").body, b"");
}

#[tokio::test]
async fn only_the_first_bytes_are_read_where_only_they_are_asked_for() {
    let server = Server::start(|_| vec![Act::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Act::Forever(vec![b'a'; 1000])]).await;
    let url = Url::parse(&format!("http://baotinhmau.vn:{}/robots.txt", server.port)).expect("an address");
    let fetcher = Fetcher::new(&settings(&server)).expect("good settings");
    let reply = fetcher.fetch(Ask::new(&url, Bound::First(5000))).await.expect("an answer");
    assert_eq!(reply.body.len(), 5000);
}

#[tokio::test]
async fn we_say_who_we_are_and_what_we_know() {
    let server = Server::start(|_| reply("304 Not Modified", "", "")).await;
    let settings = Settings { user_agent: "baotinh/0 (+mailto:a@b.vn)".to_owned(), ..settings(&server) };
    let url = Url::parse(&format!("http://ai:biet@baotinhmau.vn:{}/#cuoi", server.port)).expect("an address");
    let ask = Ask { etag: Some("W/\"x\""), last_modified: Some("Sat, 31 Jan 2026 01:00:00 GMT"), ..Ask::new(&url, Bound::Whole(9)) };
    let reply = Fetcher::new(&settings).expect("good settings").fetch(ask).await.expect("an answer");
    assert_eq!(reply.status, 304);
    let head = server.heads().concat().to_ascii_lowercase();
    for line in [
        "get / http/1.1",
        "user-agent: baotinh/0 (+mailto:a@b.vn)",
        "if-none-match: w/\"x\"",
        "if-modified-since: sat, 31 jan 2026 01:00:00 gmt",
        "accept-encoding: ",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    for absent in ["authorization", "cookie", "biet", "cuoi"] {
        assert!(!head.contains(absent), "{absent} in {head}");
    }
}

#[tokio::test]
async fn a_name_that_leads_home_is_refused_unless_that_is_allowed() {
    let server = Server::start(|_| html("in")).await;
    let url = format!("http://localhost:{}/", server.port);
    let open = Settings { limits: limits(), allow_private: true, ..Settings::default() };
    assert_eq!(fetch_with(&open, &url).await.map(|reply| reply.status), Ok(200));
    // A pin opens its own name at its own port, and nothing else.
    let pinned = settings(&server);
    for (host, name) in [("127.0.0.1", "private_address"), ("localhost", "private_address")] {
        let failure = fetch_with(&pinned, &format!("http://{host}:{}/", server.port)).await.expect_err(host);
        assert_eq!(failure.name(), name);
    }
    let every = Settings { pins: vec![format!("*:{}:127.0.0.1", server.port).parse().expect("a pin")], ..settings(&server) };
    for host in ["baomau.vn", "localhost", "127.0.0.1"] {
        assert_eq!(fetch_with(&every, &format!("http://{host}:{}/", server.port)).await.map(|reply| reply.status), Ok(200));
    }
}

#[tokio::test]
async fn a_name_without_address_and_a_port_without_server_are_named() {
    let careful = Settings { limits: limits(), allow_private: true, ..Settings::default() };
    // No resolver asks anybody for a label of more than 63 letters (RFC 1035 §2.3.4).
    let long = format!("http://{}.vn/", "a".repeat(64));
    assert_eq!(fetch_with(&careful, &long).await.expect_err("no such name").name(), "dns");
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    assert_eq!(fetch_with(&careful, &format!("http://{free}/")).await.expect_err("nobody there").name(), "connect");
    assert_eq!(fetch_with(&careful, "ftp://baotinhmau.vn/").await.expect_err("not the web").name(), "not_web");
}

fn proxies(named: &'static [(&'static str, String)]) -> Proxies {
    Proxies::named_by(|name| named.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())).expect("good proxies")
}

#[tokio::test]
async fn proxies_are_gone_through_but_open_no_private_address() {
    let proxy = Server::start(|head| if head.starts_with("CONNECT") { reply("403 No", "", "") } else { html("qua") }).await;
    let direct = Server::start(|_| html("thẳng")).await;
    // The proxy's own name is a private one: the operator named it.
    let at = format!("http://localhost:{}", proxy.port);
    let named: &'static _ =
        vec![("HTTP_PROXY", at.clone()), ("https_proxy", at.trim_start_matches("http://").to_owned()), ("NO_PROXY", "gan.vn".to_owned())]
            .leak();
    let pin = format!("gim.vn:{}:127.0.0.1", direct.port).parse().expect("a pin");
    let settings = Settings { limits: limits(), proxies: proxies(named), pins: vec![pin], ..Settings::default() };
    assert_eq!(fetch_with(&settings, "http://baotinhmau.vn/a").await.map(|reply| reply.body), Ok(b"qua".to_vec()));
    assert_eq!(fetch_with(&settings, "https://baotinhmau.vn/b").await.expect_err("no tunnel").name(), "connect");
    for private in ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/", &at] {
        assert_eq!(fetch_with(&settings, private).await.expect_err(private).name(), "private_address");
    }
    let pinned = fetch_with(&settings, &format!("http://gim.vn:{}/", direct.port)).await;
    assert_eq!(pinned.map(|reply| reply.body), Ok("thẳng".as_bytes().to_vec()));
    assert_eq!(proxy.asked(), ["GET http://baotinhmau.vn/a", "CONNECT baotinhmau.vn:443"]);
}

#[tokio::test]
async fn a_host_that_no_proxy_names_is_asked_directly() {
    let proxy = Server::start(|_| html("qua")).await;
    let direct = Server::start(|_| html("thẳng")).await;
    let named: &'static _ = vec![("ALL_PROXY", format!("http://127.0.0.1:{}", proxy.port)), ("no_proxy", "localhost".to_owned())].leak();
    let settings = Settings { limits: limits(), proxies: proxies(named), allow_private: true, ..Settings::default() };
    let url = format!("http://localhost:{}/", direct.port);
    assert_eq!(fetch_with(&settings, &url).await.map(|reply| reply.body), Ok("thẳng".as_bytes().to_vec()));
    assert_eq!(proxy.asked(), [""; 0]);
}

#[test]
fn settings_that_mean_nothing_get_one_clear_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("it is ours");
    let missing = folder.path().join("missing.pem");
    let wrong = |settings: Settings| Fetcher::new(&settings).expect_err("bad settings").to_string();
    let with = |path: &std::path::Path| Settings { cacert: Some(path.to_owned()), ..Settings::default() };
    assert!(wrong(with(&empty)).contains("empty.pem: no certificate in it"));
    assert!(wrong(with(&missing)).contains("missing.pem: No such file"));
    std::fs::write(&empty, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").expect("it is ours");
    assert!(wrong(with(&empty)).contains("client can't be made"));
    let agent = Settings { user_agent: "bao\ntinh".to_owned(), ..Settings::default() };
    assert!(wrong(agent).starts_with("the user agent `bao\\ntinh`"));
    let proxy = Proxies::named_by(|name| (name == "HTTP_PROXY").then(|| "http://".to_owned()));
    assert_eq!(proxy.expect_err("no host").to_string(), "HTTP_PROXY: `http://` is not the address of an http or https proxy");
    let in_a_web_server = Proxies::named_by(|name| match name {
        "HTTP_PROXY" => Some("http://evil.vn".to_owned()),
        "REQUEST_METHOD" => Some("GET".to_owned()),
        _ => None,
    });
    assert_eq!(in_a_web_server.expect("not read there"), Proxies::default());
}
