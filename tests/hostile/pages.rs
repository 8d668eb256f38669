//! What does a page cost that was made to keep a reader busy?

use std::fmt::Write as _;

use crate::{STORY, closing, opening, page, read};

/// A little less than a page may have.
const WHOLE: usize = (10 << 20) - (16 << 10);

/// `count` times what `piece` says of a number.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

/// As much of `piece` as fills so many bytes.
fn filled(bytes: usize, piece: &str) -> String {
    piece.repeat(bytes / piece.len())
}

fn inside(inside: &str) -> String {
    page("Tin gặt lúa sớm", inside)
}

fn in_head(head: &str) -> String {
    format!("{}{}", opening("Tin gặt lúa sớm", head), closing())
}

/// Reads pages that all give their article, whose text holds the story before and behind the trap.
fn all_read(pages: &[(&str, String)]) -> crate::Run {
    let run = read(pages);
    assert_eq!(run.told, [""; 0]);
    assert_eq!(run.titles(), vec!["Tin gặt lúa sớm"; pages.len()]);
    for (record, (name, _)) in run.records.iter().zip(pages) {
        let text = record["text"].as_str().expect("a text");
        let whole = text.contains(STORY.trim_end());
        assert!(whole, "{name}: {text:.300}");
    }
    run
}

#[test]
fn nesting_without_end_keeps_the_story() {
    let names = ["div", "span", "form", "svg", "template", "noscript", "blockquote", "object", "x-y", "ul", "button"];
    let deep = |name: &str| inside(&format!("{}đáy{}", format!("<{name}>").repeat(100_000), format!("</{name}>").repeat(100_000)));
    let pages: Vec<(&str, String)> = names.into_iter().map(|name| (name, deep(name))).collect();
    let run = all_read(&pages);
    assert!(run.records[0]["text"].as_str().is_some_and(|text| text.contains("\n\nđáy\n\n")), "what stands at the bottom is read");
}

#[test]
fn a_page_of_more_elements_than_any_is_named_and_costs_nothing() {
    let traps = [
        ("paragraphs", "<p>"),
        ("short-paragraphs", "<p>x"),
        ("links", "<a href=x>x</a>"),
        ("open-links", "<a>"),
        ("bold", "<b>"),
        ("fonts", "<p><font color=x>"),
        ("fonts-in-paragraphs", "<p><b><i><u>x"),
        ("tables", "<table><tr><td>"),
        ("rows", "<tr><td>x<td>y"),
        ("foster", "<table><a>x<tr>"),
        ("maths", "<math><mi>"),
        ("options", "<select><option>"),
        ("breaks", "<br>"),
        ("comments", "<!--x-->"),
        ("declarations", "<!x>"),
        ("cdata", "<![CDATA[>"),
        ("ends", "</p>"),
        ("attributes", "<p a b c d e f g h i j k l>"),
        ("classes", "<p class='a b c d e f g h i j k l'>"),
        ("pictures", "<img src=a.jpg>"),
        ("plaintext", "<plaintext><p>"),
    ];
    let pages: Vec<(&str, String)> = traps.into_iter().map(|(name, piece)| (name, inside(&filled(3 << 20, piece)))).collect();
    let run = read(&pages);
    let expected: Vec<(String, &str)> = traps.iter().map(|(name, _)| (format!("{name}.html"), "too_large")).collect();
    assert_eq!(run.misses(), expected.iter().map(|(name, miss)| (name.as_str(), *miss)).collect::<Vec<_>>());
    assert!(run.records.is_empty());
}

