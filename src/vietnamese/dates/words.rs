//! Which words name months, weekdays, zones and spans of time?
//!
//! All words stand here as [`super::tokens`] folds them: lower case, without diacritics. A prefix of three letters or more is
//! an abbreviation when all names that it begins mean the same, so that `jun.`, `sept` and `déc.` need no rows of their own.

use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};

use super::Precision;

/// The months by language, from January. Vietnamese months are numbers and stand in [`VIETNAMESE_NUMBERS`].
const MONTHS: [[&str; 12]; 17] = [
    // English
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"],
    // German; Austria's January
    ["januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"],
    ["janner", "februar", "maerz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"],
    // French
    ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"],
    // Spanish
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
    // Italian
    ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
    // Portuguese
    ["janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
    // Dutch, with its odd abbreviation of March
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    ["januari", "februari", "mrt", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    // Swedish
    ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
    // Danish; Norwegian
    ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
    ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"],
    // Polish, in the genitive
    ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "wrzesnia", "pazdziernika", "listopada", "grudnia"],
    // Turkish
    ["ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul", "ekim", "kasim", "aralik"],
    // Indonesian; Malay
    ["januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"],
    ["januari", "februari", "mac", "april", "mei", "jun", "julai", "ogos", "september", "oktober", "november", "disember"],
    // Russian, in the genitive
    ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
];

/// The weekdays by language, from Monday.
const WEEKDAYS: [[&str; 7]; 16] = [
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
    ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "sonnabend", "sonntag"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"],
    ["lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica"],
    ["segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo"],
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    ["mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag"],
    ["poniedziałek", "wtorek", "sroda", "czwartek", "piatek", "sobota", "niedziela"],
    ["pazartesi", "sali", "carsamba", "persembe", "cuma", "cumartesi", "pazar"],
    ["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"],
    ["isnin", "selasa", "rabu", "khamis", "jumaat", "sabtu", "ahad"],
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
];

/// One to twelve as months are counted; `tu` and `bon` are both four, January and December have names of their own.
const VIETNAMESE_NUMBERS: [(&str, i8); 13] = [
    ("mot", 1),
    ("gieng", 1),
    ("hai", 2),
    ("ba", 3),
    ("tu", 4),
    ("bon", 4),
    ("nam", 5),
    ("sau", 6),
    ("bay", 7),
    ("tam", 8),
    ("chin", 9),
    ("muoi", 10),
    ("chap", 12),
];

/// Where a printed zone lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// Always as far from Greenwich.
    Fixed(Offset),
    /// With a summer time, by a rule in the notation of POSIX `TZ`.
    Rule(&'static str),
}

impl Zone {
    /// The instant of a civil time, and the offset then in force. In the hour that is there twice, the first.
    pub(super) fn at(self, time: civil::DateTime) -> Option<(Timestamp, Offset)> {
        match self {
            Self::Fixed(offset) => Some((offset.to_timestamp(time).ok()?, offset)),
            Self::Rule(rule) => {
                let zone = TimeZone::posix(rule).ok()?;
                let at = zone.to_ambiguous_timestamp(time).compatible().ok()?;
                Some((at, zone.to_offset(at)))
            }
        }
    }
}

/// Zones by their printed names, in minutes east of Greenwich.
///
/// Where a name is used twice the news decides: `IST` is India's, `BST` Britain's, `CST` America's.
const ZONES: [(&str, i32); 52] = [
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("ict", 420),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("sgt", 480),
    ("myt", 480),
    ("hkt", 480),
    ("pht", 480),
    ("jst", 540),
    ("kst", 540),
    ("ist", 330),
    ("pkt", 300),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("tsi", 180),
    ("eat", 180),
    ("sast", 120),
    ("cat", 120),
    ("wat", 60),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("mez", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("nst", -210),
    ("ndt", -150),
    ("brt", -180),
    ("aest", 600),
    ("aedt", 660),
    ("acst", 570),
    ("acdt", 630),
    ("awst", 480),
    ("nzst", 720),
    ("nzdt", 780),
];

/// Zones whose name leaves open whether it is summer. The rules are those in force since 2007.
const ZONES_WITH_SUMMER: [(&str, &str); 4] = [
    ("et", "EST5EDT,M3.2.0,M11.1.0"),
    ("ct", "CST6CDT,M3.2.0,M11.1.0"),
    ("mt", "MST7MDT,M3.2.0,M11.1.0"),
    ("pt", "PST8PDT,M3.2.0,M11.1.0"),
];

/// Words that may stand between a date and its time without parting them.
pub(super) const GLUE: [&str; 32] = [
    "luc", "vao", "hoi", "ngay", "at", "on", "of", "um", "am", "den", "de", "del", "kl", "klo", "kello", "las", "los", "les", "le", "el",
    "il", "alle", "ore", "as", "om", "op", "godz", "saat", "pukul", "jam", "года", "uhr",
];

/// The spans that relative dates count in, and so their precision.
const UNITS: [(&str, Precision); 38] = [
    ("giay", Precision::Second),
    ("second", Precision::Second),
    ("seconds", Precision::Second),
    ("sec", Precision::Second),
    ("secs", Precision::Second),
    ("s", Precision::Second),
    ("phut", Precision::Minute),
    ("p", Precision::Minute),
    ("ph", Precision::Minute),
    ("minute", Precision::Minute),
    ("minutes", Precision::Minute),
    ("min", Precision::Minute),
    ("mins", Precision::Minute),
    ("m", Precision::Minute),
    ("gio", Precision::Hour),
    ("tieng", Precision::Hour),
    ("h", Precision::Hour),
    ("g", Precision::Hour),
    ("hour", Precision::Hour),
    ("hours", Precision::Hour),
    ("hr", Precision::Hour),
    ("hrs", Precision::Hour),
    ("ngay", Precision::Day),
    ("day", Precision::Day),
    ("days", Precision::Day),
    ("d", Precision::Day),
    ("tuan", Precision::Week),
    ("week", Precision::Week),
    ("weeks", Precision::Week),
    ("w", Precision::Week),
    ("wk", Precision::Week),
    ("wks", Precision::Week),
    ("thang", Precision::Month),
    ("month", Precision::Month),
    ("months", Precision::Month),
    ("nam", Precision::Year),
    ("year", Precision::Year),
    ("years", Precision::Year),
];

/// What the value is of a word in a table of pairs.
fn look_up<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// The month that a word names or abbreviates, 1 to 12.
pub(super) fn month(word: &str) -> Option<i8> {
    place(&MONTHS, word, true).map(|index| index + 1)
}

/// The weekday that a word names; abbreviations only in English, where they are what is printed.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let index = place(&WEEKDAYS, word, false).or_else(|| place(&WEEKDAYS[..1], word, true))?;
    Weekday::from_monday_zero_offset(index).ok()
}

/// In which column of a table a word stands; with `abbreviated`, also in which column all names stand that it begins.
fn place<const N: usize>(table: &[[&str; N]], word: &str, abbreviated: bool) -> Option<i8> {
    let columns = || table.iter().flat_map(|row| (0_i8..).zip(row));
    if let Some((column, _)) = columns().find(|(_, name)| **name == word) {
        return Some(column);
    }
    if !abbreviated || word.chars().nth(2).is_none() {
        return None;
    }
    let mut begun = columns().filter(|(_, name)| name.starts_with(word)).map(|(column, _)| column);
    let first = begun.next()?;
    begun.all(|other| other == first).then_some(first)
}

/// The number that a Vietnamese word says, as months and weekdays are counted.
pub(super) fn vietnamese_number(word: &str) -> Option<i8> {
    look_up(&VIETNAMESE_NUMBERS, word)
}

/// The zone that a name stands for.
pub(super) fn zone(name: &str) -> Option<Zone> {
    look_up(&ZONES_WITH_SUMMER, name).map(Zone::Rule).or_else(|| {
        let minutes = look_up(&ZONES, name)?;
        Offset::from_seconds(minutes * 60).ok().map(Zone::Fixed)
    })
}

/// The span that a word names.
pub(super) fn unit(word: &str) -> Option<Precision> {
    look_up(&UNITS, word)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::Snippet;
    use super::*;

    #[test]
    fn every_word_of_the_tables_is_spelt_as_texts_are_folded() {
        let names = MONTHS.iter().flatten().chain(WEEKDAYS.iter().flatten()).chain(&GLUE).copied();
        let names = names.chain(VIETNAMESE_NUMBERS.iter().map(|(name, _)| *name)).chain(ZONES.iter().map(|(name, _)| *name));
        for name in names.chain(UNITS.iter().map(|(name, _)| *name)).chain(ZONES_WITH_SUMMER.iter().map(|(name, _)| *name)) {
            let snippet = Snippet::new(name);
            assert_eq!(snippet.start().word().map(|(word, _)| word), Some(name));
        }
    }

    #[test]
    fn an_abbreviation_counts_when_all_that_it_begins_is_one_month() {
        for (word, expected) in [
            ("jun", Some(6)),
            ("sept", Some(9)),
            ("mar", Some(3)),
            ("mai", Some(5)),
            ("juil", Some(7)),
            ("jui", None),
            ("ja", None),
            ("авг", Some(8)),
            ("news", None),
        ] {
            assert_eq!(month(word), expected, "{word}");
        }
    }

    #[test]
    fn every_summer_rule_can_be_read() {
        let noon = civil::date(2025, 7, 1).at(12, 0, 0, 0);
        for (name, hours) in [("et", -4), ("ct", -5), ("mt", -6), ("pt", -7)] {
            let read = zone(name).and_then(|zone| zone.at(noon)).map(|(_, offset)| offset);
            assert_eq!(read, Some(Offset::constant(hours)), "{name}");
        }
    }
}
