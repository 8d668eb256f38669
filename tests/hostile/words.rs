//! Can the words of a page steer a terminal, leave their line, or name a place where they do not belong?

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{STORY, closing, extract, folder, opening, page};

/// What steers a terminal, turns the direction of writing, ends a line, or is nothing at all.
const STEERS: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{85}\u{2028}\u{2029}\u{7f}\u{8}\r\u{feff}\u{200b}\u{fffe}";

/// An article all of whose fields hold [`STEERS`].
fn steering() -> String {
    let entity = "&#27;[31m&#x9b;&#x202e;";
    let json = json!({
        "@type": "NewsArticle", "headline": format!("Tin{STEERS}"), "author": [{"@type": "Person", "name": format!("Lò{STEERS} Mai")}],
        "articleSection": format!("Kinh tế{STEERS}"), "datePublished": format!("2025-06-17{STEERS}"), "keywords": [format!("lúa{STEERS}")],
    });
    format!(
        "<!doctype html><html lang=\"vi{STEERS}\"><head><title>Tin{entity}{STEERS}</title><script type=\"application/ld+json\">{json}</script>\
         <link rel=canonical href=\"https://bao.example/tin{STEERS}-post7.html\"></head><body><h1>Tin{entity}{STEERS}</h1>\
         <p>{STORY}{entity}{STEERS}</p><figure><img src=\"/a{STEERS}.jpg\"><figcaption>Ảnh{STEERS}: Lò{entity} Mai</figcaption></figure><p>{STORY}</p>"
    )
}

fn is_harmless(text: &str) -> bool {
    !text.contains(|letter: char| letter.is_control() && letter != '\n' || STEERS.contains(letter) && !letter.is_ascii())
}

#[test]
fn nothing_of_a_page_reaches_a_terminal_raw_or_leaves_its_line() {
    let line =
        json!({"id": format!("a{STEERS}"), "url": format!("https://bao.example/{STEERS}x-post7.html"), "html": steering()}).to_string();
    let folder = folder(&[("a.html", steering().as_bytes()), ("b.jsonl", line.as_bytes()), ("c.html", b"\x1b[2J")]);
    for format in ["jsonl", "json", "text", "markdown"] {
        for log in ["text", "json"] {
            let out = Command::new(env!("CARGO_BIN_EXE_baotinh"))
                .args(["extract", "--log-format", log, "--color", "never", "--format", format, "."])
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .output()
                .expect("it runs");
            let (out, told) = (String::from_utf8(out.stdout).expect("UTF-8"), String::from_utf8(out.stderr).expect("UTF-8"));
            assert!(is_harmless(&told) && told.contains("c.html"), "{told:?}");
            // A given id comes back unchanged, with what cannot be seen in it; what steers is written in escapes.
            assert!(is_harmless(&out.replace(['\u{feff}', '\u{200b}', '\u{fffe}'], "")), "{format}: {out:?}");
            if format == "jsonl" {
                let records: Vec<Value> =
                    out.split('\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_str(l).expect("a record")).collect();
                assert_eq!(records.len(), 2);
                assert_eq!(records[1]["id"], format!("a{STEERS}"));
                for record in records {
                    let mut record = record;
                    record["id"] = Value::Null;
                    let every = strings(&record);
                    assert!(every.iter().all(|text| is_harmless(text)), "{every:?}");
                    assert_eq!(record["title"], "Tin[2J]0;x31m");
                }
            }
        }
    }
}

/// Every string in a value, at any depth.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(keys) => keys.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_page_takes_no_address_but_one_of_its_own_host_and_number() {
    let asked = "https://baolaocai.vn/tin-so-post7.html";
    let rows = [
        ("https://baoyenbai.com.vn/tin-khac-post9.html", asked),
        ("//baoyenbai.com.vn/tin-khac-post9.html", asked),
        ("javascript:alert(1)", asked),
        ("data:text/html,x", asked),
        ("file:///etc/passwd", asked),
        ("https://baolaocai.vn@evil.example/x-post9.html", asked),
        ("https://baolaocai.vn.evil.example/x-post9.html", asked),
        ("https://baolaocai.vn/", asked),
        ("", asked),
        // No article's address, and another article's number.
        ("../../../../etc/passwd", asked),
        ("/tin-khac-post9.html", asked),
        ("/tin-so-moi-post7.html", "https://baolaocai.vn/tin-so-moi-post7.html"),
        ("https://user:pass@baolaocai.vn/tin-so-moi-post7.html", "https://baolaocai.vn/tin-so-moi-post7.html"),
        ("https://www.baolaocai.vn/tin-so-moi-post7.html", "https://www.baolaocai.vn/tin-so-moi-post7.html"),
    ];
    let lines: Vec<String> = rows
        .iter()
        .map(|(canonical, _)| {
            let html = page("Tin số bảy", "").replace("https://baolaocai.vn/tin-so-post7.html", canonical);
            json!({"url": asked, "html": html}).to_string()
        })
        .collect();
    let run = extract(&folder(&[("p.jsonl", lines.join("\n").as_bytes())]), &["p.jsonl"]);
    assert_eq!(run.told, [""; 0]);
    for (record, (canonical, url)) in run.records.iter().zip(rows) {
        assert_eq!((&record["url"], &record["site"]), (&json!(url), &json!("baolaocai")), "{canonical}");
    }
}

