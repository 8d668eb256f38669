//! Which people does a byline of the world's newspapers name?
//!
//! `By Jane Doe and John Roe, Senior Editors | Reuters` names two. What they do, where they do it and for whom is not their name.

/// Words that stand before the names, in lower case.
const BEFORE: [&str; 42] = [
    "by",
    "von",
    "par",
    "por",
    "di",
    "a cura di",
    "door",
    "av",
    "af",
    "tekst",
    "text",
    "words by",
    "written by",
    "posted by",
    "story by",
    "reported by",
    "author",
    "authors",
    "author:",
    "authors:",
    "autor",
    "autoren",
    "autor:",
    "autorin",
    "autorin/autor",
    "auteur",
    "autore",
    "foto",
    "interview:",
    "article by",
    "analysis by",
    "opinion by",
    "review by",
    "texte",
    "texto",
    "publié par",
    "publicado por",
    "escrito por",
    "автор",
    "автор:",
    "oleh",
    "yazan",
];

/// Words between two names.
const BETWEEN: [&str; 11] = ["and", "und", "et", "y", "e", "og", "och", "en", "with", "mit", "dan"];

/// Words that only jobs and desks hold, in lower case.
const JOBS: [&str; 40] = [
    "editor",
    "editors",
    "reporter",
    "reporters",
    "correspondent",
    "correspondents",
    "columnist",
    "writer",
    "contributor",
    "journalist",
    "journalistin",
    "redakteur",
    "redakteurin",
    "redakcja",
    "korrespondent",
    "korrespondentin",
    "rédacteur",
    "rédactrice",
    "producer",
    "analyst",
    "staff",
    "desk",
    "team",
    "bureau",
    "chief",
    "director",
    "professor",
    "fellow",
    "freelance",
    "freelancer",
    "published",
    "updated",
    "read",
    "min",
    "minutes",
    "follow",
    "email",
    "twitter",
    "comments",
    "lesezeit",
];

/// The names in a line that is known to be a byline; empty when it holds none.
pub(super) fn of_byline(line: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in line.split([',', ';', '|', '/', '•', '·', '&', '\n', '\t', '、', '–', '—']) {
        for name in between(part) {
            let name = without_beginning(&name);
            if is_name(&name) && !names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// The names in a line that only says by its words that it is a byline: `Mo 1.4. | 14:07 | Von Anna Muster`.
pub(super) fn in_line(line: &str) -> Vec<String> {
    let parts = line.split(['|', '•', '·', '\n']).map(str::trim);
    let begins = |part: &&str| {
        let lower = part.to_lowercase();
        BEFORE.iter().any(|b| lower.strip_prefix(b).is_some_and(|rest| rest.starts_with([' ', ':'])))
    };
    parts.filter(begins).map(of_byline).find(|n| !n.is_empty()).unwrap_or_default()
}

/// Cuts `Jane Doe and John Roe` at the word between.
fn between(part: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for word in part.split_whitespace() {
        let last = out.last_mut().expect("it begins with one");
        if !last.is_empty() && BETWEEN.contains(&word.to_lowercase().as_str()) && word.chars().next().is_some_and(char::is_lowercase) {
            out.push(String::new());
            continue;
        }
        if !last.is_empty() {
            last.push(' ');
        }
        last.push_str(word);
    }
    out
}

/// `By Jane Doe` without the `By`.
fn without_beginning(name: &str) -> String {
    let mut name = name.trim().trim_start_matches(['@', '-', ':', '.']).trim_end_matches([':', '.', '-', ' ']).trim();
    loop {
        let lower = name.to_lowercase();
        let cut = BEFORE
            .iter()
            .filter(|b| lower.len() == name.len() && lower.starts_with(**b))
            .map(|b| b.len())
            .filter(|n| name[*n..].starts_with([' ', ':']))
            .max();
        match cut {
            Some(n) => name = name[n..].trim_start_matches([' ', ':']),
            None => return name.to_owned(),
        }
    }
}

/// Could this be somebody's name: one to five words, most with a capital, no digits, no job?
fn is_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if words.is_empty() || words.len() > 5 || letters < 2 || name.chars().count() > 50 {
        return false;
    }
    if name.contains(['@', '(', ')', '<', '?', '!']) || name.starts_with("http") || name.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let lower = name.to_lowercase();
    if lower.split(|c: char| !c.is_alphanumeric()).any(|w| JOBS.contains(&w)) {
        return false;
    }
    let cased = name.chars().any(|c| c.is_uppercase() || c.is_lowercase());
    let high = words.iter().filter(|w| w.chars().next().is_some_and(|c| !c.is_lowercase())).count();
    !cased || high * 2 >= words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byline_gives_its_names_alone() {
        let rows: [(&str, &[&str]); 9] = [
            ("By Jane Doe", &["Jane Doe"]),
            ("By Jane Doe and John Roe", &["Jane Doe", "John Roe"]),
            ("Von Anna Muster, Berlin-Korrespondentin", &["Anna Muster"]),
            ("Jane Doe, Senior Editor", &["Jane Doe"]),
            ("Par Jeanne Martin et Paul Dubois", &["Jeanne Martin", "Paul Dubois"]),
            ("Written by: Jane van der Doe | Updated 3 minutes ago", &["Jane van der Doe"]),
            ("https://example.org/authors/jane", &[]),
            ("5 min read", &[]),
            ("山田太郎", &["山田太郎"]),
        ];
        for (line, expected) in rows {
            assert_eq!(of_byline(line), expected, "{line}");
        }
    }
}
