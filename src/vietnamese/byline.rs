//! Who wrote this, who took the picture, and from where was it taken over?

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::text::fold;

/// The longest line that can be a byline, in words.
const LONGEST: usize = 14;

/// Words that stand before names and say what those did.
static DOES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:tin|bài|ảnh|clip|video|nội dung|đồ họa|đồ hoạ|thiết kế|trình bày|infographic|phóng sự|story|text|photos?)(?:\s*(?:[,&+/]|và|-|and)\s*(?:tin|bài|ảnh|clip|video|đồ họa|đồ hoạ|thiết kế|trình bày|photos?))*(?:\s+(?:của|by))?\s*[:：]|(?:người )?(?:thực hiện|viết|tổng hợp|biên tập|tác giả|phóng viên|bài viết của|biên dịch)\s*:|(?:ghi chép|bút ký|bút kí|tùy bút|tuỳ bút|truyện ngắn|truyện ký|truyện|tản văn|tạp văn|tạp bút|ký sự|hồi ký|ký|phóng sự|ghi nhanh|thơ|chùm thơ|trường ca)(?:\s+ảnh|\s+dự thi)?\s*(?:\s+của\b|\s*[:：])|by\s+)\s*",
    )
    .expect("a sound pattern")
});

/// `Truyện ngắn HẢI YẾN`: a genre and, without a word between, a name in capitals.
static GENRE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:Ghi chép|Bút ký|Bút kí|Tùy bút|Tuỳ bút|Truyện ngắn|Tản văn|Tạp văn|Tạp bút|Ký sự|Hồi ký|Ký|Phóng sự|Ghi nhanh|Thơ)(?:\s*[-–])?\s+(?<name>\p{Lu}{2,}(?:\s+\p{Lu}{2,}){1,4})$")
        .expect("a sound pattern")
});

/// What stands after a name and says what it did: `(thực hiện)`, `(tổng hợp)`, `ghi`.
static DID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?:\(\s*(?:thực hiện|tổng hợp|lược ghi|lược thuật|ghi|dịch|biên dịch|lược dịch|sưu tầm|st|t/h|th|ctv|cộng tác viên)\s*\)|\s(?:thực hiện|lược ghi|tổng hợp))\s*$")
        .expect("a sound pattern")
});

/// Where one name ends and the next begins.
static BETWEEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s*[,;&+|•·]\s*|\s+[-–—/]\s*|\s*[–—]\s+|\s*/\s*|\s+(?i:và|and)\s+").expect("a sound pattern"));

/// The credit at the end of a caption, after `Ảnh:`, `Nguồn:`, `Photo:`, in or out of brackets.
static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?<lead>^|[\s(\[.,;\-–—/|:])(?:nguồn ảnh|nguồn|tin, ảnh|bài, ảnh|tin và ảnh|bài và ảnh|ảnh\s*[,&]\s*clip|ảnh\s*[-/]\s*clip|hình ảnh|ảnh chụp|ảnh cắt từ clip|ảnh|hình|clip|photos? by|photos?|photo courtesy|image|credit|source)\s*[:：]\s*(?<name>[^:：]{1,90})$",
    )
    .expect("a sound pattern")
});

/// `(Ảnh tư liệu)`, `(Ảnh CTV)`, `(TTXVN)`: a credit without a colon, in brackets at the end.
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\s*[(\[](?:(?:Ảnh|ảnh|ẢNH|Nguồn|Photo)\s+(?<name>[^()\[\]:]{2,60})|(?<agency>TTXVN|VNA|AFP|Reuters|REUTERS|AP|THX|Xinhua|EPA|Getty Images|Internet))[)\]]\.?$").expect("a sound pattern")
});

/// `. Ảnh MINH HẢI`: a credit without a colon, in capitals or as a name, after the end of a sentence.
static AFTER_STOP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[.!?…)”]\s+|\s[-–—]\s*)(?:Ảnh|ẢNH)\s+(?<name>\p{Lu}[\p{L}.]*(?:\s+\p{Lu}[\p{L}.]*){0,4})\.?$")
        .expect("a sound pattern")
});

