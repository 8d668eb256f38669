//! Which papers answer from one server, and how often may it be asked?

use std::collections::HashMap;
use std::time::Duration;

use super::{Host, Paper};

/// The papers that share a host, or say that they share a server, stand together: one server, one pace. Each is named by its place in
/// `papers`; the groups and their members keep the order of `papers`.
#[must_use]
pub fn by_server(papers: &[&Paper]) -> Vec<Vec<usize>> {
    let mut group_of: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, paper) in papers.iter().enumerate() {
        // No host has a space in its name.
        let server = format!("server {}", paper.same_server_as.as_ref().unwrap_or(&paper.id));
        let hosts = paper.hosts.iter().chain(&paper.old_hosts).map(Host::name).map(str::to_owned);
        let names: Vec<String> = hosts.chain([server]).collect();
        let mut known: Vec<usize> = names.iter().filter_map(|name| group_of.get(name).copied()).collect();
        known.sort_unstable();
        known.dedup();
        let group = known.first().copied().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(place);
        for other in known.into_iter().skip(1) {
            let members = std::mem::take(&mut groups[other]);
            groups[group].extend(members);
            group_of.values_mut().filter(|of| **of == other).for_each(|of| *of = group);
        }
        group_of.extend(names.into_iter().map(|name| (name, group)));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// The gap between two requests to a server of these papers: that of the paper which wants the longest; `None` without papers.
pub fn gap<'a>(papers: impl IntoIterator<Item = &'a Paper>) -> Option<Duration> {
    papers.into_iter().map(|paper| Duration::from_secs_f64(1.0 / paper.requests_per_second)).max()
}

#[cfg(test)]
mod tests {
    use crate::paper::Rulebook;

    use super::*;

    #[test]
    fn papers_of_one_host_or_one_server_keep_the_pace_of_the_slowest() {
        let toml = "[papers.a]\nname = \"A\"\nhosts = [\"a.vn\"]\nrequests_per_second = 2\n\
                    [papers.b]\nname = \"B\"\nhosts = [\"b.vn\"]\n\
                    [papers.a-en]\nname = \"A\"\nhosts = [\"a.vn/en\"]\nrequests_per_second = 0.5\n\
                    [papers.c]\nname = \"C\"\nhosts = [\"c.vn\"]\nsame_server_as = \"a\"\n";
        let book = Rulebook::read(toml, "t.toml").expect("sound rules");
        let papers: Vec<&Paper> = book.papers().iter().collect();
        assert_eq!(by_server(&papers), [vec![0, 2, 3], vec![1]]);
        assert_eq!(gap([papers[0], papers[2], papers[3]]), Some(Duration::from_secs(2)));
        assert_eq!(gap([papers[1]]), Some(Duration::from_secs(1)));
        assert_eq!(gap([]), None);
    }
}
