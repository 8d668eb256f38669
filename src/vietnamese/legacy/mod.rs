//! Which Vietnamese letters are meant by `S¬n La`, `Thoâng tin` and `Viêòt`?
//!
//! Before Unicode, newspapers wrote with fonts: the north with TCVN3 (ABC, `.VnTime`), the south with VNI (`VNI-Times`), some with
//! Windows' own code page 1258. Programs that do not know take those bytes for windows-1252, which is how they reach us, be it as bytes,
//! as Unicode letters or as entities such as `&not;`. Everything here therefore works on text *in its windows-1252 reading*.
//!
//! Restore before [`tidy`](super::text::tidy): in TCVN3 the soft hyphen is a letter (`ư`). Tables: TCVN 5712:1993 (VN1, of which VN3 is
//! a part); the VNI convention; Microsoft's code page 1258. VPS and VISCII, the charsets of the diaspora, are not read.

mod codes;

use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;
use memchr::{memchr, memchr_iter, memchr2};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::syllable::is_syllable;
use codes::{tcvn3, vni, windows_1258};

/// A convention of writing Vietnamese with the codes of windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legacy {
    /// One code a letter. Capitals with a mark have codes in VN1 alone; the fonts of VN3 (`.VnTimeH`) draw lower-case codes as capitals,
    /// so that `CéNG HßA` is `CộNG HòA`.
    Tcvn3,
    /// Marks follow their vowel: `Thoâng` is `Thông`.
    Vni,
    /// windows-1258 taken for windows-1252: `Viêòt` is `Việt`.
    Windows1258,
}

impl Legacy {
    /// The convention that a charset label names; windows-1258 is no such label, since decoders know it.
    ///
    /// Labels are compared without case: `x-viet-tcvn5712` and `x-viet-vni` are those that browsers once knew.
    #[must_use]
    pub fn for_label(label: &str) -> Option<Self> {
        match label.trim().to_ascii_lowercase().as_str() {
            "x-viet-tcvn5712" | "x-viet-tcvn" | "tcvn-5712" | "tcvn5712-1" | "tcvn5712" | "tcvn" | "tcvn3" | "x-tcvn3" => Some(Self::Tcvn3),
            "x-viet-vni" | "x-vni" | "vni" | "vni-windows" => Some(Self::Vni),
            _ => None,
        }
    }

    /// Its name in [`Text::charset`](crate::charset::Text::charset).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3",
            Self::Vni => "VNI",
            Self::Windows1258 => "windows-1258",
        }
    }

    /// Rewrites `run` as Unicode (NFC), without asking whether it is written so.
    ///
    /// For TCVN3 read as Latin-1 (U+0080..U+009F kept as such) the capitals of VN1 are restored too; in a windows-1252 reading these
    /// codes are dashes and quotes and stay so.
    #[must_use]
    pub fn decode(self, run: &str) -> String {
        match self {
            Self::Tcvn3 => run.chars().map(tcvn3).nfc().collect(),
            Self::Vni => vni(run),
            Self::Windows1258 => run.chars().map(windows_1258).nfc().collect(),
        }
    }

    /// The convention that `run` is written in, if that is certain.
    ///
    /// Certain means: no letter beyond windows-1252; at least [`DISTINCT`] different words become Vietnamese syllables; at least four in
    /// five of the words with a mark do (abbreviations such as `H§ND` do not); at most half of these were syllables before. Other
    /// languages fail by the third test with a wide margin (the best, Irish, has 17 of 29, and 16 of them were syllables before), Unicode
    /// Vietnamese by the first or the last.
    #[must_use]
    pub fn judge(run: &str) -> Option<Self> {
        if run.is_ascii() || run.chars().any(beyond_windows_1252) {
            return None;
        }
        certain(&Self::ALL.map(|legacy| Evidence::of(legacy, &[run])), &[run])
    }

    const ALL: [Self; 3] = [Self::Tcvn3, Self::Vni, Self::Windows1258];

    /// The words of a text, as this convention writes them, that are not ASCII.
    fn marked_words(self, text: &str) -> MarkedWords<'_> {
        MarkedWords { legacy: self, text, at: 0 }
    }

    /// Is this character part of a word? TCVN3 alone has letters among what windows-1252 calls signs.
    fn in_word(self, c: char) -> bool {
        match c {
            '\u{A1}'..='\u{BF}' | '×' | '÷' => self == Self::Tcvn3,
            _ => c.is_ascii_alphabetic() || ('\u{C0}'..='\u{FF}').contains(&c),
        }
    }
}

