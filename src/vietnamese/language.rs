//! Which language is a text in, if that is certain?

use std::collections::BTreeSet;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::syllable::{Tone, tone};
use super::text::fold;

/// How much of a text is judged, in characters.
const JUDGED: usize = 2000;

/// Is this certainly Vietnamese? A short title may be, and yet be `false`.
///
/// Of the first 2000 characters: at least five words with a tone, in at least three tones; two different common words (`của`,
/// `những`, …), and one word in twenty is such a word; six words in ten are spelt as Vietnamese syllables, and of those with a mark
/// 17 in 20. The last two keep out the minority languages written with the same letters (Xơ Đăng, Mnông, Ê Đê: onsets such as `pl`,
/// `kl`, `hm`, no tones); the common words keep out Tày and Nùng, which have the tones.
#[must_use]
pub fn looks_vietnamese(text: &str) -> bool {
    let head = head(text);
    may_be_vietnamese(head) && is_vietnamese(&fold(head))
}

/// Are there tones enough? Most languages have none, and end here.
fn may_be_vietnamese(text: &str) -> bool {
    let toned = |c: &char| {
        let mut toned = false;
        decompose_canonical(*c, |part| toned |= Tone::of_mark(part).is_some());
        toned
    };
    text.chars().filter(|c| !c.is_ascii()).filter(toned).take(TONED).count() == TONED
}

fn is_vietnamese(folded: &str) -> bool {
    let mut tally = Tally::default();
    words(folded).for_each(|word| tally.count(word));
    // Syllables are looked at last, since that takes longest.
    tally.has_common_words() && {
        words(folded).for_each(|word| tally.spell(word));
        tally.is_vietnamese()
    }
}

/// The language of a text as BCP 47 writes it: `vi`, `en`, `km`, `lo`, `th`, `zh`, `ja`, `ko`, `ru` or `ar`, if certain.
///
/// By script where the script has one language among those that Vietnam's papers publish in, three letters in five and ten at least (forty of
/// Cyrillic and Arabic, whose other languages then show a letter of their own);
/// Vietnamese and English by their words. Any other language, French too, is `None`.
#[must_use]
pub fn language_of(text: &str) -> Option<&'static str> {
    let text = head(text);
    let mut scripts = Scripts::default();
    text.chars().filter(|c| c.is_alphabetic()).for_each(|c| scripts.count(c));
    scripts.language().or_else(|| {
        if may_be_vietnamese(text) && is_vietnamese(&fold(text)) {
            return Some("vi");
        }
        looks_english(text).then_some("en")
    })
}

/// So many words with a tone, at least, has a text that is certainly Vietnamese.
const TONED: usize = 5;

/// Vietnamese words that hold sentences together, or stand in most, as [`fold`] spells them. None is a loan from Chinese, since Tày and
/// Nùng have borrowed the same.
const COMMON_WORDS: [&str; 59] = [
    "bằng", "bị", "bởi", "cho", "chưa", "chỉ", "các", "còn", "có", "cùng", "cũng", "của", "do", "dưới", "giữa", "hơn", "khi", "không",
    "là", "lên", "lại", "mà", "một", "ngày", "người", "nhiều", "nhà", "như", "nhưng", "những", "này", "năm", "nước", "phải", "ra", "rất",
    "rằng", "sau", "sẽ", "theo", "thì", "trong", "trên", "trước", "tại", "từ", "việc", "và", "vào", "về", "với", "đang", "đây", "đã", "đó",
    "được", "đến", "để", "ở",
];

/// English ones. Dutch, German and the Romance languages share some, none shares most.
const ENGLISH: [&str; 30] = [
    "and", "are", "as", "at", "been", "but", "by", "for", "from", "has", "have", "in", "is", "it", "its", "not", "of", "on", "said",
    "that", "the", "their", "they", "this", "to", "were", "which", "who", "with", "would",
];

/// The longest of them, in bytes.
const LONGEST_ENGLISH: usize = 5;

/// What [`looks_vietnamese`] counts.
#[derive(Default)]
struct Tally {
    words: usize,
    syllables: usize,
    marked: usize,
    marked_syllables: usize,
    toned: usize,
    tones: Vec<Tone>,
    common_words: usize,
    distinct_common_words: BTreeSet<&'static str>,
}

impl Tally {
    fn count(&mut self, word: &str) {
        self.words += 1;
        if let Ok(known) = COMMON_WORDS.binary_search(&word) {
            self.common_words += 1;
            self.distinct_common_words.insert(COMMON_WORDS[known]);
        }
    }

    fn has_common_words(&self) -> bool {
        self.distinct_common_words.len() >= 2 && 20 * self.common_words >= self.words
    }