/// A line that says from where the piece is: `Theo TTXVN`, `Nguồn: VnExpress`, `(Theo Vietnamplus)`.
static FROM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[(\[]?\s*(?:theo|nguồn tin|nguồn|source|according to)(?<colon>\s*:)?\s+(?<name>[^()\[\]]{2,90}?)\s*[)\]]?\.?$")
        .expect("a sound pattern")
});

/// A caption and whose picture it is: `("Quang cảnh hội nghị.", Some("LK"))` of `Quang cảnh hội nghị. Ảnh: LK`.
///
/// Either may be `None`: a line that is only a credit has no caption.
#[must_use]
pub fn caption_and_credit(line: &str) -> (Option<String>, Option<String>) {
    let line = line.trim();
    let (head, name) = split_credit(line).unwrap_or((line, ""));
    let caption = trim_caption(head, name.is_empty());
    let credit = trim_name(name);
    (Some(caption).filter(|c| c.chars().any(char::is_alphanumeric)), Some(credit).filter(|c| c.chars().any(char::is_alphanumeric)))
}

/// Is `line` nothing but a credit (`Ảnh: MINH HẢI`)?
#[must_use]
pub fn is_credit(line: &str) -> bool {
    matches!(caption_and_credit(line), (None, Some(_)))
}

/// Does `line` end with a credit, as captions do and sentences of a story do not?
#[must_use]
pub fn ends_with_credit(line: &str) -> bool {
    split_credit(line.trim()).is_some()
}

fn split_credit(line: &str) -> Option<(&str, &str)> {
    // Most lines lack the sign without which each pattern finds nothing.
    if let Some(found) = line.contains([':', '：']).then(|| CREDIT.captures(line)).flatten() {
        let name = found.name("name").expect("the group always takes part");
        let lead = found.name("lead").expect("the group always takes part");
        let head = &line[..lead.end()];
        let speaks = fold(head).ends_with("trong");
        if !speaks && is_credit_name(name.as_str()) {
            return Some((head, name.as_str()));
        }
    }
    if let Some(found) = line.trim_end_matches('.').ends_with([')', ']']).then(|| BRACKETED.captures(line)).flatten() {
        let name = found.name("name").or_else(|| found.name("agency"))?;
        let illustration = fold(name.as_str()).starts_with("minh h");
        let head = if illustration { line } else { &line[..found.get(0)?.start()] };
        let adjective = name.as_str().starts_with(char::is_lowercase);
        let opening = line[..name.start()].rfind(['(', '[']).map_or(name.start(), |at| at + 1);
        let name = if adjective { &line[opening..name.end()] } else { name.as_str() };
        return (!illustration).then_some((head, name));
    }
    let found = (line.contains("Ảnh") || line.contains("ẢNH")).then(|| AFTER_STOP.captures(line)).flatten()?;
    let name = found.name("name")?;
    let start = line[..name.start()].trim_end().trim_end_matches(['Ả', 'ả', 'n', 'h', 'N', 'H']).len();
    Some((&line[..start], name.as_str()))
}

/// Short, and no sentence of its own.
fn is_credit_name(name: &str) -> bool {
    let name = name.trim().trim_end_matches([')', ']', '.', ' ']);
    let words = name.split_whitespace().count();
    (1..=12).contains(&words) && !name.contains(". ") && !name.contains(['?', '!'])
}

fn trim_caption(head: &str, whole: bool) -> String {
    let mut caption = head.trim();
    if !whole {
        caption = caption.trim_end_matches(['(', '[', ' ', '-', '–', '—', ',', ';', '/', '|', '\u{a0}', ':']);
    }
    caption.trim().to_owned()
}

