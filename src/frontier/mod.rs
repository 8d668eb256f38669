//! Which address next, and what became of each?
//!
//! One SQLite file, one writer. Changes gather in one transaction until [`Frontier::commit`]; whoever reads through the same value
//! sees them at once. "Seen" is not "done": an address that was handed out and never settled is handed out again by the next run.
//! Of the files of the output it keeps what must be committed together with fates: how far each is, and the lines due to it.

mod fate;
pub mod schedule;
mod state;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use xxhash_rust::xxh3::xxh3_64;

pub use self::fate::{Fate, Refusal};
pub use self::state::Fault;
use crate::article::Miss;
use crate::output::Extent;

/// So many addresses of one paper may wait. The largest archive seen has fewer articles; a trap has more.
pub const MOST_WAITING: usize = 200_000;

/// The identity of an address: 64 bits of its canonical spelling, or of the paper and its own number for the article. The record's
/// `id` is the same, in hex. Among a million addresses two are alike with a chance of one in forty million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u64);

impl Key {
    /// XXH3-64 of what identifies the address.
    #[must_use]
    pub fn of(identity: &str) -> Self {
        Self(xxh3_64(identity.as_bytes()))
    }
}

/// 16 hex digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Key {
    type Err = std::num::ParseIntError;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(digits, 16).map(Self)
    }
}

/// What is expected at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One article.
    Article,
    /// Addresses of articles: a feed, a sitemap, a section page, the front page.
    Listing,
    /// Addresses of older articles: a page that follows a section page, the sitemap of a month that has passed. It is looked at when no
    /// article waits, once, and then when [`Frontier::revive`] says so.
    Archive,
}

impl Kind {
    /// In the order in which they are handed out, the last one first.
    fn rank(self) -> i64 {
        match self {
            Self::Archive => -1,
            Self::Article => 0,
            Self::Listing => 1,
        }
    }
}

/// What is known of an address that is an article's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// How often it has been written.
    pub revision: u32,
    /// Of what was last written.
    pub content_hash: Option<String>,
}

/// An address that somebody found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What makes it the same as another.
    pub key: Key,
    /// What to ask for.
    pub url: String,
    /// What is expected there.
    pub kind: Kind,
    /// When it was published, as far as its listing says; without it, the order of the listing counts, and now.
    pub newest: Option<Timestamp>,
}

/// What became of what was offered. The three add up to what was offered, but for addresses offered twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offered {
    /// Never seen before; they wait now.
    pub new: usize,
    /// Seen before.
    pub known: usize,
    /// The oldest of those that waited, forgotten again since there were too many. A listing that still has them brings them back.
    pub dropped: usize,
}

/// An address whose turn it is, with all that is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its identity, by which it is settled.
    pub key: Key,
    /// What to ask for.
    pub url: String,
    /// What is expected there.
    pub kind: Kind,
    /// Failed tries in a row.
    pub tries: u32,
    /// How often its article has been written; the next record is one more.
    pub revision: u32,
    /// For `If-None-Match`.
    pub etag: Option<String>,
    /// For `If-Modified-Since`.
    pub last_modified: Option<String>,
    /// Of the article last written, as the record has it.
    pub content_hash: Option<String>,
    /// When it was found first.
    pub first_seen: Timestamp,
    /// When it was published, as far as its listing said; else about when it was found.
    pub newest: Timestamp,
}

/// What the server said of a page, to ask by next time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// How a look at an address ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Which.
    pub key: Key,
    /// How.
    pub fate: Fate,
    /// When.
    pub at: Timestamp,
    /// Instead of those that are known; `None` keeps these.
    pub validators: Option<Validators>,
    /// Of the article, as the record has it; `None` keeps the known one.
    pub content_hash: Option<String>,
    /// When the article says it was published; `None` keeps the known time.
    pub published: Option<Timestamp>,
}

impl Settlement {
    /// A look that brought nothing to remember but its end.
    #[must_use]
    pub fn new(key: Key, fate: Fate, at: Timestamp) -> Self {
        Self { key, fate, at, validators: None, content_hash: None, published: None }
    }
}