/// The words of a text that hold a mark. Only words with a character of U+0080..U+00FF can, and its first byte is C2 or C3.
struct MarkedWords<'t> {
    legacy: Legacy,
    text: &'t str,
    /// Behind the last word.
    at: usize,
}

impl<'t> Iterator for MarkedWords<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let outside = |c| !self.legacy.in_word(c);
        let mut from = self.at;
        loop {
            let mark = from + memchr2(0xC2, 0xC3, &self.text.as_bytes()[from..])?;
            // Of both bytes a character of two begins.
            from = mark + 2;
            if self.text[mark..].starts_with(outside) {
                continue;
            }
            let start = self.text[self.at..mark].rfind(outside).map_or(self.at, |sign| {
                let sign = self.at + sign;
                sign + self.text[sign..].chars().next().map_or(0, char::len_utf8)
            });
            self.at = self.text[from..].find(outside).map_or(self.text.len(), |end| from + end);
            return Some(&self.text[start..self.at]);
        }
    }
}

/// The Unicode of a run of legacy text, such as a paragraph or a caption, if the judgement on this run alone is certain.
///
/// For a short run (a title) judge the whole body with [`Legacy::judge`] and [`decode`](Legacy::decode) the run.
#[must_use]
pub fn restore(run: &str) -> Option<String> {
    Legacy::judge(run).map(|legacy| legacy.decode(run))
}

/// The Unicode of a whole page (markup and all) in its windows-1252 reading, and the convention it was written in.
///
/// `None` where a letter of Unicode Vietnamese stands anywhere: such a page is mixed and can be restored run by run only. Entities are
/// left as they are. A page that names a font of TCVN3 or VNI needs less evidence than one that does not.
#[must_use]
pub fn restore_page(html: &str) -> Option<(Legacy, String)> {
    if html.is_ascii() || holds_unicode_vietnamese(html) {
        return None;
    }
    let slices = text_slices(html);
    let evidence = Legacy::ALL.map(|legacy| Evidence::of(legacy, &slices));
    let is_likely = |legacy: Legacy| evidence[legacy as usize].is_likely();
    let legacy = certain(&evidence, &slices).or_else(|| {
        let is_asked = is_likely(Legacy::Tcvn3) || is_likely(Legacy::Vni);
        named_by_font(is_asked.then_some(html)?).filter(|named| is_likely(*named))
    })?;
    Some((legacy, legacy.decode(html)))
}

/// How many different words must become syllables before a judgement is certain.
pub const DISTINCT: usize = 5;

/// How much text of a page is judged, in bytes of those slices that hold a mark.
const JUDGED: usize = 64 * 1024;

/// What the words with marks say for one convention.
#[derive(Debug, Default)]
struct Evidence {
    /// Words that it turns into a syllable.
    good: usize,
    /// Those of them that were syllables before.
    good_before: usize,
    /// Words that are no syllable after it.
    bad: usize,
    /// Some of the different good words, at most [`DISTINCT`].
    distinct: Vec<String>,
}

impl Evidence {
    /// What the words with a mark say.
    fn of(legacy: Legacy, slices: &[&str]) -> Self {
        let mut evidence = Self::default();
        // A lone sign (`£`, `«`) is no word of either reading.
        let words = slices.iter().flat_map(|slice| legacy.marked_words(slice));
        let marked: Vec<&str> = words.filter(|word| word.chars().nth(1).is_some()).collect();
        for word in &marked {
            evidence.weigh(word, legacy.decode(word));
            // Were all the others good, it would not be enough any more: most pages of other languages end here after some words.
            if 4 * evidence.bad > marked.len() {
                break;
            }
        }
        evidence
    }

