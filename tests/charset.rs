//! Does every page come in as the text that its writer meant, whatever its bytes and its declarations say?

use std::borrow::Cow;

use baotinh::page::{Body, Page};
use encoding_rs::{Encoding, GBK, SHIFT_JIS, WINDOWS_1252, WINDOWS_1258};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const SENTENCE: &str = "Sáng nay, đoàn công tác của tỉnh đã kiểm tra tiến độ thi công cây cầu mới và yêu cầu các đơn vị hoàn thành \
    trước mùa mưa, để người dân hai bờ đi lại thuận tiện.";
const FRENCH: &str = "Le pont a été ouvert hier à l'entrée du village ; les élèves, très gais, ont traversé la rivière.";

/// The sentence as Windows wrote it on Vietnamese keyboards: tones as marks of their own.
fn in_windows_1258(text: &str) -> Vec<u8> {
    const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    let letters: String = text
        .chars()
        .flat_map(|c| {
            let parts: Vec<char> = std::iter::once(c).nfd().collect();
            let (tone, base): (Vec<char>, Vec<char>) = parts.into_iter().partition(|part| TONES.contains(part));
            base.into_iter().nfc().chain(tone).collect::<Vec<_>>()
        })
        .collect();
    let (bytes, _, unmapped) = WINDOWS_1258.encode(&letters);
    assert!(!unmapped);
    bytes.into_owned()
}

fn page(bytes: &[u8], content_type: Option<&str>) -> Page {
    Page { body: Body::Bytes(bytes.to_vec()), content_type: content_type.map(str::to_owned), ..Page::default() }
}

/// A page whose head declares something.
fn html(head: &str, text: &[u8]) -> Vec<u8> {
    [b"<html><head>", head.as_bytes(), b"</head><body><p>", text, b"</p></body></html>"].concat()
}

#[track_caller]
fn reads(bytes: &[u8], content_type: Option<&str>, charset: &str, holds: &str) {
    let page = page(bytes, content_type);
    let text = page.text();
    assert_eq!(text.charset, charset);
    assert!(text.string.contains(holds), "{}", text.string);
    assert!(!text.lossy);
}

#[test]
fn a_byte_order_mark_is_believed_first_and_taken_off() {
    let bytes = ["\u{feff}", SENTENCE].concat().into_bytes();
    let page_of_bytes = page(&bytes, Some("text/html; charset=windows-1258"));
    assert_eq!((page_of_bytes.text().string.as_ref(), page_of_bytes.text().charset), (SENTENCE, "UTF-8"));
    let units: Vec<u16> = std::iter::once(0xFEFF).chain(SENTENCE.encode_utf16()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for (bytes, charset) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
        let page = page(&bytes, Some("text/html; charset=utf-8"));
        assert_eq!((page.text().string.as_ref(), page.text().charset), (SENTENCE, charset));
    }
}

#[test]
fn the_header_is_believed_before_the_meta_and_the_meta_before_the_xml_declaration() {
    let meta = "<meta charset=shift_jis>";
    let bytes = html(meta, &in_windows_1258(SENTENCE));
    reads(&bytes, Some("text/html; charset=windows-1258"), "windows-1258", SENTENCE);

    let (japanese, ..) = SHIFT_JIS.encode("今朝、新しい橋が開通しました。");
    let declared = [b"<?xml version='1.0' encoding='gbk'?>".as_slice(), &html(meta, &japanese)].concat();
    reads(&declared, None, "Shift_JIS", "今朝、新しい橋が開通しました。");

    let (chinese, ..) = GBK.encode("今天上午,新的大桥正式通车。");
    let declared = [b"<?xml version='1.0' encoding='gbk'?>".as_slice(), &html("", &chinese)].concat();
    reads(&declared, None, "GBK", "今天上午,新的大桥正式通车。");
}

#[test]
fn windows_1258_is_composed() {
    let bytes = html("<meta http-equiv=Content-Type content='text/html; charset=windows-1258'>", &in_windows_1258(SENTENCE));
    reads(&bytes, None, "windows-1258", SENTENCE);
}

#[test]
fn utf_8_is_read_as_utf_8_whatever_is_declared() {
    for declared in ["windows-1258", "iso-8859-1", "shift_jis", "utf-16", "tcvn3", "x-viet-vni", "nonsense"] {
        let bytes = html(&format!("<meta charset={declared}>"), SENTENCE.as_bytes());
        reads(&bytes, Some(&format!("text/html; charset={declared}")), "UTF-8", SENTENCE);
    }
}

#[test]
fn a_short_text_of_two_byte_characters_is_read_as_declared_though_utf_8_would_allow_it() {
    // D1 A7 D0 A3: two characters of GBK, or two Cyrillic ones of UTF-8.
    let (bytes, ..) = GBK.encode("学校");
    assert!(str::from_utf8(&bytes).is_ok());
    reads(&bytes, Some("text/html; charset=gbk"), "GBK", "学校");
}

#[test]
fn a_page_that_is_not_the_utf_8_it_declares_is_read_by_its_meta_or_by_a_guess() {
    let bytes = in_windows_1258(SENTENCE);
    reads(&html("<meta charset=windows-1258>", &bytes), Some("text/html; charset=utf-8"), "windows-1258", SENTENCE);
    reads(&html("<meta charset=utf-8>", &bytes), Some("text/html; charset=utf-8"), "windows-1258", SENTENCE);
    reads(&html("", &bytes), None, "windows-1258", SENTENCE);
    // What the server says of every page.
    reads(&html("", &bytes), Some("text/html; charset=iso-8859-1"), "windows-1258", SENTENCE);
}

