//! May every package that this one is built from be passed on with it, and does each come from the registry?
//!
//! Asks cargo, without the network, what the lock file leads to on this system, and holds it to the lists of `deny.toml`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn output(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Every package of the lock file that this system needs, ourselves among them.
fn packages() -> Vec<Value> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = String::from_utf8(output(&rustc, &["-vV"])).expect("UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc knows its host");
    let asked = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
    let metadata: Value = serde_json::from_slice(&output(env!("CARGO"), &asked)).expect("JSON");
    metadata["packages"].as_array().expect("a list").clone()
}

fn allowed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("a readable file");
    let deny: toml::Table = text.parse().expect("TOML");
    deny["licenses"]["allow"].as_array().expect("a list").iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

/// Whether an SPDX expression can be kept with these licences. `/`, as old packages write, is OR.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let fits = any(&mut words, allowed);
    assert_eq!(words.next(), None, "{expression}");
    fits
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn any(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut fits = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        fits |= all(words, allowed);
    }
    fits
}

fn all(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut fits = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        fits &= one(words, allowed);
    }
    fits
}

fn one(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let fits = any(words, allowed);
        assert_eq!(words.next(), Some(")"));
        return fits;
    }
    let mut name = words.next().expect("a licence").to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        name = format!("{name} WITH {}", words.next().expect("an exception"));
    }
    allowed.contains(&name)
}

#[test]
fn an_expression_is_kept_by_all_its_ands_and_one_of_its_ors() {
    let allowed: BTreeSet<String> = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    let rows = [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("ISC AND (GPL-3.0 OR Apache-2.0)", false),
        ("MIT OR ISC AND GPL-3.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
    ];
    for (expression, fits) in rows {
        assert_eq!(is_allowed(expression, &allowed), fits, "{expression}");
    }
}

#[test]
fn every_package_may_be_passed_on_and_comes_from_the_registry() {
    let (packages, allowed) = (packages(), allowed());
    let name = |package: &Value| format!("{} {}", package["name"], package["version"]);
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|license| is_allowed(license, &allowed)))
        .map(|package| format!("{}: {}", name(package), package["license"]))
        .collect();
    assert_eq!(refused, [""; 0], "not among the licences of deny.toml");
    let ours = |package: &&Value| package["source"].as_str().is_none_or(|source| !source.starts_with("registry+"));
    let elsewhere: Vec<&Value> = packages.iter().filter(ours).map(|package| &package["name"]).collect();
    assert_eq!(elsewhere, ["baotinh"]);
    assert!(packages.len() > 100, "{}", packages.len());
}
