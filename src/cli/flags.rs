//! What may be written on the command line? Nothing is checked here that needs a file or the network.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use baotinh::paper::Rulebook;
use baotinh::record::Format;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::refusal::Refusal;

/// The file that is read when `--selectors` names none, if it lies in the working folder.
pub const SELECTORS: &str = "selectors.toml";

/// The longest file of rules, in bytes; ours has 65 kB.
const SELECTORS_BYTES: u64 = 16 << 20;

/// Reads Vietnam's provincial newspapers: a page in, a clean article out as one line of JSON.
#[derive(Debug, Parser)]
#[command(
    name = "baotinh",
    version,
    arg_required_else_help = true,
    after_help = "\
Articles go to stdout and nothing else does; what went wrong is told on stderr, a line each.

Exit codes: 0 all went well; 1 something named on stderr needs a look; 2 it could not run; 3 another crawl\nholds the output folder; 130 and 143 it was stopped."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What goes with every command.
    #[command(flatten)]
    pub common: Common,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Visit the papers and append their new articles to the output folder
    Crawl(super::crawl::Crawl),
    /// Read saved pages and print their articles; no network
    Extract(super::extract::Extract),
    /// Fetch one or a few pages from the web and print their articles
    Fetch(super::fetch::Fetch),
    /// Is selectors.toml sound, and do its rules fit saved pages, or (--live) what the papers print today?
    Check(super::check::Check),
    /// Print the papers that selectors.toml knows, as a table
    Sites(super::sites::Sites),
}

/// The flags of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// The rules to read pages by [default: selectors.toml in this folder, else those built into the program]
    #[arg(long, value_name = "FILE", global = true)]
    selectors: Option<PathBuf>,
    /// Say nothing on stderr, unless the command cannot run or a crawl's paper is unwell
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on stderr; twice: much more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// How to say it
    #[arg(long, value_enum, value_name = "FORM", default_value_t, global = true)]
    pub log_format: LogFormat,
    /// Whether to color what is said
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    pub color: Color,
}

/// The form of what is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// When stderr has colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Also into a file or pipe
    Always,
    /// Not even on a terminal
    Never,
}

/// The form of articles on stdout.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// The form of the articles: one JSON object a line, one JSON array, plain text, or Markdown
    #[arg(long, value_name = "FORM", default_value = "jsonl", value_parser = formats())]
    pub format: Format,
}

fn formats() -> impl clap::builder::TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| name.parse::<Format>())
}

impl Common {
    /// The rules to read pages by. What is read from a file lives as long as the program.
    pub fn rulebook(&self) -> Result<&'static Rulebook, Refusal> {
        let Some(path) = self.selectors_file() else { return Ok(Rulebook::built_in()) };
        let book = Rulebook::read(&self.selectors_text()?, &path.display().to_string()).map_err(Refusal::Selectors)?;
        Ok(Box::leak(Box::new(book)))
    }

    /// What the file of the rules is called in messages.
    pub fn selectors_name(&self) -> String {
        self.selectors_file().map_or_else(|| SELECTORS.to_owned(), |path| path.display().to_string())
    }

    /// The text of the rules, as it stands in the file or is built in.
    pub fn selectors_text(&self) -> Result<String, Refusal> {
        let Some(path) = self.selectors_file() else { return Ok(Rulebook::BUILT_IN.to_owned()) };
        let unreadable = |source| Refusal::File { path: path.to_owned(), source };
        let mut text = Vec::new();
        File::open(path).and_then(|file| file.take(SELECTORS_BYTES + 1).read_to_end(&mut text)).map_err(unreadable)?;
        if text.len() as u64 > SELECTORS_BYTES {
            return Err(Refusal::Usage(format!("{}: longer than {} MiB: no file of rules is", path.display(), SELECTORS_BYTES >> 20)));
        }
        String::from_utf8(text).map_err(|error| {
            let sound = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let (line, last) = (sound.matches('\n').count() + 1, sound.rsplit('\n').next().unwrap_or_default());
            Refusal::Usage(format!("{}:{line}:{}: not UTF-8: save the file as UTF-8", path.display(), last.chars().count() + 1))
        })
    }

    /// The file that the rules come from; `None` for those built in.
    pub fn selectors_file(&self) -> Option<&Path> {
        let usual = Path::new(SELECTORS);
        self.selectors.as_deref().or_else(|| usual.exists().then_some(usual))
    }
}
