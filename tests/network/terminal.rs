//! What a server writes into its answers never steers the terminal of who reads them.

use crate::program::Told::{Article, Failed, Missed};
use crate::program::{Case, article, judge_all, of_pages};
use crate::server::{Act, html, raw, redirect, reply};

/// Clears the screen, colours it, names its window, rings its bell, goes back, turns the writing, in the old and the new spelling.
const STEERING: &str = "\u{1b}[2J\u{1b}]0;Xong\u{7}\u{9b}31m\u{9d}0;x\u{9c}\u{8}\u{85}\u{7f}\u{202e}fdp\u{2066}\u{200f}\u{2028}";

/// The same, as far as a header may hold it.
const IN_HEADER: &str = "\u{9b}31m\u{9d}0;x\u{9c}\u{85}\u{202e}fdp\u{2066}\u{200f}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_a_server_steers_a_terminal() {
    let raw_status = |status: &str| raw(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
    let with = |lines: String| reply("200 OK", &format!("Content-Type: text/html; charset=utf-8\r\n{lines}"), article("Trang hỏng"));
    let rows: Vec<(&str, Vec<Act>, _)> = vec![
        ("in the reason", raw_status(&format!("404 {STEERING}")), Failed("not_http")),
        ("in the reason, the new spelling", raw_status(&format!("404 {IN_HEADER}")), Failed("http_404")),
        ("instead of HTTP", raw(format!("{STEERING}\r\n\r\n")), Failed("not_http")),
        ("in a header", with(format!("X: {STEERING}\r\n")), Failed("not_http")),
        ("in a header's name", with(format!("X{STEERING}: x\r\n")), Failed("not_http")),
        ("in the tag of a version", with(format!("ETag: \"{IN_HEADER}\"\r\n")), Article),
        ("in the encoding", with(format!("Content-Encoding: gzip{IN_HEADER}, br\r\n")), Failed("bad_encoding")),
        ("in the type", reply("200 OK", &format!("Content-Type: image/{IN_HEADER}\r\n"), "x"), Missed("not_html")),
        ("in the time to wait", reply("429 Slow", &format!("Retry-After: {IN_HEADER}\r\n"), ""), Failed("http_429")),
        ("in the way", redirect(&format!("http://{IN_HEADER}/")), Failed("bad_redirect")),
        ("in the scheme of the way", redirect(&format!("x:{IN_HEADER}")), Failed("bad_redirect")),
        ("in a return of the carriage", raw("HTTP/1.1 302 Found\r\nLocation: x:a\rfailed: b\r\n\r\n"), Failed("not_http")),
        ("in a chunk's length", raw(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{STEERING}\r\n")), Failed("cut_short")),
        ("in a page", html(&article(&format!("Trang{STEERING} hỏng")).replace("sương", &format!("sương{STEERING}"))), Article),
    ];
    let mut cases = of_pages(rows).await;
    for format in ["text", "markdown", "json"] {
        let page = article(&format!("Trang{STEERING} hỏng")).replace("sương", &format!("sương{STEERING}"));
        let mut case = Case::of_page(&format!("in a page, as {format}"), html(&page), Article).await;
        case.flags.extend(["--format".to_owned(), format.to_owned()]);
        cases.push(case);
    }
    judge_all(cases).await;
}
