//! Is this an article at all, of which kind and in which language; and if none could be read, why?

use std::sync::LazyLock;

use regex::Regex;
use scraper::Selector;
use url::Url;

use super::Subject;
use super::story::Story;
use crate::article::{Article, Kind, Miss};
use crate::link;
use crate::page::Page;
use crate::vietnamese::text::{language_of, strip_marks};

/// Fewer words than these are no article.
const SHORTEST: usize = 8;

/// From so many pictures on, with its paragraphs under them, a page is a photo story.
const PHOTO_STORY: usize = 4;

/// Is the answer a page at all? By its header, and by what it begins with.
pub(super) fn is_html(page: &Page, text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() || start.starts_with("%PDF-") || is_json(start) {
        return false;
    }
    let looks =
        start.starts_with('<') && !start.starts_with("<?xml") || start.contains("<html") || start.contains("<body") || start.contains("<p");
    let declared = page.content_type.as_deref().map(|t| t.split(';').next().unwrap_or(t).trim().to_ascii_lowercase());
    match declared.as_deref() {
        None
        | Some("" | "text/html" | "application/xhtml+xml" | "text/plain" | "application/octet-stream" | "text/xml" | "application/xml") => {
            looks || start.contains('<') && start.contains("xhtml")
        }
        // No type of media at all: it says nothing.
        Some(strange) => looks && !strange.contains('/'),
    }
}

/// Does it begin as an object or a list of JSON? What stands in it may be HTML; it is none.
fn is_json(start: &str) -> bool {
    let next = |start: &str| start[1..].trim_start().chars().next();
    match start.as_bytes().first() {
        Some(b'{') => matches!(next(start), Some('"' | '}')),
        Some(b'[') => matches!(next(start), Some('"' | '{' | '[' | ']')),
        _ => false,
    }
}

/// Addresses that are lists, tags, topics, print editions, searches on every system. Source: the address forms of the papers.
static LISTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:-ptag\.html|-tag\d+\.html|-event\d+\.html|/chu-de/|/tu-khoa/|/tags?/|/topic/|/su-kien/[^/]*$|/xem-bao\b|/doc-bao-in\b|/tim-kiem\b|/search\b|/tac-gia/|[?&](?:p|page)=\d+)")
        .expect("a sound pattern")
});

/// Headlines of pages that are no articles: teasers of the print edition, readers' mailboxes.
static TEASERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:điểm báo in\b|đón đọc báo\b|đón đọc .{0,40}số ra|trang nhất báo\b|đọc gì trên báo\b|hộp thư bạn đọc|mời (?:bạn|quý|độc).{0,20}đón đọc|báo .{2,40} số \d+(?:\s*\(\d+\))?\s*[,–-]?\s*(?:ra|phát hành|xuất bản) (?:ngày|thứ)|báo in .{2,40} ngày \d)")
        .expect("a sound pattern")
});

/// `… (Xem trang 3, 5)`, `… (bài trang 1)`: a line of the print edition's contents.
static TO_PAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\((?:xem |bài |đọc |tiếp )*trang \d[^()]{0,20}\)[.!…]?$").expect("a sound pattern"));

/// Three lines or more that send the reader to pages of the print edition, and more of them than of all others.
fn leads_to_pages(text: &str) -> bool {
    let lines = || text.split('\n').filter(|l| !l.is_empty());
    let sent = lines().filter(|l| l.contains("rang ") && TO_PAGE.is_match(l)).count();
    sent >= 3 && sent * 2 > lines().count()
}

/// What the address alone says: a paper's own word, then the forms of lists. The front page is a list.
pub(super) fn by_address(subject: &Subject) -> Option<Miss> {
    let url = subject.url?;
    let address = link::path_and_query(url);
    if url.path().len() <= 1 && url.query().is_none() {
        return Some(Miss::NotArticle);
    }
    match subject.paper.and_then(|p| p.is_article(&address)) {
        Some(true) => None,
        Some(false) if subject.paper.is_some_and(|p| p.not_article_address.iter().any(|f| f.is_match(&address))) => {
            Some(not_article(subject))
        }
        _ => LISTS.is_match(&address).then(|| not_article(subject)),
    }
}

/// No article by its address; the print pages of some papers are named for what has been done to their letters.
fn not_article(subject: &Subject) -> Miss {
    let text = super::markup::spaced_text(subject.html.root_element());
    if is_obfuscated(&text) { Miss::Obfuscated } else { Miss::NotArticle }
}

