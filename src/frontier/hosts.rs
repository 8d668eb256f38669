//! What is remembered of each host, and what others want remembered?

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Fault, Frontier, time};

/// What is remembered of a host from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Host {
    /// Nobody knocks before: `Retry-After`, or a breaker's rest.
    pub closed_until: Option<Timestamp>,
    /// The last robots.txt that could be read, and when that was.
    pub robots: Option<(Vec<u8>, Timestamp)>,
    /// The breaker: rests in a row.
    pub rests: u32,
}

impl Frontier {
    /// What is remembered of a host.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn host(&self, name: &str) -> Result<Host, Fault> {
        let ask = "SELECT closed_until, robots, robots_at, rests FROM hosts WHERE name = ?1";
        let read = |row: &Row<'_>| {
            let robots: Option<Vec<u8>> = row.get(1)?;
            let at: Option<i64> = row.get(2)?;
            let closed_until: Option<i64> = row.get(0)?;
            Ok(Host { closed_until: closed_until.map(time), robots: robots.zip(at.map(time)), rests: row.get(3)? })
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
        // Up to the next second: nobody is asked too early.
        let closed = host.closed_until.map(|until| until.as_second() + i64::from(until.subsec_nanosecond() > 0));
        let (robots, at) = host.robots.as_ref().map(|(file, at)| (file, at.as_second())).unzip();
        let change = "INSERT OR REPLACE INTO hosts (name, closed_until, robots, robots_at, rests) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![name, closed, robots, at, host.rests];
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
}
