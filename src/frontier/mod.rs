//! Which address next, and what became of each?
//!
//! One `SQLite` file, one writer. Changes gather in one transaction until [`Frontier::commit`]; whoever reads through the same value
//! sees them at once. "Seen" is not "done": an address that was handed out and never settled is handed out again by the next run.
//! Of the files of the output it keeps what must be committed together with fates: how far each is, and the lines due to it.

mod addresses;
mod fate;
mod files;
mod hosts;
mod mending;
pub mod schedule;
mod state;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

pub use self::fate::{Fate, Refusal};
pub use self::hosts::Host;
pub use self::state::Fault;
pub use crate::link::Key;

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

/// What is to be done about an article to which another address has led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: it stands in the output, and is looked at again in its own time.
    Written,
    /// Nothing: it is out, on its own.
    Out,
    /// Whoever was led there fetches it; until that is settled or put back it is not handed out.
    Granted,
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

    /// Whether nothing was ever offered to it.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.papers.is_empty()
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
        offered.new = addresses::keep(&self.db, paper, links, now.as_second()).map_err(self.told())?;
        offered.known = links.len() - offered.new;
        if offered.new > 0 {
            offered.dropped = addresses::trim(&self.db, paper, most, &self.out).map_err(self.told())?;
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
        let tasks = addresses::due(&self.db, paper, now.as_second(), most, self.between, &self.out).map_err(self.told())?;
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

    /// Asks for an article to which another address has led.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn claim(&mut self, key: Key) -> Result<Claim, Fault> {
        if self.article(key)?.is_some_and(|known| known.revision > 0) {
            return Ok(Claim::Written);
        }
        Ok(if self.out.insert(key) { Claim::Granted } else { Claim::Out })
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
        let settled = addresses::settle(&self.db, settlement).map_err(self.told())?;
        self.out.remove(&settlement.key);
        Ok(settled)
    }

    /// Makes all articles of a paper that were ever written due now, however old, and its listings.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn look_again(&mut self, paper: &str, now: Timestamp) -> Result<usize, Fault> {
        self.begin()?;
        let paper = self.paper(paper)?;
        let change = "UPDATE addresses SET due = ?2 WHERE paper = ?1 AND (revision > 0 OR kind = 1)";
        self.db.execute(change, params![paper, now.as_second()]).map_err(self.told())
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

#[cfg(test)]
mod tests;
