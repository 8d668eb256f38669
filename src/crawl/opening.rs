//! What must be put right before the first request, and which listings are there to be asked for?
//!
//! Between two runs the state may have been lost or restored from a backup, the clock set, and selectors.toml changed.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;

use jiff::Timestamp;
use tokio::task::spawn_blocking;
use url::Url;

use super::desk::{self, day};
use super::recollection::Recollection;
use super::rehearsal::Rehearsal;
use super::{Settings, restore, seeds};
use crate::frontier::{self, Key};
use crate::ledger::{Fault, Ledger};
use crate::link::Link;
use crate::output::Finding;
use crate::paper::{Paper, Rulebook};

/// The note that says when the last run began.
const CLOCK: &str = "clock";
/// A clock that runs so many seconds ahead is a clock.
const SLACK: i64 = 10 * 60;
/// The note that says for which papers and hosts the addresses were last sorted.
const PAPERS: &str = "papers";

/// Opens the ledger, or the one to be rehearsed with, where the disk may be waited for. What is found amiss with the files of the output
/// is told too, but not by a rehearsal, which has none of them beside its state.
pub(super) async fn open(
    rehearsal: Option<&Rehearsal>,
    book: &'static Rulebook,
    papers: Vec<&'static Paper>,
    settings: Settings,
    now: Timestamp,
) -> Result<(Ledger, Vec<Finding>, Recollection), super::Fault> {
    let folder = rehearsal.map_or(settings.output.as_path(), Rehearsal::folder).to_owned();
    let opened = spawn_blocking(move || {
        let (mut ledger, findings) = mended(&folder, book, &papers, &settings, now)?;
        let memory = if settings.memory { Recollection::of(&mut ledger, &papers)? } else { Recollection::default() };
        Ok::<_, Fault>((ledger, findings, memory))
    });
    match (opened.await.map_err(io::Error::other)?, rehearsal) {
        (Ok((ledger, _, memory)), Some(_)) => Ok((ledger, Vec::new(), memory)),
        (Ok(opened), None) => Ok(opened),
        (Err(fault), Some(rehearsal)) => Err(rehearsal.in_original(fault).into()),
        (Err(fault), None) => Err(fault.into()),
    }
}

/// Opens the ledger, mends it, and offers it the papers' listings.
fn mended(
    folder: &Path,
    book: &'static Rulebook,
    papers: &[&'static Paper],
    settings: &Settings,
    now: Timestamp,
) -> Result<(Ledger, Vec<Finding>), Fault> {
    let mut ledger = Ledger::open(folder, day(now))?;
    let mut findings = restore::restore(&mut ledger, &settings.output, book, now)?;
    findings.extend(set_clock(&mut ledger, now)?);
    findings.extend(adopt(&mut ledger, book)?);
    let (from, to) = settings.range.seconds();
    ledger.frontier(|frontier| {
        frontier.only_between(from, to);
        Ok(())
    })?;
    for paper in papers {
        let link = |(url, asked): seeds::Seed| seeds::listing(&Link::of(&url, paper), asked, frontier::Kind::Listing, None);
        let links: Vec<_> = seeds::of(paper, settings.range.since, day(now)).into_iter().map(link).collect();
        let named: Vec<Key> = links.iter().map(|link| link.key).collect();
        forget_unnamed(&mut ledger, paper, &named, now)?;
        desk::offer(&mut ledger, paper, &links, now)?;
        if settings.recrawl {
            ledger.frontier(|frontier| frontier.look_again(&paper.id, now))?;
        }
    }
    ledger.commit()?;
    let mut all = ledger.take_findings();
    all.extend(findings);
    Ok((ledger, all))
}

/// What a run did whose clock was ahead is not waited for.
fn set_clock(ledger: &mut Ledger, now: Timestamp) -> Result<Option<Finding>, Fault> {
    ledger.frontier(|frontier| {
        let read = |note: Vec<u8>| Some(i64::from_le_bytes(note.try_into().ok()?));
        let last = frontier.note(CLOCK)?.and_then(read);
        frontier.leave_note(CLOCK, &now.as_second().to_le_bytes())?;
        let changed = match last {
            Some(last) if last <= now.as_second() + SLACK => 0,
            known => frontier.take_back_future(now, known.is_some())?,
        };
        Ok((changed > 0).then_some(Finding::Ahead { changed }))
    })
}

/// The addresses of a paper that selectors.toml does not have any more go to the paper that has their host: its id was changed.
fn adopt(ledger: &mut Ledger, book: &Rulebook) -> Result<Vec<Finding>, Fault> {
    let mut known = String::new();
    for paper in book.papers() {
        known.push_str(&paper.id);
        for host in paper.hosts.iter().chain(&paper.old_hosts) {
            known.push(' ');
            known.push_str(&host.to_string());
        }
        known.push('\n');
    }
    let print = Key::of(&known).0.to_le_bytes();
    ledger.frontier(|frontier| {
        if frontier.note(PAPERS)?.is_some_and(|note| note == print) {
            return Ok(Vec::new());
        }
        frontier.leave_note(PAPERS, &print)?;
        let left: Vec<String> = frontier.papers().filter(|id| book.paper(id).is_none()).map(str::to_owned).collect();
        let mut findings = Vec::new();
        for from in left {
            let mut went: BTreeMap<String, usize> = BTreeMap::new();
            frontier.adopt(&from, |url| {
                let (url, _) = seeds::asked(&Url::parse(url).ok()?);
                let paper = book.paper_of(&url)?;
                *went.entry(paper.id.clone()).or_default() += 1;
                Some((paper.id.clone(), Link::of(&url, paper).key()))
            })?;
            findings.extend(went.into_iter().map(|(to, addresses)| Finding::Renamed { from: from.clone(), to, addresses }));
        }
        Ok(findings)
    })
}

/// Forgets the listings that selectors.toml named in the run before and names no more; a dated one only when it has been asked for, since
/// `--since` may have named it. Named again, or found on another listing or in robots.txt, they are new.
fn forget_unnamed(ledger: &mut Ledger, paper: &Paper, named: &[Key], now: Timestamp) -> Result<(), Fault> {
    let name = format!("listings/{}", paper.id);
    let note: Vec<u8> = named.iter().flat_map(|key| key.0.to_le_bytes()).collect();
    let before = ledger.frontier(|frontier| frontier.note(&name))?;
    if before.as_ref() == Some(&note) {
        return Ok(());
    }
    let named: HashSet<Key> = named.iter().copied().collect();
    let kept = ledger.frontier(|frontier| frontier.listings(&paper.id))?;
    let unnamed = kept.into_iter().filter(|(key, url, was_asked)| {
        let Ok(url) = Url::parse(url) else { return true };
        let (url, asked) = seeds::asked(&url);
        if named.contains(key) {
            return false;
        }
        if seeds::is_dated(paper, &url, day(now)) {
            return *was_asked;
        }
        // A state of before these notes has all that was ever named; what is found elsewhere too comes back once.
        before.as_ref().map_or(asked.hops == 0, |note| note.chunks(8).any(|bits| bits == key.0.to_le_bytes()))
    });
    let unnamed: Vec<Key> = unnamed.map(|(key, ..)| key).collect();
    if !unnamed.is_empty() {
        tracing::info!(site = paper.id, listings = unnamed.len(), "asked for no more: selectors.toml does not name them");
    }
    ledger.frontier(|frontier| {
        frontier.forget(&unnamed)?;
        frontier.leave_note(&name, &note)
    })
}
