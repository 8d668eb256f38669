//! What was typed about the network, and what does it mean?

use std::path::PathBuf;
use std::time::Duration;

use baotinh::fetch::{self, Limits, Pin, PinError, Proxies};
use baotinh::visit;
use clap::Args;
use thiserror::Error;

// The flags of every command that uses the network. Not a doc comment: clap would show it as what the command does.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkFlags {
    /// Connect to this address when this host is asked for at this port, whatever DNS says
    ///
    /// As curl has it; may be given several times. The host `*` is every host. An IPv6 address stands in brackets. The address
    /// may be a private one, and is connected to without a proxy.
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    resolve: Vec<String>,

    /// Trust the certificates in this file (PEM) beside the machine's own
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,

    /// Say this name instead of `baotinh/<version>`
    ///
    /// Its first word, up to the slash, is also the name by which robots.txt knows us.
    #[arg(long, value_name = "NAME")]
    user_agent: Option<String>,

    /// Tell the papers how to reach you: a mail address or a page
    ///
    /// It follows the name: `baotinh/<version> (+CONTACT)`.
    #[arg(long, value_name = "CONTACT")]
    contact: Option<String>,

    /// Let addresses lead to private networks and to this machine
    #[arg(long)]
    allow_private: bool,

    /// Neither ask for robots.txt nor obey it
    #[arg(long)]
    ignore_robots: bool,

    /// Give an answer so many seconds to arrive whole [default: 60]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<String>,
}

/// A flag or variable whose value means nothing: which, what, and what would be right.
#[derive(Debug, Error)]
pub enum FlagError {
    /// `--resolve`.
    #[error("--resolve `{}`: {fault}; write it as baolaocai.vn:443:127.0.0.1", value.escape_debug())]
    Resolve {
        /// As typed.
        value: String,
        /// What is wrong with it.
        fault: PinError,
    },
    /// `--timeout`.
    #[error("--timeout `{}`: is not a number of seconds from 0.1 to 3600", .0.escape_debug())]
    Timeout(String),
    /// `--user-agent` without a name that robots.txt could know us by.
    #[error("--user-agent `{}`: does not begin with a name; write it as baotinh/1.0", .0.escape_debug())]
    UserAgent(String),
    /// `--contact`.
    #[error("--contact `{}`: is empty or has brackets or control characters in it; write a mail address or a page", .0.escape_debug())]
    Contact(String),
    /// A proxy of the environment.
    #[error(transparent)]
    Proxy(#[from] fetch::SettingsError),
}

impl NetworkFlags {
    /// What the flags, and the proxies of the environment, mean.
    ///
    /// # Errors
    ///
    /// At the first value that means nothing.
    pub fn settings(&self) -> Result<visit::Settings, FlagError> {
        self.settings_with(|name| std::env::var(name).ok())
    }

    fn settings_with(&self, variable: impl Fn(&str) -> Option<String>) -> Result<visit::Settings, FlagError> {
        let defaults = visit::Settings::default();
        let pins = self.resolve.iter().map(|typed| pin(typed)).collect::<Result<_, _>>()?;
        let limits = match &self.timeout {
            Some(typed) => within(&defaults.fetch.limits, seconds(typed)?),
            None => defaults.fetch.limits.clone(),
        };
        let fetch = fetch::Settings {
            limits,
            user_agent: self.agent(&defaults.fetch.user_agent)?,
            allow_private: self.allow_private,
            pins,
            cacert: self.cacert.clone(),
            proxies: Proxies::named_by(variable)?,
        };
        Ok(visit::Settings { fetch, ignore_robots: self.ignore_robots, ..defaults })
    }

