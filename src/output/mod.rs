//! How do whole lines get to the disk, once each, whatever happens on the way?
//!
//! [`Output::complete`] brings a file to where it must be: given what is known of it (an [`Extent`]) and the bytes due next, it
//! writes those that are not there yet. Doing it twice is doing it once, so whoever keeps the bytes due until it has returned can be
//! killed at any instant. It only ever appends. Two things alone are taken away: bytes that this very call wrote before the disk was
//! full, and NULs that a power cut left in place of ours. What somebody else wrote stays, and is told as a [`Finding`].

mod kept;
mod lock;
mod standing;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

pub use self::kept::{kept_lines, kept_sites, lines_from};
use self::lock::{Lock, Taken};
use self::standing::{Standing, TAIL, standing, tail};

/// Where a line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// `<site>/<yyyy-mm-dd>.jsonl`: an article.
    Articles {
        /// The paper's id in `selectors.toml`.
        site: &'a str,
        /// The day of the crawl on Vietnam's calendar.
        day: Date,
    },
    /// `runs.jsonl`: what a run did.
    Runs,
}

impl Place<'_> {
    /// The name of the file below the output folder, its parts set apart by `/`.
    ///
    /// # Errors
    ///
    /// When the site's id could lead out of the folder, or to a hidden one.
    pub fn name(self) -> Result<String, Fault> {
        match self {
            Self::Runs => Ok("runs.jsonl".to_owned()),
            Self::Articles { site, day } => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
                if site.is_empty() || site.starts_with('.') || !site.bytes().all(plain) {
                    return Err(Fault::Name(site.to_owned()));
                }
                Ok(format!("{site}/{day}.jsonl"))
            }
        }
    }
}

/// What is known of a file: how far it surely is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// Below the output folder, as [`Place::name`] has it.
    pub name: String,
    /// Bytes.
    pub length: u64,
    /// XXH3-64 of the last 4096 of them, or of all when there are fewer.
    pub tail: u64,
}

impl Extent {
    /// A file that does not exist yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), length: 0, tail: xxh3_64(&[]) }
    }
}

/// What was not as we had left it. All of it is told, nothing of it stops a crawl: we go on behind what stands there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The last run was cut off while it wrote; its lines are whole again.
    Mended {
        /// Below the output folder.
        file: String,
        /// How many bytes were missing.
        bytes: usize,
    },
    /// Somebody changed the file: it is not as long as we left it, or its end reads differently.
    Edited {
        /// Below the output folder.
        file: String,
        /// Bytes when we left it.
        left: u64,
        /// Bytes now.
        found: u64,
    },
    /// There was no state of a crawl beside articles: a new one was made from what stands in the files.
    Restored {
        /// How many articles are known again.
        articles: usize,
    },
    /// The state was older than the file: what it did not know stands there, and is known now.
    Learnt {
        /// Below the output folder.
        file: String,
        /// How many articles were news.
        articles: usize,
    },
    /// The clock was ahead in an earlier run: what that put off is not waited for.
    Ahead {
        /// How many addresses and hosts.
        changed: usize,
    },
    /// selectors.toml has the hosts of a paper under another id now.
    Renamed {
        /// The paper's id before.
        from: String,
        /// And now.
        to: String,
        /// How many addresses went over.
        addresses: usize,
    },
    /// Somebody took the file away.
    Gone {
        /// Below the output folder.
        file: String,
        /// Bytes when we left it.
        left: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mended { file, bytes } => write!(f, "{file}: a run was cut off while it wrote; its last {bytes} bytes are written now"),
            Self::Edited { file, left, found } if left == found => {
                write!(f, "{file}: somebody changed it since we wrote it; it stays as it is, and new lines come behind it")
            }
            Self::Edited { file, left, found } => {
                write!(
                    f,
                    "{file}: somebody changed it: {left} bytes were left, {found} are found; it stays as it is, and new lines come behind it"
                )
            }
            Self::Restored { articles } => {
                write!(f, "there was no state of the crawl beside its articles; a new one knows the {articles} that stand here")
            }
            Self::Learnt { file, articles } => {
                write!(f, "{file}: the state of the crawl was older; it knows {articles} articles more now that stand there")
            }
            Self::Ahead { changed } => {
                write!(f, "the clock was ahead in an earlier run: {changed} addresses and hosts that it put off are not waited for")
            }
            Self::Renamed { from, to, addresses } => {
                write!(f, "{from}: no paper of selectors.toml any more; its {addresses} addresses are those of {to} now")
            }
            Self::Gone { file, left } => {
                write!(f, "{file}: somebody took it away with its {left} bytes; its articles are not fetched again")
            }
        }
    }
}

