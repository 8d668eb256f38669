//! What does a page of the `ms` system look like?
//!
//! Its traps: a clock in the header; letters as entities; the lead is the first bold paragraph of the body; captions in the second row of
//! a table and once more as a paragraph; editors' paragraphs in a film's wrapper; no date but the printed one.

use super::newspaper::{Block, Issue, Section, Story};
use super::skeleton::{List, dead_ends, escape, others, weekday};

/// The page of a story.
pub fn article(issue: &Issue, story: &Story) -> String {
    let section = issue.section(story);
    let published = issue.published(story);
    let main = format!(
        r##"<div class="bread-crumb"><a class="title fleft" href="/{slug}/">{section}</a></div>
<h1 class="head_title">{title}</h1>
<div class="date">{weekday}, {printed}</div>
<ul class="social"><li><a href="#" class="fb">fb</a></li><li><a href="#" class="yt">yt</a></li><li><a href="#" class="zl">zl</a></li></ul>
<div id="content" class="content-detail"><div class="td-post-content">
{body}</div></div>
{tags}<div class="bd02"><div class="cate_title">Tin cùng chuyên mục</div><ul>{related}</ul></div>
<div class="comment_box"><h4>Gửi bình luận</h4><form action="#"><textarea rows="3" cols="20"></textarea></form></div>"##,
        slug = section.slug,
        section = escape(&section.name),
        title = escape(&story.title),
        weekday = weekday(&published),
        printed = published.strftime("%d/%m/%Y, %H:%M"),
        body = body(issue, story),
        tags = tags(issue, story),
        related = links(issue, &issue.stories_of(&story.section)),
    );
    page(issue, &story.title, &head(issue, story), &main, &links(issue, &others(issue, story, 4)))
}

fn head(issue: &Issue, story: &Story) -> String {
    let (address, title, lead) = (issue.address(story), escape(&story.title), escape(&story.lead));
    format!(
        r#"<meta name="description" content="{lead}" />
<meta property="og:type" content="article" />
<meta property="og:title" content="{title}" />
<meta property="og:description" content="{lead}" />
<meta property="og:url" content="{address}" />
<link rel="canonical" href="{address}" />"#
    )
}