/// A name without the bracket and the full stop that close it; the dots of initials stay.
fn trim_name(name: &str) -> String {
    let mut name = name.trim().trim_end_matches([')', ']', ' ', ',', ';', '-', '–']).trim();
    let unbracketed = name.strip_suffix(").").or_else(|| name.strip_suffix("].")).unwrap_or(name);
    name = unbracketed.trim();
    if let Some(bare) = name.strip_suffix('.') {
        let last = bare.rsplit(' ').next().unwrap_or(bare);
        let initials = last.contains('.') || last.chars().count() == 1;
        if !initials {
            name = bare.trim_end_matches(['.', ' ', ')']);
        }
    }
    let open = name.matches('(').count() > name.matches(')').count();
    if open { format!("{name})") } else { name.to_owned() }
}

/// The names on a line that says what they did (`Tin, ảnh: P.Y`) or ends with it (`Nhóm P.V thực hiện`); `None` for any other line.
#[must_use]
pub fn signed(line: &str) -> Option<Vec<String>> {
    let line = unwrap_brackets(line.trim());
    if line.split_whitespace().count() > LONGEST + 4 {
        return None;
    }
    let said = DOES.find(line).map(|found| &line[found.end()..]);
    let names = names_in(said.or_else(|| GENRE.captures(line)?.name("name").map(|name| name.as_str()))?);
    (!names.is_empty() && names.iter().all(|n| is_name(n) || is_desk(n))).then_some(names)
}

/// The names on a line that is nothing else (`Xuân Lượng – Khánh Lộc`, `HỮU PHÚC`, `P.V`); `None` for any other line.
#[must_use]
pub fn names(line: &str) -> Option<Vec<String>> {
    let line = unwrap_brackets(line.trim());
    if line.split_whitespace().count() > LONGEST || line.ends_with(['!', '?', ':', ';', '…']) {
        return None;
    }
    if is_desk(line) {
        return Some(vec![tidy_name(&DID.replace(line, ""))]);
    }
    let names = names_in(line);
    let shaped = !names.is_empty() && names.len() <= 6 && names.iter().all(|n| is_name(n) || is_desk(n));
    shaped.then_some(names)
}

/// All names of a byline text that markup marks as one: takes off what says that they wrote it, splits, and keeps what is there.
#[must_use]
pub fn authors(text: &str) -> Vec<String> {
    let text = unwrap_brackets(text.trim());
    if is_desk(text) {
        return vec![tidy_name(&DID.replace(text, ""))];
    }
    names_in(text).into_iter().filter(|n| n.split(' ').count() <= LONGEST && n.chars().any(char::is_alphabetic)).collect()
}

/// A last sentence that is a name: `… của tỉnh. K.Vân`, `… HỮU PHÚC`; gives the text before it and the name.
#[must_use]
pub fn glued(text: &str) -> Option<(&str, String)> {
    static GLUED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"[.!?…]["”)]?\s*(?<name>(?:\p{Lu}\.\s?){1,3}\p{Lu}?\p{L}*|\p{Lu}{2,}(?:\s+\p{Lu}{2,}){1,3})\.?$"#)
            .expect("a sound pattern")
    });
    let found = GLUED.captures(text.trim_end())?;
    let name = found.name("name")?;
    let spaced_or_dotted = name.as_str().contains('.') || text[..name.start()].ends_with(char::is_whitespace);
    (spaced_or_dotted && is_name(name.as_str()) && !is_place(name.as_str()))
        .then(|| (text[..name.start()].trim_end(), tidy_name(name.as_str())))
}

