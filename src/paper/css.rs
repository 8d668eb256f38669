//! Is this CSS; and if not, what did its writer mean?

use scraper::Selector;

use super::fault::{Findings, Shown, Wrong};
use super::nearest::nearest;
use super::section::Placed;

/// The selectors of one list as one, so that a node is matched once; each that is no CSS is told by itself.
///
/// `None` when the list is empty or nothing of it is sound.
pub(super) fn compile(list: &[Placed<&str>], findings: &mut Findings<'_>) -> Option<Selector> {
    let sound: Vec<&str> = list.iter().filter(|css| compile_one(css, findings).is_some()).map(|css| css.it).collect();
    if sound.is_empty() {
        return None;
    }
    // Each was found whole by itself, so that a comma between them parts them and nothing else.
    Selector::parse(&sound.join(", ")).ok()
}

/// One selector, or its fault told.
fn compile_one(css: &Placed<&str>, findings: &mut Findings<'_>) -> Option<Selector> {
    let text = css.it;
    let Ok(selector) = Selector::parse(text) else {
        let broken = explain(text);
        findings.wrong(css.at, broken.what, broken.hint);
        return None;
    };
    if let Some(open) = never_closed(text) {
        let what = format!("selector `{}` opens {open} and never closes it", Shown(text));
        findings.wrong(css.at, what, None);
        return None;
    }
    Some(selector)
}

fn explain(css: &str) -> Wrong {
    let shown = Shown(css.trim());
    if is_xpath(css) {
        return Wrong::new(
            format!("`{shown}` is XPath, not CSS"),
            "write div.name for //div[@class=\"name\"], #name for //*[@id=\"name\"], a > b for a/b",
        );
    }
    let rest = unread(css);
    let what = if rest.is_empty() {
        format!("selector `{shown}` is no CSS: it ends too early")
    } else if rest == css.trim() {
        format!("selector `{shown}` is no CSS")
    } else {
        format!("selector `{shown}` is no CSS from `{}` on", Shown(rest))
    };
    Wrong::new(what, advice(css, rest))
}

/// What would be right in place of the part that could not be read.
fn advice(css: &str, rest: &str) -> String {
    if let Some(element) = rest.strip_prefix("::") {
        return pseudo_element_advice(name_at(element));
    }
    if let Some(class) = rest.strip_prefix(':') {
        return pseudo_class_advice(name_at(class));
    }
    let next = rest.chars().nth(1);
    match rest.chars().next() {
        Some('.') if next == Some('.') => "one dot begins a class name: .name".to_owned(),
        Some('.' | '#') if next.is_some_and(|c| c.is_ascii_digit()) => {
            "a name that begins with a digit is written [class~=\"1abc\"] or [id=\"1abc\"]".to_owned()
        }
        Some('.') => "a class name belongs after the dot: .name".to_owned(),
        Some('#') => "an id belongs after the hash: #name".to_owned(),
        Some('<') => "a selector is not HTML: write div.name for <div class=\"name\">".to_owned(),
        Some('>' | '+' | '~' | ',') => "a selector belongs on both sides of > + ~ and of each comma".to_owned(),
        Some('[') => "an attribute is asked for as [name], [name=\"value\"] or [name^=\"beginning\"]".to_owned(),
        _ if css.contains('[') => "a value with other marks than letters and digits stands in quotes: [name=\"a value\"]".to_owned(),
        _ if css.trim_end().ends_with([',', '>', '+', '~']) => "take the last mark away, or write what follows it".to_owned(),
        _ => "CSS such as div.name, #name, [name=\"value\"], a > b, a:has(b) belongs here".to_owned(),
    }
}

fn pseudo_element_advice(name: &str) -> String {
    match name {
        "text" => "leave ::text out: it is always the text that is taken".to_owned(),
        "attr" => "write { select = \"…\", attribute = \"…\" }".to_owned(),
        _ => "leave it out: such a part is drawn by the browser and stands nowhere in the page".to_owned(),
    }
}

/// The pseudo-classes that the matcher knows.
const PSEUDO_CLASSES: [&str; 17] = [
    "has",
    "is",
    "not",
    "where",
    "root",
    "empty",
    "scope",
    "first-child",
    "last-child",
    "only-child",
    "first-of-type",
    "last-of-type",
    "only-of-type",
    "nth-child",
    "nth-last-child",
    "nth-of-type",
    "nth-last-of-type",
];

