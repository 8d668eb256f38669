//! Is the line what the product page promises?

use baotinh::article::{Article, Image, Kind, Reader, VIETNAM, When};
use baotinh::page::{Body, Page};
use baotinh::record::{Format, Provenance, Record, SCHEMA, Sheet, line};
use jiff::civil::date;
use serde_json::{Value, json};

const KEYS: [&str; 25] = [
    "schema",
    "id",
    "url",
    "site",
    "province",
    "kind",
    "title",
    "lead",
    "dateline",
    "authors",
    "source",
    "published",
    "modified",
    "section",
    "tags",
    "language",
    "text",
    "images",
    "words",
    "content_hash",
    "simhash",
    "extractor",
    "fetched_at",
    "http",
    "revision",
];

fn article() -> Article {
    Article {
        url: Some("https://baolaocai.vn/gat-lua-som-post1.html".into()),
        key: None,
        kind: Kind::Article,
        title: "Gặt lúa sớm".into(),
        lead: Some("Bà con ra đồng từ sáng.".into()),
        dateline: Some("LCĐT".into()),
        authors: vec!["Lan Anh".into()],
        source: Some("TTXVN".into()),
        published: When::from_civil(date(2025, 6, 17).at(13, 43, 2, 0), VIETNAM),
        modified: None,
        section: vec!["Kinh tế".into(), "Nông nghiệp".into()],
        tags: vec!["lúa".into()],
        language: Some("vi".into()),
        text: "Bà con ra đồng từ sáng.\n\n# Năm nay được mùa.\n\n2. Giá *lúa* [khô] tăng.".into(),
        images: vec![Image {
            url: "https://image.baolaocai.vn/w1280/lua (1).jpg".into(),
            caption: Some("Ruộng bậc thang.".into()),
            credit: Some("MINH HẢI".into()),
        }],
        by: Reader::Family,
        rules: Some("epi".into()),
    }
}

fn bare() -> Article {
    Article {
        url: None,
        lead: None,
        dateline: None,
        authors: Vec::new(),
        source: None,
        published: None,
        section: Vec::new(),
        tags: Vec::new(),
        language: None,
        images: Vec::new(),
        by: Reader::Generic,
        rules: None,
        ..article()
    }
}

fn page() -> Page {
    Page {
        url: Some("https://baolaocai.vn/gat-lua-som-post1.html?gidzl=x".into()),
        status: Some(200),
        etag: Some("\"abc\"".into()),
        fetched_at: Some("2025-06-18T01:02:03.456Z".parse().expect("a time")),
        body: Body::default(),
        ..Page::default()
    }
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../record.schema.json")).expect("the schema is JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::draft202012::new(&schema).expect("the schema compiles")
}

fn value(line: &str) -> Value {
    serde_json::from_str(line).expect("a line is JSON")
}

#[test]
fn a_line_holds_every_key_in_the_order_of_the_product_page() {
    for line in [line(&article(), &page(), Provenance::default()), line(&bare(), &Page::default(), Provenance::default())] {
        let mut rest = line.as_str();
        for key in KEYS {
            let at = rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} stands in its place in {line}"));
            rest = &rest[at..];
        }
        assert_eq!(value(&line).as_object().expect("an object").len(), KEYS.len());
    }
}

#[test]
fn the_schema_and_the_product_page_name_the_same_keys() {
    let schema = value(include_str!("../record.schema.json"));
    let properties: Vec<&String> = schema["properties"].as_object().expect("properties").keys().collect();
    let mut keys = KEYS;
    keys.sort_unstable();
    assert_eq!(properties, keys);
    assert_eq!(schema["required"], json!(KEYS));
    assert_eq!(schema["properties"]["schema"]["const"], json!(SCHEMA));
}

