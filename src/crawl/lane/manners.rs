//! What does a lane know of its host's wishes and health, and what does it do about them?
//!
//! robots.txt of each origin, `Crawl-delay`, `Retry-After`, the breaker: what this run learns, the frontier keeps for the next.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use super::{Errand, Lane, Step, Visit};
use crate::crawl::gate::{self, Came, Gate, Question};
use crate::crawl::network::Network;
use crate::crawl::seeds;
use crate::discover::{self, Asked};
use crate::fetch::{self, Reply};
use crate::frontier::{Fate, Host, Kind, Refusal};
use crate::limits::{PATIENCE, RETRY_AFTER, TURN};
use crate::link::Link;
use crate::pace::{self, Breaker, Outcome};
use crate::report::Happened;
use crate::robots::Robots;
use crate::visit::{asked_wait, is_strain};

impl<N: Network> Lane<N> {
    /// The visit, if robots.txt allows it now. Else it is parked until that is known, or settled.
    pub(super) fn through_gate(&mut self, visit: Box<Visit>) -> Option<Box<Visit>> {
        let origin = visit.url.origin().ascii_serialization();
        let now = self.shared.clock.now();
        match self.gates.get_mut(&origin) {
            Some(Gate::Known(robots, at)) if !gate::is_stale(*at, now) => {
                if robots.allows(&visit.url) {
                    return Some(visit);
                }
                let whose = if visit.asked.is_some() { "robots_listing" } else { "robots" };
                self.settle(visit, Fate::Refused(Refusal::Robots), vec![Happened::Refused(whose)]);
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

    /// What is remembered of a host came: perhaps it is closed, perhaps its robots.txt is fresh enough.
    pub(super) fn remembered(&mut self, origin: &str, host: Host) {
        let now = self.shared.clock.now();
        let closed = host.closed_until.filter(|until| *until > now);
        let was_asked = host.robots.is_some();
        let robots = host.robots.clone().filter(|(_, at)| !gate::is_stale(*at, now));
        if host.rests > self.breaker.rests() {
            self.breaker = Breaker::after(host.rests);
        }
        self.hosts.insert(origin.to_owned(), host);
        if let Some(until) = closed {
            let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            if wait > PATIENCE {
                return self.leave(&format!("{origin}: left alone until {until}, as it asked or since it kept failing"));
            }
            self.pace.hold_for(wait);
        }
        match (robots, self.gates.get(origin)) {
            _ if self.shared.ignore_robots => self.open(origin, &Robots::open(), now),
            (Some((file, at)), _) => self.open(origin, &Robots::read(&self.shared.token, &file), at),
            (None, Some(Gate::Asking(parked))) => {
                if let Some(first) = parked.first() {
                    self.ready.push_front(Errand::Robots(Question::new(&first.url, first.member)));
                }
            }
            (None, _) => {}
        }
        if was_asked {
            // An earlier run may have asked a moment ago; one that was killed could not say when.
            self.pace.hold_for(self.pace.gap().min(PATIENCE));
        }
    }

    /// The robots.txt of an origin is known: those who wait for it may go on.
    pub(super) fn open(&mut self, origin: &str, robots: &Robots, at: Timestamp) {
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
    pub(super) fn offer_sitemaps(&mut self, origin: &str, robots: &Robots) {
        let Ok(at) = Url::parse(&format!("{origin}/robots.txt")) else { return };
        let now = self.shared.clock.now();
        for member in self.members.iter().filter(|member| member.paper.sitemaps.is_empty()) {
            let ours = |url: &Url| self.shared.book.paper_of(url).is_some_and(|paper| paper.id == member.paper.id);
            let asked = Asked { kind: discover::Kind::Sitemap, hops: 0 };
            let link = |url: Url| seeds::listing(&Link::of(&url, member.paper), asked, Kind::Listing, None);
            let links: Vec<_> = robots.sitemaps(&at).filter(ours).map(link).collect();
            let (desk, paper) = (self.shared.desk.clone(), member.paper);
            self.steps.spawn(async move { desk.offer(paper, links, now).await.map(|_| Step::Nothing) });
            self.dry = false;
        }
    }

    pub(super) fn robots_came(&mut self, mut question: Question, reply: Result<Reply, fetch::Failure>) {
        let now = self.shared.clock.now();
        let answered = gate::read(&self.shared.token, &question, reply, |url| {
            self.shared.book.paper_of(url).is_some_and(|paper| self.members.iter().any(|member| member.paper.id == paper.id))
        });
        match answered {
            Came::Rules(robots, file) => {
                let host = self.hosts.entry(question.origin.clone()).or_default();
                host.robots = Some((file, now));
                host.closed_until = None;
                self.remember(&question.origin);
                self.open(&question.origin, &robots, now);
            }
            Came::Further(at) => {
                question.hops += 1;
                question.at = at;
                self.ready.push_front(Errand::Robots(question));
            }
            Came::Nothing { why, again: true } if question.tries + 1 < gate::TRIES => {
                tracing::debug!(origin = question.origin, why, "robots.txt gave no answer; trying again");
                question.tries += 1;
                let pause = pace::pause(question.tries, fastrand::f64());
                self.later.push((Instant::now() + pause, question.restarted()));
            }
            Came::Nothing { why, .. } => self.shut(&question.origin, &why),
        }
    }

    /// Nobody could say what is allowed at an origin. When it is the only one, the lane ends; else its addresses fail one by one.
    pub(super) fn shut(&mut self, origin: &str, why: &str) {
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
    pub(super) fn learn(&mut self, member: usize, reply: &Result<Reply, fetch::Failure>) {
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
            Ok(_) if !strained => self.well(),
            Ok(Reply { url, .. }) => self.strike(&url.origin().ascii_serialization()),
            Err(failure) if strained || matches!(failure, fetch::Failure::Tls(_)) => self.strike(&self.members[member].paper.id),
            Err(_) => {}
        }
    }

    /// It answers again: what was remembered of its rests is forgotten.
    fn well(&mut self) {
        if self.breaker.rests() > 0 {
            let rested: Vec<String> = self.hosts.iter().filter(|(_, host)| host.rests > 0).map(|(origin, _)| origin.clone()).collect();
            for origin in rested {
                self.hosts.entry(origin.clone()).or_default().rests = 0;
                self.remember(&origin);
            }
        }
        self.breaker.answered();
    }

    pub(super) fn strike(&mut self, whom: &str) {
        if let Some(rest) = self.breaker.failed() {
            let until = self.shared.clock.now() + rest;
            for origin in self.gates.keys().cloned().collect::<Vec<_>>() {
                self.hosts.entry(origin.clone()).or_default().rests = self.breaker.rests();
                self.close_until(&origin, until);
            }
            self.leave(&format!("{whom}: left alone for {} min after {} failures in a row", rest.as_secs() / 60, Breaker::FAILURES));
        }
    }

    /// Whether the turn lies so far away that it is for another run, as a `Crawl-delay` of a day may have it; then the lane ends.
    pub(super) fn is_too_far(&mut self, due: Instant) -> bool {
        let wait = due.saturating_duration_since(Instant::now());
        if wait > TURN {
            let until = self.shared.clock.now() + wait;
            for origin in self.gates.keys().cloned().collect::<Vec<_>>() {
                self.close_until(&origin, until);
            }
            let wish = if self.crawl_delay.is_zero() { ("host wants", wait) } else { ("robots.txt asks for", self.crawl_delay) };
            self.leave(&format!("its {} {} s between two requests", wish.0, wish.1.as_secs()));
        }
        wait > TURN
    }

    /// Obeys a `Retry-After`, in this run and in those that follow.
    pub(super) fn hold(&mut self, url: &Url, wait: Duration) {
        self.pace.hold_for(wait);
        let origin = url.origin().ascii_serialization();
        let wait = wait.min(RETRY_AFTER);
        let until = self.shared.clock.now() + wait;
        self.close_until(&origin, until);
        if wait > PATIENCE {
            self.leave(&format!("{origin}: asked to be left alone for {} s", wait.as_secs()));
        }
    }

    pub(super) fn close_until(&mut self, origin: &str, until: Timestamp) {
        self.hosts.entry(origin.to_owned()).or_default().closed_until = Some(until);
        self.remember(origin);
    }

    pub(super) fn remember(&mut self, origin: &str) {
        let Some(host) = self.hosts.get(origin).cloned() else { return };
        let (desk, origin) = (self.shared.desk.clone(), origin.to_owned());
        self.steps.spawn(async move { desk.remember(origin, host).await.map(|()| Step::Nothing) });
    }

    /// Ends the lane for this run. What is in flight is still finished; what is in hand stays due.
    pub(super) fn leave(&mut self, why: &str) {
        if !std::mem::replace(&mut self.ended, true) {
            for member in 0..self.members.len() {
                // Who is told of a paper knows its name.
                let own = why.strip_prefix(&self.members[member].paper.id).and_then(|why| why.strip_prefix(": "));
                self.tell(member, None, Happened::LeftAlone(own.unwrap_or(why).to_owned()));
            }
        }
    }
}