/// Does everything say that this page is no article: its paper's form of addresses, and what the page says of itself? Then what the
/// paper's rules did not find is not looked for without them.
pub(super) fn is_denied(subject: &Subject) -> bool {
    let address = subject.url.map(link::path_and_query).unwrap_or_default();
    let has_other_form = subject.paper.is_some_and(|p| p.is_article(&address) == Some(false));
    has_other_form && !subject.meta.ld.is_article && subject.meta.first(&["og:type"]) != Some("article")
}

/// The last word on what was read: is it an article, long enough, in its paper's language?
pub(super) fn judge(subject: &Subject, article: Article) -> Result<Article, Miss> {
    if TEASERS.is_match(&article.title) {
        return Err(Miss::NotArticle);
    }
    if is_obfuscated(&article.text) {
        return Err(Miss::Obfuscated);
    }
    if leads_to_pages(&article.text) {
        return Err(Miss::NotArticle);
    }
    let words = article.text.split_whitespace().take(SHORTEST).count().max(letters_of_wide_scripts(&article.text) / 2);
    let shows = article.kind == Kind::Photo && !article.images.is_empty() || article.kind == Kind::Video;
    if article.text.is_empty() && !shows {
        return Err(Miss::NoBody);
    }
    if words < SHORTEST && !shows {
        return Err(Miss::TooShort);
    }
    let expected = subject.paper.map(|p| p.language.as_str());
    let is_other = matches!((expected, article.language.as_deref()), (Some("vi"), Some(other)) if other != "vi");
    if is_other && language_of(&article.text).is_some_and(|l| l != "vi") {
        return Err(Miss::WrongLanguage);
    }
    Ok(article)
}

/// How many letters are of scripts that set no spaces between words (Chinese, Japanese), counted no further than is of interest.
fn letters_of_wide_scripts(text: &str) -> usize {
    text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')).take(SHORTEST * 2).count()
}

/// A miss by a better name, from what the whole page is like.
pub(super) fn explain(subject: &Subject, miss: Miss) -> Miss {
    if !matches!(miss, Miss::NoBody | Miss::NoTitle) {
        return miss;
    }
    if needs_javascript(subject) {
        return Miss::NeedsJavascript;
    }
    if miss == Miss::NoTitle {
        return miss;
    }
    let address = subject.url.map(link::path_and_query).unwrap_or_default();
    let by_address = subject.paper.and_then(|p| p.is_article(&address));
    let says_article = subject.meta.ld.is_article || subject.meta.first(&["og:type"]) == Some("article");
    if by_address == Some(false) || (by_address.is_none() && !says_article && links(subject) > 40) { Miss::NotArticle } else { miss }
}

fn links(subject: &Subject) -> usize {
    subject.html.tree.nodes().filter(|n| n.value().as_element().is_some_and(|e| e.name() == "a" && e.attr("href").is_some())).count()
}

/// An empty shell that a script fills: hardly any words, and a root that frameworks mount on or a call to turn scripts on.
fn needs_javascript(subject: &Subject) -> bool {
    let mut words = 0;
    let mut shell = false;
    for node in subject.html.tree.nodes() {
        match node.value() {
            scraper::Node::Text(t) => {
                let parent = node.parent().and_then(|p| p.value().as_element().map(scraper::node::Element::name));
                if parent == Some("noscript") {
                    let said = t.to_lowercase();
                    shell |= said.contains("javascript");
                } else if !parent.is_some_and(super::markup::silent) && parent != Some("title") {
                    words += t.split_whitespace().count();
                }
            }
            scraper::Node::Element(e) => {
                shell |= matches!(e.id(), Some("root" | "app" | "__next" | "__nuxt" | "q-app" | "svelte"))
                    || matches!(e.name(), "app-root")
                    || e.attr("ng-app").is_some()
                    || e.attr("data-reactroot").is_some();
            }
            _ => {}
        }
    }
    shell && words < 120
}

/// Letters swapped to keep readers out: most of the text stands in words that mix capitals or digits into their inside, or that are
/// endless with marks all over, as no language has them.
fn is_obfuscated(text: &str) -> bool {
    let (mut all, mut odd) = (0_usize, 0_usize);
    for word in text.split_whitespace().filter(|w| w.is_ascii() || letters_of_wide_scripts(w) == 0).take(600) {
        let letters = if word.is_ascii() { word.len() } else { word.chars().count() };
        if letters > 3 {
            all += letters;
            odd += if is_odd(word) { letters } else { 0 };
        }
    }
    all >= 100 && odd * 3 > all
}

