//! What does a page of the `epi` system look like?
//!
//! Its traps: `<title> ảnh N` before captions, beside pictures and as lines of their own; the same caption twice; advertisements whose
//! names are written backwards; related articles inside of the body; a lead that begins with the mark of the paper.

use super::newspaper::{Block, Issue, Picture, Story};
use super::skeleton::{List, dead_ends, escape, others};

/// The page of a story.
pub fn article(issue: &Issue, story: &Story) -> String {
    let section = issue.section(story);
    let (title, section_name) = (escape(&story.title), escape(&section.name));
    let published = issue.published(story);
    let (origin, name) = (issue.origin(), &issue.paper.name);
    format!(
        r#"<!DOCTYPE html> <html lang="vi"> <head> {head} </head> <body> {header}
<div class="site-body"> <div class="container detail"> <div class="rennab-wrap"> <div id="sdaWeb_SdaTop" class="rennab" data-platform="1"></div> </div>
<div class="breadcrumbs"> <h2 class="main"> <a href="{origin}/{slug}/" title="{section_name}" class="active">{section_name}</a> </h2> </div>
<div class="col"> <div class="main-col content-col"> <div class="article">
<h1 class="article__title cms-title "> {title} </h1>
<div class="article__meta"> <time class="time" datetime="{stamp}"><span data-time="{epoch}" data-format="long">{printed}</span></time> <meta class="cms-date" itemprop="datePublished" content="{stamp}"> {share} </div>
<div class="article__sapo cms-desc"> <i class="suoingan-icon"></i> {lead} </div>
<div class="article__body zce-content-body cms-body" itemprop="articleBody">
{body}
</div>
{tags} <div class="article__meta"> {share} </div> <div class="wrap-comment" id="comment1"></div> </div> </div>
{sidebar} </div>
<section class="suggest"> <h3 class="box-heading"> <a href="{origin}/{slug}/" class="title"> Có thể bạn quan tâm </a> </h3> <div class="box-content"> {suggested} </div> </section>
<div class="timeline"> <h3 class="box-heading"> <a href="{origin}/{slug}/" class="title"> Tin cùng chuyên mục </a> </h3> <div class="box-content content-list"> {same} </div> </div>
</div> </div> <footer class="site-footer container"> <p>{name} - Cơ quan ngôn luận không có thật.</p> <p class="text"> Muốn dùng lại nội dung, xin liên hệ tòa soạn. </p> </footer> </body> </html>
"#,
        head = head(issue, story),
        header = header(issue),
        slug = section.slug,
        stamp = published.strftime("%Y-%m-%dT%H:%M:%S%z"),
        epoch = published.timestamp().as_second(),
        printed = published.strftime("%d/%m/%Y %H:%M"),
        share = SHARE,
        lead = lead(issue, story),
        body = body(issue, story),
        tags = tags(issue, story),
        sidebar = sidebar(issue, story),
        suggested = stories(issue, &others(issue, story, 3), false),
        same = stories(issue, &issue.stories_of(&story.section), true),
    )
}

const SHARE: &str = r##"<div class="social social-share"> <a href="#" class="fb">fb</a> <a href="#" class="yt">yt</a> <a href="#" class="zl">zl</a> <a href="#" class="tw">tw</a> <a href="javascript:void(0);" class="print sendprint">In bài viết</a> </div>"##;

fn head(issue: &Issue, story: &Story) -> String {
    let (address, name) = (issue.address(story), &issue.paper.name);
    let (title, lead) = (escape(&story.title), escape(&story.lead));
    let stamp = |at: &jiff::Zoned| at.strftime("%Y-%m-%dT%H:%M:%S%z").to_string();
    let (published, modified) = (stamp(&issue.published(story)), stamp(&issue.modified(story)));
    format!(
        r#"<title>{title} | {name} điện tử</title> <meta http-equiv="Content-Type" content="text/html; charset=utf-8"/> <meta name="description" content="{lead}"/> <meta http-equiv="refresh" content="1800"/> <meta name="author" content="{name} điện tử"/>
<link rel="canonical" href="{address}"/> <meta property="og:type" content="article"/> <meta property="og:url" content="{address}"/> <meta property="og:title" content="{title}"/> <meta property="og:description" content="{lead}"/> <meta property="og:image" content="{origin}/images/share-1200.jpg"/>
<meta property="article:published_time" content="{published}"/> <meta property="article:modified_time" content="{modified}"/>
<script type="application/ld+json"> {{ "@context": "http://schema.org", "@type": "Organization", "name": "{name} điện tử", "url": "{origin}" }} </script>
<script type="application/ld+json"> {{ "@context": "http://schema.org", "@type": "NewsArticle", "mainEntityOfPage": {{ "@type": "WebPage", "@id": "{address}" }}, "headline": "{title}", "description": "{lead}", "datePublished": "{published}", "dateModified": "{modified}", "author": {{ "@type": "Person", "name": "" }}, "publisher": {{ "@type": "Organization", "name": "{name} điện tử" }} }} </script>
<link rel="alternate" type="application/rss+xml" href="{origin}/rss/home.rss"/> <style> .t1 {{ text-align: right; }} </style>"#,
        origin = issue.origin(),
    )
}

