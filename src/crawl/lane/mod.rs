//! What is asked of one host next, and what becomes of it?
//!
//! A lane owns everything polite about its host, or the hosts of papers that share a server: what is in hand, the pace, robots.txt, the
//! breaker, and what is in flight. Every request is one hop through `start_ready`: is the host the paper's, does robots.txt allow it,
//! has its turn come; then one question. What comes back is looked at in `step`. Nothing here waits holding a place: a retry is
//! noted with its time and handed out again by the frontier.

mod manners;
mod replies;
mod visit;

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use url::Url;

pub(super) use self::visit::Visit;
use super::desk::{Desk, Taken};
use super::gate::{Gate, Question};
use super::network::Network;
use super::reading::Readers;
use super::{Clock, Range, seeds};
use crate::fetch::{self, Ask, Bound, Reply};
use crate::frontier::{Claim, Host, Key, Task};
use crate::ledger::Fault;
use crate::limits::{PATIENCE, ROBOTS_BYTES};
use crate::pace::{Breaker, Pace};
use crate::paper::{Paper, Rulebook};
use crate::report::Happened;

/// So many requests of one lane may be open. The pace keeps to two on average; a few more are for a server whose answers take
/// anything from nothing to a second.
const MOST_IN_FLIGHT: usize = 4;

/// So many pages of one lane may wait for a reader or the ledger before no more are asked for.
const MOST_IN_WORK: usize = 4;

/// The lane takes so many tasks at a time …
const HANDFUL: usize = 8;

/// … when it has fewer than these. A small hand keeps the order: what is found now may be newer than what is in hand.
const LOW: usize = 4;

/// The memory of a paper's pages is written down after so many articles, and when the lane ends.
const KEPT: u64 = 100;

/// What a lane tells the conductor.
#[derive(Debug)]
pub(super) struct Told {
    /// The paper's place in the report.
    pub paper: usize,
    /// The address that it is about, if it is about one.
    pub url: Option<String>,
    pub happened: Happened,
}

/// What all lanes share.
#[derive(Debug)]
pub(super) struct Shared<N> {
    pub network: N,
    pub book: &'static Rulebook,
    pub desk: Desk,
    pub readers: Readers,
    pub clock: Clock,
    /// The conductor counts and shows, and is never slower than the network: the channel needs no bound.
    pub tell: mpsc::UnboundedSender<Told>,
    pub limits: fetch::Limits,
    /// The name by which robots.txt knows us.
    pub token: String,
    pub ignore_robots: bool,
    pub dry_run: bool,
    pub max_articles: Option<u64>,
    pub range: Range,
}

/// A paper and its place in the report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub place: usize,
    pub paper: &'static Paper,
}

/// What is to be asked.
#[derive(Debug)]
enum Errand {
    Robots(Question),
    Visit(Box<Visit>),
}

/// What came back.
enum Step {
    Took(Taken),
    Remembered(String, Host),
    Robots(Question, Result<Reply, fetch::Failure>),
    Replied(Box<Visit>, Result<Reply, fetch::Failure>),
    /// A redirect led to the article of another address.
    Led(Box<Visit>, Key, Claim),
    /// A visit has ended: its fate, when it is due again because it failed, and what is to be told.
    Ended(Box<Visit>, Vec<Happened>, Option<Timestamp>),
    Nothing,
}

/// A lane at work.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own; no two exclude each other")]
pub(super) struct Lane<N> {
    shared: Arc<Shared<N>>,
    members: Vec<Member>,
    papers: Arc<[&'static Paper]>,
    stop: watch::Receiver<bool>,
    pace: Pace,
    crawl_delay: Duration,
    breaker: Breaker,
    gates: HashMap<String, Gate>,
    hosts: HashMap<String, Host>,
    ready: VecDeque<Errand>,
    later: Vec<(Instant, Question)>,
    steps: JoinSet<Result<Step, Fault>>,
    in_flight: usize,
    in_work: usize,
    taking: bool,
    /// The frontier has nothing due for now.
    dry: bool,
    /// When the next failed try is due again, if that is soon.
    retry: Option<Instant>,
    stopping: bool,
    ended: bool,
    /// Of each member: first writings, and articles in hand that may become one.
    written: Vec<u64>,
    in_hand: Vec<u64>,
    /// Of each member: addresses that are due, as far as is known.
    queued: Vec<u64>,
    failing: HashMap<Key, Cow<'static, str>>,
}

impl<N: Network> Lane<N> {
    /// A lane that asks first when `begin` has passed.
    pub(super) fn new(shared: Arc<Shared<N>>, members: Vec<Member>, gap: Duration, begin: Duration, stop: watch::Receiver<bool>) -> Self {
        let mut pace = Pace::new(gap);
        pace.hold_for(begin);
        let papers = members.iter().map(|member| member.paper).collect();
        let none = vec![0; members.len()];
        Self {
            shared,
            members,
            papers,
            stop,
            pace,
            crawl_delay: Duration::ZERO,
            breaker: Breaker::default(),
            gates: HashMap::new(),
            hosts: HashMap::new(),
            ready: VecDeque::new(),
            later: Vec::new(),
            steps: JoinSet::new(),
            in_flight: 0,
            in_work: 0,
            taking: false,
            dry: false,
            retry: None,
            stopping: false,
            ended: false,
            written: none.clone(),
            in_hand: none.clone(),
            queued: none,
            failing: HashMap::new(),
        }
    }