/// What a settlement led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is noted. The fate may be another than was told: what has failed too often is given up.
    Noted {
        /// What stands there now.
        fate: Fate,
        /// When it is due again, if ever.
        due: Option<Timestamp>,
    },
    /// This revision, or a later one, has been written before: nothing is noted, and no line may be written.
    AlreadyWritten,
    /// Nobody ever offered this address: nothing is noted.
    Unknown,
}

/// What is remembered of a host from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Host {
    /// Nobody knocks before: `Retry-After`, or a breaker's rest.
    pub closed_until: Option<Timestamp>,
    /// The last robots.txt that could be read, and when that was.
    pub robots: Option<(Vec<u8>, Timestamp)>,
    /// The breaker: failures in a row.
    pub failures: u32,
    /// The breaker: rests in a row.
    pub rests: u32,
}

/// The memory of the crawl.
#[derive(Debug)]
pub struct Frontier {
    db: Connection,
    path: PathBuf,
    papers: HashMap<String, i64>,
    /// Handed out, not settled.
    out: HashSet<Key>,
    /// Articles from here to there are handed out, in seconds of Unix time.
    between: (i64, i64),
}

impl Frontier {
    /// Opens the state file, or makes a new one; an older one is brought to this version.
    ///
    /// # Errors
    ///
    /// When it is newer, damaged, held, or can't be written.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let db = state::open(path, state::STEPS)?;
        db.set_prepared_statement_cache_capacity(64);
        let papers = read_all(&db, "SELECT name, id FROM papers", |row| Ok((row.get(0)?, row.get(1)?)));
        let papers = papers.map_err(|error| state::fault(path, error))?.into_iter().collect();
        Ok(Self { db, path: path.to_owned(), papers, out: HashSet::new(), between: (i64::MIN, i64::MAX) })
    }

    fn told(&self) -> impl Fn(rusqlite::Error) -> Fault {
        |error| state::fault(&self.path, error)
    }

    /// Makes all changes since the last commit last, a power cut included.
    ///
    /// # Errors
    ///
    /// When they can't be written; then none of them has happened, and this value is to be dropped.
    pub fn commit(&mut self) -> Result<(), Fault> {
        if self.db.is_autocommit() {
            return Ok(());
        }
        self.db.execute_batch("COMMIT").map_err(self.told())
    }

    fn begin(&mut self) -> Result<(), Fault> {
        if self.db.is_autocommit() { self.db.execute_batch("BEGIN IMMEDIATE").map_err(self.told()) } else { Ok(()) }
    }

    /// Keeps those links of a paper that are new, and notes of the others that they were seen. When more than `most` of the paper's
    /// articles wait, the oldest of those that nobody has tried go.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn offer(&mut self, paper: &str, links: &[Link], now: Timestamp, most: usize) -> Result<Offered, Fault> {
        self.begin()?;
        let paper = self.paper(paper)?;
        let mut offered = Offered::default();
        offered.new = keep(&self.db, paper, links, now.as_second()).map_err(self.told())?;
        offered.known = links.len() - offered.new;
        if offered.new > 0 {
            offered.dropped = trim(&self.db, paper, most).map_err(self.told())?;
        }
        Ok(offered)
    }

    fn paper(&mut self, name: &str) -> Result<i64, Fault> {
        if let Some(id) = self.papers.get(name) {
            return Ok(*id);
        }
        self.db.execute("INSERT INTO papers (name) VALUES (?1)", [name]).map_err(self.told())?;
        let id = self.db.last_insert_rowid();
        self.papers.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Hands out up to `most` addresses of a paper that are due, listings first, then the newest articles first, archives last. They
    /// are out until they are settled or put back.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn next(&mut self, paper: &str, now: Timestamp, most: usize) -> Result<Vec<Task>, Fault> {
        let Some(paper) = self.papers.get(paper).copied() else { return Ok(Vec::new()) };
        let tasks = due(&self.db, paper, now.as_second(), most, self.between, &self.out).map_err(self.told())?;
        self.out.extend(tasks.iter().map(|task| task.key));
        Ok(tasks)
    }

    /// From now on hands out articles of this time alone, as far as their listings said when they were published; one of which nothing
    /// was said counts as published when it was found.
    pub fn only_between(&mut self, from: Option<Timestamp>, to: Option<Timestamp>) {
        self.between = (from.map_or(i64::MIN, Timestamp::as_second), to.map_or(i64::MAX, Timestamp::as_second));
    }

    /// Takes back what was handed out and nobody has looked at.
    pub fn put_back(&mut self, key: Key) {
        self.out.remove(&key);
    }

    /// When the next address of a paper is due that is not out; `None` when nothing waits.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn next_due(&self, paper: &str) -> Result<Option<Timestamp>, Fault> {
        let Some(paper) = self.papers.get(paper) else { return Ok(None) };
        let read = || {
            let mut ask = self.db.prepare_cached("SELECT key, due FROM addresses WHERE paper = ?1 AND due IS NOT NULL")?;
            let mut rows = ask.query([paper])?;
            let mut soonest: Option<i64> = None;
            while let Some(row) = rows.next()? {
                if !self.out.contains(&key(row, 0)?) {
                    let due = row.get(1)?;
                    soonest = Some(soonest.map_or(due, |soonest| soonest.min(due)));
                }
            }
            Ok(soonest)
        };
        read().map(|soonest| soonest.map(time)).map_err(self.told())
    }

    /// How many addresses of a paper will be looked at some time, those that are out included.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn waiting(&self, paper: &str) -> Result<u64, Fault> {
        let Some(paper) = self.papers.get(paper) else { return Ok(0) };
        let count = "SELECT count(*) FROM addresses WHERE paper = ?1 AND due IS NOT NULL";
        let count = self.db.prepare_cached(count).and_then(|mut ask| ask.query_row([paper], |row| row.get::<_, i64>(0)));
        count.map(i64::cast_unsigned).map_err(self.told())
    }

    /// How many addresses of a paper are due, those that are out included.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn due_now(&self, paper: &str, now: Timestamp) -> Result<u64, Fault> {
        let Some(paper) = self.papers.get(paper) else { return Ok(0) };
        let count = "SELECT count(*) FROM addresses WHERE paper = ?1 AND due IS NOT NULL AND due <= ?2";
        let count = self.db.prepare_cached(count).and_then(|mut ask| ask.query_row([*paper, now.as_second()], |row| row.get::<_, i64>(0)));
        count.map(i64::cast_unsigned).map_err(self.told())
    }

    /// What became of an address; `None` when nobody ever offered it.
    ///
    /// # Errors
    ///
    /// When the state file can't be read, or tells of a fate that this program does not know.
    pub fn fate(&self, key: Key) -> Result<Option<Fate>, Fault> {
        let ask = "SELECT fate, detail FROM addresses WHERE key = ?1";
        let row: Option<(String, Option<String>)> =
            self.db.query_row(ask, [key.0.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(self.told())?;
        let Some((name, detail)) = row else { return Ok(None) };
        let why = format!("the address {key} has the fate `{}`, which is none", name.escape_debug());
        Fate::read(&name, detail).map(Some).ok_or_else(|| Fault::Damaged { path: self.path.clone(), why })
    }

    /// What is known of an article; `None` when nobody ever offered its address.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn article(&self, key: Key) -> Result<Option<Article>, Fault> {
        let ask = "SELECT revision, content_hash FROM addresses WHERE key = ?1";
        let read = |row: &Row<'_>| Ok(Article { revision: row.get(0)?, content_hash: row.get(1)? });
        let found = self.db.prepare_cached(ask).and_then(|mut ask| ask.query_row([key.0.cast_signed()], read).optional());
        found.map_err(self.told())
    }

    /// Makes those of these addresses due that are archives and rest.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn revive(&mut self, keys: &[Key], now: Timestamp) -> Result<(), Fault> {
        self.begin()?;
        let change = "UPDATE addresses SET due = ?2 WHERE key = ?1 AND kind = -1 AND due IS NULL";
        keys.iter()
            .try_for_each(|key| self.db.prepare_cached(change)?.execute([key.0.cast_signed(), now.as_second()]).map(drop))
            .map_err(self.told())
    }

    /// Notes how a look at an address ended, and when the next one is due.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn settle(&mut self, settlement: &Settlement) -> Result<Settled, Fault> {
        self.begin()?;
        let settled = settle(&self.db, settlement).map_err(self.told())?;
        self.out.remove(&settlement.key);
        Ok(settled)
    }

    /// Makes all articles of a paper that were ever written due now, however old.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn look_again(&mut self, paper: &str, now: Timestamp) -> Result<usize, Fault> {
        self.begin()?;
        let paper = self.paper(paper)?;
        let change = "UPDATE addresses SET due = ?2 WHERE paper = ?1 AND revision > 0";
        self.db.execute(change, params![paper, now.as_second()]).map_err(self.told())
    }

    /// What is remembered of a host.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn host(&self, name: &str) -> Result<Host, Fault> {
        let ask = "SELECT closed_until, robots, robots_at, failures, rests FROM hosts WHERE name = ?1";
        let read = |row: &Row<'_>| {
            let robots: Option<Vec<u8>> = row.get(1)?;
            let at: Option<i64> = row.get(2)?;
            let closed_until: Option<i64> = row.get(0)?;
            Ok(Host { closed_until: closed_until.map(time), robots: robots.zip(at.map(time)), failures: row.get(3)?, rests: row.get(4)? })
        };
        self.db.query_row(ask, [name], read).optional().map(Option::unwrap_or_default).map_err(self.told())
    }

    /// Remembers this of a host, instead of what was known.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn remember_host(&mut self, name: &str, host: &Host) -> Result<(), Fault> {
        self.begin()?;
        let closed = host.closed_until.map(Timestamp::as_second);
        let (robots, at) = host.robots.as_ref().map(|(file, at)| (file, at.as_second())).unzip();
        let change =
            "INSERT OR REPLACE INTO hosts (name, closed_until, robots, robots_at, failures, rests) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![name, closed, robots, at, host.failures, host.rests];
        self.db.execute(change, values).map(drop).map_err(self.told())
    }

    /// A note that somebody left under this name.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn note(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.db.query_row("SELECT value FROM notes WHERE name = ?1", [name], |row| row.get(0)).optional().map_err(self.told())
    }

    /// Leaves a note for the next run, instead of the one of this name.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn leave_note(&mut self, name: &str, value: &[u8]) -> Result<(), Fault> {
        self.begin()?;
        self.db.execute("INSERT OR REPLACE INTO notes (name, value) VALUES (?1, ?2)", params![name, value]).map(drop).map_err(self.told())
    }

    /// Notes a line, without its end, as due to a file.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn line_due(&mut self, file: &str, line: &str) -> Result<(), Fault> {
        self.begin()?;
        let change = "INSERT INTO due_lines (file, line) VALUES (?1, ?2)";
        self.db.prepare_cached(change).and_then(|mut change| change.execute([file, line])).map(drop).map_err(self.told())
    }

    /// The lines due, each with its end, together for each file and in their order.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn lines_due(&self) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
        let mut due: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let rows = read_all(&self.db, "SELECT file, line FROM due_lines ORDER BY id", |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        for (file, line) in rows.map_err(self.told())? {
            let lines = due.entry(file).or_default();
            lines.extend_from_slice(line.as_bytes());
            lines.push(b'\n');
        }
        Ok(due)
    }

    /// How far each file is.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn extents(&self) -> Result<Vec<Extent>, Fault> {
        let read = |row: &Row<'_>| {
            let (length, tail): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Extent { name: row.get(0)?, length: length.cast_unsigned(), tail: tail.cast_unsigned() })
        };
        read_all(&self.db, "SELECT name, length, tail FROM files", read).map_err(self.told())
    }

    /// Notes how far a file is now: nothing is due to it any more.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn landed(&mut self, extent: &Extent) -> Result<(), Fault> {
        self.begin()?;
        let change = || {
            self.db.prepare_cached("INSERT OR REPLACE INTO files (name, length, tail) VALUES (?1, ?2, ?3)")?.execute(params![
                extent.name,
                extent.length.cast_signed(),
                extent.tail.cast_signed()
            ])?;
            self.db.prepare_cached("DELETE FROM due_lines WHERE file = ?1")?.execute([&extent.name])
        };
        change().map(drop).map_err(self.told())
    }

    /// Lets the state file grow by this many pages and no further, as a full disk would.
    #[cfg(test)]
    pub(crate) fn fill_disk_but(&self, pages: i64) {
        let used: i64 = self.db.pragma_query_value(None, "page_count", |row| row.get(0)).expect("a count");
        self.db.query_row(&format!("PRAGMA max_page_count = {}", used + pages), [], |_| Ok(())).expect("a limit");
    }

    /// Forgets a file. What is due to it stays due.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn forget_file(&mut self, name: &str) -> Result<(), Fault> {
        self.begin()?;
        self.db.execute("DELETE FROM files WHERE name = ?1", [name]).map(drop).map_err(self.told())
    }
}

