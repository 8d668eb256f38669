//! What becomes of a file, a folder or an archive that was made to harm?

use std::io::{self, Read as _, Write as _};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::{extract, folder, page};

/// So many blank bytes, packed; two thousand to one.
fn bomb(head: &str, bytes: u64, tail: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let mut all = head.as_bytes().chain(io::repeat(b' ').take(bytes)).chain(tail.as_bytes());
    io::copy(&mut all, &mut packed).and_then(|_| packed.finish()).expect("a Vec takes everything")
}

fn line(id: &str, html: &str) -> String {
    json!({ "id": id, "html": html }).to_string()
}

fn answer(headers: &str, body: &[u8], length: u64) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n");
    let length = if length == 0 { (head.len() + body.len()) as u64 } else { length };
    let record = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\n{head}");
    [record.as_bytes(), body, b"\r\n\r\n"].concat()
}

#[test]
fn a_bomb_in_a_file_is_named_and_the_rest_is_read() {
    const BOMB: u64 = 300 << 20;
    let sound = page("Tin thứ hai", "");
    let lines = bomb(&format!("{}\n{{\"html\":\"", line("1", &sound)), BOMB, &format!("\"}}\n{}\n", line("3", &sound)));
    let archive = [answer("Content-Encoding: gzip\r\n", &bomb("<p>", BOMB, ""), 0), answer("", sound.as_bytes(), 0)].concat();
    let mut twice = GzEncoder::new(Vec::new(), Compression::fast());
    let twice = twice.write_all(&bomb("<p>", BOMB, "")).and_then(|()| twice.finish()).expect("a Vec takes everything");
    let files: [(&str, &[u8]); 5] = [
        ("page.html.gz", &bomb("<p>", BOMB, "")),
        ("page.html", &bomb("<p>", BOMB, "")),
        ("twice.html.gz", &twice),
        ("lines.jsonl.gz", &lines),
        ("archive.warc", &archive),
    ];
    let run = extract(&folder(&files), &files.map(|(name, _)| name));
    assert_eq!(
        run.told,
        [
            "damaged: page.html.gz: longer than 10 MiB: skipped",
            "damaged: page.html: longer than 10 MiB: skipped",
            "damaged: twice.html.gz: the archived answer cannot be unpacked: unpacked it is longer than 10 MiB",
            "damaged: lines.jsonl.gz:2: longer than 30 MiB: skipped",
            "damaged: archive.warc#1: the archived answer cannot be unpacked: unpacked it is longer than 10 MiB",
        ]
    );
    assert_eq!(run.titles(), ["Tin thứ hai"; 3]);
}

#[test]
fn a_line_of_any_length_is_not_held() {
    let sound = page("Tin thứ hai", "");
    let long = |bytes: usize| line("2", &format!("<p>{}", "\\".repeat(bytes)));
    let deep = format!("{{\"more\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let lines = [
        line("1", &sound),
        long(60 << 20),
        long(12 << 20),
        json!({"id": "x".repeat(5_000), "html": sound}).to_string(),
        json!({"url": format!("https://a.vn/{}", "x".repeat(5_000)), "html": sound}).to_string(),
        deep,
        "{\"html\":\"\\ud800\"}".to_owned(),
        line("8", &sound),
    ];
    let run = extract(&folder(&[("p.jsonl", lines.join("\n").as_bytes())]), &["p.jsonl"]);
    assert_eq!(
        run.told,
        [
            "damaged: p.jsonl:2: longer than 30 MiB: skipped",
            "damaged: p.jsonl:3: longer than 10 MiB: skipped",
            "damaged: p.jsonl:4: its \"id\" is longer than 4096 bytes: skipped",
            "damaged: p.jsonl:5: its \"url\" is longer than 4096 bytes: skipped",
            "damaged: p.jsonl:6: no \"html\" in it: give {\"id\": …, \"url\": …, \"html\": …}",
            "damaged: p.jsonl:7: not a record of a page at column 16: unexpected end of hex escape",
        ]
    );
    assert_eq!(run.titles(), ["Tin thứ hai"; 2]);
}

