//! How far is each file of the output, and which lines are due to it?
//!
//! These rows change in the transactions of the fates they belong to; what they mean is for the
//! ledger, which ties both, to say.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use super::{Fault, Frontier, read_all};
use crate::output::Extent;

impl Frontier {
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
