//! Which letter is a code of TCVN3, of VNI, of windows-1258?

use unicode_normalization::UnicodeNormalization;

/// The letter of a TCVN3 code; U+0080..=U+009F and the control codes are capitals of VN1.
pub(super) fn tcvn3(c: char) -> char {
    match c {
        '\u{80}'..='\u{9F}' => TCVN3_C1[c as usize - 0x80],
        '\u{A0}'..='\u{FF}' => TCVN3[c as usize - 0xA0],
        '\u{1}' => 'Ú',
        '\u{2}' => 'Ụ',
        '\u{4}' => 'Ừ',
        '\u{5}' => 'Ử',
        '\u{6}' => 'Ữ',
        '\u{11}' => 'Ứ',
        '\u{12}' => 'Ự',
        '\u{13}' => 'Ỳ',
        '\u{14}' => 'Ỷ',
        '\u{15}' => 'Ỹ',
        '\u{16}' => 'Ý',
        '\u{17}' => 'Ỵ',
        _ => c,
    }
}

/// TCVN 5712 (VN1) 0x80..=0x9F.
#[rustfmt::skip]
const TCVN3_C1: [char; 32] = [
    'À', 'Ả', 'Ã', 'Á', 'Ạ', 'Ặ', 'Ậ', 'È', 'Ẻ', 'Ẽ', 'É', 'Ẹ', 'Ệ', 'Ì', 'Ỉ', 'Ĩ',
    'Í', 'Ị', 'Ò', 'Ỏ', 'Õ', 'Ó', 'Ọ', 'Ộ', 'Ờ', 'Ở', 'Ỡ', 'Ớ', 'Ợ', 'Ù', 'Ủ', 'Ũ',
];

/// TCVN 5712 0xA0..=0xFF: VN3, and the marks (0xB0..=0xB4) and capitals that only VN1 has.
#[rustfmt::skip]
const TCVN3: [char; 96] = [
    '\u{A0}', 'Ă', 'Â', 'Ê', 'Ô', 'Ơ', 'Ư', 'Đ', 'ă', 'â', 'ê', 'ô', 'ơ', 'ư', 'đ', 'Ằ',
    '\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}', 'à', 'ả', 'ã', 'á', 'ạ', 'Ẳ', 'ằ', 'ẳ', 'ẵ', 'ắ', 'Ẵ',
    'Ắ', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ề', 'ặ', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ', 'è', 'Ể', 'ẻ', 'ẽ',
    'é', 'ẹ', 'ề', 'ể', 'ễ', 'ế', 'ệ', 'ì', 'ỉ', 'Ễ', 'Ế', 'Ồ', 'ĩ', 'í', 'ị', 'ò',
    'Ổ', 'ỏ', 'õ', 'ó', 'ọ', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ', 'ù',
    'Ỗ', 'ủ', 'ũ', 'ú', 'ụ', 'ừ', 'ử', 'ữ', 'ứ', 'ự', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ', 'Ố',
];

/// Windows' code page 1258 where it differs from 1252.
pub(super) fn windows_1258(c: char) -> char {
    match c {
        'Ã' => 'Ă',
        'ã' => 'ă',
        'Ì' => '\u{300}',
        'ì' => '\u{301}',
        'Ð' => 'Đ',
        'ð' => 'đ',
        'Ò' => '\u{309}',
        'ò' => '\u{323}',
        'Õ' => 'Ơ',
        'õ' => 'ơ',
        'Ý' => 'Ư',
        'ý' => 'ư',
        'Þ' => '\u{303}',
        'þ' => '₫',
        _ => c,
    }
}

/// A run in VNI as Unicode.
pub(super) fn vni(run: &str) -> String {
    let mut out = String::with_capacity(run.len() + run.len() / 8);
    let mut rest = run.chars().peekable();
    while let Some(c) = rest.next() {
        let base = vni_letter(c);
        match rest.peek().and_then(|mark| vni_marked(base, *mark)) {
            Some(marked) => {
                rest.next();
                out.push(marked);
            }
            None => out.push(base),
        }
    }
    out
}

/// The letters that VNI writes with one code.
fn vni_letter(c: char) -> char {
    match c {
        'Ö' => 'Ư',
        'ö' => 'ư',
        'Ô' => 'Ơ',
        'ô' => 'ơ',
        'Ñ' => 'Đ',
        'ñ' => 'đ',
        'Æ' => 'Ỉ',
        'æ' => 'ỉ',
        'Ó' => 'Ĩ',
        'ó' => 'ĩ',
        'Ò' => 'Ị',
        'ò' => 'ị',
        'Î' => 'Ỵ',
        'î' => 'ỵ',
        _ => c,
    }
}

