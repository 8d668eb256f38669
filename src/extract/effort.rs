//! How much work does a page take?
//!
//! Counted in tests alone, in steps (a node walked, a block looked at, a letter compared) and not in seconds, so that "linear in the size
//! of the page" is a sum that comes out the same on every machine. In the program it costs nothing.

#[cfg(test)]
std::thread_local! {
    static SPENT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many steps are taken.
#[cfg(test)]
pub(super) fn spend(steps: usize) {
    SPENT.set(SPENT.get() + steps);
}

/// So many steps are taken.
#[cfg(not(test))]
pub(super) const fn spend(_steps: usize) {}

/// How many steps `work` takes.
#[cfg(test)]
pub(super) fn of(work: impl FnOnce()) -> usize {
    let before = SPENT.get();
    work();
    SPENT.get() - before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{read, read_generic};
    use crate::page::{Body, Page};
    use crate::paper::Rulebook;

    const STORY: &str = "<p>Sáng nay bà con bản Nậm Lúc ra đồng gặt lúa sớm để tránh mưa lũ cuối vụ, nhà nào neo người được làm trước.</p>\
        <p>Các tổ đổi công giúp nhau gặt, tuốt và chở thóc về kho trước khi trời tối, ai cũng mong nắng thêm vài hôm.</p>";

    /// What stands on the page many times over; `{}` is its number.
    const KINDS: [(&str, &str, &str, &str); 30] = [
        ("paragraphs", "", "<p>Câu số {} kể thêm một điều mới về con phà cũ và dòng sông lớn của xã, không câu nào giống câu nào.</p>", ""),
        (
            "the same paragraph",
            "",
            "<p>Câu này kể đi kể lại một điều về con phà cũ và dòng sông lớn của xã, lần nào cũng y như lần trước.</p>",
            "",
        ),
        ("links", "", "<a href=/{}>Bài số {} của một trang toàn những bài</a> ", ""),
        ("paragraphs that are links", "", "<p><a href=/{}>Bài số {} của một trang toàn những bài</a></p>", ""),
        ("inline elements of one paragraph", "<p>", "<b>chữ {}</b> và ", "</p>"),
        (
            "containers",
            "",
            "<div class=c><div><p>Câu số {} kể thêm một điều mới về con phà cũ và dòng sông lớn của xã.</p></div></div>",
            "",
        ),
        (
            "teasers",
            "",
            "<div class=t><h3><a href=/{}>Bài số {} của một trang toàn những bài</a></h3><p>Tóm tắt của bài số {}.</p></div>",
            "",
        ),
        ("articles", "", "<article><p>Câu số {} kể thêm một điều mới về con phà cũ và dòng sông lớn của xã.</p></article>", ""),
        ("nested boxes", "", "<div>", ""),
        ("pictures", "", "<p><img src=/p{}.jpg alt='Ảnh số {}'></p>", ""),
        ("the same picture", "", "<p><img src=/p.jpg></p>", ""),
        ("figures", "", "<figure><img src=/p{}.jpg><figcaption>Chú thích của ảnh số {}.</figcaption></figure>", ""),
        ("captions without a picture", "", "<figcaption>Chú thích của ảnh số {}.</figcaption>", ""),
        ("captions of one figure", "<figure><img src=/p.jpg>", "<figcaption>Chú thích của ảnh số {}.</figcaption>", "</figure>"),
        ("pictures of one figure", "<figure itemtype=ImageObject>", "<img src=/p{}.jpg>", "<figcaption>Chú thích.</figcaption></figure>"),
        (
            "cells under pictures",
            "<table><tr><td><img src=/p.jpg><img src=/q.jpg></td></tr>",
            "<tr><td>Chú thích số {}.</td></tr>",
            "</table>",
        ),
        ("rows", "<table>", "<tr><td>Hàng {}</td><td>{}</td></tr>", "</table>"),
        ("tables", "", "<table><tr><td>Hàng {}</td><td>{}</td></tr><tr><td>b</td><td>c</td></tr></table>", ""),
        ("list items", "<ul>", "<li>Điều số {} mà xã đã bàn trong phiên họp hôm qua.</li>", "</ul>"),
        ("lines of one paragraph", "<p>", "Câu số {} kể thêm một điều mới về con phà cũ.<br>", "</p>"),
        ("picture lines", "", "<p>Phà chạy lại ảnh {}</p>", ""),
        ("numbers of one paragraph", "<p>", "Phà {} chạy ảnh {} ", "</p>"),
        ("headings", "", "<h2>Tiểu mục số {}</h2>", ""),
        ("headlines", "", "<h1>Phà chạy lại số {}</h1>", ""),
        (
            "headings of furniture",
            "",
            "<h2>Tin liên quan</h2><p>Câu số {} kể thêm một điều mới về con phà cũ và dòng sông lớn của xã, rồi thôi.</p>",
            "",
        ),
        ("boxes of furniture", "", "<div><h4>Tin liên quan</h4><ul><li>Bài {}</li></ul></div><p>Câu số {} kể thêm một điều.</p>", ""),
        ("bylines", "", "<div class=byline>Lò Thị Mai</div>", ""),
        ("dates", "", "<span class=date>12/5/2024 10:{}</span>", ""),
        ("meta elements", "", "<meta name=m{} content=x>", ""),
        ("bodies", "", "<div class=bai><p>Câu số {} kể thêm một điều mới về con phà cũ.</p></div>", ""),
    ];

    fn page(count: usize, (_, before, each, behind): (&str, &str, &str, &str), story_first: bool) -> Page {
        let many: String = (0..count).map(|number| each.replace("{}", &number.to_string())).collect();
        let story = format!("<div class=bai>{STORY}</div>");
        let body = format!("{before}{many}{behind}");
        let [first, second] = if story_first { [story, body] } else { [body, story] };
        let html = format!("<html lang=vi><title>Phà chạy lại</title><body><h1>Phà chạy lại</h1>{first}{second}</body></html>");
        Page { url: Some("https://baomau.vn/pha-chay-lai-post1.html".to_owned()), body: Body::Text(html), ..Page::default() }
    }

    #[test]
    fn the_work_grows_as_the_page_does_and_no_faster() {
        let rules =
            "[families.mau]\ntake.body = \"div.bai\"\n[papers.baomau]\nname = \"Báo Mẫu\"\nhosts = [\"baomau.vn\"]\nfamily = \"mau\"\n";
        let book = Rulebook::read(rules, "t.toml").expect("sound rules");
        for kind in KINDS {
            for story_first in [true, false] {
                for (how, by_rules) in [("generic", false), ("rules", true)] {
                    let steps = |count| {
                        let page = page(count, kind, story_first);
                        of(|| drop(if by_rules { read(&page, &book) } else { read_generic(&page, &book) }))
                    };
                    let [once, twice, often] = [200, 400, 800].map(steps);
                    let told = format!("{} ({how}, story first: {story_first}): {once}, {twice}, {often}", kind.0);
                    assert!(once > 200, "{told}");
                    assert!(twice * 10 <= once * 22 && often * 10 <= twice * 22, "{told}");
                }
            }
        }
    }
}
