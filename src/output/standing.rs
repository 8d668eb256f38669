//! How does a file stand to what we know of it, and how much of what is due to be written is there already?
//!
//! Known are the length that is surely there, a hash of its last bytes, and the bytes due next. So a write that was cut off by a kill
//! or a power cut is told from a stranger's hand by its bytes, not by a guess.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use xxhash_rust::xxh3::xxh3_64;

use super::Extent;

/// So many bytes before the known end are compared, by their hash. One block of a disk.
pub(super) const TAIL: u64 = 4096;

/// Beyond the bytes due, a power cut may leave a file longer by what the file system had set aside for it.
const SET_ASIDE: u64 = 1 << 20;

/// What is to be done with the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// How long the file is.
    pub found: u64,
    /// Up to here it stays as it is; what lies beyond are NULs that a power cut left behind.
    pub keep: u64,
    /// So many of the bytes due are there.
    pub done: usize,
    /// It is as we left it, or as a cut-off write of ours left it.
    pub ours: bool,
    /// What is due comes behind a stranger's line that is not ended.
    pub unended: bool,
}

/// Compares the file with what is known of it.
pub(super) fn standing(file: &mut File, known: &Extent, due: &[u8]) -> io::Result<Standing> {
    let found = file.metadata()?.len();
    if let Some((done, unended)) = our_own(file, found, known, due)? {
        return Ok(Standing { found, keep: known.length + done as u64, done, ours: true, unended });
    }
    // All that is due stands where it is due, and more behind it: what is known is older than the file.
    if holds_all(file, found, known, due)? {
        return Ok(Standing { found, keep: found, done: due.len(), ours: false, unended: false });
    }
    // Edited. The end of the file may hold what is due all the same: whoever edited it did so after we had written.
    let last = read(file, found - found.min(due.len() as u64 + 1), due.len() + 1)?;
    let done = overlap(&last, due);
    let unended = done == 0 && last.last().is_some_and(|end| *end != b'\n');
    Ok(Standing { found, keep: found, done, ours: false, unended })
}

fn holds_all(file: &mut File, found: u64, known: &Extent, due: &[u8]) -> io::Result<bool> {
    let stands = !due.is_empty() && found >= known.length + due.len() as u64 && xxh3_64(&tail(file, known.length)?) == known.tail;
    Ok(stands && read(file, known.length, due.len())? == due)
}

/// How much of what is due the file holds, and whether that begins behind a line without an end; when nobody but us has written to
/// it since we looked last.
fn our_own(file: &mut File, found: u64, known: &Extent, due: &[u8]) -> io::Result<Option<(usize, bool)>> {
    if found < known.length {
        return Ok(None);
    }
    let last = tail(file, known.length)?;
    if xxh3_64(&last) != known.tail {
        return Ok(None);
    }
    let beyond = found - known.length;
    if beyond > due.len() as u64 + SET_ASIDE {
        return Ok(None);
    }
    let beyond = read(file, known.length, usize::try_from(beyond).unwrap_or(usize::MAX))?;
    let done = beyond.iter().zip(due).take_while(|(there, due)| there == due).count();
    // A power cut loses blocks, which then read as NULs. Neither we nor people write NULs.
    let is_ours = |(at, byte): (usize, &u8)| *byte == 0 || due.get(at) == Some(byte);
    let unended = done == 0 && last.last().is_some_and(|end| *end != b'\n');
    Ok(beyond.iter().enumerate().skip(done).all(is_ours).then_some((done, unended)))
}

/// How many of the first bytes due are the last bytes of the file, from the beginning of a line. `last` has one byte more than can
/// be due, to see that beginning.
fn overlap(last: &[u8], due: &[u8]) -> usize {
    let begins = |done: usize| last.len() == done || last.get(last.len() - done - 1) == Some(&b'\n');
    (1..=due.len().min(last.len())).rev().find(|&done| begins(done) && last.ends_with(&due[..done])).unwrap_or(0)
}

/// The last [`TAIL`] bytes before `end`, or all when there are fewer.
pub(super) fn tail(file: &mut File, end: u64) -> io::Result<Vec<u8>> {
    let from = end.saturating_sub(TAIL);
    read(file, from, usize::try_from(end - from).unwrap_or(usize::MAX))
}

fn read(file: &mut File, from: u64, most: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn stands(there: &[u8], known: &[u8], due: &[u8]) -> (u64, usize, bool, bool) {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(there).expect("room");
        let known = Extent { name: "x".to_owned(), length: known.len() as u64, tail: xxh3_64(known) };
        let standing = standing(&mut file, &known, due).expect("a readable file");
        (standing.keep, standing.done, standing.ours, standing.unended)
    }

    #[test]
    fn a_cut_off_write_is_told_from_a_strangers_hand() {
        let rows = [
            ("", "", "b\nc\n", (0, 0, true, false)),
            ("a\n", "a\n", "b\nc\n", (2, 0, true, false)),
            ("a\nb", "a\n", "b\nc\n", (3, 1, true, false)),
            ("a\nb\nc\n", "a\n", "b\nc\n", (6, 4, true, false)),
            ("a\nb\0\0", "a\n", "b\nc\n", (3, 1, true, false)),
            ("a\n\0\nc\n\0\0\0", "a\n", "b\nc\n", (2, 0, true, false)),
            ("a\nmine\n", "a\n", "b\nc\n", (7, 0, false, false)),
            ("a\nb\nc\nd\n", "a\n", "b\nc\n", (8, 4, false, false)),
            ("a\nmine", "a\n", "b\nc\n", (6, 0, false, true)),
            ("mine", "mine", "b\nc\n", (4, 0, true, true)),
            ("", "a\n", "b\nc\n", (0, 0, false, false)),
            ("A\n", "a\n", "b\nc\n", (2, 0, false, false)),
            ("A\nb\nc", "a\n", "b\nc\n", (5, 3, false, false)),
            ("Ab", "a\n", "b\nc\n", (2, 0, false, true)),
        ];
        for (there, known, due, expected) in rows {
            assert_eq!(stands(there.as_bytes(), known.as_bytes(), due.as_bytes()), expected, "{there:?} {known:?}");
        }
    }
}
