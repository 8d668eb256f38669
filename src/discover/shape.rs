//! Does an address look like an article's, when nobody said how this paper's addresses look?
//!
//! The judgement is for papers without a form in selectors.toml, and errs on the side of no: a paper is worth its line there.

use url::Url;

/// Segments of a path below which stand lists, forms and services, never one article.
const LISTS: [&str; 46] = [
    "tag",
    "tags",
    "tu-khoa",
    "keyword",
    "chu-de",
    "topic",
    "topics",
    "su-kien",
    "event",
    "events",
    "dong-su-kien",
    "tim-kiem",
    "search",
    "rss",
    "feed",
    "author",
    "authors",
    "tac-gia",
    "page",
    "trang",
    "chuyen-muc",
    "category",
    "categories",
    "danh-muc",
    "archive",
    "lich",
    "print",
    "in-bai",
    "bao-in",
    "doc-bao-in",
    "xem-bao",
    "epaper",
    "rao-vat",
    "quang-cao",
    "lien-he",
    "gioi-thieu",
    "dang-nhap",
    "login",
    "member",
    "user",
    "api",
    "ajax",
    "wp-admin",
    "wp-content",
    "wp-json",
    "utilities",
];

/// Letters before the number of a list: `…-tag20448.html`, `…-event12.html`, `…-e1921.htm`.
const LIST_LETTERS: [&str; 7] = ["tag", "ptag", "event", "topic", "e", "p", "page"];

/// Endings of files that are no page.
const FILES: [&str; 22] = [
    "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "pdf", "doc", "docx", "xls", "xlsx", "zip", "rar", "mp3", "mp4", "xml", "rss",
    "css", "js", "json", "txt",
];

/// Whether an address without a known form looks like an article's.
///
/// It does when no segment is a list's, the ending no file's, and the slug says enough:
///
/// * three words or more and a number of five digits or more at its end (`…-post362835.html`), or in a segment of its own after it;
/// * three words or more below a year and month (`/202412/`, `/2024/12/`);
/// * or, without any number, seven words or more in a section.
#[must_use]
pub fn is_article(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.last().is_some_and(|last| last.starts_with("index.")) {
        segments.pop();
    }
    let Some(last) = segments.pop() else { return false };
    let (last, ending) = without_ending(last);
    if is_file(ending) || segments.iter().any(|segment| LISTS.contains(segment)) || LISTS.contains(&last) {
        return false;
    }
    let (slug, letters, digits) = number_apart(last);
    if LIST_LETTERS.contains(&letters) {
        return false;
    }
    if slug.is_empty() {
        // `/slug/59531.bcb`: the number is a segment of its own.
        return digits >= 4 && letters.is_empty() && segments.last().is_some_and(|slug| words(slug) >= 3);
    }
    let words = words(slug);
    words >= 3 && (digits >= 5 || is_dated(&segments)) || digits == 0 && words >= 7 && !segments.is_empty()
}

/// Whether an address leads to a file and not to a page.
pub(super) fn leads_to_a_file(url: &Url) -> bool {
    let last = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    is_file(without_ending(&last).1)
}

/// Whether a segment of the address is the name of lists that are not a newspaper's sections.
pub(super) fn is_in_a_list(url: &Url) -> bool {
    url.path().split('/').any(|segment| LISTS.contains(&without_ending(&segment.to_ascii_lowercase()).0))
}

fn is_file(ending: &str) -> bool {
    FILES.contains(&ending)
}

/// A segment without its ending, and the ending: `.html`, `.bcb`.
fn without_ending(segment: &str) -> (&str, &str) {
    match segment.rsplit_once('.') {
        Some((stem, ending)) if (2..=5).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric()) => (stem, ending),
        _ => (segment, ""),
    }
}

/// A segment's words, the letters before its number, and how many digits the number has: `bai-viet`, `post`, 6.
fn number_apart(segment: &str) -> (&str, &str, usize) {
    let stem = segment.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = segment.len() - stem.len();
    if digits == 0 {
        return (segment, "", 0);
    }
    let slug = stem.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &stem[slug.len()..];
    if letters.len() > 7 { (segment, "", 0) } else { (slug.trim_end_matches('-'), letters, digits) }
}

fn words(slug: &str) -> usize {
    slug.split(['-', '_']).filter(|word| !word.is_empty()).count()
}

/// Whether the path names a year and month: `/202412/`, `/2024/12/`.
fn is_dated(segments: &[&str]) -> bool {
    let number = |text: &str, length: usize| (text.len() == length).then(|| text.parse::<u32>().ok()).flatten();
    let year = |year: u32| (1997..2100).contains(&year);
    let month = |month: u32| (1..=12).contains(&month);
    segments.iter().any(|segment| number(segment, 6).is_some_and(|n| year(n / 100) && month(n % 100)))
        || segments.windows(2).any(|pair| number(pair[0], 4).is_some_and(year) && number(pair[1], 2).is_some_and(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_known_by_the_shape_of_its_address() {
        let rows = [
            ("/vu-mua-moi-tren-cao-nguyen-post362835.html", true),
            ("/vu-mua-moi-20260307075519174.htm", true),
            ("/kinh-te/202412/vu-mua-moi-e635eaf/", true),
            ("/2024/12/vu-mua-moi/", true),
            ("/Kinh-te/Vu-mua-moi/59531.bcb", true),
            ("/ban-doc/201907/vu-mua-moi-864061/index.htm", true),
            ("/van-de/vu-mua-moi-tren-cao-nguyen-da/", true),
            ("/van-de/vu-mua-moi-tren/", false),
            ("/vu-mua-moi-tren-cao-nguyen-da.htm", false),
            ("/", false),
            ("/Thoi-su/57.bcb", false),
            ("/khoa-hoc-cong-nghe-82.html", false),
            ("/bau-cu-tong-thong-e1921.htm", false),
            ("/mua-vu-moi-tag20448.html", false),
            ("/chu-de/vu-mua-moi-12345.htm", false),
            ("/anh/vu-mua-moi-123456.jpg", false),
            ("/rao-vat/vu-mua-moi-12345.html", false),
            ("/thoi-su/trang-12345", false),
        ];
        for (address, expected) in rows {
            let url = Url::parse(&format!("https://a.vn{address}")).expect("the tests write sound addresses");
            assert_eq!(is_article(&url), expected, "{address}");
        }
    }
}