#[test]
fn every_field_of_the_article_is_in_its_line() {
    let of = Provenance { site: Some("baolaocai"), province: Some("Lào Cai"), revision: 2, ..Provenance::default() };
    assert_eq!(
        value(&line(&article(), &page(), of)),
        json!({
            "schema": 1,
            "id": "699180e836fe30ce",
            "url": "https://baolaocai.vn/gat-lua-som-post1.html",
            "site": "baolaocai",
            "province": "Lào Cai",
            "kind": "article",
            "title": "Gặt lúa sớm",
            "lead": "Bà con ra đồng từ sáng.",
            "dateline": "LCĐT",
            "authors": ["Lan Anh"],
            "source": "TTXVN",
            "published": "2025-06-17T13:43:02+07:00",
            "modified": null,
            "section": ["Kinh tế", "Nông nghiệp"],
            "tags": ["lúa"],
            "language": "vi",
            "text": "Bà con ra đồng từ sáng.\n\n# Năm nay được mùa.\n\n2. Giá *lúa* [khô] tăng.",
            "images": [{
                "url": "https://image.baolaocai.vn/w1280/lua (1).jpg",
                "caption": "Ruộng bậc thang.",
                "credit": "MINH HẢI"
            }],
            "words": 16,
            "content_hash": "3ac664caf79249ff7dc9c54c9564ff68",
            "simhash": "f556878b4dfa1262",
            "extractor": {"by": "family", "rules": "epi", "version": env!("CARGO_PKG_VERSION")},
            "fetched_at": "2025-06-18T01:02:03Z",
            "http": {
                "status": 200,
                "etag": "\"abc\"",
                "last_modified": null,
                "final_url": "https://baolaocai.vn/gat-lua-som-post1.html?gidzl=x"
            },
            "revision": 2
        })
    );
}

#[test]
fn the_schema_takes_every_record() {
    let schema = schema();
    for kind in [Kind::Article, Kind::Photo, Kind::Video, Kind::Longform, Kind::Live] {
        for article in [Article { kind, ..article() }, Article { kind, ..bare() }] {
            for page in [page(), Page::default()] {
                let record = value(&line(&article, &page, Provenance::default()));
                let faults: Vec<String> = schema.iter_errors(&record).map(|fault| fault.to_string()).collect();
                assert_eq!(faults, [""; 0], "{record}");
            }
        }
    }
}

#[test]
fn the_schema_refuses_wrong_records() {
    let schema = schema();
    let right = value(&line(&article(), &page(), Provenance::default()));
    for (pointer, wrong) in [
        ("/schema", json!(2)),
        ("/id", json!(null)),
        ("/title", json!("")),
        ("/kind", json!("story")),
        ("/lead", json!("")),
        ("/authors", json!(null)),
        ("/authors", json!([1])),
        ("/published", json!("2025-06-17T13:43:02")),
        ("/published", json!("17/06/2025 13:43")),
        ("/fetched_at", json!("2025-06-18T01:02:03+07:00")),
        ("/text", json!(null)),
        ("/images", json!(["https://a.vn/b.jpg"])),
        ("/images/0/credit", json!(1)),
        ("/words", json!(1.5)),
        ("/words", json!(-1)),
        ("/content_hash", json!("FE690236FD5A490FF36E170F56F7E354")),
        ("/simhash", json!("12")),
        ("/extractor", json!("family")),
        ("/extractor/by", json!("guess")),
        ("/http/status", json!("200")),
        ("/revision", json!(0)),
        ("/language", json!("tiếng Việt")),
    ] {
        let mut record = right.clone();
        *record.pointer_mut(pointer).expect("the key is there") = wrong.clone();
        assert!(!schema.is_valid(&record), "{pointer} = {wrong} passed");
    }
    for key in KEYS {
        let mut record = right.clone();
        record.as_object_mut().expect("an object").remove(key);
        assert!(!schema.is_valid(&record), "a record without {key} passed");
    }
    let mut record = right;
    record["more"] = json!(1);
    assert!(!schema.is_valid(&record), "a key more passed");
}

#[test]
fn a_given_id_comes_back_unchanged() {
    let id = |article: &Article, id| {
        let of = Provenance { id, ..Provenance::default() };
        value(&line(article, &page(), of))["id"].as_str().expect("a string").to_owned()
    };
    assert_eq!(id(&article(), Some("vn/7 \u{301}")), "vn/7 \u{301}");
    assert_eq!(id(&article(), None), "699180e836fe30ce");
    assert_eq!(id(&bare(), None).len(), 16, "without an address the words give an id");
}

