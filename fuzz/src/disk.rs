//! Is whatever lies on the disk either read or refused by name?

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::LazyLock;

use baotinh::frontier::{Fate, Frontier, Host, Key, Kind, Link, Settlement};
use baotinh::limits::RECORD_BYTES;
use baotinh::output::Extent;
use baotinh::page::Body;
use baotinh::saved::pipe;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::times::fetched;

/// A file of saved pages: lines of JSON, a web archive, a page; where its first byte is odd, packed by us, each blank line a member.
pub fn saved(data: &[u8]) {
    let (how, file) = data.split_first().unwrap_or((&0, &[]));
    let file = if how % 2 == 1 { packed(file) } else { file.to_owned() };
    let at_once = read(Cursor::new(file.clone()));
    let in_drops = read(Drops(file, 0));
    // Of a packed stream that breaks, more comes out where it is asked for less at a time.
    let broken = |items: &[String]| items.iter().any(|item| item.contains("cannot be read"));
    assert_eq!(broken(&at_once), broken(&in_drops), "whether a stream is broken depends on how the bytes come in");
    assert!(broken(&at_once) || at_once == in_drops, "what is read depends on how the bytes come in:\n{at_once:?}\n{in_drops:?}");
    let line = serde_json::json!({ "id": how, "url": "https://baomau.vn/a.html", "html": String::from_utf8_lossy(data) }).to_string();
    let one = read(Cursor::new(line.into_bytes()));
    assert_eq!(one, [format!("bé:1 {:?} {:?}", Some(how.to_string()), Body::Text(String::from_utf8_lossy(data).into_owned()))]);
}

/// What comes out of a pipe, an item each, in words.
fn read(from: impl Read + Send + 'static) -> Vec<String> {
    let items = match pipe(Box::new(from), "bé") {
        Ok(pages) => pages,
        Err(fault) => return vec![fault.to_string()],
    };
    let told = items.map(|item| match item {
        Ok(saved) => {
            let length = match &saved.page.body {
                Body::Bytes(bytes) => bytes.len(),
                Body::Text(text) => text.len(),
            };
            assert!(length <= RECORD_BYTES, "{}: {length} bytes are held", saved.place);
            format!("{} {:?} {:?}", saved.place, saved.id, saved.page.body)
        }
        Err(fault) => {
            let told = fault.to_string();
            assert!(!told.chars().any(char::is_control), "{told:?} steers a terminal");
            told
        }
    });
    // No more items than bytes: a reader that stands still would go on for ever.
    let told: Vec<String> = told.take(1 << 20).collect();
    assert!(told.len() < 1 << 20, "the items do not end");
    told
}

/// A gzip member for each piece between blank lines.
fn packed(file: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut rest = file;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 2);
        let mut member = GzEncoder::new(&mut packed, Compression::fast());
        member.write_all(&rest[..end]).and_then(|()| member.finish().map(drop)).expect("memory takes everything");
        rest = &rest[end..];
    }
    packed
}

/// Bytes that come in one at a time, as from a slow pipe.
struct Drops(Vec<u8>, usize);

impl Read for Drops {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let (Some(to), Some(from)) = (into.first_mut(), self.0.get(self.1)) else { return Ok(0) };
        *to = *from;
        self.1 += 1;
        Ok(1)
    }
}

/// A sound state file with something in each of its tables.
static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("crawl.sqlite");
    let mut frontier = Frontier::open(&path).expect("a new state");
    use_all(&mut frontier).expect("a new state can be used");
    drop(frontier);
    let db = Connection::open(&path).expect("a file of SQLite's");
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").expect("a file of SQLite's");
    drop(db);
    fs::read(&path).expect("a file")
});

