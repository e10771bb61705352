//! The policy of dependencies in `deny.toml`: licences, sources, forbidden crates, duplicates. It has the format of cargo-deny, which
//! would have to be compiled on every new machine before `make test`; `cargo metadata` says all that is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::house_rules::root;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    /// `None` for our own crates.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Policy {
    graph: Graph,
    licenses: Licenses,
    sources: Sources,
    bans: Bans,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
    skip: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

fn policy() -> Policy {
    toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap()
}

/// The packages of the lock file that are used on the targets of the policy.
fn packages(targets: &[String]) -> Vec<Package> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--format-version", "1"]).current_dir(root());
    cargo.args(targets.iter().flat_map(|target| ["--filter-platform", target.as_str()]));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let Metadata { mut packages, resolve } = serde_json::from_slice(&output.stdout).unwrap();
    let used: BTreeSet<String> = resolve.nodes.into_iter().map(|node| node.id).collect();
    packages.retain(|package| used.contains(&package.id));
    assert!(packages.len() > 100, "the dependencies are read");
    packages
}

/// Whether a version belongs to `crate@series`.
fn is_of(skip: &str, version: &str) -> bool {
    let series = skip.split('@').nth(1).unwrap_or_default();
    version == series || version.starts_with(&format!("{series}."))
}

/// What is wrong with these packages.
fn faults(policy: &Policy, packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut exceptions: BTreeSet<&str> = policy.licenses.exceptions.iter().map(|exception| exception.name.as_str()).collect();
    for package in packages {
        let Some(source) = &package.source else { continue };
        versions.entry(&package.name).or_default().insert(&package.version);
        let registry = source.strip_prefix("registry+").unwrap_or_default();
        if !policy.sources.allow_registry.iter().any(|allowed| allowed == registry) {
            faults.push(format!("{} comes from {source}", package.name));
        }
        if policy.bans.deny.iter().any(|banned| banned.name == package.name) {
            faults.push(format!("{} is forbidden", package.name));
        }
        exceptions.remove(package.name.as_str());
        let licence = package.license.as_deref().unwrap_or_default();
        let allowed = Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|licence| {
            licence.evaluate(|asked| {
                let name = asked.license.id().map_or("", |id| id.name);
                let of_it = policy.licenses.exceptions.iter().filter(|exception| exception.name == package.name);
                let mut allowed = policy.licenses.allow.iter().chain(of_it.flat_map(|exception| &exception.allow));
                asked.addition.is_none() && allowed.any(|allowed| allowed == name)
            })
        });
        if !allowed {
            faults.push(format!("{} has the licence {licence:?}", package.name));
        }
    }
    faults.extend(exceptions.into_iter().map(|name| format!("the exception for {name} is not needed")));
    let mut skipped: BTreeSet<&str> = policy.bans.skip.iter().map(|skip| skip.name.as_str()).collect();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let known: Vec<&str> = skipped.iter().copied().filter(|skip| skip.split('@').next() == Some(*name)).collect();
        let left = versions.iter().filter(|version| !known.iter().any(|skip| is_of(skip, version))).count();
        if left != 1 {
            faults.push(format!("{name} is there in the versions {versions:?}"));
        }
        skipped.retain(|skip| !(known.contains(skip) && versions.iter().any(|version| is_of(skip, version))));
    }
    faults.extend(skipped.into_iter().map(|skip| format!("the duplicate {skip} is not there any more")));
    faults
}

#[test]
fn dependencies_are_as_the_policy_permits() {
    let policy = policy();
    assert_eq!(faults(&policy, &packages(&policy.graph.targets)), [""; 0]);
}

#[test]
fn what_the_policy_forbids_is_found() {
    let policy = policy();
    let package = |name: &str, version: &str, licence: &str, source: &str| Package {
        id: String::new(),
        name: name.to_owned(),
        version: version.to_owned(),
        license: Some(licence.to_owned()).filter(|licence| !licence.is_empty()),
        source: Some(source.to_owned()),
    };
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let wrong = [
        package("openssl-sys", "0.9.1", "MIT", registry),
        package("elsewhere", "1.0.0", "MIT/Apache-2.0", "git+https://other.example/it"),
        package("copyleft", "1.0.0", "MIT AND GPL-3.0-only", registry),
        package("nothing-said", "1.0.0", "", registry),
        package("twice", "1.0.0", "GPL-3.0-only OR Zlib", registry),
        package("twice", "2.0.0", "Zlib", registry),
    ];
    let found = faults(&policy, &wrong);
    for words in ["openssl-sys is forbidden", "elsewhere comes", "copyleft has the", "nothing-said has the", "twice is there"] {
        assert_eq!(found.iter().filter(|fault| fault.contains(words)).count(), 1, "{words}: {found:?}");
    }
    let unneeded = policy.licenses.exceptions.len() + policy.bans.skip.len();
    assert_eq!(found.len(), 5 + unneeded, "{found:?}");
}
