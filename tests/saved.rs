//! Is every saved page found, in order, and every damaged one named?

#![cfg(feature = "crawl")]

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use baotinh::page::{Body, Page};
use baotinh::saved::{Fault, RECORD_BYTES, SavedPage, open, pipe};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use tempfile::TempDir;

const HTML: &str = "<!doctype html><title>Tin</title><p>Mưa lớn ở vùng cao.</p>";

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("a Vec takes everything");
    packed.finish().expect("a Vec takes everything")
}

fn html(page: &Page) -> &str {
    match &page.body {
        Body::Bytes(bytes) => str::from_utf8(bytes).expect("UTF-8"),
        Body::Text(text) => text,
    }
}

/// What a reading gives: the html of each page or the message of each fault, places without the temporary folder.
fn told(folder: &Path, pages: impl Iterator<Item = Result<SavedPage, Fault>>) -> Vec<String> {
    let prefix = format!("{}/", folder.display());
    let line = |item: Result<SavedPage, Fault>| match item {
        Ok(saved) => format!("{}: {}", saved.place, html(&saved.page)),
        Err(fault) => fault.to_string(),
    };
    pages.map(|item| line(item).replace(&prefix, "")).collect()
}

/// What a single file gives.
fn read(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = folder(&[(name, bytes)]);
    told(folder.path(), open(&folder.path().join(name)).expect("it opens"))
}

fn piped(bytes: &[u8]) -> Vec<String> {
    let from = Box::new(io::Cursor::new(bytes.to_vec()));
    told(Path::new("/nowhere"), pipe(from, "stdin").expect("it opens"))
}

#[test]
fn a_page_is_read_as_it_lies() {
    let folder = folder(&[("a.html", HTML.as_bytes())]);
    let page = open(&folder.path().join("a.html")).expect("it opens").next().expect("a page").expect("sound");
    assert_eq!(page.id, None);
    assert_eq!(html(&page.page), HTML);
    assert!(matches!(page.page.body, Body::Bytes(_)), "its charset is still to be found");
    assert_eq!((page.page.url, page.page.status, page.page.fetched_at), (None, None, None));
}

#[test]
fn a_packed_page_is_unpacked_whatever_its_name() {
    let packed = gzip(HTML.as_bytes());
    for (name, bytes) in [("a.html.gz", &packed), ("a.html", &packed), ("a.HTM.GZ", &packed), ("twice.html.gz", &gzip(&packed))] {
        assert_eq!(read(name, bytes), [format!("{name}: {HTML}")]);
    }
}

#[test]
fn a_file_that_is_not_there_does_not_open() {
    let folder = folder(&[]);
    let fault = open(&folder.path().join("no.html")).map(|_| ()).expect_err("it is not there");
    assert!(fault.to_string().ends_with("no.html: no such file or folder"), "{fault}");
}

#[test]
fn lines_give_id_address_and_page() {
    let lines = "{\"id\":\"vn/1\",\"url\":\"https://a.vn/1\",\"html\":\"<p>Một</p>\",\"more\":[1,{}]}\n\
                 \r\n\
                 {\"html\":\"<p>Hai</p>\",\"url\":null,\"id\":7,\"fetched_at\":\"2025-06-17T13:43:02+07:00\",\
                 \"content_type\":\"text/html; charset=utf-8\"}\r\n\
                 {\"url\":\"\",\"html\":\"\",\"fetched_at\":\"yesterday\"}";
    let folder = folder(&[("p.jsonl", format!("\u{feff}{lines}").as_bytes())]);
    let pages: Vec<SavedPage> = open(&folder.path().join("p.jsonl")).expect("it opens").map(|page| page.expect("sound")).collect();
    let field = |field: fn(&SavedPage) -> Option<&str>| pages.iter().map(field).collect::<Vec<_>>();
    assert_eq!(field(|page| page.id.as_deref()), [Some("vn/1"), Some("7"), None]);
    assert_eq!(field(|page| page.page.url.as_deref()), [Some("https://a.vn/1"), None, None]);
    assert_eq!(field(|page| Some(html(&page.page))), [Some("<p>Một</p>"), Some("<p>Hai</p>"), Some("")]);
    assert_eq!(field(|page| page.page.content_type.as_deref()), [None, Some("text/html; charset=utf-8"), None]);
    assert_eq!(field(|page| page.place.rsplit(':').next()), [Some("1"), Some("3"), Some("4")]);
    let fetched: Vec<Option<String>> = pages.iter().map(|page| page.page.fetched_at.map(|at| at.to_string())).collect();
    assert_eq!(fetched, [None, Some("2025-06-17T06:43:02Z".to_owned()), None]);
}