#[test]
fn an_archive_that_lies_of_its_lengths_costs_its_own_records() {
    let sound = answer("", page("Tin thứ hai", "").as_bytes(), 0);
    let archives: [(&str, Vec<u8>); 6] = [
        ("short.warc", [answer("", page("Tin cụt", "").as_bytes(), 300), sound.clone()].concat()),
        ("endless.warc", [sound.clone(), answer("", b"<p>x", u64::MAX)].concat()),
        ("large.warc", [answer("", &vec![b'a'; 40 << 20], 0), sound.clone()].concat()),
        ("page.warc", [answer("", &vec![b'a'; 12 << 20], 0), sound.clone()].concat()),
        ("heads.warc", [answer(&"a:b\r\n".repeat(2 << 20), b"<p>x", 0), sound.clone()].concat()),
        ("codings.warc", [answer(&format!("Content-Encoding: {}\r\n", "gzip,".repeat(10_000)), b"<p>x", 0), sound].concat()),
    ];
    let files: Vec<(&str, &[u8])> = archives.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let run = extract(&folder(&files), &files.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let told: Vec<&str> = run.told.iter().map(|line| line.split_once(": ").map_or("", |(_, rest)| rest)).collect();
    assert_eq!(
        told,
        [
            "short.warc#1: no_body: no article text found",
            "short.warc#2: not a WARC record: it does not begin with WARC/1.0 or WARC/1.1",
            "endless.warc#2: cut off: 52 of 18446744073709551615 bytes are there",
            "large.warc#1: longer than 30 MiB: skipped",
            "page.warc#1: longer than 10 MiB: skipped",
            "heads.warc#1: the archived answer cannot be unpacked: it is not an HTTP answer",
            "codings.warc#1: no_title: no headline found",
        ]
    );
    assert_eq!(run.titles(), ["Tin thứ hai"; 6]);
}

#[cfg(unix)]
#[test]
fn a_folder_of_pipes_loops_and_closed_doors_has_an_end() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = folder(&[("a.html", page("Tin thứ hai", "").as_bytes()), ("closed.html", b"<p>"), ("z.html", b"")]);
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("empty")).expect("room");
    assert!(Command::new("mkfifo").arg(at("pipe.html")).status().expect("mkfifo runs").success());
    symlink("/dev/zero", at("zero.jsonl")).expect("a link");
    symlink(folder.path(), at("loop")).expect("a link");
    symlink("turn.html", at("turn.html")).expect("a link");
    std::fs::set_permissions(at("closed.html"), std::fs::Permissions::from_mode(0o000)).expect("it is ours");
    let run = extract(&folder, &["."]);
    let told: Vec<&str> = run.told.iter().map(String::as_str).filter(|line| !line.contains("closed.html")).collect();
    assert_eq!(
        told,
        [
            "damaged: ./pipe.html: neither a file nor a folder: skipped; name it itself to read it",
            "damaged: ./turn.html: cannot be read: Too many levels of symbolic links (os error 40)",
            "miss: ./z.html: not_html: the answer is not an HTML page",
            "damaged: ./zero.jsonl: neither a file nor a folder: skipped; name it itself to read it",
        ]
    );
    let closed = run.told.iter().find(|line| line.contains("closed.html")).map(String::as_str);
    // Who is root opens every door.
    let doors =
        ["damaged: ./closed.html: cannot be read: Permission denied (os error 13)", "miss: ./closed.html: no_title: no headline found"];
    assert!(closed.is_some_and(|line| doors.contains(&line)), "{closed:?}");
    assert_eq!(run.titles(), ["Tin thứ hai"]);
    let run = extract(&folder, &["empty", "loop/empty"]);
    let none = "no pages in it: their names end in .html, .jsonl or .warc, and may end in .gz behind it";
    assert_eq!(run.told, [format!("damaged: empty: {none}"), format!("damaged: loop/empty: {none}")]);
}

#[cfg(unix)]
#[test]
fn a_device_that_is_named_is_read_and_a_pipe_too() {
    let out = Command::new(env!("CARGO_BIN_EXE_baotinh")).args(["extract", "/dev/null"]).stdin(Stdio::null()).output().expect("it runs");
    assert_eq!((out.status.code(), out.stdout.len(), out.stderr.len()), (Some(0), 0, 0));
    let folder = folder(&[]);
    let pipe = folder.path().join("pipe.html");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let child = Command::new(env!("CARGO_BIN_EXE_baotinh")).arg("extract").arg(&pipe).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut end = std::fs::OpenOptions::new().write(true).open(&pipe).expect("it is read");
    end.write_all(page("Tin thứ hai", "").as_bytes()).expect("it is read");
    drop(end);
    let out = child.wait_with_output().expect("it ends");
    assert!(String::from_utf8_lossy(&out.stdout).contains("\"title\":\"Tin thứ hai\""));
}
