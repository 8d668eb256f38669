//! Can this state file be opened, and of which version is it?
//!
//! WAL with `synchronous=FULL`: a commit that has returned survives a power cut. `NORMAL` would keep the file sound but may forget
//! the last commits, and a line must never be on the disk while the commit that says so is not: it would be fetched and written
//! again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ffi};

use crate::vietnamese::text::printable;

/// "baot": marks the file as ours.
const APPLICATION: i32 = 0x6261_6f74;

/// What brings a state file of version `n` to version `n + 1` stands at `n`. Steps are only ever added.
pub(super) const STEPS: &[&str] = &["
    CREATE TABLE papers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE addresses (
        id INTEGER PRIMARY KEY,
        key INTEGER NOT NULL UNIQUE,
        url TEXT NOT NULL,
        paper INTEGER NOT NULL REFERENCES papers,
        kind INTEGER NOT NULL,
        newest INTEGER NOT NULL,
        fate TEXT NOT NULL,
        detail TEXT,
        tries INTEGER NOT NULL,
        due INTEGER,
        etag TEXT,
        last_modified TEXT,
        content_hash TEXT,
        revision INTEGER NOT NULL,
        published INTEGER,
        every INTEGER,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL
    );
    CREATE INDEX waiting ON addresses (paper, kind DESC, newest DESC, due) WHERE due IS NOT NULL;
    CREATE TABLE hosts (name TEXT PRIMARY KEY, closed_until INTEGER, robots BLOB, robots_at INTEGER, failures INTEGER NOT NULL, rests INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE notes (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE files (name TEXT PRIMARY KEY, length INTEGER NOT NULL, tail INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE due_lines (id INTEGER PRIMARY KEY, file TEXT NOT NULL, line TEXT NOT NULL);
", "
    ALTER TABLE hosts DROP COLUMN failures;
"];

/// Why the state file can't be used. It is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Written by a later program.
    #[error("{}: its version is {theirs}, and this program knows versions up to {ours}; use the newer baotinh that wrote it", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        theirs: i64,
        /// The newest version known here.
        ours: usize,
    },
    /// It is not whole, or it is no `SQLite` file.
    #[error(
        "{}: damaged ({why}); move its folder `.state` aside: the next crawl makes a new one from the articles that stand in the output",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        why: String,
    },
    /// An `SQLite` file of some other program.
    #[error("{}: an SQLite file, but not one of baotinh's; move it aside", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another program has it open and holds it.
    #[error("{}: held by another program for longer than {} s; close that one", path.display(), PATIENCE.as_secs())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// No room.
    #[error("{}: no room for what is to be written; make room, and the next crawl goes on from here", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The disk errs, or a limit on the size of files is met, which `SQLite` calls the same.
    #[error(
        "{}: the disk does not take or give what it should ({why}); see that it has room and is sound, and the next crawl goes on from \
         here", path.display()
    )]
    Disk {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        why: String,
    },
    /// It cannot be opened: the system says no, or something else than a file stands there.
    #[error("{}: cannot be opened; see that it is a file, and that this user may read and write it and its folder", path.display())]
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// We may not write.
    #[error("{}: may not be written; give this user the right to, or name another folder with --output", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Anything else `SQLite` says.
    #[error("{}: {}", path.display(), on_one_line(source))]
    Other {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
}

/// How long a lock of another program is waited for: as long as somebody may look into the file with a shell of `SQLite`'s.
const PATIENCE: Duration = Duration::from_secs(5);

/// The fault that an error of `SQLite`'s is.
pub(super) fn fault(path: &Path, source: rusqlite::Error) -> Fault {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Fault::Full { path },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Fault::Damaged { path, why: on_one_line(&source) },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy { path },
        Some(ErrorCode::SystemIoFailure) => Fault::Disk { path, why: source.to_string() },
        Some(ErrorCode::CannotOpen) => Fault::Closed { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Fault::ReadOnly { path },
        _ if is_of_other_tables(&source) => Fault::Damaged { path, why: on_one_line(&source) },
        _ => Fault::Other { path, source },
    }
}

