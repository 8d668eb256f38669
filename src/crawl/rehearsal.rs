//! Where may a dry run remember, so that nothing of it is left?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::output::Output;

/// A copy of the state of an output folder, gone when this value goes.
#[derive(Debug)]
pub(super) struct Rehearsal {
    folder: PathBuf,
    /// Nobody changes the original while it is rehearsed.
    _held: Option<Output>,
}

impl Rehearsal {
    /// Copies the state, if there is one. Its log is copied with it: what stands there is committed.
    pub(super) fn of(output: &Path) -> Result<Self, super::Fault> {
        let held = if output.join(".state").is_dir() { Some(Output::open(output).map_err(crate::ledger::Fault::from)?) } else { None };
        let folder = std::env::temp_dir().join(format!("baotinh-dry-run-{}-{:08x}", std::process::id(), fastrand::u32(..)));
        let state = folder.join(".state");
        fs::create_dir_all(&state)?;
        let rehearsal = Self { folder, _held: held };
        for name in ["crawl.sqlite", "crawl.sqlite-wal"] {
            match fs::copy(output.join(".state").join(name), state.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(rehearsal)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // What can't be removed is the system's to clean.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