fn read_all<T>(db: &Connection, ask: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<Vec<T>> {
    db.prepare_cached(ask)?.query_map([], read)?.collect()
}

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn key(row: &Row<'_>, column: usize) -> rusqlite::Result<Key> {
    row.get::<_, i64>(column).map(|bits| Key(bits.cast_unsigned()))
}

fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<Kind> {
    Ok(match row.get::<_, i64>(column)? {
        ..0 => Kind::Archive,
        0 => Kind::Article,
        _ => Kind::Listing,
    })
}

/// Inserts what is new; how much that is.
fn keep(db: &Connection, paper: i64, links: &[Link], now: i64) -> rusqlite::Result<usize> {
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO addresses (key, url, paper, kind, newest, fate, tries, due, revision, first_seen, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, 'queued', 0, ?6, 0, ?6, ?6)",
    )?;
    let mut seen = db.prepare_cached("UPDATE addresses SET last_seen = ?2 WHERE key = ?1")?;
    let mut new = 0;
    for (link, place) in links.iter().zip(0_i64..) {
        let bits = link.key.0.cast_signed();
        let newest = link.newest.map_or(now - place, Timestamp::as_second);
        if insert.execute(params![bits, link.url, paper, link.kind.rank(), newest, now])? > 0 {
            new += 1;
        } else {
            seen.execute([bits, now])?;
        }
    }
    Ok(new)
}

