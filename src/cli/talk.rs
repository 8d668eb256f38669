//! What do we say to people, and how? stderr is talk; stdout is data and not written to here.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use baotinh::article::Miss;
use baotinh::visit::Failure;
use tracing_subscriber::EnvFilter;

use super::flags::{Color, Common, LogFormat};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loudness {
    /// Nothing.
    Silent,
    /// What needs a look.
    Trouble,
    /// That, and how it went.
    Summaries,
}

/// The voice on stderr.
///
/// As text each thing said is one line, its kind before it: `miss: page.html: no_body: no article text found`. As JSON it is a
/// tracing event of one line, like all that the library says.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    loudness: Loudness,
    json: bool,
    color: bool,
}

impl Talk {
    /// Sets up what the library says, too.
    pub fn new(common: &Common) -> Self {
        let terminal = io::stderr().is_terminal();
        let color = match common.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let json = common.log_format == LogFormat::Json;
        let level = match (common.quiet, common.verbose) {
            (true, _) => "off,verdict=warn",
            (false, 0) => "baotinh=warn,progress=info,verdict=warn",
            (false, 1) => "baotinh=info,progress=info,verdict=warn",
            (false, _) => "baotinh=debug,progress=info,verdict=warn",
        };
        let log =
            tracing_subscriber::fmt().with_env_filter(EnvFilter::new(level)).with_writer(io::stderr).with_target(false).with_ansi(color);
        // Only one subscriber can be set, and this is the only place that sets it.
        if json {
            log.json().flatten_event(true).init();
        } else {
            log.init();
        }
        let loudness = match (common.quiet, terminal || common.verbose > 0) {
            (true, _) => Loudness::Silent,
            (false, false) => Loudness::Trouble,
            (false, true) => Loudness::Summaries,
        };
        Self { loudness, json, color }
    }

    /// A page that gave no article: where it is, and why; and the `Content-Type` that says the same.
    pub fn miss(self, place: &str, miss: Miss, content_type: Option<&str>) {
        let name = miss.name();
        let said = content_type.map(|said| format!(" (Content-Type: {})", Shown(said))).unwrap_or_default();
        let meaning = format!("{}{said}", miss.meaning());
        if self.json {
            tracing::warn!(kind = "miss", place, miss = name, "{meaning}");
        } else {
            self.line("miss", format_args!("{}: {name}: {meaning}", Shown(place)));
        }
    }

    /// An address that gave no page.
    pub fn failed(self, failure: &Failure) {
        let (name, why) = (failure.name(), failure.to_string());
        if self.json {
            tracing::warn!(kind = "failed", failure = &*name, "{}", Shown(&why));
        } else {
            self.line("failed", format_args!("{} ({name})", Shown(&why)));
        }
    }

    /// A record that could not be read, or a page at which the reader broke; `what` names its place.
    pub fn damaged(self, what: &str) {
        if self.json {
            tracing::warn!(kind = "damaged", "{}", Shown(what));
        } else {
            self.line("damaged", format_args!("{}", Shown(what)));
        }
    }

    /// How far a long work is, where nobody watches a terminal.
    pub fn progress(self, what: &str) {
        if self.loudness == Loudness::Silent {
            return;
        }
        if self.json {
            tracing::info!(target: "progress", kind = "progress", "{}", Shown(what));
        } else {
            say(format_args!("{}\n", Shown(what)));
        }
    }

    /// Something that needs a look: what kind of thing, and what.
    pub fn trouble(self, kind: &str, what: &str) {
        if self.json {
            tracing::warn!(kind, "{}", Shown(what));
        } else {
            self.line(kind, format_args!("{}", Shown(what)));
        }
    }

    /// Why the exit code is 1 where nobody told it before: also to those who want to hear nothing.
    pub fn verdict(self, kind: &str, what: &str) {
        if self.json {
            tracing::warn!(target: "verdict", kind, "{}", Shown(what));
        } else {
            self.colored(kind, format_args!("{}", Shown(what)));
        }
    }

    /// Why a command could not run, a line for each fault: also to those who want to hear nothing.
    pub fn refused(self, why: &str) {
        for line in why.lines() {
            if self.json {
                tracing::error!(target: "verdict", kind = "refused", "{}", Shown(line));
            } else {
                say(format_args!("baotinh: {}\n", Shown(line)));
            }
        }
    }

    /// Whether what is said is JSON.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Whether more than trouble is to be said.
    pub fn is_verbose(self) -> bool {
        self.loudness >= Loudness::Summaries
    }

    /// How it went, for a person who is watching.
    pub fn summary(self, what: &str) {
        if self.loudness < Loudness::Summaries {
            return;
        }
        if self.json {
            tracing::info!(kind = "summary", "{what}");
        } else {
            say(format_args!("{what}\n"));
        }
    }

    fn line(self, kind: &str, rest: fmt::Arguments<'_>) {
        if self.loudness >= Loudness::Trouble {
            self.colored(kind, rest);
        }
    }

    fn colored(self, kind: &str, rest: fmt::Arguments<'_>) {
        if self.color {
            say(format_args!("\u{1b}[33m{kind}:\u{1b}[0m {rest}\n"));
        } else {
            say(format_args!("{kind}: {rest}\n"));
        }
    }
}

/// Writes to stderr in one piece. When nobody reads it, there is nobody to tell.
pub fn say(line: fmt::Arguments<'_>) {
    let _ = io::stderr().lock().write_all(fmt::format(line).as_bytes());
}

/// Words from outside, as a terminal may be given them: what steers it (control characters, escapes, marks that turn the direction of
/// writing) is spelled out, `\u{1b}`.
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            if letter.is_control() || is_invisible(letter) {
                write!(f, "{}", letter.escape_unicode())?;
            } else {
                write!(f, "{letter}")?;
            }
        }
        Ok(())
    }
}

/// Marks that end a line, turn its direction, or cannot be seen.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_cannot_steer_a_terminal() {
        let words = "Tin\u{1b}[2J \u{9b}31m\r\nb\u{202e}fdp.exe\u{2066}\u{200b}\u{feff}\u{85}\u{2028} Lào Cai";
        assert_eq!(
            Shown(words).to_string(),
            "Tin\\u{1b}[2J \\u{9b}31m\\u{d}\\u{a}b\\u{202e}fdp.exe\\u{2066}\\u{200b}\\u{feff}\\u{85}\\u{2028} Lào Cai"
        );
    }
}
