//! Does this paragraph begin with a paper's mark (`LCĐT - `, `(CTO) - `, `(NTO) `), and what is left without it?
//!
//! A mark is 2 to 8 capitals, "Báo" and a province, or a domain, in or out of brackets, then a dash with or without spaces, then a
//! capital, a digit or a quotation mark. A line that gives place and time ("Hà Nội, ngày 5/3 -") is text. Source of the shapes: the
//! marks that the provincial papers print.

use std::sync::LazyLock;

use regex::Regex;

/// Marks of national papers and agencies, which provincial papers print when they take over a piece.
const NATIONAL: [&str; 34] = [
    "Chinhphu.vn",
    "ĐTCK",
    "PLO",
    "PLVN",
    "Mặt trận",
    "TPO",
    "TT",
    "TTO",
    "VOV.VN",
    "VOV",
    "VTV.vn",
    "VTV",
    "VTC News",
    "BNEWS",
    "PLM",
    "TNO",
    "Dân Trí",
    "Dân trí",
    "Biên phòng",
    "Kinhtedothi",
    "TCCSĐT",
    "SGGP",
    "SGGPO",
    "NLĐ",
    "NLĐO",
    "TTXVN",
    "VNA",
    "VNS",
    "VNS/VNA",
    "PORTAL",
    "VOVWORLD",
    "Vietnam+",
    "HNMO",
    "QĐND",
];

/// A mark taken off the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked<'t> {
    /// As printed, brackets included, dash left out.
    pub mark: &'t str,
    /// What follows the mark and its dash.
    pub rest: &'t str,
}

/// Abbreviations that begin sentences and headings, and are nobody's mark.
const NO_MARKS: [&str; 44] = [
    "UBND", "HĐND", "MTTQ", "UBMTTQ", "HTX", "THPT", "THCS", "CLB", "LĐLĐ", "BHXH", "BHYT", "BHTN", "WHO", "EVN", "FDI", "ODA", "GDP",
    "GRDP", "ASEAN", "OCOP", "CSGT", "PCCC", "KHCN", "CNTT", "NTM", "TP", "TS", "GS", "PGS", "BS", "KTS", "TNHH", "QH", "CP", "WTO",
    "NATO", "ISO", "UNESCO", "ASIAD", "HTV", "AI", "COVID", "HIV", "KT",
];

/// In brackets: `(CTO) - `, `(Báo Quảng Ngãi)- `, `(NTO) `.
static BRACKETED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?<mark>[(\[](?<inner>[^()\[\]]{2,28})[)\]])\s*(?<dash>[-–—:.]?)\s*").expect("a sound pattern"));

/// Out of brackets: `LCĐT - `, `BTO-The`, `VOV.Xơ Đăng - `.
static BARE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?<mark>\p{L}[\p{L}.+/]{0,24}(?: \p{L}[\p{L}.]{0,12}){0,4}?)\s*[-–—]\s*").expect("a sound pattern"));

/// A place and an agency: `Da Nang (VNA) – `.
static AGENCY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?<mark>\p{Lu}[\p{L}. ]{1,30} \((?:VNA|VNS|VNS/VNA|TTXVN|Vietnam\+)\))\s*[-–—]\s*").expect("a sound pattern")
});

/// Takes a mark off the beginning of `text`; `own` are the marks of the paper itself, without brackets and dash.
#[must_use]
pub fn split<'t>(text: &'t str, own: &[String]) -> Option<Marked<'t>> {
    let text = text.trim_start();
    bracketed(text, own).or_else(|| bare(text, own)).or_else(|| agency(text)).filter(|m| begins_a_sentence(m.rest))
}

/// Takes a mark off the end, where some papers print it as the last word (`BTNO`).
#[must_use]
pub fn split_end<'t>(text: &'t str, own: &[String]) -> Option<(&'t str, &'t str)> {
    let text = text.trim_end();
    let at = text.rfind(char::is_whitespace)?;
    let last = text[at..].trim();
    let bare = last.trim_matches(['(', ')', '[', ']', '.']);
    let known = own.iter().any(|m| m == bare) && bare.chars().count() > 2;
    let head = text[..at].trim_end();
    (known && head.ends_with(['.', '!', '?', '…', '"', '”', ')'])).then_some((head, last))
}

