//! What does a page of the `fck` system look like?
//!
//! Its traps: captions are centred paragraphs like any other; two `h1`; a `<base>` that leads elsewhere; no lead, but the mark of the
//! paper in bold before the first paragraph; the byline is the last paragraph; the headline stands in the `title` of each picture.

use super::newspaper::{Block, Issue, Picture, Section, Story};
use super::skeleton::{List, dead_ends, escape, others};

/// The page of a story.
pub fn article(issue: &Issue, story: &Story) -> String {
    let section = issue.section(story);
    let (origin, address, title) = (issue.origin(), issue.address(story), escape(&story.title));
    format!(
        r#"<!DOCTYPE html>
<html lang="vi">
<head>
{head}
</head>
<body>
{header}
<div class="wappercontainer"><div class="container"><div id="content">
 <div id="colcate1">
 <div class="titlecate"><h1><a href="{origin}/{slug}/">{section}</a></h1></div>
 <div id="clear" class="sharemxh detail-fb-like-share"><span class="pubdate 128">{published}</span><div class="fright"><a class="ashare btn-facebook" href="https://www.facebook.com/sharer/sharer.php?u={address}"> Chia sẻ Facebook</a></div></div>
 <h1 class="margintopbot10 fw700">{title}&nbsp;<span class="sprite icophoto"></span></h1>
 <div id="newscontents">
<div class="content-fck slider-jsgallery 171">
{body}</div>
</div>
<div id="linkshare" data-id="248"><div class="sharelike"><b class="fs13">Chia sẻ bài viết</b> <a class="ashare btn-facebook" href="javascript:void(0);">fb</a> <a class="ashare" href="javascript:void(0);">zl</a></div></div>
{tags}<div id="comment"><b>BÌNH LUẬN</b><form method="POST" name="frmComments"><textarea name="txtinfocomment">Ý kiến của bạn</textarea><button class="btn_xanh_sm">Gửi ý kiến</button></form></div>
<div class="col-xs-12 detail-related"><div class="catename"><span class="cate-title">Tin cùng chuyên mục</span></div>
<ul class="related-list">
{related}</ul></div>
 </div>
{side}</div></div></div>
{footer}</body>
</html>
"#,
        head = head(issue, &story.title, Some(story)),
        header = header(issue),
        slug = section.slug,
        section = escape(&section.name),
        published = issue.published(story).strftime("%d/%m/%Y - %H:%M"),
        body = body(issue, story),
        tags = tags(issue, story),
        related = links(issue, &others(issue, story, 4)),
        side = side(issue, story),
        footer = footer(issue),
    )
}

fn head(issue: &Issue, title: &str, story: Option<&Story>) -> String {
    let (origin, name, title) = (issue.origin(), &issue.paper.name, escape(title));
    let common = format!(
        r#"<title>{title} - {name} Online</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="robots" content="index,follow" />
<base href="{origin}/static/templates/version1/homepage/" />
<link href="css/bootstrap.min.css" rel="stylesheet">
<link rel="alternate" type="application/rss+xml" href="{origin}/rss/home.rss" />
<style> .zoomimg {{ cursor: zoom-in }} </style>"#
    );
    let Some(story) = story else { return common };
    let address = issue.address(story);
    let description = escape(&format!("{} - {}", issue.paper.dateline.as_deref().unwrap_or_default(), story.lead));
    format!(
        r#"{common}
<link rel="canonical" href="{address}" />
<meta name="Description" content="{description}" />
<meta property="og:type" content="article" /><meta property="og:url" content="{address}" /><meta property="og:title" content="{title}" /><meta property="og:description" content="{description}" />
<script type="application/ld+json">
 {{ "@context": "https://schema.org/", "@type": "NewsArticle", "name": "{title}", "datePublished": "{day}", "description": "{description}" }}
</script>"#,
        day = issue.published(story).strftime("%Y-%m-%d"),
    )
}