/// Our statements are sound, and so are the types of what we write: where `SQLite` cannot use them, the tables are not this version's.
fn is_of_other_tables(source: &Error) -> bool {
    let unsound = source.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_ERROR);
    let mistyped = matches!(
        source,
        Error::SqlInputError { .. }
            | Error::InvalidColumnType(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::FromSqlConversionFailure(..)
            | Error::Utf8Error(..)
    );
    unsound || mistyped
}

/// What `SQLite` says, without the statement that it was asked; names from the file may stand in it.
fn on_one_line(source: &Error) -> String {
    let said = match source {
        Error::SqlInputError { msg, .. } => msg.clone(),
        source => source.to_string(),
    };
    printable(&said).to_string()
}

/// Opens the state file or makes a new one, and brings it to the version of [`STEPS`].
pub(super) fn open(path: &Path, steps: &[&str]) -> Result<Connection, Fault> {
    let fault = |source| fault(path, source);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(fault)?;
    db.busy_timeout(PATIENCE).map_err(fault)?;
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
    let application: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(fault)?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fault)?;
    if application != APPLICATION && (tables > 0 || application != 0) {
        return Err(Fault::Foreign { path: path.to_owned() });
    }
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > steps.len() {
        return Err(Fault::Newer { path: path.to_owned(), theirs: version, ours: steps.len() });
    }
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 67108864;",
    )
    .map_err(fault)?;
    migrate(&mut db, &steps[done..], done).map_err(fault)?;
    Ok(db)
}

/// Each step and the number that says so in one transaction: a step is done or not begun.
fn migrate(db: &mut Connection, steps: &[&str], mut version: usize) -> rusqlite::Result<()> {
    for step in steps {
        version += 1;
        let change = db.transaction()?;
        change.execute_batch(step)?;
        change.execute_batch(&format!("PRAGMA user_version = {version}; PRAGMA application_id = {APPLICATION};"))?;
        change.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(path: &Path) -> i64 {
        let db = Connection::open(path).expect("a file");
        db.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version")
    }

    #[test]
    fn an_older_state_is_brought_to_this_version_with_all_that_it_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("crawl.sqlite");
        let old = open(&path, &STEPS[..1]).expect("a new state");
        let rows = "INSERT INTO notes VALUES ('kept', x'01'); INSERT INTO hosts VALUES ('https://a.vn', 7, x'', 5, 3, 2)";
        old.execute_batch(rows).expect("sound statements");
        drop(old);
        assert_eq!(version(&path), 1);
        let new = open(&path, STEPS).expect("an older state");
        let host = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(4)?));
        assert_eq!(new.query_row("SELECT * FROM hosts", [], host).expect("a row"), (7, 2));
        assert_eq!(new.query_row("SELECT name FROM notes", [], |row| row.get::<_, String>(0)).expect("a row"), "kept");
        drop(new);
        assert_eq!(version(&path), 2);
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("crawl.sqlite");
        drop(open(&path, &STEPS[..1]).expect("a new state"));
        let steps = [STEPS[0], "CREATE TABLE more (x); INSERT INTO nothing VALUES (1)"];
        assert!(open(&path, &steps).is_err());
        assert_eq!(version(&path), 1);
        open(&path, STEPS).expect("it is as it was");
    }

    #[test]
    fn a_newer_state_is_left_alone_and_both_versions_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("crawl.sqlite");
        drop(open(&path, &[STEPS, &["CREATE TABLE later (x)"]].concat()).expect("a newer state"));
        let fault = open(&path, STEPS).expect_err("it is newer").to_string();
        assert!(fault.contains("its version is 3, and this program knows versions up to 2"), "{fault}");
        assert_eq!(version(&path), 3);
    }

    #[test]
    fn what_is_no_state_of_ours_is_named_and_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("crawl.sqlite");
        std::fs::write(&path, "not a database at all, but longer than a header of one is ".repeat(40)).expect("room");
        let before = std::fs::read(&path).expect("a file");
        assert!(matches!(open(&path, STEPS), Err(Fault::Damaged { .. })));
        assert_eq!(std::fs::read(&path).expect("a file"), before);

        let path = folder.path().join("other.sqlite");
        Connection::open(&path).and_then(|db| db.execute_batch("CREATE TABLE theirs (x)")).expect("a file");
        assert!(matches!(open(&path, STEPS), Err(Fault::Foreign { .. })));
    }
}
