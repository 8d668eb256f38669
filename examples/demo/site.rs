//! What stands at each address of a newspaper?
//!
//! Pure: robots.txt, feeds, sitemaps, lists with their following pages, stories, and what has moved or gone.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{Timestamp, Zoned};

use super::newspaper::{Because, Family, Issue, Story};
use super::skeleton::{self, List, disallowed, escape};

/// So many stories stand on one page of a list, and in a feed.
const A_PAGE: usize = 6;

/// What a server has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200
    Document(Document),
    /// 301, to this path.
    Moved(String),
    /// 404
    NotFound,
}

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its bytes.
    pub body: Vec<u8>,
    /// As the header has it.
    pub content_type: &'static str,
    /// When anything in it changed last, advertisements and other stories apart.
    pub changed: Option<Timestamp>,
}

impl Document {
    fn text(body: String, content_type: &'static str, changed: Option<Timestamp>) -> Answer {
        Answer::Document(Self { body: body.into_bytes(), content_type, changed })
    }
}

const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";

/// What stands at this path and query.
pub fn answer(issue: &Issue, path_and_query: &str) -> Answer {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    if path == "/robots.txt" {
        return Document::text(robots(issue), "text/plain", None);
    }
    if let Some(story) = issue.stories().find(|story| issue.path(story) == path) {
        return Document::text(skeleton::article(issue, story), HTML, Some(issue.modified(story).timestamp()));
    }
    if let Some(story) = issue.stories().find(|story| issue.old_path(story).is_some_and(|old| old == path)) {
        return Answer::Moved(issue.path(story));
    }
    if let Some(end) = issue.paper.dead_ends.iter().find(|end| end.path == path && end.because == Because::Disallowed) {
        return Document::text(format!("<!DOCTYPE html><title>{0}</title><h1>{0}</h1>", escape(&end.title)), HTML, None);
    }
    listing(issue, path, query).unwrap_or(Answer::NotFound)
}

fn listing(issue: &Issue, path: &str, query: &str) -> Option<Answer> {
    let family = issue.paper.family;
    let all: Vec<&Story> = issue.stories().collect();
    let xml = |body: String| Some(Document::text(body, XML, newest(issue, &all)));
    match (family, path) {
        (Family::Epi | Family::Fck, "/rss/home.rss") => xml(rss(issue, &all)),
        (Family::Ms, "/rss/tin-moi.rss") => xml(atom(issue, &all)),
        (Family::Epi, "/sitemap.xml") => xml(sitemap_index(issue, &months(issue))),
        (Family::Fck, "/sitemap.xml") => xml(sitemap_index(issue, &["/sitemap-articles.xml.gz".to_owned()])),
        (Family::Fck, "/sitemap-articles.xml.gz") => Some(Answer::Document(Document {
            body: gzip(sitemap(issue, &all).as_bytes()),
            content_type: "application/x-gzip",
            changed: newest(issue, &all),
        })),
        (Family::Ms, "/sitemap-news.xml") => xml(news_sitemap(issue, &all)),
        (Family::Epi, _) if path.starts_with("/sitemaps/news-") => {
            let of_month: Vec<&Story> = all.iter().filter(|story| month(issue, story) == path).copied().collect();
            // A month without stories has an empty sitemap.
            let changed = newest(issue, &of_month).unwrap_or_else(|| issue.hour(1).timestamp());
            Some(Document::text(sitemap(issue, &of_month), XML, Some(changed)))
        }
        _ => page_of_list(issue, path, query),
    }
}

/// A page of the front page or of a section.
fn page_of_list(issue: &Issue, path: &str, query: &str) -> Option<Answer> {
    let section = issue.paper.sections.iter().find(|section| path == format!("/{}/", section.slug));
    if section.is_none() && path != "/" {
        return None;
    }
    let page: usize = match query.split_once('=') {
        Some((name, number)) if name == issue.paper.family.page_parameter() => number.parse().ok()?,
        _ => 1,
    };
    let stories = section.map_or_else(|| issue.stories().collect(), |section| issue.stories_of(&section.slug));
    // The front page is one page; who wants more goes to the sections.
    let pages = if section.is_some() { stories.len().div_ceil(A_PAGE) } else { 1 };
    let stories: Vec<&Story> = stories.into_iter().skip(A_PAGE * page.checked_sub(1)?).take(A_PAGE).collect();
    let list = List { section, stories, page, pages };
    (page <= pages).then(|| Document::text(skeleton::list(issue, &list), HTML, newest(issue, &list.stories)))
}

