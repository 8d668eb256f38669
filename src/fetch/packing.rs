//! What is in a body as it came, and is it whole?
//!
//! reqwest undoes brotli and zstd while they come and takes their header away. gzip is undone here: reqwest reads the first of several
//! members alone and calls it the whole, and knows neither `GZip` nor `x-gzip`.

use std::io::{ErrorKind, Read as _};

use flate2::bufread::GzDecoder;
use reqwest::header::{self, HeaderMap};

use super::failure::plain;
use super::{Bound, Failure};

/// What we say that we can undo.
pub(super) const ACCEPTED: &str = "gzip, br, zstd";

/// How a body is packed, as far as that is left to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packing {
    /// Not at all.
    Plain,
    Gzip,
    /// A word that names no compression known to us. Often it is a slip (`utf-8`, `none`) and the body is plain.
    Strange(String),
}

impl Packing {
    /// As the headers say it (RFC 9110 §8.4).
    ///
    /// # Errors
    ///
    /// When it is packed several times, or in a way that was not asked for.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let said: Vec<String> = headers
            .get_all(header::CONTENT_ENCODING)
            .iter()
            .flat_map(|value| {
                String::from_utf8_lossy(value.as_bytes()).split(',').map(|word| word.trim().to_ascii_lowercase()).collect::<Vec<_>>()
            })
            .filter(|word| !matches!(word.as_str(), "" | "identity"))
            .collect();
        let compressed = ["gzip", "deflate", "compress", "br", "zstd", "dcb", "dcz", "bzip2", "lzma", "xz"];
        let is_compression = |word: &String| compressed.contains(&word.trim_start_matches("x-"));
        match said.as_slice() {
            [] => Ok(Self::Plain),
            [one] if matches!(one.as_str(), "gzip" | "x-gzip") => Ok(Self::Gzip),
            words if words.iter().any(is_compression) => Err(Failure::BadEncoding(plain(&said.join(", ")))),
            words => Ok(Self::Strange(plain(&words.join(", ")))),
        }
    }

    /// How large the body is without it, in bytes, as far as the body says so: gzip ends with its size (RFC 1952 §2.3.1).
    pub(super) fn size(&self, body: &[u8]) -> usize {
        match (self, body.last_chunk()) {
            (Self::Gzip, Some(end)) => usize::try_from(u32::from_le_bytes(*end)).unwrap_or(usize::MAX),
            _ => body.len(),
        }
    }

    /// The body without it.
    ///
    /// # Errors
    ///
    /// When it is broken, ends too early, or is larger than `bound` says.
    pub(super) fn undo(self, body: Vec<u8>, bound: Bound) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Gzip if !body.is_empty() => gunzip(&body, bound),
            Self::Strange(word) if matches!(bound, Bound::Whole(_)) && !is_markup(&body) => Err(Failure::BadEncoding(word)),
            _ => Ok(body),
        }
    }
}