/// Why the output folder can't be used. The run ends, and nothing is lost: the next one goes on where this one stopped.
#[derive(Debug, Error)]
pub enum Fault {
    /// Another crawl is at work here.
    #[error("{}: held by another crawl{}; wait for it to end", folder.display(), process(*.pid))]
    Held {
        /// The output folder.
        folder: PathBuf,
        /// The holder's process id, if it could be read.
        pid: Option<u32>,
    },
    /// No room: the disk, a quota, or a limit on file sizes.
    #[error("{}: no room for what is to be written ({source}); make room, and the next crawl goes on from here", path.display())]
    Full {
        /// What was to be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// We may not write.
    #[error("{}: may not be written ({source}); give this user the right to, or name another folder with --output", path.display())]
    ReadOnly {
        /// What was to be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The folder, or its `.state`, is not there any more while we are at work.
    #[error("{}: somebody took it away, or its `.state`, during the crawl; nothing more is written", .0.display())]
    TakenAway(PathBuf),
    /// Anything else the system says.
    #[error("{}: cannot be written: {source}", path.display())]
    Unwritable {
        /// What was to be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The id of a site that is no name for a folder.
    #[error("`{}`: no name for a folder; letters, digits, `-`, `_` and `.` are, and it begins with no `.`", .0.escape_debug())]
    Name(String),
}

fn process(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

impl Fault {
    fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full { path, source },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            _ => Self::Unwritable { path, source },
        }
    }
}

/// The output folder, held by us alone.
#[derive(Debug)]
pub struct Output {
    folder: PathBuf,
    lock: Lock,
}

/// What [`Output::complete`] did.
#[derive(Debug, PartialEq, Eq)]
pub struct Completed {
    /// Where the file is now; all of it is on the disk.
    pub extent: Extent,
    /// What was not as we had left it.
    pub finding: Option<Finding>,
}

impl Output {
    /// Makes the folder and its `.state/` if they are not there, and takes the lock without waiting.
    ///
    /// # Errors
    ///
    /// When somebody else holds it, or when it can't be written.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let state = folder.join(".state");
        fs::create_dir_all(&state).map_err(|source| Fault::new(&state, source))?;
        let path = state.join("lock");
        match lock::take(&path).map_err(|source| Fault::new(&path, source))? {
            Taken::Ours(lock) => Ok(Self { folder: folder.to_owned(), lock }),
            Taken::Theirs(pid) => Err(Fault::Held { folder: folder.to_owned(), pid }),
        }
    }

    /// Where the crawl's state lies: `.state/crawl.sqlite` below the output folder.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.join(".state").join("crawl.sqlite")
    }

    /// Whether the folder and its state are still those that were opened. On some systems a file that is open can be taken away, and
    /// takes all that is written to it with it.
    ///
    /// # Errors
    ///
    /// When they are not.
    pub fn stands(&self) -> Result<(), Fault> {
        let stands = self.lock.is_at(&self.folder.join(".state").join("lock")) && self.state().exists();
        if stands { Ok(()) } else { Err(Fault::TakenAway(self.folder.clone())) }
    }

