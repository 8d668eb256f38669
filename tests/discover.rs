//! Are feeds, sitemaps and pages read for what they list, and do the hostile ones end?

use std::fmt::Write as _;
use std::io::Write as _;

use baotinh::discover::bounds::Bound;
use baotinh::discover::{self, Asked, Fault, Found, Kind, Why};
use baotinh::limits;
use baotinh::link::Link;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use proptest::prelude::*;
use url::Url;

const PAPERS: &str = r#"
[papers.sample]
name = "Báo Mẫu"
evidence = "guess"
hosts = ["mau.vn"]
old_hosts = ["mau.com.vn"]
article_address = ['-post(?<id>\d+)\.html$', '-(?<id>\d+)\.aspx$', 'viewer\.aspx\?.*mabb=(?<id>\d+)']
not_article_address = ['^/khmer-cu/']
start_pages = ["https://mau.vn/"]

[papers.khmer]
name = "Báo Mẫu, tiếng Khmer"
evidence = "guess"
hosts = ["mau.vn/khmer"]
start_pages = ["https://mau.vn/khmer/"]

[papers.shapely]
name = "Báo Không Mẫu"
evidence = "guess"
hosts = ["shapely.vn"]
start_pages = ["https://shapely.vn/"]
"#;

fn book() -> Rulebook {
    Rulebook::read(PAPERS, "papers.toml").expect("the tests write a sound rulebook")
}

fn read_as(url: &str, body: impl Into<Vec<u8>>, kind: Kind, hops: u16) -> Found {
    let book = book();
    let paper = Url::parse(url).ok().and_then(|url| book.paper_of(&url)).unwrap_or(&book.papers()[0]);
    let fetched_at = Some("2026-03-07T02:00:00Z".parse().expect("a time"));
    let page = Page { url: Some(url.to_owned()), fetched_at, body: Body::Bytes(body.into()), ..Page::default() };
    discover::read(&page, &book, paper, Asked { kind, hops })
}

fn read(url: &str, body: &str, kind: Kind) -> Found {
    read_as(url, body, kind, 0)
}

fn articles(found: &Found) -> Vec<&str> {
    found.articles.iter().map(|listed| listed.link.url().as_str()).collect()
}

fn listings(found: &Found) -> Vec<(Why, &str)> {
    found.listings.iter().map(|further| (further.why, further.link.url().as_str())).collect()
}

fn published(found: &Found) -> Vec<Option<String>> {
    found.articles.iter().map(|listed| listed.published.map(|when| when.to_string())).collect()
}

const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Mẫu</title><link>https://mau.vn/</link>
<item><title>Vụ mùa cũ</title><link>/vu-mua-cu-post1.html</link><pubDate>Thu, 05 Mar 2026 08:00:00 +0700</pubDate></item>
<item><title>Vụ mùa mới</title><link><![CDATA[ https://mau.vn/vu-mua-moi-post2.html?utm_source=rss ]]></link><pubDate>06/03/2026 09:30</pubDate></item>
<item><title>Nơi khác</title><link>https://khac.vn/tin-la-post3.html</link></item>
<item><title>Chỉ có mã</title><guid isPermaLink="true">https://mau.vn/chi-co-ma-post4.html</guid></item>
<item><title>Mục</title><link>https://mau.vn/thoi-su/</link></item>
</channel></rss>"#;

#[test]
fn a_feed_gives_its_articles_newest_first() {
    let found = read("https://mau.vn/rss/home.rss", RSS, Kind::Feed);
    assert_eq!(
        articles(&found),
        ["https://mau.vn/vu-mua-moi-post2.html", "https://mau.vn/vu-mua-cu-post1.html", "https://mau.vn/chi-co-ma-post4.html"]
    );
    let dates = [Some("2026-03-06T09:30:00+07:00".to_owned()), Some("2026-03-05T08:00:00+07:00".to_owned()), None];
    assert_eq!(published(&found), dates);
    assert_eq!((found.elsewhere, found.passed_over, found.faults), (1, 1, vec![]));
}

#[test]
fn every_form_of_feed_is_read() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://mau.vn/tin/"><entry><title>A</title>
        <link rel="enclosure" href="a.mp3"/><link rel="alternate" href="vu-mua-post1.html"/><updated>2026-03-05T08:00:00Z</updated></entry></feed>"#;
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [{"id": "1", "url": "https://mau.vn/tin/vu-mua-post1.html", "content_text": "x"}]}"#;
    let rdf = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/><item><title>A</title><link>https://mau.vn/tin/vu-mua-post1.html</link></item></rdf:RDF>"#;
    let old =
        r#"<rss version="0.91"><channel><item><title>A</title><link>https://mau.vn/tin/vu-mua-post1.html</link></item></channel></rss>"#;
    let none = r"<rss><channel><item><title>A</title><link>https://mau.vn/tin/vu-mua-post1.html</link></item></channel></rss>";
    for feed in [atom, json, rdf, old, none] {
        let found = read("https://mau.vn/rss", feed, Kind::Feed);
        assert_eq!(articles(&found), ["https://mau.vn/tin/vu-mua-post1.html"], "{feed}");
        assert_eq!(found.faults.is_empty(), feed != none, "{feed}");
    }
}

