//! Who wrote the story and from whom is it taken over, as the lines around its end say?

use super::super::walk::{Align, Block, What};
use super::{Around, Draft, Story, Why, byline, dateline};

/// How many lines at the end may be looked at.
const MOST: usize = 6;

/// More lines of bare names than this are a list that belongs to the story.
const MOST_NAMES: usize = 2;

/// So many names a story is signed with at most; the first ones stay.
const MOST_AUTHORS: usize = 100;

/// Takes bylines, source lines and marks off the end, and signed lines off the beginning; gives the mark that stood glued to the end.
pub(super) fn settle(draft: &mut Draft, story: &mut Story, around: &Around) -> Option<String> {
    marked_bylines(draft, story);
    signed_at_the_top(draft, story);
    let mut names: Vec<(usize, Vec<String>)> = Vec::new();
    for _ in 0..MOST {
        let Some(at) = draft.texts().next_back() else { break };
        if draft.blocks[at].kept {
            break;
        }
        match judge(draft, at, around) {
            Ending::Text => break,
            Ending::Mark => draft.drop(at, Why::Dateline),
            Ending::Source(source) => {
                story.source.get_or_insert(source);
                draft.drop(at, Why::Source);
            }
            Ending::NamesAndSource(found, source) => {
                story.source.get_or_insert(source);
                prepend(&mut story.authors, found);
                draft.drop(at, Why::Byline);
            }
            Ending::Signed(found) => {
                prepend(&mut story.authors, found);
                draft.drop(at, Why::Byline);
            }
            Ending::Names(found) => {
                names.push((at, found));
                draft.drop(at, Why::Byline);
            }
            Ending::Credit(name) => {
                for image in &mut story.images {
                    image.credit.get_or_insert_with(|| name.clone());
                }
                draft.drop(at, Why::Byline);
            }
        }
    }
    settle_names(draft, story, names);
    below_pieces(draft, story);
    let mark = glued(draft, story, around);
    in_brackets(draft, story);
    mark
}

/// What a line at the end of a story is.
enum Ending {
    Text,
    Mark,
    Source(String),
    Signed(Vec<String>),
    NamesAndSource(Vec<String>, String),
    Names(Vec<String>),
    Credit(String),
}

fn judge(draft: &Draft, at: usize, around: &Around) -> Ending {
    let block = &draft.blocks[at];
    let text = block.text.as_str();
    if matches!(block.what, What::ListItem | What::Row) {
        return Ending::Text;
    }
    if dateline::is_mark(text, around.datelines) {
        return Ending::Mark;
    }
    if let Some(source) = byline::source(text) {
        return Ending::Source(source);
    }
    if let Some((names, source)) = byline::names_and_source(text) {
        return Ending::NamesAndSource(names, source);
    }
    if byline::is_credit(text) {
        let (_, credit) = byline::caption_and_credit(text);
        if let Some(name) = credit.filter(|_| !byline::signs_words(text)) {
            return Ending::Credit(name);
        }
    }
    if let Some(names) = byline::signed(text) {
        return Ending::Signed(names);
    }
    match byline::names(text) {
        Some(names) if set_as_byline(draft, at, &names) => Ending::Names(names),
        _ => Ending::Text,
    }
}

/// A line of names is a byline when it is set apart (right, bold, italic, capitals), or is a short name after a finished sentence.
fn set_as_byline(draft: &Draft, at: usize, names: &[String]) -> bool {
    let block = &draft.blocks[at];
    let heading = matches!(block.what, What::Heading(_));
    let set_apart = block.style.align == Align::End || (block.style.bold || block.style.italic) && !heading || is_capitals(&block.text);
    let before = draft.texts().rfind(|b| *b < at);
    let after_sentence = before.is_none_or(|b| ends_sentence(&draft.blocks[b]));
    let several_words = names.iter().all(|n| n.contains([' ', '.']));
    before.is_some()
        && (set_apart && (several_words || block.style.align == Align::End || block.style.bold)
            || several_words && after_sentence && !heading)
}

fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    text.chars().any(char::is_alphabetic) && letters.into_iter().all(char::is_uppercase)
}

fn ends_sentence(block: &Block) -> bool {
    block.text.ends_with(['.', '!', '?', '…', '"', '”', ')', ':', '/'])
}

