//! Servers that do not answer, answer without end, or answer with what is no HTTP; statuses of every kind.

use std::time::Duration;

use crate::program::Told::{Article, Failed, Missed};
use crate::program::{Case, article, judge_all, of_pages, path};
use crate::server::{Act, Server, html, raw, reply};

fn page() -> String {
    article("Trang hỏng")
}

/// The faulty article behind these lines of a head.
fn headed(lines: &str) -> Vec<Act> {
    reply("200 OK", &format!("Content-Type: text/html; charset=utf-8\r\n{lines}"), page())
}

fn then(bytes: &str, more: impl IntoIterator<Item = Act>) -> Vec<Act> {
    [Act::Send(bytes.into())].into_iter().chain(more).collect()
}

/// A letter, a moment, a letter …
fn drip(letters: usize) -> Vec<Act> {
    vec![[Act::Send(b"a".to_vec()), Act::Stall(Duration::from_millis(200))]; letters].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    let (silence, moment) = (Act::Stall(Duration::from_secs(60)), Act::Stall(Duration::from_millis(100)));
    let length = page().len();
    let half: String = page().chars().take(900).collect();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\r\n");
    let rows = vec![
        ("no answer at all", vec![silence.clone()], Failed("timeout")),
        ("half a status line", then("HTTP/1.1 2", [silence.clone()]), Failed("timeout")),
        ("half a head", then("HTTP/1.1 200 OK\r\nContent-", [silence.clone()]), Failed("timeout")),
        ("a head without a body", then(&head, [silence]), Failed("timeout")),
        ("a head by letters", then("HTTP/1.1 200 OK\r\nX-", drip(100)), Failed("timeout")),
        ("a body by letters", then(&format!("{head}{half}"), drip(100)), Failed("too_slow")),
        (
            "early hints without end",
            vec![Act::Forever("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(100).into())],
            Failed("timeout"),
        ),
        ("\"go on\" without end", vec![Act::Forever("HTTP/1.1 100 Continue\r\n\r\n".repeat(100).into())], Failed("timeout")),
        ("closed at once", vec![], Failed("reset")),
        ("closed in the status line", raw("HTTP/1.1 2"), Failed("reset")),
        ("closed in the head", raw("HTTP/1.1 200 OK\r\nContent-"), Failed("reset")),
        ("reset at once", vec![Act::Reset], Failed("reset")),
        ("reset in the status line", then("HTTP/1.1 2", [moment.clone(), Act::Reset]), Failed("reset")),
        ("reset after the status line", then("HTTP/1.1 200 OK\r\n", [moment.clone(), Act::Reset]), Failed("reset")),
        ("reset in the head", then("HTTP/1.1 200 OK\r\nContent-", [moment, Act::Reset]), Failed("reset")),
    ];
    let mut cases = of_pages(rows).await;
    let answer = |head: &str| if path(head) == "/robots.txt" { reply("404 Not Found", "Connection: close\r\n", "") } else { html("") };
    let rude = Server::start_rude(|number| number > 1, answer).await;
    cases.push(Case::of("reset before the question", rude, Failed("reset")));
    judge_all(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_none_is_no_answer() {
    let endless = |head: &str, line: &str| then(head, [Act::Forever(line.repeat(1000).into())]);
    let status = |status: &str| raw(format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nab"));
    let rows = vec![
        ("none of these", headed(""), Article),
        ("none of these: hints first", then("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", headed("")), Article),
        ("none of these: HTTP/1.0", raw(format!("HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}", page())), Article),
        (
            "none of these: no reason",
            raw(format!("HTTP/1.1 200\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{}", page().len(), page())),
            Article,
        ),
        ("a header of 70 kB", headed(&format!("X: {}\r\n", "y".repeat(70_000))), Failed("header_too_large")),
        ("a header of 1 MB", headed(&format!("X: {}\r\n", "y".repeat(1 << 20))), Failed("header_too_large")),
        ("a header without end", endless("HTTP/1.1 200 OK\r\nX: ", "y"), Failed("header_too_large")),
        ("10,000 headers", headed(&"X: y\r\n".repeat(10_000)), Failed("header_too_large")),
        ("headers without end", endless("HTTP/1.1 200 OK\r\n", "X: y\r\n"), Failed("header_too_large")),
        ("a status line without end", endless("HTTP/1.1 200 ", "OK"), Failed("header_too_large")),
        ("garbage", raw("\x00\x01\x02 xin chào\r\n\r\n"), Failed("not_http")),
        ("garbage without end", vec![Act::Forever(vec![0; 65_536])], Failed("not_http")),
        ("a mail server", raw("220 mail.baohong.vn ESMTP\r\n"), Failed("not_http")),
        ("HTTP/0.9", raw(page()), Failed("not_http")),
        ("HTTP/9.9", raw("HTTP/9.9 200 OK\r\n\r\n"), Failed("not_http")),
        ("a TLS alert", raw([0x15, 3, 1, 0, 2, 2, 40]), Failed("not_http")),
        ("status 000", status("000 Nothing"), Failed("not_http")),
        ("status 20", status("20 OK"), Failed("not_http")),
        ("status -1", status("-1 OK"), Failed("not_http")),
        ("a status of words", status("OK"), Failed("not_http")),
        ("a header without a name", headed(": y\r\n"), Failed("not_http")),
        ("a header without a colon", headed("Xin chào\r\n"), Failed("not_http")),
        ("a zero byte in a header", headed("X: a\0b\r\n"), Failed("not_http")),
        (
            "another protocol, not asked for",
            raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            Failed("http_101"),
        ),
    ];
    judge_all(of_pages(rows).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_is_no_page_is_named() {
    // Each answers with the article, which is therefore none.
    let with = |status: &str, lines: &str| reply(status, &format!("Content-Type: text/html; charset=utf-8\r\n{lines}"), page());
    let rows = vec![
        ("nothing", raw("HTTP/1.1 204 No Content\r\n\r\n"), Missed("not_html")),
        ("nothing, to be reset", reply("205 Reset Content", "", ""), Missed("not_html")),
        ("a part that nobody asked for", with("206 Partial Content", "Content-Range: bytes 0-9/99\r\n"), Failed("http_206")),
        ("\"as it was\", unasked", raw("HTTP/1.1 304 Not Modified\r\n\r\n"), Failed("http_304")),
        ("a choice", with("300 Multiple Choices", "Location: /khac\r\n"), Failed("http_300")),
        ("unauthorized", with("401 Unauthorized", "WWW-Authenticate: Basic\r\n"), Failed("http_401")),
        ("forbidden", with("403 Forbidden", ""), Failed("http_403")),
        ("not there", with("404 Not Found", ""), Failed("http_404")),
        ("a proxy's door", with("407 Proxy Authentication Required", ""), Failed("http_407")),
        ("gone", with("410 Gone", ""), Failed("http_410")),
        ("closed by law", with("451 Unavailable For Legal Reasons", ""), Failed("http_451")),
        ("a server that breaks", with("500 Internal Server Error", ""), Failed("http_500")),
        ("a bad gateway", with("502 Bad Gateway", ""), Failed("http_502")),
        ("closed for ever", with("503 Service Unavailable", ""), Failed("http_503")),
        ("a guard's status", with("999 Request denied", ""), Failed("http_999")),
        ("an error without end", then("HTTP/1.1 500 Oh\r\n\r\n", [Act::Forever(vec![b'a'; 65_536])]), Failed("http_500")),
        ("an error by letters", then("HTTP/1.1 404 Not Found\r\nContent-Length: 99\r\n\r\n", drip(99)), Failed("http_404")),
    ];
    judge_all(of_pages(rows).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_wants_to_be_left_alone_is_left_alone() {
    let busy = |retry: &str| reply("429 Too Many Requests", &format!("Retry-After: {retry}\r\n"), "");
    let mut cases = Vec::new();
    for (fault, retry) in [
        ("for ten years", "315360000"),
        ("for longer than there are numbers", "99999999999999999999999"),
        ("until a day far away", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ] {
        // As usual, three tries: the second is never due.
        cases.push(Case { flags: Vec::new(), ..Case::of_page(fault, busy(retry), Failed("http_429")).await });
    }
    for (fault, retry) in [
        ("for minus five seconds", "-5"),
        ("until a day that has passed", "Fri, 31 Dec 1999 23:59:59 GMT"),
        ("until nobody knows", "sớm thôi"),
        ("for a part of a second", "0.5"),
        ("not at all", "0"),
    ] {
        cases.push(Case::of_page(fault, busy(retry), Failed("http_429")).await);
        let count = std::sync::atomic::AtomicUsize::new(0);
        let once = move |_: &str| if count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 { busy(retry) } else { headed("") };
        let again = Case::of_server(&format!("{fault}, and then it answers"), once, Article).await;
        cases.push(Case { flags: Vec::new(), ..again });
    }
    let count = std::sync::atomic::AtomicUsize::new(0);
    let storm = move |_: &str| match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0..=1 => reply("503 Service Unavailable", "", ""),
        _ => headed(""),
    };
    cases.push(Case { flags: Vec::new(), ..Case::of_server("a storm of two 503, and then it answers", storm, Article).await });
    judge_all(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_page_is_a_miss_whatever_it_says_it_is() {
    let of = |kind: &str, body: &[u8]| reply("200 OK", &format!("Content-Type: {kind}\r\n"), body);
    let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[7; 3000]].concat();
    let jpeg = [&b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..], &(0..=255).collect::<Vec<u8>>().repeat(40)].concat();
    let json = br#"{"title": "Trang", "html": "<p>xin</p>"}"#.to_vec();
    let page = page();
    let page = page.as_bytes();
    let rows = vec![
        ("a PDF", of("application/pdf", b"%PDF-1.7\n1 0 obj"), Missed("not_html")),
        ("a PDF that says it is a page", of("text/html", b"%PDF-1.7\n1 0 obj"), Missed("not_html")),
        (
            "an endless film",
            then("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", [Act::Forever(vec![7; 65_536])]),
            Missed("not_html"),
        ),
        ("a picture", of("image/png", &png), Missed("not_html")),
        ("a picture that says it is a page", of("text/html", &png), Missed("not_html")),
        ("a photo that says it is a page", of("text/html; charset=utf-8", &jpeg), Missed("not_html")),
        ("JSON", of("application/json", &json), Missed("not_html")),
        ("JSON that says it is a page", of("text/html", &json), Missed("not_html")),
        ("a page that says it is JSON", of("application/json", page), Missed("not_html")),
        ("a feed", of("application/rss+xml", b"<?xml version=\"1.0\"?><rss><channel></channel></rss>"), Missed("not_html")),
        ("zeros", of("text/html", &[0; 100_000]), Missed("not_html")),
        ("nothing", of("text/html", b""), Missed("not_html")),
        ("white space", of("text/html", &[b'\n'; 1 << 20]), Missed("not_html")),
        ("a page that says it is text", of("text/plain", page), Article),
        ("a page that says it is bytes", of("application/octet-stream", page), Article),
        ("a page that says nothing", reply("200 OK", "", page), Article),
        ("a page of a type that is none", of("; charset=utf-8", page), Article),
        (
            "a page that reloads itself for ever",
            of("text/html", b"<!doctype html><html><meta http-equiv=refresh content='0'><body><p>xin</p></body></html>"),
            Missed("no_title"),
        ),
    ];
    judge_all(of_pages(rows).await).await;
}