#[test]
fn a_damaged_line_is_named_and_the_rest_is_read() {
    let mut lines = b"{\"html\":\"1\"}\nnonsense\n{\"html\":\"\xff\"}\n{\"url\":\"https://a.vn\"}\n[]\n{\"html\":5}\n\
                      {\"html\":null}\n{\"html\":\"8\"}\n"
        .to_vec();
    lines.extend_from_slice(b"{\"html\":\"cut");
    assert_eq!(
        read("p.jsonl", &lines),
        [
            "p.jsonl:1: 1",
            "p.jsonl:2: not a record of a page at column 1: it does not begin with {",
            "p.jsonl:3: not a record of a page at column 10: invalid unicode code point",
            "p.jsonl:4: no \"html\" in it: give {\"id\": …, \"url\": …, \"html\": …}",
            "p.jsonl:5: not a record of a page at column 1: it does not begin with {",
            "p.jsonl:6: not a record of a page at column 9: invalid type: integer `5`, expected a string",
            "p.jsonl:7: no \"html\" in it: give {\"id\": …, \"url\": …, \"html\": …}",
            "p.jsonl:8: 8",
            "p.jsonl:9: not a record of a page at column 12: EOF while parsing a string",
        ]
    );
}

#[test]
fn a_packed_file_of_lines_that_breaks_off_gives_what_came_before() {
    let lines = (0..2000).fold(String::new(), |mut lines, number: u64| {
        let salt = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        writeln!(lines, "{{\"html\":\"{number} {salt:x}\"}}").expect("a String takes everything");
        lines
    });
    let packed = gzip(lines.as_bytes());
    assert_eq!(read("p.jsonl.gz", &packed).len(), 2000);
    let told = read("p.jsonl.gz", &packed[..packed.len() / 2]);
    let (last, before) = told.split_last().expect("something came");
    assert!(before.len() > 100 && before.iter().all(|page| !page.contains("cannot")), "{} pages", before.len());
    assert!(last.starts_with(&format!("p.jsonl.gz:{}: cannot be read: ", before.len() + 1)), "{last}");
}

/// A reader that gives `head`, then `count` letters, then `tail`, and holds none of them.
fn endless(head: &'static str, count: usize, tail: &'static str) -> Box<dyn Read + Send> {
    Box::new(head.as_bytes().chain(io::repeat(b'a').take(count as u64)).chain(tail.as_bytes()))
}

#[test]
fn a_line_over_the_limit_is_named_and_passed_over() {
    let from = endless("{\"html\":\"1\"}\n{\"html\":\"", RECORD_BYTES * 3, "\"}\n{\"html\":\"3\"}\n");
    let told = told(Path::new("/nowhere"), pipe(from, "stdin").expect("it opens"));
    assert_eq!(told, ["stdin:1: 1", "stdin:2: longer than 30 MiB: skipped", "stdin:3: 3"]);
}

#[test]
fn a_page_over_the_limit_is_named_also_when_it_is_packed() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    io::copy(&mut endless("<p>", RECORD_BYTES, ""), &mut bomb).expect("a Vec takes everything");
    let bomb = bomb.finish().expect("a Vec takes everything");
    assert!(bomb.len() < RECORD_BYTES / 50);
    assert_eq!(read("bomb.html", &bomb), ["bomb.html: longer than 10 MiB: skipped"]);
    let twice = read("bomb.html.gz", &gzip(&bomb));
    assert_eq!(twice, ["bomb.html.gz: the archived answer cannot be unpacked: unpacked it is longer than 10 MiB"]);
}

