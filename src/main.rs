//! The program `baotinh`: one command, its answer on stdout, its exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
