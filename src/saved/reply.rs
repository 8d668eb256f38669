//! What did a server answer, byte by byte, before anybody undid its transfer and content encodings?

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::source;
use crate::limits;

/// An HTTP answer as it went over the wire (RFC 9112).
pub(super) struct Reply {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Why an answer cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Garbled {
    /// It does not begin with `HTTP/…` and a status.
    #[error("it is not an HTTP answer")]
    Head,
    /// A chunk is shorter than it says, or says nonsense.
    #[error("its chunks end too soon")]
    Chunks,
    /// It is packed in a way that nobody undoes here.
    #[error("content encoding {0:?} is not known here (gzip and deflate are)")]
    Encoding(String),
    /// It is packed, and the packing is broken.
    #[error("its {0} packing is broken: {1}")]
    Packing(&'static str, #[source] io::Error),
    /// Unpacked, it would be longer than [`limits::BODY_BYTES`].
    #[error("unpacked it is longer than {} MiB", limits::BODY_BYTES >> 20)]
    TooLong,
}

impl Reply {
    /// Splits head and body. The body stays packed until [`Reply::body`].
    pub(super) fn parse(mut block: Vec<u8>) -> Result<Self, Garbled> {
        let (head, body) = head_end(&block).ok_or(Garbled::Head)?;
        let text = String::from_utf8_lossy(&block[..head]);
        let mut lines = text.lines();
        let status = lines.next().and_then(status).ok_or(Garbled::Head)?;
        let headers = headers(lines);
        block.drain(..body);
        Ok(Self { status, headers, body: block })
    }

    /// The value of a header, its first when it comes twice.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        value(&self.headers, name)
    }

    /// The body with its transfer and content encodings undone.
    ///
    /// Some archives keep the headers of an encoding and store the body without it; a body that is not packed stays as it is.
    pub(super) fn body(mut self) -> Result<Vec<u8>, Garbled> {
        let mut body = std::mem::take(&mut self.body);
        if self.header("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked")) {
            body = unchunked(body)?;
        }
        if let Some(codings) = self.header("content-encoding") {
            for coding in codings.rsplit(',') {
                body = unpacked(coding.trim(), body)?;
            }
        }
        Ok(body)
    }
}

/// Header lines, their names as sent; a line without a colon is passed over.
pub(super) fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// The first value of a header, whatever the case of its name.
pub(super) fn value<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The longest head of an answer, in bytes.
const HEAD: usize = 256 << 10;

/// Where the head ends and where the body begins; old servers end lines without a carriage return.
fn head_end(block: &[u8]) -> Option<(usize, usize)> {
    (0..block.len().min(HEAD)).filter(|&at| block[at] == b'\n').find_map(|at| match block[at + 1..] {
        [b'\r', b'\n', ..] => Some((at, at + 3)),
        [b'\n', ..] => Some((at, at + 2)),
        _ => None,
    })
}

fn status(line: &str) -> Option<u16> {
    let (version, rest) = line.split_once(' ')?;
    let status = rest.split_whitespace().next()?.parse().ok()?;
    (version.starts_with("HTTP/") && (100..1000).contains(&status)).then_some(status)
}

/// RFC 9112, 7.1. A body that does not begin with a chunk's size was stored without its chunks.
fn unchunked(body: Vec<u8>) -> Result<Vec<u8>, Garbled> {
    let mut plain = Vec::with_capacity(body.len());
    let mut rest = body.as_slice();
    loop {
        let size = chunk_size(rest);
        let Some((size, start)) = size else {
            return if plain.is_empty() { Ok(body) } else { Err(Garbled::Chunks) };
        };
        if size == 0 {
            return Ok(plain);
        }
        let end = start.checked_add(size).filter(|&end| end <= rest.len()).ok_or(Garbled::Chunks)?;
        plain.extend_from_slice(&rest[start..end]);
        rest = &rest[end..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

/// The size that a chunk's first line gives, and where its bytes begin.
fn chunk_size(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = bytes.iter().take(1024).position(|&byte| byte == b'\n')?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?;
    let digits = line.split(';').next()?.trim();
    Some((usize::from_str_radix(digits, 16).ok()?, end + 1))
}

/// Undoes one content encoding (RFC 9110, 8.4.1), never into more than [`limits::BODY_BYTES`].
pub(super) fn unpacked(coding: &str, body: Vec<u8>) -> Result<Vec<u8>, Garbled> {
    let zlib = matches!(body[..], [first, second, ..] if first & 15 == 8 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0);
    match coding.to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" if !body.starts_with(source::GZIP) => Ok(body),
        "gzip" | "x-gzip" => read_all("gzip", MultiGzDecoder::new(body.as_slice())),
        // Said to be zlib and often sent without its head; a page that begins with `<` was stored unpacked.
        "deflate" if zlib => read_all("deflate", ZlibDecoder::new(body.as_slice())),
        "deflate" if body.trim_ascii_start().starts_with(b"<") => Ok(body),
        "deflate" => read_all("deflate", DeflateDecoder::new(body.as_slice())),
        _ if body.trim_ascii_start().starts_with(b"<") => Ok(body),
        other => Err(Garbled::Encoding(other.to_owned())),
    }
}

fn read_all(name: &'static str, packed: impl Read) -> Result<Vec<u8>, Garbled> {
    let mut plain = Vec::new();
    packed.take(limits::BODY_BYTES as u64 + 1).read_to_end(&mut plain).map_err(|error| Garbled::Packing(name, error))?;
    if plain.len() > limits::BODY_BYTES { Err(Garbled::TooLong) } else { Ok(plain) }
}