#[test]
fn a_pipe_may_bring_any_form() {
    assert_eq!(piped(HTML.as_bytes()), [format!("stdin: {HTML}")]);
    assert_eq!(piped(&gzip(HTML.as_bytes())), [format!("stdin: {HTML}")]);
    assert_eq!(piped(b"{\"html\":\"1\"}\n"), ["stdin:1: 1"]);
    assert_eq!(piped(&answer("https://a.vn/1", "", b"<p>1</p>")), ["stdin#1: <p>1</p>"]);
    assert_eq!(piped(b""), [""; 0]);
    assert_eq!(piped(b"x\n{\"html\":\"2\"}")[1], "stdin:2: 2");
}

#[test]
fn a_pipe_that_gives_a_byte_at_a_time_is_no_different() {
    struct Drops(io::Cursor<Vec<u8>>);
    impl Read for Drops {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let end = into.len().min(1);
            self.0.read(&mut into[..end])
        }
    }
    let archive = [gzip(&answer("https://a.vn/1", "", b"<p>1</p>")), gzip(&answer("https://a.vn/2", "", b"2"))].concat();
    let pages = pipe(Box::new(Drops(io::Cursor::new(archive))), "stdin").expect("it opens");
    assert_eq!(told(Path::new("/nowhere"), pages), ["stdin#1: <p>1</p>", "stdin#2: 2"]);
}