fn pseudo_class_advice(name: &str) -> String {
    match name {
        "contains" | "icontains" | "-soup-contains" | "-soup-contains-own" | "has-text" | "matches" => {
            "CSS does not look at words: name the box by class or id, or put the words into text.furniture_headings (it and all \
             after it goes) or text.furniture_lines (that line goes)"
                .to_owned()
        }
        "eq" | "nth" | "first" | "last" | "lt" | "gt" | "even" | "odd" => {
            format!(":{name} is jQuery's: CSS has :first-of-type, :last-of-type and :nth-of-type(n), counted from 1")
        }
        "parent" => ":parent is jQuery's: CSS has :has(…)".to_owned(),
        _ => match nearest(name, PSEUDO_CLASSES) {
            Some(near) if near != name => format!("did you mean :{near}?"),
            Some(_) => format!(":{name} is not used like this"),
            None => "no such pseudo-class is known here; a colon that belongs to a class name is written '.lg\\:name', in single \
                     quotes"
                .to_owned(),
        },
    }
}

fn is_xpath(css: &str) -> bool {
    let css = css.trim_start();
    css.starts_with(['/', '('])
        || css.starts_with("./")
        || ["[@", "::node()", "text()"].iter().any(|mark| css.contains(mark))
        || (css.contains("//") && !css.contains("://"))
}

/// The part from which on a selector is no CSS. The parser does not say, so the longest beginning that it takes is looked for.
fn unread(css: &str) -> &str {
    // Only a selector that is wrong comes here; beyond this length the exact place helps nobody.
    const LOOKED_AT: usize = 400;
    let css = css.trim();
    let read = css
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|&at| at <= LOOKED_AT)
        .filter(|&at| Selector::parse(&css[..at]).is_ok())
        .last()
        .unwrap_or(0);
    css[start_of_token(css, read)..].trim_start()
}

/// The parser takes `:first-child` out of `:first-childs`: a word is shown whole.
fn start_of_token(css: &str, at: usize) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if !css[at..].starts_with(is_word) || !css[..at].ends_with(is_word) {
        return at;
    }
    css[..at].trim_end_matches(is_word).trim_end_matches([':', '.', '#']).len()
}

fn name_at(rest: &str) -> &str {
    rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap_or_default()
}

/// CSS closes at its end whatever is still open; between commas that would swallow the next selector.
fn never_closed(css: &str) -> Option<char> {
    let mut open = Vec::new();
    let mut chars = css.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            if chars.next().is_none() {
                return Some(c);
            }
            continue;
        }
        match (c, open.last()) {
            ('"' | '\'', Some(&quote)) if quote == c => drop(open.pop()),
            (_, Some('"' | '\'')) => {}
            ('/', _) if chars.as_str().starts_with('*') => {
                let Some((_, after)) = chars.as_str().split_at(1).1.split_once("*/") else {
                    return Some('/');
                };
                chars = after.chars();
            }
            ('"' | '\'' | '[' | '(', _) => open.push(c),
            (']' | ')', _) => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_where_a_selector_breaks_is_found() {
        for (css, rest) in [
            ("h1..x", "..x"),
            ("p:contains('x')", ":contains('x')"),
            ("div.c-box:has(.c-title:-soup-contains('Bài'))", ":-soup-contains('Bài'))"),
            ("a > > b", "> > b"),
            ("li:first-childs", ":first-childs"),
            ("div[class=a b]", "b]"),
            ("div >", ">"),
            ("div,", ","),
            ("<div>", "<div>"),
        ] {
            assert!(Selector::parse(css).is_err(), "{css}");
            assert_eq!(unread(css), rest, "{css}");
        }
    }

    #[test]
    fn what_is_open_at_the_end_is_seen() {
        for (css, open) in [
            ("div[class=\"a\"", Some('[')),
            ("div:not(.a", Some('(')),
            ("div[class=\"a]", Some('"')),
            ("div\\", Some('\\')),
            ("div /* ] ", Some('/')),
            ("div /* [ */ p[title=\"(\"]", None),
            ("[title='it\\'s']", None),
            (r".lg\:col-span-4", None),
        ] {
            assert_eq!(never_closed(css), open, "{css}");
        }
    }
}
