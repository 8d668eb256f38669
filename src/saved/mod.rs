//! Which pages lie on this disk?
//!
//! Pages are read one at a time: whatever the size of the input, no more than one record is held, and none over [`RECORD_BYTES`]; a
//! page in it over [`limits::BODY_BYTES`] is refused.
//! A damaged record is a [`Fault`] with its place, and the next one is read.

mod lines;
mod reply;
mod source;
mod warc;

use std::fs::{self, File};
use std::io::{self, Read};
use std::iter;
use std::path::{Path, PathBuf};

use crate::limits;
use crate::page::{Body, Page};
use crate::vietnamese::text::printable;
use lines::Lines;
pub use reply::Garbled;
use source::Source;
use warc::Warc;

/// The longest record that is held, in bytes: a line of JSON, whose escapes may double and treble a page, or the block of a WARC record,
/// which may be chunked.
pub const RECORD_BYTES: usize = 3 * limits::BODY_BYTES;

/// The longest id and address of a record, in bytes.
pub const LABEL_BYTES: usize = 4 << 10;

/// A page from a disk.
#[derive(Debug, Clone)]
pub struct SavedPage {
    /// The id that its record had.
    pub id: Option<String>,
    /// The page.
    pub page: Page,
    /// Where it lies, for messages: `pages.jsonl:7` (a line), `crawl.warc.gz#12` (a record, the first is 1), `page.html`.
    pub place: String,
}

/// A file or a record that gave no page.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {damage}")]
pub struct Fault {
    /// Where it lies, as [`SavedPage::place`] says it.
    pub place: String,
    /// What is wrong with it.
    pub damage: Damage,
}

/// What can be wrong with a file or a record.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// There is no such file or folder.
    #[error("no such file or folder")]
    Missing,
    /// The system does not let us read it, or its gzip packing is broken.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is longer than so many bytes: [`limits::BODY_BYTES`] for a page, [`RECORD_BYTES`] for a record.
    #[error("longer than {} MiB: skipped", .0 >> 20)]
    TooLong(usize),
    /// What its name calls an id or an address is longer than [`LABEL_BYTES`].
    #[error("its {0:?} is longer than {LABEL_BYTES} bytes: skipped")]
    LongLabel(&'static str),
    /// A pipe, a device or a socket in a folder: opening it might wait for ever.
    #[error("neither a file nor a folder: skipped; name it itself to read it")]
    NoFile,
    /// A folder in which nothing has the name of a page.
    #[error("no pages in it: their names end in .html, .jsonl or .warc, and may end in .gz behind it")]
    NoPages,
    /// A line that is not a JSON object of the right form.
    #[error("not a record of a page at column {column}: {why}")]
    Line {
        /// The byte of the line, the first is 1; 0 where JSON ended too soon.
        column: usize,
        /// What the JSON reader says.
        why: String,
    },
    /// A record without its page.
    #[error("no \"html\" in it: give {{\"id\": …, \"url\": …, \"html\": …}}")]
    NoHtml,
    /// The input ends in the middle of a record.
    #[error("cut off: {have} of {want} bytes are there")]
    CutOff {
        /// How many bytes of the record's block are there.
        have: u64,
        /// How many its head promises.
        want: u64,
    },
    /// Something in an archive that is not a record.
    #[error("not a WARC record: {0}")]
    Warc(&'static str),
    /// The archive holds only a part of the answer.
    #[error("the archive holds only a part of it ({})", printable(.0))]
    Part(String),
    /// An archived answer that cannot be unpacked.
    #[error("the archived answer cannot be unpacked: {0}")]
    Reply(#[from] Garbled),
}

/// Opens a file of pages, or a folder of such files.
///
/// What a file is, its name says: `.html`, `.htm`, `.xhtml`: one page; `.jsonl`, `.ndjson`: a record
/// `{"id": …, "url": …, "html": …}` a line; `.warc`: an archive. Each may end in `.gz`, and is unpacked if its bytes are gzip,
/// whatever its name. Where the name does not say, its first byte does; a file that begins as none of
/// them is one page, and gives no article. In a folder, files with other names, and names
/// that begin with a dot, are passed over; the order is that of the names, folder by folder.
///
/// # Errors
///
/// When there is no such file or folder, or it may not be read. What comes to light later is an item of the iterator.
pub fn open(path: &Path) -> Result<Pages, Fault> {
    let place = path.display().to_string();
    let fault = |error: io::Error| {
        let damage = if error.kind() == io::ErrorKind::NotFound { Damage::Missing } else { Damage::Unreadable(error) };
        Fault { place: place.clone(), damage }
    };
    if fs::metadata(path).map_err(fault)?.is_dir() {
        let waiting = vec![listing(path).map_err(fault)?.into_iter()];
        return Ok(Pages(Kind::Folder(Folder { waiting, open: None, empty: Some(place) })));
    }
    let file = File::open(path).map_err(fault)?;
    Pages::new(Box::new(file), place.clone(), path).map_err(fault)
}

/// The pages that come in at a pipe, in any of the forms of a file; `name` stands for the file's name in places.
///
/// # Errors
///
/// When the first byte cannot be read.
pub fn pipe(from: Box<dyn Read + Send>, name: &str) -> Result<Pages, Fault> {
    Pages::new(from, name.to_owned(), Path::new("")).map_err(|error| Fault { place: name.to_owned(), damage: error.into() })
}

/// The pages of one file, pipe or folder, in order.
pub struct Pages(Kind);

enum Kind {
    Page(iter::Once<Result<SavedPage, Fault>>),
    Lines(Lines),
    Warc(Warc),
    Folder(Folder),
}

impl Pages {
    fn new(from: Box<dyn Read + Send>, place: String, path: &Path) -> io::Result<Self> {
        let form = Form::of_name(path);
        let mut source = Source::new(from)?;
        let form = match form {
            Some(form) => form,
            None => Form::of_bytes(source.peek(64)?, path.file_name().is_none()),
        };
        Ok(Self(match form {
            Form::Page => Kind::Page(iter::once(page(source, place))),
            Form::Lines => Kind::Lines(Lines::new(source, place)),
            Form::Warc => Kind::Warc(Warc::new(source, place)),
        }))
    }
}

impl Iterator for Pages {
    type Item = Result<SavedPage, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Kind::Page(page) => page.next(),
            Kind::Lines(lines) => lines.next(),
            Kind::Warc(warc) => warc.next(),
            Kind::Folder(folder) => folder.next(),
        }
    }
}

