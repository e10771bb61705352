//! Parameters: thresholds, cut-off times and limits that the bank can set per branch with an effective day. Each capability
//! declares its own with [`parameters!`] in its file `parameters.rs`; [`crate::parameters`] lists all of them. The stored rows
//! are in [`crate::branches`]. Values fixed by law are no parameters.

use super::money::Fen;
use super::time::{Time, hhmm, parse_time};

/// The unit of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Yuan,
    /// A time of day.
    Clock,
    Minutes,
    Hours,
    /// Calendar days.
    Days,
    WorkingDays,
    Months,
    Years,
    Notes,
    Bookings,
    NoShows,
    Cases,
    Messages,
    Percent,
    Characters,
    People,
    Attempts,
    Cards,
    Reasons,
    /// A [`Demand`].
    Demand,
}

/// The source of a parameter, with the section that defines it (docs/domain.md §12.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Law(u8),
    Bank(u8),
    Practice(u8),
    Default(u8),
}

/// The declaration of a parameter by a capability.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// The name in the table.
    pub name: &'static str,
    pub unit: Unit,
    pub source: Source,
    /// The default value as stored text.
    pub default: fn() -> String,
    /// Whether a stored text can be read as a value.
    pub reads: fn(&str) -> bool,
    /// `None`: every value that can be read is accepted.
    pub bounds: Option<Bounds>,
}

/// The lowest and the highest accepted value of a number, both inclusive, in the unit of the parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub lowest: i64,
    pub highest: i64,
}

impl Bounds {
    /// The accepted value next to a number.
    pub fn nearest(self, number: i64) -> i64 {
        number.clamp(self.lowest, self.highest)
    }
}

impl Declaration {
    /// Whether a stored text is an accepted value.
    pub fn accepts(&self, text: &str) -> bool {
        (self.reads)(text) && self.exceeded(text).is_none()
    }

    /// The bounds, if a stored text lies outside them.
    pub fn exceeded(&self, text: &str) -> Option<Bounds> {
        let number: i64 = text.parse().ok()?;
        self.bounds.filter(|bounds| bounds.nearest(number) != number)
    }
}

/// The parameters of one capability, in force at one branch on one day.
pub trait Parameters: Default {
    /// The declarations of all fields.
    const DECLARED: &'static [Declaration];

    /// Sets one parameter from its stored text. A name of another capability or a text that cannot be read is
    /// ignored. Bounds are not checked here: whatever stores a value checks them, and `lobby check` reports one that exceeds them.
    fn set(&mut self, name: &str, value: &str);
}

/// The values set at one branch on one day, for all capabilities.
#[derive(Debug, Clone, Default)]
pub struct InForce(Vec<(String, String)>);

impl InForce {
    /// From names and stored texts; a later one overrides an earlier one.
    pub fn new<'l>(lines: impl Iterator<Item = (&'l str, &'l str)>) -> Self {
        Self(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The parameters of one capability.
    pub fn of<T: Parameters>(&self) -> T {
        overlaid(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// The defaults overlaid with the set values; a later value overrides an earlier one.
pub fn overlaid<'l, T: Parameters>(lines: impl Iterator<Item = (&'l str, &'l str)>) -> T {
    let mut parameters = T::default();
    lines.for_each(|(name, value)| parameters.set(name, value));
    parameters
}

/// A value that is stored as text.
pub(crate) trait Stored: Sized {
    fn read(text: &str) -> Option<Self>;
    fn write(&self) -> String;
}

impl Stored for i64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| *number >= 0)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// Amounts are written in whole yuan.
impl Stored for Fen {
    fn read(text: &str) -> Option<Self> {
        i64::read(text).map(Self::from_yuan)
    }

    fn write(&self) -> String {
        self.yuan().to_string()
    }
}

/// Times of day are written `HH:MM`.
impl Stored for Time {
    fn read(text: &str) -> Option<Self> {
        parse_time(text)
    }

    fn write(&self) -> String {
        hhmm(*self)
    }
}

/// Whether something is demanded of people or only offered to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    Required,
    Offered,
}

impl Demand {
    pub const ALL: [Self; 2] = [Self::Required, Self::Offered];

    /// The stored text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Offered => "offered",
        }
    }
}

impl Stored for Demand {
    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|demand| demand.code() == text)
    }

    fn write(&self) -> String {
        self.code().to_owned()
    }
}

/// A full hour, for default values.
pub(crate) const fn clock(hour: i8) -> Time {
    Time::constant(hour, 0, 0, 0)
}