#[test]
fn a_broken_feed_gives_the_links_in_it_with_their_dates() {
    let broken = r#"<rss version="2.0"><channel><link>https://mau.vn/</link><item><title>Lúa & ngô <b></title>
        <link>https://mau.vn/lua-ngo-post1.html</link><pubDate>Thu, 05 Mar 2026 08:00:00 +0700</pubDate></item>
        <item><link href="/tau-ca-post2.html?a=1&amp;utm_id=2"/><guid>x</guid><item><guid>https://mau.vn/rung-xanh-post3.html</guid>"#;
    let found = read("https://mau.vn/rss", broken, Kind::Feed);
    assert_eq!(articles(&found), ["https://mau.vn/lua-ngo-post1.html", "https://mau.vn/rung-xanh-post3.html"]);
    assert_eq!(published(&found)[0].as_deref(), Some("2026-03-05T08:00:00+07:00"));
    assert!(matches!(found.faults[..], [Fault::BrokenFeed(_)]), "{:?}", found.faults);
    assert_eq!(found.passed_over, 1, "the second has a query behind its ending");
}

#[test]
fn a_listing_is_read_as_what_it_is() {
    let page = "<!doctype html><html><body><a href=/a-b-c-post1.html>A</a>";
    let sitemap = "<urlset><url><loc>https://mau.vn/a-b-c-post1.html</loc></url></urlset>";
    let rss = r#"<!-- x --><rss version="2.0"><channel><item><link>https://mau.vn/a-b-c-post1.html</link></item></channel></rss>"#;
    let forms = [(Kind::Page, page), (Kind::Sitemap, sitemap), (Kind::Feed, rss)];
    for asked in [Kind::Page, Kind::Sitemap, Kind::Feed] {
        for (kind, body) in forms {
            let found = read("https://mau.vn/rss", body, asked);
            assert_eq!((found.kind, articles(&found)), (kind, vec!["https://mau.vn/a-b-c-post1.html"]));
            let told = if kind == asked { vec![] } else { vec![Fault::OtherKind { asked, got: kind }] };
            assert_eq!(found.faults, told);
        }
    }
}

const SITEMAP: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n" xmlns:image="i">
<url><loc>https://mau.vn/cu-post1.html</loc><lastmod>2026-03-01</lastmod><image:image><image:loc>https://mau.vn/anh-post9.html</image:loc></image:image></url>
<url><loc>
  https://mau.vn/moi-post2.html </loc><news:news><news:publication_date>2026-03-06T21:15:00+07:00</news:publication_date></news:news></url>