/// The vowel that `base` and the code after it are; a mark may be a capital or not, whatever its vowel is.
fn vni_marked(base: char, mark: char) -> Option<char> {
    let vowel = base.to_lowercase().next()?;
    let mark = mark.to_lowercase().next()?;
    if !"aeouyơư".contains(vowel) {
        return None;
    }
    let (quality, tone) = vni_mark(mark)?;
    let allowed = match quality {
        Some('\u{302}') => "aeo".contains(vowel),
        Some(_) => vowel == 'a',
        None => true,
    };
    if !allowed {
        return None;
    }
    // Composed as one: `ệ` is `ẹ` and a circumflex, not `ê` and a dot.
    let mut letter = std::iter::once(base).chain(quality).chain(tone).nfc();
    letter.next().filter(|_| letter.next().is_none())
}

/// What a mark code adds to its vowel: circumflex or breve, and a tone.
fn vni_mark(mark: char) -> Option<(Option<char>, Option<char>)> {
    const CIRCUMFLEX: Option<char> = Some('\u{302}');
    const BREVE: Option<char> = Some('\u{306}');
    const GRAVE: Option<char> = Some('\u{300}');
    const ACUTE: Option<char> = Some('\u{301}');
    const HOOK: Option<char> = Some('\u{309}');
    const TILDE: Option<char> = Some('\u{303}');
    const DOT: Option<char> = Some('\u{323}');
    Some(match mark {
        'ø' => (None, GRAVE),
        'ù' => (None, ACUTE),
        'û' => (None, HOOK),
        'õ' => (None, TILDE),
        'ï' => (None, DOT),
        'â' => (CIRCUMFLEX, None),
        'à' => (CIRCUMFLEX, GRAVE),
        'á' => (CIRCUMFLEX, ACUTE),
        'å' => (CIRCUMFLEX, HOOK),
        'ã' => (CIRCUMFLEX, TILDE),
        'ä' => (CIRCUMFLEX, DOT),
        'ê' => (BREVE, None),
        'è' => (BREVE, GRAVE),
        'é' => (BREVE, ACUTE),
        'ú' => (BREVE, HOOK),
        'ü' => (BREVE, TILDE),
        'ë' => (BREVE, DOT),
        _ => return None,
    })
}

/// The way back, from tables and rules of its own.
#[cfg(test)]
pub(super) mod backwards {
    use unicode_normalization::UnicodeNormalization;

    /// The codes of TCVN 5712 by letter, as the standard's other table has them: level, huyền, hỏi, ngã, sắc, nặng.
    #[rustfmt::skip]
    const TCVN_BY_LETTER: [(char, [u8; 6]); 26] = [
        ('a', [0x61, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9]), ('A', [0x41, 0x80, 0x81, 0x82, 0x83, 0x84]),
        ('ă', [0xA8, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6]), ('Ă', [0xA1, 0xAF, 0xBA, 0xBF, 0xC0, 0x85]),
        ('â', [0xA9, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB]), ('Â', [0xA2, 0xC1, 0xC2, 0xC3, 0xC4, 0x86]),
        ('e', [0x65, 0xCC, 0xCE, 0xCF, 0xD0, 0xD1]), ('E', [0x45, 0x87, 0x88, 0x89, 0x8A, 0x8B]),
        ('ê', [0xAA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6]), ('Ê', [0xA3, 0xC5, 0xCD, 0xD9, 0xDA, 0x8C]),
        ('i', [0x69, 0xD7, 0xD8, 0xDC, 0xDD, 0xDE]), ('I', [0x49, 0x8D, 0x8E, 0x8F, 0x90, 0x91]),
        ('o', [0x6F, 0xDF, 0xE1, 0xE2, 0xE3, 0xE4]), ('O', [0x4F, 0x92, 0x93, 0x94, 0x95, 0x96]),
        ('ô', [0xAB, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9]), ('Ô', [0xA4, 0xDB, 0xE0, 0xF0, 0xFF, 0x97]),
        ('ơ', [0xAC, 0xEA, 0xEB, 0xEC, 0xED, 0xEE]), ('Ơ', [0xA5, 0x98, 0x99, 0x9A, 0x9B, 0x9C]),
        ('u', [0x75, 0xEF, 0xF1, 0xF2, 0xF3, 0xF4]), ('U', [0x55, 0x9D, 0x9E, 0x9F, 0x01, 0x02]),
        ('ư', [0xAD, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9]), ('Ư', [0xA6, 0x04, 0x05, 0x06, 0x11, 0x12]),
        ('y', [0x79, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE]), ('Y', [0x59, 0x13, 0x14, 0x15, 0x16, 0x17]),
        ('đ', [0xAE; 6]), ('Đ', [0xA7; 6]),
    ];