/// What a file holds.
#[derive(Clone, Copy)]
enum Form {
    Page,
    Lines,
    Warc,
}

impl Form {
    fn of_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "html" | "htm" | "xhtml" => Some(Self::Page),
            "jsonl" | "ndjson" => Some(Self::Lines),
            "warc" => Some(Self::Warc),
            _ => None,
        }
    }

    /// An archive begins with its version, a page with `<`, a line of JSON with `{`. Anything else in a pipe is a damaged first line, which
    /// is one fault and not the end; a file of it, such as a picture, is one page that is none, and not a fault a line.
    fn of_bytes(start: &[u8], is_pipe: bool) -> Self {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        match start.first() {
            None | Some(b'{') => Self::Lines,
            _ if start.starts_with(b"WARC/") => Self::Warc,
            Some(first) if is_pipe && *first != b'<' => Self::Lines,
            Some(_) => Self::Page,
        }
    }
}

/// A whole file as one page.
fn page(mut source: Source, place: String) -> Result<SavedPage, Fault> {
    let fault = |damage| Fault { place: place.clone(), damage };
    let mut bytes = Vec::new();
    let limit = limits::BODY_BYTES as u64 + 1;
    source.by_ref().take(limit).read_to_end(&mut bytes).map_err(|error| fault(error.into()))?;
    if bytes.starts_with(source::GZIP) {
        bytes = reply::unpacked("gzip", bytes).map_err(|garbled| fault(garbled.into()))?;
    }
    if bytes.len() > limits::BODY_BYTES {
        return Err(fault(Damage::TooLong(limits::BODY_BYTES)));
    }
    Ok(SavedPage { id: None, page: Page { body: Body::Bytes(bytes), ..Page::default() }, place })
}

/// The files of a folder and of the folders in it.
struct Folder {
    waiting: Vec<std::vec::IntoIter<PathBuf>>,
    open: Option<Box<Pages>>,
    /// Its name, as long as no file of pages has been found.
    empty: Option<String>,
}

impl Iterator for Folder {
    type Item = Result<SavedPage, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(page) = self.open.as_mut().and_then(Iterator::next) {
                return Some(page);
            }
            self.open = None;
            let Some(waiting) = self.waiting.last_mut() else {
                return self.empty.take().map(|place| Err(Fault { place, damage: Damage::NoPages }));
            };
            let Some(path) = waiting.next() else {
                self.waiting.pop();
                continue;
            };
            // A link to a folder is not followed: it may lead back here.
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
            if is_folder {
                match listing(&path) {
                    Ok(names) => self.waiting.push(names.into_iter()),
                    Err(error) => {
                        self.empty = None;
                        return Some(Err(Fault { place: path.display().to_string(), damage: error.into() }));
                    }
                }
            } else if Form::of_name(&path).is_some() && !path.is_dir() {
                self.empty = None;
                if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
                    return Some(Err(Fault { place: path.display().to_string(), damage: Damage::NoFile }));
                }
                match open(&path) {
                    Ok(pages) => self.open = Some(Box::new(pages)),
                    Err(fault) => return Some(Err(fault)),
                }
            }
        }
    }
}

/// What lies in a folder, sorted by name, without what is hidden.
fn listing(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}
