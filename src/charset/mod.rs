//! What do these bytes say? Finds the charset of a page and reads it as Unicode.
//!
//! Trusted in this order: a byte order mark, a NUL in nearly every pair of bytes (UTF-16), the `Content-Type` header, a `<meta>`, an XML declaration, and the bytes themselves. A
//! declaration that the bytes contradict is passed over, since editors and servers declare what their template says. Nothing here panics
//! or takes more than linear time, whatever the bytes are.

mod declared;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};
use memchr::memchr;
use unicode_normalization::UnicodeNormalization;

use crate::vietnamese::legacy::{self, Legacy};
use declared::Charset;

/// A page as Unicode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text: no byte order mark, no NUL. Borrowed where the page was UTF-8. Not tidied: see [`tidy`](crate::vietnamese::text::tidy).
    pub string: Cow<'a, str>,
    /// What it was written in, as the WHATWG names it (`UTF-8`, `windows-1258`), or `TCVN3` or `VNI`.
    pub charset: &'static str,
    /// Whether bytes that are nothing in that charset were replaced by U+FFFD.
    pub lossy: bool,
}

/// Reads a body. `content_type` is the header as sent. `tld` is the last label of the host's name in lower case (`vn`): it tips a guess,
/// no more.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, tld: Option<&str>) -> Text<'a> {
    let (bom, bytes) = split_bom(bytes);
    let survey = Survey::of(bytes);
    let fits = |charset: &Charset| survey.allows(*charset, bytes);
    let declared = bom
        .map(Charset::Standard)
        .filter(|charset| *charset != Charset::Standard(UTF_8) || fits(charset))
        .or_else(|| wide(bytes).filter(|_| survey.nul).map(Charset::Standard))
        .or_else(|| content_type.and_then(declared::in_header).filter(fits))
        .or_else(|| declared::in_meta(bytes).filter(fits))
        .or_else(|| declared::in_xml(bytes).filter(fits));
    match declared {
        Some(Charset::Standard(encoding)) => restored(read(encoding, bytes)),
        Some(Charset::Legacy(legacy)) => read_legacy(legacy, bytes),
        None if survey.mostly_utf8() => restored(read(UTF_8, bytes)),
        None => guessed(bytes, tld),
    }
}

/// Text that somebody decoded before. It is copied only where it holds NULs or is certainly legacy Vietnamese.
#[must_use]
pub fn decoded(text: &str) -> Text<'_> {
    restored(Text { string: without_nul(Cow::Borrowed(text)), charset: UTF_8.name(), lossy: false })
}

fn split_bom(bytes: &[u8]) -> (Option<&'static Encoding>, &[u8]) {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (Some(encoding), &bytes[length..]),
        None => (None, bytes),
    }
}

/// How much of a page shows that its markup is written in pairs of bytes.
const PAIRED: usize = 512;

/// UTF-16 without its mark: markup is ASCII, so nearly every pair of bytes has a NUL, and always on the same side.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes[..bytes.len().min(PAIRED)].as_chunks::<2>().0;
    let nuls = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    match (nuls(0), nuls(1)) {
        (0, low) if low > 0 && low * 4 >= pairs.len() * 3 => Some(UTF_16LE),
        (high, 0) if high > 0 && high * 4 >= pairs.len() * 3 => Some(UTF_16BE),
        _ => None,
    }
}

/// What the bytes are if they are taken for UTF-8.
#[derive(Debug, Default)]
struct Survey {
    /// Whole sequences of more than one byte.
    sequences: usize,
    /// Places where no sequence is whole.
    broken: usize,
    /// Whether there is a NUL.
    nul: bool,
}

impl Survey {
    fn of(bytes: &[u8]) -> Self {
        let mut survey = Self { nul: bytes.contains(&0), ..Self::default() };
        for chunk in bytes.utf8_chunks() {
            survey.sequences += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
            survey.broken += usize::from(!chunk.invalid().is_empty());
        }
        survey
    }

    /// Text cut between two bytes breaks a sequence here and there; another charset breaks nearly all.
    fn mostly_utf8(&self) -> bool {
        8 * self.broken <= self.sequences
    }

    /// Could the bytes be in this charset, or do they contradict it?
    fn allows(&self, charset: Charset, bytes: &[u8]) -> bool {
        let surely_utf8 = self.sequences > 0 && self.mostly_utf8();
        match charset {
            Charset::Standard(encoding) if encoding == UTF_8 => self.mostly_utf8(),
            Charset::Standard(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => self.nul || self.broken > 0,
            // Two bytes of GBK can be a sequence of UTF-8: the declaration stands while all of them mean something.
            Charset::Standard(encoding) if !encoding.is_single_byte() => {
                !surely_utf8 || encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
            }
            Charset::Standard(_) | Charset::Legacy(_) => !surely_utf8,
        }
    }
}

fn read<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Text<'a> {
    let (string, lossy) = encoding.decode_without_bom_handling(bytes);
    let string = without_nul(string);
    // windows-1258 has letters and marks apart.
    let string = if encoding == WINDOWS_1258 { Cow::Owned(string.nfc().collect()) } else { string };
    Text { string, charset: encoding.name(), lossy }
}

/// VN1 fills the codes where windows-1252 has its quotes and dashes; VNI leaves them to it.
fn read_legacy(legacy: Legacy, bytes: &[u8]) -> Text<'static> {
    let reading = match legacy {
        Legacy::Tcvn3 => encoding_rs::mem::decode_latin1(bytes),
        Legacy::Vni | Legacy::Windows1258 => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    Text { string: Cow::Owned(legacy.decode(&without_nul(reading))), charset: legacy.name(), lossy: false }
}

/// How much of a page the detector is fed, in bytes; only pieces that hold more than ASCII count.
const DETECTED: usize = 16 * 1024;

/// Neither declared nor UTF-8: legacy Vietnamese if that is certain, else what Firefox's detector finds likely.
fn guessed<'a>(bytes: &'a [u8], tld: Option<&str>) -> Text<'a> {
    let text = restored(read(WINDOWS_1252, bytes));
    if text.charset != WINDOWS_1252.name() {
        return text;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut left = DETECTED;
    // `<` is never part of a character in a charset of several bytes, so no piece cuts one, but for the last.
    for piece in bytes.split_inclusive(|b| *b == b'<').filter(|piece| !piece.is_ascii()) {
        let piece = &piece[..piece.len().min(left)];
        detector.feed(piece, false);
        left -= piece.len();
        if left == 0 {
            break;
        }
    }
    // The detector panics on what is no lower-case label.
    let tld = tld.filter(|label| label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
    let guess = detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow);
    if guess == WINDOWS_1252 { text } else { read(guess, bytes) }
}

/// Font-bound Vietnamese is declared as windows-1252, as UTF-8, or not at all: it is restored where that is certain.
fn restored(text: Text<'_>) -> Text<'_> {
    if text.charset != UTF_8.name() && text.charset != WINDOWS_1252.name() {
        return text;
    }
    match legacy::restore_page(&text.string) {
        Some((legacy, string)) => Text { string: Cow::Owned(string), charset: legacy.name(), lossy: text.lossy },
        None => text,
    }
}

fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(0, text.as_bytes()).is_some() { Cow::Owned(text.replace('\0', "")) } else { text }
}