#[test]
fn a_few_broken_sequences_do_not_unmake_utf_8() {
    let bytes = html("", &[SENTENCE.as_bytes(), b" \xE1\xBB", b" \xFF "].concat());
    for content_type in [None, Some("text/html; charset=utf-8"), Some("text/html; charset=iso-8859-1")] {
        let page = page(&bytes, content_type);
        let text = page.text();
        assert_eq!((text.charset, text.lossy), ("UTF-8", true));
        assert!(text.string.contains(&format!("{SENTENCE} \u{FFFD} \u{FFFD} ")));
    }
}

#[test]
fn nothing_declared_and_no_utf_8_is_guessed() {
    let (french, ..) = WINDOWS_1252.encode(FRENCH);
    reads(&french, None, "windows-1252", FRENCH);
    reads(b"<p>plain</p>", None, "UTF-8", "plain");
    reads(b"", None, "UTF-8", "");
    // The first 16 kB of ASCII are not what is guessed from.
    let late = [" <p>".repeat(8000).as_bytes(), &in_windows_1258(SENTENCE)].concat();
    reads(&late, None, "windows-1258", SENTENCE);
}

#[test]
fn the_top_level_domain_tips_a_guess() {
    let (bytes, ..) = WINDOWS_1258.encode("Đ\u{1A1}n v\u{1B0}\u{1A1}n");
    let guess = |url: &str| Page { url: Some(url.to_owned()), ..page(&bytes, None) }.text().charset;
    assert_eq!(guess("https://bao.example.vn/tin.html"), "windows-1258");
    assert_eq!(guess("https://BAO.EXAMPLE.VN./tin.html"), "windows-1258");
    for odd in ["https://192.0.2.1/", "https://[::1]/", "file:///tin.html", "tin.html", "https://x.xn--p1ai/", ""] {
        assert_ne!(guess(odd), "UTF-8", "{odd}");
    }
}

#[test]
fn tcvn3_is_read_where_it_is_declared_or_certain() {
    let heading = b"S\xACn La qua nh\xF7ng trang b\xB8o, t\xB9p ch\xDD Trung \xAD\xACng";
    let meaning = "Sơn La qua những trang báo, tạp chí Trung ương";
    for head in ["<meta charset=x-viet-tcvn5712>", "<meta charset=x-user-defined>", "<meta charset=iso-8859-1>", "<meta charset=utf-8>", ""]
    {
        reads(&html(head, heading), None, "TCVN3", meaning);
    }
    // The capitals of VN1 where the charset is declared; the quotes of windows-1252 where it is not.
    reads(b"\x92a \x91ch \x80", Some("text/html; charset=tcvn-5712"), "TCVN3", "Òa Ịch À");
    reads(&html("<style>p{font-family:.VnTime}</style>", b"\x93b\xB8o\x94 t\xB9p ch\xDD"), None, "TCVN3", "“báo” tạp chí");
}

#[test]
fn vni_is_read_where_it_is_declared_or_certain() {
    let (heading, ..) = WINDOWS_1252.encode("Thoâng tin tö lieäu Bình Thuaän – Thö Vieän tænh");
    let meaning = "Thông tin tư liệu Bình Thuận – Thư Viện tỉnh";
    for head in ["<meta charset=x-viet-vni>", "<meta charset=windows-1252>", ""] {
        reads(&html(head, &heading), None, "VNI", meaning);
    }
    // The same letters after a careless program has made UTF-8 of them.
    reads(&html("<meta charset=utf-8>", "Thoâng tin tö lieäu Bình Thuaän – Thö Vieän tænh".as_bytes()), None, "VNI", meaning);
}

#[test]
fn utf_8_and_decoded_text_are_not_copied() {
    let bytes = page(html("", SENTENCE.as_bytes()).as_slice(), None);
    assert!(matches!(bytes.text().string, Cow::Borrowed(_)));
    for text in [SENTENCE, FRENCH, "plain", ""] {
        let page = Page { body: Body::Text(text.to_owned()), ..Page::default() };
        assert!(matches!(page.text().string, Cow::Borrowed(same) if same == text));
    }
}

#[test]
fn nul_bytes_are_dropped() {
    let bytes = page(b"\0H\xC3\xA0\0 N\xE1\xBB\x99i\0", None);
    assert_eq!(bytes.text().string, "Hà Nội");
    let text = Page { body: Body::Text("Hà\0 Nội".to_owned()), ..Page::default() };
    assert_eq!(text.text().string, "Hà Nội");
}

proptest! {
    #[test]
    fn any_bytes_give_a_text(bytes: Vec<u8>, content_type in "(text/html; ?charset=)?\\PC{0,12}", url in "\\PC{0,12}|https?://[a-z.]{0,12}[A-Z]?") {
        let page = Page { url: Some(url), ..page(&bytes, Some(&content_type)) };
        prop_assert!(!page.text().string.contains('\0'));
    }

    #[test]
    fn any_markup_gives_a_text(parts in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "<!--", "-->", "<meta", " charset", "=", "utf-8", "utf-16", "x-viet-vni", "tcvn3", "gbk", "windows-1258", "'", "\"", "/",
        " http-equiv=content-type", " content=", "<?xml", " encoding", "<script", "</script", "<style>", "é", "ö", "\u{FEFF}", "\0", "ơ",
    ]), 0..24), label in prop::sample::select(vec!["utf-8", "windows-1252", "gbk", "utf-16be", "tcvn3"])) {
        let source = parts.concat();
        let (bytes, ..) = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252).encode(&source);
        for content_type in [None, Some(label)] {
            let header = content_type.map(|label| format!("text/html; charset={label}"));
            prop_assert!(!page(&bytes, header.as_deref()).text().string.contains('\0'));
        }
    }
}
