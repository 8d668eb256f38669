//! Which known word was meant?

/// The known word nearest to `word`, if one is near enough to be meant: a letter in three may be wrong, missing, too many, or
/// have changed places with its neighbour; or the word is a piece of the known one. Upper and lower case are the same.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nothing this long was a slip of the fingers, and the distance takes time by the square of the length.
    const LONGEST: usize = 80;
    let word = folded(word);
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    // Of one or two letters nothing can be guessed.
    let allowed = if word.len() < 3 { 0 } else { word.len() / 3 };
    known
        .into_iter()
        .filter_map(|candidate| {
            let letters = folded(candidate);
            let steps = if letters.len() > LONGEST { usize::MAX } else { distance(&word, &letters) };
            let near = steps <= allowed || is_piece(&word, &letters);
            near.then_some((steps, candidate))
        })
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).collect()
}

fn is_piece(word: &[char], whole: &[char]) -> bool {
    word.len() >= 4 && whole.windows(word.len()).any(|window| window == word)
}

/// Optimal string alignment: how many letters must be put in, taken out, changed, or swapped with the next.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_finds_its_word() {
        let known = ["title", "lead", "body", "author", "published", "section"];
        for (word, meant) in [
            ("tittle", Some("title")),
            ("tilte", Some("title")),
            ("Body", Some("body")),
            ("publish", Some("published")),
            ("sectoin", Some("section")),
            ("b", None),
            ("weather", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word:?}");
        }
    }

    #[test]
    fn the_nearest_of_several_wins_and_the_first_of_equals() {
        assert_eq!(nearest("baolaoca", ["baolaichau", "baolaocai"]), Some("baolaocai"));
        assert_eq!(nearest("abcx", ["abca", "abcb"]), Some("abca"));
    }

    #[test]
    fn a_piece_of_four_letters_finds_the_whole() {
        assert_eq!(nearest("laocai", ["baohatinh", "baolaocai"]), Some("baolaocai"));
        assert_eq!(nearest("cai", ["baolaocai"]), None);
    }

    #[test]
    fn a_very_long_word_was_not_a_slip() {
        assert_eq!(nearest(&"a".repeat(100_000), ["title"]), None);
    }
}
