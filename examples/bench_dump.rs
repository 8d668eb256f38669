//! temp
use baotinh::page::*;
use std::io::{BufRead, BufReader, Write};
fn main() {
    let book = baotinh::paper::Rulebook::built_in();
    let mut args = std::env::args().skip(1);
    let input = args.next().unwrap();
    let out = args.next().unwrap();
    let f = BufReader::with_capacity(1 << 20, std::fs::File::open(input).unwrap());
    let lines: Vec<String> = f.lines().map(|l| l.unwrap()).collect();
    let half = lines.len() / 2;
    let work = |lines: &[String]| {
        let mut o = Vec::new();
        for l in lines {
            let p: serde_json::Value = serde_json::from_str(l).unwrap();
            let page = Page {
                url: p["url"].as_str().map(String::from),
                body: Body::Text(p["html"].as_str().unwrap().to_owned()),
                ..Page::default()
            };
            let ex: Vec<_> =
                baotinh::extract::explain(&page, book).into_iter().map(|e| serde_json::json!([e.text, e.kept, e.reason, e.path])).collect();
            let r = baotinh::extract::read_generic(&page, book);
            let mut j = match r.outcome {
                Ok(a) => {
                    serde_json::json!({"id": p["id"], "title": a.title, "lead": a.lead, "dateline": a.dateline, "authors": a.authors, "source": a.source, "published": a.published.map(|w| w.to_string()), "modified": a.modified.map(|w| w.to_string()), "section": a.section, "tags": a.tags, "text": a.text, "images": a.images.iter().map(|i| serde_json::json!({"url": i.url, "caption": i.caption, "credit": i.credit})).collect::<Vec<_>>(), "kind": a.kind, "by": a.by.name(), "rules": a.rules, "language": a.language})
                }
                Err(m) => serde_json::json!({"id": p["id"], "miss": m.name(), "text": ""}),
            };
            j["explain"] = serde_json::Value::Array(ex);
            writeln!(o, "{j}").unwrap();
        }
        o
    };
    let (a, b) = std::thread::scope(|s| {
        let t = s.spawn(|| work(&lines[half..]));
        (work(&lines[..half]), t.join().unwrap())
    });
    let mut w = std::fs::File::create(out).unwrap();
    w.write_all(&a).unwrap();
    w.write_all(&b).unwrap();
}
