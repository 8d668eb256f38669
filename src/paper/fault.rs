//! What is wrong with selectors.toml, where, and what would be right?

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters.
    pub column: usize,
    /// What is wrong. Words of the file stand in it with their control characters escaped.
    pub what: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)?;
        match &self.hint {
            Some(hint) => write!(f, " — {hint}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with one file, in the order of its lines; never empty.
///
/// Displayed one fault a line: `selectors.toml:12:8: unknown key "tittle" in families.epi.take — did you mean "title"?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    file: String,
    faults: Vec<Fault>,
}

impl Faults {
    /// The file's name as it was given to the reader, control characters escaped.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The faults, sorted by place.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.faults.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{fault}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// What is wrong with a piece of the file, before it is known where that stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub what: String,
    pub hint: String,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

/// A piece of the file as it stands in a message: whole when it is short.
pub(super) struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 100;
        match self.0.char_indices().nth(LONGEST) {
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
            None => f.write_str(self.0),
        }
    }
}

/// The text with everything escaped that could steer a terminal or that nobody sees.
fn escaped(text: String) -> String {
    let is_hidden = |c: char| c.is_control() || is_invisible(c);
    if !text.contains(is_hidden) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hidden(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Zero-width marks and those that turn the direction of writing: seen by nobody, and often the fault itself.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The faults found so far.
pub(super) struct Findings<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    found: Vec<(Weight, Fault)>,
    /// The lines that are no TOML.
    broken: BTreeSet<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The text is no TOML here.
    Syntax,
    /// Something that stands there is wrong.
    Present,
    /// Something is missing.
    Absent,
}

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { text, line_starts, found: Vec::new(), broken: BTreeSet::new() }
    }

    /// The text is no TOML at this byte. A line is told once: what follows in it mostly comes of the first.
    pub(super) fn syntax(&mut self, at: usize, what: impl Into<String>, hint: impl Into<Option<String>>) {
        if self.broken.insert(self.line(at)) {
            self.push(Weight::Syntax, at, what.into(), hint.into());
        }
    }

    /// What stands at this byte is wrong.
    pub(super) fn wrong(&mut self, at: usize, what: impl Into<String>, hint: impl Into<Option<String>>) {
        self.push(Weight::Present, at, what.into(), hint.into());
    }

    /// What belongs to the thing at this byte is nowhere in the file.
    pub(super) fn missing(&mut self, at: usize, what: impl Into<String>, hint: impl Into<Option<String>>) {
        self.push(Weight::Absent, at, what.into(), hint.into());
    }

    /// The line of this byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= at)
    }

    /// What stands in the file there.
    pub(super) fn words(&self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }

    /// Nothing, or every fault in its order.
    ///
    /// After a line that is no TOML the parser guesses how the table goes on, up to the next `[header]`; what it made of those lines is
    /// not held against the writer, nor is anything missing that it may only not have reached.
    pub(super) fn into_result(mut self, file: &str) -> Result<(), Faults> {
        let mut found = std::mem::take(&mut self.found);
        let headers = if self.broken.is_empty() { Vec::new() } else { self.headers() };
        let is_guess = |line: usize| {
            let header = headers[..headers.partition_point(|&header| header <= line)].last();
            self.broken.range(..=line).next_back().is_some_and(|broken| header.is_none_or(|header| header <= broken))
        };
        found.retain(|(weight, fault)| match weight {
            Weight::Syntax => true,
            Weight::Present => !is_guess(fault.line),
            Weight::Absent => self.broken.is_empty(),
        });
        if found.is_empty() {
            return Ok(());
        }
        let mut faults: Vec<Fault> = found.into_iter().map(|(_, fault)| fault).collect();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        Err(Faults { file: escaped(file.to_owned()), faults })
    }

    /// The lines on which a `[header]` begins.
    fn headers(&self) -> Vec<usize> {
        let is_header = |start: &usize| self.text[*start..].trim_start_matches([' ', '\t']).starts_with('[');
        let numbered = self.line_starts.iter().zip(1..);
        numbered.filter(|(start, _)| is_header(start)).map(|(_, line)| line).collect()
    }

    fn push(&mut self, weight: Weight, at: usize, what: String, hint: Option<String>) {
        let line = self.line(at);
        let before = self.text.get(self.line_starts[line - 1]..at).unwrap_or_default();
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        let (what, hint) = (escaped(what), hint.map(escaped));
        self.found.push((weight, Fault { line, column, what, hint }));
    }
}