#[test]
fn a_line_is_one_line_whatever_is_in_the_text() {
    let text = "một\nhai\r\nba\u{b}bốn\u{c}năm\u{1c}sáu\u{85}bảy\u{2028}tám\u{2029}chín\u{1b}[31m\u{9b}2J\u{7f}\0";
    let article = Article { text: text.into(), ..article() };
    let line = line(&article, &page(), Provenance::default());
    assert!(!line.contains(|letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')), "{line:?}");
    assert_eq!(value(&line)["text"], json!(text));
}

#[test]
fn a_line_can_be_read_back() {
    for (article, page) in [(article(), page()), (bare(), Page::default())] {
        let line = line(&article, &page, Provenance::default());
        let record: Record<'static> = serde_json::from_str(&line).expect("a record");
        assert_eq!(record.title, article.title);
        assert_eq!(record.line(), line);
    }
    serde_json::from_str::<Record<'static>>("{\"schema\":1}").expect_err("a record has every key");
}

#[test]
fn words_are_split_at_white_space() {
    let words = |text: &str| value(&line(&Article { text: text.into(), ..article() }, &page(), Provenance::default()))["words"].clone();
    assert_eq!(words(""), json!(0));
    assert_eq!(words("Thủy điện - 3.200 m3/giây.\n\nHết."), json!(6));
}

/// What a sheet holds after `count` records were put on it.
fn sheet(format: Format, count: usize) -> String {
    let (article, page) = (article(), page());
    let mut sheet = Sheet::new(Vec::new(), format);
    for _ in 0..count {
        sheet.put(&format.render(&Record::new(&article, &page, Provenance::default()))).expect("a Vec takes everything");
    }
    String::from_utf8(sheet.finish().expect("a Vec takes everything")).expect("UTF-8")
}

#[test]
fn jsonl_is_a_line_a_record() {
    let line = line(&article(), &page(), Provenance::default());
    assert_eq!(sheet(Format::Jsonl, 0), "");
    assert_eq!(sheet(Format::Jsonl, 2), format!("{line}\n{line}\n"));
}

#[test]
fn json_is_one_array_however_many_records_there_are() {
    let record = value(&line(&article(), &page(), Provenance::default()));
    for count in 0..3 {
        assert_eq!(value(&sheet(Format::Json, count)), Value::from(vec![record.clone(); count]));
    }
}

#[test]
fn text_is_the_title_and_the_text() {
    let one = "Gặt lúa sớm\n\nBà con ra đồng từ sáng.\n\n# Năm nay được mùa.\n\n2. Giá *lúa* [khô] tăng.\n";
    assert_eq!(sheet(Format::Text, 0), "");
    assert_eq!(sheet(Format::Text, 1), one);
    assert_eq!(sheet(Format::Text, 2), format!("{one}\n----------------------------------------\n\n{one}"));
}

#[test]
fn markdown_has_the_lead_bold_and_the_pictures_at_the_end() {
    let one = "# Gặt lúa sớm\n\n**Bà con ra đồng từ sáng.**\n\n\\# Năm nay được mùa.\n\n2\\. Giá \\*lúa\\* \\[khô\\] tăng.\n\n\
               ![Ruộng bậc thang.](https://image.baolaocai.vn/w1280/lua%20%281%29.jpg)\n*MINH HẢI*\n";
    assert_eq!(sheet(Format::Markdown, 1), one);
    assert_eq!(sheet(Format::Markdown, 2), format!("{one}\n---\n\n{one}"));
}

#[test]
fn what_is_read_on_a_terminal_cannot_steer_it() {
    let article = Article { title: "Tin \u{1b}]0;x\u{7} mới".into(), text: "a\u{9b}2Jb\n\nc\rd".into(), ..bare() };
    for format in Format::ALL {
        let page = page();
        let printed = format.render(&Record::new(&article, &page, Provenance::default()));
        assert!(!printed.contains(|letter: char| letter.is_control() && letter != '\n'), "{printed:?}");
    }
}

#[test]
fn a_format_is_known_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let unknown = "xml".parse::<Format>().expect_err("xml is no format");
    assert_eq!(unknown.to_string(), "\"xml\" is no format: give jsonl, json, text or markdown");
}