<url><loc>https://khac.vn/la-post3.html</loc></url>
<url><loc>javascript:alert(1)</loc></url>
<url><loc>https://mau.vn/viewer.aspx?macm=39&amp;mabb=5&#38;x=1&y=2</loc></url>
<url><loc>https://mau.vn/thoi-su</loc></url></urlset>"#;

#[test]
fn a_sitemap_gives_its_articles_newest_first() {
    let found = read("https://mau.vn/sitemap-news.xml", SITEMAP, Kind::Sitemap);
    let expected = ["https://mau.vn/moi-post2.html", "https://mau.vn/cu-post1.html", "https://mau.vn/viewer.aspx?macm=39&mabb=5&x=1&y=2"];
    assert_eq!(articles(&found), expected);
    assert_eq!(published(&found)[0].as_deref(), Some("2026-03-06T21:15:00+07:00"));
    assert_eq!(found.articles[1].changed.map(|when| when.to_string()).as_deref(), Some("2026-03-01T00:00:00+07:00"));
    assert_eq!((found.elsewhere, found.passed_over, found.faults), (2, 1, vec![]));
}

#[test]
fn an_index_gives_its_sitemaps_newest_first_and_not_those_of_sections() {
    let names = [
        "news-2025-12.xml",
        "news-2026-3.xml",
        "categories.xml",
        "topics-1.xml",
        "a-tags.xml",
        "news-2026-1.xml",
        "google-news.xml",
        "index.xml",
    ];
    let mut body = "<sitemapindex>".to_owned();
    for name in names {
        let _ = write!(body, "<sitemap><loc>https://mau.vn/{name}</loc></sitemap>");
    }
    let found = read("https://mau.vn/index.xml", &(body + "</sitemapindex>"), Kind::Sitemap);
    let expected = ["news-2026-3.xml", "news-2026-1.xml", "news-2025-12.xml", "google-news.xml"];
    assert_eq!(found.listings.iter().map(|l| l.link.url().path().trim_start_matches('/')).collect::<Vec<_>>(), expected);
    assert!(found.listings.iter().all(|further| further.asked == Asked { kind: Kind::Sitemap, hops: 1 } && further.why == Why::Indexed));
}

#[test]
fn indexes_of_indexes_end() {
    let body = "<sitemapindex><sitemap><loc>https://mau.vn/x.xml</loc></sitemap></sitemapindex>";
    let found = read_as("https://mau.vn/s.xml", body, Kind::Sitemap, limits::INDEX_DEPTH);
    assert_eq!((found.listings.len(), found.bounded.count(Bound::TooDeep)), (0, 1));
}

#[test]
fn a_broken_sitemap_keeps_what_was_read() {
    for tail in ["<url><loc>https://mau.vn/y", "<url><loc", "<![CDATA[", "<!-- "] {
        let found =
            read("https://mau.vn/s.xml", &format!("<urlset><url><loc>https://mau.vn/x-post1.html</loc></url>{tail}"), Kind::Sitemap);
        assert_eq!(articles(&found), ["https://mau.vn/x-post1.html"]);
        assert!(matches!(found.faults[..], [Fault::BrokenXml { .. }]), "{tail}: {:?}", found.faults);
    }
}

#[test]
fn a_sitemap_of_plain_lines_and_one_in_gzip_are_read() {
    let lines = "\u{feff}https://mau.vn/x-post1.html\r\n\r\nhttps://mau.vn/y-post2.html\n";
    assert_eq!(articles(&read("https://mau.vn/s.txt", lines, Kind::Sitemap)).len(), 2);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(SITEMAP.as_bytes()).expect("memory takes all");
    let packed = gzip.finish().expect("memory takes all");
    let found = read_as("https://mau.vn/s.xml.gz", packed.clone(), Kind::Sitemap, 0);
    assert_eq!((found.articles.len(), found.faults), (3, vec![]));
    let found = read_as("https://mau.vn/s.xml.gz", &packed[..packed.len() - 12], Kind::Sitemap, 0);
    assert_eq!(found.faults[0], Fault::BrokenGzip);
}