fn header(issue: &Issue) -> String {
    let item = |section: &super::newspaper::Section| {
        format!(r#"<li> <a href="{}/{}/">{}</a> </li> "#, issue.origin(), section.slug, escape(&section.name))
    };
    let menu: String = issue.paper.sections.iter().map(item).collect();
    format!(
        r#"<header class="site-header"> <div class="top-header"> <a href="tel:+84900000000"> Hotline: 0900 000 000 </a> {SHARE} </div> <a class="logo" href="{origin}/">{name}</a> <div class="search"> <input type="text" placeholder="Nhập từ khóa cần tìm"> </div> <div class="navigation sticky"> <ul class="menu"> <li> <a href="/">Trang chủ</a> </li> {menu}<li> <a href="{origin}/tim-kiem/?q=">Tìm kiếm</a> </li> </ul> </div> </header>"#,
        origin = issue.origin(),
        name = issue.paper.name,
    )
}

fn lead(issue: &Issue, story: &Story) -> String {
    let mark = issue.paper.dateline.as_ref().map(|mark| format!("{mark} - ")).unwrap_or_default();
    escape(&(mark + &story.lead))
}

fn body(issue: &Issue, story: &Story) -> String {
    let mut parts: Vec<String> = issue.blocks(story).iter().map(|block| piece(issue, story, block)).collect();
    parts.insert(1, middle(issue, story));
    parts.extend(story.byline().map(|byline| format!("<p class=\"article__author\">{}</p>\n", escape(&byline))));
    let from = |source: &String| format!("<p style=\"text-align: right;\"><strong>Theo {}</strong></p>\n", escape(source));
    parts.extend(story.source.as_ref().map(from));
    parts.concat()
}

fn piece(issue: &Issue, story: &Story, block: &Block) -> String {
    match block {
        Block::Paragraph(text) => format!("<p style=\"text-align: justify;\">{}</p>\n", escape(text)),
        Block::Heading(text) => format!("<h2>{}</h2>\n", escape(text)),
        Block::Picture(number) => picture(issue, story, *number),
    }
}

/// What stands in the middle of every story: an advertisement, and other stories.
fn middle(issue: &Issue, story: &Story) -> String {
    let link = |other: &&Story| format!("<p><a class=\"cms-relate\" href=\"{}\">{}</a></p>", issue.address(other), escape(&other.title));
    let related: String = others(issue, story, 2).iter().map(link).collect();
    format!(
        r#"<div class="sda_middle"><div id="sdaWeb_SdaArticleMiddle" class="rennab fyi" data-platform="1" data-position="Web_SdaArticleMiddle">Quảng cáo</div></div>
<table class="article__related"><tbody><tr><td><strong>TIN LIÊN QUAN</strong>{related}</td></tr></tbody></table>
"#
    )
}

/// A picture in one of four shapes, all of which one paper uses.
fn picture(issue: &Issue, story: &Story, number: usize) -> String {
    let address = issue.picture_address(story, number);
    let picture = story.pictures().nth(number).expect("blocks number the story's own pictures");
    let Picture { caption, .. } = picture;
    let (line, caption) = (escape(&picture.line()), escape(caption));
    let mark = format!("{} ảnh {}", escape(&story.title), number + 1);
    match (story.title.len() + number) % 4 {
        0 => format!(
            r#"<table class="picture" align="center"> <tbody> <tr> <td class="pic"><a class="photo" href="{address}" data-desc="{caption}"><img class="cms-photo" src="{address}" alt="{mark}"/></a></td> </tr> <tr> <td class="caption"> <p>{mark}{line}</p> </td> </tr> </tbody> </table>
"#
        ),
        1 => format!(
            r#"<p>{mark}</p>
<p><a class="photo" href="{address}"><img class="cms-photo" src="{address}" alt="{mark}" width="600"/></a></p>
<div> <div class="article-photo inlinephoto"><span class="fig">&nbsp;{line}</span></div> </div>
"#
        ),
        2 => format!(
            r#"<figure class="picture"> <img class="cms-photo lazyload" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="{address}" alt="{mark}"> <figcaption>{line}</figcaption> </figure>
"#
        ),
        _ => format!(
            r#"<table class="picture" align="center"> <tbody> <tr> <td class="pic"><img class="cms-photo" src="{address}" alt="{mark}"/></td> </tr> <tr> <td class="caption"> <p>{line}</p> <p>{line}</p> </td> </tr> </tbody> </table>
"#
        ),
    }
}

fn tags(issue: &Issue, story: &Story) -> String {
    if story.tags.is_empty() {
        return String::new();
    }
    let tag = |(number, tag): (usize, &String)| {
        format!(r#"<a href="{}/tu-khoa/x-tag{}.html">#{}</a> "#, issue.origin(), 20_400 + number, escape(tag))
    };
    let all: String = story.tags.iter().enumerate().map(tag).collect();
    format!(r#"<div class="article__tags"> <h3 class="box-heading">Từ khóa:</h3> <div class="box-content">{all}</div> </div>"#)
}

fn sidebar(issue: &Issue, story: &Story) -> String {
    let read = stories(issue, &others(issue, story, 4), false);
    format!(
        r#"<div class="sub-col sidebar-right"> <section class="hot-news"> <h3 class="box-heading"> <span class="title">Đọc nhiều</span> </h3> <div class="box-content"> {read} </div> </section> <div id="sdaWeb_SdaRight1" class="rennab fyi">Quảng cáo</div> </div>"#
    )
}

fn stories(issue: &Issue, stories: &[&Story], with_lead: bool) -> String {
    let one = |story: &&Story| {
        let (address, title) = (issue.address(story), escape(&story.title));
        let lead = if with_lead { format!(r#"<div class="story__summary"> {} </div> "#, escape(&story.lead)) } else { String::new() };
        format!(
            r#"<article class="story"> <figure class="story__thumb"> <a class="cms-link" href="{address}"> <img class="lazyload" data-src="{address}.webp" alt="{title}"> </a> </figure> <h2 class="story__heading"> <a class="cms-link" href="{address}" title="{title}"> {title} </a> </h2> {lead}</article> "#
        )
    };
    stories.iter().map(one).collect()
}

/// A page that lists stories.
pub fn list(issue: &Issue, list: &List) -> String {
    let (origin, name) = (issue.origin(), &issue.paper.name);
    let title = list.section.map_or(name.as_str(), |section| section.name.as_str());
    let next = list.next(issue.paper.family);
    let head_next = next.as_ref().map(|path| format!(r#"<link rel="next" href="{origin}{path}"/>"#)).unwrap_or_default();
    let paging = next.map(|path| format!(r#"<div class="pagination"> <a href="{origin}{path}">Trang sau</a> </div>"#)).unwrap_or_default();
    let hot = |story: &&Story| {
        let (address, title) = (issue.address(story), escape(&story.title));
        format!(r#"<li><a href="{address}?utm_source=trangchu&amp;zarsrc=30#binhluan">{title}</a></li>"#)
    };
    let hot: String = list.stories.iter().take(2).map(hot).collect();
    format!(
        r#"<!DOCTYPE html> <html lang="vi"> <head> <title>{title} | {name} điện tử</title> <meta http-equiv="Content-Type" content="text/html; charset=utf-8"/> <meta property="og:type" content="website"/> <link rel="alternate" type="application/rss+xml" href="{origin}/rss/home.rss"/> {head_next} </head> <body> {header}
<div class="site-body"> <ul class="hot">{hot}</ul> <div class="content-list"> {stories} </div> <ul class="hot">{dead}</ul> {paging} </div> </body> </html>
"#,
        header = header(issue),
        stories = stories(issue, &list.stories, true),
        dead = dead_ends(issue),
    )
}
