//! Does text come in right, and is it written the same way however often it passes the door?

use baotinh::charset::{decode, decoded};
use baotinh::fingerprint::{content_hash, simhash};
use baotinh::vietnamese::text::{fold, language_of, looks_vietnamese, printable, strip_marks, tidy, tidy_into};
use baotinh::vietnamese::{byline, dateline, legacy, phrases};
use unicode_normalization::is_nfc;

/// Bytes in, Unicode out. The first line is the `Content-Type`.
pub fn charset(data: &[u8]) {
    let (header, body) = super::first_line(data);
    let header = std::str::from_utf8(header).ok();
    let text = decode(body, header, Some("vn"));
    assert_eq!(text, decode(body, header, Some("vn")), "two readings of the same bytes differ");
    assert!(!text.string.contains('\0'), "a NUL came through");
    assert!(text.string.len() <= 3 * body.len() + 3, "{} bytes of text from {}", text.string.len(), body.len());
    let sound = std::str::from_utf8(body).ok().filter(|_| text.charset == "UTF-8");
    if let Some(sound) = sound {
        assert!(!text.lossy, "sound UTF-8 was damaged");
        assert_eq!(text.string, sound.strip_prefix('\u{feff}').unwrap_or(sound).replace('\0', ""));
    }
    // Of other charsets no legacy text is thought while their bytes are read, but it may be of their letters.
    if ["UTF-8", "windows-1252"].contains(&text.charset) {
        assert_eq!(decoded(&text.string).charset, "UTF-8", "text that was none is restored when it is read again");
    }
}

/// What no text of a record may hold.
pub fn assert_tidy(text: &str, what: &str) {
    assert!(is_nfc(text), "{what} is not NFC: {text:?}");
    assert_eq!(tidy(text, false), text, "{what} is not tidy");
}

/// The door for text, the keys for comparison, and what a terminal may see.
pub fn text(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    for vietnamese in [false, true] {
        let tidied = tidy(&raw, vietnamese);
        assert_tidy(&tidied, "what tidy wrote");
        assert_eq!(tidy(&tidied, vietnamese), tidied, "tidy is not idempotent");
        assert!(!tidied.chars().any(char::is_control), "a control character came through: {tidied:?}");
        let mut behind = "trước|".to_owned();
        tidy_into(&mut behind, &raw, vietnamese);
        assert_eq!(behind.strip_prefix("trước|"), Some(tidied.as_str()), "tidy_into is another than tidy");
        assert_eq!(fold(&tidied), fold(&raw), "tidy and raw text have other keys");
    }
    let folded = fold(&raw);
    assert!(is_nfc(&folded), "a key that is not NFC: {folded:?}");
    assert_eq!(fold(&folded), folded, "fold is not idempotent");
    let bare = strip_marks(&raw);
    assert_eq!(strip_marks(&bare), bare, "strip_marks is not idempotent");
    assert_eq!(strip_marks(&folded), bare, "strip_marks of the key is another");
    let (icelandic, vietnamese) = (tidy(&raw, false), tidy(&raw, true));
    assert_eq!(content_hash(&icelandic, ""), content_hash(&vietnamese, ""), "the two letters Đ make two articles");
    assert_eq!(simhash(&icelandic), simhash(&vietnamese), "the two letters Đ make two articles");
    let shown = printable(&raw).to_string();
    assert!(!shown.chars().any(char::is_control), "a terminal is steered: {shown:?}");
    assert_eq!(printable(&shown).to_string(), shown, "what is printable is escaped again");
}

/// What Vietnamese lines are: marks, bylines, credits, sources, furniture, languages, legacy charsets.
pub fn vietnamese(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    if let Some(restored) = legacy::restore(&raw) {
        assert!(legacy::restore(&restored).is_none(), "what was restored is restored again: {restored:?}");
    }
    let line = tidy(&raw, true);
    let own = ["BTN".to_owned(), "Báo Mẫu".to_owned()];
    if let Some(marked) = dateline::split(&line, &own) {
        assert!(line.starts_with(marked.mark) && line.ends_with(marked.rest), "{marked:?} is no part of {line:?}");
        assert!(!marked.mark.is_empty() && marked.mark.len() + marked.rest.len() <= line.len());
    }
    if let Some((before, mark)) = dateline::split_end(&line, &own) {
        assert!(line.starts_with(before) && !mark.is_empty() && line.contains(mark), "{mark:?} is no part of {line:?}");
    }
    let (caption, credit) = byline::caption_and_credit(&line);
    for part in [&caption, &credit].into_iter().flatten() {
        assert_tidy(part, "a caption or its credit");
    }
    assert_eq!(byline::is_credit(&line), caption.is_none() && credit.is_some());
    let named = [byline::signed(&line), byline::names(&line), byline::names_and_source(&line).map(|(names, _)| names)];
    for name in named.into_iter().flatten().flatten().chain(byline::authors(&line)) {
        assert!(!name.is_empty(), "a name of nothing");
        assert_tidy(&name, "a name");
    }
    for (head, name) in byline::glued(&line).into_iter().chain(byline::bracketed(&line)) {
        assert!(line.starts_with(head) && !name.is_empty(), "{name:?} behind {head:?} is no part of {line:?}");
    }
    if let Some(source) = byline::source(&line) {
        assert!(!source.is_empty() && line.contains(&source), "{source:?} is no part of {line:?}");
    }
    let key = fold(&line);
    let _ = (phrases::heads_furniture(&key, &[]), phrases::is_furniture(&key, &own), phrases::points_elsewhere(&line, &key));
    let language = language_of(&line);
    assert!(language != Some("vi") || looks_vietnamese(&line), "Vietnamese that does not look it");
}
