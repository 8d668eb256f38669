//! Is the cascade honest: do the paper's rules win unless they are plainly worse, and is the rule named that failed?

use baotinh::article::Reader;
use baotinh::extract::{self, How, Reading};
use baotinh::page::{Body, Page};
use baotinh::paper::{Field, Rulebook};

const RULES: &str = r#"[families.mau]
marks = ["div.khung-mau"]
take.title = "h1.tit"
take.lead = "p.sapo"
take.author = ".tac-gia"
take.body = [
    "div.noi-dung",
    "div.bai",
]
drop.social = [".binh-luan"]

[papers.baomau]
name = "Báo Mẫu"
hosts = ["baomau.vn"]
family = "mau"
article_address = '-post(?<id>\d+)\.html$'

[papers.baocu]
name = "Báo Cũ"
hosts = ["baocu.vn"]
take.title = "h1.cu"
take.body = "div.cu"
article_address = '-post(?<id>\d+)\.html$'

[papers.bao-khong-luat]
name = "Báo Không Luật"
hosts = ["khongluat.vn"]
"#;

fn book() -> &'static Rulebook {
    Box::leak(Box::new(Rulebook::read(RULES, "t.toml").expect("sound rules")))
}

const TITLE: &str = "Bến đò Cây Sung chạy thêm chuyến sớm";
const LEAD: &str = "Từ đầu tháng, bến đò Cây Sung chạy thêm hai chuyến sớm để học sinh kịp giờ vào lớp.";

/// So many paragraphs of a story, about thirty words each, no two of them alike.
fn story(paragraphs: usize) -> String {
    let people = ["chị Lành", "ông Bảy", "cô giáo Hoa", "anh Tư Đò", "bác Sáu"];
    let doings = ["chở gạo sang chợ", "đưa học trò qua sông", "vá lại mái chèo", "ghi tên từng người khách", "thắp đèn ngoài bến"];
    let part = |n: usize| {
        let (who, what, also) = (people[n % 5], doings[n * 2 % 5], doings[(n * 3 + 1) % 5]);
        format!(
            "<p>Chuyến thứ {n} rời bến lúc {} giờ, trên đò {who} vừa {what} vừa kể chuyện con nước ròng, rồi {also} cho đến khi nắng lên quá ngọn dừa.</p>\n",
            n % 9 + 4
        )
    };
    (1..=paragraphs).map(part).collect()
}

fn page_at(host: &str, body: &str) -> Page {
    let html = format!(
        "<!doctype html><html lang=vi><head><title>{TITLE}</title><meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" \
         content=\"{TITLE}\"><meta name=\"description\" content=\"{LEAD}\"></head><body>{body}</body></html>"
    );
    Page { url: Some(format!("http://{host}/ben-do-post7.html")), body: Body::Text(html), ..Page::default() }
}

fn read(body: &str) -> Reading<'static> {
    extract::read(&page_at("baomau.vn", body), book())
}

fn head() -> String {
    format!("<h1 class=tit>{TITLE}</h1><p class=sapo>{LEAD}</p>")
}