/// Forgets the oldest articles that wait untried, as many as are too many; how many that were.
fn trim(db: &Connection, paper: i64, most: usize) -> rusqlite::Result<usize> {
    let waiting = "SELECT count(*) FROM addresses WHERE paper = ?1 AND kind = 0 AND due IS NOT NULL";
    let waiting: i64 = db.prepare_cached(waiting)?.query_row([paper], |row| row.get(0))?;
    let over = waiting - i64::try_from(most).unwrap_or(i64::MAX);
    if over <= 0 {
        return Ok(0);
    }
    db.execute(
        "DELETE FROM addresses WHERE key IN (SELECT key FROM addresses WHERE paper = ?1 AND kind = 0 AND due IS NOT NULL
         AND fate = 'queued' ORDER BY newest LIMIT ?2)",
        [paper, over],
    )
}

fn due(db: &Connection, paper: i64, now: i64, most: usize, between: (i64, i64), out: &HashSet<Key>) -> rusqlite::Result<Vec<Task>> {
    let mut ask = db.prepare_cached(
        "SELECT key, url, kind, tries, revision, etag, last_modified, content_hash, first_seen, newest FROM addresses INDEXED BY waiting
         WHERE paper = ?1 AND due IS NOT NULL AND due <= ?2 AND (kind <> 0 OR newest BETWEEN ?3 AND ?4) ORDER BY kind DESC, newest DESC",
    )?;
    let mut rows = ask.query([paper, now, between.0, between.1])?;
    let mut tasks = Vec::new();
    while tasks.len() < most {
        let Some(row) = rows.next()? else { break };
        let key = key(row, 0)?;
        if out.contains(&key) {
            continue;
        }
        tasks.push(Task {
            key,
            url: row.get(1)?,
            kind: kind(row, 2)?,
            tries: row.get(3)?,
            revision: row.get(4)?,
            etag: row.get(5)?,
            last_modified: row.get(6)?,
            content_hash: row.get(7)?,
            first_seen: time(row.get(8)?),
            newest: time(row.get(9)?),
        });
    }
    Ok(tasks)
}