#[test]
fn a_base_elsewhere_moves_no_address_but_those_of_pictures() {
    let rows = [
        ("https://cdn.example/x/", "https://cdn.example/x/a.jpg"),
        ("javascript:alert(1)", "https://baolaocai.vn/a.jpg"),
        ("data:text/html,x", "https://baolaocai.vn/a.jpg"),
        ("file:///etc/", "https://baolaocai.vn/a.jpg"),
        ("http://[", "https://baolaocai.vn/a.jpg"),
    ];
    let lines: Vec<String> = rows
        .iter()
        .map(|(base, _)| {
            let head = format!("<base href=\"{base}\"><meta http-equiv=refresh content=\"0;url=/tin-so-post7.html\">");
            let html = format!(
                "{}<img src=\"a.jpg\"><img src=\"javascript:x\"><img src=\"file:///x.jpg\">{}",
                opening("Tin số bảy", &head),
                closing()
            );
            json!({"url": "https://baolaocai.vn/tin-so-post7.html", "html": html}).to_string()
        })
        .collect();
    let run = extract(&folder(&[("p.jsonl", lines.join("\n").as_bytes())]), &["p.jsonl"]);
    for (record, (base, picture)) in run.records.iter().zip(rows) {
        assert_eq!(record["url"], "https://baolaocai.vn/tin-so-post7.html", "{base}");
        let pictures: Vec<&Value> = record["images"].as_array().expect("a list").iter().map(|image| &image["url"]).collect();
        assert_eq!(pictures, [picture], "{base}");
    }
}

#[test]
fn a_date_that_no_calendar_has_is_no_date() {
    let absurd = [
        "0000-00-00",
        "0000-01-01T00:00:00Z",
        "99999-01-01",
        "-0001-05-05",
        "2025-13-01",
        "2025-02-30T10:00:00",
        "2025-06-17T25:61:61",
        "17/13/2025",
        "99999999999999999999",
        "-1",
        "NaN",
        "1e400",
        "+275760-09-13T00:00:00.000Z",
        "hôm kia kìa",
        "\u{0}",
        "2199-01-01T00:00:00Z",
        "1066-10-14",
    ];
    let lines: Vec<String> = absurd
        .iter()
        .map(|date| {
            let json = json!({"@type": "NewsArticle", "headline": "Tin số bảy", "datePublished": date, "dateModified": date});
            let head = format!("<script type=\"application/ld+json\">{json}</script><meta property=\"article:published_time\" content=\"{date}\">");
            json!({"id": date, "url": "https://baolaocai.vn/tin-so-post7.html", "html": format!("{}{}", opening("Tin số bảy", &head), closing())}).to_string()
        })
        .collect();
    let run = extract(&folder(&[("p.jsonl", lines.join("\n").as_bytes())]), &["p.jsonl"]);
    assert_eq!(run.told, [""; 0]);
    let read: Vec<(&Value, &Value)> = run
        .records
        .iter()
        .filter(|record| !record["published"].is_null() || !record["modified"].is_null())
        .map(|record| (&record["id"], &record["published"]))
        .collect();
    assert_eq!(read, Vec::<(&Value, &Value)>::new());
    assert_eq!(run.records.len(), absurd.len());
    // An offset that no place has is none: the time is Vietnam's.
    let head = "<meta property=\"article:published_time\" content=\"2025-06-17T10:00:00+99:99\">";
    let run = crate::read(&[("offset", format!("{}{}", opening("Tin số bảy", head), closing()))]);
    assert_eq!(run.records[0]["published"], "2025-06-17T10:00:00+07:00");
}

