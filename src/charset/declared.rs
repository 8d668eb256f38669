//! Which charset does a page declare for itself?
//!
//! Follows the WHATWG HTML standard, 13.2.3.2: "prescan a byte stream to determine its encoding", "get an attribute", "extracting a
//! character encoding from a meta element", "get an XML encoding".

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use crate::vietnamese::legacy::Legacy;

/// A charset that something names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// One that browsers know.
    Standard(&'static Encoding),
    /// One of Vietnam's that they have forgotten.
    Legacy(Legacy),
}

/// How far into a page a declaration is looked for, in bytes. The standard asks for 1024; pages that begin with long comments have it later.
const PRESCANNED: usize = 4096;

/// The charset that a label names. `x-user-defined`, which pages with font-bound text declare, is windows-1252.
fn named(label: &[u8]) -> Option<Charset> {
    let known = Encoding::for_label(label)
        .filter(|encoding| *encoding != REPLACEMENT)
        .map(|encoding| Charset::Standard(if encoding == X_USER_DEFINED { WINDOWS_1252 } else { encoding }));
    known.or_else(|| Legacy::for_label(str::from_utf8(label).ok()?).map(Charset::Legacy))
}

/// The charset that a label inside the page names: a page whose ASCII could be read is not UTF-16, whatever it says.
fn named_inside(label: &[u8]) -> Option<Charset> {
    named(label).map(|charset| match charset {
        Charset::Standard(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Charset::Standard(UTF_8),
        other => other,
    })
}

/// The charset of a `Content-Type` header.
pub(super) fn in_header(content_type: &str) -> Option<Charset> {
    named(charset_parameter(content_type.as_bytes())?)
}

/// The charset of the XML declaration that a page begins with.
pub(super) fn in_xml(page: &[u8]) -> Option<Charset> {
    if page.starts_with(b"<\0?\0x\0") {
        return Some(Charset::Standard(UTF_16LE));
    }
    if page.starts_with(b"\0<\0?\0x") {
        return Some(Charset::Standard(UTF_16BE));
    }
    let head = &page[..page.len().min(PRESCANNED)];
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..declaration.iter().position(|b| *b == b'>')?];
    let name = declaration.windows(8).position(|window| window == b"encoding")?;
    let value = declaration[name + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    named_inside(&value[..value.iter().position(|b| b == quote)?])
}

/// The charset of the first `<meta charset>` or `<meta http-equiv=content-type>` of a page, comments skipped.
pub(super) fn in_meta(page: &[u8]) -> Option<Charset> {
    let mut rest = Bytes(&page[..page.len().min(PRESCANNED)]);
    while let Some(at) = rest.0.iter().position(|b| *b == b'<') {
        rest.0 = &rest.0[at..];
        if rest.0.starts_with(b"<!--") {
            // `<!-->` is a whole comment: its dashes may be those of the opening.
            rest.0 = &rest.0[2..];
            rest.skip_past(b"-->")?;
        } else if rest.begins_meta() {
            rest.0 = &rest.0[b"<meta".len()..];
            if let Some(charset) = meta(&mut rest) {
                return Some(charset);
            }
        } else if rest.begins_tag() {
            rest.skip_while(|b| !b.is_ascii_whitespace() && b != b'>');
            while rest.attribute().is_some() {}
        } else if matches!(rest.0.get(1), Some(b'!' | b'/' | b'?')) {
            rest.skip_past(b">")?;
        } else {
            rest.0 = &rest.0[1..];
        }
    }
    None
}

/// What the attributes of one `meta` declare.
fn meta(rest: &mut Bytes<'_>) -> Option<Charset> {
    let (mut from_charset, mut from_content, mut is_content_type) = (None, None, false);
    while let Some((name, value)) = rest.attribute() {
        if name.eq_ignore_ascii_case(b"charset") {
            from_charset = from_charset.or_else(|| named_inside(value));
        } else if name.eq_ignore_ascii_case(b"content") {
            from_content = from_content.or_else(|| named_inside(charset_parameter(value)?));
        } else if name.eq_ignore_ascii_case(b"http-equiv") {
            is_content_type |= value.trim_ascii().eq_ignore_ascii_case(b"content-type");
        }
    }
    from_charset.or(from_content.filter(|_| is_content_type))
}

/// What follows `charset=` in `text/html; charset="utf-8"`.
fn charset_parameter(content_type: &[u8]) -> Option<&[u8]> {
    let mut rest = content_type;
    loop {
        let name = rest.windows(7).position(|window| window.eq_ignore_ascii_case(b"charset"))?;
        rest = rest[name + 7..].trim_ascii_start();
        if let Some(value) = rest.strip_prefix(b"=") {
            return Some(parameter_value(value.trim_ascii_start()));
        }
    }
}

/// A value in quotes, or up to white space, `;` or a stray quote.
fn parameter_value(value: &[u8]) -> &[u8] {
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b';' | b',' | b'"' | b'\''));
    &value[..end.unwrap_or(value.len())]
}

