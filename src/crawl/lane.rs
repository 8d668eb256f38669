//! What is asked of one host next, and what becomes of it?
//!
//! A lane owns everything polite about its host, or the hosts of papers that share a server: what is in hand, the pace, robots.txt, the
//! breaker, and what is in flight. Every request is one hop through [`Lane::start`]: is the host the paper's, does robots.txt allow it,
//! has its turn come; then one question. What comes back is looked at in [`Lane::step`]. Nothing here waits holding a place: a retry is
//! noted with its time and handed out again by the frontier.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::desk::{Desk, Taken};
use super::gate::{Gate, Question};
use super::network::Network;
use super::reading::Readers;
use super::{Clock, Range, seeds};
use crate::article::When;
use crate::discover::Asked;
use crate::fetch::{self, Ask, Bound, Reply};
use crate::frontier::{Fate, Host, Key, Refusal, Settled, Settlement, Task};
use crate::ledger::Fault;
use crate::pace::{Breaker, Outcome, Pace};
use crate::paper::{Paper, Rulebook};
use crate::report::{Happened, Listed, Subject};
use crate::visit::{REDIRECTS, asked_wait, is_strain, lead};
use crate::{discover, robots};

/// So many requests of one lane may be open. The pace keeps to two on average; a few more are for a server whose answers take
/// anything from nothing to a second.
const MOST_IN_FLIGHT: usize = 4;

/// So many pages of one lane may wait for a reader or the ledger before no more are asked for.
const MOST_IN_WORK: usize = 8;

/// The lane takes so many tasks at a time …
const HANDFUL: usize = 8;

/// … when it has fewer than these. A small hand keeps the order: what is found now may be newer than what is in hand.
const LOW: usize = 4;

/// A `Retry-After` or a retry that comes within this is waited for; what comes later is for the next run.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

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

/// One address on its way.
#[derive(Debug)]
pub(super) struct Visit {
    /// The paper's place in the lane.
    pub member: usize,
    pub task: Task,
    /// What is to be asked for, at a listing.
    pub asked: Option<Asked>,
    /// Where this hop leads.
    pub url: Url,
    /// Where we have been.
    pub behind: Vec<Url>,
}

impl Visit {
    fn subject(&self) -> Subject {
        if self.asked.is_some() { Subject::Listing } else { Subject::Article }
    }
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
    /// A visit has ended: its fate, when it is due again because it failed, and what is to be told.
    Ended(Box<Visit>, Vec<Happened>, Option<Timestamp>),
    Nothing,
}

