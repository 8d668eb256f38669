//! What is in a page that came? Pure work on a thread for it, since a parsed page may not change threads.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;
use url::Url;

use super::recollection::Recollection;
use crate::article::{Article, Miss};
use crate::discover::{self, Asked, Found, shape};
use crate::extract::{self, Dropped};
use crate::fingerprint::content_hash;
use crate::limits::LARGE_BYTES;
use crate::link::{Link, path_and_query};
use crate::page::{Body, Page};
use crate::paper::{Paper, Rulebook};
use crate::record::{Provenance, Record};
use crate::report;
use crate::report::figures::Figures;

/// By so many steps the readers stand back behind the other threads of the process.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// An article that was read, ready to be written.
#[derive(Debug)]
pub(super) struct Ready {
    /// Its own address, which need not be the one that was asked for.
    pub link: Link,
    pub article: Box<Article>,
    /// Without its body.
    pub page: Page,
    pub dropped: Dropped,
    /// Of what the page holds, before its memory took anything out.
    pub content_hash: String,
    /// The line, and the revision that it says it is.
    pub line: (String, u32),
}

/// An article, and what its page shows of the rules that read it.
pub(super) type Shown = (Box<Ready>, Box<Figures>);

impl Ready {
    /// The record's line for another revision than the expected one.
    pub(super) fn line_of(&self, paper: &Paper, revision: u32) -> String {
        record(&self.article, &self.page, paper, revision).line()
    }
}

fn record<'a>(article: &'a Article, page: &'a Page, paper: &'a Paper, revision: u32) -> Record<'a> {
    let of = Provenance { id: None, site: Some(&paper.id), province: paper.province.as_deref(), revision };
    Record::new(article, page, of)
}

/// The threads for pages: one a core, always the same, so that what one page has freed serves the next.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    book: &'static Rulebook,
    /// What was read of the papers before.
    pub(super) memory: Recollection,
    threads: Arc<ThreadPool>,
    /// The thread for large pages: one at a time, and always the same, since what a large page has freed only that thread takes up again.
    large: Arc<ThreadPool>,
}

impl Readers {
    /// # Errors
    ///
    /// When the system gives no threads.
    pub(super) fn new(book: &'static Rulebook, memory: Recollection) -> io::Result<Self> {
        let pool = |threads| {
            let named = ThreadPoolBuilder::new().num_threads(threads).thread_name(|number| format!("reader {number}"));
            named.start_handler(|_| stand_back()).build().map(Arc::new).map_err(io::Error::other)
        };
        Ok(Self { book, memory, threads: pool(0)?, large: pool(1)? })
    }

    /// Reads an article; `revision` is the one that it will probably be. `None` when the reader broke at the page.
    pub(super) async fn article(&self, page: Page, paper: &'static Paper, revision: u32) -> Option<Result<Shown, Miss>> {
        let (book, memory) = (self.book, self.memory.clone());
        self.read_on(self.threads_for(&page), move || article(page, book, &memory, paper, revision)).await
    }

    /// Reads a listing. `None` when the reader broke at the page.
    pub(super) async fn listing(&self, page: Page, paper: &'static Paper, asked: Asked) -> Option<Found> {
        let book = self.book;
        self.read_on(self.threads_for(&page), move || discover::read(&page, book, paper, asked)).await
    }

    fn threads_for(&self, page: &Page) -> &ThreadPool {
        if page.size() > LARGE_BYTES { &self.large } else { &self.threads }
    }

    /// Does some work on a page on a thread for it. `None` when it broke.
    pub(super) async fn read<T: Send + 'static>(&self, read: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        self.read_on(&self.threads, read).await
    }

    async fn read_on<T: Send + 'static>(&self, threads: &ThreadPool, read: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        #[cfg(test)]
        let _clock = super::desk::clock_stands();
        let (tell, told) = oneshot::channel();
        threads.spawn(move || {
            // Nothing outlives a reading that broke: what it held is dropped with it. Whoever asked may have gone.
            if let Ok(read) = catch_unwind(AssertUnwindSafe(read)) {
                let _ = tell.send(read);
            }
        });
        told.await.ok()
    }
}

/// Lets the threads that ask and write go first: a page can wait some milliseconds for its reader, a host's turn should not wait for
/// a page.
fn stand_back() {
    // On Linux the thread alone. Where it would be the whole process, or is not allowed, all are equals.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICE);
}

fn article(mut page: Page, book: &Rulebook, memory: &Recollection, paper: &Paper, revision: u32) -> Result<Shown, Miss> {
    let reading = extract::read(&page, book);
    let (dropped, pointed, lapse) = (reading.dropped, reading.pointed, reading.lapse);
    let mut article = reading.outcome?;
    page.body = Body::default();
    let link = own_link(&article, &page, paper);
    article.url = Some(link.url().to_string());
    let figures = Figures::of(&article, pointed, dropped, lapse, report::has_rules(paper));
    // Has it changed? That is a question to the page. The memory grows, and would answer yes without cause.
    let content_hash = content_hash(&article.title, &article.text);
    memory.sift(paper, &mut article);
    let text = record(&article, &page, paper, revision).line();
    Ok((Box::new(Ready { link, article, page, dropped, content_hash, line: (text, revision) }), Box::new(figures)))
}

/// The address that the page says is its own, when that is an article's; a paper that writes its front page there says nothing.
fn own_link(article: &Article, page: &Page, paper: &Paper) -> Link {
    let says = article.url.as_deref().and_then(|url| Url::parse(url).ok());
    let says = says.filter(|url| paper.is_article(&path_and_query(url)).unwrap_or_else(|| shape::is_article(url)));
    let answered = || page.final_url.as_deref().or(page.url.as_deref()).and_then(|url| Url::parse(url).ok());
    let url = says.or_else(answered).expect("a page that was fetched has the address that was asked for");
    Link::of(&url, paper)
}
