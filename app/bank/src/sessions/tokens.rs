//! The tokens of a session (docs/domain.md §12). The browser holds one; it is renewed while the session is in use. A new token counts
//! from its first use: a response that is lost between here and the browser changes nothing. The one before is accepted for some
//! seconds more, for pages loaded at the same time. Any other token of the session is a copy, and ends it.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;
use sqlx::FromRow;

use super::token_records as records;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::{At, MINUTE_MS};

/// How long a token is valid (ms). An older one, if it is still the session's, is renewed by the request that shows it.
pub const TOKEN_LIFE_MS: i64 = 10 * MINUTE_MS;

/// A token of this age is renewed (ms).
const RENEWED_AFTER_MS: i64 = 5 * MINUTE_MS;

/// How long a token is accepted after the next one was used, and how long a new one may stay unused before another is issued (ms).
const GRACE_MS: i64 = 10_000;

/// A token as a request shows it; its signature is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownToken {
    pub session_id: String,
    /// `None`: issued before tokens had ids.
    pub id: Option<String>,
    pub issued_at: Option<At>,
}

/// A new token for the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    pub session_id: String,
    pub id: String,
    /// How long the browser keeps it: longer than the session, so that a page can tell why that has ended.
    pub until: At,
}

/// What a session's row says about its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub(super) struct Tokens {
    pub token: Option<String>,
    pub next_token: Option<String>,
    pub next_at: Option<i64>,
    pub previous_token: Option<String>,
    pub previous_until: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Current,
    /// Issued, and used for the first time.
    Next,
    /// The one before, a moment ago.
    Previous,
    Old,
}

impl Tokens {
    fn standing(&self, id: Option<&str>, now: At) -> Standing {
        if self.token.as_deref() == id {
            Standing::Current
        } else if id.is_some() && self.next_token.as_deref() == id {
            Standing::Next
        } else if self.previous_token.as_deref() == id && self.previous_until.is_some_and(|until| now.0 <= until) {
            Standing::Previous
        } else {
            Standing::Old
        }
    }

    /// Whether to issue a token to who shows the current one: not while another request may be bringing one to the browser.
    fn may_issue(&self, now: At) -> bool {
        self.next_at.is_none_or(|at| now.0 < at || now.0 - at >= GRACE_MS)
    }
}

fn is_due(issued_at: Option<At>, now: At) -> bool {
    issued_at.is_none_or(|issued| now.ms_since(issued) >= RENEWED_AFTER_MS)
}

/// What a token shown to a live session leads to.
pub(super) enum Shown {
    /// It is accepted; perhaps with the id of a new one.
    Accepted(Option<String>),
    /// It is old: the session has ended.
    Ended,
}

/// Judges a token of a live session of this user. Every change is guarded by what was read; if another request was first, it is judged
/// again.
pub(super) async fn show(bank: &Bank, shown: &ShownToken, user_id: &str, mut tokens: Tokens) -> Result<Shown, Failure> {
    let (id, session) = (shown.id.as_deref(), shown.session_id.as_str());
    loop {
        let now = bank.now();
        match tokens.standing(id, now) {
            Standing::Previous => return Ok(Shown::Accepted(None)),
            Standing::Current if !is_due(shown.issued_at, now) || !tokens.may_issue(now) => return Ok(Shown::Accepted(None)),
            Standing::Current => {
                let new = bank.new_id()?;
                let issued = bank.write::<_, Infallible, _>("issue_token", |tx| {
                    let (new, tokens) = (&new, &tokens);
                    async move { Ok(records::issue(tx, session, tokens, new).await?) }.scope_boxed()
                });
                if issued.await.map_err(Rejected::into_failure)? {
                    return Ok(Shown::Accepted(Some(new)));
                }
            }
            Standing::Next => {
                let used = bank.write::<_, Infallible, _>("use_token", |tx| {
                    let next = id.unwrap_or_default();
                    async move { Ok(records::replace(tx, session, next, GRACE_MS).await?) }.scope_boxed()
                });
                used.await.map_err(Rejected::into_failure)?;
            }
            Standing::Old => {
                let ended = bank.write::<_, Infallible, _>("end_reused", |tx| {
                    let tokens = &tokens;
                    async move {
                        let ended = records::end_reused(tx, session, tokens).await?;
                        if ended {
                            let actor = Actor { role: "nobody".into(), user_id: Some(user_id.to_owned()), name: String::new() };
                            insert_audit(tx, &actor, "session_reused", user_id, "ended").await?;
                        }
                        Ok(ended)
                    }
                    .scope_boxed()
                });
                if ended.await.map_err(Rejected::into_failure)? {
                    tracing::warn!("an old token of a session was shown: somebody has a copy, the session has ended");
                    return Ok(Shown::Ended);
                }
            }
        }
        let read = records::find_tokens(&mut bank.read().await?, session).await?;
        let Some(found) = read else { return Ok(Shown::Ended) };
        tokens = found;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_now_and_its_neighbours_are_accepted() {
        let now = At(1_000_000);
        let text = |text: &str| Some(text.to_owned());
        let tokens = Tokens {
            token: text("b"),
            next_token: text("c"),
            next_at: Some(now.0),
            previous_token: text("a"),
            previous_until: Some(now.0),
        };
        for (id, standing) in [
            (Some("b"), Standing::Current),
            (Some("c"), Standing::Next),
            (Some("a"), Standing::Previous),
            (Some("d"), Standing::Old),
            (None, Standing::Old),
        ] {
            assert_eq!(tokens.standing(id, now), standing, "{id:?}");
        }
        assert_eq!(tokens.standing(Some("a"), At(now.0 + 1)), Standing::Old);
        assert!(!tokens.may_issue(At(now.0 + GRACE_MS - 1)) && tokens.may_issue(At(now.0 + GRACE_MS)));
        assert!(tokens.may_issue(At(now.0 - 1)), "the clock of a demo bank may be moved back");
        let before_the_update = Tokens::default();
        assert_eq!(before_the_update.standing(None, now), Standing::Current);
        assert!(is_due(None, now) && !is_due(Some(now), now) && is_due(Some(now), At(now.0 + RENEWED_AFTER_MS)));
    }
}
