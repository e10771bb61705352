//! How pages look: the elder mode (适老化, docs/domain.md §12) and the theme. A user's own choice holds on every device; what is
//! not chosen there is as the browser remembers it.

/// How large and how much at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Normal,
    /// 大字版: text of 18 pt and more, one question a page, the hotline always in sight.
    Elder,
}

impl Mode {
    pub const ALL: [Self; 2] = [Self::Normal, Self::Elder];

    /// The code in forms, the cookie and the database, and the value of `data-mode`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Elder => "elder",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device is set.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The code in forms, the cookie and the database, and the value of `data-theme`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// What a page is rendered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    pub mode: Mode,
    pub theme: Theme,
}

/// What somebody has chosen; `None`: nothing yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChosenAppearance {
    pub mode: Option<Mode>,
    pub theme: Option<Theme>,
}

impl ChosenAppearance {
    /// From two codes; unknown codes count as not chosen.
    pub fn read(mode: Option<&str>, theme: Option<&str>) -> Self {
        Self { mode: mode.and_then(Mode::parse), theme: theme.and_then(Theme::parse) }
    }

    /// This choice, and the other one for what it leaves open.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { mode: self.mode.or(other.mode), theme: self.theme.or(other.theme) }
    }

    /// The defaults for what is not chosen.
    pub fn shown(self) -> Appearance {
        Appearance { mode: self.mode.unwrap_or_default(), theme: self.theme.unwrap_or_default() }
    }

    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_has_chosen_wins_and_the_browser_fills_the_rest() {
        let user = ChosenAppearance { mode: Some(Mode::Normal), theme: None };
        let browser = ChosenAppearance { mode: Some(Mode::Elder), theme: Some(Theme::Dark) };
        assert_eq!(user.or(browser).shown(), Appearance { mode: Mode::Normal, theme: Theme::Dark });
        assert_eq!(ChosenAppearance::default().shown(), Appearance { mode: Mode::Normal, theme: Theme::Auto });
    }

    #[test]
    fn codes_are_read_back_and_others_are_no_choice() {
        for mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.code()), Some(mode));
        }
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.code()), Some(theme));
        }
        assert!(ChosenAppearance::read(Some("huge"), Some("")).is_empty());
    }
}