/// All members of a gzip stream. What follows a whole one and is none is passed over, as browsers do.
fn gunzip(packed: &[u8], bound: Bound) -> Result<Vec<u8>, Failure> {
    const MARK: [u8; 2] = [0x1f, 0x8b];
    let (Bound::Whole(most) | Bound::First(most)) = bound;
    let mut body = Vec::new();
    let mut rest = packed;
    loop {
        let room = (most - body.len()) as u64 + 1;
        let read = GzDecoder::new(&mut rest).take(room).read_to_end(&mut body);
        match (bound, read) {
            // Only what we cut off ourselves is a beginning; what is broken or ends too early is neither a beginning nor a whole.
            (Bound::First(_), read) if body.len() >= most || (read.is_err() && packed.len() >= most) => {
                body.truncate(most);
                return Ok(body);
            }
            _ if body.len() > most => return Err(Failure::TooLarge(most)),
            (_, Err(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(Failure::CutShort("its gzip stream has no end".to_owned()));
            }
            (_, Err(error)) => return Err(Failure::BadEncoding(plain(&error.to_string()))),
            (_, Ok(_)) if rest.is_empty() || !MARK.starts_with(&rest[..rest.len().min(2)]) => return Ok(body),
            (_, Ok(_)) => {}
        }
    }
}

/// Whether it begins as a page or a feed does.
fn is_markup(body: &[u8]) -> bool {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start().first().is_none_or(|first| *first == b'<')
}

/// Whether an HTML page breaks off before its end. Asked where nothing else could tell: an answer of HTTP/1 with neither length nor
/// chunks ends where its connection ends, however that came about. All pages of the papers close what `<html>` opens.
pub(super) fn breaks_off(body: &[u8]) -> bool {
    let has = |tag: &[u8], within: &[u8]| within.windows(tag.len()).any(|window| window.eq_ignore_ascii_case(tag));
    has(b"<html", &body[..body.len().min(4096)]) && !has(b"</html", body) && !has(b"</body", body)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use reqwest::header::HeaderValue;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).and_then(|()| gzip.finish()).expect("memory takes it")
    }

    #[test]
    fn a_packing_is_what_the_headers_say() {
        let of = |said: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in said {
                headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            Packing::of(&headers)
        };
        let strange = |word: &str| Ok(Packing::Strange(word.to_owned()));
        let bad = |words: &str| Err(Failure::BadEncoding(words.to_owned()));
        let rows: [(&[&str], Result<Packing, Failure>); 10] = [
            (&[], Ok(Packing::Plain)),
            (&["identity"], Ok(Packing::Plain)),
            (&["GZip"], Ok(Packing::Gzip)),
            (&["x-gzip"], Ok(Packing::Gzip)),
            (&["identity, gzip"], Ok(Packing::Gzip)),
            (&["utf-8"], strange("utf-8")),
            (&["gzip, gzip"], bad("gzip, gzip")),
            (&["gzip", "gzip"], bad("gzip, gzip")),
            (&["Deflate"], bad("deflate")),
            (&["aes128gcm"], strange("aes128gcm")),
        ];
        for (said, packing) in rows {
            assert_eq!(of(said), packing, "{said:?}");
        }
    }

    #[test]
    fn a_gzip_is_read_to_its_end_and_no_further() {
        let (one, two) = (gzip(b"<p>xin"), gzip(b" ch\xc3\xa0o"));
        let undo = |packed: &[u8], bound| Packing::Gzip.undo(packed.to_vec(), bound);
        let whole = Bound::Whole(100);
        assert_eq!(undo(&[one.clone(), two.clone()].concat(), whole).as_deref(), Ok("<p>xin chào".as_bytes()));
        assert_eq!(undo(&[one.clone(), vec![0; 9]].concat(), whole).as_deref(), Ok("<p>xin".as_bytes()));
        assert_eq!(undo(b"", whole).as_deref(), Ok(b"".as_slice()));
        assert_eq!(undo(&one, Bound::Whole(5)), Err(Failure::TooLarge(5)));
        assert_eq!(undo(&one, Bound::First(5)).as_deref(), Ok(b"<p>xi".as_slice()));
        assert_eq!(undo(b"Disallow: /", Bound::First(100)).expect_err("it is not packed").name(), "bad_encoding");
        for cut in 1..one.len() {
            assert_eq!(undo(&one[..cut], Bound::First(100)).expect_err("a part").name(), "cut_short", "{cut}");
            assert_eq!(undo(&one[..cut], whole).expect_err("a part").name(), "cut_short", "{cut}");
            assert_eq!(undo(&[&one, &two[..cut.min(two.len() - 1)]].concat(), whole).expect_err("a part").name(), "cut_short", "{cut}");
        }
    }

    #[test]
    fn a_page_breaks_off_when_what_it_opened_is_not_closed() {
        for (body, breaks) in [
            ("<!doctype html><HTML><body><p>một", true),
            ("<html><p>một</HTML>", false),
            ("<html><body><p>một</body >", false),
            ("<p>một", false),
            ("User-agent: *", false),
            ("", false),
        ] {
            assert_eq!(breaks_off(body.as_bytes()), breaks, "{body}");
        }
    }
}
