//! What ties the memory to the disk: is each article in the output exactly once for each revision?
//!
//! The protocol, for each group of settlements:
//!
//! 1. Fates and the lines that belong to them are committed together, in one transaction of the state file, which is on the disk
//!    when it returns (WAL, `synchronous=FULL`). This is the moment at which an article is written; before it, it is not.
//! 2. The lines are appended to their files, and the files flushed to the disk; of a new file, its folder too.
//! 3. That the lines are there, and the length and last bytes of each file, goes into the transaction of the next group.
//!
//! A kill before 1 is done forgets the group: its pages are fetched again. A kill later leaves lines due. At start,
//! [`Output::complete`] compares each file with its known length and the bytes due, and appends those that are missing: also when a
//! line was torn, also when all were there and only 3 was lost. Nothing is guessed, since the bytes due are known one by one; so
//! nothing that somebody else wrote is taken for ours and cut away. A full disk fails at 1 (nothing happened) or at 2 (what is
//! missing stays due, and the call takes back its torn line). After any fault the ledger takes nothing more: whoever opens it anew
//! finds it sound.
//!
//! The other way round (append, flush, commit the length, cut the file back at start) costs as many flushes, shows readers of the
//! output lines that are taken back later, and can't tell a torn line of ours from a stranger's.

mod clerk;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;
use thiserror::Error;

pub use self::clerk::{Clerk, End};
use crate::frontier::{self, Frontier, Settled, Settlement};
use crate::output::{self, Extent, Finding, Output, Place};

/// A group is committed when it has so many lines …
pub const MOST_LINES: usize = 256;
/// … or so many bytes of them.
pub const MOST_BYTES: usize = 2 << 20;

/// Files of days so long ago are not looked after any more: nobody appends to them, and whoever packs or moves them may.
const DAYS_KEPT: i32 = 7;

/// Why the ledger can't go on. Whatever it is: nothing is lost, and the next run goes on from there.
#[derive(Debug, Error)]
pub enum Fault {
    /// The output folder.
    #[error(transparent)]
    Output(#[from] output::Fault),
    /// The state file.
    #[error(transparent)]
    State(#[from] frontier::Fault),
    /// A line that would be two, or none.
    #[error("{0}: a line to be written there is empty or holds an end of line")]
    NotOneLine(String),
    /// It stopped at an earlier fault, which was told then.
    #[error("the crawl's state takes nothing more, since it could not be written before")]
    Stopped,
}

/// A line and where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The file.
    pub place: Place<'a>,
    /// One line of JSON, without its end.
    pub text: &'a str,
}

/// The frontier and the output, held by this process alone.
#[derive(Debug)]
pub struct Ledger {
    output: Output,
    frontier: Frontier,
    extents: HashMap<String, Extent>,
    /// The lines of this group, each with its end.
    due: BTreeMap<String, Vec<u8>>,
    lines: usize,
    bytes: usize,
    findings: Vec<Finding>,
    /// The files that hold more than was known, and from which byte on.
    unread: Vec<(String, u64)>,
    stopped: bool,
}

impl Ledger {
    /// Takes the lock of the output folder, opens its state, and mends what a kill or a power cut left undone. `today` is the day on
    /// Vietnam's calendar.
    ///
    /// # Errors
    ///
    /// When another process holds it, when the state is newer or damaged, or when it can't be written.
    pub fn open(folder: &Path, today: Date) -> Result<Self, Fault> {
        let output = Output::open(folder)?;
        let frontier = Frontier::open(&output.state())?;
        let due = frontier.lines_due()?;
        let (extents, findings, unread) = (HashMap::new(), Vec::new(), Vec::new());
        let mut ledger = Self { output, frontier, extents, due, lines: 0, bytes: 0, findings, unread, stopped: false };
        ledger.look_at_files(today)?;
        ledger.look_at_due()?;
        ledger.land()?;
        // What is not known of the files is learnt in one transaction with what is known of them now.
        if ledger.unread.is_empty() {
            ledger.frontier.commit()?;
        }
        Ok(ledger)
    }

    /// Compares the files of the last days with what is known of them. What somebody changed is told once.
    fn look_at_files(&mut self, today: Date) -> Result<(), Fault> {
        let extents = self.frontier.extents()?;
        self.look_for_files(&extents, today)?;
        for known in extents {
            if self.due.contains_key(&known.name) {
                self.extents.insert(known.name.clone(), known);
                continue;
            }
            if is_old(&known.name, today) {
                self.frontier.forget_file(&known.name)?;
                continue;
            }
            let (now, finding) = self.output.look(&known)?;
            match now {
                Some(now) => {
                    if finding.is_some() {
                        self.note_unread(&known, now.length)?;
                        self.frontier.landed(&now)?;
                    }
                    self.extents.insert(now.name.clone(), now);
                }
                None => self.frontier.forget_file(&known.name)?,
            }
            self.findings.extend(finding);
        }
        Ok(())
    }

    /// Where lines are due and the file holds more than these, the state is older than the file.
    fn look_at_due(&mut self) -> Result<(), Fault> {
        for (name, lines) in self.due.clone() {
            let known = self.extents.get(&name).cloned().unwrap_or_else(|| Extent::new(&name));
            if let (Some(now), _) = self.output.look(&known)?
                && now.length > known.length + lines.len() as u64
            {
                self.note_unread(&known, now.length)?;
            }
        }
        Ok(())
    }