/// What of an address counts when its next look is set.
struct Known {
    kind: Kind,
    tries: u32,
    revision: u32,
    published: Timestamp,
    every: Duration,
}

fn settle(db: &Connection, settlement: &Settlement) -> rusqlite::Result<Settled> {
    let bits = settlement.key.0.cast_signed();
    let ask = "SELECT kind, tries, revision, coalesce(published, newest), every FROM addresses WHERE key = ?1";
    let read = |row: &Row<'_>| {
        let every: Option<u64> = row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned);
        Ok(Known {
            kind: kind(row, 0)?,
            tries: row.get(1)?,
            revision: row.get(2)?,
            published: settlement.published.unwrap_or(time(row.get(3)?)),
            every: every.map_or(schedule::FIRST_VISIT, Duration::from_secs),
        })
    };
    let Some(mut known) = db.prepare_cached(ask)?.query_row([bits], read).optional()? else { return Ok(Settled::Unknown) };
    if let Fate::Written { revision } = settlement.fate {
        if revision <= known.revision {
            return Ok(Settled::AlreadyWritten);
        }
        known.revision = revision;
    }
    let (fate, due) = look_after(&mut known, settlement, fastrand::f64());
    let (validators, keep) = match &settlement.validators {
        Some(given) => (given.clone(), false),
        None => (Validators::default(), true),
    };
    db.prepare_cached(
        "UPDATE addresses SET fate = ?2, detail = ?3, tries = ?4, due = ?5, revision = ?6, every = ?7,
             etag = iif(?8, etag, ?9), last_modified = iif(?8, last_modified, ?10),
             content_hash = coalesce(?11, content_hash), published = coalesce(?12, published)
         WHERE key = ?1",
    )?
    .execute(params![
        bits,
        fate.name(),
        fate.detail(),
        known.tries,
        due.map(Timestamp::as_second),
        known.revision,
        (known.kind != Kind::Article).then(|| known.every.as_secs().cast_signed()),
        keep,
        validators.etag,
        validators.last_modified,
        settlement.content_hash,
        settlement.published.map(Timestamp::as_second),
    ])?;
    Ok(Settled::Noted { fate, due })
}