/// A reporter in brackets at the end of an item of a round-up, or on a line of his own: `… (VĂN PHIN)`; gives the text before it, which
/// may be empty, and the name.
#[must_use]
pub fn bracketed(text: &str) -> Option<(&str, String)> {
    let body = text.trim_end().strip_suffix(')').or_else(|| text.trim_end().strip_suffix(")."))?;
    let open = body.rfind('(')?;
    let name = body[open + 1..].trim();
    let head = body[..open].trim_end();
    let ends_item = head.is_empty() || head.ends_with(['.', '!', '?', '…', '”', '"']);
    if !head.is_empty() && ends_item && is_initials(name) {
        return Some((head, name.to_owned()));
    }
    let capitals = name.chars().all(|c| c.is_uppercase() || c == ' ' || c == '.' || c == '-' || c == '–');
    let words = name.split_whitespace().filter(|w| w.chars().count() > 1).count();
    (capitals && (2..=5).contains(&words) && is_name(name) && !is_place(name) && !is_to_be_continued(name) && ends_item)
        .then(|| (head, tidy_name(name)))
}

/// The agency in brackets at the end of an item of a round-up: `… (TTXVN)`; gives the text before it and the agency.
#[must_use]
pub fn bracketed_source(text: &str) -> Option<(&str, String)> {
    let body = text.trim_end().strip_suffix(')').or_else(|| text.trim_end().strip_suffix(")."))?;
    let open = body.rfind('(')?;
    let head = body[..open].trim_end();
    let name = body[open + 1..].trim();
    let from = if is_agency(name) { Some(name.to_owned()) } else { source(name).filter(|_| fold(name).starts_with("theo ")) };
    from.filter(|_| head.ends_with(['.', '!', '?', '…', '”', '"'])).map(|from| (head, from))
}

/// `K.P`, `P.V.`: initials with their dots.
fn is_initials(name: &str) -> bool {
    let parts: Vec<&str> = name.trim_end_matches('.').split('.').collect();
    (2..=4).contains(&parts.len())
        && parts.iter().all(|p| p.chars().all(char::is_alphabetic) && p.chars().next().is_some_and(char::is_uppercase))
        && parts[..parts.len() - 1].iter().all(|p| p.chars().count() <= 2)
}

/// `(CÒN NỮA)` and the like, which stand in brackets as names do.
fn is_to_be_continued(name: &str) -> bool {
    let folded = fold(name);
    ["còn nữa", "còn tiếp", "tiếp theo", "xem tiếp", "hết"].iter().any(|p| folded.starts_with(p))
}

/// Does `line` sign for words and not for pictures alone (`Bài, ảnh: HẢI YẾN`)?
#[must_use]
pub fn signs_words(line: &str) -> bool {
    let folded = fold(line);
    ["tin", "bài"].iter().any(|w| folded.starts_with(w)) && signed(line).is_some()
}

/// The paper or agency that a line names (`Theo TTXVN`, `Nguồn Tiền Phong: http://…`); `None` for any other line.
#[must_use]
pub fn source(line: &str) -> Option<String> {
    let line = line.trim();
    if line.split_whitespace().count() > LONGEST {
        return None;
    }
    let bare = unwrap_brackets(line);
    if is_agency(bare) {
        return Some(bare.trim_end_matches('.').to_owned());
    }
    let found = FROM.captures(line)?;
    let name = found.name("name")?.as_str();
    let name = name.split("http").next().unwrap_or(name).trim().trim_end_matches([':', '-', ' ', ',', '.', '/']);
    let first = name.chars().next()?;
    let words = name.split_whitespace().count();
    let ends_as_name = name.rsplit(' ').next().is_some_and(|last| last.starts_with(char::is_uppercase));
    if ends_as_name && PORTAL.is_match(name) && !name.contains(", ") {
        return Some(name.to_owned());
    }
    let is_sentence =
        name.contains(", ") && words > 5 || words > 8 || (found.name("colon").is_none() && !first.is_uppercase() && !name.contains('.'));
    (!is_sentence && !line.trim_end_matches(')').ends_with(',') && capital_share(name) > 0.4).then(|| name.to_owned())
}

/// A byline and the source behind it on one line: `Lò Mai (Theo Reuters)`; `None` for any other line.
#[must_use]
pub fn names_and_source(line: &str) -> Option<(Vec<String>, String)> {
    let open = line.rfind('(')?;
    let from = source(line[open..].trim())?;
    Some((names(line[..open].trim())?, from))
}