/// Who read it, how many paragraphs it has, the rule that failed and how.
fn told(reading: &Reading) -> (Reader, usize, Option<(String, &'static str)>) {
    let article = reading.outcome.as_ref().expect("an article");
    let lapse = reading.lapse.as_ref().map(|lapse| (lapse.rule.clone(), lapse.how.name()));
    (article.by, article.text.split("\n\n").count(), lapse)
}

const BODY: &str = "families.mau.take.body";

#[test]
fn rules_that_give_a_fraction_of_the_article_are_overruled_and_named() {
    let reading = read(&format!(
        "<main>{}<div class=noi-dung><p>Sáng nay bến đông hơn mọi hôm, người xuống đò phải xếp hàng dọc bờ kè.</p></div><div class=phan2>{}</div></main>",
        head(),
        story(9)
    ));
    assert_eq!(told(&reading), (Reader::Generic, 10, Some((BODY.to_owned(), "fraction"))));
    let lapse = reading.lapse.expect("a lapse");
    assert_eq!((lapse.line, lapse.place.as_deref()), (Some(6), Some("div.noi-dung")));
    let words = reading.outcome.expect("an article").text.split_whitespace().count();
    assert_eq!(lapse.to_string(), format!("{BODY} (line 6) with div.noi-dung gives 35 words of an article of {words}"));
}

#[test]
fn rules_that_give_nothing_but_furniture_are_overruled_and_named() {
    let furniture = "<div class=bai><p>Tòa soạn ở số 7 đường Bờ Kè, phường Bến Mới. Giấy phép số 12 cấp ngày 3 tháng 4.</p></div>";
    let reading = read(&format!("<h1 class=tit>{TITLE}</h1><div class=than><p>{LEAD}</p>{}</div>{furniture}", story(9)));
    assert_eq!(told(&reading), (Reader::Generic, 10, Some((BODY.to_owned(), "elsewhere"))));
    assert_eq!(reading.lapse.and_then(|lapse| lapse.place).as_deref(), Some("div.bai"));
}

#[test]
fn rules_that_find_nothing_are_named_with_how_little_of_them_fits() {
    let renamed = read(&format!("<h1>{TITLE}</h1><div class=x1><p>{LEAD}</p>{}</div>", story(6)));
    assert_eq!(told(&renamed), (Reader::Generic, 7, Some((BODY.to_owned(), "absent"))));
    assert_eq!(renamed.lapse.map(|lapse| lapse.how), Some(How::Absent { alone: true }));
    let half = read(&format!("{}<div class=x1>{}</div>", head(), story(6)));
    assert_eq!(half.lapse.map(|lapse| lapse.how), Some(How::Absent { alone: false }));
    let empty = read(&format!("{}<div class=bai><p>1</p></div><div class=x1>{}</div>", "<h1 class=tit>Bến đò</h1>", story(6)));
    assert_eq!(told(&empty).2, Some((BODY.to_owned(), "no_article")));
}

#[test]
fn a_family_whose_marks_the_page_bears_reads_it_before_the_reader_without_rules() {
    let body = format!("<div class=khung-mau>{}<div class=noi-dung>{}</div></div>", head(), story(6));
    let moved = extract::read(&page_at("baocu.vn", &body), book());
    assert_eq!(told(&moved), (Reader::Family, 7, Some(("papers.baocu.take.body".to_owned(), "absent"))));
    let without = extract::read(&page_at("khongluat.vn", &format!("<h1>{TITLE}</h1><div>{}</div>", story(6))), book());
    assert_eq!(told(&without), (Reader::Generic, 6, None), "who has no rules has none that failed");
}

#[test]
fn the_rules_win_unless_they_are_plainly_worse() {
    let short = "<p>Sáng nay bến đông hơn mọi hôm, người xuống đò phải xếp hàng dọc bờ kè, đò chạy chậm hơn.</p>";
    let entry =
        |n: usize| format!("<p><b>{}h{}0:</b> Đò số {n} cập bến, khách lên bờ trong trật tự, không ai phải chờ lâu.</p>", 6 + n / 6, n % 6);
    let live: String = (0..12).map(entry).collect();
    let comment = |n: usize| {
        format!(
            "<li><b>Bạn đọc {n}</b><span>2 giờ trước</span><p>Tôi đi đò này từ thời còn đi học, nay thấy có chuyến sớm thì mừng cho tụi nhỏ, \
             chỉ mong giá vé đừng tăng theo lần {n}.</p><a href=#>Trả lời</a></li>"
        )
    };
    let comments: String = (0..14).map(comment).collect();
    let teaser = |n: usize| {
        format!(
            "<div class=item><a href=/tin-post{n}.html><img src=/{n}.jpg></a><h3><a href=/tin-post{n}.html>Chợ nổi họp phiên thứ {n} trong năm</a></h3>\
             <p>Ghe xuồng từ các ngả kéo về từ lúc trời chưa sáng, hàng hóa bày kín mặt sông, phiên thứ {n} đông hơn phiên trước.</p></div>"
        )
    };
    let teasers: String = (1..12).map(teaser).collect();
    let photo = |n: usize| format!("<figure><img src=/anh-{n}.jpg><figcaption>Đò số {n} rời bến.</figcaption></figure>");
    let photos: String = (1..8).map(photo).collect();
    let rows = [
        ("long comments", format!("{}<div class=noi-dung>{short}</div><ul class=comments>{comments}</ul>", head())),
        ("comments that the rules drop", format!("{}<div class=noi-dung>{short}<ul class=binh-luan>{comments}</ul></div>", head())),
        ("a long column", format!("{}<div class=noi-dung>{short}</div><aside>{teasers}</aside>", head())),
        ("a long column of no name", format!("<div class=a>{}<div class=noi-dung>{short}</div></div><div class=b>{teasers}</div>", head())),
        ("photos", format!("{}<div class=noi-dung>{photos}</div><div class=b>{teasers}</div>", head())),
        ("a live report", format!("{}<div class=noi-dung>{live}</div><div class=b>{teasers}</div>", head())),
        (
            "another whole story below",
            format!(
                "<div class=a>{}<div class=noi-dung>{short}</div></div><div class=b><h2><a href=/khac-post8.html>Phiên chợ cuối năm</a></h2>{}</div>",
                head(),
                story(9)
            ),
        ),
        ("a long story", format!("{}<div class=noi-dung>{}</div><div class=b>{teasers}{comments}</div>", head(), story(12))),
    ];
    for (what, body) in rows {
        let reading = read(&body);
        let article = reading.outcome.as_ref().unwrap_or_else(|miss| panic!("{what}: {miss}"));
        assert_eq!((article.by, reading.lapse.as_ref()), (Reader::Family, None), "{what}: {}", article.text);
    }
}

#[test]
fn each_field_says_whether_a_rule_points_at_it_and_found_it() {
    let reading = read(&format!("{}<div class=noi-dung>{}</div>", head(), story(4)));
    let pointed = |field: Field| reading.pointed[field as usize];
    let expected = [
        (Field::Title, Some(true)),
        (Field::Lead, Some(true)),
        (Field::Body, Some(true)),
        (Field::Author, Some(false)),
        (Field::Tags, None),
    ];
    for (field, found) in expected {
        assert_eq!(pointed(field), found, "{field:?}");
    }
    let generic = read(&format!("<h1>{TITLE}</h1><div>{}</div>", story(4)));
    assert_eq!(generic.pointed, extract::Pointed::default());
}

#[test]
fn a_rule_that_points_at_the_footer_of_any_page_is_not_believed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let families = std::fs::read_dir(folder).expect("pages").map(|family| family.expect("readable").path());
    let files = families.filter(|family| !family.ends_with("none")).flat_map(|family| std::fs::read_dir(family).expect("a folder"));
    let (mut looked_at, mut believed) = (0, Vec::new());
    for file in files.map(|file| file.expect("readable").path()).filter(|file| file.extension().is_some_and(|e| e == "html")) {
        let gold: serde_json::Value = serde_json::from_slice(&std::fs::read(file.with_extension("json")).expect("gold")).expect("JSON");
        let body = Body::Bytes(std::fs::read(&file).expect("a page"));
        let page = Page { url: gold["url"].as_str().map(str::to_owned), body, ..Page::default() };
        let Ok(right) = extract::read(&page, Rulebook::built_in()).outcome else { continue };
        let host = right.url.as_deref().and_then(|url| url.split('/').nth(2)).unwrap_or("x.vn").trim_start_matches("www.");
        let rules = format!("[papers.x]\nname = \"X\"\nhosts = [\"{host}\"]\ntake.body = \"footer\"\n");
        let book = Rulebook::read(&rules, "t.toml").expect("sound rules");
        let Ok(article) = extract::read(&page, &book).outcome else { continue };
        let words = |text: &str| text.split_whitespace().count();
        looked_at += 1;
        if article.by == Reader::Rules && words(&article.text) * 3 < words(&right.text) {
            believed.push(file);
        }
    }
    assert!(looked_at > 40, "only {looked_at} pages");
    assert_eq!(believed, [""; 0].map(std::path::PathBuf::from));
}
