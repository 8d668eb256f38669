//! Which string does an inline script hold under this name?

use regex::Regex;

use super::metadata;

/// The string that a script holds under `name` (`outputData = "…"`, `"content": '…'`), its escapes undone.
pub(super) fn string_named(scripts: &[String], name: &str) -> Option<String> {
    let pattern = Regex::new(&format!(r#"(?:^|[^\w$.])["']?{}["']?\s*[:=]\s*(?:JSON\.parse\(\s*)?(["'`])"#, regex::escape(name))).ok()?;
    scripts.iter().find_map(|script| {
        let found = pattern.captures(script)?;
        let quote = found[1].chars().next()?;
        let text = js_string(&script[found.get(0)?.end()..], quote)?;
        let html = if text.contains("&lt;") && !text.contains("</") { metadata::unescape_once(&text) } else { text };
        Some(html).filter(|h| !h.trim().is_empty())
    })
}

/// The text of a JavaScript string whose opening quotation mark has been read; `None` when it does not end.
fn js_string(rest: &str, quote: char) -> Option<String> {
    let mut out = String::new();
    let mut high: Option<u32> = None;
    let mut characters = rest.chars();
    while let Some(c) = characters.next() {
        if c == quote {
            return Some(out);
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' | 'b' | 'f' | '\n' => {}
            'u' => {
                let code = u32::from_str_radix(&characters.by_ref().take(4).collect::<String>(), 16).ok()?;
                match (high.take(), code) {
                    (_, 0xD800..=0xDBFF) => high = Some(code),
                    (Some(first), 0xDC00..=0xDFFF) => out.extend(char::from_u32(0x10000 + ((first - 0xD800) << 10) + (code - 0xDC00))),
                    _ => out.extend(char::from_u32(code)),
                }
            }
            'x' => out.extend(char::from_u32(u32::from_str_radix(&characters.by_ref().take(2).collect::<String>(), 16).ok()?)),
            other => out.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(script: &str) -> Option<String> {
        string_named(&[script.to_owned()], "outputData")
    }

    #[test]
    fn a_string_is_found_under_its_name_and_its_escapes_undone() {
        let rows = [
            (r#"var outputData = "<p>M\u00f9a cam<\/p>";"#, "<p>Mùa cam</p>"),
            (r#"x={"outputData":"&lt;p&gt;Mùa &amp;amp; cam&lt;/p&gt;"}"#, "<p>Mùa &amp; cam</p>"),
            ("let outputData = `<p>\"cam\"</p>`", "<p>\"cam\"</p>"),
            (r"outputData = '\ud83c\udf4a \x41'", "🍊 A"),
            (r#"outputData = JSON.parse("[1]")"#, "[1]"),
        ];
        for (script, expected) in rows {
            assert_eq!(read(script).as_deref(), Some(expected), "{script}");
        }
    }

    #[test]
    fn other_names_and_strings_without_an_end_give_nothing() {
        for script in [r#"myoutputData = "x""#, r#"outputData = "x"#, "outputData = 5", r#"outputData = "  ""#] {
            assert_eq!(read(script), None, "{script}");
        }
    }
}