    fn spell(&mut self, word: &str) {
        let tone = tone(word);
        let marked = usize::from(!word.is_ascii());
        let syllable = usize::from(tone.is_some());
        self.syllables += syllable;
        self.marked += marked;
        self.marked_syllables += marked * syllable;
        if let Some(tone) = tone.filter(|tone| *tone != Tone::Level) {
            self.toned += 1;
            if !self.tones.contains(&tone) {
                self.tones.push(tone);
            }
        }
    }

    fn is_vietnamese(&self) -> bool {
        self.toned >= TONED
            && self.tones.len() >= 3
            && 10 * self.syllables >= 6 * self.words
            && 20 * self.marked_syllables >= 17 * self.marked
    }
}

/// Five different function words of English, `the` or `and` among them, a word in six one of them, and hardly a letter with a mark.
fn looks_english(text: &str) -> bool {
    let (mut count, mut known, mut marked) = (0, 0, 0);
    let mut distinct = BTreeSet::new();
    for word in words(text) {
        count += 1;
        marked += usize::from(!word.is_ascii());
        let mut lower = [0; LONGEST_ENGLISH];
        let Some(lower) = lower.get_mut(..word.len()) else { continue };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        if let Ok(place) = ENGLISH.binary_search_by(|english| english.as_bytes().cmp(lower)) {
            known += 1;
            distinct.insert(ENGLISH[place]);
        }
    }
    distinct.len() >= 5 && (distinct.contains("the") || distinct.contains("and")) && 6 * known >= count && 10 * marked <= count
}

/// Letters by script.
#[derive(Default)]
struct Scripts {
    letters: usize,
    khmer: usize,
    lao: usize,
    thai: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    russian: usize,
    /// Those that Bulgarian, Serbian and Ukrainian lack: `ы`, `э`.
    russian_alone: usize,
    arabic: usize,
    /// Letters of Cyrillic or Arabic script that Russian and Arabic do not have.
    foreign: usize,
}

impl Scripts {
    fn count(&mut self, c: char) {
        self.letters += 1;
        match c {
            '\u{1780}'..='\u{17FF}' => self.khmer += 1,
            '\u{E80}'..='\u{EFF}' => self.lao += 1,
            '\u{E00}'..='\u{E7F}' => self.thai += 1,
            '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' => self.han += 1,
            '\u{3040}'..='\u{30FF}' => self.kana += 1,
            '\u{AC00}'..='\u{D7AF}' => self.hangul += 1,
            'А'..='я' | 'Ё' | 'ё' => {
                self.russian += 1;
                self.russian_alone += usize::from(matches!(c, 'Ы' | 'ы' | 'Э' | 'э'));
            }
            'ء'..='ي' => self.arabic += 1,
            '\u{400}'..='\u{52F}' | '\u{66E}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => self.foreign += 1,
            _ => {}
        }
    }

    fn language(&self) -> Option<&'static str> {
        // Japanese mixes its kana with Han; a Chinese text may name a Japanese thing; between the two lie Japanese headlines.
        let (east, eastern) = match (self.kana, self.han) {
            (kana, han) if 4 * kana >= han => ("ja", kana + han),
            (kana, han) if 50 * kana <= han => ("zh", kana + han),
            _ => ("", 0),
        };
        let alone = |count: usize| if 50 * self.foreign <= count { count } else { 0 };
        let table = [
            ("km", self.khmer),
            ("lo", self.lao),
            ("th", self.thai),
            (east, eastern),
            ("ko", self.hangul),
            ("ru", if self.russian_alone > 0 { alone(self.russian) } else { 0 }),
            ("ar", alone(self.arabic)),
        ];
        let (language, count) = table.into_iter().max_by_key(|(_, count)| *count)?;
        // Neighbours of Russian and Arabic show themselves in a sentence or two.
        let enough = if matches!(language, "ru" | "ar") { 40 } else { 10 };
        (count >= enough && 5 * count >= 3 * self.letters).then_some(language)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = |c: char| {
        if c.is_ascii() { !c.is_ascii_alphabetic() } else { !c.is_alphabetic() && !is_combining_mark(c) }
    };
    text.split(parts).filter(|word| !word.is_empty())
}

