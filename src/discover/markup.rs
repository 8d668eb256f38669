//! How much of a page can be parsed in time that grows with its length alone?
//!
//! An HTML parser looks through all open elements at a tag, and through all attributes of a tag at each of them: a page of 160 kB that
//! nests 40,000 deep takes seconds, and one of ten megabytes hours. So a page is cut before it goes deeper than
//! [`bounds::PAGE_DEPTH`], or before a tag with more than [`bounds::ATTRIBUTES`] words.

use std::collections::HashMap;

use super::bounds::{self, Bound};

/// Elements that have no end tag, or end by themselves where the next one begins.
const UNCLOSED: [&str; 28] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd",
    "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "a",
];

/// The part of a page that can be parsed, and the limit that ended it.
pub(super) fn parseable(html: &str) -> (&str, Option<Bound>) {
    // An end tag closes only what bears its name: a page cannot hide its depth behind end tags that mean nothing.
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut depth = 0_usize;
    // Tags stand one behind the other, and scripts hold few that are none: more looking than this is not needed on a sound page.
    let mut looks = 4 * html.len();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        at = start + 1;
        let (closes, rest) = match html[at..].strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, &html[at..]),
        };
        let name = name(rest);
        if name.is_empty() {
            continue;
        }
        if closes {
            if let Some(count) = open.get_mut(name.to_ascii_lowercase().as_str()).filter(|count| **count > 0) {
                *count -= 1;
                depth -= 1;
            }
            continue;
        }
        if holds_too_much(rest, &mut looks) {
            return (&html[..start], Some(Bound::TooLarge));
        }
        if UNCLOSED.iter().any(|unclosed| name.eq_ignore_ascii_case(unclosed)) {
            continue;
        }
        *open.entry(name.to_ascii_lowercase()).or_default() += 1;
        depth += 1;
        if depth > bounds::PAGE_DEPTH {
            return (&html[..start], Some(Bound::TooDeep));
        }
    }
    (html, None)
}

/// The name of the tag that begins a text; names longer than any in use are cut.
fn name(tag: &str) -> &str {
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let end = tag.bytes().take(32).position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<')).unwrap_or(32);
    super::floor(tag, end)
}

/// Whether a tag has more attributes than a parser can compare, or ends so late that looking takes more bytes than are left. White
/// space and slashes in quotes part nothing.
fn holds_too_much(tag: &str, looks: &mut usize) -> bool {
    let (mut quote, mut parts, mut last) = (None, 0_usize, b' ');
    for byte in tag.bytes() {
        if *looks == 0 {
            return true;
        }
        *looks -= 1;
        match (quote, byte) {
            (Some(open), _) if open == byte => {
                quote = None;
                // The next attribute may follow without a space.
                parts += 1;
            }
            (None, b'"' | b'\'') if last == b'=' => quote = Some(byte),
            (None, b'>') => return false,
            (None, _) if byte == b'/' || byte.is_ascii_whitespace() && !last.is_ascii_whitespace() => parts += 1,
            _ => {}
        }
        if parts > bounds::ATTRIBUTES {
            return true;
        }
        if !(last == b'=' && byte.is_ascii_whitespace()) {
            last = byte;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_page_is_parsed_whole() {
        let page = "<!doctype html><ul><li>a<li>b</ul><p>c<p>d<br><img src='x > y'>1 < 2".repeat(2_000);
        assert_eq!(parseable(&page), (page.as_str(), None));
    }

    #[test]
    fn depth_is_not_hidden_behind_end_tags() {
        for level in ["<div>", "<div></b>", "<b><p></b><i>", "<div><x></X>"] {
            let page = level.repeat(3 * bounds::PAGE_DEPTH);
            let (cut, bound) = parseable(&page);
            assert_eq!(bound, Some(Bound::TooDeep), "{level}");
            assert!(cut.len() <= (bounds::PAGE_DEPTH + 1) * level.len(), "{level}");
        }
    }

    #[test]
    fn tags_that_never_end_are_looked_at_in_linear_time() {
        let page = "<a".repeat(1 << 20);
        let (cut, bound) = parseable(&page);
        assert_eq!((cut.len(), bound), (8, Some(Bound::TooLarge)));
    }

    #[test]
    fn a_tag_of_too_many_attributes_ends_the_page() {
        for attribute in ["a ", "a=1 ", "a='' ", "a=''", "a/"] {
            for element in ["div", "img"] {
                let page = format!("<p>x<{element} {}>", attribute.repeat(3 * bounds::ATTRIBUTES));
                assert_eq!(parseable(&page), ("<p>x", Some(Bound::TooLarge)), "{element} {attribute}");
            }
        }
    }
}