/// Is the whole of `text` one of the marks, with or without brackets and dash?
#[must_use]
pub fn is_mark(text: &str, own: &[String]) -> bool {
    let bare = text.trim().trim_end_matches(['-', '–', '—', ' ']).trim_matches(['(', ')', '[', ']']);
    known(bare, own)
}

fn bracketed<'t>(text: &'t str, own: &[String]) -> Option<Marked<'t>> {
    if !text.starts_with(['(', '[']) {
        return None;
    }
    let found = BRACKETED.captures(text)?;
    let inner = found.name("inner")?.as_str().trim();
    let dashed = !found.name("dash")?.as_str().is_empty();
    let fits = known(inner, own) || (dashed && (capitals(inner, 2, 8) || is_paper(inner) || is_domain(inner))) || online(inner);
    fits.then(|| Marked { mark: found.name("mark").expect("the group always takes part").as_str(), rest: &text[found[0].len()..] })
}

fn bare<'t>(text: &'t str, own: &[String]) -> Option<Marked<'t>> {
    // A mark holds no dash, so it stands before the first: most texts show there, without a pattern, that they have none.
    let head = head(text);
    let mark = &head[..head.find(['-', '–', '—'])?];
    let fits = |word: &str| {
        known(word, own)
            || (capitals(word, 2, 6) && !NO_MARKS.contains(&word))
            || online(word)
            || is_domain(word)
            || (is_paper(word) && word.split(' ').count() > 1)
            || word.strip_prefix("VOV.").is_some_and(|w| !w.is_empty())
    };
    if !fits(mark.trim_end()) {
        return None;
    }
    let found = BARE.captures(text)?;
    let mark = found.name("mark")?;
    fits(mark.as_str()).then(|| Marked { mark: mark.as_str(), rest: &text[found[0].len()..] })
}

/// Further than this, in bytes, no mark and its dash reach.
const FURTHEST: usize = 400;

