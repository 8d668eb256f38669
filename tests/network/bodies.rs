//! Bodies that end too early, too late or never, and what is packed wrongly in them: none is ever taken for an article.

use std::time::Duration;

use crate::program::Told::{Article, Failed};
use crate::program::{article, judge_all, of_pages};
use crate::server::{Act, raw};

const HTML: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n";

/// The faulty article, whole.
fn page() -> String {
    article("Trang hỏng")
}

/// Its first half, which alone would pass for an article.
fn half() -> String {
    let page = page();
    page.chars().take(page.chars().count() / 2).collect()
}

/// An answer with these headers and this body, as they are.
fn answer(headers: &str, body: impl AsRef<[u8]>) -> Vec<Act> {
    raw([format!("{HTML}{headers}\r\n").as_bytes(), body.as_ref()].concat())
}

/// One chunk of a chunked body.
fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

fn chunked(body: &str) -> Vec<Act> {
    answer("Transfer-Encoding: chunked\r\n", body)
}

fn then(mut acts: Vec<Act>, more: impl IntoIterator<Item = Act>) -> Vec<Act> {
    acts.extend(more);
    acts
}

/// A moment in which what was sent arrives, and then the end of the connection.
fn reset() -> [Act; 2] {
    [Act::Stall(Duration::from_millis(100)), Act::Reset]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_not_whole_is_no_article() {
    let (page, half) = (page(), half());
    let length = |n: &str| format!("Content-Length: {n}\r\n");
    let whole = length(&page.len().to_string());
    let endless = |head: &str, piece: &str| then(answer(head, ""), [Act::Forever(piece.repeat(1000).into())]);
    let rows = vec![
        ("none of these: an article with its length", answer(&whole, &page), Article),
        ("none of these: an article in chunks", chunked(&format!("{}0\r\n\r\n", chunk(&page))), Article),
        ("none of these: an article without a length, and the end of its page", answer("", &page), Article),
        ("shorter than said", answer(&whole, &half), Failed("cut_short")),
        ("no length, and not the end of its page", answer("", &half), Failed("cut_short")),
        ("no last chunk", chunked(&chunk(&half)), Failed("cut_short")),
        ("a chunk cut short", chunked(&chunk(&page).replace(&page, &half)), Failed("cut_short")),
        ("a chunk of no length", chunked(&format!("{}zz\r\n", chunk(&half))), Failed("cut_short")),
        ("a chunk of a negative length", chunked(&format!("{}-5\r\n", chunk(&half))), Failed("cut_short")),
        ("a chunk of 2^63 bytes", chunked(&format!("{}7fffffffffffffff\r\n{half}", chunk(&half))), Failed("cut_short")),
        ("a chunk of 2^68 bytes", chunked(&format!("{}fffffffffffffffff\r\n{half}", chunk(&half))), Failed("cut_short")),
        ("a chunk with an endless extension", endless("Transfer-Encoding: chunked\r\n", "1;x"), Failed("cut_short")),
        (
            "trailers without end",
            then(chunked(&format!("{}0\r\n", chunk(&page))), [Act::Forever("X: y\r\n".repeat(1000).into())]),
            Failed("cut_short"),
        ),
        ("a negative length", answer(&length("-1"), &page), Failed("not_http")),
        ("a length that is no number", answer(&length("nhiều"), &page), Failed("not_http")),
        ("a length beyond all numbers", answer(&length("99999999999999999999999"), &page), Failed("not_http")),
        ("two lengths", answer(&(length("700") + &whole), &page), Failed("not_http")),
        ("reset in the body", then(answer(&whole, &half), reset()), Failed("reset")),
        ("silent in the body", then(answer(&whole, &half), [Act::Stall(Duration::from_secs(9))]), Failed("timeout")),
        ("said to be of 11 MiB", answer(&length("11534336"), &half), Failed("too_large")),
        ("said to be of 2^63 bytes", answer(&length("9223372036854775807"), &half), Failed("too_large")),
        ("endless chunks", endless("Transfer-Encoding: chunked\r\n", &chunk(&"<p>xin chào".repeat(500))), Failed("too_large")),
        ("endless, without a length", endless("", "<p>xin chào"), Failed("too_large")),
        ("an endless first line", endless("", "\n"), Failed("too_large")),
    ];
    judge_all(of_pages(rows).await).await;
}
