//! One address to one page, all manners kept.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use baotinh::fetch;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use baotinh::visit::{Failure, Settings, Visitor};
use url::Url;

use crate::program::path;
use crate::server::{Act, Server, html, raw, redirect, reply};

/// Every name leads to this server, at a pace that a test can wait for.
fn settings(server: &Server) -> Settings {
    let pin = format!("*:{}:127.0.0.1", server.port).parse().expect("a pin");
    let limits = fetch::Limits { total: Duration::from_secs(2), ..fetch::Limits::default() };
    Settings {
        fetch: fetch::Settings { pins: vec![pin], limits, ..fetch::Settings::default() },
        gap: Duration::from_millis(5),
        ..Settings::default()
    }
}

async fn visit_with(settings: Settings, server: &Server, path: &str) -> Result<Page, Failure> {
    let url = Url::parse(&format!("http://baotinhmau.vn:{}{path}", server.port)).expect("an address");
    Visitor::new(settings).expect("good settings").visit(&url).await
}

async fn visit(server: &Server, path: &str) -> Result<Page, Failure> {
    visit_with(settings(server), server, path).await
}

fn name(visited: Result<Page, Failure>) -> String {
    visited.map_or_else(|failure| failure.name().into_owned(), |_| "a page".to_owned())
}

/// A server with this robots.txt.
async fn with_robots(robots: Vec<Act>, answer: impl Fn(&str) -> Vec<Act> + Send + Sync + 'static) -> Server {
    Server::start(move |head| if path(head) == "/robots.txt" { robots.clone() } else { answer(head) }).await
}

/// A server without a robots.txt.
async fn without_robots(answer: impl Fn(&str) -> Vec<Act> + Send + Sync + 'static) -> Server {
    with_robots(reply("404 Not Found", "", ""), answer).await
}

#[tokio::test]
async fn robots_txt_is_asked_first_and_once_for_each_host() {
    let server = with_robots(reply("200 OK", "", "User-agent: *\nDisallow: /kin"), |_| html("bài")).await;
    let visitor = Visitor::new(settings(&server)).expect("good settings");
    let url = |path: &str| Url::parse(&format!("http://baotinhmau.vn:{}{path}", server.port)).expect("an address");
    let (one, two) = (url("/1"), url("/2"));
    let (one, two) = tokio::join!(visitor.visit(&one), visitor.visit(&two));
    assert!(matches!(one.expect("a page").body, Body::Bytes(body) if body == "bài".as_bytes()));
    assert!(two.is_ok());
    let refused = visitor.visit(&url("/kin/1")).await.expect_err("it is disallowed");
    assert_eq!(refused.name(), "robots_disallowed");
    let mut asked = server.asked();
    asked[1..].sort();
    assert_eq!(asked, ["GET /robots.txt", "GET /1", "GET /2"]);
}

#[tokio::test]
async fn a_robots_txt_is_followed_five_hops_far() {
    for (hops, outcome) in [(5, "robots_disallowed"), (6, "a page")] {
        let server = Server::start(move |head| match path(head).trim_start_matches("/robots.txt") {
            "/1" => html("bài"),
            "" => redirect("/robots.txt1"),
            n if n.parse::<u32>().is_ok_and(|n| n == hops) => reply("200 OK", "", "User-agent: *\nDisallow: /"),
            n => redirect(&format!("/robots.txt{}", n.parse::<u32>().map_or(0, |n| n + 1))),
        })
        .await;
        assert_eq!(name(visit(&server, "/1").await), outcome, "{hops}");
    }
}

#[tokio::test]
async fn whoever_ignores_robots_txt_does_not_ask_for_it() {
    let server = with_robots(reply("200 OK", "", "User-agent: *\nDisallow: /"), |_| html("bài")).await;
    let settings = Settings { ignore_robots: true, ..settings(&server) };
    assert_eq!(name(visit_with(settings, &server, "/1").await), "a page");
    assert_eq!(server.asked(), ["GET /1"]);
}

#[tokio::test]
async fn robots_txt_knows_us_by_the_name_that_we_say() {
    let server = with_robots(reply("200 OK", "", "User-agent: acme\nDisallow: /"), |_| html("bài")).await;
    let mut settings = settings(&server);
    settings.fetch.user_agent = "Acme/2 (+x)".to_owned();
    assert_eq!(name(visit_with(settings, &server, "/1").await), "robots_disallowed");
}

