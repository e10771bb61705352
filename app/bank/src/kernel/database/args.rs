//! Values bound to the placeholders of a statement.

use sqlx::Arguments;

/// A value bound to a placeholder, of one of the types that both engines store alike.
#[derive(Clone, Debug)]
pub enum Arg {
    Text(Option<String>),
    /// BIGINT
    Int(Option<i64>),
    /// BOOLEAN
    Bool(bool),
}

impl Arg {
    /// Size of the value in bytes, about as much as it takes on its way to the database.
    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.as_ref().map_or(0, String::len),
            Self::Int(_) => 8,
            Self::Bool(_) => 1,
        }
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}
impl From<Option<String>> for Arg {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<Option<&str>> for Arg {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}
impl From<Option<i64>> for Arg {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}
impl From<bool> for Arg {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

/// Collects the values of a statement: `args![id, day, amount]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::kernel::database::Arg::from($value)),*] };
}

pub(super) fn bind<A: Arguments>(args: &[Arg]) -> Result<A, sqlx::Error>
where
    for<'q> Option<&'q str>: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    for<'q> Option<i64>: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
    for<'q> bool: sqlx::Encode<'q, A::Database> + sqlx::Type<A::Database>,
{
    let mut bound = A::default();
    bound.reserve(args.len(), args.iter().map(Arg::size).sum());
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(text.as_deref()),
            Arg::Int(number) => bound.add(*number),
            Arg::Bool(flag) => bound.add(*flag),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}