    pub(in super::super) const TONES: [&str; 6] = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];

    /// Every letter of Vietnamese with a mark or without: 12 vowels in 6 tones and đ, in both cases.
    pub(super) fn letters() -> Vec<(char, char, usize)> {
        let mut letters = Vec::new();
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".chars() {
            for (tone, mark) in TONES.iter().enumerate() {
                let letter: Vec<char> = std::iter::once(base).chain(mark.chars()).nfc().collect();
                assert_eq!(letter.len(), 1);
                letters.push((letter[0], base, tone));
            }
        }
        letters.extend([('đ', 'đ', 0), ('Đ', 'Đ', 0)]);
        assert_eq!(letters.len(), 146);
        letters
    }

    pub(in super::super) fn tcvn_of(text: &str) -> Vec<u8> {
        let letters = letters();
        text.chars()
            .map(|c| match letters.iter().find(|(letter, ..)| *letter == c) {
                Some((_, base, tone)) => TCVN_BY_LETTER.iter().find(|(letter, _)| letter == base).expect("every base has a row").1[*tone],
                None => u8::try_from(c).expect("the rest of the text is Latin-1"),
            })
            .collect()
    }

    /// The VNI convention as its keyboard manual puts it: a vowel, then the code of its marks; single codes for what has none.
    pub(in super::super) fn vni_of(text: &str) -> String {
        const MARKS: [(&str, [&str; 6]); 3] =
            [("", ["", "ø", "û", "õ", "ù", "ï"]), ("\u{302}", ["â", "à", "å", "ã", "á", "ä"]), ("\u{306}", ["ê", "è", "ú", "ü", "é", "ë"])];
        let mut out = String::new();
        for c in text.chars() {
            let Some((_, base, tone)) = letters().into_iter().find(|(letter, ..)| *letter == c) else {
                out.push(c);
                continue;
            };
            let capital = base.is_uppercase();
            let small = base.to_lowercase().next().expect("one letter");
            let codes = match small {
                'i' => ["i", "ì", "æ", "ó", "í", "ò"][tone].to_owned(),
                'y' if tone == 5 => "î".to_owned(),
                'đ' => "ñ".to_owned(),
                'ơ' => format!("ô{}", MARKS[0].1[tone]),
                'ư' => format!("ö{}", MARKS[0].1[tone]),
                _ => {
                    let parts: String = small.to_string().nfd().collect();
                    let (vowel, quality) = parts.split_at(1);
                    let row = MARKS.iter().find(|(mark, _)| *mark == quality).expect("a, e, o alone have a quality");
                    format!("{vowel}{}", row.1[tone])
                }
            };
            out.push_str(&if capital { codes.to_uppercase() } else { codes });
        }
        out
    }

    pub(in super::super) fn latin_1(bytes: &[u8]) -> String {
        bytes.iter().map(|b| char::from(*b)).collect()
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::super::Legacy;
    use super::backwards::{TONES, latin_1, letters, tcvn_of, vni_of};

    #[test]
    fn every_letter_comes_back_from_tcvn3() {
        for (letter, ..) in letters() {
            let letter = letter.to_string();
            assert_eq!(Legacy::Tcvn3.decode(&latin_1(&tcvn_of(&letter))), letter);
        }
    }

    #[test]
    fn every_letter_comes_back_from_vni() {
        for (letter, ..) in letters() {
            let letter = letter.to_string();
            assert_eq!(Legacy::Vni.decode(&vni_of(&letter)), letter, "{}", vni_of(&letter));
            // Within a word, where the next letter could be taken for a mark.
            let word = format!("x{letter}n a{letter} {letter}i");
            assert_eq!(Legacy::Vni.decode(&vni_of(&word)), word);
        }
    }

    #[test]
    fn every_letter_comes_back_from_windows_1258() {
        for (letter, base, tone) in letters() {
            let apart = format!("{base}{}", TONES[tone]);
            let (bytes, _, unmapped) = encoding_rs::WINDOWS_1258.encode(&apart);
            assert!(!unmapped, "{letter}");
            let (reading, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            assert_eq!(Legacy::Windows1258.decode(&reading), letter.to_string());
        }
    }
}
