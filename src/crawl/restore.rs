//! What does the output itself tell of articles, when the state that knew them is gone?
//!
//! A state file that was damaged, deleted or left behind on another machine must not bring all articles a second time. A new one
//! therefore begins with what stands in the files: each article with its revision, its hash and its validators.

use std::borrow::Cow;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::desk;
use crate::frontier::{Fate, Kind, Link as Offer, Settled, Settlement, Validators};
use crate::ledger::{Fault, Ledger};
use crate::link::Link;
use crate::output::{Finding, kept_lines};
use crate::paper::{Paper, Rulebook};

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

/// Fills a state that knows no paper yet with what stands in `output`; says how much that was, if it was anything.
///
/// # Errors
///
/// When a file can't be read, or the state can't be written.
pub(super) fn restore(ledger: &mut Ledger, output: &Path, book: &Rulebook, now: Timestamp) -> Result<Option<Finding>, Fault> {
    if !ledger.frontier(|frontier| Ok(frontier.is_new()))? {
        return Ok(None);
    }
    let mut articles = 0;
    for paper in book.papers() {
        let mut fault = None;
        kept_lines(output, &paper.id, |line| {
            // What is no record of ours stays where it is and teaches nothing.
            if fault.is_none()
                && let Ok(kept) = serde_json::from_slice::<Kept<'_>>(line)
            {
                match remember(ledger, paper, kept, now) {
                    Ok(known) => articles += usize::from(known),
                    Err(why) => fault = Some(why),
                }
            }
        })?;
        fault.map_or(Ok(()), Err)?;
    }
    Ok((articles > 0).then_some(Finding::Restored { articles }))
}

/// Whether the record was an article's first revision here.
fn remember(ledger: &mut Ledger, paper: &Paper, kept: Kept<'_>, now: Timestamp) -> Result<bool, Fault> {
    let Ok(url) = Url::parse(&kept.url) else { return Ok(false) };
    let link = Link::of(&url, paper);
    let time = |text: Option<&str>| text.and_then(|text| text.parse::<Timestamp>().ok());
    let published = time(kept.published);
    let offer = Offer { key: link.key(), url: link.url().to_string(), kind: Kind::Article, newest: published };
    let new = desk::offer(ledger, paper, &[offer], now)?;
    let validators = kept.http.map(|http| Validators { etag: http.etag, last_modified: http.last_modified });
    let settlement = Settlement {
        validators,
        content_hash: Some(kept.content_hash.into_owned()),
        published,
        ..Settlement::new(link.key(), Fate::Written { revision: kept.revision }, time(kept.fetched_at).unwrap_or(now))
    };
    let settled = ledger.settle(&settlement, None)?;
    Ok(new > 0 && matches!(settled, Settled::Noted { .. }))
}