#[test]
fn a_folder_is_read_by_name_and_all_the_way_down() {
    let folder = folder(&[
        ("b.html", b"b"),
        ("a/2.jsonl", b"{\"html\":\"a2\"}\nbad\n"),
        ("a/1.htm", b"a1"),
        ("a/deep/x.warc", &answer("https://a.vn/x", "", b"<p>x</p>")),
        ("c.txt", b"no page"),
        (".hidden.html", b"hidden"),
        ("B.html", b"B"),
        ("gold.json", b"{}"),
    ]);
    assert_eq!(
        told(folder.path(), open(folder.path()).expect("it opens")),
        [
            "B.html: B",
            "a/1.htm: a1",
            "a/2.jsonl:1: a2",
            "a/2.jsonl:2: not a record of a page at column 1: it does not begin with {",
            "a/deep/x.warc#1: <p>x</p>",
            "b.html: b",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_links_to_itself_has_an_end() {
    let folder = folder(&[("a.html", b"a")]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).expect("a link");
    std::os::unix::fs::symlink(folder.path().join("gone"), folder.path().join("z.html")).expect("a link");
    assert_eq!(told(folder.path(), open(folder.path()).expect("it opens")), ["a.html: a", "z.html: no such file or folder"]);
}

/// A WARC record.
fn record(kind: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head =
        format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2025-06-17T06:43:02Z\r\n{fields}Content-Length: {}\r\n\r\n", block.len());
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A response record: status 200, HTML, with these headers more.
fn answer(url: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    reply(url, "200 OK", &format!("Content-Type: text/html; charset=utf-8\r\n{headers}"), body)
}

fn reply(url: &str, status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let block = [format!("HTTP/1.1 {status}\r\n{headers}\r\n").as_bytes(), body].concat();
    record("response", &format!("WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"), &block)
}

#[test]
fn an_archive_gives_its_answers_with_address_and_time() {
    let archive = answer("<https://a.vn/1>", "ETag: \"x\"\r\nlast-modified: Tue, 17 Jun 2025 06:00:00 GMT\r\n", b"<p>1</p>");
    let folder = folder(&[("a.warc", &archive)]);
    let saved = open(&folder.path().join("a.warc")).expect("it opens").next().expect("a page").expect("sound");
    let page = saved.page;
    assert_eq!(page.url.as_deref(), Some("https://a.vn/1"));
    assert_eq!(page.status, Some(200));
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.etag.as_deref(), Some("\"x\""));
    assert_eq!(page.last_modified.as_deref(), Some("Tue, 17 Jun 2025 06:00:00 GMT"));
    assert_eq!(page.fetched_at.map(|at| at.to_string()).as_deref(), Some("2025-06-17T06:43:02Z"));
}

/// An archive in which only records 2, 6 and 8 are pages.
fn mixed() -> Vec<Vec<u8>> {
    vec![
        record("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: x\r\n"),
        answer("https://a.vn/2", "", b"<p>2</p>"),
        record("request", "Content-Type: application/http; msgtype=request\r\n", b"GET / HTTP/1.1\r\n\r\n"),
        reply("https://a.vn/4", "301 Moved", "Location: /2\r\nContent-Type: text/html\r\n", b"<p>moved</p>"),
        reply("https://a.vn/5.jpg", "200 OK", "Content-Type: image/jpeg\r\n", b"\xff\xd8\xff"),
        record("resource", "WARC-Target-URI: file:///6.html\r\nContent-Type: text/html\r\n", b"<p>6</p>"),
        record("metadata", "Content-Type: application/warc-fields\r\n", b"via: x\r\n"),
        reply("https://a.vn/8", "200", "content-type: application/xhtml+xml\r\n", b"<p>8</p>"),
        record("response", "WARC-Target-URI: dns:a.vn\r\nContent-Type: text/dns\r\n", b"20250617\na.vn. 5 IN A 127.0.0.1\n"),
    ]
}

#[test]
fn only_pages_of_an_archive_are_read() {
    let pages = ["a.warc#2: <p>2</p>", "a.warc#6: <p>6</p>", "a.warc#8: <p>8</p>"];
    assert_eq!(read("a.warc", &mixed().concat()), pages);
    let packed: Vec<u8> = mixed().iter().flat_map(|record| gzip(record)).collect();
    assert_eq!(read("a.warc.gz", &packed), pages.map(|page| page.replace("a.warc", "a.warc.gz")));
    assert_eq!(read("a.warc", &gzip(&mixed().concat())), pages, "packed as a whole");
}

#[test]
fn chunks_and_packing_are_undone() {
    let zlib = |bytes: &[u8]| {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).and_then(|()| packed.finish()).expect("a Vec takes everything")
    };
    let deflate = |bytes: &[u8]| {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).and_then(|()| packed.finish()).expect("a Vec takes everything")
    };
    let chunked = |bytes: &[u8]| {
        let (left, right) = bytes.split_at(5);
        let size = |part: &[u8]| format!("{:X};name=x\r\n", part.len()).into_bytes();
        [&size(left), left, b"\r\n", &size(right), right, b"\r\n0\r\n\r\n"].concat()
    };
    let page = HTML.as_bytes();
    for (headers, body) in [
        ("Transfer-Encoding: chunked\r\n", chunked(page)),
        ("Content-Encoding: gzip\r\n", gzip(page)),
        ("content-encoding: X-GZIP\r\n", gzip(page)),
        ("Content-Encoding: deflate\r\n", zlib(page)),
        ("Content-Encoding: deflate\r\n", deflate(page)),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunked(&gzip(page))),
        ("Content-Encoding: deflate, gzip\r\n", gzip(&zlib(page))),
        ("Content-Encoding: identity\r\n", page.to_vec()),
        // Stored without the encoding that the head still tells of.
        ("Transfer-Encoding: chunked\r\n", page.to_vec()),
        ("Content-Encoding: gzip\r\n", page.to_vec()),
        ("Content-Encoding: br\r\n", page.to_vec()),
        ("Content-Encoding: deflate\r\n", page.to_vec()),
    ] {
        let told = read("a.warc", &answer("https://a.vn/1", headers, &body));
        assert_eq!(told, [format!("a.warc#1: {HTML}")], "{headers}");
    }
}

#[test]
fn an_answer_that_cannot_be_unpacked_is_named() {
    let sound = answer("https://a.vn/2", "", b"<p>2</p>");
    let packed = gzip(HTML.as_bytes());
    for (headers, body, fault) in [
        ("Content-Encoding: br\r\n", &b"\x0b\x02"[..], "content encoding \"br\" is not known here (gzip and deflate are)"),
        ("Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n9\r\nab", "its chunks end too soon"),
        ("Content-Encoding: gzip\r\n", &packed[..packed.len() - 9], "its gzip packing is broken: "),
    ] {
        let told = read("a.warc", &[answer("https://a.vn/1", headers, body), sound.clone()].concat());
        assert_eq!(told.len(), 2, "{told:?}");
        let told_fault = told[0].strip_prefix("a.warc#1: the archived answer cannot be unpacked: ").unwrap_or(&told[0]);
        assert!(told_fault.starts_with(fault), "{told_fault}");
        assert_eq!(told[1], "a.warc#2: <p>2</p>");
    }
}