/// Declares the parameters of a capability: `name: type = default, Unit, Source(section);`, for a number followed by its bounds:
/// `…, Source(section), lowest..=highest;`.
macro_rules! parameters {
    (
        $(#[$about:meta])*
        pub struct $all:ident {
            $($(#[$doc:meta])+ $name:ident: $kind:ty = $default:expr, $unit:ident, $source:ident($section:literal)
                $(, $lowest:literal..=$highest:literal)?;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $all {
            $($(#[$doc])+ pub $name: $kind,)+
        }

        impl Default for $all {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl $crate::kernel::parameters::Parameters for $all {
            const DECLARED: &'static [$crate::kernel::parameters::Declaration] = &[$(
                $crate::kernel::parameters::Declaration {
                    name: stringify!($name),
                    unit: $crate::kernel::parameters::Unit::$unit,
                    source: $crate::kernel::parameters::Source::$source($section),
                    default: || <$kind as $crate::kernel::parameters::Stored>::write(&$default),
                    reads: |text| <$kind as $crate::kernel::parameters::Stored>::read(text).is_some(),
                    bounds: $crate::kernel::parameters::bounds!($($lowest, $highest)?),
                },
            )+];

            fn set(&mut self, name: &str, value: &str) {
                match name {
                    $(stringify!($name) => {
                        if let Some(value) = <$kind as $crate::kernel::parameters::Stored>::read(value) {
                            self.$name = value;
                        }
                    })+
                    _ => {}
                }
            }
        }
    };
}
pub(crate) use parameters;

/// The declared bounds, if there are any.
macro_rules! bounds {
    () => {
        None
    };
    ($lowest:literal, $highest:literal) => {
        Some($crate::kernel::parameters::Bounds { lowest: $lowest, highest: $highest })
    };
}
pub(crate) use bounds;

#[cfg(test)]
mod tests {
    use super::{Bounds, InForce, Parameters, Source, Unit, clock};
    use crate::kernel::money::Fen;
    use crate::kernel::time::{Time, hhmm};

    parameters! {
        /// A sample.
        pub struct Sample {
            /// Until then.
            sample_until: Time = clock(15), Clock, Practice(3);
            /// At least.
            sample_minimum: Fen = Fen::from_yuan(50_000), Yuan, Default(3);
            /// So many.
            sample_days: i64 = 5, WorkingDays, Law(9), 2..=60;
        }
    }

    fn sample(lines: &[(&str, &str)]) -> Sample {
        InForce::new(lines.iter().copied()).of()
    }

    #[test]
    fn a_declaration_carries_unit_source_and_default() {
        let said: Vec<_> = Sample::DECLARED.iter().map(|one| (one.name, one.unit, one.source, (one.default)())).collect();
        assert_eq!(said[0], ("sample_until", Unit::Clock, Source::Practice(3), "15:00".to_owned()));
        assert_eq!(said[1], ("sample_minimum", Unit::Yuan, Source::Default(3), "50000".to_owned()));
        assert_eq!(said[2], ("sample_days", Unit::WorkingDays, Source::Law(9), "5".to_owned()));
        assert!(Sample::DECLARED.iter().all(|one| one.accepts(&(one.default)())));
        assert_eq!(Sample::DECLARED[1].bounds, None);
        assert_eq!(Sample::DECLARED[2].bounds, Some(Bounds { lowest: 2, highest: 60 }));
    }

    #[test]
    fn the_last_value_that_is_set_is_in_force() {
        let set = sample(&[("sample_until", "14:30"), ("sample_minimum", "80000"), ("sample_days", "7"), ("sample_days", "8")]);
        assert_eq!(
            (hhmm(set.sample_until), set.sample_minimum, set.sample_days),
            ("14:30".to_owned(), Fen::from_yuan(80_000), 8)
        );
    }

    #[test]
    fn another_name_or_a_text_that_is_no_value_changes_nothing() {
        for (name, value) in [("cash", "1"), ("sample_until", "25:00"), ("sample_minimum", "-1"), ("sample_days", "")] {
            assert_eq!(sample(&[(name, value)]), Sample::default(), "{name}={value}");
            assert!(!Sample::DECLARED.iter().any(|one| one.name == name && one.accepts(value)), "{name}={value}");
        }
        let days = &Sample::DECLARED[2];
        let accepted = ["1", "2", "60", "61"].map(|text| days.accepts(text));
        assert_eq!(accepted, [false, true, true, false]);
    }
}
