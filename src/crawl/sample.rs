//! What do the papers print today? Their listings, and a few articles of each, at their own pace; nothing is written or remembered.
//!
//! Papers are looked at side by side, those of one server in turn, through the same door as every visit: robots.txt, pace, redirects hop
//! by hop. What comes is judged by [`crate::checkup`].

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use url::Url;

use super::desk::day;
use super::reading::Readers;
use super::recollection::Recollection;
use super::{chosen, seeds};
use crate::checkup::{Checkup, Listing, Look, Loss};
use crate::discover::{Asked, Found, Further, Kind, Why};
use crate::paper::{Paper, Rulebook};
use crate::visit::{self, Failure, Visitor};

/// So many of a paper's listings are asked for: all that selectors.toml names of any paper today, and an end where one names more.
const MOST_LISTINGS: usize = 15;

/// How often one request is tried: somebody is waiting, and can ask again.
const TRIES: u32 = 2;

/// After so many requests in a row that nobody answered a paper is left alone.
const SILENT: usize = 2;

/// A sitemap that only names others is followed so far.
const INDEXES: u16 = 2;

/// What to look at, and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How to visit.
    pub visit: visit::Settings,
    /// The ids of the papers; all that list new articles, when there is none.
    pub sites: Vec<String>,
    /// So many articles of each.
    pub articles: usize,
}