/// The portal of an authority, whose name is mostly small letters.
static PORTAL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(?i:cổng|trang) (?i:thông tin|tt(?:đt)?)\b").expect("a sound pattern"));

/// Agencies that stand alone as a source.
fn is_agency(line: &str) -> bool {
    matches!(
        line.trim_end_matches('.'),
        "TTXVN" | "TTXVN/Vietnam+" | "Vietnam+" | "VNA" | "Vietnamplus" | "VietnamPlus" | "AFP" | "Reuters" | "TTXVN/Báo Tin tức"
    )
}

/// The share of words that begin with a capital or a digit.
fn capital_share(name: &str) -> f64 {
    let (mut all, mut high) = (0_u32, 0_u32);
    for word in name.split_whitespace() {
        all += 1;
        high += u32::from(word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric()) || word.contains('.'));
    }
    if all == 0 { 0.0 } else { f64::from(high) / f64::from(all) }
}

fn names_in(text: &str) -> Vec<String> {
    let text = DOES.replace(text.trim().trim_end_matches(['-', '–', ' ']), "");
    let mut seen = HashSet::new();
    let names = BETWEEN.split(&text).map(|part| {
        let part = DOES.replace(part.trim(), "");
        tidy_name(&DID.replace(&part, ""))
    });
    names.filter(|name| name.chars().any(char::is_alphabetic) && seen.insert(fold(name))).collect()
}

fn tidy_name(name: &str) -> String {
    let name = name.trim().trim_matches(['(', ')', '[', ']', '"', '“', '”', '*', ' ', ':']);
    let bare = name.strip_suffix('.').filter(|b| !b.rsplit(' ').next().unwrap_or(b).contains('.') && b.chars().count() > 1);
    bare.unwrap_or(name).trim().to_owned()
}

fn unwrap_brackets(line: &str) -> &str {
    line.strip_prefix('(').and_then(|l| l.strip_suffix(')')).filter(|l| !l.contains(['(', ')'])).map_or(line, str::trim)
}

/// One to six words, each with a capital first, or initials; no digits.
fn is_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=6).contains(&words.len())
        && name.chars().count() >= 2
        && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '’' | '-'))
        && words.iter().all(|w| w.chars().next().is_some_and(char::is_uppercase))
        && !name.trim_end_matches('.').ends_with(char::is_whitespace)
        && (!name.ends_with('.') || words.last().is_some_and(|w| w.matches('.').count() > 1 || w.chars().count() <= 2))
}

/// A desk instead of a person: `NHÓM PHÓNG VIÊN - CTV`, `Ban Biên tập Báo …`, `Nhóm P.V`.
fn is_desk(line: &str) -> bool {
    let folded = fold(line);
    let begins = [
        "ban biên tập",
        "ban thời sự",
        "nhóm p.v",
        "nhóm pv",
        "nhóm phóng viên",
        "p.v",
        "pv",
        "phóng viên",
        "ctv",
        "tổ phóng viên",
        "tòa soạn",
        "btv",
    ];
    begins.iter().any(|b| folded == *b || folded.starts_with(&format!("{b} ")))
        && folded.split(' ').count() <= LONGEST
        && !folded.ends_with('.')
}

