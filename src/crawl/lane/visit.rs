//! What is known of one address while it is visited?

use url::Url;

use crate::discover::Asked;
use crate::frontier::{Key, Task};
use crate::report::Subject;

/// One address on its way.
#[derive(Debug)]
pub(in crate::crawl) struct Visit {
    /// The paper's place in the lane.
    pub member: usize,
    pub task: Task,
    /// What is to be asked for, at a listing.
    pub asked: Option<Asked>,
    /// Where this hop leads.
    pub url: Url,
    /// Where we have been.
    pub behind: Vec<Url>,
    /// Whether a redirect that is not meant to stay (302, 303, 307) has led here.
    pub is_detour: bool,
    /// Articles of other addresses to which redirects led. Nobody else fetches them meanwhile.
    pub claimed: Vec<Key>,
    /// The address whose article it turned out to be, when that is another.
    pub own: Option<Key>,
}

impl Visit {
    /// Whether only a change was asked for, so that "as it was" is an answer.
    pub(super) fn is_conditional(&self) -> bool {
        self.task.etag.is_some() || self.task.last_modified.is_some()
    }

    pub(super) fn subject(&self) -> Subject {
        if self.asked.is_some() { Subject::Listing } else { Subject::Article }
    }
}
