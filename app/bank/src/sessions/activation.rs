//! Activation: a user who has no password sets one with a one-time secret (docs/domain.md §12). Staff get a link, customers a
//! code. Unknown, used, renewed and expired secrets are refused alike.
//!
//! Reading order: [`invite`] makes a secret, [`find_invited`] says whose a link is, [`activate_by_link`] and [`activate_by_code`] use
//! one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use scoped_futures::ScopedFutureExt;

use super::activation_records as records;
use super::notices::{SecurityEvent, tell};
use super::parameters::SessionParameters;
use super::password_rule::{KnownOfUser, NewPassword, PasswordFault, SHORTEST_ALONE, check_password};
use super::passwords::hash_in_turn;
use super::source::Source;
use crate::branches::reference;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Nearest, Refusal};
use crate::kernel::ids::Key;
use crate::kernel::seal::Seal;
use crate::kernel::text::{count, narrow};

/// The characters of a code: no vowels, so that no words appear, and none that looks like another.
const LETTERS: &[u8; 20] = b"34679CDFGHJKMNPRTWXY";

/// Characters of a code: 20¹² codes, 51 bits.
const CODE_LENGTH: usize = 12;

/// The name that separates the hashes of secrets from other blind indexes.
const INDEX: &str = "activation";

/// The same for recovery codes.
const RECOVERY_INDEX: &str = "recovery";

/// How a user activates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivationKind {
    /// Staff: a link with 256 random bits.
    Link,
    /// Customers: a code to be typed together with the customer number and the end of the ID number.
    Code,
}

impl ActivationKind {
    /// The code stored in `activations.kind`.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Code => "code",
        }
    }
}

/// A one-time secret as it is handed to its user. It is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    fn generate(tx: &Tx, kind: ActivationKind) -> Result<Self, Failure> {
        Self::from_random(kind, || tx.random())
    }

    /// A secret of random bytes from this source.
    pub(super) fn from_random(kind: ActivationKind, random: impl Fn() -> Result<[u8; 32], Failure>) -> Result<Self, Failure> {
        Ok(Self(match kind {
            ActivationKind::Link => URL_SAFE_NO_PAD.encode(random()?),
            ActivationKind::Code => {
                let mut code = String::with_capacity(CODE_LENGTH);
                while code.len() < CODE_LENGTH {
                    // Bytes from 240 on are dropped, so that every character is equally likely.
                    let fair = random()?.into_iter().filter(|byte| *byte < 240);
                    code.extend(
                        fair.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).take(CODE_LENGTH - code.len()),
                    );
                }
                code
            }
        }))
    }

    /// A secret as typed or followed. A code may be typed in lower case, in full width and with separators.
    pub fn typed(kind: ActivationKind, text: &str) -> Self {
        Self(match kind {
            ActivationKind::Link => text.to_owned(),
            ActivationKind::Code => narrow(text).to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect(),
        })
    }

    /// The secret in plain text: for the person it is meant for, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A code in groups of four, to be read out and typed.
    pub fn grouped(&self) -> String {
        let groups: Vec<String> = self.0.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        groups.join("-")
    }

    /// The hash stored for a new secret.
    fn hash(&self, seal: &Seal) -> String {
        seal.index(INDEX, &self.0)
    }

    /// The hashes under which it may be stored, one per sealing key.
    pub(super) fn hashes(&self, seal: &Seal) -> Vec<String> {
        seal.indexes(INDEX, &self.0)
    }

    /// The keyed hash of a new recovery code of this user.
    pub(super) fn recovery_hash(&self, user_id: &str, seal: &Seal) -> String {
        seal.index(RECOVERY_INDEX, &format!("{user_id}/{}", self.0))
    }

    /// Its keyed hashes as a recovery code, one per sealing key.
    pub(super) fn recovery_hashes(&self, user_id: &str, seal: &Seal) -> Vec<String> {
        seal.indexes(RECOVERY_INDEX, &format!("{user_id}/{}", self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Makes the secret with which a user sets a password, in the transaction that needs it. Open secrets of the user end, and
/// the lock after failed sign-ins is lifted. `by` is the user who asked for it; `None`: the command line.
pub async fn invite(
    tx: &mut Tx,
    user_id: &str,
    kind: ActivationKind,
    by: Option<&str>,
    limits: &SessionParameters,
) -> Result<Secret, Failure> {
    let days = match kind {
        ActivationKind::Link => limits.activation_link_days,
        ActivationKind::Code => limits.activation_code_days,
    };
    let secret = Secret::generate(tx, kind)?;
    let hash = secret.hash(&tx.seal());
    // Locks the user's row, so that concurrent invitations of one user leave one open.
    records::unlock(tx, user_id).await?;
    records::end_open(tx, user_id).await?;
    let id = tx.new_id()?;
    records::insert_activation(tx, &id, user_id, kind.code(), &hash, by, tx.now().plus_days(days)).await?;
    Ok(secret)
}

/// An invitation that a person asks for on a page.
pub struct Invitation<'i> {
    pub user_id: &'i str,
    pub kind: ActivationKind,
    /// Who asks.
    pub by: &'i str,
    /// The idempotency key of the form: it invites once.
    pub key: &'i Key,
}

/// Why a person is not invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteRefusal {
    /// The form has invited already; its secret is not shown again.
    Shown,
    /// The user has a password, or has left.
    Active,
}

/// Invites a user without a password, once per form.
pub async fn invite_once(
    tx: &mut Tx,
    invitation: &Invitation<'_>,
    limits: &SessionParameters,
) -> Result<Secret, Rejected<InviteRefusal>> {
    let Invitation { user_id, kind, by, key } = *invitation;
    // Locks the user's row: a concurrent activation or invitation comes before or after.
    records::unlock(tx, user_id).await?;
    if records::is_taken(tx, key).await? {
        return Err(Rejected::Refused(InviteRefusal::Shown));
    }
    if !records::awaits_password(tx, user_id).await? {
        return Err(Rejected::Refused(InviteRefusal::Active));
    }
    let days = match kind {
        ActivationKind::Link => limits.activation_link_days,
        ActivationKind::Code => limits.activation_code_days,
    };
    let secret = Secret::generate(tx, kind)?;
    let hash = secret.hash(&tx.seal());
    records::end_open(tx, user_id).await?;
    records::insert_activation(tx, key.as_str(), user_id, kind.code(), &hash, Some(by), tx.now().plus_days(days)).await?;
    Ok(secret)
}

/// Why an activation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivationRefusal {
    /// The link is unknown, used, renewed or expired, or its user has left.
    LinkVoid,
    /// Customer number, end of the ID number and code do not belong together, or the code is used, renewed, expired or ended.
    CodeWrong,
    /// The password breaks the rule.
    Password(PasswordFault),
}