#[test]
fn many_elements_of_one_kind_are_read_in_time() {
    let pages = [
        ("paragraphs", inside(&"<p>Một đoạn văn ngắn về mùa gặt.".repeat(70_000))),
        ("lines", inside(&"Một dòng rất ngắn.<br>".repeat(70_000))),
        ("captions", inside(&format!("<figure><img src=a.jpg>{}</figure>", "<figcaption>Ảnh ruộng lúa</figcaption>".repeat(60_000)))),
        ("pictures", inside(&numbered(70_000, |n| format!("<img src=\"{n}.jpg\">")))),
        ("headings", inside(&format!("{}{}", "<p>ngắn thôi</p>".repeat(30_000), "<h2>Tin liên quan</h2><p>x y z</p>".repeat(20_000)))),
        ("bodies", inside(&"</div><div class=\"article__body cms-body\">x".repeat(60_000))),
        ("nested-tables", inside(&format!("{}{}", "<table><tr><td>".repeat(170), "<table><tr><td>a</table>".repeat(30_000)))),
        ("signatures", inside(&numbered(20_000, |n| format!("<p>({})</p>", name(n))))),
    ];
    let run = all_read(&pages);
    assert_eq!(run.records[3]["images"].as_array().map(Vec::len), Some(1_000), "the first pictures stay");
    let authors = run.records[7]["authors"].as_array().map_or(0, Vec::len);
    assert!((1..=100).contains(&authors), "{authors}");
}

/// A name of capitals that is another for each number.
fn name(number: usize) -> String {
    let letter = |n: usize| char::from(b"BCDGHKLMNPQRSTVX"[n % 16]);
    format!("LÒ {}A {}Ô {}Ê {}A", letter(number), letter(number / 16), letter(number / 256), letter(number / 4096))
}

#[test]
fn attributes_without_measure_cost_nothing() {
    let run = all_read(&[
        ("names", inside(&format!("<p {}>x</p>", numbered(200_000, |n| format!(" a{n}=\"x\""))))),
        ("one-name", inside(&format!("<p {}>x</p>", "a=\"x\" ".repeat(200_000)))),
        ("class-names", inside(&format!("<p class=\"{}\">x</p>", numbered(100_000, |n| format!("loai-{n} "))))),
        ("style", inside(&format!("<p style=\"{}\">x</p>", filled(4 << 20, "  display : none")))),
        ("srcset", inside(&format!("<img src=a.jpg srcset=\"{}\">", numbered(200_000, |n| format!("https://a.vn/{n}.jpg {n}w, "))))),
        ("link", inside(&format!("<img src=\"https://a.vn/{}.jpg\">", "x".repeat(4 << 20)))),
    ]);
    assert_eq!(run.records[4]["images"][0]["url"], "https://a.vn/199999.jpg");
}

#[test]
fn one_text_of_a_whole_page_is_read() {
    let run = read(&[("text", inside(&format!("<p>{}</p>", filled(WHOLE, "lúa chín vàng đồng "))))]);
    assert!(run.records[0]["words"].as_u64().is_some_and(|words| words > 1_500_000), "{:?}", run.told);
}

#[test]
fn long_words_figures_and_marks_are_read_in_time() {
    const LONG: usize = 512 << 10;
    let pages: Vec<(&str, String)> = [
        ("word", "a"),
        ("figures", "1"),
        ("dates", "12/3/2024 "),
        ("brackets", "("),
        ("quotes", "\""),
        ("less-than", "<"),
        ("ampersands", "&"),
        ("entities", "&amp;"),
        ("unknown-entities", "&khong;"),
        ("broken-letters", "\u{fffd}"),
        ("nul", "\0"),
        ("fonts-of-old", "µ¸¹ c«ng t¸c n¨m "),
        ("spaces", "\u{a0} \u{3000}"),
    ]
    .into_iter()
    .map(|(name, piece)| (name, inside(&format!("<p>a{}</p>", filled(LONG, piece)))))
    .collect();
    let run = read(&pages);
    // Words that no language has are told for what they look like, whatever stands around them.
    assert!(run.misses().iter().all(|(_, miss)| *miss == "obfuscated"), "{:?}", run.told);
    assert_eq!(run.records.len() + run.misses().len(), pages.len());
    let run = read(&[("marks", inside(&format!("<p>a{}</p>", filled(LONG, "\u{301}\u{323}\u{302}"))))]);
    let letters = run.records[0]["text"].as_str().map_or(0, |text| text.chars().count());
    assert!((400..1_000).contains(&letters), "{letters} letters: marks piled on one of them end at a bound");
}

