//! `check`: is selectors.toml sound?

use super::flags::Common;
use super::refusal::Refusal;
use super::{Ending, print};

/// Reads the rules; every fault in them is the refusal.
pub fn run(common: &Common) -> Result<Ending, Refusal> {
    let book = common.rulebook()?;
    let name = common.selectors_file().map_or("the rules built into the program".into(), |path| path.to_string_lossy());
    let (papers, families) = (book.papers().len(), book.families().len());
    print(&format!("{name}: sound ({papers} papers, {families} families)\n"))?;
    Ok(Ending::Well)
}