#[tokio::test]
async fn a_redirect_is_a_hop_with_the_manners_of_where_it_leads() {
    let server = Server::start(|head| {
        let elsewhere = head.to_ascii_lowercase().contains("host: baokhac.vn");
        match path(head) {
            "/robots.txt" if elsewhere => reply("200 OK", "", "User-agent: *\nDisallow: /kin"),
            "/robots.txt" => reply("404 Not Found", "", ""),
            "/sang" | "/kin" if !elsewhere => {
                let port = head.rsplit_once("baotinhmau.vn:").map_or("", |(_, rest)| rest.split("\r\n").next().unwrap_or(""));
                redirect(&format!("http://baokhac.vn:{port}{}", path(head)))
            }
            _ => html("bài"),
        }
    })
    .await;
    let page = visit(&server, "/sang").await.expect("a page");
    assert_eq!(page.url, Some(format!("http://baotinhmau.vn:{}/sang", server.port)));
    assert_eq!(page.final_url, Some(format!("http://baokhac.vn:{}/sang", server.port)));
    assert_eq!(server.asked(), ["GET /robots.txt", "GET /sang", "GET /robots.txt", "GET /sang"]);
    let refused = visit(&server, "/kin").await.expect_err("the other host disallows it");
    assert_eq!(refused.name(), "robots_disallowed");
    assert!(refused.to_string().starts_with("http://baokhac.vn:"), "{refused}");
}

#[tokio::test]
async fn a_name_and_password_of_an_address_stand_nowhere_afterwards() {
    let server = without_robots(|head| {
        let port = head.split("baotinhmau.vn:").nth(1).map_or("", |rest| &rest[..rest.find('\r').unwrap_or(0)]);
        if path(head) == "/1" { redirect(&format!("http://an:mat-khau@baotinhmau.vn:{port}/2")) } else { html("bài") }
    })
    .await;
    let at = |user: &str, path: &str| format!("http://{user}baotinhmau.vn:{}{path}", server.port);
    let url = Url::parse(&at("an:mat-khau@", "/1")).expect("an address");
    let page = Visitor::new(settings(&server)).expect("good settings").visit(&url).await.expect("a page");
    assert_eq!((page.url, page.final_url), (Some(at("", "/1")), Some(at("", "/2"))));
}

#[tokio::test]
async fn a_robots_txt_that_cannot_be_unpacked_closes_its_host() {
    let server = with_robots(reply("200 OK", "Content-Encoding: gzip\r\n", "User-agent: *\nDisallow:"), |_| html("bài")).await;
    assert_eq!(name(visit(&server, "/1").await), "robots_unreachable");
}

#[tokio::test]
async fn ten_redirects_are_followed_and_not_eleven() {
    for (last, outcome) in [(10, "a page"), (11, "too_many_redirects")] {
        let server = without_robots(move |head| match path(head)[1..].parse::<u32>() {
            Ok(n) if n < last => redirect(&format!("{}", n + 1)),
            _ => html("bài"),
        })
        .await;
        assert_eq!(name(visit(&server, "/0").await), outcome);
    }
}

#[tokio::test]
async fn a_page_that_reloads_itself_is_a_page() {
    let server = without_robots(|_| html("<meta http-equiv='refresh' content='600; url=/khac'>bài")).await;
    assert_eq!(name(visit(&server, "/").await), "a page");
    assert_eq!(server.asked(), ["GET /robots.txt", "GET /"]);
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_is_not() {
    let rows: [(&str, Vec<Act>, usize, &str); 7] = [
        ("busy once", reply("503 Busy", "", ""), 2, "a page"),
        ("cut once", raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), 2, "a page"),
        ("closed once", vec![], 2, "a page"),
        ("busy for a moment", reply("429 Slow", "Retry-After: 0\r\n", ""), 2, "a page"),
        ("busy for a year", reply("429 Slow", "Retry-After: 31536000\r\n", ""), 1, "http_429"),
        ("gone", reply("404 Not Found", "", ""), 1, "http_404"),
        ("a part", reply("206 Partial Content", "", "abc"), 1, "http_206"),
    ];
    for (fault, first, asked, outcome) in rows {
        let count = AtomicUsize::new(0);
        let server = without_robots(move |_| match count.fetch_add(1, Ordering::Relaxed) {
            0 => first.clone(),
            _ => html("bài"),
        })
        .await;
        assert_eq!(name(visit(&server, "/1").await), outcome, "{fault}");
        assert_eq!(server.asked().len(), 1 + asked, "{fault}");
    }
}