/// One thing to show while papers are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// So many papers will be looked at.
    Papers(usize),
    /// A page of a paper was looked at, or did not come.
    Page(&'static str),
    /// A paper is done.
    Done(&'static str),
}

/// Looks at the papers until all are done or `stop` is ready. `show` is called with each thing that happens. The checkups come in the
/// order of selectors.toml; what was not finished says so.
///
/// # Errors
///
/// When a site is unknown or the network's settings can't be followed.
pub async fn run(
    settings: Settings,
    book: &'static Rulebook,
    mut show: impl FnMut(Notice),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Checkup>, super::Fault> {
    let papers = chosen(book, &settings.sites)?;
    let visitor = Visitor::new(visit::Settings { book: Some(book), tries: TRIES, ..settings.visit })?;
    let (tell, mut told) = mpsc::unbounded_channel();
    let (halt, halted) = watch::channel(false);
    let sampler =
        Arc::new(Sampler { visitor, book, readers: Readers::new(book, Recollection::default())?, articles: settings.articles, tell });
    show(Notice::Papers(papers.len()));
    let mut tasks = JoinSet::new();
    for (place, paper) in papers.iter().copied().enumerate() {
        let (sampler, halted) = (Arc::clone(&sampler), halted.clone());
        tasks.spawn(async move { (place, sampler.paper(paper, halted).await) });
    }
    drop(sampler);
    let mut checkups: Vec<Checkup> = papers.iter().map(|paper| Checkup::unseen(&paper.id)).collect();
    let mut stop = std::pin::pin!(stop);
    let mut stopped = false;
    loop {
        tokio::select! {
            Some(notice) = told.recv() => show(notice),
            next = tasks.join_next() => match next {
                // A task that panicked leaves its paper unfinished, and the others are not touched.
                Some(done) => if let Ok((place, checkup)) = done { checkups[place] = checkup },
                None => return Ok(checkups),
            },
            () = &mut stop, if !stopped => {
                stopped = true;
                halt.send_replace(true);
            }
        }
    }
}

/// What all papers share.
struct Sampler {
    visitor: Visitor,
    book: &'static Rulebook,
    readers: Readers,
    articles: usize,
    tell: mpsc::UnboundedSender<Notice>,
}

impl Sampler {
    async fn paper(&self, paper: &'static Paper, mut halted: watch::Receiver<bool>) -> Checkup {
        let mut checkup = Checkup::new(Some(&paper.id));
        let whole = tokio::select! {
            () = self.look_at(paper, &mut checkup) => true,
            _ = halted.wait_for(|stop| *stop) => false,
        };
        checkup.stopped = !whole;
        let _ = self.tell.send(Notice::Done(&paper.id));
        checkup
    }

    /// Fills the checkup as far as it is not dropped on the way.
    async fn look_at(&self, paper: &'static Paper, checkup: &mut Checkup) {
        let lists = self.listings(paper, checkup).await;
        let wanted = spread(lists, self.articles);
        let mut silent = 0;
        for url in wanted {
            if silent == SILENT {
                return;
            }
            let visited = self.visit(&url, paper).await;
            silent = after(silent, &visited);
            match visited {
                Ok(page) => {
                    let (book, place) = (self.book, url.to_string());
                    // A reader that broke at a page is a miss of no name: the page is left out.
                    if let Some(look) = self.readers.read(move || Look::at(&page, place, book)).await {
                        checkup.saw(look);
                    } else {
                        checkup.lost(url.into(), Loss::Gone, "reader_broke".to_owned());
                    }
                }
                Err((loss, name)) => checkup.lost(url.into(), loss, name),
            }
            let _ = self.tell.send(Notice::Page(&paper.id));
        }
    }

    /// The articles that each of the paper's listings names, in its order.
    async fn listings(&self, paper: &'static Paper, checkup: &mut Checkup) -> Vec<VecDeque<Url>> {
        let today = day(Timestamp::now());
        let mut waiting: VecDeque<seeds::Seed> = seeds::of(paper, Some(today), today).into();
        let mut known = HashSet::new();
        let (mut lists, mut silent) = (Vec::new(), 0);
        for _ in 0..MOST_LISTINGS {
            let Some((url, asked)) = waiting.pop_front().filter(|_| silent < SILENT) else { break };
            let key = key_of(paper, &url, asked);
            let visited = self.visit(&url, paper).await;
            silent = after(silent, &visited);
            let outcome = match visited {
                Ok(page) => self.readers.listing(page, paper, asked).await.ok_or((Loss::Gone, "reader_broke".to_owned())),
                Err(lost) => Err(lost),
            };
            let _ = self.tell.send(Notice::Page(&paper.id));
            if let Ok(found) = &outcome {
                waiting.extend(next_of(found).map(|further| (further.link.url().clone(), further.asked)));
                let new = found.articles.iter().filter(|listed| known.insert(listed.link.key()));
                lists.push(new.map(|listed| listed.link.url().clone()).collect());
            }
            let is_index = outcome.as_ref().is_ok_and(|found| next_of(found).is_some());
            if !is_index {
                let counts = outcome.map(|found| (found.articles.len(), found.passed_over));
                checkup.listed(Listing { url: url.into(), key, outcome: counts });
            }
            checkup.found = known.len();
        }
        lists
    }

    /// A page of this paper.
    async fn visit(&self, url: &Url, paper: &Paper) -> Result<crate::page::Page, (Loss, String)> {
        let page = self.visitor.visit(url).await.map_err(|failure| (loss(&failure), failure.name().into_owned()))?;
        let at = page.final_url.as_deref().and_then(|url| Url::parse(url).ok());
        let is_ours = at.is_none_or(|at| self.book.paper_of(&at).is_some_and(|owner| owner.id == paper.id));
        if is_ours { Ok(page) } else { Err((Loss::Gone, "off_site_redirect".to_owned())) }
    }
}

/// How many requests in a row nobody has answered, after this one.
fn after<T>(silent: usize, visited: &Result<T, (Loss, String)>) -> usize {
    if matches!(visited, Err((Loss::Silent, _))) { silent + 1 } else { 0 }
}

/// The sitemap to ask for instead of an index that names no article itself.
fn next_of(found: &Found) -> Option<&Further> {
    let is_sitemap = |further: &&Further| further.why == Why::Indexed && further.asked.hops <= INDEXES;
    found.listings.iter().filter(|_| found.articles.is_empty()).find(is_sitemap)
}

/// The key of selectors.toml that names a listing.
fn key_of(paper: &Paper, url: &Url, asked: Asked) -> &'static str {
    match asked.kind {
        Kind::Feed => "feeds",
        Kind::Sitemap => "sitemaps",
        Kind::Page if paper.start_pages.contains(url) => "start_pages",
        Kind::Page => "hosts",
    }
}

/// So many addresses, of each list one after the other, so that no list alone speaks for the paper.
fn spread(mut lists: Vec<VecDeque<Url>>, many: usize) -> Vec<Url> {
    let mut spread = Vec::new();
    while spread.len() < many && lists.iter().any(|list| !list.is_empty()) {
        spread.extend(lists.iter_mut().filter_map(VecDeque::pop_front));
    }
    spread.truncate(many);
    spread
}

fn loss(failure: &Failure) -> Loss {
    match failure {
        Failure::RobotsDisallowed { .. } => Loss::Forbidden,
        Failure::NoAnswer { .. } | Failure::RobotsUnreachable { .. } => Loss::Silent,
        _ if failure.is_temporary() => Loss::Silent,
        _ => Loss::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_taken_from_all_lists_in_turn() {
        let list = |paths: &str| paths.chars().map(|c| Url::parse(&format!("https://a.vn/{c}")).expect("an address")).collect();
        let taken = |many| -> String {
            let lists = vec![list("abc"), list(""), list("xy")];
            spread(lists, many).iter().map(|url| url.path().trim_start_matches('/').to_owned()).collect()
        };
        assert_eq!([taken(0), taken(3), taken(9)].join(" "), " axb axbyc");
    }
}