/// What of the head of a page is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn begins_meta(&self) -> bool {
        self.0.get(1..5).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
            && self.0.get(5).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/')
    }

    fn begins_tag(&self) -> bool {
        let name = if self.0.get(1) == Some(&b'/') { 2 } else { 1 };
        self.0.get(name).is_some_and(u8::is_ascii_alphabetic)
    }

    /// Goes to what follows `end`; `None` where it does not come.
    fn skip_past(&mut self, end: &[u8]) -> Option<()> {
        let at = self.0.windows(end.len()).position(|window| window == end)?;
        self.0 = &self.0[at + end.len()..];
        Some(())
    }

    /// Takes the bytes up to the first that does not pass.
    fn skip_while(&mut self, passes: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|b| !passes(*b)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    /// The next attribute of a tag, its value without quotes; `None` at the tag's end, which is not taken.
    fn attribute(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.skip_while(|b| b.is_ascii_whitespace() || b == b'/');
        if matches!(self.0.first(), None | Some(b'>')) {
            return None;
        }
        // A name may begin with `=`, not hold it.
        let begun = self.0;
        self.0 = &self.0[1..];
        let more = self.skip_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'/' | b'>'));
        let name = &begun[..=more.len()];
        self.skip_while(|b| b.is_ascii_whitespace());
        let Some(after) = self.0.strip_prefix(b"=") else {
            return Some((name, b""));
        };
        self.0 = after;
        self.skip_while(|b| b.is_ascii_whitespace());
        Some((name, self.value()))
    }

    fn value(&mut self) -> &'a [u8] {
        match self.0.first() {
            Some(quote @ (b'"' | b'\'')) => {
                self.0 = &self.0[1..];
                let value = self.skip_while(|b| b != *quote);
                self.0 = self.0.get(1..).unwrap_or_default();
                value
            }
            _ => self.skip_while(|b| !b.is_ascii_whitespace() && b != b'>'),
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, WINDOWS_1258};

    use super::*;

    fn standard(encoding: &'static Encoding) -> Charset {
        Charset::Standard(encoding)
    }

    #[test]
    fn a_meta_is_read_as_browsers_prescan_it() {
        let table: &[(&str, Option<Charset>)] = &[
            ("<meta charset=utf-8>", Some(standard(UTF_8))),
            ("<META CHARSET = 'Windows-1258' />", Some(standard(WINDOWS_1258))),
            ("<meta/charset=\"utf-8\">", Some(standard(UTF_8))),
            (r#"<meta http-equiv="Content-Type" content="text/html; charset=windows-1258">"#, Some(standard(WINDOWS_1258))),
            (r#"<meta content='text/html; charset = "utf8"' http-equiv=content-type>"#, Some(standard(UTF_8))),
            (r#"<meta http-equiv="Content-Type" content="text/html; charset=x-viet-tcvn5712">"#, Some(Charset::Legacy(Legacy::Tcvn3))),
            ("<meta charset=x-viet-vni>", Some(Charset::Legacy(Legacy::Vni))),
            // Not declarations.
            (r#"<meta name="x" content="text/html; charset=windows-1258">"#, None),
            ("<!-- <meta charset=windows-1258> --><p>", None),
            ("<!--> <meta charset=shift_jis>", Some(standard(SHIFT_JIS))),
            (r#"<a title="<meta charset=windows-1258>">"#, None),
            ("<metal charset=utf-8>", None),
            ("<meta charset=nonsense><meta charset=utf-8>", Some(standard(UTF_8))),
            // Two words that mean another.
            ("<meta charset=utf-16>", Some(standard(UTF_8))),
            ("<meta charset=x-user-defined>", Some(standard(WINDOWS_1252))),
            // Cut anywhere.
            ("<meta charset=utf-", None),
            ("<meta charset='utf-8", Some(standard(UTF_8))),
            ("<meta charset", None),
            ("<", None),
            ("", None),
        ];
        for (page, charset) in table {
            assert_eq!(in_meta(page.as_bytes()), *charset, "{page}");
        }
    }

    #[test]
    fn a_meta_far_down_the_page_is_not_read() {
        let at = |comment: usize| format!("<!--{}--><meta charset=windows-1258>", "x".repeat(comment));
        assert_eq!(in_meta(at(2000).as_bytes()), Some(standard(WINDOWS_1258)));
        assert_eq!(in_meta(at(PRESCANNED).as_bytes()), None);
    }

    #[test]
    fn a_header_is_read_with_or_without_quotes() {
        let table: &[(&str, Option<Charset>)] = &[
            ("text/html; charset=utf-8", Some(standard(UTF_8))),
            ("text/html;CHARSET=\"windows-1258\"", Some(standard(WINDOWS_1258))),
            ("text/html; charset = 'utf-8'; boundary=x", Some(standard(UTF_8))),
            ("text/html; charset=utf-8,text/html", Some(standard(UTF_8))),
            ("text/html; charset charset=utf-8", Some(standard(UTF_8))),
            ("text/html; charset=utf-16", Some(standard(UTF_16LE))),
            ("text/html; charset=tcvn3", Some(Charset::Legacy(Legacy::Tcvn3))),
            ("text/html; charset=", None),
            ("text/html", None),
        ];
        for (header, charset) in table {
            assert_eq!(in_header(header), *charset, "{header}");
        }
    }

    #[test]
    fn an_xml_declaration_is_read_at_the_start_alone() {
        let table: &[(&[u8], Option<Charset>)] = &[
            (b"<?xml version='1.0' encoding = 'windows-1258'?>", Some(standard(WINDOWS_1258))),
            (b"<?xml version=\"1.0\" encoding=\"utf-16\"?>", Some(standard(UTF_8))),
            (b"<\0?\0x\0m\0l\0", Some(standard(UTF_16LE))),
            (b"\0<\0?\0x\0m\0l", Some(standard(UTF_16BE))),
            (b"<?xml version='1.0'?> encoding='utf-8'", None),
            (b"<?xml encoding='utf-8", None),
            (b" <?xml encoding='utf-8'?>", None),
        ];
        for (page, charset) in table {
            assert_eq!(in_xml(page), *charset, "{}", page.escape_ascii());
        }
    }
}