    /// Works until nothing more is due, or the lane is stopped; then what is in hand has been finished.
    ///
    /// # Errors
    ///
    /// When the ledger takes nothing more.
    pub(super) async fn run(mut self) -> Result<(), Fault> {
        self.stopping = *self.stop.borrow_and_update();
        loop {
            let wake = if self.stopping || self.ended { None } else { self.start() };
            if self.is_done() {
                self.shared.readers.memory.keep(&self.shared.desk, &self.papers).await?;
                (0..self.members.len()).for_each(|member| self.tell(member, None, Happened::Finished));
                return Ok(());
            }
            tokio::select! {
                Some(step) = self.steps.join_next() => {
                    // A step that panicked is a fault of ours; what it held comes again in the next run.
                    let step = step.unwrap_or(Ok(Step::Nothing))?;
                    self.step(step);
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
                changed = self.stop.changed(), if !self.stopping => {
                    self.stopping = changed.is_err() || *self.stop.borrow();
                }
            }
        }
    }

    fn is_done(&self) -> bool {
        let nothing_left = self.ready.is_empty() && self.later.is_empty() && self.dry && self.retry.is_none();
        self.steps.is_empty() && (self.stopping || self.ended || nothing_left)
    }

    /// Starts all that may start now; the moment at which more may.
    fn start(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if self.retry.is_some_and(|at| at <= now) {
            (self.retry, self.dry) = (None, false);
        }
        while let Some(at) = self.later.iter().position(|(due, _)| *due <= now) {
            let (_, question) = self.later.swap_remove(at);
            self.ready.push_front(Errand::Robots(question));
        }
        if self.ready.len() < LOW && !self.taking && !self.dry {
            self.take();
        }
        let soonest = self.later.iter().map(|(due, _)| *due).chain(self.retry).min();
        let turn = self.start_ready();
        soonest.into_iter().chain(turn).min()
    }

    /// Sends what is ready as far as robots.txt, the pace and the room allow; when the next turn comes, if that is what is waited for.
    fn start_ready(&mut self) -> Option<Instant> {
        while self.in_flight < MOST_IN_FLIGHT && self.in_work < MOST_IN_WORK && !self.ended {
            let errand = match self.ready.pop_front()? {
                Errand::Visit(visit) => match self.through_gate(visit) {
                    Some(visit) => Errand::Visit(visit),
                    None => continue,
                },
                robots @ Errand::Robots(_) => robots,
            };
            if let Err(due) = self.pace.try_turn() {
                self.ready.push_front(errand);
                if self.is_too_far(due) {
                    return None;
                }
                return Some(due);
            }
            self.send(errand);
        }
        None
    }

    fn take(&mut self) {
        self.taking = true;
        let (desk, papers, now) = (self.shared.desk.clone(), Arc::clone(&self.papers), self.shared.clock.now());
        self.steps.spawn(async move { desk.take(papers, now, HANDFUL).await.map(Step::Took) });
    }

    /// One hop: one question, one answer. The turn has been taken.
    fn send(&mut self, errand: Errand) {
        self.in_flight += 1;
        let shared = Arc::clone(&self.shared);
        match errand {
            Errand::Robots(question) => {
                self.tell(question.member, None, Happened::Asked);
                self.steps.spawn(async move {
                    let reply = shared.network.ask(Ask::new(&question.at, Bound::First(ROBOTS_BYTES))).await;
                    Ok(Step::Robots(question, reply))
                });
            }
            Errand::Visit(visit) => {
                self.tell(visit.member, None, Happened::Asked);
                self.steps.spawn(async move {
                    let bound = Bound::Whole(shared.limits.body);
                    let (etag, last_modified) = (visit.task.etag.as_deref(), visit.task.last_modified.as_deref());
                    let reply = shared.network.ask(Ask { url: &visit.url, etag, last_modified, bound }).await;
                    Ok(Step::Replied(visit, reply))
                });
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Took(taken) => self.took(taken),
            Step::Remembered(origin, host) => self.remembered(&origin, host),
            Step::Robots(question, reply) => {
                self.in_flight -= 1;
                heard(&question.at, &reply);
                self.learn(question.member, &reply);
                self.robots_came(question, reply);
            }
            Step::Replied(visit, reply) => {
                self.in_flight -= 1;
                heard(&visit.url, &reply);
                self.learn(visit.member, &reply);
                self.replied(visit, reply);
            }
            Step::Led(visit, to, claim) => {
                self.in_work -= 1;
                self.led(visit, to, claim);
            }
            Step::Ended(visit, told, retry) => {
                self.in_work -= 1;
                self.visit_ended(&visit, told, retry);
            }
            Step::Nothing => {}
        }
    }

    fn took(&mut self, taken: Taken) {
        self.taking = false;
        self.dry = taken.iter().all(|(tasks, _)| tasks.is_empty());
        let mut back = Vec::new();
        for (member, (tasks, waiting)) in taken.into_iter().enumerate() {
            self.queue(member, waiting);
            for task in tasks {
                if let Some(task) = self.admit(member, task) {
                    back.push(task);
                }
            }
        }
        self.dry |= !back.is_empty();
        if !back.is_empty() {
            let desk = self.shared.desk.clone();
            self.steps.spawn(async move { desk.put_back(back).await.map(|()| Step::Nothing) });
        }
    }

    /// Takes a task in hand; gives it back when the paper has its share of articles.
    fn admit(&mut self, member: usize, task: Task) -> Option<Key> {
        let Ok(kept) = Url::parse(&task.url) else { return None };
        let (url, asked) = if task.kind == crate::frontier::Kind::Article {
            (kept, None)
        } else {
            let (url, asked) = seeds::asked(&kept);
            (url, Some(asked))
        };
        if asked.is_none() {
            let full = self.shared.max_articles.is_some_and(|most| self.written[member] + self.in_hand[member] >= most);
            if full {
                return Some(task.key);
            }
            self.in_hand[member] += 1;
            if self.shared.dry_run {
                self.tell(member, Some(url.into()), Happened::Wanted);
                return None;
            }
        }
        self.ready.push_back(Errand::Visit(Box::new(Visit {
            member,
            task,
            asked,
            url,
            behind: Vec::new(),
            is_detour: false,
            claimed: Vec::new(),
            own: None,
        })));
        None
    }

    fn visit_ended(&mut self, visit: &Visit, told: Vec<Happened>, retry: Option<Timestamp>) {
        let failed = told.iter().find_map(|happened| match happened {
            Happened::Failed(_, name) => Some(name.clone()),
            _ => None,
        });
        if let Some(before) = self.failing.remove(&visit.task.key) {
            self.tell(visit.member, None, Happened::Recovered(visit.subject(), before));
        }
        if let Some(name) = failed {
            self.failing.insert(visit.task.key, name);
        }
        self.release(visit);
        if visit.asked.is_none() {
            self.in_hand[visit.member] -= 1;
            let wrote = told.iter().any(|happened| matches!(happened, Happened::Written { revision: 1, .. }));
            self.written[visit.member] += u64::from(wrote);
            if wrote && self.written[visit.member].is_multiple_of(KEPT) {
                self.keep_memory();
            }
        }
        self.queue(visit.member, self.queued[visit.member].saturating_sub(1));
        // What was full may have room again, and what a listing brought is due.
        let room = self.shared.max_articles.is_some_and(|most| self.written[visit.member] < most);
        self.dry &= visit.asked.is_none() && !room;
        for happened in told {
            self.tell(visit.member, Some(visit.task.url.clone()), happened);
        }
        if let Some(due) = retry {
            let wait = Duration::try_from(due.duration_since(self.shared.clock.now())).unwrap_or_default();
            if wait <= PATIENCE {
                let at = Instant::now() + wait;
                self.retry = Some(self.retry.map_or(at, |soonest| soonest.min(at)));
            }
        }
    }

    /// Lets go of the articles to which a visit was led; the one that it has written needs no visit of its own any more.
    fn release(&mut self, visit: &Visit) {
        if !visit.claimed.is_empty() {
            let (desk, claimed) = (self.shared.desk.clone(), visit.claimed.clone());
            self.steps.spawn(async move { desk.put_back(claimed).await.map(|()| Step::Nothing) });
            self.dry = false;
        }
        let Some(own) = visit.own else { return };
        let in_hand = &mut self.in_hand;
        self.ready.retain(|errand| match errand {
            Errand::Visit(other) if other.task.key == own => {
                in_hand[other.member] -= 1;
                false
            }
            _ => true,
        });
    }

    fn keep_memory(&mut self) {
        let (shared, papers) = (Arc::clone(&self.shared), Arc::clone(&self.papers));
        self.steps.spawn(async move { shared.readers.memory.keep(&shared.desk, &papers).await.map(|()| Step::Nothing) });
    }

    fn queue(&mut self, member: usize, due: u64) {
        self.queued[member] = due;
        self.tell(member, None, Happened::Queued(due));
    }

    fn tell(&self, member: usize, url: Option<String>, happened: Happened) {
        // The conductor goes last; should it be gone, nobody wants to know.
        let _ = self.shared.tell.send(Told { paper: self.members[member].place, url, happened });
    }
}

/// Tells those who want to hear of each request how it ended: `404 https://…`, `timeout https://…`.
fn heard(url: &Url, reply: &Result<Reply, fetch::Failure>) {
    match reply {
        Ok(reply) => tracing::info!("{} {url}", reply.status),
        Err(failure) => tracing::info!("{} {url}", failure.name()),
    }
}
