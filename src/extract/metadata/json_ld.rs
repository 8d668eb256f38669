//! What does the page's JSON-LD say of the article, also where it is nested, in a `@graph`, or not quite JSON?

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::MOST_ENTRIES;

/// What JSON-LD says of the article of a page. Texts are as written, entities and all.
#[derive(Debug, Default)]
pub(crate) struct Ld {
    pub headline: Option<String>,
    pub description: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    /// Names of persons, then of organisations when there is no person.
    pub authors: Vec<String>,
    /// The publisher, where it is named as the author and nobody else is.
    pub own_author: Option<String>,
    pub section: Vec<String>,
    pub keywords: Vec<String>,
    pub language: Option<String>,
    pub publisher: Option<String>,
    /// `articleBody`: a witness of what the text is.
    pub body: Option<String>,
    /// The names of a `BreadcrumbList`, outermost first.
    pub breadcrumb: Vec<String>,
    /// Every `@type` on the page.
    pub types: Vec<String>,
    /// Whether one of the objects is an article.
    pub is_article: bool,
}

/// The objects that have a name, by their `@id`.
type Named<'v> = HashMap<&'v str, &'v Map<String, Value>>;

/// Types that are an article, by schema.org.
const ARTICLES: [&str; 14] = [
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "Report",
    "AdvertiserContentArticle",
    "SatiricalArticle",
    "ScholarlyArticle",
    "TechArticle",
];

/// Nesting deeper than this is no metadata.
const DEEPEST: usize = 12;

impl Ld {
    /// Reads the page's `application/ld+json` scripts; `own` is the page's address, to tell its article from others that are listed.
    pub fn read(scripts: &[String], own: Option<&str>) -> Self {
        let roots: Vec<Value> = scripts.iter().filter_map(|s| parse(s)).collect();
        let mut objects = Vec::new();
        for root in &roots {
            collect(root, 0, &mut objects);
        }
        let mut ld = Self { types: objects.iter().flat_map(|o| types(o)).map(str::to_owned).collect(), ..Self::default() };
        ld.breadcrumb = objects
            .iter()
            .filter(|o| types(o).any(|t| t == "BreadcrumbList"))
            .map(|o| breadcrumb(o))
            .max_by_key(Vec::len)
            .unwrap_or_default();
        let articles: Vec<&Map<String, Value>> = objects.iter().copied().filter(|o| types(o).any(|t| ARTICLES.contains(&t))).collect();
        let chosen = articles.iter().copied().find(|a| own.is_some_and(|own| is_of(a, own))).or_else(|| articles.first().copied());
        let fallback = || {
            objects
                .iter()
                .copied()
                .find(|o| types(o).any(|t| matches!(t, "WebPage" | "VideoObject" | "ItemPage")) && o.contains_key("datePublished"))
        };
        ld.is_article = chosen.is_some();
        if let Some(article) = chosen.or_else(fallback) {
            let mut named = Named::new();
            for object in objects.iter().filter(|o| o.contains_key("name")) {
                if let Some(id) = object.get("@id").and_then(Value::as_str) {
                    named.entry(id).or_insert(object);
                }
            }
            ld.take(article, &named);
        }
        ld
    }

    fn take(&mut self, article: &Map<String, Value>, named: &Named) {
        let word = |key: &str| article.get(key).and_then(first_text);
        self.headline = word("headline").or_else(|| word("name"));
        self.description = word("description");
        self.published = word("datePublished").or_else(|| word("dateCreated"));
        self.modified = word("dateModified");
        self.language = word("inLanguage");
        self.body = word("articleBody");
        self.section = article.get("articleSection").map(texts).unwrap_or_default();
        self.keywords = article.get("keywords").map(texts).unwrap_or_default();
        self.publisher = article.get("publisher").and_then(|p| name_of(p, named));
        let author = article.get("author").or_else(|| article.get("creator"));
        self.own_author = author.and_then(|a| name_of(a, named)).filter(|n| !n.starts_with("http"));
        self.authors = authors(author, named, self.publisher.as_deref());
    }
}

/// Parses a script, mending what papers get wrong: raw line breaks in strings, comments around it, commas before a bracket that
/// closes, two objects one after the other.
fn parse(script: &str) -> Option<Value> {
    let script = script.trim().trim_start_matches('\u{feff}');
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    let mended = mend(script);
    let mut stream = serde_json::Deserializer::from_str(&mended).into_iter::<Value>();
    let mut values = Vec::new();
    while let Some(Ok(value)) = stream.next() {
        values.push(value);
    }
    (!values.is_empty()).then_some(Value::Array(values))
}

