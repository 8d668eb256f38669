//! What becomes of an answer: the next hop, a failure with its name, a listing, an article?

use std::borrow::Cow;
use std::sync::Arc;

use super::{Errand, Lane, Shared, Step, Visit};
use crate::article::When;
use crate::crawl::desk::day;
use crate::crawl::network::Network;
use crate::crawl::seeds;
use crate::discover::{self, Asked};
use crate::fetch::{self, Reply};
use crate::frontier::{Claim, Fate, Key, Refusal, Settled, Settlement};
use crate::ledger::Fault;
use crate::limits::REDIRECTS;
use crate::link::{Link, path_and_query};
use crate::page::Page;
use crate::paper::Paper;
use crate::report::{Happened, Listed};
use crate::visit::{is_strain, lead};

impl<N: Network> Lane<N> {
    pub(super) fn replied(&mut self, visit: Box<Visit>, reply: Result<Reply, fetch::Failure>) {
        let reply = match reply {
            Ok(reply) => reply,
            Err(fetch::Failure::PrivateAddress(_)) => {
                return self.settle(visit, Fate::Refused(Refusal::Private), vec![Happened::Refused("private")]);
            }
            Err(failure) => return self.fail(visit, failure.name().into(), failure.is_temporary()),
        };
        if let Some(to) = reply.redirect() {
            let (to, lasts) = (to.to_owned(), matches!(reply.status, 301 | 308));
            return self.follow(visit, &to, lasts);
        }
        match reply.status {
            304 if visit.is_conditional() => {
                let told = if visit.asked.is_some() { Happened::Listed(Listed::default()) } else { Happened::Unchanged };
                self.settle(visit, Fate::Unchanged, vec![told]);
            }
            200..=205 | 207..=299 => self.read(visit, reply),
            // A day on which nothing was printed has no sitemap.
            404 | 410 if seeds::is_dated(self.members[visit.member].paper, &visit.url, day(self.shared.clock.now())) => {
                let told = Listed { is_silent: true, ..Listed::default() };
                self.settle(visit, Fate::Listed { new: 0 }, vec![Happened::Listed(told)]);
            }
            404 | 410 if visit.asked.is_none() => self.settle(visit, Fate::Gone { status: reply.status }, vec![Happened::Gone]),
            status => self.fail(visit, format!("http_{status}").into(), is_strain(status)),
        }
    }

    /// A redirect is a new hop through the same door; one that leads to another paper, off all papers, or to a port of its own is
    /// refused there. `lasts` says whether it is meant to stay.
    pub(super) fn follow(&mut self, mut visit: Box<Visit>, to: &str, lasts: bool) {
        let Some(next) = lead(&visit.url, to) else { return self.fail(visit, "bad_redirect".into(), false) };
        let paper = self.members[visit.member].paper;
        let is_port_of_ours = next.port().is_none() || next.port() == visit.url.port();
        if !is_port_of_ours || self.shared.book.paper_of(&next).is_none_or(|owner| owner.id != paper.id) {
            return self.fail(visit, "off_site_redirect".into(), false);
        }
        visit.is_detour |= !lasts;
        let here = std::mem::replace(&mut visit.url, next);
        visit.behind.push(here);
        if visit.behind.contains(&visit.url) {
            return self.fail(visit, "redirect_loop".into(), false);
        }
        if visit.behind.len() > REDIRECTS {
            return self.fail(visit, "too_many_redirects".into(), false);
        }
        let to = Link::of(&visit.url, paper).key();
        if visit.asked.is_some() || to == visit.task.key {
            return self.ready.push_front(Errand::Visit(visit));
        }
        self.in_work += 1;
        let desk = self.shared.desk.clone();
        self.steps.spawn(async move { desk.claim(to).await.map(|claim| Step::Led(visit, to, claim)) });
    }

    /// A redirect has led to the article of another address: what is written, or on its way, is not fetched once more.
    pub(super) fn led(&mut self, mut visit: Box<Visit>, to: Key, claim: Claim) {
        match claim {
            // Another article for now is not this one for ever.
            Claim::Written | Claim::Out if visit.is_detour && visit.task.revision == 0 && self.has_other_number(&visit) => {
                self.fail(visit, "temporary_redirect".into(), true);
            }
            Claim::Written | Claim::Out => self.settle(visit, Fate::Moved { to }, vec![Happened::Moved]),
            Claim::Granted => {
                visit.claimed.push(to);
                self.ready.push_front(Errand::Visit(visit));
            }
        }
    }

