//! What can happen at a paper?

use std::borrow::Cow;

use jiff::Timestamp;

use super::figures::Figures;
use crate::article::Miss;
use crate::extract::Dropped;

/// What was expected at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An article.
    Article,
    /// A listing of articles.
    Listing,
}

/// One thing that happened at a paper.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// A request left.
    Asked,
    /// An answer came, with a body of so many bytes.
    Answered(u64),
    /// A listing was read.
    Listed(Listed),
    /// An article was written; 1 is its first revision.
    Written {
        /// The revision.
        revision: u32,
        /// What was stepped over in it.
        dropped: Dropped,
    },
    /// An article was read, whatever then becomes of it.
    Read {
        /// What its page showed.
        page: Box<Figures>,
        /// When.
        at: Timestamp,
    },
    /// An article is as it was.
    Unchanged,
    /// A page gave no article.
    Missed(Miss),
    /// It is another spelling of a known article.
    Moved,
    /// 404 or 410.
    Gone,
    /// No page came.
    Failed(Subject, Cow<'static, str>),
    /// What had failed in this run under this name has been settled since.
    Recovered(Subject, Cow<'static, str>),
    /// It was not asked for.
    Refused(&'static str),
    /// A dry run would ask for it.
    Wanted,
    /// So many addresses wait.
    Queued(u64),
    /// So many requests a second are allowed now.
    Pace(f64),
    /// The paper is left alone for the rest of the run, for this reason.
    LeftAlone(String),
    /// Nothing more is asked of it in this run.
    Finished,
}

/// What a listing gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// It named nothing: no article, no further listing.
    pub is_silent: bool,
    /// Articles.
    pub articles: u64,
    /// Of these, new.
    pub new: u64,
    /// On its own hosts, without the form of its articles.
    pub passed_over: u64,
    /// The limits that were met.
    pub bounds: Vec<(&'static str, u64)>,
    /// What of it could not be read, in words.
    pub faults: Vec<String>,
}