/// Lines that markup says are bylines, wherever they stand.
fn marked_bylines(draft: &mut Draft, story: &mut Story) {
    for at in 0..draft.blocks.len() {
        if !draft.is_text(at) || !matches!(draft.blocks[at].what, What::Byline) {
            continue;
        }
        let text = draft.blocks[at].text.clone();
        draft.gone[at] = Some(Why::Byline);
        if let Some(source) = byline::source(&text) {
            story.source.get_or_insert(source);
        } else {
            let found = byline::signed(&text).unwrap_or_else(|| byline::authors(&text));
            append(&mut story.authors, found);
        }
    }
}

/// A signed line, or one on the right, before the first paragraph.
fn signed_at_the_top(draft: &mut Draft, story: &mut Story) {
    let Some(at) = draft.texts().next() else { return };
    let block = &draft.blocks[at];
    if block.kept || matches!(block.what, What::ListItem | What::Row) {
        return;
    }
    let found = byline::signed(&block.text).or_else(|| byline::names(&block.text).filter(|_| block.style.align == Align::End));
    if let Some(names) = found {
        append(&mut story.authors, names);
        draft.drop(at, Why::Byline);
    }
}

/// Bare names: two lines at most are bylines; more are a list, and come back.
fn settle_names(draft: &mut Draft, story: &mut Story, names: Vec<(usize, Vec<String>)>) {
    let next_is_name = draft.texts().next_back().is_some_and(|at| byline::names(&draft.blocks[at].text).is_some());
    if names.len() > MOST_NAMES || (names.len() == MOST_NAMES && next_is_name) {
        for (at, _) in names {
            draft.gone[at] = None;
        }
        return;
    }
    for (_, found) in names {
        prepend(&mut story.authors, found);
    }
}

/// A name or a mark glued to the last sentence.
fn glued(draft: &mut Draft, story: &mut Story, around: &Around) -> Option<String> {
    let at = draft.texts().next_back()?;
    if draft.blocks[at].kept {
        return None;
    }
    let text = draft.blocks[at].text.clone();
    if let Some((head, mark)) = dateline::split_end(&text, around.datelines) {
        let (end, mark) = (head.len(), mark.to_owned());
        draft.blocks[at].text.truncate(end);
        return Some(mark);
    } else if let Some((head, name)) = byline::glued(&text)
        && story.authors.is_empty()
    {
        story.authors.push(name);
        draft.blocks[at].text.truncate(head.len());
    }
    None
}

/// The names of those whose pieces stand above others': a name on the right, bold, before a sub-heading, as below each of some poems, or
/// before the star of the next item.
fn below_pieces(draft: &mut Draft, story: &mut Story) {
    let texts: Vec<usize> = draft.texts().collect();
    let mut found: Vec<String> = Vec::new();
    for pair in texts.windows(2) {
        let (block, next) = (&draft.blocks[pair[0]], &draft.blocks[pair[1]]);
        let apart = block.style.align == Align::End && block.style.bold && matches!(block.what, What::Paragraph);
        let begins = matches!(next.what, What::Heading(_))
            || next.style.bold && next.style.align != Align::End
            || next.text.starts_with(['*', '•', '■', '♦', '◆', '►', '▪', '+']);
        if let Some(names) = byline::names(&block.text).filter(|_| apart && begins) {
            append(&mut found, names);
            draft.drop(pair[0], Why::Byline);
        }
    }
    prepend(&mut story.authors, found);
}

/// Reporters in brackets at the end of the items of a round-up.
fn in_brackets(draft: &mut Draft, story: &mut Story) {
    let texts: Vec<usize> = draft.texts().collect();
    for at in texts {
        if draft.blocks[at].kept {
            continue;
        }
        if let Some((head, source)) = byline::bracketed_source(&draft.blocks[at].text) {
            let end = head.len();
            draft.blocks[at].text.truncate(end);
            story.source.get_or_insert(source);
        } else if let Some((head, name)) = byline::bracketed(&draft.blocks[at].text) {
            let head = head.to_owned();
            if head.is_empty() {
                draft.drop(at, Why::Byline);
            } else {
                draft.blocks[at].text = head;
            }
            append(&mut story.authors, vec![name]);
        }
    }
}

fn append(authors: &mut Vec<String>, found: Vec<String>) {
    for name in found {
        if authors.len() < MOST_AUTHORS && !authors.contains(&name) {
            authors.push(name);
        }
    }
}

/// The lines come last first; their names stand in the order printed.
fn prepend(authors: &mut Vec<String>, found: Vec<String>) {
    let mut all = found;
    append(&mut all, std::mem::take(authors));
    *authors = all;
}