#[tokio::test]
async fn a_host_that_wants_to_be_left_alone_is_asked_for_no_other_page() {
    let server = without_robots(|_| reply("429 Slow", "Retry-After: 315360000\r\n", "")).await;
    let visitor = Visitor::new(settings(&server)).expect("good settings");
    for (path, outcome, told) in [
        ("/1", "http_429", " and wants to be left alone for 86400 s"),
        ("/2", "left_alone", "since its host wants to be left alone for 86"),
    ] {
        let url = Url::parse(&format!("http://baotinhmau.vn:{}{path}", server.port)).expect("an address");
        let failure = visitor.visit(&url).await.expect_err(path);
        assert_eq!(failure.name(), outcome, "{failure}");
        assert!(failure.is_temporary() && failure.to_string().contains(told), "{failure}");
    }
    assert_eq!(server.asked(), ["GET /robots.txt", "GET /1"]);
}

#[tokio::test]
async fn what_follows_an_answer_unasked_is_no_answer_to_the_next_question() {
    let server = without_robots(|head| {
        let page = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let more = if path(head) == "/1" { page("thuốc độc") } else { String::new() };
        // The connection stays open: whoever uses it again would read what was not meant for them.
        [raw(page(path(head)) + &more), vec![Act::Stall(Duration::from_secs(9))]].concat()
    })
    .await;
    let visitor = Visitor::new(settings(&server)).expect("good settings");
    for path in ["/1", "/2", "/1", "/3"] {
        let url = Url::parse(&format!("http://baotinhmau.vn:{}{path}", server.port)).expect("an address");
        let page = visitor.visit(&url).await.expect(path);
        assert!(matches!(page.body, Body::Bytes(body) if body == path.as_bytes()), "{path}");
    }
}

#[tokio::test]
async fn after_the_last_try_the_failure_is_final() {
    let server = without_robots(|_| reply("500 Oh", "", "")).await;
    let failure = visit_with(Settings { tries: 2, ..settings(&server) }, &server, "/1").await.expect_err("it never answers");
    assert_eq!((failure.name().as_ref(), failure.is_temporary()), ("http_500", true));
    assert_eq!(server.asked(), ["GET /robots.txt", "GET /1", "GET /1"]);
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named_as_such_and_not_by_its_robots_txt() {
    let server = without_robots(|_| html("bài")).await;
    let settings = Settings { tries: 1, ..settings(&server) };
    for (url, outcome) in [
        ("http://10.0.0.1/".to_owned(), "private_address"),
        (format!("https://baotinhmau.vn:{}/", server.port), "tls"),
        ("file:///etc/passwd".to_owned(), "not_web"),
    ] {
        let visitor = Visitor::new(settings.clone()).expect("good settings");
        let url = Url::parse(&url).expect("an address");
        assert_eq!(visitor.visit(&url).await.expect_err(outcome).name(), outcome);
    }
}

#[tokio::test]
async fn robots_txt_pages_and_redirects_share_one_pace() {
    let server = without_robots(|head| if path(head) == "/1" { redirect("/2") } else { html("bài") }).await;
    let settings = Settings { gap: Duration::from_millis(100), ..settings(&server) };
    assert_eq!(name(visit_with(settings, &server, "/1").await), "a page");
    let moments = server.moments();
    assert_eq!(moments.len(), 3);
    // Two gaps, but for how late the first question may have arrived; without a pace there is none.
    assert!(moments[2] - moments[0] >= Duration::from_millis(150), "{:?}", moments[2] - moments[0]);
}

#[tokio::test]
async fn a_paper_is_visited_at_the_pace_that_it_is_granted() {
    let server = without_robots(|_| html("bài")).await;
    let rules = "[papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baotinhmau.vn\", \"baotinhmau.com.vn\"]\nrequests_per_second = 4\n";
    let book: &'static Rulebook = Box::leak(Box::new(Rulebook::read(rules, "t.toml").expect("sound rules")));
    let visitor = Visitor::new(Settings { book: Some(book), ..settings(&server) }).expect("good settings");
    for host in ["www.baotinhmau.vn", "baotinhmau.com.vn", "khac.vn"] {
        let url = Url::parse(&format!("http://{host}:{}/1", server.port)).expect("an address");
        visitor.visit(&url).await.expect("a page");
    }
    let moments = server.moments();
    // robots.txt and page of the first host, then of the second, which is the same server: three gaps of a quarter of a second, less what
    // a busy machine notes late.
    let three = moments[3] - moments[0];
    assert!(three >= Duration::from_millis(600), "{three:?}");
}