fn newest(issue: &Issue, stories: &[&Story]) -> Option<Timestamp> {
    stories.iter().map(|story| issue.modified(story).timestamp()).max()
}

fn robots(issue: &Issue) -> String {
    let mut out = String::from("User-agent: *\nDisallow: /tim-kiem/\nDisallow: /xem-bao/\n");
    out.extend(disallowed(issue).map(|path| format!("Disallow: {path}\n")));
    out.extend(issue.paper.crawl_delay.map(|seconds| format!("Crawl-delay: {seconds}\n")));
    let sitemap = if issue.paper.family == Family::Ms { "sitemap-news.xml" } else { "sitemap.xml" };
    out + &format!("\nSitemap: {}/{sitemap}\n", issue.origin())
}

/// A feed still names a story that moved by its old address.
fn address_in_feed(issue: &Issue, story: &Story) -> String {
    issue.origin() + &issue.old_path(story).unwrap_or_else(|| issue.path(story))
}

fn rss(issue: &Issue, stories: &[&Story]) -> String {
    let item = |story: &&Story| {
        let address = address_in_feed(issue, story);
        format!(
            "<item><title><![CDATA[{}]]></title><link>{address}</link><guid>{address}</guid><description><![CDATA[<a href=\"{address}\"><img src=\"{address}.jpg\"></a>{}]]></description><pubDate>{}</pubDate></item>\n",
            story.title,
            story.lead,
            issue.published(story).strftime("%a, %d %b %Y %H:%M:%S %z"),
        )
    };
    let items: String = stories.iter().take(2 * A_PAGE).map(item).collect();
    let (name, origin) = (&issue.paper.name, issue.origin());
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{name}</title><link>{origin}/</link><description>{name}</description>\n{items}</channel></rss>\n"
    )
}

fn atom(issue: &Issue, stories: &[&Story]) -> String {
    let stamp = |at: &Zoned| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let entry = |story: &&Story| {
        let address = address_in_feed(issue, story);
        format!(
            "<entry><title>{}</title><id>{address}</id><link rel=\"alternate\" href=\"{address}\"/><published>{}</published><updated>{}</updated><summary>{}</summary></entry>\n",
            escape(&story.title),
            stamp(&issue.published(story)),
            stamp(&issue.modified(story)),
            escape(&story.lead),
        )
    };
    let entries: String = stories.iter().take(2 * A_PAGE).map(entry).collect();
    let updated = stories.first().map(|story| stamp(&issue.published(story))).unwrap_or_default();
    let (name, origin) = (&issue.paper.name, issue.origin());
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{name}</title><id>{origin}/</id><updated>{updated}</updated>\n{entries}</feed>\n"
    )
}

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn sitemap_index(issue: &Issue, paths: &[String]) -> String {
    let one = |path: &String| format!("<sitemap><loc>{}{path}</loc></sitemap>\n", issue.origin());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{SITEMAP}\">\n{}</sitemapindex>\n",
        paths.iter().map(one).collect::<String>()
    )
}

fn sitemap(issue: &Issue, stories: &[&Story]) -> String {
    let one = |story: &&Story| {
        format!(
            "<url><loc>{}</loc><lastmod>{}</lastmod></url>\n",
            issue.address(story),
            issue.modified(story).strftime("%Y-%m-%dT%H:%M:%S%:z")
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{SITEMAP}\">\n{}</urlset>\n",
        stories.iter().map(one).collect::<String>()
    )
}

fn news_sitemap(issue: &Issue, stories: &[&Story]) -> String {
    let one = |story: &&Story| {
        format!(
            "<url><loc>{}</loc><news:news><news:publication><news:name>{}</news:name><news:language>vi</news:language></news:publication><news:publication_date>{}</news:publication_date><news:title>{}</news:title></news:news></url>\n",
            issue.address(story),
            issue.paper.name,
            issue.published(story).strftime("%Y-%m-%dT%H:%M:%S%:z"),
            escape(&story.title),
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{SITEMAP}\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n{}</urlset>\n",
        stories.iter().map(one).collect::<String>()
    )
}

/// The sitemap of the month in which a story appeared: `/sitemaps/news-2026-1.xml`.
fn month(issue: &Issue, story: &Story) -> String {
    issue.published(story).strftime("/sitemaps/news-%Y-%-m.xml").to_string()
}

fn months(issue: &Issue) -> Vec<String> {
    let mut months: Vec<String> = issue.stories().map(|story| month(issue, story)).collect();
    months.dedup();
    months
}

/// Bytes as a gzip stream.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("memory takes what is written to it");
    gzip.finish().expect("memory takes what is written to it")
}
