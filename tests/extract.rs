//! Does reading a page keep its promises to those who work on the records?

use baotinh::article::Article;
use baotinh::extract;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;
use baotinh::record::{Provenance, Record};

const BODY: &str = "Bà con ra đồng từ sáng sớm để kịp gặt nốt thửa ruộng cuối cùng trước khi mưa về.";

/// A page of Báo Lào Cai at `url` with this behind its first paragraph.
fn page(url: &str, more: &str) -> Page {
    let html = format!(
        "<html lang=vi><h1 class=\"article__title cms-title\">Gặt lúa sớm</h1><div class=\"article__body cms-body\"><p>{BODY}</p>{more}</div>"
    );
    Page { url: Some(url.to_owned()), body: Body::Text(html), ..Page::default() }
}

fn article(page: &Page) -> Box<Article> {
    extract::read(page, Rulebook::built_in()).outcome.expect("a sound page of a known paper")
}

/// The id of the record that a page of Báo Lào Cai at `url` gives.
fn id(url: &str) -> String {
    let page = page(url, "");
    Record::new(&article(&page), &page, Provenance::default()).id.into_owned()
}

#[test]
fn an_article_keeps_its_id_under_another_slug() {
    let first = id("https://baolaocai.vn/gat-lua-som-post404.html");
    assert_eq!(id("https://baolaocai.vn/gat-lua-chay-mua-post404.html?utm_source=zalo"), first);
    assert_ne!(id("https://baolaocai.vn/gat-lua-som-post405.html"), first);
}

#[test]
fn pages_of_unknown_hosts_have_an_id_by_their_address() {
    let first = id("https://bao-la.example/gat-lua-som-404.html");
    assert_eq!(id("https://bao-la.example/gat-lua-som-404.html#cuoi"), first);
    assert_ne!(id("https://bao-la.example/gat-lua-chay-mua-404.html"), first);
}

#[test]
fn of_countless_pictures_the_first_thousand_stand_once_and_keep_the_caption_that_came_with_its_twin() {
    let pictures: String = (0..40_000)
        .map(|n| match n % 2 {
            0 => format!("<figure><img src=/{}.jpg></figure>", n / 2),
            _ => format!("<figure><img src=/{}.jpg><figcaption>Ruộng thứ {n}.</figcaption></figure>", n / 2),
        })
        .collect();
    let article = article(&page("https://baolaocai.vn/gat-lua-som-post404.html", &pictures));
    assert_eq!(article.images.len(), 1000);
    assert_eq!(article.images[999].caption.as_deref(), Some("Ruộng thứ 1999."));
}