/// More letters than these, and some of them with marks, are no word.
const LONGEST_WORD: usize = 20;

fn is_odd(word: &str) -> bool {
    // Most words of most texts.
    if word.trim_end_matches(['.', ',']).bytes().skip(1).all(|b| b.is_ascii_lowercase()) {
        return false;
    }
    let inner: Vec<char> = word.chars().skip(1).collect();
    let lower = inner.iter().any(|c| c.is_lowercase());
    let capitals_inside = lower && inner.iter().filter(|c| c.is_uppercase()).count() >= 2;
    let digits_inside =
        inner.windows(2).any(|w| w[0].is_ascii_digit() && w[1].is_alphabetic()) && word.chars().next().is_some_and(char::is_alphabetic);
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '.' | ',' | '-' | '–' | '/' | '"' | '”' | '\'' | '’' | ')' | ':' | '…');
    let signs = word.contains("::") || inner.iter().filter(|c| !plain(c)).count() >= 2;
    let marked = word.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
    let endless = marked >= 3 && word.chars().filter(|c| c.is_alphabetic()).count() > LONGEST_WORD;
    capitals_inside || digits_inside || signs || endless
}

/// What sort of piece it is: by its address, its section, its JSON-LD, its own shape.
pub(super) fn of(subject: &Subject, story: &Story, section: &[String]) -> Kind {
    let types = &subject.meta.ld.types;
    let by_section = || section.iter().find_map(|name| kind_of_word(&strip_marks(name).replace(' ', "-")));
    let by_address = subject.url.and_then(kind_of_address).or_else(by_section);
    let words = story.text.split_whitespace().count();
    if types.iter().any(|t| t == "LiveBlogPosting") || by_address == Some(Kind::Live) || tells_by_the_hour(&story.text) {
        return Kind::Live;
    }
    match by_address {
        Some(Kind::Video) if words < 250 => return Kind::Video,
        Some(Kind::Photo) if !story.images.is_empty() => return Kind::Photo,
        Some(Kind::Longform) => return Kind::Longform,
        _ if is_laid_out_wide(subject) => return Kind::Longform,
        _ => {}
    }
    let captioned = story.under_pictures * 5 >= story.paragraphs * 4;
    let tells_by_pictures = story.images.len() >= PHOTO_STORY && captioned && words < story.images.len() * 80;
    if tells_by_pictures { Kind::Photo } else { Kind::Article }
}

/// Paragraphs between pictures as wide as the page: ePi and ONECMS call them so in long-forms alone.
fn is_laid_out_wide(subject: &Subject) -> bool {
    static FULL: LazyLock<Selector> = LazyLock::new(|| Selector::parse("p.full-text, div.full-text > p").expect("a sound selector"));
    subject.html.select(&FULL).nth(2).is_some()
}