#[test]
fn scripts_and_json_without_measure_cost_nothing() {
    let json = |text: &str| in_head(&format!("<script type=\"application/ld+json\">{text}</script>"));
    let named = |count: usize| numbered(count, |n| format!("{{\"@id\":\"#{n}\",\"name\":\"Lò Thị Số {n}\"}},"));
    let by_reference = format!(
        "{{\"@graph\":[{{\"@type\":\"NewsArticle\",\"headline\":\"Tin gặt lúa sớm\",\"author\":[{}null]}},{}null]}}",
        numbered(10_000, |n| format!("{{\"@id\":\"#{n}\"}},")),
        named(10_000)
    );
    let mut many = String::new();
    for number in 0..18_000 {
        let _ = write!(many, "<script type=\"application/ld+json\">{{\"@type\":\"Person\",\"name\":\"{number}\"}}</script>");
    }
    all_read(&[
        ("script", in_head(&format!("<script>{}</script>", filled(9 << 20, "var a = '<p>';")))),
        ("open-script", inside(&format!("<script>{}</script>", filled(4 << 20, "<!--<script>")))),
        ("open-comment", inside(&format!("{}-->", filled(4 << 20, "<!--")))),
        ("deep", json(&format!("{}{}{}", "[".repeat(100_000), " ".repeat(9 << 20), "]".repeat(100_000)))),
        ("deep-objects", json(&format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000)))),
        ("arrays", in_head(&format!("<script type=\"application/ld+json\">[{}0]</script>", "[0],".repeat(100_000)).repeat(18))),
        ("quotes", json(&format!("{{\"a\":\"{}", filled(900_000, "\"x")))),
        ("by-reference", json(&by_reference)),
        ("many", in_head(&many)),
        ("metas", in_head(&"<meta name=\"a\" content=\"b\">".repeat(70_000))),
        ("markup", in_head(&format!("<meta property=\"og:title\" content=\"{}\">", "<b x=1><i>".repeat(400)))),
    ]);
}

#[test]
fn a_field_has_a_longest_entry_and_a_most_of_them() {
    let authors: Vec<String> = (0..12_000).map(|n| format!("{{\"@type\":\"Person\",\"name\":\"Lò Thị {}\"}}", name(n))).collect();
    let json = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"Tin gặt lúa sớm\",\"author\":[{}]}}</script>",
        authors.join(",")
    );
    let tags = numbered(400_000, |n| format!("<i>{n}</i>"));
    let printed =
        |count| inside(&format!("<div class=\"article__tag\">{}</div>", numbered(count, |n| format!("<a href=\"/{n}\">thẻ {n}</a>"))));
    let run = all_read(&[("authors", in_head(&json)), ("tags", printed(70_000))]);
    assert_eq!(run.records[0]["authors"].as_array().map(Vec::len), Some(500));
    assert_eq!(run.records[1]["tags"].as_array().map(Vec::len), Some(500));
    let long = filled(4 << 20, "lúa chín ");
    let titles = [("title", page(&long, "")), ("tags", inside(&tags))];
    assert_eq!(read(&titles).misses(), [("title.html", "no_title"), ("tags.html", "too_large")]);
}

#[test]
fn a_page_over_the_limit_is_named_whatever_its_bytes_are() {
    let long = |bytes: usize| inside(&format!("<p>{}</p>", filled(bytes, "lúa ")));
    let run = read(&[("over", long(11 << 20)), ("far-over", long(50 << 20))]);
    assert_eq!(run.records.len(), 0);
    assert_eq!(run.told, ["damaged: over.html: longer than 10 MiB: skipped", "damaged: far-over.html: longer than 10 MiB: skipped"]);
    // Under the limit as bytes, over it as text.
    let broken = [inside("").as_bytes(), &vec![b'\xff'; 9 << 20]].concat();
    let folder = crate::folder(&[("broken.html", &broken)]);
    assert_eq!(crate::extract(&folder, &["broken.html"]).misses(), [("broken.html", "too_large")]);
}
