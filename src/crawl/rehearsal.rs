//! Where may a dry run remember, so that nothing of it is left?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Fault;
use crate::frontier;
use crate::ledger;
use crate::output::Output;

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

    /// Where the copy is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A fault of the state lies in the original, and is named there.
    pub(super) fn in_original(&self, mut fault: ledger::Fault) -> ledger::Fault {
        use frontier::Fault as F;
        if let ledger::Fault::State(F::Newer { path, .. } | F::Damaged { path, .. } | F::Foreign { path }) = &mut fault
            && let Ok(below) = path.strip_prefix(&self.folder)
        {
            *path = self.output.join(below);
        }
        fault
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // What can't be removed is the system's to clean.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
