//! What does the ledger do for the lanes? Each act is one errand to its clerk.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::reading::Ready;
use super::seeds;
use crate::article::VIETNAM;
use crate::discover::{Found, Why};
use crate::frontier::{Claim, Fate, Host, Key, Link, Settled, Settlement, Task, Validators};
use crate::ledger::{Clerk, Fault, Ledger, Line};
use crate::limits::WAITING;
use crate::output::Place;
use crate::page::Page;
use crate::paper::Paper;

/// The day on Vietnam's calendar.
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::fixed(VIETNAM)).date()
}

/// What was handed out to a lane: of each of its papers the tasks, and how many addresses are due, these included.
pub(super) type Taken = Vec<(Vec<Task>, u64)>;

/// The lanes' way to the ledger.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub clerk: Clerk,
}

impl Desk {
    async fn ask<T: Send + 'static>(&self, errand: impl FnOnce(&mut Ledger) -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
        #[cfg(test)]
        let _clock_stands = clock_stands();
        self.clerk.ask(errand).await
    }

    /// Hands out what is due, about so many tasks in all.
    pub(super) async fn take(&self, papers: Arc<[&'static Paper]>, now: Timestamp, most: usize) -> Result<Taken, Fault> {
        let each = (most / papers.len()).max(1);
        let errand = move |ledger: &mut Ledger| {
            let of = |paper: &&Paper| {
                let tasks = ledger.frontier(|frontier| frontier.next(&paper.id, now, each))?;
                Ok((tasks, ledger.frontier(|frontier| frontier.due_now(&paper.id, now))?))
            };
            papers.iter().map(of).collect()
        };
        self.ask(errand).await
    }

    pub(super) async fn put_back(&self, keys: Vec<Key>) -> Result<(), Fault> {
        self.ask(move |ledger| {
            ledger.frontier(|frontier| {
                for key in keys {
                    frontier.put_back(key);
                }
                Ok(())
            })
        })
        .await
    }

    /// Asks for an article to which another address has led.
    pub(super) async fn claim(&self, key: Key) -> Result<Claim, Fault> {
        self.ask(move |ledger| ledger.frontier(|frontier| frontier.claim(key))).await
    }

    pub(super) async fn host(&self, name: String) -> Result<Host, Fault> {
        self.ask(move |ledger| ledger.frontier(|frontier| frontier.host(&name))).await
    }

    pub(super) async fn remember(&self, name: String, host: Host) -> Result<(), Fault> {
        self.ask(move |ledger| ledger.frontier(|frontier| frontier.remember_host(&name, &host))).await
    }

    /// Leaves these notes for the next run, each under its name.
    pub(super) async fn leave_notes(&self, notes: Vec<(String, Vec<u8>)>) -> Result<(), Fault> {
        self.ask(move |ledger| notes.iter().try_for_each(|(name, note)| ledger.frontier(|frontier| frontier.leave_note(name, note)))).await
    }

    pub(super) async fn offer(&self, paper: &'static Paper, links: Vec<Link>, now: Timestamp) -> Result<usize, Fault> {
        self.ask(move |ledger| offer(ledger, paper, &links, now)).await
    }

    /// Notes how a look ended that brought neither an article nor links.
    pub(super) async fn settle(&self, settlement: Settlement) -> Result<Settled, Fault> {
        self.ask(move |ledger| ledger.settle(&settlement, None)).await
    }

    /// Keeps what a listing gave and notes that it was read, in one group; how many of its articles are new. Where nothing was new, what
    /// follows was read before, and is left.
    pub(super) async fn listed(
        &self,
        paper: &'static Paper,
        key: Key,
        found: Found,
        page: Page,
        now: Timestamp,
    ) -> Result<(usize, Settled), Fault> {
        let errand = move |ledger: &mut Ledger| {
            let articles: Vec<Link> = found.articles.iter().map(seeds::article).collect();
            let new = offer(ledger, paper, &articles, now)?;
            let goes_on = |why| why != Why::Following || new > 0;
            let further = found.listings.iter().filter(|further| goes_on(further.why));
            let links: Vec<Link> = further.clone().map(|further| seeds::further(further, now)).collect();
            offer(ledger, paper, &links, now)?;
            let following: Vec<Key> = further.filter(|f| f.why == Why::Following).map(|f| f.link.key()).collect();
            ledger.frontier(|frontier| frontier.revive(&following, now))?;
            let fate = Fate::Listed { new: u32::try_from(new).unwrap_or(u32::MAX) };
            let settlement = Settlement { validators: Some(validators(&page)), ..Settlement::new(key, fate, now) };
            Ok((new, ledger.settle(&settlement, None)?))
        };
        self.ask(errand).await
    }

    /// Writes an article, if it is new or has changed; how that ended, and how the look at the address that was asked for did.
    pub(super) async fn article(&self, paper: &'static Paper, asked: Key, ready: Box<Ready>, now: Timestamp) -> Result<Fate, Fault> {
        self.ask(move |ledger| article(ledger, paper, asked, &ready, now)).await
    }
}