    fn weigh(&mut self, word: &str, decoded: String) {
        let unchanged = decoded == word;
        match (is_syllable(&decoded), unchanged) {
            (false, _) => self.bad += 1,
            (true, true) => {}
            (true, false) => {
                self.good += 1;
                self.good_before += usize::from(is_syllable(word));
                if self.distinct.len() < DISTINCT && !self.distinct.contains(&decoded) {
                    self.distinct.push(decoded);
                }
            }
        }
    }

    fn is_certain(&self) -> bool {
        self.distinct.len() >= DISTINCT && self.good >= 4 * self.bad && 2 * self.good_before <= self.good
    }

    /// Enough where a font was named.
    fn is_likely(&self) -> bool {
        self.good >= 3 * self.bad && 3 * self.good_before < 2 * self.good
    }
}

/// The one convention whose evidence is certain; none if that of two is.
fn certain(evidence: &[Evidence; 3], slices: &[&str]) -> Option<Legacy> {
    let mut found = Legacy::ALL.into_iter().zip(evidence).filter(|(_, evidence)| evidence.is_certain());
    let (first, _) = found.next()?;
    (found.next().is_none() && !is_misread_utf8(slices)).then_some(first)
}

/// Is this UTF-8 that was read as windows-1252 (`Nhá»›`)? Its debris may look like syllables; no convention of ours is the cure.
fn is_misread_utf8(slices: &[&str]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for slice in slices {
        for chunk in WINDOWS_1252.encode(slice).0.utf8_chunks() {
            whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            broken += usize::from(!chunk.invalid().is_empty());
        }
    }
    whole > broken
}

/// A letter that neither windows-1252 nor its C1 gaps have.
fn beyond_windows_1252(c: char) -> bool {
    c > '\u{FF}' && (c.is_alphabetic() || is_unicode_vietnamese(c)) && !matches!(c, 'Œ' | 'œ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Ÿ' | 'ƒ' | 'ˆ')
}

/// A letter or mark that Vietnamese has in Unicode and windows-1252 has not.
fn is_unicode_vietnamese(c: char) -> bool {
    matches!(
        c,
        'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'
            ..='\u{1EF9}' | '\u{300}' | '\u{301}' | '\u{302}' | '\u{303}' | '\u{306}' | '\u{309}' | '\u{31B}' | '\u{323}'
    )
}

/// Looks at each character that one of the letters or marks of [`is_unicode_vietnamese`] may be by its first byte in UTF-8.
fn holds_unicode_vietnamese(text: &str) -> bool {
    const PIECE: usize = 64;
    let may_begin = |byte: u8| matches!(byte, 0xC4..=0xC6 | 0xCC | 0xE1);
    let is_one = |at: usize| text[at..].chars().next().is_some_and(is_unicode_vietnamese);
    text.as_bytes().chunks(PIECE).enumerate().any(|(number, piece)| {
        // Without a way out in the middle this is a few instructions for a whole piece.
        !piece.is_ascii()
            && piece.iter().fold(false, |found, byte| found | may_begin(*byte))
            && piece.iter().enumerate().any(|(at, byte)| may_begin(*byte) && is_one(number * PIECE + at))
    })
}

/// The first font of TCVN3 or VNI that a page names in a style or an attribute. `.vn` and `vni` alone would be domains and an index.
fn named_by_font(html: &str) -> Option<Legacy> {
    static FONT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i-u)(?P<tcvn3>\.vn(?:arial|aristote|avant|black|bodoni|book|centur|clarendon|cooper|courier|exotic|helvet|lucida|monotype|present|shelley|southern|tahoma|teknical|time|univers|vogue))|\bvni-(?:aptima|avo|bodon|book|brush|centur|cooper|couri|franko|goudy|helve|palatin|thufap|times|top|univer|zap)",
        )
        .expect("the pattern is a constant that the tests compile")
    });
    let found = FONT.captures(html)?;
    Some(if found.name("tcvn3").is_some() { Legacy::Tcvn3 } else { Legacy::Vni })
}