#[test]
fn every_wrong_declaration_of_a_charset_is_seen_through() {
    let sound = page("Tin số bảy", "");
    let meta = |name: &str| sound.replace("<meta charset=\"utf-8\">", &format!("<meta charset=\"{name}\">")).into_bytes();
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let wider = |text: &str| text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect::<Vec<u8>>();
    let names = [
        "utf-7",
        "x-user-defined",
        "replacement",
        "iso-2022-kr",
        "hz-gb-2312",
        "iso-2022-cn",
        "utf-16",
        "utf-32",
        "nonsense",
        "\u{1b}[2J",
        "windows-1258",
        "iso-8859-1",
        "gbk",
        "shift_jis",
    ];
    let mut pages: Vec<(String, Vec<u8>)> = names.iter().enumerate().map(|(at, name)| (format!("{at:02}-meta"), meta(name))).collect();
    pages.extend([
        ("20-bom-8".to_owned(), [b"\xef\xbb\xbf".as_slice(), &meta("windows-1258")].concat()),
        ("21-bom-16le".to_owned(), [b"\xff\xfe".as_slice(), &wide(&sound, u16::to_le_bytes)].concat()),
        ("22-bom-16be".to_owned(), [b"\xfe\xff".as_slice(), &wide(&sound, u16::to_be_bytes)].concat()),
        ("23-16le".to_owned(), wide(&sound, u16::to_le_bytes)),
        ("24-16be".to_owned(), wide(&sound, u16::to_be_bytes)),
    ]);
    let names: Vec<String> = pages.iter().map(|(name, _)| format!("{name}.html")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(pages.iter().map(|(_, bytes)| bytes.as_slice())).collect();
    let run = extract(&folder(&files), &files.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(run.told, [""; 0]);
    assert_eq!(run.titles(), vec!["Tin số bảy"; pages.len()]);
    assert!(run.records.iter().all(|record| record["text"].as_str().is_some_and(|text| text.contains(STORY.trim()))));
    // No browser reads UTF-32, and no page of the web is written so: it has a name, and that is all.
    let folder = folder(&[("32.html", &[b"\xff\xfe\0\0".as_slice(), &wider(&sound)].concat()), ("32-bare.html", &wider(&sound))]);
    let run = extract(&folder, &["32.html", "32-bare.html"]);
    assert_eq!(run.records.len() + run.misses().len(), 2, "{:?}", run.told);
}

#[test]
fn shells_walls_and_loops_have_names() {
    let rows = [
        ("shell", "<!doctype html><div id=root></div><script src=/app.js></script>", "needs_javascript"),
        (
            "noscript",
            "<!doctype html><title>Tin</title><h1>Tin số bảy</h1><div id=app></div><noscript>Bật JavaScript để đọc.</noscript>",
            "needs_javascript",
        ),
        ("refresh", "<!doctype html><meta http-equiv=refresh content='0;url=/'><title>x</title>", "no_body"),
        (
            "consent",
            "<!doctype html><title>Tin số bảy</title><h1>Tin số bảy</h1><div class=cookie-consent><p>Trang này dùng cookie để phục vụ bạn đọc tốt hơn, xin bấm đồng ý để đi tiếp.</p><button>Đồng ý</button></div>",
            "no_body",
        ),
        ("frames", "<!doctype html><frameset cols=50%><frame src=/a><frame src=/b></frameset>", "no_title"),
        ("empty", "", "not_html"),
        ("blank", "<html></html>", "no_title"),
        ("json", "{\"a\":1}", "not_html"),
        ("pdf", "%PDF-1.7", "not_html"),
        ("binary", "\u{0}\u{1}\u{2}\u{3}", "not_html"),
    ];
    let run = crate::read(&rows.map(|(name, html, _)| (name, html.to_owned())));
    let names: Vec<String> = rows.iter().map(|(name, ..)| format!("{name}.html")).collect();
    let expected: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(rows.iter().map(|(_, _, miss)| *miss)).collect();
    assert_eq!(run.misses(), expected);
}