#[test]
fn a_bomb_of_gzip_ends_at_the_limit() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"<urlset><url><loc>https://mau.vn/x-post1.html</loc></url>").expect("memory takes all");
    let block = vec![b' '; 1 << 20];
    (0..60).for_each(|_| gzip.write_all(&block).expect("memory takes all"));
    let found = read_as("https://mau.vn/s.xml.gz", gzip.finish().expect("memory takes all"), Kind::Sitemap, 0);
    assert_eq!((found.articles.len(), found.bounded.count(Bound::TooLarge)), (1, 1));
}

#[test]
fn entities_that_a_document_declares_are_never_expanded() {
    let mut doctype = "<!DOCTYPE x [<!ENTITY a0 \"xxxxxxxxxx\">".to_owned();
    for n in 1..30 {
        let _ = write!(doctype, "<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    }
    doctype.push_str("<!ENTITY f SYSTEM \"file:///etc/passwd\">]>");
    let urls = "<url><loc>https://mau.vn/&a29;-post1.html</loc></url><url><loc>https://mau.vn/&f;-post2.html</loc></url>";
    let found = read("https://mau.vn/s.xml", &format!("{doctype}<urlset>{urls}</urlset>"), Kind::Sitemap);
    assert_eq!(articles(&found), ["https://mau.vn/&a29;-post1.html", "https://mau.vn/&f;-post2.html"]);
    let rss = "<rss version=\"2.0\"><channel><item><link>https://mau.vn/x-post1.html</link><title>&a29;&f;</title></item></channel></rss>";
    let found = read("https://mau.vn/rss", &format!("{doctype}{rss}"), Kind::Feed);
    assert_eq!(articles(&found), ["https://mau.vn/x-post1.html"]);
}

#[test]
fn more_entries_than_a_sitemap_may_have_are_left() {
    let mut body = "<urlset>".to_owned();
    (0..limits::SITEMAP_ENTRIES + 5).for_each(|n| _ = write!(body, "<url><loc>https://mau.vn/x-post{n}.html</loc></url>"));
    let found = read("https://mau.vn/s.xml", &body, Kind::Sitemap);
    assert_eq!((found.articles.len(), found.bounded.count(Bound::TooManyLinks)), (limits::SITEMAP_ENTRIES, 1));
}

#[test]
fn a_feed_that_would_keep_its_reader_busy_is_scanned() {
    let item = "<item><link>https://mau.vn/x-post1.html</link></item>";
    let mut wide = "<rss version=\"2.0\"><channel><x ".to_owned();
    (0..20_000).for_each(|n| _ = write!(wide, "a{n}=\"\" "));
    let deep = format!("<rss version=\"2.0\"><channel>{}", "<a xmlns:b=\"c\">".repeat(100_000));
    for (body, bound) in [(wide + "/>", Bound::TooLarge), (deep, Bound::TooDeep)] {
        let found = read("https://mau.vn/rss", &format!("{body}{item}"), Kind::Feed);
        assert_eq!((articles(&found), found.bounded.count(bound)), (vec!["https://mau.vn/x-post1.html"], 1));
    }
}

/// `count` entries of a feed.
fn items(count: usize, more: &str) -> String {
    (0..count).fold(String::new(), |all, n| all + &format!("<item><link>https://mau.vn/x-post{n}.html</link>{more}</item>"))
}

#[test]
fn a_feed_of_more_than_anybody_reads_gives_its_first_entries() {
    let rss = |inside: &str| format!("<rss version=\"2.0\"><channel><title>x</title>{inside}</channel></rss>");
    let json = |items: &str| format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"x\",\"items\":[{items}]}}");
    let entry = "{\"id\":\"1\",\"url\":\"https://mau.vn/x-post1.html\"},";
    let rows = [
        (rss(&items(100_000, "")), Bound::TooLarge, limits::FEED_ENTRIES),
        (rss(&items(3_000, "")), Bound::TooManyLinks, limits::FEED_ENTRIES),
        (rss(&items(10, &"<enclosure url=\"https://mau.vn/a.mp3\"/>".repeat(20_000))), Bound::TooLarge, 10),
        (rss(&items(10, &"<category>x</category>".repeat(20_000))), Bound::TooLarge, 10),
        (json(&entry.repeat(150_000)), Bound::TooLarge, 0),
    ];
    for (feed, bound, articles) in rows {
        let found = read("https://mau.vn/rss", &feed, Kind::Feed);
        assert!(found.bounded.count(bound) > 0, "{feed:.200}: {:?}", found.bounded);
        assert_eq!(found.articles.len(), articles, "{feed:.200}");
    }
}

#[test]
fn hostile_xml_costs_no_more_than_its_size() {
    let loc = "<url><loc>https://mau.vn/x-post1.html</loc></url>";
    let quadratic =
        format!("<!DOCTYPE x [<!ENTITY a \"{}\">]><urlset><url><loc>{}</loc></url>{loc}", "x".repeat(100_000), "&a;".repeat(100_000));
    let forms = [
        format!("<urlset>{}{loc}", "<a>".repeat(100_000)),
        format!("<urlset {}>{loc}</urlset>", (0..100_000).fold(String::new(), |all, n| all + &format!("a{n}='' "))),
        format!("<urlset>{}{loc}", "<!-- x -->".repeat(300_000)),
        format!("<urlset>{}{loc}", "<?x y?>".repeat(300_000)),
        format!("<urlset>{loc}<url><loc>{}", "x".repeat(5 << 20)),
        format!("<urlset>{loc}{}", "<![CDATA[".repeat(100_000)),
        quadratic,
    ];
    for form in forms {
        let found = read("https://mau.vn/s.xml", &form, Kind::Sitemap);
        assert_eq!(articles(&found), ["https://mau.vn/x-post1.html"], "{form:.120}");
    }
}

#[test]
fn an_entry_that_leads_astray_is_counted_and_not_followed() {
    let long = format!("https://mau.vn/{}-post1.html", "x".repeat(100_000));
    let astray = [
        "javascript:alert(1)",
        "data:text/html,<a href=/x-post1.html>",
        "mailto:a@mau.vn",
        "file:///etc/passwd",
        "ftp://mau.vn/x-post1.html",
        "https://khac.vn/x-post1.html",
        "https://mau.vn@khac.vn/x-post1.html",
        "https://mau.vn.khac.vn/x-post1.html",
        "https://mau.vn:8443/x-post1.html",
        "//khac.vn/x-post1.html",
        "https://127.0.0.1/x-post1.html",
        long.as_str(),
    ];
    let sound = "https://user:secret@mau.vn/vu-mua-post9.html";
    let (mut sitemap, mut rss) = ("<urlset>".to_owned(), "<rss version=\"2.0\"><channel><title>x</title>".to_owned());
    let mut page = "<html>".to_owned();
    for address in astray.into_iter().chain([sound]) {
        let escaped = address.replace('<', "&lt;").replace('>', "&gt;");
        let _ = write!(sitemap, "<url><loc>{escaped}</loc></url>");
        let _ = write!(rss, "<item><link>{escaped}</link></item>");
        let _ = write!(page, "<a href=\"{escaped}\">x</a>");
    }
    for (body, kind) in [(sitemap + "</urlset>", Kind::Sitemap), (rss + "</channel></rss>", Kind::Feed), (page, Kind::Page)] {
        let found = read("https://mau.vn/x", &body, kind);
        assert_eq!(articles(&found), ["https://mau.vn/vu-mua-post9.html"], "{kind:?}: whoever is named in an address is left out of it");
        assert_eq!((found.elsewhere, found.bounded.count(Bound::TooLong)), (astray.len() - 1, 1), "{kind:?}");
    }
}

#[test]
fn an_index_that_leads_to_itself_or_away_leads_nowhere() {
    let entries = [
        "https://mau.vn/s.xml",
        "https://mau.vn/s.xml#x",
        "/s.xml",
        "https://khac.vn/s.xml",
        "javascript:x",
        "https://mau.vn/t.xml",
        "/t.xml",
    ];
    let body = entries.map(|loc| format!("<sitemap><loc>{loc}</loc></sitemap>")).concat();
    let found = read("https://mau.vn/s.xml", &format!("<sitemapindex>{body}</sitemapindex>"), Kind::Sitemap);
    assert_eq!(listings(&found), [(Why::Indexed, "https://mau.vn/t.xml")]);
    assert_eq!(found.elsewhere, 2);
    // A hundred of them, each in the one before: the third is the last.
    let mut hops = 0;
    while let [further] = &read_as(
        &format!("https://mau.vn/{hops}.xml"),
        format!("<sitemapindex><sitemap><loc>https://mau.vn/{}.xml</loc></sitemap></sitemapindex>", hops + 1),
        Kind::Sitemap,
        hops,
    )
    .listings[..]
    {
        hops = further.asked.hops;
    }
    assert_eq!(hops, limits::INDEX_DEPTH);
}

#[test]
fn a_date_far_away_is_no_date_of_an_entry() {
    let entry = |date: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>x</title><item><link>https://mau.vn/x-post1.html</link><pubDate>{date}</pubDate></item></channel></rss>"
        )
    };
    for date in [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "0001-01-01T00:00:00Z",
        "2099-01-01",
        "1066-10-14",
        "99999999999",
        "Thu, 99 Foo 2026 99:99:99 +9999",
        "-1",
        "\u{1b}[2J",
    ] {
        let found = read("https://mau.vn/rss", &entry(date), Kind::Feed);
        assert_eq!((articles(&found).len(), published(&found)), (1, vec![None]), "{date}");
    }
}