fn head(text: &str) -> &str {
    text.char_indices().nth(JUDGED).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_words_stand_sorted_and_folded_for_the_search() {
        assert!(COMMON_WORDS.is_sorted_by(|a, b| a < b));
        assert_eq!(COMMON_WORDS.map(fold), COMMON_WORDS);
        assert!(ENGLISH.is_sorted_by(|a, b| a < b) && ENGLISH.iter().all(|word| word.len() <= LONGEST_ENGLISH));
    }

    const VIETNAMESE: &str = "Sáng nay, đoàn công tác của tỉnh đã kiểm tra tiến độ thi công cây cầu mới và yêu cầu các đơn vị hoàn thành trước \
        mùa mưa. Theo ban quản lý, những nhịp cuối cùng sẽ được lắp trong tháng tới.";
    const ENGLISH_TEXT: &str = "The new bridge was opened this morning, and the people who live on the other bank of the river said that \
        it has been worth the wait.";

    #[test]
    fn vietnamese_is_known_composed_decomposed_and_with_icelandic_letters() {
        use unicode_normalization::UnicodeNormalization;
        assert!(looks_vietnamese(VIETNAMESE));
        assert!(looks_vietnamese(&VIETNAMESE.nfd().collect::<String>()));
        assert!(looks_vietnamese(&VIETNAMESE.replace('đ', "ð").to_uppercase()));
        assert!(looks_vietnamese(
            "Tối qua, Manchester United đã thắng Real Madrid 2-1 trong trận giao hữu tại Los Angeles, theo tin của hãng AP. Cristiano \
             Ronaldo và Bruno Fernandes cũng có mặt trên khán đài."
        ));
    }

    #[test]
    fn what_is_too_short_or_without_marks_is_not_certain() {
        for text in ["", "Khánh thành cầu mới", "Sang nay, doan cong tac cua tinh da kiem tra tien do thi cong cay cau moi"] {
            assert!(!looks_vietnamese(text), "{text}");
        }
    }

    #[test]
    fn minority_languages_are_not_vietnamese() {
        let table = [
            (
                "Ê Đê",
                "Hlăm hruê anei, phung buôn sang hlăm alŭ wăl mâo bruă knuă mrâo. Ñu lač, klei hdĭp mda jing hĭn mơ̆ng leh mâo êlan klông.",
            ),
            (
                "Xơ Đăng",
                "Hâi kố, kuăn pơlê kơ̆ng Tu Mrông tơdroăng pêi chiâk xơpá môi tiah mê, hnoăng tơkêa mơngế kring kơdrâm hên ki rak tơmeăm.",
            ),
            ("Mnông", "Nar aơ, bu nuyh tâm bon lan jă kan jêr nđâp ma sĭt dak toyh, nây jêng nau geh uănh tay lăp ma phung kuăng bon."),
            (
                "Gia Rai",
                "Hrơi anai, ƀing gơñu amăng plei pla hơmâo bruă mă phrâo, ƀơi anih anai mơnuih ƀôn sang djru nao rai kơ tơlơi hơdip.",
            ),
            (
                "Tày",
                "Cần rầu dú chang bản pây háng slắc slưởn, pỉ noọng mừa rườn kin ngài, lục eng hết vịa nẩy bấu ngám lẻ mì hẩư mọi cần.",
            ),
        ];
        for (language, text) in table {
            assert!(!looks_vietnamese(text), "{language}");
            assert_eq!(language_of(text), None, "{language}");
        }
    }

    #[test]
    fn a_language_is_named_where_script_or_words_are_certain() {
        let table = [
            (VIETNAMESE, Some("vi")),
            (ENGLISH_TEXT, Some("en")),
            ("ព្រឹកនេះ ក្រុមការងារខេត្តបានពិនិត្យស្ពានថ្មី", Some("km")),
            ("ຕອນເຊົ້ານີ້ ຂົວໃໝ່ໄດ້ເປີດແລ້ວ", Some("lo")),
            ("เช้านี้สะพานใหม่เปิดให้ใช้แล้ว", Some("th")),
            ("今天上午,新的大桥正式通车,当地群众十分高兴。", Some("zh")),
            ("今朝、新しい橋が開通しました。", Some("ja")),
            ("新橋開通、住民集会開催へ", None),
            ("오늘 아침 새 다리가 개통되었습니다", Some("ko")),
            ("Сегодня утром был открыт новый мост через реку, и жители города вышли на улицу.", Some("ru")),
            ("افتتح الجسر الجديد صباح اليوم بعد عامين من العمل في المدينة", Some("ar")),
            // Neighbours in script, and languages that are not told.
            ("Тази сутрин беше открит новият мост над реката.", None),
            ("Сьогодні вранці відкрили новий міст через річку.", None),
            ("پل جدید امروز صبح گشایش یافت و گروهی پیاده رفتند", None),
            ("Le nouveau pont a été ouvert ce matin, et les habitants de l'autre rive disent qu'ils ont bien fait d'attendre.", None),
            ("Die neue Brücke wurde heute früh eröffnet, und die Leute in der Stadt sind froh, dass das Warten ein Ende hat.", None),
            (
                "De nieuwe brug is vanmorgen geopend, en de mensen op de andere oever zeggen dat het wachten in elk geval de moeite was of is.",
                None,
            ),
            ("El puente nuevo se abrió esta mañana y la gente de la otra orilla dice que valió la pena esperar.", None),
            ("Trần Văn An", None),
            ("The bridge", None),
            ("123 456", None),
            ("", None),
        ];
        for (text, language) in table {
            assert_eq!(language_of(text), language, "{text}");
        }
    }

    #[test]
    fn a_foreign_name_does_not_hide_the_language_of_a_text() {
        let text = format!("{VIETNAMESE} Đoàn của 今朝 có mặt.");
        assert_eq!(language_of(&text), Some("vi"));
    }
}