fn mend(script: &str) -> String {
    let script = script.rsplit_once("<![CDATA[").map_or(script, |(_, inner)| inner.split("]]>").next().unwrap_or(inner));
    let start = script.find(['{', '[']).unwrap_or(0);
    let end = script.rfind(['}', ']']).map_or(script.len(), |at| at + 1).max(start);
    let body = &script[start..end];
    let mut out = String::with_capacity(body.len());
    let mut in_string = false;
    let mut escaped = false;
    let mut characters = body.char_indices();
    while let Some((at, c)) = characters.next() {
        if in_string {
            match c {
                _ if escaped => {
                    escaped = false;
                    if c == 'u' && is_half_a_letter(body, at) {
                        out.push_str("ufffd");
                        characters.nth(3);
                        continue;
                    }
                    if !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                        out.push('\\');
                    }
                    out.push(c);
                    continue;
                }
                '\\' => escaped = true,
                '"' if closes_string(&body[at + 1..]) => in_string = false,
                '"' => out.push('\\'),
                '\n' | '\r' | '\t' => {
                    out.push(' ');
                    continue;
                }
                c if c.is_control() => continue,
                _ => {}
            }
        } else if c == '"' {
            in_string = true;
        } else if c == ',' && body[at + 1..].trim_start().starts_with(['}', ']']) {
            continue;
        }
        out.push(c);
    }
    out
}

/// Is the `\uXXXX` whose `u` stands at `at` a surrogate without its other half? Systems that cut a summary leave them. (The second of a
/// pair is one by the first, which stands right before it.)
fn is_half_a_letter(body: &str, at: usize) -> bool {
    let unit = |at: usize| body.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match unit(at + 1) {
        Some(0xD800..=0xDBFF) => {
            !(body[at + 5..].starts_with("\\u") && unit(at + 7).is_some_and(|second| (0xDC00..=0xDFFF).contains(&second)))
        }
        Some(0xDC00..=0xDFFF) => {
            let first = at.checked_sub(7).filter(|first| body.get(*first..).is_some_and(|b| b.starts_with("\\u")));
            !first.and_then(|first| unit(first + 2)).is_some_and(|first| (0xD800..=0xDBFF).contains(&first))
        }
        _ => false,
    }
}

/// Is a quotation mark the end of a string? It is, when what follows can follow a string.
fn closes_string(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|c| matches!(c, ',' | '}' | ']' | ':'))
}

/// Every object of a value, outermost first, through arrays, `@graph` and nested values.
fn collect<'v>(value: &'v Value, depth: usize, out: &mut Vec<&'v Map<String, Value>>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|v| collect(v, depth + 1, out)),
        Value::Object(object) => {
            out.push(object);
            object.values().filter(|v| v.is_object() || v.is_array()).for_each(|v| collect(v, depth + 1, out));
        }
        _ => {}
    }
}

fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let one = object.get("@type").and_then(Value::as_str).into_iter();
    let many = object.get("@type").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.chain(many).map(|t| t.rsplit(['/', '#', ':']).next().unwrap_or(t))
}

/// Is this object about the page at `own`?
fn is_of(article: &Map<String, Value>, own: &str) -> bool {
    let same = |a: &str| a.trim_end_matches('/') == own.trim_end_matches('/');
    ["url", "@id", "mainEntityOfPage"].iter().any(|key| match article.get(*key) {
        Some(Value::String(s)) => same(s),
        Some(Value::Object(o)) => ["@id", "url"].iter().any(|k| o.get(*k).and_then(Value::as_str).is_some_and(same)),
        _ => false,
    })
}

fn first_text(value: &Value) -> Option<String> {
    texts(value).into_iter().next()
}

/// The strings of a value: itself, its items, the names of its objects.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(s) => vec![s.clone()],
        Value::Number(n) => vec![n.to_string()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(o) => ["name", "@value"].iter().find_map(|k| o.get(*k)).map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|t| !t.trim().is_empty())
    .collect()
}

/// The name of a person or organisation, also when the object only points at another by `@id`.
fn name_of(value: &Value, named: &Named) -> Option<String> {
    first_text(value).or_else(|| named.get(value.as_object()?.get("@id")?.as_str()?)?.get("name").and_then(first_text))
}

