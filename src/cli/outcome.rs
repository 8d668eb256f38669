//! What did a page give, and how did all of them together go?

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

use baotinh::article::{Article, Miss};
use baotinh::extract::{Memory, read};
use baotinh::page::{Body, Page};
use baotinh::paper::{Paper, Rulebook};
use baotinh::record::{Format, Provenance, Record};
use baotinh::visit::Failure;

use super::Ending;
use super::talk::Talk;

/// What a page gave.
pub enum Outcome {
    /// An article.
    Article(Box<Found>),
    /// No article: where the page is, and why; of one that is no HTML, what its `Content-Type` called it.
    Miss(String, Miss, Option<String>),
    /// No page, or one at which the reader broke: where and how.
    Damaged(String),
    /// No answer that is a page.
    Failed(Box<Failure>),
}

/// An article, and what it takes to print it.
pub struct Found {
    /// In the form asked for.
    pub printed: String,
    article: Article,
    /// Without its body.
    page: Page,
    id: Option<String>,
    paper: Option<&'static Paper>,
    format: Format,
}

impl Found {
    /// Takes out what `memory` knows from other pages of the host, and prints the article anew where that was anything; what went.
    pub fn sift(&mut self, memory: &mut Memory) -> Vec<String> {
        let gone = memory.sift(self.paper.map(|paper| paper.id.as_str()), &mut self.article);
        if !gone.is_empty() {
            self.printed = self.print();
        }
        gone
    }

    fn print(&self) -> String {
        let site = self.paper.map(|paper| paper.id.as_str());
        let province = self.paper.and_then(|paper| paper.province.as_deref());
        let of = Provenance { id: self.id.as_deref(), site, province, ..Provenance::default() };
        self.format.render(&Record::new(&self.article, &self.page, of))
    }
}

impl Outcome {
    /// Reads a page. `id` came with it; `place` is what people know it by.
    ///
    /// A reader that breaks costs the page it breaks at, and no other.
    pub fn of(mut page: Page, id: Option<String>, place: &str, book: &'static Rulebook, format: Format) -> Self {
        let outcome = unbroken(place, || {
            let reading = read(&page, book);
            match reading.outcome {
                Ok(article) => {
                    page.body = Body::default();
                    let mut found = Found { printed: String::new(), article: *article, page, id, paper: reading.paper, format };
                    found.printed = found.print();
                    Self::Article(Box::new(found))
                }
                Err(miss) => Self::Miss(place.to_owned(), miss, page.content_type.take().filter(|_| miss == Miss::NotHtml)),
            }
        });
        outcome.unwrap_or_else(Self::Damaged)
    }
}

thread_local! {
    /// Is a page being read on this thread, whose reader may break?
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Reads the page at a place; or says that the reader broke at it.
pub fn unbroken<T>(place: &str, read: impl FnOnce() -> T) -> Result<T, String> {
    GUARDED.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    outcome.map_err(|panic| {
        let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let words = words.unwrap_or("without a word");
        format!("{place}: the reader broke at this page ({words}): please report it")
    })
}

/// From now on a reader that breaks is told as its page's damage alone: the usual print of a panic would give the page's words to the
/// terminal as they are.
pub fn hush_readers() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !GUARDED.get() {
            usual(panic);
        }
    }));
}

/// How many of what there were.
#[derive(Debug, Default)]
pub struct Tally {
    articles: u64,
    misses: BTreeMap<Miss, u64>,
    damaged: u64,
    failed: u64,
}

impl Tally {
    /// Counts an outcome, and tells it when it needs a look.
    pub fn tell(&mut self, outcome: &Outcome, talk: Talk) {
        match outcome {
            Outcome::Article(_) => self.articles += 1,
            Outcome::Miss(place, miss, said) => {
                *self.misses.entry(*miss).or_default() += 1;
                talk.miss(place, *miss, said.as_deref());
            }
            Outcome::Damaged(what) => {
                self.damaged += 1;
                talk.damaged(what);
            }
            Outcome::Failed(failure) => {
                self.failed += 1;
                talk.failed(failure);
            }
        }
    }

    /// How a command ends that went through all its pages.
    pub fn ending(&self) -> Ending {
        if self.misses.is_empty() && self.damaged == 0 && self.failed == 0 { Ending::Well } else { Ending::Look }
    }

    /// `7 articles, 2 misses (no_body 1, too_short 1), 1 damaged`; what there is none of is left out, articles excepted.
    pub fn sentence(&self) -> String {
        let mut parts = vec![counted(self.articles, "article", "articles")];
        if !self.misses.is_empty() {
            let names: Vec<String> = self.misses.iter().map(|(miss, count)| format!("{miss} {count}")).collect();
            parts.push(format!("{} ({})", counted(self.misses.values().sum(), "miss", "misses"), names.join(", ")));
        }
        for (count, word) in [(self.damaged, "damaged"), (self.failed, "failed")] {
            if count > 0 {
                parts.push(counted(count, word, word));
            }
        }
        parts.join(", ")
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_breaks_costs_its_page_alone() {
        let word = String::from("index 7");
        let broken: Result<(), String> = unbroken("p.jsonl:3", || panic!("{word}"));
        assert_eq!(broken, Err("p.jsonl:3: the reader broke at this page (index 7): please report it".to_owned()));
        assert_eq!(unbroken("p.jsonl:4", || 5), Ok(5));
    }

    #[test]
    fn a_tally_is_a_sentence() {
        let misses = BTreeMap::from([(Miss::NoBody, 2), (Miss::TooShort, 1)]);
        let tally = Tally { articles: 1, misses, damaged: 0, failed: 3 };
        assert_eq!(tally.sentence(), "1 article, 3 misses (no_body 2, too_short 1), 3 failed");
        assert_eq!(Tally::default().sentence(), "0 articles");
    }
}
