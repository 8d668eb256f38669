//! Which pages does a web archive hold? (WARC 1.1, ISO 28500:2017; 1.0 is read alike.)
//!
//! Of the records only answers with HTML, status 2xx, and stored HTML resources are pages. Requests, metadata, redirects, pictures
//! and the like are passed over without being held.

use std::io::{self, BufRead, Read};

use super::reply::{self, Reply};
use super::source::Source;
use super::{Damage, Fault, RECORD_BYTES, SavedPage};
use crate::limits;
use crate::page::{Body, Page};

/// The longest line of a record's head, and the longest head in lines.
const HEAD_LINE: usize = 64 << 10;
const HEAD_LINES: usize = 256;

/// The pages of an archive.
pub(super) struct Warc {
    source: Source,
    name: String,
    number: u64,
    ended: bool,
}

/// The named fields of a record.
struct Head(Vec<(String, String)>);

impl Head {
    fn get(&self, name: &str) -> Option<&str> {
        reply::value(&self.0, name)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|known| known.eq_ignore_ascii_case(value))
    }

    /// May this record be a page? An answer over HTTP, or a stored HTML file.
    fn may_be_page(&self) -> bool {
        let media = self.get("Content-Type").unwrap_or_default();
        (self.is("WARC-Type", "response") && starts_with(media, "application/http")) || (self.is("WARC-Type", "resource") && is_html(media))
    }
}

impl Warc {
    pub(super) fn new(source: Source, name: String) -> Self {
        Self { source, name, number: 0, ended: false }
    }

    /// The page of the next record; `Ok(None)` for a record that is none.
    fn record(&mut self) -> Result<Option<Page>, Damage> {
        let head = self.head()?;
        let want: u64 =
            head.get("Content-Length").and_then(|length| length.parse().ok()).ok_or(Damage::Warc("no Content-Length in its head"))?;
        let wanted = head.may_be_page() && want <= RECORD_BYTES as u64;
        let mut block = Vec::new();
        let mut bytes = self.source.by_ref().take(want);
        let have = if wanted { bytes.read_to_end(&mut block)? as u64 } else { io::copy(&mut bytes, &mut io::sink())? };
        if have < want {
            return Err(Damage::CutOff { have, want });
        }
        // Also makes a gzip member show its check sum, so that damage is laid to this record and not to the next.
        self.skip_blank()?;
        match (head.may_be_page(), wanted) {
            (false, _) => Ok(None),
            (true, false) => Err(Damage::TooLong(RECORD_BYTES)),
            (true, true) => page(&head, block),
        }
    }

    fn head(&mut self) -> Result<Head, Damage> {
        if !self.line()?.starts_with("WARC/") {
            return Err(Damage::Warc("it does not begin with WARC/1.0 or WARC/1.1"));
        }
        let mut lines = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(Head(reply::headers(lines.iter().map(String::as_str))));
            }
            lines.push(line);
            if lines.len() > HEAD_LINES {
                return Err(Damage::Warc("its head does not end"));
            }
        }
    }

    /// The next line without its end; what is over [`HEAD_LINE`] is not held.
    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        loop {
            let bytes = self.source.fill_buf()?;
            let end = memchr::memchr(b'\n', bytes);
            let part = &bytes[..end.unwrap_or(bytes.len())];
            line.extend_from_slice(&part[..part.len().min(HEAD_LINE - line.len())]);
            let taken = part.len() + usize::from(end.is_some());
            self.source.consume(taken);
            if end.is_some() || taken == 0 {
                break;
            }
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    /// Passes over line ends; `false` at the end of the archive.
    fn skip_blank(&mut self) -> io::Result<bool> {
        loop {
            match self.source.peek(1)? {
                [] => return Ok(false),
                [b'\r' | b'\n'] => self.source.consume(1),
                _ => return Ok(true),
            }
        }
    }

    /// After damage: goes to where the next record may begin; what cannot be read on the way is part of the same damage.
    fn mend(&mut self, damage: &Damage) -> bool {
        match damage {
            Damage::Warc(_) => self.next_version().or_else(|_| self.source.mend()).unwrap_or(false),
            Damage::Unreadable(_) => self.source.mend().unwrap_or(false),
            Damage::CutOff { .. } => false,
            _ => true,
        }
    }

    /// Passes over lines until one begins a record.
    fn next_version(&mut self) -> io::Result<bool> {
        loop {
            match self.source.peek(7)? {
                [] => return Ok(false),
                b"WARC/1." => return Ok(true),
                _ => drop(self.line()?),
            }
        }
    }
}

impl Iterator for Warc {
    type Item = Result<SavedPage, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let more = self.skip_blank();
            if matches!(more, Ok(false)) {
                self.ended = true;
                break;
            }
            self.number += 1;
            let place = format!("{}#{}", self.name, self.number);
            match more.map_err(Damage::from).and_then(|_| self.record()) {
                Ok(Some(page)) => {
                    return Some(Ok(SavedPage { id: None, page, place }));
                }
                Ok(None) => {}
                Err(damage) => {
                    self.ended = !self.mend(&damage);
                    return Some(Err(Fault { place, damage }));
                }
            }
        }
        None
    }
}

/// The page in the block of a record; `None` for an answer that is no page.
fn page(head: &Head, block: Vec<u8>) -> Result<Option<Page>, Damage> {
    let page = Page {
        // wget 1.x writes the address in angle brackets.
        url: head.get("WARC-Target-URI").map(|url| url.trim_matches(['<', '>']).to_owned()),
        fetched_at: head.get("WARC-Date").and_then(|at| at.parse().ok()),
        ..Page::default()
    };
    let page = if head.is("WARC-Type", "resource") {
        let content_type = head.get("Content-Type").map(str::to_owned);
        Page { content_type, body: Body::Bytes(block), ..page }
    } else {
        let reply = Reply::parse(block)?;
        let is_page = (200..300).contains(&reply.status) && reply.header("content-type").is_none_or(is_html);
        if !is_page {
            return Ok(None);
        }
        Page {
            status: Some(reply.status),
            content_type: reply.header("content-type").map(str::to_owned),
            etag: reply.header("etag").map(str::to_owned),
            last_modified: reply.header("last-modified").map(str::to_owned),
            body: Body::Bytes(reply.body()?),
            ..page
        }
    };
    if page.size() > limits::BODY_BYTES {
        return Err(Damage::TooLong(limits::BODY_BYTES));
    }
    if let Some(why) = head.get("WARC-Truncated") {
        return Err(Damage::Part(format!("WARC-Truncated: {why}")));
    }
    if head.get("WARC-Segment-Number").is_some() {
        return Err(Damage::Part("it is stored in segments".to_owned()));
    }
    Ok(Some(page))
}

fn is_html(media: &str) -> bool {
    starts_with(media, "text/html") || starts_with(media, "application/xhtml+xml")
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