    /// The files that stand in the folder, by their names below it: those of the papers, and that of the runs.
    ///
    /// # Errors
    ///
    /// When the folder can't be read.
    pub fn files(&self) -> Result<Vec<String>, Fault> {
        let names = |folder: &Path| -> io::Result<Vec<String>> {
            fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default())).collect()
        };
        let mut files = Vec::new();
        for site in names(&self.folder).map_err(|source| Fault::new(&self.folder, source))? {
            if site == "runs.jsonl" {
                files.push(site);
            } else if !site.starts_with('.') {
                // What is no folder, or none of ours, is told by whoever writes there.
                let days =
                    names(&self.folder.join(&site)).unwrap_or_default().into_iter().filter(|file| file.strip_suffix(".jsonl").is_some());
                files.extend(days.map(|file| format!("{site}/{file}")));
            }
        }
        Ok(files)
    }

    /// From which byte on a file that is longer than it is known to be holds what is not known: all of it, when its known part was
    /// changed.
    ///
    /// # Errors
    ///
    /// When it can't be read.
    pub fn unknown_from(&self, known: &Extent) -> Result<u64, Fault> {
        let path = self.folder.join(&known.name);
        let last = File::open(&path).and_then(|mut file| tail(&mut file, known.length)).map_err(|source| Fault::new(&path, source))?;
        Ok(if xxh3_64(&last) == known.tail { known.length } else { 0 })
    }

    /// Looks whether a file to which nothing is due is as we left it, without touching it. What it is now is taken as given from now
    /// on; `None` when it is gone.
    ///
    /// # Errors
    ///
    /// When it can't be read.
    pub fn look(&self, known: &Extent) -> Result<(Option<Extent>, Option<Finding>), Fault> {
        let path = self.folder.join(&known.name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok((None, Some(Finding::Gone { file: known.name.clone(), left: known.length })));
            }
            Err(error) => return Err(Fault::new(&path, error)),
        };
        let mut look = || {
            let found = file.metadata()?.len();
            Ok(Extent { name: known.name.clone(), length: found, tail: xxh3_64(&tail(&mut file, found)?) })
        };
        let now = look().map_err(|source| Fault::new(&path, source))?;
        let finding = (now != *known).then(|| Finding::Edited { file: known.name.clone(), left: known.length, found: now.length });
        Ok((Some(now), finding))
    }

    /// Writes what of `due` the file does not hold yet, and returns when all of it is on the disk.
    ///
    /// # Errors
    ///
    /// When it can't be written. Then the file ends where it ended before, as far as the system lets us.
    pub fn complete(&self, known: &Extent, due: &[u8]) -> Result<Completed, Fault> {
        let path = self.folder.join(&known.name);
        // Where the whole folder has gone, that is what is told.
        self.bring(&path, known, due).map_err(|source| self.stands().err().unwrap_or_else(|| Fault::new(&path, source)))
    }

    fn bring(&self, path: &Path, known: &Extent, due: &[u8]) -> io::Result<Completed> {
        let (mut file, is_new) = self.open_to_append(path)?;
        let stands = standing(&mut file, known, due)?;
        if stands.keep < stands.found {
            file.set_len(stands.keep)?;
        }
        let mut end = tail(&mut file, stands.keep)?;
        let mut rest = Vec::from(if stands.unended { "\n" } else { "" });
        rest.extend_from_slice(&due[stands.done..]);
        if let Err(error) = file.write_all(&rest) {
            // Only what this call wrote goes again. If not even that works, the next call finds it and goes on from there.
            let _ = file.set_len(stands.keep);
            let _ = file.sync_data();
            return Err(error);
        }
        file.sync_data()?;
        if is_new || known.length == 0 {
            self.sync_folders(path)?;
        }
        end.extend_from_slice(&rest);
        let last = end.len().saturating_sub(usize::try_from(TAIL).unwrap_or(usize::MAX));
        let length = stands.keep + rest.len() as u64;
        let extent = Extent { name: known.name.clone(), length, tail: xxh3_64(&end[last..]) };
        Ok(Completed { extent, finding: finding(known, &stands, due, is_new) })
    }

    /// The file, and whether its name is new in its folder. It is opened anew each time: a file that was moved away or deleted under
    /// us would swallow lines otherwise.
    fn open_to_append(&self, path: &Path) -> io::Result<(File, bool)> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        match options.open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
                Ok((options.create(true).open(path)?, true))
            }
            opened => Ok((opened?, false)),
        }
    }

    /// A new file is on the disk when its name is: in its folder, and that folder in the one above.
    #[cfg(unix)]
    fn sync_folders(&self, path: &Path) -> io::Result<()> {
        for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.folder)) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Elsewhere folders can't be opened as files, and the system keeps names by itself.
    #[cfg(not(unix))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the same shape on every system")]
    fn sync_folders(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

fn finding(known: &Extent, stands: &Standing, due: &[u8], is_new: bool) -> Option<Finding> {
    let file = known.name.clone();
    if !stands.ours {
        let gone = is_new && known.length > 0;
        return Some(if gone {
            Finding::Gone { file, left: known.length }
        } else {
            Finding::Edited { file, left: known.length, found: stands.found }
        });
    }
    let cut_off = stands.found != known.length && stands.done < due.len();
    cut_off.then(|| Finding::Mended { file, bytes: due.len() - stands.done })
}
