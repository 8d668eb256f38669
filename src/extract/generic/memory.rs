//! Which blocks of text stand on several pages of a host, and so belong to none of them?
//!
//! A program that reads many pages of one host sees what no single page shows: a paragraph that stands on several of them is furniture.
//! The memory keeps a 64-bit hash of each block for the last pages of each host, bounded in pages and hosts, and can be written down
//! and read again.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::phrases;

/// So many pages of a host are remembered; the oldest is forgotten first.
const PAGES: usize = 24;

/// So many blocks of a page, from its beginning.
const BLOCKS: usize = 400;

/// So many hosts; the one not seen for the longest time is forgotten first.
const HOSTS: usize = 512;

/// From so many pages on a block is furniture.
const ENOUGH: usize = 2;

/// Blocks shorter than this, in letters, come again by chance.
const SHORTEST: usize = 25;

/// What has been read of some hosts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    hosts: HashMap<String, Host>,
    /// How many pages have been learnt.
    clock: u64,
}

/// The last pages of a host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Host {
    /// For each page its name and its blocks, sorted.
    pages: VecDeque<(u64, Vec<u64>)>,
    seen: u64,
}

impl Memory {
    /// Learns the blocks of the page at `address`. A page that is learnt again replaces what was known of it.
    pub fn learn<'t>(&mut self, host: &str, address: &str, blocks: impl IntoIterator<Item = &'t str>) {
        let mut hashes: Vec<u64> = blocks.into_iter().filter_map(hash).take(BLOCKS).collect();
        hashes.sort_unstable();
        hashes.dedup();
        self.clock += 1;
        if !self.hosts.contains_key(host) && self.hosts.len() >= HOSTS {
            let oldest = self.hosts.iter().min_by_key(|(_, h)| h.seen).map(|(name, _)| name.clone());
            oldest.and_then(|name| self.hosts.remove(&name));
        }
        let known = self.hosts.entry(host.to_owned()).or_default();
        known.seen = self.clock;
        let name = xxh3_64(address.as_bytes());
        known.pages.retain(|(n, _)| *n != name);
        if known.pages.len() >= PAGES {
            known.pages.pop_front();
        }
        known.pages.push_back((name, hashes));
    }

    /// Does this block stand on several other pages of the host than the one at `address`?
    #[must_use]
    pub fn is_furniture(&self, host: &str, address: &str, block: &str) -> bool {
        let (Some(known), Some(hash)) = (self.hosts.get(host), hash(block)) else { return false };
        let own = xxh3_64(address.as_bytes());
        known.pages.iter().filter(|(name, hashes)| *name != own && hashes.binary_search(&hash).is_ok()).take(ENOUGH).count() >= ENOUGH
    }
}

/// A block as it is remembered; `None` for one too short to tell anything.
fn hash(block: &str) -> Option<u64> {
    let key = phrases::key(block);
    (key.chars().count() >= SHORTEST).then(|| xxh3_64(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = "Support the valley's only newspaper with a small gift today.";

    #[test]
    fn a_block_on_two_other_pages_of_its_host_is_furniture() {
        let mut memory = Memory::default();
        memory.learn("valley.example", "/1", [CALL, "The bridge was closed on Monday morning."]);
        assert!(!memory.is_furniture("valley.example", "/9", CALL));
        memory.learn("valley.example", "/1", [CALL]);
        assert!(!memory.is_furniture("valley.example", "/9", CALL), "one page read twice is one page");
        memory.learn("valley.example", "/2", [CALL]);
        assert!(memory.is_furniture("valley.example", "/9", CALL));
        assert!(!memory.is_furniture("valley.example", "/1", CALL), "the page itself does not count");
        assert!(!memory.is_furniture("other.example", "/9", CALL));
        assert!(!memory.is_furniture("valley.example", "/9", "The bridge was closed on Monday morning."));
    }

    #[test]
    fn memory_is_bounded() {
        let mut memory = Memory::default();
        for page in 0..PAGES * 3 {
            memory.learn("valley.example", &format!("/{page}"), [CALL]);
        }
        assert_eq!(memory.hosts["valley.example"].pages.len(), PAGES);
        for host in 0..HOSTS + 5 {
            memory.learn(&format!("{host}.example"), "/1", [CALL]);
        }
        assert_eq!(memory.hosts.len(), HOSTS);
        assert!(!memory.hosts.contains_key("valley.example"), "the host not seen for the longest time goes first");
    }

    #[test]
    fn memory_can_be_written_down_and_read_again() {
        let mut memory = Memory::default();
        memory.learn("valley.example", "/1", [CALL]);
        let written = serde_json::to_string(&memory).expect("a memory can be written");
        assert_eq!(serde_json::from_str::<Memory>(&written).expect("what was written can be read"), memory);
    }
}
