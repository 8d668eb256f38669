//! What does the robots.txt of an origin allow, and what becomes of those who wait for it?

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::lane::Visit;
use crate::fetch::{Failure, Reply};
use crate::limits::ROBOTS_REDIRECTS;
use crate::robots::{Answer, Robots};
use crate::visit::{is_strain, lead};

/// A robots.txt is good for so long (RFC 9309 §2.4), also when its host has gone silent since.
const GOOD_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How often a robots.txt is asked for before its host counts as closed.
pub(super) const TRIES: u32 = 3;

/// One origin: scheme, host and port.
#[derive(Debug)]
pub(super) enum Gate {
    /// Its robots.txt is on the way; these wait for it.
    #[expect(clippy::vec_box, reason = "a visit goes on in the box in which it came")]
    Asking(Vec<Box<Visit>>),
    /// Its rules, and when they were read.
    Known(Robots, Timestamp),
    /// Nobody could say what is allowed.
    Closed,
}

/// Whether rules that were read then have to be asked for again.
pub(super) fn is_stale(read: Timestamp, now: Timestamp) -> bool {
    let age = Duration::try_from(now.duration_since(read)).unwrap_or_default();
    age >= GOOD_FOR
}

/// A request for a robots.txt.
#[derive(Debug)]
pub(super) struct Question {
    /// Whose rules they are, wherever a redirect finds them.
    pub origin: String,
    /// The paper's place in the lane.
    pub member: usize,
    pub at: Url,
    /// Redirects so far.
    pub hops: usize,
    /// Failed tries so far.
    pub tries: u32,
}

impl Question {
    /// For the origin of this address.
    pub(super) fn new(url: &Url, member: usize) -> Self {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        at.set_fragment(None);
        Self { origin: url.origin().ascii_serialization(), member, at, hops: 0, tries: 0 }
    }

    /// Asked again, without the redirects that led nowhere.
    pub(super) fn restarted(self) -> Self {
        let at = Url::parse(&format!("{}/robots.txt", self.origin)).unwrap_or(self.at);
        Self { at, hops: 0, ..self }
    }
}

/// What came of a question.
#[derive(Debug)]
pub(super) enum Came {
    /// Rules, and the file that says so again tomorrow; an empty one when there are none.
    Rules(Robots, Vec<u8>),
    /// The file is here.
    Further(Url),
    /// No answer; whether to try again.
    Nothing { why: String, again: bool },
}

/// What an answer means (RFC 9309 §2.3.1). `ours` says whether an address is one that this lane may ask.
pub(super) fn read(token: &str, question: &Question, reply: Result<Reply, Failure>, ours: impl Fn(&Url) -> bool) -> Came {
    let reply = match reply {
        Ok(reply) => reply,
        Err(failure) => return Came::Nothing { why: failure.to_string(), again: failure.is_temporary() },
    };
    if is_strain(reply.status) {
        return Came::Nothing { why: format!("http {}", reply.status), again: true };
    }
    if let Some(to) = reply.redirect() {
        return match lead(&question.at, to).filter(|next| question.hops < ROBOTS_REDIRECTS && ours(next)) {
            Some(next) => Came::Further(next),
            None => Came::Rules(Robots::from_answer(token, Answer::Astray), Vec::new()),
        };
    }
    let robots = Robots::from_answer(token, Answer::Replied(reply.status, &reply.body));
    if robots.is_closed() {
        return Came::Nothing { why: format!("http {}", reply.status), again: false };
    }
    let file = if (200..300).contains(&reply.status) { reply.body } else { Vec::new() };
    Came::Rules(robots, file)
}