    /// Whether redirects have led from an article of one number to an article of another.
    fn has_other_number(&self, visit: &Visit) -> bool {
        let paper = self.members[visit.member].paper;
        let number = |url| paper.article_number(&path_and_query(url)).map(str::to_owned);
        let from = visit.behind.first().and_then(number);
        from.zip(number(&visit.url)).is_some_and(|(from, to)| from != to)
    }

    pub(super) fn fail(&mut self, visit: Box<Visit>, name: Cow<'static, str>, temporary: bool) {
        let told = vec![Happened::Failed(visit.subject(), name.clone())];
        self.settle(visit, Fate::Failed { name, temporary }, told);
    }

    pub(super) fn settle(&mut self, visit: Box<Visit>, fate: Fate, told: Vec<Happened>) {
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
    pub(super) fn read(&mut self, mut visit: Box<Visit>, mut reply: Reply) {
        self.in_work += 1;
        let shared = Arc::clone(&self.shared);
        let paper = self.members[visit.member].paper;
        let first = visit.behind.first().unwrap_or(&visit.url).clone();
        self.steps.spawn(async move {
            let _room = std::mem::take(&mut reply.room);
            let page = reply.into_page(&first);
            let told = match visit.asked {
                Some(asked) => read_listing(&shared, &visit, paper, page, asked).await?,
                None => read_article(&shared, &mut visit, paper, page).await?,
            };
            Ok(Step::Ended(visit, told, None))
        });
    }
}

async fn read_listing<N>(
    shared: &Shared<N>,
    visit: &Visit,
    paper: &'static Paper,
    page: Page,
    asked: Asked,
) -> Result<Vec<Happened>, Fault> {
    let key = visit.task.key;
    let mut head = Page { etag: page.etag.clone(), last_modified: page.last_modified.clone(), ..Page::default() };
    let Some(found) = shared.readers.listing(page, paper, asked).await else {
        return broken(shared, visit).await;
    };
    let mut listed = Listed {
        is_silent: found.articles.is_empty() && found.listings.is_empty(),
        articles: found.articles.len() as u64,
        new: 0,
        passed_over: found.passed_over as u64,
        faults: found.faults.iter().map(ToString::to_string).collect(),
        bounds: found.bounded.iter().map(|(bound, times)| (bound.name(), u64::from(times))).collect(),
    };
    // One that named nothing is read whole the next time, too: "as it was" would be no sign that it is well. The sitemap of a month without
    // articles is.
    if listed.is_silent && (asked.kind != discover::Kind::Sitemap || !listed.faults.is_empty()) {
        (head.etag, head.last_modified) = (None, None);
    }
    let (new, _) = shared.desk.listed(paper, key, found, head, shared.clock.now()).await?;
    listed.new = new as u64;
    Ok(vec![Happened::Listed(listed)])
}

async fn read_article<N>(shared: &Shared<N>, visit: &mut Visit, paper: &'static Paper, page: Page) -> Result<Vec<Happened>, Fault> {
    let key = visit.task.key;
    let (fate, happened) = match shared.readers.article(page, paper, visit.task.revision + 1).await {
        None => return broken(shared, visit).await,
        // A guard, a page of maintenance: what stands there says nothing of the article, which comes when the way is free again.
        Some(Err(_)) if visit.is_detour && visit.task.revision == 0 => {
            let name = Cow::Borrowed("temporary_redirect");
            (Fate::Failed { name: name.clone(), temporary: true }, Happened::Failed(visit.subject(), name))
        }
        Some(Err(miss)) => (Fate::Missed(miss), Happened::Missed(miss)),
        Some(Ok((ready, _))) if !shared.range.holds(ready.article.published.map(When::day)) => {
            (Fate::Refused(Refusal::Date), Happened::Refused("date"))
        }
        Some(Ok((ready, mut page))) => {
            let (dropped, at) = (ready.dropped, shared.clock.now());
            visit.own = Some(ready.link.key()).filter(|own| *own != key);
            let happened = match shared.desk.article(paper, key, ready, at).await? {
                Fate::Written { revision } => Happened::Written { revision, dropped },
                Fate::Moved { .. } => Happened::Moved,
                _ => Happened::Unchanged,
            };
            page.is_first = matches!(happened, Happened::Written { revision: 1, .. });
            return Ok(vec![Happened::Read { page, at }, happened]);
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