fn page(issue: &Issue, title: &str, head: &str, main: &str, side: &str) -> String {
    let name = &issue.paper.name;
    let item = |section: &Section| format!(r#"<li><a href="/{}/">{}</a></li>"#, section.slug, escape(&section.name));
    let menu: String = issue.paper.sections.iter().map(item).collect();
    let clock = issue.hour(issue.edition);
    format!(
        r##"<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="vi">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title} - {name} điện tử</title>
{head}
<link rel="alternate" type="application/rss+xml" href="/rss/tin-moi.rss" />
</head>
<body>
<div id="header"><div class="top_bar"><div class="clock" id="current-date">{weekday}, {day}</div><a class="epaper" href="/bao-in/">Đọc báo in</a></div><a class="logo" href="/"><img src="/templates/web/images/logo.png" alt="{name} điện tử" /></a>
<div id="nav"><ul class="menu"><li><a href="/">Trang chủ</a></li>{menu}</ul></div></div>
<div id="wrapper"><div class="main">
<div class="col_left">
{main}
</div>
<div class="col_right"><div class="box"><div class="box_title">Đọc nhiều</div><ul>{side}</ul></div><div class="banner"><a href="#"><img src="/templates/web/images/banner-300.jpg" alt="Quảng cáo" /></a></div></div>
</div></div>
<div id="footer"><p>{name} điện tử - Tòa soạn không có thật.</p><p>Ghi rõ nguồn khi sử dụng lại nội dung.</p></div>
</body>
</html>
"##,
        title = escape(title),
        weekday = weekday(&clock),
        day = clock.strftime("%d/%m/%Y - %H:%M"),
    )
}

fn body(issue: &Issue, story: &Story) -> String {
    let mut parts = vec![format!("<p style=\"text-align: justify;\"><strong>{}</strong></p>\n", entities(&story.lead))];
    parts.extend(issue.blocks(story).iter().enumerate().map(|(place, block)| match block {
        // Editors leave paragraphs in what once held a film.
        Block::Paragraph(text) if place == 2 => {
            format!("<div class=\"media_core\" align=\"center\">\n<p>{}</p>\n</div>\n", entities(text))
        }
        Block::Paragraph(text) => format!("<p style=\"text-align: justify;\">{}</p>\n", entities(text)),
        Block::Heading(text) => format!("<p><strong>{}</strong></p>\n", entities(text)),
        Block::Picture(number) => picture(issue, story, *number),
    }));
    let signed = |byline: String| format!("<p style=\"text-align: right;\"><strong>{}</strong></p>\n", entities(&byline));
    parts.extend(story.byline().map(signed));
    parts.concat()
}

/// A picture in one of three shapes, all of which one paper uses.
fn picture(issue: &Issue, story: &Story, number: usize) -> String {
    let address = issue.picture_address(story, number);
    let line = entities(&story.pictures().nth(number).expect("blocks number the story's own pictures").line());
    match (story.title.len() + number) % 3 {
        0 => format!(
            "<table align=\"center\">\n<tbody>\n<tr><td><img alt=\"{line}\" src=\"{address}\" /></td></tr>\n<tr><td>{line}</td></tr>\n</tbody>\n</table>\n"
        ),
        shape => {
            let again = if shape == 1 { format!("<p>{line}</p>\n") } else { String::new() };
            format!(
                "<div>\n<table class=\"image center\" align=\"center\">\n<tbody>\n<tr>\n<td>\n<div class=\"new\"><a class=\"example-image-link\" href=\"{address}\" data-lightbox=\"slide-1\" data-title=\"{line}\"><img src=\"{address}?thumb\" alt=\"\" /></a></div>\n</td>\n</tr>\n<tr>\n<td class=\"desc\">{line}</td>\n</tr>\n</tbody>\n</table>\n</div>\n{again}"
            )
        }
    }
}

fn tags(issue: &Issue, story: &Story) -> String {
    if story.tags.is_empty() {
        return String::new();
    }
    let tag = |tag: &String| format!("<a href=\"{}/tag/x/\">{}</a> ", issue.origin(), escape(tag));
    format!("<div class=\"tag_list\">{}</div>\n", story.tags.iter().map(tag).collect::<String>())
}

fn links(issue: &Issue, stories: &[&Story]) -> String {
    let one = |story: &&Story| format!(r#"<li><a class="title2" href="{}">{}</a></li>"#, issue.path(story), escape(&story.title));
    stories.iter().map(one).collect()
}

/// Letters and the entities as which the system's editor writes them.
pub const NAMES: [(char, &str); 22] = [
    ('à', "agrave"),
    ('á', "aacute"),
    ('â', "acirc"),
    ('ã', "atilde"),
    ('è', "egrave"),
    ('é', "eacute"),
    ('ê', "ecirc"),
    ('ì', "igrave"),
    ('í', "iacute"),
    ('ò', "ograve"),
    ('ó', "oacute"),
    ('ô', "ocirc"),
    ('õ', "otilde"),
    ('ù', "ugrave"),
    ('ú', "uacute"),
    ('ý', "yacute"),
    ('Á', "Aacute"),
    ('Â', "Acirc"),
    ('Ê', "Ecirc"),
    ('Ô', "Ocirc"),
    ('Ú', "Uacute"),
    ('Í', "Iacute"),
];

fn entities(text: &str) -> String {
    NAMES.iter().fold(escape(text), |text, (letter, name)| text.replace(*letter, &format!("&{name};")))
}

/// A page that lists stories.
pub fn list(issue: &Issue, list: &List) -> String {
    let title = list.section.map_or(issue.paper.name.as_str(), |section| section.name.as_str());
    let one = |story: &&Story| {
        format!(
            "<div class=\"item\"><a href=\"{path}\"><img src=\"/file/thumb.jpg\" alt=\"\" /></a><h3><a class=\"title2\" href=\"{path}\">{title}</a></h3><div class=\"date\">{date}</div><p>{lead}</p></div>\n",
            path = issue.path(story),
            title = escape(&story.title),
            date = issue.published(story).strftime("%H:%M, %d/%m/%Y"),
            lead = entities(&story.lead),
        )
    };
    let stories: String = list.stories.iter().map(one).collect();
    let next = list.next(issue.paper.family).map(|path| format!("<a href=\"{path}\">Xem trang sau</a>")).unwrap_or_default();
    let main =
        format!("<h1 class=\"cate_name\">{}</h1>\n{stories}<ul>{}</ul><div class=\"paging\">{next}</div>", escape(title), dead_ends(issue));
    page(issue, title, "<meta property=\"og:type\" content=\"website\" />", &main, "")
}