/// Capitals that are a place and no reporter.
fn is_place(name: &str) -> bool {
    let folded = fold(name);
    ["tp ", "tp.", "hồ chí minh", "hà nội", "việt nam", "đà nẵng", "cần thơ", "hải phòng", "trung quốc", "hoa kỳ"]
        .iter()
        .any(|p| folded.starts_with(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(line: &str) -> (Option<String>, Option<String>) {
        caption_and_credit(line)
    }

    #[test]
    fn countless_names_are_told_apart_in_one_pass() {
        let line = (0..40_000).fold(String::new(), |line, n| line + "Od" + &(n % 20_000).to_string() + ",");
        assert_eq!(authors(&line).len(), 20_000);
    }

    #[test]
    fn a_credit_leaves_its_caption() {
        let rows = [
            ("Đại biểu thăm vườn cam. Ảnh: LK", Some("Đại biểu thăm vườn cam."), Some("LK")),
            ("Bó hoa trên bàn - Ảnh: H.Y.T.", Some("Bó hoa trên bàn"), Some("H.Y.T.")),
            ("Khám bệnh cho bà con. Ảnh: Bệnh viện cung cấp", Some("Khám bệnh cho bà con."), Some("Bệnh viện cung cấp")),
            ("Ruộng bậc thang (Ảnh: MINH HẢI)", Some("Ruộng bậc thang"), Some("MINH HẢI")),
            ("Ruộng bậc thang. (Ảnh: MINH HẢI).", Some("Ruộng bậc thang."), Some("MINH HẢI")),
            ("Bến cũ (Ảnh tư liệu)", Some("Bến cũ"), Some("Ảnh tư liệu")),
            ("Cầu treo (Ảnh: baophapluat.vn)", Some("Cầu treo"), Some("baophapluat.vn")),
            ("The bridge. Photo: P.V.", Some("The bridge."), Some("P.V.")),
            ("The bridge (Photo: VNA)", Some("The bridge"), Some("VNA")),
            ("Ảnh: Tuấn Điệp", None, Some("Tuấn Điệp")),
            ("Ảnh: Tuấn Điệp.", None, Some("Tuấn Điệp")),
            ("Chợ phiên. Ảnh MINH HẢI", Some("Chợ phiên."), Some("MINH HẢI")),
            ("Chợ phiên. Nguồn: TTXVN", Some("Chợ phiên."), Some("TTXVN")),
            ("Ảnh minh họa.", Some("Ảnh minh họa."), None),
            ("Trong ảnh: Bà con gặt lúa", Some("Trong ảnh: Bà con gặt lúa"), None),
            ("Chợ phiên (Ảnh minh họa)", Some("Chợ phiên (Ảnh minh họa)"), None),
            ("Bà con gặt lúa", Some("Bà con gặt lúa"), None),
        ];
        for (line, caption, credit) in rows {
            assert_eq!(pair(line), (caption.map(String::from), credit.map(String::from)), "{line}");
        }
    }

    #[test]
    fn signed_lines_give_their_names() {
        let rows = [
            ("Tin, ảnh: P.Y", &["P.Y"][..]),
            ("Bài, ảnh: Xuân Lượng – Khánh Lộc", &["Xuân Lượng", "Khánh Lộc"]),
            ("Bài và ảnh: HỮU PHÚC", &["HỮU PHÚC"]),
            ("Bài: Minh Hà - Ảnh: Quốc Anh", &["Minh Hà", "Quốc Anh"]),
            ("(Thực hiện: Lan Anh, Thu Hà)", &["Lan Anh", "Thu Hà"]),
            ("Ghi chép của HẢI YẾN", &["HẢI YẾN"]),
            ("Truyện ngắn dự thi của Lê Minh Khuê", &["Lê Minh Khuê"]),
            ("Bút ký: Xuân Lượng", &["Xuân Lượng"]),
            ("Tản văn HẢI YẾN", &["HẢI YẾN"]),
        ];
        for (line, expected) in rows {
            assert_eq!(signed(line).as_deref(), Some(&expected.iter().map(ToString::to_string).collect::<Vec<_>>()[..]), "{line}");
        }
        for line in ["Ảnh: một buổi sáng ở chợ phiên vùng cao", "Thơ của một thời đã xa", "Truyện ngắn HAY", "Ký ức ÔNG BÀ"]
        {
            assert_eq!(signed(line), None, "{line}");
        }
    }

    #[test]
    fn lines_of_names_are_told_from_sentences() {
        let rows = [
            ("P.V", &["P.V"][..]),
            ("Anh Dũng", &["Anh Dũng"]),
            ("HỮU PHÚC", &["HỮU PHÚC"]),
            ("Xuân Lượng – Khánh Lộc", &["Xuân Lượng", "Khánh Lộc"]),
            ("NHẬT XUÂN - NGHI VŨ", &["NHẬT XUÂN", "NGHI VŨ"]),
            ("Nhóm P.V thực hiện", &["Nhóm P.V"]),
            ("Hà Anh (tổng hợp)", &["Hà Anh"]),
        ];
        for (line, expected) in rows {
            assert_eq!(names(line).as_deref(), Some(&expected.iter().map(ToString::to_string).collect::<Vec<_>>()[..]), "{line}");
        }
        for line in ["Giữ rừng là giữ nước", "Năm 2024", "Nỗ lực về đích", "Kết quả:", "Anh Dũng là bộ đội.", "Ngày 8/1"]
        {
            assert_eq!(names(line), None, "{line}");
        }
    }

    #[test]
    fn a_byline_and_its_source_share_a_line() {
        assert_eq!(names_and_source("Lò Mai (Theo Reuters)"), Some((vec!["Lò Mai".to_owned()], "Reuters".to_owned())));
        assert_eq!(names_and_source("Xã họp bàn (theo kế hoạch)"), None);
    }

    #[test]
    fn a_name_glued_to_the_last_sentence_comes_off() {
        assert_eq!(glued("Mọi người ra về. K.Vân"), Some(("Mọi người ra về.", "K.Vân".to_owned())));
        assert_eq!(glued("Mọi người ra về.K.Vân"), Some(("Mọi người ra về.", "K.Vân".to_owned())));
        assert_eq!(glued("Mọi người ra về. HỮU PHÚC"), Some(("Mọi người ra về.", "HỮU PHÚC".to_owned())));
        assert_eq!(glued("Họ sống ở TP. HỒ CHÍ MINH"), None);
        assert_eq!(glued("Mọi người ra về. Trời đã tối"), None);
    }

    #[test]
    fn reporters_in_brackets_come_off_items() {
        assert_eq!(bracketed("Xã trao 20 suất quà. (VĂN PHIN)"), Some(("Xã trao 20 suất quà.", "VĂN PHIN".to_owned())));
        assert_eq!(bracketed("Xã trao 20 suất quà. (K.P)"), Some(("Xã trao 20 suất quà.", "K.P".to_owned())));
        assert_eq!(bracketed_source("Trận đấu hòa. (TTXVN)"), Some(("Trận đấu hòa.", "TTXVN".to_owned())));
        assert_eq!(bracketed_source("Theo hãng tin nhà nước (TTXVN)"), None);
        assert_eq!(bracketed("Tổ chức Y tế thế giới (WHO)"), None);
        assert_eq!(bracketed("Anh đến từ nơi khác. (TP HỒ CHÍ MINH)"), None);
    }

    #[test]
    fn source_lines_name_their_source() {
        let rows = [
            ("Theo TTXVN", Some("TTXVN")),
            ("(Theo Vietnamplus)", Some("Vietnamplus")),
            ("Nguồn Tiền Phong: http://tienphong.vn/abc", Some("Tiền Phong")),
            ("Nguồn: Báo Nhân Dân", Some("Báo Nhân Dân")),
            ("Theo Cổng thông tin điện tử huyện Mường Mẫu", Some("Cổng thông tin điện tử huyện Mường Mẫu")),
            ("Theo Cổng thông tin điện tử huyện, cầu đã xong", None),
            ("Theo Cổng thông tin điện tử huyện cầu đã xong", None),
            ("TTXVN", Some("TTXVN")),
            ("Theo đó, xã sẽ làm đường.", None),
            ("Theo ông Lò Văn Páo, mùa này được giá", None),
            ("Nguồn nước sạch", None),
        ];
        for (line, expected) in rows {
            assert_eq!(source(line).as_deref(), expected, "{line}");
        }
    }
}