const FRONT: &str = r##"<html><head><base href="/tin/"><link rel="alternate" type="application/rss+xml" href="/rss/home.rss">
<link rel="alternate" hreflang="en" href="/en/"></head><body><nav><a href="/thoi-su">Thời sự</a><a href="/tag/lua">Lúa</a></nav>
<a href="vu-mua-post1.html#binh-luan">A</a><a href="//www.mau.vn/vu-ca-post2.html?fbclid=x">B</a>
<a href="/vu-mua-doi-ten-post1.html">A, đổi tên</a><a href="https://mau.com.vn/bai-cu-post3.html">C</a>
<a href="javascript:void(0)">D</a><a href="mailto:a@mau.vn">E</a><a href="#top">F</a><a href="tel:1">G</a>
<a href="https://khac.vn/tin-la-post4.html">H</a><a href="https://a.mau.vn/tin-la-post5.html">I</a><a href="/khmer/tin-post6.html">K</a>
<a href="/khmer-cu/tin-post7.html">L</a><a href="/lien-he">M</a><a href="/rss/kinh-te.rss">RSS</a></body></html>"##;

#[test]
fn a_front_page_gives_articles_in_its_order_feeds_and_sections() {
    let found = read("https://mau.vn/", FRONT, Kind::Page);
    assert_eq!(
        articles(&found),
        ["https://mau.vn/tin/vu-mua-post1.html", "https://www.mau.vn/vu-ca-post2.html", "https://mau.com.vn/bai-cu-post3.html"]
    );
    assert_eq!(
        listings(&found),
        [
            (Why::Feed, "https://mau.vn/rss/home.rss"),
            (Why::Section, "https://mau.vn/thoi-su"),
            (Why::Feed, "https://mau.vn/rss/kinh-te.rss")
        ]
    );
    assert_eq!(found.elsewhere, 6);
}