/// A lane at work.
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
    pub(super) fn new(shared: Arc<Shared<N>>, members: Vec<Member>, gap: Duration, stop: watch::Receiver<bool>) -> Self {
        let papers = members.iter().map(|member| member.paper).collect();
        let none = vec![0; members.len()];
        Self {
            shared,
            members,
            papers,
            stop,
            pace: Pace::new(gap),
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
                return Some(due);
            }
            self.send(errand);
        }
        None
    }

    /// The visit, if robots.txt allows it now. Else it is parked until that is known, or settled.
    fn through_gate(&mut self, visit: Box<Visit>) -> Option<Box<Visit>> {
        let origin = visit.url.origin().ascii_serialization();
        let now = self.shared.clock.now();
        match self.gates.get_mut(&origin) {
            Some(Gate::Known(robots, at)) if !super::gate::is_stale(*at, now) => {
                if robots.allows(&visit.url) {
                    return Some(visit);
                }
                self.settle(visit, Fate::Refused(Refusal::Robots), vec![Happened::Refused("robots")]);
            }
            Some(Gate::Asking(parked)) => parked.push(visit),
            Some(Gate::Closed) => self.fail(visit, "robots_unreachable".into(), true),
            Some(Gate::Known(..)) | None => {
                let first = !self.gates.contains_key(&origin);
                let question = Question::new(&visit.url, visit.member);
                self.gates.insert(origin.clone(), Gate::Asking(vec![visit]));
                if first {
                    let desk = self.shared.desk.clone();
                    self.steps.spawn(async move { Ok(Step::Remembered(origin.clone(), desk.host(origin).await?)) });
                } else {
                    self.ready.push_front(Errand::Robots(question));
                }
            }
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
                    let reply = shared.network.ask(Ask::new(&question.at, Bound::First(robots::READ))).await;
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
            Step::Remembered(origin, host) => self.remembered(origin, host),
            Step::Robots(question, reply) => {
                self.in_flight -= 1;
                self.learn(question.member, &reply);
                self.robots_came(question, reply);
            }
            Step::Replied(visit, reply) => {
                self.in_flight -= 1;
                self.learn(visit.member, &reply);
                self.replied(visit, reply);
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
        self.ready.push_back(Errand::Visit(Box::new(Visit { member, task, asked, url, behind: Vec::new() })));
        None
    }

    /// What is remembered of a host came: perhaps it is closed, perhaps its robots.txt is fresh enough.
    fn remembered(&mut self, origin: String, host: Host) {
        let now = self.shared.clock.now();
        let closed = host.closed_until.filter(|until| *until > now);
        let robots = host.robots.clone().filter(|(_, at)| !super::gate::is_stale(*at, now));
        self.hosts.insert(origin.clone(), host);
        if let Some(until) = closed {
            let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            if wait > PATIENCE {
                return self.leave(&format!("{origin}: left alone until {until}, as it asked or since it kept failing"));
            }
            self.pace.hold_for(wait);
        }
        if self.shared.ignore_robots {
            return self.open(&origin, &robots::Robots::open(), now);
        }
        match (robots, self.gates.get(&origin)) {
            (Some((file, at)), _) => self.open(&origin, &robots::Robots::read(&self.shared.token, &file), at),
            (None, Some(Gate::Asking(parked))) => {
                if let Some(first) = parked.first() {
                    self.ready.push_front(Errand::Robots(Question::new(&first.url, first.member)));
                }
            }
            (None, _) => {}
        }
    }

    /// The robots.txt of an origin is known: those who wait for it may go on.
    fn open(&mut self, origin: &str, robots: &robots::Robots, at: Timestamp) {
        self.crawl_delay = self.crawl_delay.max(robots.crawl_delay().unwrap_or_default());
        self.pace.obey_crawl_delay(self.crawl_delay);
        self.offer_sitemaps(origin, robots);
        let before = self.gates.insert(origin.to_owned(), Gate::Known(robots.clone(), at));
        if let Some(Gate::Asking(parked)) = before {
            for visit in parked.into_iter().rev() {
                self.ready.push_front(Errand::Visit(visit));
            }
        }
    }

    /// A paper whose sitemaps selectors.toml does not name has them in its robots.txt.
    fn offer_sitemaps(&mut self, origin: &str, robots: &robots::Robots) {
        let Ok(at) = Url::parse(&format!("{origin}/robots.txt")) else { return };
        let now = self.shared.clock.now();
        for member in self.members.iter().filter(|member| member.paper.sitemaps.is_empty()) {
            let ours = |url: &Url| self.shared.book.paper_of(url).is_some_and(|paper| paper.id == member.paper.id);
            let asked = Asked { kind: discover::Kind::Sitemap, hops: 0 };
            let link = |url: Url| seeds::listing(&crate::link::Link::of(&url, member.paper), asked, crate::frontier::Kind::Listing, None);
            let links: Vec<_> = robots.sitemaps(&at).filter(ours).map(link).collect();
            let (desk, paper) = (self.shared.desk.clone(), member.paper);
            self.steps.spawn(async move { desk.offer(paper, links, now).await.map(|_| Step::Nothing) });
            self.dry = false;
        }
    }

    fn robots_came(&mut self, mut question: Question, reply: Result<Reply, fetch::Failure>) {
        let now = self.shared.clock.now();
        let answered = super::gate::read(&self.shared.token, &question, reply, |url| {
            self.shared.book.paper_of(url).is_some_and(|paper| self.members.iter().any(|member| member.paper.id == paper.id))
        });
        match answered {
            super::gate::Came::Rules(robots, file) => {
                let host = self.hosts.entry(question.origin.clone()).or_default();
                host.robots = Some((file, now));
                host.closed_until = None;
                self.remember(&question.origin);
                self.open(&question.origin, &robots, now);
            }
            super::gate::Came::Further(at) => {
                question.hops += 1;
                question.at = at;
                self.ready.push_front(Errand::Robots(question));
            }
            super::gate::Came::Nothing { why, again: true } if question.tries + 1 < super::gate::TRIES => {
                tracing::debug!(origin = question.origin, why, "robots.txt gave no answer; trying again");
                question.tries += 1;
                let pause = crate::pace::pause(question.tries, fastrand::f64());
                self.later.push((Instant::now() + pause, question.from_the_start()));
            }
            super::gate::Came::Nothing { why, .. } => self.shut(&question.origin, &why),
        }
    }

    /// Nobody could say what is allowed at an origin. When it is the only one, the lane ends; else its addresses fail one by one.
    fn shut(&mut self, origin: &str, why: &str) {
        let before = self.gates.insert(origin.to_owned(), Gate::Closed);
        if !self.gates.values().any(|gate| matches!(gate, Gate::Known(..))) {
            return self.leave(&format!("nothing was asked, since {origin}/robots.txt gave no answer ({why})"));
        }
        if let Some(Gate::Asking(parked)) = before {
            for visit in parked {
                self.fail(visit, "robots_unreachable".into(), true);
            }
        }
    }

    /// What a request tells of the host: its bytes, its strength, how long it wants to be left alone, whether it is down.
    fn learn(&mut self, member: usize, reply: &Result<Reply, fetch::Failure>) {
        let bytes = reply.as_ref().map_or(0, |reply| reply.body.len() as u64);
        self.tell(member, None, Happened::Answered(bytes));
        let strained = match reply {
            Ok(reply) => is_strain(reply.status),
            Err(failure) => failure.is_temporary(),
        };
        match reply {
            _ if strained => self.pace.note(Outcome::Strained),
            Ok(reply) => self.pace.note(Outcome::Answered(reply.took)),
            Err(_) => {}
        }
        let gap = self.pace.gap();
        if !gap.is_zero() {
            self.tell(member, None, Happened::Pace(1.0 / gap.as_secs_f64()));
        }
        if let Ok(reply) = reply
            && let Some(wait) = asked_wait(reply).filter(|wait| !wait.is_zero())
        {
            self.hold(&reply.url, wait);
        }
        match reply {
            Ok(_) if !strained => self.breaker.answered(),
            Ok(Reply { url, .. }) => self.strike(url.origin().ascii_serialization()),
            Err(failure) if strained || matches!(failure, fetch::Failure::Tls(_)) => self.strike(self.members[member].paper.id.clone()),
            Err(_) => {}
        }
    }

    fn strike(&mut self, whom: String) {
        if let Some(rest) = self.breaker.failed() {
            let until = self.shared.clock.now() + rest;
            for origin in self.gates.keys().cloned().collect::<Vec<_>>() {
                self.close_until(&origin, until);
            }
            self.leave(&format!("{whom}: left alone for {} min after {} failures in a row", rest.as_secs() / 60, Breaker::FAILURES));
        }
    }

    /// Obeys a `Retry-After`, in this run and in those that follow.
    fn hold(&mut self, url: &Url, wait: Duration) {
        self.pace.hold_for(wait);
        let origin = url.origin().ascii_serialization();
        let wait = wait.min(crate::pace::LONGEST_RETRY_AFTER);
        let until = self.shared.clock.now() + wait;
        self.close_until(&origin, until);
        if wait > PATIENCE {
            self.leave(&format!("{origin}: asked to be left alone for {} s", wait.as_secs()));
        }
    }

    fn close_until(&mut self, origin: &str, until: Timestamp) {
        self.hosts.entry(origin.to_owned()).or_default().closed_until = Some(until);
        self.remember(origin);
    }

    fn remember(&mut self, origin: &str) {
        let Some(host) = self.hosts.get(origin).cloned() else { return };
        let (desk, origin) = (self.shared.desk.clone(), origin.to_owned());
        self.steps.spawn(async move { desk.remember(origin, host).await.map(|()| Step::Nothing) });
    }

    /// Ends the lane for this run. What is in flight is still finished; what is in hand stays due.
    fn leave(&mut self, why: &str) {
        if !std::mem::replace(&mut self.ended, true) {
            for member in 0..self.members.len() {
                self.tell(member, None, Happened::LeftAlone(why.to_owned()));
            }
        }
    }

    fn replied(&mut self, visit: Box<Visit>, reply: Result<Reply, fetch::Failure>) {
        let reply = match reply {
            Ok(reply) => reply,
            Err(fetch::Failure::PrivateAddress(_)) => {
                return self.settle(visit, Fate::Refused(Refusal::Private), vec![Happened::Refused("private")]);
            }
            Err(failure) => return self.fail(visit, failure.name().into(), failure.is_temporary()),
        };
        if let Some(to) = reply.redirect() {
            let to = to.to_owned();
            return self.follow(visit, &to);
        }
        match reply.status {
            304 => {
                let told = if visit.asked.is_some() { Happened::Listed(Listed::default()) } else { Happened::Unchanged };
                self.settle(visit, Fate::Unchanged, vec![told]);
            }
            200..=205 | 207..=299 => self.read(visit, reply),
            404 | 410 if visit.asked.is_none() => self.settle(visit, Fate::Gone { status: reply.status }, vec![Happened::Gone]),
            status => self.fail(visit, format!("http_{status}").into(), is_strain(status)),
        }
    }

    /// A redirect is a new hop through the same door; one that leads to another paper or off all papers is refused there.
    fn follow(&mut self, mut visit: Box<Visit>, to: &str) {
        let Some(next) = lead(&visit.url, to) else { return self.fail(visit, "bad_redirect".into(), false) };
        let paper = self.members[visit.member].paper;
        if self.shared.book.paper_of(&next).is_none_or(|owner| owner.id != paper.id) {
            return self.fail(visit, "off_site_redirect".into(), false);
        }
        let here = std::mem::replace(&mut visit.url, next);
        visit.behind.push(here);
        if visit.behind.contains(&visit.url) {
            return self.fail(visit, "redirect_loop".into(), false);
        }
        if visit.behind.len() > REDIRECTS {
            return self.fail(visit, "too_many_redirects".into(), false);
        }
        self.ready.push_front(Errand::Visit(visit));
    }

    fn fail(&mut self, visit: Box<Visit>, name: Cow<'static, str>, temporary: bool) {
        let told = vec![Happened::Failed(visit.subject(), name.clone())];
        self.settle(visit, Fate::Failed { name, temporary }, told);
    }

    fn settle(&mut self, visit: Box<Visit>, fate: Fate, told: Vec<Happened>) {
        self.in_work += 1;
        let (desk, at) = (self.shared.desk.clone(), self.shared.clock.now());
        self.steps.spawn(async move {
            let retry = match desk.settle(Settlement::new(visit.task.key, fate, at)).await? {
                Settled::Noted { fate: Fate::Failed { temporary: true, .. }, due } => due,
                _ => None,
            };
            Ok(Step::Ended(visit, told, retry))
        });
    }

    /// Reads what came, and writes down what it gave.
    fn read(&mut self, visit: Box<Visit>, reply: Reply) {
        self.in_work += 1;
        let shared = Arc::clone(&self.shared);
        let paper = self.members[visit.member].paper;
        let first = visit.behind.first().unwrap_or(&visit.url).clone();
        self.steps.spawn(async move {
            let page = reply.into_page(&first);
            let (told, retry) = match visit.asked {
                Some(asked) => (read_listing(&shared, &visit, paper, page, asked).await?, None),
                None => (read_article(&shared, &visit, paper, page).await?, None),
            };
            Ok(Step::Ended(visit, told, retry))
        });
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
        if visit.asked.is_none() {
            self.in_hand[visit.member] -= 1;
            let wrote = told.iter().any(|happened| matches!(happened, Happened::Written { revision: 1, .. }));
            self.written[visit.member] += u64::from(wrote);
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

    fn queue(&mut self, member: usize, due: u64) {
        self.queued[member] = due;
        self.tell(member, None, Happened::Queued(due));
    }

    fn tell(&self, member: usize, url: Option<String>, happened: Happened) {
        // The conductor goes last; should it be gone, nobody wants to know.
        let _ = self.shared.tell.send(Told { paper: self.members[member].place, url, happened });
    }
}

async fn read_listing<N>(
    shared: &Shared<N>,
    visit: &Visit,
    paper: &'static Paper,
    page: crate::page::Page,
    asked: Asked,
) -> Result<Vec<Happened>, Fault> {
    let (key, head) = (visit.task.key, crate::page::Page { body: crate::page::Body::default(), ..page.clone() });
    let Some(found) = shared.readers.listing(page, paper, asked).await else {
        return broken(shared, visit).await;
    };
    for fault in &found.faults {
        tracing::debug!(site = paper.id, url = visit.task.url, "{fault}");
    }
    let mut listed = Listed {
        articles: found.articles.len() as u64,
        new: 0,
        passed_over: found.passed_over as u64,
        bounds: found.bounded.iter().map(|(bound, times)| (bound.name(), u64::from(times))).collect(),
    };
    let (new, _) = shared.desk.listed(paper, key, found, head, shared.clock.now()).await?;
    listed.new = new as u64;
    Ok(vec![Happened::Listed(listed)])
}

async fn read_article<N>(shared: &Shared<N>, visit: &Visit, paper: &'static Paper, page: crate::page::Page) -> Result<Vec<Happened>, Fault> {
    let key = visit.task.key;
    let (fate, happened) = match shared.readers.article(page, paper, visit.task.revision + 1).await {
        None => return broken(shared, visit).await,
        Some(Err(miss)) => (Fate::Missed(miss), Happened::Missed(miss)),
        Some(Ok(ready)) if !shared.range.holds(ready.article.published.map(When::day)) => {
            (Fate::Refused(Refusal::Date), Happened::Refused("date"))
        }
        Some(Ok(ready)) => {
            let dropped = ready.dropped;
            return Ok(vec![match shared.desk.article(paper, key, ready, shared.clock.now()).await? {
                Fate::Written { revision } => Happened::Written { revision, dropped },
                Fate::Moved { .. } => Happened::Moved,
                _ => Happened::Unchanged,
            }]);
        }
    };
    shared.desk.settle(Settlement::new(key, fate, shared.clock.now())).await?;
    Ok(vec![happened])
}

/// The reader broke at a page: the page's fault is named, and the run goes on.
async fn broken<N>(shared: &Shared<N>, visit: &Visit) -> Result<Vec<Happened>, Fault> {
    let name = Cow::Borrowed("reader_broke");
    let fate = Fate::Failed { name: name.clone(), temporary: false };
    shared.desk.settle(Settlement::new(visit.task.key, fate, shared.clock.now())).await?;
    Ok(vec![Happened::Failed(visit.subject(), name)])
}