pub(super) fn offer(ledger: &mut Ledger, paper: &Paper, links: &[Link], now: Timestamp) -> Result<usize, Fault> {
    if links.is_empty() {
        return Ok(0);
    }
    let offered = ledger.frontier(|frontier| frontier.offer(&paper.id, links, now, WAITING))?;
    if offered.dropped > 0 {
        tracing::warn!(site = paper.id, dropped = offered.dropped, "more than {WAITING} articles wait; the oldest are left for later");
    }
    Ok(offered.new)
}

fn validators(page: &Page) -> Validators {
    Validators { etag: page.etag.clone(), last_modified: page.last_modified.clone() }
}

/// The article belongs to its own address; another one that leads to it has moved. Both happen in one group.
fn article(ledger: &mut Ledger, paper: &Paper, asked: Key, ready: &Ready, now: Timestamp) -> Result<Fate, Fault> {
    let own = ready.link.key();
    let known = ledger.frontier(|frontier| frontier.article(own))?;
    if known.is_none() {
        let link = Link { key: own, url: ready.link.url().to_string(), kind: crate::frontier::Kind::Article, newest: None };
        offer(ledger, paper, &[link], now)?;
    }
    let (revision, hash) = known.map_or((0, None), |known| (known.revision, known.content_hash));
    let same = revision > 0 && hash.as_deref() == Some(ready.content_hash.as_str());
    let fate = if same { Fate::Unchanged } else { Fate::Written { revision: revision + 1 } };
    let settlement = Settlement {
        validators: Some(validators(&ready.page)),
        content_hash: Some(ready.content_hash.clone()),
        published: ready.article.published.map(crate::article::When::timestamp),
        ..Settlement::new(own, fate.clone(), now)
    };
    if same {
        ledger.settle(&settlement, None)?;
    } else {
        let other = (ready.line.1 != revision + 1).then(|| ready.line_of(paper, revision + 1));
        let text = other.as_deref().unwrap_or(&ready.line.0);
        ledger.settle(&settlement, Some(Line { place: Place::Articles { site: &paper.id, day: day(now) }, text }))?;
    }
    if own == asked {
        return Ok(fate);
    }
    let moved = Fate::Moved { to: own };
    ledger.settle(&Settlement::new(asked, moved.clone(), now), None)?;
    Ok(if same { moved } else { fate })
}

/// tokio's paused clock goes on when nobody works, and does not see threads of our own; it does see blocking tasks. This one ends when
/// the value goes.
#[cfg(test)]
pub(super) fn clock_stands() -> std::sync::mpsc::Sender<()> {
    let (until, ended) = std::sync::mpsc::channel();
    drop(tokio::task::spawn_blocking(move || ended.recv()));
    until
}
