//! What is in this crate, and in which order may it be read?
//!
//! The modules stand in one order, and each uses only those above it. Half-way down runs a waterline: above it nothing touches
//! the world (no network, no disk, no clock, no async). Below it each hand touches one thing.
//!
//! * [`limits`]: how much of the web is too much, and why
//! * [`article`]: an article, its pictures and kind, or the miss that says why a page gave none
//! * [`vietnamese`]: legacy charsets, NFC, dates, datelines, bylines and credits, phrases that head furniture
//! * [`charset`]: bytes in, Unicode out
//! * [`page`]: one answer from the web or one saved page: bytes, address, headers; its text on demand
//! * [`tame`]: a page without the excess of nesting and attributes that would keep a parser busy for ever
//! * [`paper`]: a newspaper and its rules: `selectors.toml` read, compiled, every fault named with its place
//! * [`link`]: an address in its one canonical spelling, and which of them are one article
//! * [`robots`]: robots.txt: may we, how often, where are the sitemaps
//! * [`discover`]: a feed, sitemap or page that lists articles in, links out
//! * [`extract`]: a page in, an article or a miss out
//! * [`fingerprint`]: content hash and simhash
//! * [`record`]: the JSON line: fields, schema number, promise
//! * [`report`]: what a run did, paper by paper, and whether each paper is well
//! * [`checkup`]: do the rules of a paper still fit the pages that it prints
//!
//! `~~~~~~~~ the waterline ~~~~~~~~` (feature `crawl`)
//!
//! * [`saved`]: pages from a disk: files, lines of JSON, web archives, folders of these
//! * [`fetch`]: the network: one request, one reply, bounded
//! * [`pace`]: time: when may we knock at this host again
//! * [`output`]: the disk: whole lines appended once, mended on opening
//! * [`frontier`]: memory: which address next, what became of each
//! * [`ledger`]: memory and disk tied together: each article exactly once
//! * [`visit`]: the small conductor: one address to one page, through the same door as the crawl
//! * [`crawl`]: the conductor: one lane a host, from what a paper lists to what stands in the output

pub mod article;
pub mod charset;
pub mod checkup;
pub mod discover;
pub mod extract;
pub mod fingerprint;
pub mod limits;
pub mod link;
pub mod page;
pub mod paper;
pub mod record;
pub mod report;
pub mod robots;
pub mod tame;
pub mod vietnamese;

#[cfg(feature = "crawl")]
pub mod crawl;
#[cfg(feature = "crawl")]
pub mod fetch;
#[cfg(feature = "crawl")]
pub mod frontier;
#[cfg(feature = "crawl")]
pub mod ledger;
#[cfg(feature = "crawl")]
pub mod output;
#[cfg(feature = "crawl")]
pub mod pace;
#[cfg(feature = "crawl")]
pub mod saved;
#[cfg(feature = "crawl")]
pub mod visit;
