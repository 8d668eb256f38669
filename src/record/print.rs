//! In which forms can records be read, and what stands between two of them?

use std::fmt::Write as _;
use std::io::{self, Write};
use std::str::FromStr;

use super::Record;

/// A form in which records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One object a line.
    #[default]
    Jsonl,
    /// One array of indented objects; `[]` when there are none.
    Json,
    /// Title, blank line, text. Between two articles stands a line of dashes.
    Text,
    /// The title as a heading, the lead bold, the pictures at the end. Between two articles stands a rule (`---`).
    Markdown,
}

impl Format {
    /// Every form, the usual one first.
    pub const ALL: [Self; 4] = [Self::Jsonl, Self::Json, Self::Text, Self::Markdown];

    /// The word that chooses it on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Text => "text",
            Self::Markdown => "markdown",
        }
    }

    /// A record in this form, without what stands around and between records: that is the [`Sheet`]'s part.
    ///
    /// # Panics
    ///
    /// Never: a record holds nothing that JSON cannot.
    #[must_use]
    pub fn render(self, record: &Record<'_>) -> String {
        match self {
            Self::Jsonl => record.line(),
            Self::Json => {
                let json = serde_json::to_string_pretty(record).expect("strings, numbers and lists are always JSON");
                super::escaped(json)
            }
            Self::Text => harmless(&format!("{}\n\n{}", record.title, record.text)),
            Self::Markdown => harmless(&markdown(record)),
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// A word that names no [`Format`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no format: give jsonl, json, text or markdown")]
pub struct UnknownFormat(String);

/// What rendered records are put on, one after another: it knows what stands before, between and after them.
#[derive(Debug)]
pub struct Sheet<W> {
    paper: W,
    format: Format,
    empty: bool,
}

impl<W: Write> Sheet<W> {
    /// An empty sheet. Nothing is written yet.
    pub fn new(paper: W, format: Format) -> Self {
        Self { paper, format, empty: true }
    }

    /// Puts one record down, as [`Format::render`] gave it.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn put(&mut self, rendered: &str) -> io::Result<()> {
        let before = match (self.format, self.empty) {
            (Format::Jsonl, _) | (Format::Text | Format::Markdown, true) => "",
            (Format::Json, true) => "[\n",
            (Format::Json, false) => ",\n",
            (Format::Text, false) => "\n----------------------------------------\n\n",
            (Format::Markdown, false) => "\n---\n\n",
        };
        self.empty = false;
        let after = if self.format == Format::Json { "" } else { "\n" };
        for part in [before, rendered, after] {
            self.paper.write_all(part.as_bytes())?;
        }
        Ok(())
    }

    /// Hands on to the reader what has been put down so far.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn flush(&mut self) -> io::Result<()> {
        self.paper.flush()
    }

    /// Writes what stands after the last record, flushes, and gives the writer back.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn finish(mut self) -> io::Result<W> {
        if self.format == Format::Json {
            let end: &[u8] = if self.empty { b"[]\n" } else { b"\n]\n" };
            self.paper.write_all(end)?;
        }
        self.paper.flush()?;
        Ok(self.paper)
    }
}

/// A text that a terminal shows and does not obey: no control character but the line's end and the tab.
fn harmless(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() && letter != '\n' && letter != '\t', "\u{fffd}")
}

fn markdown(record: &Record<'_>) -> String {
    let mut out = format!("# {}", inline(&record.title.replace('\n', " ")));
    let (lead, body) = match record.lead.as_deref() {
        Some(lead) => match record.text.strip_prefix(lead) {
            Some(body) if body.is_empty() || body.starts_with('\n') => (Some(lead), body),
            _ => (None, record.text.as_ref()),
        },
        None => (None, record.text.as_ref()),
    };
    if let Some(lead) = lead {
        let _ = write!(out, "\n\n**{}**", inline(&lead.replace('\n', " ")));
    }
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        out.push_str("\n\n");
        out.push_str(&block(line.trim()));
    }
    for image in &record.images {
        let caption = inline(&image.caption.as_deref().unwrap_or_default().replace('\n', " "));
        let _ = write!(out, "\n\n![{caption}]({})", destination(&image.url));
        if let Some(credit) = image.credit.as_deref() {
            let _ = write!(out, "\n*{}*", inline(&credit.replace('\n', " ")));
        }
    }
    out
}

/// A printed line whose letters Markdown does not take for marks of its own (`CommonMark` 0.31, 2.4: a backslash before them).
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    for letter in line.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// [`inline`], and nothing at its beginning makes the line a heading, a list item or a rule.
fn block(line: &str) -> String {
    let number = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[number..];
    let mut out = inline(line);
    if number > 0 && rest.starts_with(['.', ')']) {
        out.insert(number, '\\');
    } else if line.starts_with(['#', '+', '-', '=', '~', '|']) {
        out.insert(0, '\\');
    }
    out
}

/// An address in which no letter ends a link.
fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for letter in url.chars() {
        match letter {
            '(' | ')' | '<' | '>' | ' ' | '\\' => {
                let _ = write!(out, "%{:02X}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out
}