/// `8h00: …`, `14:30 - …`, or `9h45` alone on its line: an entry of a live report.
static ENTRY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:\d{1,2}\s?(?:h|:|g|giờ)\s?\d{2}(?:')?)\s*(?:[:\-–.]|$)").expect("a sound pattern"));

/// Three entries or more that make up a third of the paragraphs: a report written while the thing goes on.
fn tells_by_the_hour(text: &str) -> bool {
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let entries = paragraphs.iter().filter(|p| p.starts_with(|c: char| c.is_numeric()) && ENTRY.is_match(p)).count();
    entries >= 3 && entries * 3 >= paragraphs.len()
}

fn kind_of_address(url: &Url) -> Option<Kind> {
    let host = url.host_str().unwrap_or_default();
    if host.starts_with("mega.") || host.starts_with("special.") || host.starts_with("longform.") || host.starts_with("emagazine.") {
        return Some(Kind::Longform);
    }
    if host.starts_with("video.") || host.starts_with("tv.") {
        return Some(Kind::Video);
    }
    let mut segments = url.path_segments()?.collect::<Vec<_>>();
    segments.pop_if(|_| true);
    segments.iter().find_map(|segment| kind_of_word(segment))
}

/// The kind that a section's name means, as a slug.
fn kind_of_word(slug: &str) -> Option<Kind> {
    match slug {
        "photo" | "photos" | "phong-su-anh" | "anh" | "anh-dep" | "goc-anh" | "tin-anh" | "thoi-su-qua-anh" | "gallery" => {
            Some(Kind::Photo)
        }
        "video" | "videos" | "truyen-hinh" | "clip" | "xem-video" | "media-video" => Some(Kind::Video),
        "emagazine" | "e-magazine" | "emagazines" | "megastory" | "longform" | "mega-story" | "long-form" => Some(Kind::Longform),
        "truc-tiep" | "tuong-thuat" | "live" | "liveblog" => Some(Kind::Live),
        _ => None,
    }
}

/// What the text is written in: what its letters say, else what the page declares.
pub(super) fn language(subject: &Subject, title: &str, story: &Story) -> Option<String> {
    let found = if story.text.is_empty() { language_of(title) } else { story.language };
    found.map(str::to_owned).or_else(|| subject.meta.language())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_teaser(title: &str) -> bool {
        TEASERS.is_match(title)
    }

    #[test]
    fn teasers_of_the_print_edition_are_no_articles() {
        for title in [
            "Điểm báo in Bắc Kạn ngày 24/5/2025",
            "Đón đọc Báo Ấp Bắc số ra ngày 19-7",
            "Trang nhất Báo Tây Bắc số 7675",
            "Đọc gì trên Báo Quảng Nam ngày 3/4",
            "Hộp thư bạn đọc",
            "Báo Cà Mau số 3155, ra ngày thứ Sáu 13/10/2023",
        ] {
            assert!(is_teaser(title), "{title}");
        }
        for title in ["Báo cáo số 12 của xã", "Đón đọc giả trẻ đến thư viện", "Hộp thư của cô giáo bản"] {
            assert!(!is_teaser(title), "{title}");
        }
    }

    #[test]
    fn contents_of_the_print_edition_are_no_article() {
        assert!(leads_to_pages("Trong số này:\n\nHai anh em (Xem trang 1)\n\nMở phà (xem trang 3, 5)\n\nĐóng đường (Bài trang 4)"));
        assert!(!leads_to_pages("Mở phà (Xem trang 1)\n\nPhà chạy thêm hai chuyến.\n\nĐường thông.\n\nChợ mở lại."));
    }

    #[test]
    fn lists_are_known_by_their_addresses() {
        for address in [
            "/tu-khoa/mua-cam-tag20.html",
            "/cam-tag20448.html",
            "/x-event12.html",
            "/tags/cam.html",
            "/phong-su/?page=21",
            "/tim-kiem/x.html",
        ] {
            assert!(LISTS.is_match(address), "{address}");
        }
        for address in ["/mua-cam-post1.html", "/thoi-su/202404/x-0a1b2c3/", "/viewer.aspx?mabb=1", "/tag-heuer-post3.html"] {
            assert!(!LISTS.is_match(address), "{address}");
        }
    }

    #[test]
    fn swapped_letters_are_told_from_text() {
        let swapped = "xX3xXex1325 kQ9wEr2tY ẤQEDỌŨỂ::AC pL0mNk8jH ".repeat(12);
        assert!(is_obfuscated(&swapped));
        let endless = "ẤH1DỄLỌUU:CỨTỬTLỐCẬỂŨOỊỖDMŨOỬDỄŨOỬDLỌỊỖD .ẤỀỨẬẤỨDỄLỌUU:CỨBODẨCẬỖŨOỬDLỌMDMŨO ".repeat(3);
        assert!(is_obfuscated(&endless));
        let joined = "Rechtsschutzversicherungsgesellschaften und Geschwindigkeitsüberschreitungen sind lange Wörter. ".repeat(3);
        assert!(!is_obfuscated(&joined));
        let sound = "Hội nghị COVID-19 tại TP.HCM bàn việc F0, 5G, IoT và AI trong năm 2025. ".repeat(12);
        assert!(!is_obfuscated(&sound));
    }

    #[test]
    fn the_kind_stands_in_the_address() {
        let kind = |u: &str| kind_of_address(&Url::parse(u).expect("a sound address"));
        assert_eq!(kind("https://a.vn/phong-su-anh/x-post1.html"), Some(Kind::Photo));
        assert_eq!(kind("https://a.vn/bg/emagazine/x.html"), Some(Kind::Longform));
        assert_eq!(kind("https://a.vn/video/x.html"), Some(Kind::Video));
        assert_eq!(kind("https://a.vn/thoi-su/video-ve-lua.html"), None);
    }
}
