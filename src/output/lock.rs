//! Who holds this output folder?

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// The hold on a folder. It ends with this value, or with the process, however that ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Whether the file at this path is still the one that we hold: nobody took the folder away, or put another in its place.
    #[cfg(unix)]
    pub(super) fn is_at(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let identity = |metadata: &std::fs::Metadata| (metadata.dev(), metadata.ino());
        matches!((self.file.metadata(), std::fs::metadata(path)), (Ok(ours), Ok(there)) if identity(&ours) == identity(&there))
    }

    /// Elsewhere a file that is open can't be taken away.
    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "the same shape on every system")]
    pub(super) fn is_at(&self, path: &Path) -> bool {
        path.exists()
    }
}

/// How an attempt to take the lock ended.
pub(super) enum Taken {
    /// It is ours.
    Ours(Lock),
    /// Somebody else's; their process id, when they have written it by now.
    Theirs(Option<u32>),
}

/// Takes the lock without waiting and writes our process id into its file. The file stays when the lock goes: removing it would let
/// two processes hold two files of one name.
pub(super) fn take(path: &Path) -> io::Result<Taken> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())?;
            Ok(Taken::Ours(Lock { file }))
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Where locks keep readers out as well, the holder stays unknown.
            let _ = file.take(32).read_to_string(&mut holder);
            Ok(Taken::Theirs(holder.trim().parse().ok()))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}
