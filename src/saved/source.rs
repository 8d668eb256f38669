//! Which bytes does a file hold, once it is unpacked?

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// How a gzip member begins (RFC 1952, 2.3.1): the magic bytes and *deflate*, the one method there is.
pub(super) const GZIP: &[u8] = &[0x1f, 0x8b, 8];

/// How many bytes are read from the disk at once.
const BUFFER: usize = 64 << 10;

/// The unpacked bytes of a file.
pub(super) enum Source {
    Plain(Ahead<Box<dyn Read + Send>>),
    Gzip(Ahead<Members>),
}

impl Source {
    /// Unpacks when the first bytes say gzip.
    pub(super) fn new(from: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut bytes = Ahead::new(from);
        let packed = bytes.peek(GZIP.len())?.starts_with(GZIP);
        Ok(if packed { Self::Gzip(Ahead::new(Members::Between(bytes))) } else { Self::Plain(bytes) })
    }

    /// The next `count` bytes without taking them; fewer only at the end. At most 64 kB.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        match self {
            Self::Plain(bytes) => bytes.peek(count),
            Self::Gzip(bytes) => bytes.peek(count),
        }
    }

    /// After damage: goes on where the next gzip member begins. `false` when there is none.
    pub(super) fn mend(&mut self) -> io::Result<bool> {
        match self {
            Self::Plain(_) => Ok(false),
            Self::Gzip(bytes) => {
                bytes.forget();
                bytes.from.mend()
            }
        }
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(bytes) => bytes.read(into),
            Self::Gzip(bytes) => bytes.read(into),
        }
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(bytes) => bytes.fill_buf(),
            Self::Gzip(bytes) => bytes.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        match self {
            Self::Plain(bytes) => bytes.consume(count),
            Self::Gzip(bytes) => bytes.consume(count),
        }
    }
}

/// A buffered reader that can look ahead by a number of bytes, also where a pipe hands out fewer at a time.
pub(super) struct Ahead<R> {
    from: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
}

impl<R: Read> Ahead<R> {
    fn new(from: R) -> Self {
        Self { from, buffer: vec![0; BUFFER].into_boxed_slice(), start: 0, end: 0 }
    }

    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        let count = count.min(BUFFER);
        if self.start + count > BUFFER {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        while self.end - self.start < count && self.more()? {}
        Ok(&self.buffer[self.start..self.end.min(self.start + count)])
    }

    /// Reads once behind what is there; `false` at the end.
    fn more(&mut self) -> io::Result<bool> {
        loop {
            match self.from.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn forget(&mut self) {
        self.start = 0;
        self.end = 0;
    }
}

impl<R: Read> Read for Ahead<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Ahead<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.forget();
            self.more()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
    }
}

/// Gzip members one after another, as an archive has one for each record. A damaged one can be left behind, which
/// `MultiGzDecoder` does not do.
pub(super) enum Members {
    Between(Ahead<Box<dyn Read + Send>>),
    Within(GzDecoder<Ahead<Box<dyn Read + Send>>>),
    /// Only while one of the others is made from the other.
    Nowhere,
}

impl Members {
    /// Leaves the member that is open and looks for the next; `false` when there is none.
    fn mend(&mut self) -> io::Result<bool> {
        let mut bytes = match std::mem::replace(self, Self::Nowhere) {
            Self::Between(bytes) => bytes,
            Self::Within(member) => member.into_inner(),
            Self::Nowhere => return Ok(false),
        };
        let found = loop {
            let window = bytes.peek(BUFFER)?;
            if let Some(at) = window.windows(GZIP.len()).position(|bytes| bytes == GZIP) {
                bytes.consume(at);
                break true;
            }
            if window.len() < BUFFER {
                let rest = window.len();
                bytes.consume(rest);
                break false;
            }
            // The last bytes may be the first of a member's mark.
            bytes.consume(BUFFER - GZIP.len() + 1);
        };
        *self = Self::Between(bytes);
        Ok(found)
    }
}

impl Read for Members {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(self, Self::Nowhere) {
                Self::Within(mut member) => {
                    let read = member.read(into);
                    let ended = matches!(read, Ok(0)) && !into.is_empty();
                    *self = if ended { Self::Between(member.into_inner()) } else { Self::Within(member) };
                    if !ended {
                        return read;
                    }
                }
                Self::Between(mut bytes) => {
                    let next = bytes.peek(GZIP.len())?;
                    let (ended, gzip) = (next.is_empty(), next == GZIP);
                    *self = if gzip { Self::Within(GzDecoder::new(bytes)) } else { Self::Between(bytes) };
                    if ended {
                        return Ok(0);
                    }
                    if !gzip {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are not gzip follow"));
                    }
                }
                Self::Nowhere => return Ok(0),
            }
        }
    }
}
