//! What does the output itself tell of articles, when the state that knew them is gone, or older?
//!
//! A state file that was damaged, deleted or left behind on another machine must not bring all articles a second time. A new one
//! therefore begins with what stands in the files: each article with its revision, its hash and its validators. It is one transaction with
//! the state's first commit: a kill leaves a new state, and the next run begins again. A state that is older than the output, as one out of
//! a backup is, learns what stands behind the end that it knows.

use std::borrow::Cow;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::desk;
use crate::frontier::{Fate, Kind, Link as Offer, Settled, Settlement, Validators};
use crate::ledger::{Fault, Ledger};
use crate::link::Link;
use crate::output::{self, Finding, kept_lines, kept_sites, lines_from};
use crate::paper::Rulebook;

/// What of a record is remembered.
#[derive(Deserialize)]
struct Kept<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    content_hash: Cow<'a, str>,
    revision: u32,
    published: Option<&'a str>,
    fetched_at: Option<&'a str>,
    http: Option<Http>,
}

#[derive(Deserialize)]
struct Http {
    etag: Option<String>,
    last_modified: Option<String>,
}

/// Fills a state that knows no paper yet with what stands in `output`, and one that is older than the output with what it lacks; says
/// how much that was, if it was anything.
///
/// # Errors
///
/// When a file can't be read, or the state can't be written.
pub(super) fn restore(ledger: &mut Ledger, output: &Path, book: &Rulebook, now: Timestamp) -> Result<Vec<Finding>, Fault> {
    let unread = ledger.take_unread();
    let mut articles = 0;
    if ledger.frontier(|frontier| Ok(frontier.is_new()))? {
        for site in kept_sites(output)? {
            articles += learn(ledger, book, &site, now, |each| kept_lines(output, &site, each))?;
        }
        return Ok(if articles > 0 { vec![Finding::Restored { articles }] } else { Vec::new() });
    }
    let mut findings = Vec::new();
    for (file, from) in unread {
        let site = file.split('/').next().unwrap_or_default();
        let articles = learn(ledger, book, site, now, |each| lines_from(output, &file, from, each))?;
        if articles > 0 {
            findings.push(Finding::Learnt { file, articles });
        }
    }
    Ok(findings)
}

/// Remembers the records among the lines that `read` gives; how many were news.
fn learn(
    ledger: &mut Ledger,
    book: &Rulebook,
    site: &str,
    now: Timestamp,
    read: impl FnOnce(&mut dyn FnMut(&[u8])) -> Result<(), output::Fault>,
) -> Result<usize, Fault> {
    let (mut articles, mut fault) = (0, None);
    read(&mut |line| {
        // What is no record of ours stays where it is and teaches nothing.
        if fault.is_none()
            && let Ok(kept) = serde_json::from_slice::<Kept<'_>>(line)
        {
            match remember(ledger, book, site, kept, now) {
                Ok(news) => articles += usize::from(news),
                Err(why) => fault = Some(why),
            }
        }
    })?;
    fault.map_or(Ok(articles), Err)
}

/// Whether the record was an article's first one here.
fn remember(ledger: &mut Ledger, book: &Rulebook, site: &str, kept: Kept<'_>, now: Timestamp) -> Result<bool, Fault> {
    let Ok(url) = Url::parse(&kept.url) else { return Ok(false) };
    let Some(paper) = book.paper(site).or_else(|| book.paper_of(&url)) else { return Ok(false) };
    let link = Link::of(&url, paper);
    let time = |text: Option<&str>| text.and_then(|text| text.parse::<Timestamp>().ok());
    let published = time(kept.published);
    let offer = Offer { key: link.key(), url: link.url().to_string(), kind: Kind::Article, newest: published };
    let known = ledger.frontier(|frontier| frontier.article(link.key()))?;
    desk::offer(ledger, paper, &[offer], now)?;
    let validators = kept.http.map(|http| Validators { etag: http.etag, last_modified: http.last_modified });
    let settlement = Settlement {
        validators,
        content_hash: Some(kept.content_hash.into_owned()),
        published,
        ..Settlement::new(link.key(), Fate::Written { revision: kept.revision }, time(kept.fetched_at).unwrap_or(now).min(now))
    };
    let settled = ledger.settle(&settlement, None)?;
    Ok(known.is_none_or(|known| known.revision == 0) && matches!(settled, Settled::Noted { .. }))
}