    /// A file of a day that is not known, though the days before it are, is younger than the state.
    fn look_for_files(&mut self, known: &[Extent], today: Date) -> Result<(), Fault> {
        let newest = known.iter().filter_map(|extent| day_of(&extent.name)).max();
        let names: HashSet<&str> = known.iter().map(|extent| extent.name.as_str()).collect();
        let is_new = self.frontier.is_new();
        let young = |name: &str| !is_old(name, today) || day_of(name) >= newest.or(Some(today));
        for name in self.output.files()?.into_iter().filter(|name| is_new || day_of(name).is_some()) {
            if !young(&name) || names.contains(name.as_str()) || self.due.contains_key(&name) {
                continue;
            }
            let (Some(now), finding) = self.output.look(&Extent::new(&name))? else { continue };
            self.frontier.landed(&now)?;
            self.extents.insert(name.clone(), now);
            if !is_new {
                self.unread.push((name, 0));
                self.findings.extend(finding);
            }
        }
        Ok(())
    }

    fn note_unread(&mut self, known: &Extent, found: u64) -> Result<(), Fault> {
        if found > known.length {
            self.unread.push((known.name.clone(), self.output.unknown_from(known)?));
        }
        Ok(())
    }

    /// The files that hold more than was known when the ledger was opened, each told once, and from which byte on.
    #[must_use]
    pub fn take_unread(&mut self) -> Vec<(String, u64)> {
        std::mem::take(&mut self.unread)
    }

    /// Asks the frontier, or changes in it what has no line: offers, hosts, notes. Changes are part of the group.
    ///
    /// # Errors
    ///
    /// What the frontier says, after which the ledger takes nothing more: a transaction that failed half-way may be gone whole.
    pub fn frontier<T>(&mut self, act: impl FnOnce(&mut Frontier) -> Result<T, frontier::Fault>) -> Result<T, Fault> {
        if self.stopped {
            return Err(Fault::Stopped);
        }
        let done = act(&mut self.frontier);
        self.noting(done)
    }

    /// Notes how a look at an address ended, with the line that it brought. Both happen together, when the group is committed; an
    /// article that stands in the output already is not written again.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn settle(&mut self, settlement: &Settlement, line: Option<Line<'_>>) -> Result<Settled, Fault> {
        let file = line.map(|line| self.checked(line)).transpose()?;
        let settled = self.frontier(|frontier| frontier.settle(settlement))?;
        if let (Settled::Noted { .. }, Some(line), Some(file)) = (&settled, line, file) {
            self.write_due(file, line.text)?;
        }
        Ok(settled)
    }

    /// Writes a line that belongs to no address, such as that of a run.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn write(&mut self, line: Line<'_>) -> Result<(), Fault> {
        let file = self.checked(line)?;
        self.write_due(file, line.text)
    }

    fn checked(&self, line: Line<'_>) -> Result<String, Fault> {
        if self.stopped {
            return Err(Fault::Stopped);
        }
        let file = line.place.name()?;
        if line.text.is_empty() || line.text.contains(['\n', '\r', '\0']) { Err(Fault::NotOneLine(file)) } else { Ok(file) }
    }

    fn write_due(&mut self, file: String, text: &str) -> Result<(), Fault> {
        self.frontier(|frontier| frontier.line_due(&file, text))?;
        let due = self.due.entry(file).or_default();
        due.extend_from_slice(text.as_bytes());
        due.push(b'\n');
        self.lines += 1;
        self.bytes += text.len() + 1;
        Ok(())
    }

    /// Whether the group is as large as it may be, so that it is time to commit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.lines >= MOST_LINES || self.bytes >= MOST_BYTES
    }

    /// Makes the group last: when this returns, its fates and its lines are on the disk.
    ///
    /// # Errors
    ///
    /// When they can't be written; see the module's page for what then holds.
    pub fn commit(&mut self) -> Result<(), Fault> {
        let stands = self.output.stands();
        self.noting(stands)?;
        self.frontier(Frontier::commit)?;
        self.land()
    }

    /// Brings the lines due to their files.
    fn land(&mut self) -> Result<(), Fault> {
        while let Some((name, lines)) = self.due.pop_first() {
            let known = self.extents.remove(&name).unwrap_or_else(|| Extent::new(&name));
            let done = self.output.complete(&known, &lines);
            let done = self.noting(done)?;
            self.frontier(|frontier| frontier.landed(&done.extent))?;
            self.findings.extend(done.finding);
            self.extents.insert(name, done.extent);
        }
        self.lines = 0;
        self.bytes = 0;
        Ok(())
    }

    /// A fault is the last thing that happens to a ledger: what it holds in memory may not be what the disk holds.
    fn noting<T, F>(&mut self, result: Result<T, F>) -> Result<T, Fault>
    where
        Fault: From<F>,
    {
        self.stopped |= result.is_err();
        Ok(result?)
    }

    /// What was not as we had left it, each told once.
    #[must_use]
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// Commits what is left and notes that all of it is on the disk. A ledger that is dropped instead leaves the group uncommitted,
    /// as a kill would.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn close(mut self) -> Result<Vec<Finding>, Fault> {
        self.commit()?;
        self.frontier.commit()?;
        Ok(self.findings)
    }
}

/// Whether this is the file of a day that nobody looks after any more.
fn is_old(name: &str, today: Date) -> bool {
    day_of(name).is_some_and(|day| day.until(today).is_ok_and(|span| span.get_days() > DAYS_KEPT))
}

fn day_of(name: &str) -> Option<Date> {
    name.rsplit('/').next()?.strip_suffix(".jsonl")?.parse().ok()
}

#[cfg(test)]
mod tests;