fn header(issue: &Issue) -> String {
    let item = |section: &Section| {
        format!(r#"<li class="col-xs-6"><a class="subcm" href="{}/{}/">{}</a></li>"#, issue.origin(), section.slug, escape(&section.name))
    };
    let menu: String = issue.paper.sections.iter().map(item).collect();
    format!(
        r#"<div class="wapperheader"><nav class="navbar navbar-default"><a class="navbar-brand" href="{origin}/"><img alt="{name} Online" src="images/logo.png" /></a><ul id="nav1" class="nav navbar-nav">{menu}</ul></nav><div class="col-top-head"><a href="{origin}/xem-bao/bao-ngay/">Đọc báo giấy Online</a></div></div>"#,
        origin = issue.origin(),
        name = issue.paper.name,
    )
}

fn body(issue: &Issue, story: &Story) -> String {
    let mark = issue.paper.dateline.as_ref().map(|mark| format!("<strong>{mark} - </strong>")).unwrap_or_default();
    let mut parts = vec![format!("<p style=\"text-align: justify;\">{mark}{}</p>\n", escape(&story.lead))];
    parts.extend(issue.blocks(story).iter().map(|block| match block {
        Block::Paragraph(text) => format!("<p style=\"text-align: justify;\">{}</p>\n", escape(text)),
        Block::Heading(text) => format!("<p style=\"text-align: justify;\"><strong>{}</strong></p>\n", escape(text)),
        Block::Picture(number) => picture(issue, story, *number),
    }));
    parts.insert(2, "<div class=\"AMN_res_468 quangcao\">Quảng cáo: nước mắm Bến Phà, một giọt nhớ cả đời</div>\n".to_owned());
    let signed = |byline: String| format!("<p style=\"text-align: right;\"><strong>{}</strong></p>\n", escape(&byline));
    parts.extend(story.byline().map(signed));
    parts.concat()
}

/// A picture in one of four shapes, all of which one paper uses.
fn picture(issue: &Issue, story: &Story, number: usize) -> String {
    let picture = story.pictures().nth(number).expect("blocks number the story's own pictures");
    let Picture { caption, credit } = picture;
    let (line, caption) = (escape(&picture.line()), escape(caption));
    let img = format!(r#"<img title="{}" class="zoomimg" alt="" src="{}" />"#, escape(&story.title), issue.picture_address(story, number));
    let centred = |inner: &str| format!("<p style=\"text-align: center;\">{inner}</p>\n");
    match (story.title.len() + number) % 4 {
        0 => centred(&img) + &centred(&format!("<em>{line}</em>")),
        1 => centred(&format!("{img}<br />\n<em>{line}</em>")),
        2 => {
            let credit = credit.map(|credit| centred(&format!("<em>Ảnh: {credit}</em>"))).unwrap_or_default();
            centred(&img) + &centred(&caption) + &credit
        }
        _ => format!(
            "<table align=\"center\" border=\"0\"><tbody><tr><td>{img}</td></tr><tr><td style=\"text-align: center;\"><em>{line}</em></td></tr></tbody></table>\n"
        ),
    }
}

fn tags(issue: &Issue, story: &Story) -> String {
    if story.tags.is_empty() {
        return String::new();
    }
    let tag = |tag: &String| format!(r#"<a class="tag_item" href="{}/tim-kiem/{tag}.html">{tag}</a>"#, issue.origin());
    format!(
        "<div class=\"block_tag marginbottom10\"><div class=\"txt_tag\">Từ khóa</div>{}</div>\n",
        story.tags.iter().map(tag).collect::<String>()
    )
}

fn links(issue: &Issue, stories: &[&Story]) -> String {
    let one = |story: &&Story| {
        let (address, title) = (issue.address(story), escape(&story.title));
        format!(
            "<li class=\"related-item\"><a class=\"b-img\" href=\"{address}\"><img class=\"i-img\" src=\"{address}.webp\" alt=\"{title}\" /></a><div class=\"b-content\"><a href=\"{address}\"><h3 class=\"b-title\">{title}</h3></a></div></li>\n"
        )
    };
    stories.iter().map(one).collect()
}

fn side(issue: &Issue, story: &Story) -> String {
    let read = links(issue, &others(issue, story, 6));
    format!(
        "<div id=\"colcate2\"><div class=\"box-most\"><div class=\"catename\"><span>Tin đọc nhiều</span></div><ul>{read}</ul></div><div class=\"ads-right\">Quảng cáo</div></div>"
    )
}

fn footer(issue: &Issue) -> String {
    format!(
        "<div class=\"wapperfooter\"><p>{} Online - Tòa soạn không có thật. Ghi rõ nguồn khi phát hành lại thông tin từ website này.</p></div>\n",
        issue.paper.name
    )
}

/// A page that lists stories.
pub fn list(issue: &Issue, list: &List) -> String {
    let title = list.section.map_or(issue.paper.name.as_str(), |section| section.name.as_str());
    let pages: String = (1..=list.pages)
        .map(|page| match page {
            here if here == list.page => format!("<span class=\"current\">{page}</span> "),
            _ => format!("<a href=\"{}{}\">{page}</a> ", issue.origin(), list.path(issue.paper.family, page)),
        })
        .collect();
    format!(
        r#"<!DOCTYPE html>
<html lang="vi">
<head>
{head}
</head>
<body>
{header}
<div class="wappercontainer"><div class="container"><ul class="list-news">
{stories}{dead}
</ul><div class="paging">{pages}</div></div></div>
{footer}</body>
</html>
"#,
        head = head(issue, title, None),
        header = header(issue),
        stories = links(issue, &list.stories),
        dead = dead_ends(issue),
        footer = footer(issue),
    )
}