/// The text between the tags of a page, scripts and styles left out; only what holds a mark, to [`JUDGED`] bytes.
fn text_slices(html: &str) -> Vec<&str> {
    let mut slices = Vec::new();
    let mut judged = 0;
    let mut rest = html;
    while !rest.is_empty() && judged < JUDGED {
        let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let (text, markup) = rest.split_at(end);
        if !text.is_ascii() {
            let text = head(text, JUDGED - judged);
            judged += text.len().max(1);
            slices.push(text);
        }
        rest = after_markup(markup);
    }
    slices
}

/// At most the first `length` bytes of a text, no character cut.
fn head(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// What follows the tag, comment, script or style that `markup` begins with.
fn after_markup(markup: &str) -> &str {
    const UNREAD: [(&str, &str); 3] = [("<!--", "-->"), ("<script", "</script"), ("<style", "</style")];
    for (open, close) in UNREAD {
        if starts_with_ignoring_case(markup, open) {
            return find_ignoring_case(markup, close).map_or("", |at| &markup[at + close.len()..]);
        }
    }
    memchr(b'>', markup.as_bytes()).map_or("", |at| &markup[at + 1..])
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

/// Where `needle`, which begins with a sign, stands in `text` in any case. Each place is looked at once.
fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    memchr_iter(needle.as_bytes()[0], text.as_bytes()).find(|at| starts_with_ignoring_case(&text[*at..], needle))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{Encoding, WINDOWS_1250, WINDOWS_1254};

    use super::codes::backwards::{TONES, latin_1, tcvn_of, vni_of};
    use super::*;

    #[test]
    fn real_headings_are_read() {
        let table = [
            (Legacy::Tcvn3, "S¬n La qua nh÷ng trang b¸o, t¹p chÝ Trung \u{AD}¬ng", "Sơn La qua những trang báo, tạp chí Trung ương"),
            (Legacy::Tcvn3, "Phßng th«ng tin - th\u{AD} môc", "Phòng thông tin - thư mục"),
            (Legacy::Tcvn3, "CéNG HßA", "CộNG HòA"),
            (Legacy::Tcvn3, "“b¸o”", "“báo”"),
            (Legacy::Vni, "Thoâng tin tö lieäu Bình Thuaän – Thö Vieän tænh", "Thông tin tư liệu Bình Thuận – Thư Viện tỉnh"),
            (Legacy::Vni, "AN GIANG - KEÁT NOÁI CÔ HOÄI, HÔÏP TAÙC THAØNH COÂNG", "AN GIANG - KẾT NỐI CƠ HỘI, HỢP TÁC THÀNH CÔNG"),
            (Legacy::Vni, "ÑIEÅM BAÙO", "ĐIỂM BÁO"),
            (Legacy::Vni, "Aùnh saùng, Öôùc mô", "Ánh sáng, Ước mơ"),
            (Legacy::Windows1258, "Viêòt Nam ðâìt nýõìc", "Việt Nam đất nước"),
        ];
        for (legacy, run, unicode) in table {
            assert_eq!(legacy.decode(run), unicode);
        }
    }

    #[test]
    fn a_run_of_some_length_is_restored() {
        let table = [
            // As found: a copier has dropped the soft hyphens, `ư`, which nobody can bring back.
            (
                "S¬n La qua nh÷ng trang b¸o, t¹p chÝ Trung ¬ng / Phßng th«ng tin - th môc",
                "Sơn La qua những trang báo, tạp chí Trung ơng / Phòng thông tin - th mục",
            ),
            ("Thoâng tin tö lieäu Bình Thuaän – Thö Vieän tænh", "Thông tin tư liệu Bình Thuận – Thư Viện tỉnh"),
            ("AN GIANG - KEÁT NOÁI CÔ HOÄI, HÔÏP TAÙC THAØNH COÂNG", "AN GIANG - KẾT NỐI CƠ HỘI, HỢP TÁC THÀNH CÔNG"),
        ];
        for (run, unicode) in table {
            assert_eq!(restore(run).as_deref(), Some(unicode), "{run}");
        }
    }

    const PARAGRAPH: &str = "Sáng nay, đoàn công tác của tỉnh đã kiểm tra tiến độ thi công cây cầu mới và yêu cầu các đơn vị hoàn thành \
        trước mùa mưa. Theo ban quản lý, những nhịp cuối cùng sẽ được lắp trong tháng tới, người dân hai bờ rất phấn khởi.";

    #[test]
    fn a_paragraph_in_any_of_the_three_is_told_from_the_others() {
        let (windows_1258, _, _) = {
            let apart: String = PARAGRAPH.chars().flat_map(apart_for_1258).collect();
            let (bytes, encoding, unmapped) = encoding_rs::WINDOWS_1258.encode(&apart);
            (bytes.into_owned(), encoding, unmapped)
        };
        let table = [
            (Legacy::Tcvn3, latin_1(&tcvn_of(PARAGRAPH))),
            (Legacy::Vni, vni_of(PARAGRAPH)),
            (Legacy::Windows1258, WINDOWS_1252.decode_without_bom_handling(&windows_1258).0.into_owned()),
        ];
        for (legacy, run) in table {
            assert_eq!(Legacy::judge(&run), Some(legacy), "{run}");
            assert_eq!(restore(&run).as_deref(), Some(PARAGRAPH), "{run}");
        }
    }

    /// A letter as windows-1258 writes it: `ấ` as `â` and an acute, but `á` whole, as keyboards do.
    fn apart_for_1258(c: char) -> Vec<char> {
        let parts: Vec<char> = c.to_string().nfd().collect();
        let is_tone = |mark: &char| TONES.iter().any(|tone| tone.starts_with(*mark));
        let tone: Vec<char> = parts.iter().copied().filter(is_tone).collect();
        let base: Vec<char> = parts.into_iter().filter(|part| !is_tone(part)).nfc().collect();
        [base, tone].concat()
    }

    /// What must never be taken for Vietnamese fonts. Each also as bytes of its own charset read as windows-1252.
    const OTHERS: [(&str, &Encoding, &str); 17] = [
        (
            "French",
            WINDOWS_1252,
            "À l'été dernier, l'élève a passé près du théâtre où, dès lors, même un garçon naïf eût été fâché ; la forêt brûlée, les bêtes mêlées, le blé levé, la clé cachée, né là, thé déjà prêt, « mot », où ça, pâté, dîné, gêné.",
        ),
        (
            "German",
            WINDOWS_1252,
            "Für die Mädchen können größere Brücken schön sein; über die Flüsse führt früh müde Fähren, Käse, Öl, süß, böse, hört, Tür, Höhe, nötig, grün, fünf, zwölf, Bär, Rößl, Füße, möchte, würde, während, spät, Kühe, ähnlich.",
        ),
        (
            "Spanish",
            WINDOWS_1252,
            "El niño soñó que mañana habría más café y té; también él dirá que sí, aquí está la canción del año, según José, Ángel y Íñigo, ¿cómo?, ¡qué fácil!, pingüino, razón, así, allá, línea, último, común, país, baúl, oír, señor.",
        ),
        (
            "Portuguese",
            WINDOWS_1252,
            "Não há só uma estação; as ações são más, então amanhã o avô e a avó irão à missa, coração, mãe, pão, irmão, lições, três, você, até, já, lá, pé, café, médico, água, último, difícil, útil, órgão, põe, chão, João, à tarde.",
        ),
        (
            "Italian",
            WINDOWS_1252,
            "Perché la città è più là, così però può già dire che sarà lunedì; caffè, virtù, università, tè, né, sì, giù, laggiù, qualità, libertà, verrà, cioè, metà, gioventù, papà, poiché, finché, cosicché, tribù, perciò, farò.",
        ),
        (
            "Icelandic",
            WINDOWS_1252,
            "Það er ekki gott að vera úti í kvöld því að veðrið er vont; maðurinn sá húsið og fór þá inn með börnin, bað um kaffi, las blöð, át fisk, þú átt bók, ég á hús, já, nú, sól, mál, tíð, ráð, góð, lönd, fjöll, ís, ár, rós.",
        ),
        (
            "Danish",
            WINDOWS_1252,
            "På øen så vi både får og køer; når året går, får de små børn også lov at gå på stranden, hvor åen løber, æbler, smør, brød, blå, grå, lås, rød, sød, tør, høj, øl, sø, gæs, læs, næse, bær, dør, får, hår, mål, nåh.",
        ),
        (
            "Swedish",
            WINDOWS_1252,
            "På våren går små får över ån; där är även två älgar, och när dör hösten på ön blir allt grått, så får man hålla sig på båten, rött kött, smör, öl, bår, sår, tår, lås, mål, hål, ål, gås, nål, dörr, rör, söt, hög, lök.",
        ),
        (
            "Finnish",
            WINDOWS_1252,
            "Tämä päivä on hyvä; työ jää tänään tekemättä, sillä äiti ja isä eivät pääse kylään, yö, pöytä, tyttö, äly, mäki, lämpö, kesä, sää, jäätelö, vyö, syödä, löytää, näkyä, ylös, häät, pää, lääkäri, köyhä, myös, vähän.",
        ),
        (
            "Irish",
            WINDOWS_1252,
            "Tá mé ag dul go dtí an trá le mo mháthair; bhí sé fuar inné ach níl sé fuar anois, ná bí ag caint, tá bó ar an mbóthar, cá bhfuil an fear mór, lá breá, sí, ó, rá, cén fáth, más é do thoil é, lón, tír, mí, úr, bán.",
        ),
        (
            "Catalan",
            WINDOWS_1252,
            "L'avió és més gran que això; demà també farà calor, però aquí a Tarragona la gent és molt simpàtica, cançó, camí, raó, llengües, pingüí, avui, què, perquè, són, bé, ràpid, òptica, únic, història, cafè, nét, pòmul, fàcil.",
        ),
        (
            "Turkish",
            WINDOWS_1254,
            "Bugün hava çok güzel değil; çocuklar dışarıda oynamıyor, köprü yeni açıldı, şehir büyük, iş yok, kış uzun, ağaç, dağ, göl, süt, üç, dört, gün, şöyle, böyle, öğle, çünkü, için, güç, kaç, aç, iç, üst, alt, ön, yüz, söz.",
        ),
        (
            "Czech",
            WINDOWS_1250,
            "Příliš žluťoučký kůň úpěl ďábelské ódy; dnes ráno byl otevřen nový most, lidé čekají už dlouho, město má málo míst, být, dát, mít, žít, síť, noví, tón, bílá, dům, růže, pět, měl, kdyby, též, ví, tý, dá, má, ná, hrá.",
        ),
        (
            "Hungarian",
            WINDOWS_1250,
            "A híd ma reggel nyílt meg, és az emberek már régóta várták; a víz tükrén hajók úsznak, kék ég, őz, fű, tó, só, hó, jó, tűz, kő, nő, bőr, fül, kör, több, úgy, így, két, hét, négy, száz, ezért, körút, múlt, új, lány.",
        ),
        (
            "Polish",
            WINDOWS_1250,
            "Dziś rano otwarto nowy most, ludzie są zadowoleni, że już można przejść na drugą stronę rzeki; żółć, łódź, gęś, mąż, ząb, dąb, róg, lód, bóg, sól, ból, ćma, świat, źle, coś, być, żyć, pić, dać, móc, późno, córka.",
        ),
        (
            "Romanian",
            WINDOWS_1250,
            "Podul cel nou a fost deschis în această dimineaţă, iar oamenii de pe malul celălalt sunt mulţumiţi; pâine, câine, mâine, fân, lână, rău, tău, său, măr, păr, văd, fără, până, când, cât, tânăr, gând, râu, vânt, şi.",
        ),
        (
            "English",
            WINDOWS_1252,
            "The café’s résumé of naïve façades © 2024 cost £5 or €6 — a cliché, déjà vu; Microsoft® Windows™ at 20 °C ± 1, ½ a crème brûlée, § 7 ¶ 3, «quoted», piñata, jalapeño, über, Zoë, Noël, rôle, fête, soufflé, entrée, garçon.",
        ),
    ];

    #[test]
    fn other_languages_are_left_alone() {
        for (language, charset, text) in OTHERS {
            assert_eq!(Legacy::judge(text), None, "{language}");
            let (bytes, _, _) = charset.encode(text);
            let (reading, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            assert_eq!(Legacy::judge(&reading), None, "{language} as bytes");
            assert_eq!(restore_page(&format!("<html><body><p>{reading}</p></body></html>")), None, "{language} as a page");
        }
    }

    #[test]
    fn unicode_vietnamese_is_left_alone() {
        let table = [
            PARAGRAPH,
            "Tiếng Việt",
            // Letters of Latin-1 alone.
            "Ông bà tôi có ba cái bàn, hai cái ghê, má lo cho cô, chú vô nhà là có quà, bé Hòa và bé Thúy hát hay, trông cô kìa.",
            "tôi có ông bà cô chú là và các sông hòa bình thông tin công tác",
            "NÔNG THÔN, CÔNG AN, THÔNG TIN, HÒA BÌNH, TÔI, CÓ",
        ];
        for text in table {
            assert_eq!(Legacy::judge(text), None, "{text}");
            assert_eq!(restore(&text.nfd().collect::<String>()), None, "{text}");
            assert_eq!(restore_page(text), None, "{text}");
        }
    }

    #[test]
    fn misread_utf_8_is_left_alone() {
        for text in [PARAGRAPH, "Nhớ hoặc hiển thị vị trí", "opțiunile „-c”, „-C”, „-d”, „-n”, „-N”, „-x”, „-X”"]
        {
            let (reading, _) = WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
            assert_eq!(Legacy::judge(&reading), None, "{reading}");
        }
    }

    #[test]
    fn a_page_that_names_its_font_needs_little_evidence() {
        let page = |font: &str, text: &str| format!("<style>td{{font-family:{font}}}</style><td>{text}</td>");
        let table = [
            (page(".VnTime", "B¸o t¹p chÝ"), Some((Legacy::Tcvn3, page(".VnTime", "Báo tạp chí")))),
            (page("'VNI-Times'", "ÑIEÅM BAÙO"), Some((Legacy::Vni, page("'VNI-Times'", "ĐIỂM BÁO")))),
            (page("Arial", "B¸o t¹p chÝ"), None),
            // A font that is named and not used, and what only looks like one.
            (page(".VnTime", "Công an, thông tin"), None),
            (page(".VnTime", "été à l'hôtel"), None),
            (page("x", "VNI-Index, www.bao.vn/thoi-su ÑIEÅM BAÙO"), None),
        ];
        for (html, expected) in table {
            assert_eq!(restore_page(&html), expected, "{html}");
        }
    }

    #[test]
    fn a_page_with_a_letter_of_unicode_vietnamese_is_left_to_its_runs() {
        let run = latin_1(&tcvn_of(&PARAGRAPH.to_lowercase()));
        let page = format!("<h1>Tiếng Việt</h1><p style=\"font-family:.VnTime\">{run}</p>");
        assert_eq!(restore_page(&page), None);
        assert_eq!(restore(&run), Some(PARAGRAPH.to_lowercase()));
    }

    #[test]
    fn scripts_styles_and_comments_are_no_evidence() {
        let words = "B¸o t¹p chÝ nh÷ng S¬n th«ng hßa cñ";
        for html in [
            format!("<SCRIPT>var a = '{words}'</SCRIPT><p>é</p>"),
            format!("<style>{words}</style>é"),
            format!("<!-- {words} -->é"),
            format!("<a title='{words}'>é</a>"),
            format!("<script>{words}"),
        ] {
            assert_eq!(restore_page(&html), None, "{html}");
        }
        assert!(restore_page(&format!("<p>{words}</p>")).is_some());
    }

    #[test]
    fn charset_labels_are_known_in_any_case() {
        let table = [
            ("x-viet-tcvn5712", Some(Legacy::Tcvn3)),
            ("TCVN-5712", Some(Legacy::Tcvn3)),
            (" tcvn3 ", Some(Legacy::Tcvn3)),
            ("x-viet-vni", Some(Legacy::Vni)),
            ("VNI", Some(Legacy::Vni)),
            ("x-viet-vps", None),
            ("utf-8", None),
        ];
        for (label, legacy) in table {
            assert_eq!(Legacy::for_label(label), legacy, "{label}");
        }
    }
}
