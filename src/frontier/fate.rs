//! What can become of an address?

use std::borrow::Cow;

use crate::article::Miss;

use super::Key;

/// Everything that can happen to an address. Each has a name, and is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nobody has looked at it yet.
    Queued,
    /// Its article stands in the output, this often.
    Written {
        /// 1, or more when the paper changed it.
        revision: u32,
    },
    /// It was looked at again and says what it said.
    Unchanged,
    /// The page gave no article.
    Missed(Miss),
    /// It is another spelling of, or leads to, this one.
    Moved {
        /// Where its article is.
        to: Key,
    },
    /// A listing that could be read.
    Listed {
        /// So many addresses were new.
        new: u32,
    },
    /// The server says that it is not there (404) or not there any more (410).
    Gone {
        /// The status.
        status: u16,
    },
    /// No page came.
    Failed {
        /// As reports have it: `timeout`, `http_500`, `redirect_loop`.
        name: Cow<'static, str>,
        /// Whether another time may bring it.
        temporary: bool,
    },
    /// It was not asked for.
    Refused(Refusal),
    /// It failed each time that it was tried.
    GivenUp {
        /// How it failed the last time.
        name: Cow<'static, str>,
    },
}

/// Why an address was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A rule of the host's robots.txt.
    Robots,
    /// It leads to a private network.
    Private,
    /// Its article is of a day that the run was told to leave out.
    Date,
}

impl Fate {
    /// The name by which reports and the state file know it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Written { .. } => "written",
            Self::Unchanged => "unchanged",
            Self::Missed(_) => "missed",
            Self::Moved { .. } => "moved",
            Self::Listed { .. } => "listed",
            Self::Gone { .. } => "gone",
            Self::Failed { temporary: true, .. } => "failing",
            Self::Failed { temporary: false, .. } => "failed",
            Self::Refused(_) => "refused",
            Self::GivenUp { .. } => "given_up",
        }
    }

    /// What the name leaves open, as the state file has it.
    pub(super) fn detail(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Queued | Self::Unchanged => None,
            Self::Written { revision } => Some(revision.to_string().into()),
            Self::Missed(miss) => Some(miss.name().into()),
            Self::Moved { to } => Some(to.to_string().into()),
            Self::Listed { new } => Some(new.to_string().into()),
            Self::Gone { status } => Some(status.to_string().into()),
            Self::Failed { name, .. } | Self::GivenUp { name } => Some(name.as_ref().into()),
            Self::Refused(Refusal::Robots) => Some("robots".into()),
            Self::Refused(Refusal::Private) => Some("private".into()),
            Self::Refused(Refusal::Date) => Some("date".into()),
        }
    }

    /// The fate that the state file tells of; `None` when this program has no such fate.
    pub(super) fn read(name: &str, detail: Option<String>) -> Option<Self> {
        let detail = detail.unwrap_or_default();
        Some(match name {
            "queued" => Self::Queued,
            "unchanged" => Self::Unchanged,
            "written" => Self::Written { revision: detail.parse().ok()? },
            "missed" => Self::Missed(Miss::ALL.into_iter().find(|miss| miss.name() == detail)?),
            "moved" => Self::Moved { to: detail.parse().ok()? },
            "listed" => Self::Listed { new: detail.parse().ok()? },
            "gone" => Self::Gone { status: detail.parse().ok()? },
            "failing" => Self::Failed { name: detail.into(), temporary: true },
            "failed" => Self::Failed { name: detail.into(), temporary: false },
            "refused" if detail == "robots" => Self::Refused(Refusal::Robots),
            "refused" if detail == "private" => Self::Refused(Refusal::Private),
            "refused" if detail == "date" => Self::Refused(Refusal::Date),
            "given_up" => Self::GivenUp { name: detail.into() },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_is_read_as_it_was_written() {
        let mut fates = vec![
            Fate::Queued,
            Fate::Written { revision: 3 },
            Fate::Unchanged,
            Fate::Moved { to: Key::of("https://a.vn/x") },
            Fate::Listed { new: 12 },
            Fate::Gone { status: 410 },
            Fate::Failed { name: "timeout".into(), temporary: true },
            Fate::Failed { name: "tls".into(), temporary: false },
            Fate::Refused(Refusal::Robots),
            Fate::Refused(Refusal::Private),
            Fate::GivenUp { name: "http_500".into() },
        ];
        fates.extend(Miss::ALL.map(Fate::Missed));
        for fate in fates {
            let detail = fate.detail().map(Cow::into_owned);
            assert_eq!(Fate::read(fate.name(), detail), Some(fate));
        }
        assert_eq!(Fate::read("eaten", None), None);
        assert_eq!(Fate::read("written", Some("often".to_owned())), None);
    }
}
