//! Is every selectors.toml either sound or wrong in named places?

use std::collections::HashSet;

use baotinh::extract;
use baotinh::page::{Body, Page};
use baotinh::paper::Rulebook;

/// A page on which a rulebook that was read is tried.
const PAGE: &str = "<!doctype html><title>Mùa lúa chín sớm - Báo Mẫu</title><meta name=description content='Bà con ra đồng.'>\
    <div class=a id=b><h1>Mùa lúa chín sớm</h1><p class=lead>BMO - Bà con ra đồng từ sáng sớm.</p><div class=body><p>Năm nay lúa chín \
    sớm hơn mọi năm.</p><figure><img src=/a.jpg><figcaption>Ruộng lúa. Ảnh: LK</figcaption></figure><p>Theo TTXVN</p></div></div>";

/// A rulebook.
pub fn selectors(data: &[u8]) {
    let toml = String::from_utf8_lossy(data);
    match Rulebook::read(&toml, "luật\u{1b}.toml") {
        Ok(book) => assert_sound(&book),
        Err(faults) => {
            assert!(!faults.as_slice().is_empty(), "refused, and nothing is wrong");
            let lines: Vec<usize> = toml.split('\n').map(|line| line.chars().count()).collect();
            for fault in faults.as_slice() {
                let length = fault.line.checked_sub(1).and_then(|line| lines.get(line));
                let length = length.unwrap_or_else(|| panic!("{fault}: the file has {} lines", lines.len()));
                assert!((1..=length + 1).contains(&fault.column), "{fault}: the line has {length} characters");
                assert!(!fault.to_string().chars().any(char::is_control), "{fault:?} steers a terminal");
            }
            let places = |fault: &baotinh::paper::Fault| (fault.line, fault.column);
            assert!(faults.as_slice().is_sorted_by_key(places), "{faults}: not in the order of the lines");
            assert!(!faults.to_string().chars().any(|c| c.is_control() && c != '\n'), "{faults:?} steers a terminal");
        }
    }
}

/// Every paper is found by its id and by its pages; and the rules can be used.
fn assert_sound(book: &Rulebook) {
    let ids: HashSet<&str> = book.papers().iter().map(|paper| paper.id.as_str()).collect();
    assert_eq!(ids.len(), book.papers().len(), "two papers with one id");
    for paper in book.papers() {
        let id = paper.id.as_str();
        assert!(!id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{id:?} is no id");
        assert_eq!(book.nearest(id), Some(id));
        assert_eq!(book.paper(id).map(|paper| &paper.name), Some(&paper.name));
        assert!(!paper.hosts.is_empty() && paper.requests_per_second > 0.0 && paper.requests_per_second <= 50.0);
        assert!(paper.family.as_ref().is_none_or(|family| book.family(family).is_some()), "{id}: a family that is none");
        for url in &paper.start_pages {
            assert_eq!(book.paper_of(url).map(|owner| owner.id.as_str()), Some(id), "{url} is another paper's");
        }
        let page = Page {
            url: Some(format!("https://{}/mua-lua-chin-som-post1.html", paper.hosts[0])),
            body: Body::Text(PAGE.to_owned()),
            ..Page::default()
        };
        if let Ok(article) = extract::read(&page, book).outcome {
            super::pages::assert_article(&article, &page);
        }
    }
}
