//! Is this the tag of a language?

/// Whether a tag is well-formed as BCP 47 has it (language, script, region, variants), in its usual case; if not, what would be
/// right. Rare forms (extlang, extensions, private use, grandfathered tags) are not taken.
pub(super) fn check(tag: &str) -> Result<(), String> {
    const FORM: &str = "write a language tag such as \"vi\", \"en\", \"km\" or \"zh-Hans\"";
    // Codes of countries that are taken for those of languages.
    const COUNTRIES: [(&str, &str); 4] = [("vn", "vi"), ("kh", "km"), ("cn", "zh"), ("jp", "ja")];
    let mut parts = tag.split('-').peekable();
    let language = parts.next().unwrap_or_default();
    if let Some((_, right)) = COUNTRIES.iter().find(|(country, _)| language.eq_ignore_ascii_case(country)) {
        return Err(format!("that is a country: the language is \"{right}\""));
    }
    if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err(FORM.to_owned());
    }
    parts.next_if(|part| is_script(part));
    parts.next_if(|part| is_region(part));
    if parts.all(is_variant) { Ok(()) } else { Err(FORM.to_owned()) }
}

fn is_script(part: &str) -> bool {
    part.len() == 4 && part.bytes().enumerate().all(|(n, b)| if n == 0 { b.is_ascii_uppercase() } else { b.is_ascii_lowercase() })
}

fn is_region(part: &str) -> bool {
    (part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase())) || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
}

fn is_variant(part: &str) -> bool {
    let plain = part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    plain && ((5..=8).contains(&part.len()) || (part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_language_then_a_script_then_a_region() {
        for tag in ["vi", "en", "km", "zh-Hans", "zh-Hant-TW", "en-US", "es-419", "hmn", "de-1901", "sl-rozaj"] {
            assert_eq!(check(tag), Ok(()), "{tag}");
        }
        for tag in ["", "v", "VI", "Vietnamese", "vi_VN", "vi-", "vi-vn", "zh-TW-Hant", "vi-VN-x", "tiếng Việt"] {
            assert!(check(tag).is_err(), "{tag}");
        }
        assert_eq!(check("vn"), Err("that is a country: the language is \"vi\"".to_owned()));
    }
}