impl Refusal for ActivationRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::LinkVoid => "link_void",
            Self::CodeWrong => "code_wrong",
            Self::Password(PasswordFault::TooShort { .. }) => "password_too_short",
            Self::Password(PasswordFault::TooLong) => "password_too_long",
            Self::Password(PasswordFault::Common) => "password_common",
            Self::Password(PasswordFault::Run) => "password_run",
            Self::Password(PasswordFault::HoldsName) => "password_holds_name",
            Self::Password(PasswordFault::HoldsHouse) => "password_holds_house",
            Self::Password(PasswordFault::Differs) => "password_differs",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::LinkVoid => "",
            Self::CodeWrong => "number",
            Self::Password(PasswordFault::Differs) => "password_again",
            Self::Password(_) => "password",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}

/// Whose an open link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub sign_in_name: String,
    pub name: String,
}

/// The user of an open link; `None` if it is unknown, used, renewed or expired, or its user has left.
pub async fn find_invited(bank: &Bank, secret: &Secret) -> Result<Option<Invited>, Failure> {
    let now = bank.now();
    let found = records::find_link(&mut bank.read().await?, &secret.hashes(bank.seal()), now).await?;
    Ok(found.map(|row| Invited { sign_in_name: row.sign_in_name, name: row.name }))
}

