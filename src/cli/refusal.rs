//! Why can a command not run?

use std::io;
use std::path::PathBuf;

use baotinh::paper::Faults;
use baotinh::{crawl, ledger, output, saved};

/// What is wrong, before or while nothing else can be done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The rules are unsound; each fault has its line.
    #[error("{0}")]
    Selectors(Faults),
    /// A file that was named cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that was named cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A path of pages that does not open.
    #[error(transparent)]
    Saved(#[from] saved::Fault),
    /// A word of the command line that cannot be obeyed, and what to give instead.
    #[error("{0}")]
    Usage(String),
    /// stdout takes no more.
    #[error("stdout: cannot be written: {0}")]
    Stdout(#[source] io::Error),
    /// A crawl that can't run, or not go on.
    #[error(transparent)]
    Crawl(#[from] crawl::Fault),
    /// The system gives no thread or no signal.
    #[error("cannot start: {0}")]
    Start(String),
}

impl Refusal {
    /// 3 when another crawl holds the output folder, else 2.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Crawl(crawl::Fault::Ledger(ledger::Fault::Output(output::Fault::Held { .. }))) => 3,
            _ => 2,
        }
    }
}