#[test]
fn a_part_of_an_answer_is_no_page() {
    let fields = "Content-Type: application/http\r\nWARC-Truncated: \u{1b}[2Jlength\r\n";
    let block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>";
    assert_eq!(
        read("a.warc", &record("response", fields, block)),
        ["a.warc#1: the archive holds only a part of it (WARC-Truncated: \\u{1b}[2Jlength)"]
    );
}

#[test]
fn an_archive_that_breaks_off_names_its_last_record() {
    let archive = mixed().concat();
    let cut = archive.windows(8).rposition(|bytes| bytes == b"<p>8</p>").expect("it is there") + 3;
    let told = read("a.warc", &archive[..cut]);
    assert_eq!(told[..2], ["a.warc#2: <p>2</p>", "a.warc#6: <p>6</p>"]);
    assert_eq!(told[2..], ["a.warc#8: cut off: 56 of 61 bytes are there"]);
    let packed: Vec<u8> = mixed().iter().take(8).flat_map(|record| gzip(record)).collect();
    let told = read("a.warc.gz", &packed[..packed.len() - 30]);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[2].starts_with("a.warc.gz#8: cannot be read: "), "{}", told[2]);
}

#[test]
fn rubbish_between_records_is_one_fault_and_the_rest_is_read() {
    let archive = [&mixed()[1][..], b"rubbish\nmore rubbish\n\xff\xfe\n", &mixed()[7], b"end"].concat();
    assert_eq!(
        read("a.warc", &archive),
        [
            "a.warc#1: <p>2</p>",
            "a.warc#2: not a WARC record: it does not begin with WARC/1.0 or WARC/1.1",
            "a.warc#3: <p>8</p>",
            "a.warc#4: not a WARC record: it does not begin with WARC/1.0 or WARC/1.1",
        ]
    );
    let no_length = b"WARC/1.0\r\nWARC-Type: response\r\n\r\n";
    assert_eq!(
        read("a.warc", &[&no_length[..], &mixed()[7]].concat()),
        ["a.warc#1: not a WARC record: no Content-Length in its head", "a.warc#2: <p>8</p>"]
    );
}

#[test]
fn a_damaged_gzip_member_costs_its_own_record_only() {
    let members: Vec<Vec<u8>> = (1..=3).map(|number| gzip(&answer("https://a.vn/", "", format!("<p>{number}</p>").as_bytes()))).collect();
    for damaged in 0..3 {
        let length = members[damaged].len();
        for at in [length / 2, length - 6, length - 2] {
            let mut members = members.clone();
            members[damaged][at] ^= 0x55;
            let told = read("a.warc.gz", &members.concat());
            assert_eq!(told.len(), 3, "{told:?}");
            for (place, line) in told.iter().enumerate() {
                let number = place + 1;
                assert!(line.starts_with(&format!("a.warc.gz#{number}: ")), "{at}: {line}");
                assert_eq!(line.contains("<p>"), place != damaged, "{at}: {line}");
            }
        }
    }
}

#[test]
fn a_record_over_the_limit_is_passed_over_unless_it_is_no_page_anyway() {
    let big =
        |media: &str| format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n", RECORD_BYTES + 1);
    let archive = |head: String| -> Box<dyn Read + Send> {
        let rest = [b"\r\n\r\n".to_vec(), answer("https://a.vn/2", "", b"<p>2</p>")].concat();
        Box::new(io::Cursor::new(head).chain(io::repeat(b'a').take(RECORD_BYTES as u64 + 1)).chain(io::Cursor::new(rest)))
    };
    let read = |head| told(Path::new("/nowhere"), pipe(archive(head), "stdin").expect("it opens"));
    assert_eq!(read(big("application/http")), ["stdin#1: longer than 30 MiB: skipped", "stdin#2: <p>2</p>"]);
    assert_eq!(read(big("text/dns")), ["stdin#2: <p>2</p>"]);
}
