//! Redirects that lead nowhere, in a circle, or where nobody outside may go; and robots.txt in all its states.

use crate::program::Told::{self, Article, Failed};
use crate::program::{Case, article, judge_all, path, port};
use crate::server::{Act, Server, html, raw, redirect, reply};

fn page() -> Vec<Act> {
    html(&article("Trang hỏng"))
}

/// A server whose faulty page leads to this address, `{port}` being its own port; all else there is the article.
async fn leading_to(to: &str, told: Told) -> Case {
    let leads = to.to_owned();
    let answer = move |head: &str| match path(head) {
        "/tin-post1.html" => reply("302 Found", &format!("Location: {}\r\n", leads.replace("{port}", port(head))), ""),
        _ => page(),
    };
    Case::of_server(&format!("to {}", to.escape_debug().to_string().chars().take(60).collect::<String>()), answer, told).await
}

/// A name of this machine's own hosts file, beside localhost, that leads to a private address.
fn private_name() -> Option<String> {
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    hosts.lines().find_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let address = words.next()?.parse().ok()?;
        let name = words.find(|name| !name.contains("localhost"))?;
        (!baotinh::fetch::is_public(address)).then(|| name.to_owned())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_to_a_private_address_is_refused_in_every_notation() {
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "012.1",
        "172.16.0.1",
        "192.168.1.1",
        "0xc0a80101",
        "169.254.169.254",
        "0xa9fea9fe",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[::ffff:169.254.169.254]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b:1::a00:1]",
        "[2002:7f00:1::]",
        "[2002:a9fe:a9fe::1]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[fe80::1]",
        "[fec0::1]",
        "[fd12:3456::1]",
        "[ff02::1]",
        "localhost",
        "LOCALHOST.",
        "bao.localhost",
    ];
    let mut cases = Vec::new();
    for host in hosts {
        cases.push(leading_to(&format!("http://{host}:{{port}}/nha"), Failed("private_address")).await);
    }
    match private_name() {
        Some(name) => cases.push(leading_to(&format!("http://{name}:{{port}}/nha"), Failed("private_address")).await),
        None => println!("skipped: no other name of this machine leads to a private address"),
    }
    // With a proxy too: what it would be asked for is judged before.
    let mut proxied = leading_to("http://baotinhmau.vn/", Failed("private_address")).await;
    proxied.url = "http://169.254.169.254/latest/meta-data".to_owned();
    proxied.flags.extend(["--resolve".to_owned(), "baotinhmau.vn:80:127.0.0.1".to_owned()]);
    cases.push(proxied);
    judge_all(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_that_leads_to_no_page_is_named() {
    let long = format!("/{}", "a".repeat(60_000));
    let rows = [
        ("/moi", Article),
        ("//baohong.vn:{port}/moi", Article),
        ("HTTP://BAOHONG.VN.:{port}/moi", Article),
        ("/thời-sự/mới.html#cuối", Article),
        ("http://ai:biet@baohong.vn:{port}/moi", Article),
        ("file:///etc/passwd", Failed("bad_redirect")),
        ("javascript:alert(1)", Failed("bad_redirect")),
        ("data:text/html,<h1>Trang", Failed("bad_redirect")),
        ("ftp://baohong.vn/moi", Failed("bad_redirect")),
        ("gopher://baohong.vn:{port}/1", Failed("bad_redirect")),
        ("ws://baohong.vn:{port}/", Failed("bad_redirect")),
        ("mailto:toasoan@baohong.vn", Failed("bad_redirect")),
        ("http://", Failed("bad_redirect")),
        ("http://[::1", Failed("bad_redirect")),
        ("http://baohong.vn:99999/", Failed("bad_redirect")),
        ("http://bao hong.vn/", Failed("bad_redirect")),
        ("http://\u{9b}31m\u{202e}.vn/", Failed("bad_redirect")),
        ("", Failed("redirect_loop")),
        ("tin-post1.html?", Failed("too_many_redirects")),
        (&long, Failed("bad_redirect")),
    ];
    let mut cases = Vec::new();
    for (to, told) in rows {
        cases.push(if to == "tin-post1.html?" { chain().await } else { leading_to(to, told).await });
    }
    let answering = |fault, answer: fn(&str) -> Vec<Act>, told| (fault, answer, told);
    let rows = [
        answering("without a Location", |_| reply("302 Found", "", ""), Failed("http_302")),
        answering(
            "with two Locations",
            |_| reply("302 Found", "Location: /a\r\nLocation: /tin-post1.html\r\n", ""),
            Failed("redirect_loop"),
        ),
        answering(
            "to itself, for a cookie",
            |head| {
                if head.contains("Cookie: biet=1") {
                    page()
                } else {
                    reply("302 Found", "Set-Cookie: biet=1\r\nLocation: /tin-post1.html\r\n", "")
                }
            },
            Failed("redirect_loop"),
        ),
        answering(
            "there and back",
            |head| redirect(if path(head) == "/khac" { "/tin-post1.html" } else { "/khac" }),
            Failed("redirect_loop"),
        ),
        answering(
            "an endless body with it",
            |head| match path(head) {
                "/moi" => page(),
                _ => vec![Act::Send(b"HTTP/1.1 302 Found\r\nLocation: /moi\r\n\r\n".to_vec()), Act::Forever(vec![b'a'; 65_536])],
            },
            Article,
        ),
    ];
    for (fault, answer, told) in rows {
        cases.push(Case::of_server(fault, answer, told).await);
    }
    judge_all(cases).await;
}

/// Each page leads to the next.
async fn chain() -> Case {
    let answer = |head: &str| redirect(&format!("{}a", path(head)));
    Case::of_server("a chain without end", answer, Failed("too_many_redirects")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_robots_txt_in_each_of_its_states() {
    let file = |body: &str| reply("200 OK", "Content-Type: text/plain\r\n", body);
    let against = "User-agent: *\nDisallow: /tin\n";
    let endless = |head: &str, piece: &str| vec![Act::Send(head.into()), Act::Forever(piece.repeat(5000).into())];
    let utf16: Vec<u8> = against.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows: Vec<(&str, Vec<Act>, Told)> = vec![
        ("missing", reply("404 Not Found", "", ""), Article),
        ("gone", reply("410 Gone", "", ""), Article),
        ("unauthorized", reply("401 Unauthorized", "", ""), Article),
        ("forbidden", reply("403 Forbidden", "", against), Article),
        ("empty", file(""), Article),
        ("nothing", raw("HTTP/1.1 204 No Content\r\n\r\n"), Article),
        ("\"as it was\", unasked", raw("HTTP/1.1 304 Not Modified\r\n\r\n"), Article),
        ("a page", html(&article("Disallow: /")), Article),
        ("a picture", reply("200 OK", "Content-Type: image/png\r\n", b"\x89PNG\r\n\x1a\nDisallow: /".repeat(100)), Article),
        ("of zeros", file(&"\0".repeat(5000)), Article),
        ("without a group", file("Disallow: /"), Article),
        ("against others", file("User-agent: khac\nDisallow: /"), Article),
        ("against us", file(against), Failed("robots_disallowed")),
        ("against us, with a mark of its byte order", file(&format!("\u{feff}{against}")), Failed("robots_disallowed")),
        (
            "against us, said to be of another charset",
            reply("200 OK", "Content-Type: text/plain; charset=utf-16\r\n", against),
            Failed("robots_disallowed"),
        ),
        ("in UTF-16", reply("200 OK", "Content-Type: text/plain\r\n", [&[0xff, 0xfe][..], &utf16].concat()), Article),
        ("against us, and 50 MB long", file(&format!("{against}{}", "# xin chào\n".repeat(4_500_000))), Failed("robots_disallowed")),
        ("against us, and without end", endless(&format!("HTTP/1.1 200 OK\r\n\r\n{against}"), "# xin\n"), Failed("robots_disallowed")),
        ("of one line without end", endless("HTTP/1.1 200 OK\r\n\r\nDisallow: /", "a"), Article),
        ("that asks for a day between two requests", file("User-agent: *\nCrawl-delay: 86400\n"), Failed("left_alone")),
        ("that asks for ever between two requests", file("User-agent: *\nCrawl-delay: 1e300\n"), Failed("left_alone")),
        ("in trouble", reply("500 Internal Server Error", "", ""), Failed("robots_unreachable")),
        ("closed", reply("503 Service Unavailable", "", ""), Failed("robots_unreachable")),
        ("too busy", reply("429 Too Many Requests", "", ""), Failed("robots_unreachable")),
        ("too busy for ten years", reply("429 Too Many Requests", "Retry-After: 315360000\r\n", ""), Failed("robots_unreachable")),
        ("of status 999", reply("999 Denied", "", ""), Failed("robots_unreachable")),
        ("silent", vec![Act::Stall(std::time::Duration::from_secs(60))], Failed("robots_unreachable")),
        ("reset", vec![Act::Reset], Failed("robots_unreachable")),
        ("cut short", raw(format!("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{against}")), Failed("robots_unreachable")),
        ("that is no HTTP", raw(against), Failed("robots_unreachable")),
        ("in a circle", redirect("/robots.txt"), Article),
        ("on a private address", redirect("http://169.254.169.254/robots.txt"), Failed("robots_unreachable")),
        ("in a file", redirect("file:///etc/robots.txt"), Article),
    ];
    let mut cases = Vec::new();
    for (fault, robots, told) in rows {
        let server = Server::start(move |head| if path(head) == "/robots.txt" { robots.clone() } else { page() }).await;
        cases.push(Case::of(&format!("a robots.txt {fault}"), server, told));
    }
    let elsewhere = Server::start(move |head| match (path(head), head.contains("khac.baohong.vn")) {
        ("/robots.txt", false) => redirect(&format!("http://khac.baohong.vn:{}/robots.txt", port(head))),
        ("/robots.txt", true) => reply("200 OK", "", against),
        _ => page(),
    })
    .await;
    let pin = format!("khac.baohong.vn:{}:127.0.0.1", elsewhere.port);
    let mut case = Case::of("a robots.txt on another host", elsewhere, Failed("robots_disallowed"));
    case.flags.extend(["--resolve".to_owned(), pin]);
    cases.push(case);
    judge_all(cases).await;
}