#[test]
fn a_list_goes_on_at_its_next_page_alone() {
    let rows = [
        (
            "https://mau.vn/kinh-te/",
            r#"<a href="/kinh-te?p=3">3</a><a href="/kinh-te?p=2">2</a><a href="/xa-hoi?p=2">2</a>"#,
            Some("/kinh-te?p=2"),
        ),
        (
            "https://mau.vn/kinh-te?p=2",
            r#"<a href="?p=1">1</a><a href="?p=2">2</a><a href="?p=3">3</a><a href="?p=9">9</a>"#,
            Some("/kinh-te?p=3"),
        ),
        ("https://mau.vn/kinh-te.html", r#"<a href="/kinh-te/trang-2.html">2</a>"#, Some("/kinh-te/trang-2.html")),
        ("https://mau.vn/kinh-te", r#"<a href="/kinh-te-p2">»</a>"#, Some("/kinh-te-p2")),
        ("https://mau.vn/kinh-te", r#"<link rel="next" href="/kinh-te/tiep">"#, Some("/kinh-te/tiep")),
        ("https://mau.vn/kinh-te", r#"<a href="?sau=7"><b>Xem thêm</b></a>"#, Some("/kinh-te?sau=7")),
        ("https://mau.vn/kinh-te", r#"<a href="/xa-hoi"><b>Xem thêm</b></a>"#, None),
        ("https://mau.vn/kinh-te", r#"<a href="/kinh-te?p=51">51</a>"#, None),
    ];
    for (url, links, expected) in rows {
        let found = read(url, &format!("<html><body>{links}"), Kind::Page);
        let next = listings(&found).first().map(|(why, url)| (*why, url.trim_start_matches("https://mau.vn").to_owned()));
        assert_eq!(next, expected.map(|e| (Why::Following, e.to_owned())), "{links}");
    }
}

#[test]
fn pages_without_end_end_by_a_bound_with_a_name() {
    let next = r#"<html><a rel="next" href="/lich/tiep">Trang sau</a>"#;
    let found = read_as("https://mau.vn/lich/", next, Kind::Page, limits::FOLLOWING_PAGES);
    assert_eq!((found.listings.len(), found.bounded.iter().collect::<Vec<_>>()), (0, vec![(Bound::TooManyPages, 1)]));
    let rows = [
        (r#"<a rel="next" href="/lich/2031/05/">5/2031</a>"#, Bound::Calendar),
        (r#"<a rel="next" href="?asess=9">Trang sau</a>"#, Bound::SessionId),
        (r#"<a href="a/b/a/b/x-post1.html">x</a>"#, Bound::RepeatedSegments),
    ];
    for (body, bound) in rows {
        let found = read("https://mau.vn/lich/", &format!("<html>{body}"), Kind::Page);
        assert_eq!(found.bounded.iter().collect::<Vec<_>>(), [(bound, 1)], "{body}");
        assert!(found.articles.is_empty() && found.listings.is_empty());
    }
}

#[test]
fn a_page_that_would_keep_its_parser_busy_is_flattened_and_still_read() {
    let deep = "<div><b>".repeat(100_000);
    let wide = format!("<div {}>", "a=1 ".repeat(200_000));
    for trap in [deep, wide] {
        let found = read("https://mau.vn/", &format!("<html><a href=/x-post1.html>x</a>{trap}<a href=/y-post2.html>y</a>"), Kind::Page);
        let both = vec!["https://mau.vn/x-post1.html", "https://mau.vn/y-post2.html"];
        assert_eq!((articles(&found), found.bounded.count(Bound::TooDeep)), (both, 1));
    }
}

#[test]
fn a_page_brings_so_many_articles_and_no_more() {
    let mut body = "<html>".to_owned();
    (0..limits::PAGE_LINKS + 7).for_each(|n| _ = write!(body, "<a href=/x-post{n}.html>x</a>"));
    let found = read("https://mau.vn/", &body, Kind::Page);
    assert_eq!((found.articles.len(), found.bounded.count(Bound::TooManyLinks)), (limits::PAGE_LINKS, 7));
}

#[test]
fn without_a_form_the_shape_of_an_address_decides() {
    let page = r#"<html><a href="/vu-mua-moi-tren-dong-12345.html">A</a><a href="/kinh-te-82.html">B</a>"#;
    assert_eq!(articles(&read("https://shapely.vn/", page, Kind::Page)), ["https://shapely.vn/vu-mua-moi-tren-dong-12345.html"]);
}

#[test]
fn one_article_has_one_key_whatever_its_slug() {
    let book = book();
    let key = |url: &str| Link::of(&Url::parse(url).expect("sound"), &book.papers()[0]).key();
    let same = ["https://mau.vn/a-post7.html", "http://www.mau.com.vn/b/c-post7.html?utm_id=1#x"];
    assert_eq!(key(same[0]), key(same[1]));
    let apart = [
        "https://mau.vn/a-post7.html",
        "https://mau.vn/a-post8.html",
        "https://mau.vn/a-7.aspx",
        "https://mau.vn/khmer-cu/a-post7.html",
        "https://mau.vn/a",
        "https://mau.vn/a?x=1",
    ];
    let keys: std::collections::HashSet<_> = apart.iter().map(|url| key(url)).collect();
    assert_eq!(keys.len(), apart.len());
    assert_eq!(key("http://m.mau.vn/thoi-su/"), key("https://mau.vn/thoi-su"));
    assert_eq!(key("https://mau.vn/thoi-su").to_string(), "f77e8a4c5517b95f", "a state on disk knows it by this");
}

#[test]
fn a_page_without_an_address_or_without_anything_says_so() {
    let book = book();
    let ask = |body: &str| {
        let page = Page { body: Body::Text(body.to_owned()), ..Page::default() };
        discover::read(&page, &book, &book.papers()[0], Asked { kind: Kind::Page, hops: 0 }).faults
    };
    assert_eq!(ask("<html><a href=/x-post1.html>"), [Fault::NoAddress]);
    assert_eq!(ask(" \n"), [Fault::Empty]);
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Feed), Just(Kind::Sitemap), Just(Kind::Page)]
}

/// A sound sample with some of its bytes changed, a piece cut out, and a piece doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let sample = prop_oneof![Just(RSS), Just(SITEMAP), Just(FRONT)];
    (sample, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8), any::<[prop::sample::Index; 4]>()).prop_map(
        |(sample, changes, cuts)| {
            let mut bytes = sample.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let [a, b, c, d] = cuts.map(|cut| cut.index(bytes.len()));
            let doubled = bytes[c.min(d)..c.max(d)].to_vec();
            bytes.drain(a.min(b)..a.max(b));
            let at = c.min(bytes.len());
            bytes.splice(at..at, doubled);
            bytes
        },
    )
}

proptest! {
    #[test]
    fn no_bytes_bring_a_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in kinds()) {
        for head in ["", "<rss version=\"2.0\"><channel><item>", "<urlset><url><loc>", "<html><a href=\"", "{\"version\":\"https://jsonfeed.org/version/1\",", "\u{1f}\u{8b}"] {
            let found = read_as("https://mau.vn/x", [head.as_bytes(), &bytes].concat(), kind, 0);
            prop_assert!(found.articles.len() <= limits::SITEMAP_ENTRIES);
        }
    }

    #[test]
    fn nothing_but_the_papers_own_pages_comes_out(bytes in mutated(), kind in kinds()) {
        let found = read_as("https://mau.vn/x", bytes, kind, 0);
        let urls = found.articles.iter().map(|a| a.link.url()).chain(found.listings.iter().map(|l| l.link.url()));
        for url in urls {
            prop_assert!(matches!(url.scheme(), "http" | "https") && url.port().is_none());
            prop_assert!(matches!(url.host_str(), Some("mau.vn" | "www.mau.vn" | "m.mau.vn" | "amp.mau.vn" | "mau.com.vn")), "{url}");
        }
    }
}