/// A state file: bytes of anybody's (first byte 0); ours with some bytes changed (1), each change four bytes, the place and the value;
/// ours after statements of SQL (2).
pub fn state(data: &[u8]) {
    let (how, rest) = data.split_first().unwrap_or((&0, &[]));
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("crawl.sqlite");
    let mut file = if how % 3 == 0 { rest.to_owned() } else { SOUND.clone() };
    if how % 3 == 1 {
        for change in rest.chunks_exact(4) {
            let place = usize::from(change[0]) | usize::from(change[1]) << 8 | usize::from(change[2]) << 16;
            let length = file.len();
            file[place % length] = change[3];
        }
    }
    fs::write(&path, &file).expect("room for a small file");
    if how % 3 == 2 {
        change(&path, &String::from_utf8_lossy(rest));
    }
    let before = fs::read(&path).expect("a file");
    match Frontier::open(&path) {
        Ok(mut frontier) => {
            // Any fault is one of the state file's own; what counts is that it is told and not a panic.
            if let Err(fault) = use_all(&mut frontier) {
                assert_told(&fault, &path);
            }
            if let Err(fault) = frontier.commit() {
                assert_told(&fault, &path);
            }
        }
        Err(fault) => {
            assert_told(&fault, &path);
            assert!(how % 3 == 1 || fs::read(&path).expect("a file") == before, "a file that was refused is another now");
        }
    }
}

fn assert_told(fault: &baotinh::frontier::Fault, path: &Path) {
    let told = fault.to_string();
    assert!(told.starts_with(&path.display().to_string()), "{told}: does not say which file");
    assert!(!told.chars().any(char::is_control), "{told:?} steers a terminal");
}

/// Runs what of these statements runs, as somebody with a shell of SQLite's would. Nothing that leads out of the file.
fn change(path: &Path, sql: &str) {
    let db = Connection::open(path).expect("a sound file");
    for statement in sql.split(';').take(8) {
        let word = statement.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let stays = matches!(word.as_str(), "insert" | "update" | "delete" | "alter" | "drop" | "create" | "pragma");
        let endless = statement.to_ascii_lowercase().contains("recursive") || statement.to_ascii_lowercase().contains("zeroblob");
        if stays && !endless && !statement.to_ascii_lowercase().contains("journal") {
            let _ = db.execute_batch(statement);
        }
    }
}

/// Asks of a state all that a crawl asks.
fn use_all(frontier: &mut Frontier) -> Result<(), baotinh::frontier::Fault> {
    let now = fetched();
    let link = |name: &str, kind| Link { key: Key::of(name), url: format!("https://baomau.vn/{name}"), kind, newest: Some(now) };
    let links = [link("a", Kind::Article), link("b", Kind::Article), link("tin", Kind::Listing), link("cũ", Kind::Archive)];
    let offered = frontier.offer("baomau", &links, now, 3)?;
    assert!(offered.new + offered.known == links.len() && offered.dropped <= links.len(), "{offered:?}");
    let later = Timestamp::from_second(now.as_second() + 3_600).expect("a moment of this century");
    let fates = [
        Fate::Listed { new: 2 },
        Fate::Written { revision: 1 },
        Fate::Failed { name: "timeout".into(), temporary: true },
        Fate::Moved { to: Key::of("đó") },
    ];
    for (task, fate) in frontier.next("baomau", later, 10)?.into_iter().zip(fates) {
        frontier.settle(&Settlement::new(task.key, fate, later))?;
    }
    for key in links.iter().map(|link| link.key) {
        frontier.fate(key)?;
        frontier.article(key)?;
        frontier.settle(&Settlement::new(key, Fate::Unchanged, later))?;
        frontier.settle(&Settlement::new(key, Fate::Failed { name: "reset".into(), temporary: true }, later))?;
    }
    frontier.revive(&[links[3].key], later)?;
    frontier.look_again("baomau", later)?;
    frontier.next_due("baomau")?;
    frontier.waiting("baomau")?;
    frontier.due_now("baomau", later)?;
    let host = frontier.host("baomau.vn")?;
    frontier.remember_host("baomau.vn", &Host { robots: Some((b"User-agent: *".to_vec(), now)), rests: 1, ..host })?;
    frontier.note("một")?;
    frontier.leave_note("một", b"1")?;
    frontier.lines_due()?;
    frontier.line_due("baomau/2026-03-10.jsonl", "{}")?;
    frontier.extents()?;
    frontier.landed(&Extent { name: "baomau/2026-03-10.jsonl".to_owned(), length: 3, tail: 7 })?;
    frontier.forget_file("baomau/2026-03-10.jsonl")?;
    frontier.commit()
}