/// Sets the password of the user of a link and returns their sign-in name. The link works once; a repeated post of the same form
/// gets the same answer.
pub async fn activate_by_link(
    bank: &Bank,
    secret: &Secret,
    key: &Key,
    password: NewPassword,
    source: &Source,
) -> Result<String, Rejected<ActivationRefusal>> {
    let hashes = secret.hashes(bank.seal());
    let mut conn = bank.read().await?;
    if let Some(name) = records::find_used(&mut conn, &hashes, key).await? {
        return Ok(name);
    }
    let Some(link) = records::find_link(&mut conn, &hashes, bank.now()).await? else {
        return Err(Rejected::Refused(ActivationRefusal::LinkVoid));
    };
    drop(conn);
    let house = password.house_names(bank).await?;
    let checked = password.check(SHORTEST_ALONE, KnownOfUser { texts: &[&link.sign_in_name], born: None, house: &house });
    let password = checked.map_err(|fault| Rejected::Refused(ActivationRefusal::Password(fault)))?;
    let password_hash = hash_in_turn(&source.turn(false), password).await?;
    bank.write("activate", |tx| {
        let (link, password_hash) = (&link, &password_hash);
        async move {
            let used = records::use_activation(tx, &link.id, key).await?;
            if !(used && records::set_password(tx, &link.user_id, password_hash, false).await?) {
                return Err(Rejected::Refused(ActivationRefusal::LinkVoid));
            }
            records::end_sessions(tx, &link.user_id).await?;
            let actor = Actor { role: "nobody".into(), user_id: Some(link.user_id.clone()), name: String::new() };
            insert_audit(tx, &actor, "activate", &link.user_id, "ok").await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await?;
    Ok(link.sign_in_name)
}

/// What a customer types to activate.
#[derive(Clone, Debug)]
pub struct CodeClaim {
    /// The customer number, or the sign-in name of somebody who signs in for the customer.
    pub number: String,
    /// The last six characters of the ID number.
    pub id_end: String,
    pub code: Secret,
}

impl CodeClaim {
    /// The claim as typed, in any width and case.
    pub fn typed(number: &str, id_end: &str, code: &str) -> Self {
        let id_end = narrow(id_end).to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
        Self { number: narrow(number).to_lowercase(), id_end, code: Secret::typed(ActivationKind::Code, code) }
    }

    /// Whether a number ends with what was typed, which must be six characters.
    fn fits(&self, id_number: &str) -> bool {
        count(&self.id_end) == ID_END && id_number.to_uppercase().ends_with(&self.id_end)
    }
}

/// How many characters of the ID number are asked for.
pub const ID_END: usize = 6;

/// Sets the password of a customer's user and returns their sign-in name. Every attempt is counted before it is judged, so that
/// concurrent attempts cannot exceed the parameter `activation_failures`; the last one ends the code. A number or name that does
/// not exist takes the same statements and gets the same refusal. A repeated post of the same form gets the same answer.
pub async fn activate_by_code(
    bank: &Bank,
    claim: &CodeClaim,
    key: &Key,
    password: NewPassword,
    source: &Source,
) -> Result<String, Rejected<ActivationRefusal>> {
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let hashes = claim.code.hashes(bank.seal());
    if let Some(name) = records::find_used(&mut bank.read().await?, &hashes, key).await? {
        return Ok(name);
    }
    let refused = |fault| Rejected::Refused(ActivationRefusal::Password(fault));
    let house = password.house_names(bank).await?;
    let known = KnownOfUser { texts: &[&claim.number], born: None, house: &house };
    let password = password.check(SHORTEST_ALONE, known).map_err(refused)?;
    let password_hash = hash_in_turn(&source.turn(false), password.clone()).await?;
    let activated = bank.write("activate", |tx| {
        let (hashes, password, password_hash, limits) = (&hashes, &password, &password_hash, &limits);
        async move {
            let counted = records::count_attempt(tx, &claim.number, limits.activation_failures).await?;
            let identity = records::find_identity(tx, &claim.number).await?;
            let meant = counted.iter().find(|row| hashes.contains(&row.secret_hash));
            let actor = |user_id| Actor { role: "nobody".into(), user_id, name: String::new() };
            let (Some(meant), Some(identity)) =
                (meant.filter(|_| identity.as_ref().is_some_and(|of| claim.fits(&of.id_number))), &identity)
            else {
                records::end_exhausted(tx, &claim.number, limits.activation_failures).await?;
                let subject = counted.first().map_or("unknown", |row| row.user_id.as_str());
                insert_audit(tx, &actor(None), "activate", subject, "refused").await?;
                return Ok(None);
            };
            // The refusal rolls the counted attempt back.
            let texts = [&*identity.phone, &*meant.sign_in_name, &*identity.number];
            let known = KnownOfUser { texts: &texts, born: identity.born, house: &[] };
            check_password(password, SHORTEST_ALONE, known).map_err(refused)?;
            let others: Vec<&str> = counted.iter().map(|row| row.id.as_str()).filter(|id| *id != meant.id).collect();
            records::give_back(tx, &others).await?;
            records::use_activation(tx, &meant.id, key).await?;
            records::set_password(tx, &meant.user_id, password_hash, false).await?;
            records::end_sessions(tx, &meant.user_id).await?;
            tell(tx, &meant.user_id, SecurityEvent::PasswordSet, None).await?;
            insert_audit(tx, &actor(Some(meant.user_id.clone())), "activate", &meant.user_id, "ok").await?;
            Ok(Some(meant.sign_in_name.clone()))
        }
        .scope_boxed()
    });
    activated.await?.ok_or(Rejected::Refused(ActivationRefusal::CodeWrong))
}
