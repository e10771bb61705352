//! The tokens of the style sheet: the contrast of every pair of colours that is used, in both modes and both themes, and the
//! sizes of the elder mode (docs/domain.md §12).

use std::collections::BTreeMap;

use super::house_rules::root;

type Tokens = BTreeMap<String, String>;

/// The declarations of the blocks with this selector, under this media query (blank: none).
fn block(style: &str, media: &str, selector: &str) -> Tokens {
    let style: String = style.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rest)| rest)).collect();
    let mut tokens = Tokens::new();
    let (mut inside, mut open) = (Vec::<String>::new(), String::new());
    for c in style.chars() {
        match c {
            '{' => inside.push(std::mem::take(&mut open).trim().to_owned()),
            '}' => {
                inside.pop();
                open.clear();
            }
            ';' => {
                let declared = std::mem::take(&mut open);
                let at = inside.split_last().map(|(last, before)| (last.as_str(), before.join(" ")));
                if at == Some((selector, media.to_owned()))
                    && let Some((name, value)) = declared.split_once(':')
                {
                    tokens.insert(name.trim().trim_start_matches("--").to_owned(), value.trim().to_owned());
                }
            }
            _ => open.push(c),
        }
    }
    assert!(!tokens.is_empty(), "no block {media} {selector}");
    tokens
}

const DEVICE: &str = "@media screen and (prefers-color-scheme: dark)";

/// The tokens of a page, as the cascade gives them: mode, then theme.
fn tokens(elder: bool, dark: bool) -> Tokens {
    let style = std::fs::read_to_string(root().join("style/tokens.css")).unwrap();
    let mut tokens = block(&style, "", ":root");
    if dark {
        tokens.extend(block(&style, "@media screen", r#":root[data-theme="dark"]"#));
    }
    if elder {
        tokens.extend(block(&style, "", r#":root[data-mode="elder"]"#));
    }
    if elder && dark {
        tokens.extend(block(&style, "@media screen", r#":root[data-mode="elder"][data-theme="dark"]"#));
    }
    tokens
}

fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap_or_else(|| panic!("{colour} is no colour"));
    let digits: String = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Text, and what it stands on.
const TEXTS: &[(&str, &[&str])] = &[
    ("ink", &["paper", "ground", "shade", "brand-tint", "seal-tint", "ok-tint", "wait-tint"]),
    ("ink-2", &["paper", "ground", "shade", "brand-tint", "seal-tint", "ok-tint", "wait-tint"]),
    ("ink-3", &["paper", "ground", "shade"]),
    ("brand", &["paper", "ground", "brand-tint"]),
    ("seal", &["paper", "ground", "seal-tint"]),
    ("ok", &["paper", "ground", "ok-tint"]),
    ("wait", &["paper", "ground", "wait-tint"]),
    ("on-fill", &["fill", "fill-hover"]),
    ("on-lead", &["lead"]),
    ("lead-hint", &["lead"]),
];

/// What must be seen, but is not text: borders of controls, chosen things, bars, the focus ring with its edge.
const EDGES: &[(&str, &[&str])] = &[
    ("edge", &["paper", "ground", "shade", "brand-tint"]),
    ("fill", &["paper", "ground"]),
    ("brand", &["paper", "ground", "brand-tint"]),
    ("seal", &["paper", "ground"]),
    ("stock", &["taken", "paper"]),
    ("taken", &["paper"]),
    ("focus", &["ink"]),
];

#[test]
fn every_pair_of_colours_can_be_read_in_every_mode_and_theme() {
    let mut weak = Vec::new();
    for (elder, dark) in [(false, false), (false, true), (true, false), (true, true)] {
        let tokens = tokens(elder, dark);
        // On dark paper the yellow of the focus ring is seen by itself; its edge is light there.
        let edges = EDGES.iter().filter(|(front, _)| !dark || *front != "focus").copied().chain([("focus", &["paper"][..])]);
        let edges = edges.filter(|pair| dark || *pair != ("focus", &["paper"][..]));
        let wanted = TEXTS.iter().map(|pair| (*pair, if elder { 7.0 } else { 4.5 })).chain(edges.map(|pair| (pair, 3.0)));
        for ((front, grounds), least) in wanted {
            for ground in grounds {
                let found = contrast(&tokens[front], &tokens[*ground]);
                if found < least {
                    weak.push(format!("elder {elder}, dark {dark}: {front} on {ground} has {found:.2}, not {least}"));
                }
            }
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}

#[test]
fn the_device_and_the_switch_give_the_same_dark() {
    let style = std::fs::read_to_string(root().join("style/tokens.css")).unwrap();
    for mode in ["", r#"[data-mode="elder"]"#] {
        let chosen = block(&style, "@media screen", &format!(r#":root{mode}[data-theme="dark"]"#));
        assert_eq!(block(&style, DEVICE, &format!(r#":root{mode}[data-theme="auto"]"#)), chosen, "{mode}");
    }
    // What the elder mode changes is set again for elder and dark, as far as it is a colour that differs in the dark.
    let (elder, both) = (
        block(&style, "", r#":root[data-mode="elder"]"#),
        block(&style, "@media screen", r#":root[data-mode="elder"][data-theme="dark"]"#),
    );
    let left: Vec<_> = elder.iter().filter(|(name, value)| value.starts_with('#') && !both.contains_key(*name)).collect();
    assert!(left.is_empty(), "light in the dark: {left:?}");
}

#[test]
fn the_sizes_of_the_elder_mode_reach_eighteen_points_and_sixty_pixels() {
    let tokens = tokens(true, false);
    let pixels = |name: &str| tokens[name].strip_suffix("rem").unwrap().parse::<f64>().unwrap() * 16.0;
    for text in ["text", "hint", "small", "h1", "h2", "big", "display", "welcome"] {
        assert!(pixels(text) >= 24.0, "{text}");
    }
    for target in ["target", "button", "touch"] {
        assert!(pixels(target) >= 60.0, "{target}");
    }
    assert!(self::tokens(false, false)["touch"] == "2.75rem", "44 px in the normal mode");
}

#[test]
fn colours_stand_in_the_tokens_only() {
    for entry in ["style", "style/ui"].iter().flat_map(|folder| std::fs::read_dir(root().join(folder)).unwrap()) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_style = path.extension().is_some_and(|extension| extension == "css");
        if !is_style || ["tokens.css", "print.css"].contains(&name.as_str()) {
            continue;
        }
        let style = std::fs::read_to_string(&path).unwrap();
        let literal = style.lines().find(|line| line.split_once(": ").is_some_and(|(_, value)| value.contains('#')));
        assert!(literal.is_none(), "{name}: {literal:?}");
    }
}
