//! Which page does a line of JSON hold?

use std::io::{self, BufRead};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::source::Source;
use super::{Damage, Fault, LABEL_BYTES, RECORD_BYTES, SavedPage};
use crate::limits;
use crate::page::{Body, Page};

/// The most memory that is kept between two lines.
const KEPT: usize = 1 << 20;

/// The pages of a `.jsonl` file.
pub(super) struct Lines {
    source: Source,
    name: String,
    number: u64,
    line: Vec<u8>,
    ended: bool,
}

/// The keys that are read; others are passed over.
#[derive(Deserialize)]
struct Saved<'a> {
    /// As it is written: ids of a database are often numbers, and longer than any that a program holds.
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    url: Option<String>,
    html: Option<String>,
    content_type: Option<String>,
    fetched_at: Option<String>,
}

/// What stands before the next line's end.
enum Next {
    Line,
    TooLong,
    End,
}

impl Lines {
    pub(super) fn new(source: Source, name: String) -> Self {
        Self { source, name, number: 0, line: Vec::new(), ended: false }
    }

    /// Reads the next line into `self.line`. Of a line over the limit nothing is held.
    fn advance(&mut self) -> io::Result<Next> {
        self.line.clear();
        self.line.shrink_to(KEPT);
        let mut begun = false;
        let mut too_long = false;
        loop {
            let bytes = self.source.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            begun = true;
            let end = memchr::memchr(b'\n', bytes);
            let part = &bytes[..end.unwrap_or(bytes.len())];
            too_long |= self.line.len() + part.len() > RECORD_BYTES;
            if too_long {
                self.line = Vec::new();
            } else {
                self.line.extend_from_slice(part);
            }
            let taken = part.len() + usize::from(end.is_some());
            self.source.consume(taken);
            if end.is_some() {
                break;
            }
        }
        Ok(match (begun, too_long) {
            (false, _) => Next::End,
            (true, true) => Next::TooLong,
            (true, false) => Next::Line,
        })
    }

    fn place(&self) -> String {
        format!("{}:{}", self.name, self.number)
    }
}

impl Iterator for Lines {
    type Item = Result<SavedPage, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.number += 1;
            let damage = match self.advance() {
                Ok(Next::End) => return None,
                Ok(Next::TooLong) => Damage::TooLong(RECORD_BYTES),
                Err(error) => {
                    self.ended = true;
                    error.into()
                }
                Ok(Next::Line) => {
                    let line = self.line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.line).trim_ascii();
                    if line.is_empty() {
                        continue;
                    }
                    match page(line) {
                        Ok((id, page)) => {
                            return Some(Ok(SavedPage { id, page, place: self.place() }));
                        }
                        Err(damage) => damage,
                    }
                }
            };
            return Some(Err(Fault { place: self.place(), damage }));
        }
        None
    }
}

fn page(line: &[u8]) -> Result<(Option<String>, Page), Damage> {
    // serde would also take a list for the keys in their order.
    if !line.starts_with(b"{") {
        return Err(Damage::Line { column: 1, why: "it does not begin with {".to_owned() });
    }
    let saved: Saved<'_> = serde_json::from_slice(line).map_err(|error| {
        let why = error.to_string();
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_owned();
        Damage::Line { column: error.column(), why }
    })?;
    let id = saved.id.map(|id| read_id(id.get(), line)).transpose()?;
    let labels = [("id", id.as_ref()), ("url", saved.url.as_ref())];
    if let Some((name, _)) = labels.iter().find(|(_, label)| label.is_some_and(|label| label.len() > LABEL_BYTES)) {
        return Err(Damage::LongLabel(name));
    }
    let html = saved.html.ok_or(Damage::NoHtml)?;
    if html.len() > limits::BODY_BYTES {
        return Err(Damage::TooLong(limits::BODY_BYTES));
    }
    let page = Page {
        url: saved.url.filter(|url| !url.is_empty()),
        content_type: saved.content_type,
        // A time in another spelling is a time we do not know, and no reason to lose the page.
        fetched_at: saved.fetched_at.and_then(|at| at.parse().ok()),
        body: Body::Text(html),
        ..Page::default()
    };
    Ok((id, page))
}

/// A string says its id; a number is one as it is written.
fn read_id(raw: &str, line: &[u8]) -> Result<String, Damage> {
    match raw.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => Ok(raw.to_owned()),
        _ => serde_json::from_str(raw).map_err(|_| {
            let column = raw.as_ptr().addr() - line.as_ptr().addr() + 1;
            Damage::Line { column, why: "`id` is a string or a number".to_owned() }
        }),
    }
}
