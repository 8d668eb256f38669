//! Which date does an address carry?

use jiff::civil;

use super::reading::compact;
use super::{Context, Dated, Precision};

/// Sites of `VCCorp`'s CMS whose article numbers begin with three figures of their own, then `yymmddhhmmss`: the government's paper,
/// Thanh Niên, Người Lao Động. (Tuổi Trẻ's numbers are the plain stamp.)
const VCCORP_SITES: [&str; 3] = ["102", "185", "196"];

/// Endings of addresses that lead to a picture, film or paper, whose date is that of its upload.
const MEDIA: [&str; 13] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "mp4", "mp3", "pdf", "doc", "docx"];

/// Folders that hold pictures.
const MEDIA_FOLDERS: [&str; 8] = ["image", "images", "img", "dataimages", "photos", "uploads", "upload", "thumb"];

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The date in the path of an article's address; `None` for pictures and other files.
///
/// | address | gives |
/// |---|---|
/// | `/tet-thoi-bao-cap/d20230112091014465.htm` | the time of publishing (Báo Ninh Bình until 2024) |
/// | `…-20260307075519174.htm`, `…-102260228093004191.htm` | the *day*: `VCCorp`'s number is made when the story is begun, minutes to a night before it is published |
/// | `/2024/05/17/…`, `/2024/may/17/…`, `/20240517/…`, `/2024-05-17-…` | the day |
/// | `/xa-hoi/202404/…-67b4c0c/`, `/2024/05/…` | the month |
///
/// It is worth less than any date on the page, and good for telling which of them to believe.
#[must_use]
pub fn in_address(url: &str, context: &Context) -> Option<Dated> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.split(['?', '#']).next()?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if is_media(&segments) {
        return None;
    }
    let last = *segments.last()?;
    article_number(last, context)
        .or_else(|| folders(&segments, context))
        .or_else(|| segments.iter().find_map(|segment| segment_day(segment, context)))
        .or_else(|| month_folder(&segments, context))
}

fn is_media(segments: &[&str]) -> bool {
    let ends = |segment: &&str| segment.rsplit_once('.').is_some_and(|(_, ending)| is_one_of(ending, &MEDIA));
    segments.last().is_some_and(ends) || segments.iter().any(|segment| is_one_of(segment, &MEDIA_FOLDERS))
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The stamp in the number of an article.
fn article_number(segment: &str, context: &Context) -> Option<Dated> {
    let stem = segment.split('.').next()?;
    if let Some(digits) = stem.strip_prefix('d').filter(|digits| digits.len() == 17 && is_digits(digits)) {
        return compact(digits, context);
    }
    let digits = stem.rsplit('-').next().filter(|digits| is_digits(digits))?;
    let begun = match digits.len() {
        // Milliseconds are written without leading zeros.
        15..=17 if digits.starts_with("20") => compact(digits, context),
        16..=18 => {
            let stamp = VCCORP_SITES.iter().find_map(|site| digits.strip_prefix(site))?;
            compact(&format!("20{stamp}"), context)
        }
        _ => None,
    };
    context.midnight(begun?.when.day())
}

/// `/2024/05/17/`, `/2024/may/17/`; `/2024/05/` when the article follows.
fn folders(segments: &[&str], context: &Context) -> Option<Dated> {
    for (at, year) in segments.iter().enumerate() {
        let Some(year) = figure(year, 4..=4) else {
            continue;
        };
        let Some(month) = segments.get(at + 1).and_then(|month| month_of(month)) else {
            continue;
        };
        let Some(after) = segments.get(at + 2) else {
            continue;
        };
        let day = figure(after, 1..=2).filter(|_| at + 3 < segments.len());
        let date = civil::Date::new(year, month, day.map_or(Some(1), |day| i8::try_from(day).ok())?).ok()?;
        let dated = context.midnight(date)?;
        return Some(if day.is_some() { dated } else { Dated { precision: Precision::Month, ..dated } });
    }
    None
}

/// `20240517`, `20240517-…`, `2024-05-17`, `2024-05-17-…`.
fn segment_day(segment: &str, context: &Context) -> Option<Dated> {
    let stem = segment.split('.').next()?;
    let mut figures = stem.splitn(4, '-');
    let first = figures.next()?;
    if first.len() == 8 && is_digits(first) {
        return compact(first, context);
    }
    let year = figure(first, 4..=4)?;
    let (month, day) = (figure(figures.next()?, 2..=2)?, figure(figures.next()?, 2..=2)?);
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    context.midnight(date)
}

/// `/202404/slug-67b4c0c/`: the month only where the article's own number, of six or seven hexadecimal digits, follows, since six
/// figures in other addresses are numbers of articles.
fn month_folder(segments: &[&str], context: &Context) -> Option<Dated> {
    let numbered = |slug: &str| {
        let number = slug.rsplit('-').next().unwrap_or_default();
        slug.contains('-') && (6..=7).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let (month, _) = segments.iter().zip(&segments[1..]).find(|(month, slug)| month.len() == 6 && is_digits(month) && numbered(slug))?;
    let date = civil::Date::new(month[..4].parse().ok()?, month[4..].parse().ok()?, 1).ok()?;
    Some(Dated { precision: Precision::Month, ..context.midnight(date)? })
}

fn month_of(segment: &str) -> Option<i8> {
    let named = || (1_i8..).zip(MONTHS).find(|(_, name)| name.eq_ignore_ascii_case(segment)).map(|(month, _)| month);
    figure(segment, 1..=2).and_then(|month| i8::try_from(month).ok()).or_else(named)
}

fn figure(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    (digits.contains(&text.len()) && is_digits(text)).then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