    fn agent(&self, default: &str) -> Result<String, FlagError> {
        let name = self.user_agent.as_deref().unwrap_or(default);
        if baotinh::robots::product_token(name.as_bytes()).is_empty() {
            return Err(FlagError::UserAgent(name.to_owned()));
        }
        let Some(contact) = &self.contact else {
            return Ok(name.to_owned());
        };
        if contact.trim().is_empty() || contact.contains(|c: char| c.is_control() || matches!(c, '(' | ')')) {
            return Err(FlagError::Contact(contact.clone()));
        }
        Ok(format!("{name} (+{})", contact.trim()))
    }
}

fn pin(typed: &str) -> Result<Pin, FlagError> {
    typed.parse().map_err(|fault| FlagError::Resolve { value: typed.to_owned(), fault })
}

fn seconds(typed: &str) -> Result<Duration, FlagError> {
    let number = typed.parse::<f64>().ok().filter(|seconds| (0.1..=3600.0).contains(seconds));
    number.map(Duration::from_secs_f64).ok_or_else(|| FlagError::Timeout(typed.to_owned()))
}

/// No part of an answer may take longer than the whole. A host that lets nobody in and a body that drips are told as such, before the
/// whole time is up.
fn within(limits: &Limits, total: Duration) -> Limits {
    let connect = limits.connect.min(total * 4 / 5);
    Limits { total, connect, silence: limits.silence.min(total), grace: limits.grace.min(total / 2), ..limits.clone() }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        network: NetworkFlags,
    }

    fn settings(line: &[&str]) -> Result<visit::Settings, FlagError> {
        let line = Line::try_parse_from(["baotinh"].iter().chain(line)).expect("clap takes it");
        line.network.settings_with(|_| None)
    }

    #[test]
    fn the_flags_are_sound() {
        Line::command().debug_assert();
    }

    #[test]
    fn without_flags_we_are_baotinh_and_careful() {
        let settings = settings(&[]).expect("no flags");
        assert_eq!(settings.fetch.user_agent, concat!("baotinh/", env!("CARGO_PKG_VERSION")));
        assert_eq!(settings.fetch.limits, Limits::default());
        assert!(!settings.fetch.allow_private && !settings.ignore_robots && settings.fetch.pins.is_empty());
    }

    #[test]
    fn a_contact_follows_the_name() {
        let agent = |line: &[&str]| settings(line).expect("good flags").fetch.user_agent;
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(agent(&["--contact", "mailto:a@b.vn"]), format!("baotinh/{version} (+mailto:a@b.vn)"));
        assert_eq!(agent(&["--user-agent", "Acme/2", "--contact", "https://acme.vn"]), "Acme/2 (+https://acme.vn)");
    }

    #[test]
    fn a_timeout_bounds_every_part_of_an_answer() {
        let limits = settings(&["--timeout", "1.5"]).expect("a number").fetch.limits;
        let whole = Duration::from_millis(1500);
        assert_eq!((limits.total, limits.connect, limits.silence, limits.grace), (whole, whole * 4 / 5, whole, whole / 2));
    }

    #[test]
    fn a_value_that_means_nothing_gets_one_line_that_names_it() {
        let rows: [(&[&str], &str); 8] = [
            (&["--resolve", "a.vn:443"], "--resolve `a.vn:443`: is not HOST:PORT:ADDRESS; write it as baolaocai.vn:443:127.0.0.1"),
            (
                &["--resolve", "a.vn:443:b.vn"],
                "--resolve `a.vn:443:b.vn`: `b.vn` is not an IP address; write it as baolaocai.vn:443:127.0.0.1",
            ),
            (&["--timeout", "soon"], "--timeout `soon`: is not a number of seconds from 0.1 to 3600"),
            (&["--timeout", "0"], "--timeout `0`: is not a number of seconds from 0.1 to 3600"),
            (&["--timeout", "nan"], "--timeout `nan`: is not a number of seconds from 0.1 to 3600"),
            (&["--user-agent", "(x)"], "--user-agent `(x)`: does not begin with a name; write it as baotinh/1.0"),
            (
                &["--contact", "a\r\nb"],
                "--contact `a\\r\\nb`: is empty or has brackets or control characters in it; write a mail address or a page",
            ),
            (&["--contact", " "], "--contact ` `: is empty or has brackets or control characters in it; write a mail address or a page"),
        ];
        for (line, wrong) in rows {
            assert_eq!(settings(line).expect_err("a bad value").to_string(), wrong);
        }
    }

    #[test]
    fn a_proxy_that_is_none_is_named_with_its_variable() {
        let flags = NetworkFlags::default();
        let wrong = flags.settings_with(|name| (name == "https_proxy").then(|| "socks5://x".to_owned()));
        assert_eq!(wrong.expect_err("a bad proxy").to_string(), "https_proxy: `socks5://x` is not the address of an http or https proxy");
    }
}
