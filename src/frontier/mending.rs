//! What changes in the rows when the clock, or selectors.toml, was another one before?

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::{Fault, Frontier, Key, key, schedule};

impl Frontier {
    /// Takes back what was noted in the future: what is put off longer than anything is put off becomes due now, what was heard of hosts
    /// later than now is forgotten. When it is known that the clock `was_ahead`, no listing and no host is waited for. How many rows
    /// that were.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn take_back_future(&mut self, now: Timestamp, was_ahead: bool) -> Result<usize, Fault> {
        self.begin()?;
        let after = |longest: Duration| schedule::later(now, longest).as_second();
        let (now, article) = (now.as_second(), after(schedule::RECONSIDER));
        let (listing, host) = if was_ahead { (now, now) } else { (after(schedule::LONGEST_VISIT), article) };
        let change = || {
            let due = "UPDATE addresses SET due = ?1 WHERE due IS NOT NULL AND
                       (due > ?2 OR (kind <> 0 AND due > ?3) OR (due > ?1 AND first_seen > ?1))";
            let due = self.db.execute(due, [now, article, listing])?;
            let seen = "UPDATE addresses SET first_seen = min(first_seen, ?1), last_seen = min(last_seen, ?1), newest = min(newest, ?1)
                        WHERE first_seen > ?1 OR last_seen > ?1";
            self.db.execute(seen, [now])?;
            let closed = self.db.execute("UPDATE hosts SET closed_until = NULL WHERE closed_until > ?1", [host])?;
            Ok(due + closed + self.db.execute("UPDATE hosts SET robots = NULL, robots_at = NULL WHERE robots_at > ?1", [now])?)
        };
        change().map_err(self.told())
    }

    /// The ids of all papers of which anything was ever known.
    pub fn papers(&self) -> impl Iterator<Item = &str> {
        self.papers.keys().map(String::as_str)
    }

    /// Gives the addresses of a paper to others: each to the one that `whose` names for it, under the key that it has there. Of two that
    /// are one then, the one that was written more often stays.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn adopt(&mut self, from: &str, mut whose: impl FnMut(&str) -> Option<(String, Key)>) -> Result<(), Fault> {
        let Some(from) = self.papers.get(from).copied() else { return Ok(()) };
        self.begin()?;
        let read = || {
            let mut ask = self.db.prepare("SELECT id, revision, url FROM addresses WHERE paper = ?1")?;
            let rows = ask.query_map([from], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<rusqlite::Result<Vec<(i64, u32, String)>>>()
        };
        for (id, revision, url) in read().map_err(self.told())? {
            let Some((paper, key)) = whose(&url) else { continue };
            let paper = self.paper(&paper)?;
            self.give(id, revision, paper, key).map_err(self.told())?;
        }
        Ok(())
    }

    fn give(&self, id: i64, revision: u32, paper: i64, key: Key) -> rusqlite::Result<()> {
        let bits = key.0.cast_signed();
        let other = "SELECT id, revision FROM addresses WHERE key = ?1 AND id <> ?2";
        let other: Option<(i64, u32)> =
            self.db.prepare_cached(other)?.query_row([bits, id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let mut remove = self.db.prepare_cached("DELETE FROM addresses WHERE id = ?1")?;
        if let Some((other, its_revision)) = other {
            if its_revision >= revision {
                return remove.execute([id]).map(drop);
            }
            remove.execute([other])?;
        }
        self.db.prepare_cached("UPDATE addresses SET paper = ?2, key = ?3 WHERE id = ?1")?.execute(params![id, paper, bits]).map(drop)
    }

    /// The listings of a paper that are asked for, archives apart: key, address, and whether it was ever asked for.
    ///
    /// # Errors
    ///
    /// When the state file can't be read.
    pub fn listings(&self, paper: &str) -> Result<Vec<(Key, String, bool)>, Fault> {
        let Some(paper) = self.papers.get(paper) else { return Ok(Vec::new()) };
        let read = || {
            let ask =
                "SELECT key, url, fate <> 'queued' FROM addresses INDEXED BY waiting WHERE paper = ?1 AND kind = 1 AND due IS NOT NULL";
            self.db
                .prepare_cached(ask)?
                .query_map([paper], |row| Ok((key(row, 0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<_>>()
        };
        read().map_err(self.told())
    }

    /// Forgets these addresses: who finds them again finds something new.
    ///
    /// # Errors
    ///
    /// When the state file can't be written.
    pub fn forget(&mut self, keys: &[Key]) -> Result<(), Fault> {
        self.begin()?;
        let forget = |key: &Key| self.db.prepare_cached("DELETE FROM addresses WHERE key = ?1")?.execute([key.0.cast_signed()]).map(drop);
        keys.iter().try_for_each(forget).map_err(self.told())
    }
}