/// The part of a text that could be a mark and its dash.
fn head(text: &str) -> &str {
    let end = (0..=FURTHEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

fn agency(text: &str) -> Option<Marked<'_>> {
    if !head(text).contains(" (V") && !head(text).contains(" (T") {
        return None;
    }
    let found = AGENCY.captures(text)?;
    let mark = found.name("mark")?;
    Some(Marked { mark: mark.as_str(), rest: &text[found[0].len()..] })
}

fn known(word: &str, own: &[String]) -> bool {
    own.iter().any(|m| m == word) || NATIONAL.contains(&word)
}

fn capitals(word: &str, least: usize, most: usize) -> bool {
    let count = word.chars().count();
    (least..=most).contains(&count) && word.chars().all(char::is_uppercase)
}

/// `QTO`, `LCĐT`, `BRTV`: capitals that end as the marks of online editions do; or `LĐ online`.
fn online(word: &str) -> bool {
    let endings = ["O", "ĐT", "TV"];
    (capitals(word, 3, 5) && endings.iter().any(|e| word.ends_with(e)) && !NO_MARKS.contains(&word))
        || word.strip_suffix(" online").or_else(|| word.strip_suffix(" Online")).is_some_and(|w| capitals(w, 1, 6))
}

/// "Báo Quảng Ngãi", "Báo và phát thanh, truyền hình …".
fn is_paper(word: &str) -> bool {
    word.strip_prefix("Báo ").is_some_and(|name| name.chars().next().is_some_and(char::is_uppercase))
}

fn is_domain(word: &str) -> bool {
    let mut parts = word.split('.');
    let name = parts.next().unwrap_or_default();
    let ends: Vec<&str> = parts.collect();
    name.len() > 2
        && name.is_ascii()
        && !ends.is_empty()
        && ends.last().is_some_and(|e| ["vn", "com", "net", "org"].iter().any(|known| e.eq_ignore_ascii_case(known)))
}

fn begins_a_sentence(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '”' | '\'' | '‘' | '«' | '(' | '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<String> {
        ["YBĐT", "BHG", "BTN", "BTNO", "HNM"].map(String::from).to_vec()
    }

    #[test]
    fn every_spacing_of_a_mark_is_taken_off() {
        let rows = [
            ("LCĐT - Chiều 23/12, hội nghị họp.", "LCĐT", "Chiều 23/12, hội nghị họp."),
            ("Laocaitv.vn - Sáng nay", "Laocaitv.vn", "Sáng nay"),
            ("YBĐT - Ngày", "YBĐT", "Ngày"),
            ("BHG - Ngày", "BHG", "Ngày"),
            ("(LSO) - Mỗi", "(LSO)", "Mỗi"),
            ("LSO-Mỗi", "LSO", "Mỗi"),
            ("(HBĐT) - Tối", "(HBĐT)", "Tối"),
            ("(BGĐT)- Tối", "(BGĐT)", "Tối"),
            ("(HNM) - Tối", "(HNM)", "Tối"),
            ("(Baothanhhoa.vn) - Tối", "(Baothanhhoa.vn)", "Tối"),
            ("(Baonghean.vn) -Trước", "(Baonghean.vn)", "Trước"),
            ("(QBĐT) – Trước", "(QBĐT)", "Trước"),
            ("QTO - Trước", "QTO", "Trước"),
            ("(Báo Quảng Ngãi)- Trước", "(Báo Quảng Ngãi)", "Trước"),
            ("(LĐ online) - Trước", "(LĐ online)", "Trước"),
            ("BTO-The road", "BTO", "The road"),
            ("BTO -Vietnamese", "BTO", "Vietnamese"),
            ("(NTO) Sáng", "(NTO)", "Sáng"),
            ("(BDO) 14 giờ", "(BDO)", "14 giờ"),
            ("(BTN) - Sáng", "(BTN)", "Sáng"),
            ("(BTNO)- Sáng", "(BTNO)", "Sáng"),
            ("(CMO) “Tôi", "(CMO)", "“Tôi"),
            ("(Chinhphu.vn) - Tháng", "(Chinhphu.vn)", "Tháng"),
            ("Kinhtedothi – Tháng", "Kinhtedothi", "Tháng"),
            ("Kinhtedothi- Tháng", "Kinhtedothi", "Tháng"),
            ("VOV.VN - Tháng", "VOV.VN", "Tháng"),
            ("VOV.Xơ Đăng - Tháng", "VOV.Xơ Đăng", "Tháng"),
            ("(VTC News) - Sau", "(VTC News)", "Sau"),
            ("(Mặt trận) -Sau", "(Mặt trận)", "Sau"),
            ("(Dân Trí)- Sau", "(Dân Trí)", "Sau"),
            ("Da Nang (VNA) – The", "Da Nang (VNA)", "The"),
            ("(VNS/VNA) - The", "(VNS/VNA)", "The"),
            ("TPO - Sau", "TPO", "Sau"),
            ("TT - Sau", "TT", "Sau"),
            ("BBK - Đầu bản", "BBK", "Đầu bản"),
        ];
        for (text, mark, rest) in rows {
            assert_eq!(split(text, &own()), Some(Marked { mark, rest }), "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_mark_and_is_text_stays() {
        for text in [
            "Hà Nội, ngày 5/3 - Hội nghị",
            "UBND - HĐND tỉnh họp",
            "Covid-19 - Nỗi lo",
            "WTO - Tổ chức",
            "(Ảnh) - Cầu",
            "Anh Dũng - người",
            "TP. Cần Thơ - Sáng nay",
            "Điểm 10 - Niềm vui",
            "Hà Nội - Huế",
            "BTO là mark",
            "(xem trang 4) - Bài",
        ] {
            assert_eq!(split(text, &own()), None, "{text}");
        }
    }

    #[test]
    fn a_mark_as_the_last_word_is_taken_off() {
        assert_eq!(split_end("Mọi người ra về. BTNO", &own()), Some(("Mọi người ra về.", "BTNO")));
        assert_eq!(split_end("Theo báo BTNO", &own()), None);
        assert_eq!(split_end("Ông đến từ XYZO", &own()), None);
    }
}
