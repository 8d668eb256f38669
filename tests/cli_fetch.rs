//! Does `baotinh fetch` print the article at an address, or one line that says why not?

#![cfg(feature = "crawl")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::{Value, json};

/// A newspaper on this machine: one article, one list, a robots.txt; it lives as long as the test.
fn paper() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || answer(connection));
        }
    });
    address
}

fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    let mut head = BufReader::new(connection.try_clone()?).lines();
    let request = head.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in head {
        if line?.is_empty() {
            break;
        }
    }
    let (status, kind, body) = match request.split(' ').nth(1).unwrap_or_default() {
        "/robots.txt" => ("200 OK", "text/plain", "User-agent: *\nDisallow: /closed\n".to_owned()),
        "/tin-post1.html" | "/closed/tin-post2.html" => ("200 OK", "text/html; charset=utf-8", article()),
        "/empty" => ("200 OK", "text/html", String::new()),
        _ => ("404 Not Found", "text/html", "<p>Không có</p>".to_owned()),
    };
    let length = body.len();
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: \"1\"\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn article() -> String {
    let body = "Chợ phiên họp từ lúc trời còn mờ sương, người bán gánh rau, người mua dắt ngựa, ai cũng vội. ".repeat(6);
    format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Chợ phiên</title></head><body>\
         <h1 class=\"article__title cms-title\">Chợ phiên</h1><div class=\"article__sapo cms-desc\">Chợ họp sớm.</div>\
         <div class=\"article__body cms-body\"><p>{body}</p><p>{body}</p></div></body></html>"
    )
}

/// Runs `baotinh fetch` with these words after it, without the proxies of this machine.
fn fetch(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baotinh"));
    command.arg("fetch").args(words).current_dir(std::env::temp_dir()).stdin(Stdio::null());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(variable);
    }
    command.output().expect("it runs")
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn an_address_gives_its_article() {
    let url = format!("http://{}/tin-post1.html", paper());
    let output = fetch(&["--allow-private", &url]);
    assert_eq!((output.status.code(), told(&output).as_str()), (Some(0), ""));
    let record: Value = serde_json::from_slice(&output.stdout).expect("one record");
    assert_eq!(record["title"], "Chợ phiên");
    assert_eq!(record["http"], json!({"status": 200, "etag": "\"1\"", "last_modified": null, "final_url": url}));
    let schema: Value = serde_json::from_str(include_str!("../record.schema.json")).expect("JSON");
    jsonschema::draft202012::validate(&schema, &record).expect("the record keeps the promise");
}

#[test]
fn an_address_without_an_article_is_one_line_and_the_next_is_fetched() {
    let at = paper();
    let [gone, empty, sound] = ["gone", "empty", "tin-post1.html"].map(|path| format!("http://{at}/{path}"));
    let output = fetch(&["--allow-private", "--format", "text", &gone, &empty, &sound]);
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with(&format!("failed: {gone}: ")) && lines[0].ends_with("(http_404)"), "{told}");
    assert_eq!(lines[1], format!("miss: {empty}: not_html: the answer is not an HTML page (Content-Type: text/html)"));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("Chợ phiên\n\n"));
}

#[test]
fn robots_txt_is_obeyed_unless_somebody_says_otherwise() {
    let url = format!("http://{}/closed/tin-post2.html", paper());
    let output = fetch(&["--allow-private", &url]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(told(&output).ends_with("(robots_disallowed)\n"), "{}", told(&output));
    let output = fetch(&["--allow-private", "--ignore-robots", &url]);
    assert_eq!(output.status.code(), Some(0));
    assert!(told(&output).contains("--ignore-robots") && told(&output).lines().count() == 1, "{}", told(&output));
}

#[test]
fn this_machine_is_no_newspaper() {
    let output = fetch(&[&format!("http://{}/tin-post1.html", paper())]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(told(&output).starts_with("failed: http://127.0.0.1:"), "{}", told(&output));
    assert_eq!(told(&output).lines().count(), 1);
}

#[test]
fn a_word_that_is_no_address_is_one_line_and_nothing_is_fetched() {
    for (word, told_line) in [
        ("not-a-url", "baotinh: not-a-url: no address: give one that begins with https:// or http://\n"),
        ("ftp://baolaocai.vn/x", "baotinh: ftp://baolaocai.vn/x: pages are fetched by http and https only, not by ftp\n"),
        ("baolaocai.vn/x", "baotinh: baolaocai.vn/x: no address: did you mean https://baolaocai.vn/x?\n"),
        ("\u{1b}[2J", "baotinh: \\u{1b}[2J: no address: give one that begins with https:// or http://\n"),
    ] {
        let output = fetch(&["http://127.0.0.1:1/", word]);
        assert_eq!((output.status.code(), told(&output).as_str(), output.stdout.len()), (Some(2), told_line, 0));
    }
    assert_eq!(fetch(&[]).status.code(), Some(2));
    let output = fetch(&["--resolve", "x", "https://baolaocai.vn/"]);
    assert_eq!((output.status.code(), told(&output).lines().count()), (Some(2), 1), "{}", told(&output));
}