/// The fate as it is noted, and when the next look is due. Tries and interval go on in `known`.
fn look_after(known: &mut Known, settlement: &Settlement, chance: f64) -> (Fate, Option<Timestamp>) {
    let now = settlement.at;
    let listing = known.kind != Kind::Article;
    let fate = settlement.fate.clone();
    let last = if listing { Some(schedule::visit_due(now, schedule::LONGEST_VISIT)) } else { None };
    match &fate {
        Fate::Queued => return (fate, Some(now)),
        Fate::Failed { name, temporary: true } => {
            known.tries += 1;
            return match schedule::retry(known.tries, chance) {
                Some(pause) => (fate, Some(schedule::later(now, pause))),
                None => (Fate::GivenUp { name: name.clone() }, last),
            };
        }
        _ => known.tries = 0,
    }
    let due = match &fate {
        Fate::Listed { .. } | Fate::Unchanged | Fate::Gone { .. } if known.kind == Kind::Archive => None,
        Fate::Listed { .. } | Fate::Unchanged if listing => {
            let brought = if let Fate::Listed { new } = fate { new } else { 0 };
            known.every = schedule::revisit(known.every, brought);
            Some(schedule::visit_due(now, known.every))
        }
        // The paper may not have finished it yet.
        Fate::Missed(Miss::NoBody | Miss::TooShort) if !listing => schedule::recheck(known.published, now),
        Fate::Written { .. } | Fate::Unchanged => schedule::recheck(known.published, now),
        Fate::Refused(_) if !listing => Some(schedule::later(now, schedule::RECONSIDER)),
        _ => last,
    };
    (fate, due)
}

#[cfg(test)]
mod tests;
