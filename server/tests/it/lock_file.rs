//! Minimum versions with fixes for hangs in server-side rendering, so that an older lock file cannot bring them back.

#[test]
fn the_lock_file_holds_the_versions_with_the_mended_hangs() {
    let lock = include_str!("../../../Cargo.lock");
    for (name, version) in [
        ("leptos", "0.8.23"),
        ("reactive_graph", "0.2.16"),
        ("leptos_server", "0.8.8"),
        ("tachys", "0.2.19"),
        ("server_fn", "0.8.13"),
    ] {
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry), "{name} is not {version}");
        assert_eq!(lock.matches(&format!("name = \"{name}\"\n")).count(), 1, "{name} stands there once");
    }
}