fn authors(value: Option<&Value>, named: &Named, publisher: Option<&str>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let list: Vec<&Value> = match value {
        Value::Array(items) => items.iter().take(MOST_ENTRIES).collect(),
        one => vec![one],
    };
    let (mut persons, mut organisations) = (Vec::new(), Vec::new());
    for author in list {
        let Some(name) = name_of(author, named) else { continue };
        let is_organisation = author.as_object().is_some_and(|o| types(o).any(|t| t.ends_with("Organization")));
        if is_organisation { organisations.push(name) } else { persons.push(name) }
    }
    if persons.is_empty() {
        organisations.retain(|o| Some(o.as_str()) != publisher);
    } else {
        organisations.clear();
    }
    persons.extend(organisations);
    persons
}

/// The names of a breadcrumb in the order of their positions.
fn breadcrumb(list: &Map<String, Value>) -> Vec<String> {
    let Some(items) = list.get("itemListElement").and_then(Value::as_array) else { return Vec::new() };
    let mut named: Vec<(f64, String)> = items
        .iter()
        .filter_map(Value::as_object)
        .enumerate()
        .filter_map(|(at, item)| {
            #[expect(clippy::cast_precision_loss, reason = "a breadcrumb has a handful of places")]
            let position = item.get("position").and_then(|p| p.as_f64().or_else(|| p.as_str()?.parse().ok())).unwrap_or(at as f64);
            let name = item.get("name").and_then(first_text).or_else(|| item.get("item").and_then(first_text))?;
            Some((position, name))
        })
        .collect();
    named.sort_by(|a, b| a.0.total_cmp(&b.0));
    named.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(script: &str) -> Ld {
        Ld::read(&[script.to_owned()], None)
    }

    #[test]
    fn an_article_in_a_graph_is_found_with_its_author_by_reference() {
        let ld = read(
            r##"{"@graph":[{"@type":"Person","@id":"#p","name":"Lò Thị Mai"},{"@type":["NewsArticle"],"headline":"Mùa cam","author":{"@id":"#p"},"datePublished":"2025-06-17"}]}"##,
        );
        assert_eq!(ld.headline.as_deref(), Some("Mùa cam"));
        assert_eq!(ld.authors, ["Lò Thị Mai"]);
        assert_eq!(ld.published.as_deref(), Some("2025-06-17"));
    }

    #[test]
    fn broken_json_is_mended() {
        for script in [
            "{\"@type\":\"NewsArticle\",\"headline\":\"Mùa\ncam\",}",
            "//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"Mùa cam\"}\n//]]>",
            "{\"@type\":\"NewsArticle\",\"headline\":\"Mùa cam\"};",
            "{\"@type\":\"NewsArticle\",\"headline\":\"Mùa cam\",\"description\":\"cam \\ud83c\\udf4a \\ud83c…\\udf4a\"}",
            "{\"@type\":\"WebSite\",\"name\":\"x\"}{\"@type\":\"NewsArticle\",\"headline\":\"Mùa cam\"}",
        ] {
            assert_eq!(read(script).headline.as_deref(), Some("Mùa cam"), "{script}");
        }
        let quoted = read(r#"{"@type":"NewsArticle","headline":"Mùa "cam" ngọt"}"#);
        assert_eq!(quoted.headline.as_deref(), Some(r#"Mùa "cam" ngọt"#));
    }

    #[test]
    fn the_article_of_the_page_is_told_from_others_it_lists() {
        let scripts = [
            r#"{"@type":"NewsArticle","url":"https://a.vn/2","headline":"Khác"}"#.to_owned(),
            r#"{"@type":"NewsArticle","mainEntityOfPage":{"@id":"https://a.vn/1"},"headline":"Đây"}"#.to_owned(),
        ];
        assert_eq!(Ld::read(&scripts, Some("https://a.vn/1")).headline.as_deref(), Some("Đây"));
    }

    #[test]
    fn organisations_are_authors_only_when_no_person_is() {
        let person = read(r#"{"@type":"Article","author":[{"@type":"Organization","name":"Báo A"},{"@type":"Person","name":"B C"}]}"#);
        assert_eq!(person.authors, ["B C"]);
        let own = read(r#"{"@type":"Article","publisher":{"name":"Báo A"},"author":{"@type":"Organization","name":"Báo A"}}"#);
        assert_eq!(own.authors, Vec::<String>::new());
    }

    #[test]
    fn a_breadcrumb_is_read_in_the_order_of_its_positions() {
        let ld = read(
            r#"{"@type":"BreadcrumbList","itemListElement":[{"position":2,"item":{"name":"Mới"}},{"position":"1","name":"Chính sách"}]}"#,
        );
        assert_eq!(ld.breadcrumb, ["Chính sách", "Mới"]);
    }

    #[test]
    fn what_is_no_json_gives_nothing() {
        for script in ["", "null", "undefined", "{", "[[[[", "\"x\""] {
            assert!(!read(script).is_article, "{script}");
        }
    }
}
