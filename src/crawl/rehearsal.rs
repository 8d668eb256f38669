//! Where may a dry run remember, so that nothing of it is left?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tokio::task::spawn_blocking;

use super::recollection::Recollection;
use super::{Fault, Settings};
use crate::frontier;
use crate::ledger::{self, Ledger};
use crate::output::{Finding, Output};
use crate::paper::{Paper, Rulebook};

/// A copy of the state of an output folder, gone when this value goes.
#[derive(Debug)]
pub(super) struct Rehearsal {
    folder: PathBuf,
    /// Whose state it is.
    output: PathBuf,
    /// Nobody changes the original while it is rehearsed.
    _held: Option<Output>,
}

impl Rehearsal {
    /// Copies the state, if there is one. Its log is copied with it: what stands there is committed.
    pub(super) fn of(output: &Path) -> Result<Self, Fault> {
        let held = if output.join(".state").is_dir() { Some(Output::open(output).map_err(ledger::Fault::from)?) } else { None };
        let folder = std::env::temp_dir().join(format!("baotinh-dry-run-{}-{:08x}", std::process::id(), fastrand::u32(..)));
        let state = folder.join(".state");
        let no_place = |path: &Path, source: io::Error| Fault::Rehearsal { path: path.to_owned(), source };
        fs::create_dir_all(&state).map_err(|error| no_place(&folder, error))?;
        let rehearsal = Self { folder, output: output.to_owned(), _held: held };
        for name in ["crawl.sqlite", "crawl.sqlite-wal"] {
            match fs::copy(output.join(".state").join(name), state.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(no_place(&rehearsal.folder, error)),
                _ => {}
            }
        }
        Ok(rehearsal)
    }

    /// A fault of the state lies in the original, and is named there.
    fn in_original(&self, mut fault: ledger::Fault) -> ledger::Fault {
        use frontier::Fault as F;
        if let ledger::Fault::State(F::Newer { path, .. } | F::Damaged { path, .. } | F::Foreign { path }) = &mut fault
            && let Ok(below) = path.strip_prefix(&self.folder)
        {
            *path = self.output.join(below);
        }
        fault
    }
}

/// Opens the ledger, or the one to be rehearsed with, where the disk may be waited for. What is found amiss with the files of the output
/// is told too, but not by a rehearsal, which has none of them beside its state.
pub(super) async fn open(
    rehearsal: Option<&Rehearsal>,
    book: &'static Rulebook,
    papers: Vec<&'static Paper>,
    settings: Settings,
    now: Timestamp,
) -> Result<(Ledger, Vec<Finding>, Recollection), Fault> {
    let folder = rehearsal.map_or(&settings.output, |rehearsal| &rehearsal.folder).clone();
    let opened = spawn_blocking(move || {
        let (mut ledger, findings) = super::opening::open(&folder, book, &papers, &settings, now)?;
        let memory = if settings.memory { Recollection::of(&mut ledger, &papers)? } else { Recollection::default() };
        Ok::<_, ledger::Fault>((ledger, findings, memory))
    });
    match (opened.await.map_err(io::Error::other)?, rehearsal) {
        (Ok((ledger, _, memory)), Some(_)) => Ok((ledger, Vec::new(), memory)),
        (Ok(opened), None) => Ok(opened),
        (Err(fault), Some(rehearsal)) => Err(rehearsal.in_original(fault).into()),
        (Err(fault), None) => Err(fault.into()),
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // What can't be removed is the system's to clean.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
