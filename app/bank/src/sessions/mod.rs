//! Users, roles, sign-in, sessions, and the proof types that operations take (docs/domain.md §12).
//!
//! A [`Customer`] or [`Staff`] value is created only from a session row that is live at this request, and a [`Scope`] only
//! from such a staff member. Their fields are private to this folder, so no other code can create one.
//!
//! Reading order: `access.rs` (permissions, scope), `appearance.rs` (how pages look for a user), `model.rs` (the proofs), `parameters.rs`, `rules.rs` (validity of sessions and
//! locks), `records.rs` (rows), `entry.rs` and `entry_records.rs` (staff as a file or a page gives them, and the rows of it),
//! `passwords.rs` and `password_queue.rs` (hashing), `source.rs`, `attempt_records.rs` and `sign_in.rs` (sign in, and what locks it), `tokens.rs` with `token_records.rs` (how the token of a session is renewed), `operations.rs` (sign out, identify the caller), `password_rule.rs` (with `common_passwords.rs` and `house_words.rs`) and `activation.rs` (a
//! user sets a password with a one-time secret), `reset.rs`, `change_password.rs`, `notices.rs` (what customers are told), `factors/` (the second factor), `passkeys/` (another one), `sent_codes/` (codes to the phone of a customer without one), `staff/` (joiners, movers, leavers, and what roles may do).

mod access;
mod appearance;
mod entry;
#[cfg(feature = "records")]
mod entry_records;
mod model;
mod parameters;
mod rules;

#[cfg(feature = "records")]
mod activation;
#[cfg(feature = "records")]
mod activation_check_records;
#[cfg(feature = "records")]
mod activation_records;
#[cfg(feature = "records")]
mod approver_records;
#[cfg(feature = "records")]
mod attempt_records;
#[cfg(feature = "records")]
mod change_password;
#[cfg(feature = "records")]
mod check_records;
#[cfg(feature = "records")]
mod common_passwords;
#[cfg(feature = "records")]
mod factors;
#[cfg(feature = "records")]
mod house_words;
#[cfg(feature = "records")]
mod notices;
#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod passkeys;
#[cfg(feature = "records")]
mod password_queue;
#[cfg(feature = "records")]
mod password_rule;
#[cfg(feature = "records")]
mod passwords;
#[cfg(feature = "records")]
mod records;
#[cfg(feature = "records")]
mod reset;
#[cfg(feature = "records")]
mod sent_codes;
#[cfg(feature = "records")]
mod sign_in;
#[cfg(feature = "records")]
mod source;
#[cfg(feature = "records")]
mod staff;
#[cfg(feature = "records")]
mod token_records;
#[cfg(feature = "records")]
mod tokens;

pub use access::{ADMINISTRATOR, Permission, Reach, Scope};
#[cfg(feature = "records")]
pub use activation::{
    ActivationKind, ActivationRefusal, CodeClaim, ID_END, Invitation, InviteRefusal, Invited, Secret, activate_by_code,
    activate_by_link, find_invited, invite, invite_once,
};
pub use appearance::{Appearance, ChosenAppearance, Mode, Theme};
#[cfg(feature = "records")]
pub(crate) use approver_records::{InOffice, approvers_of, find_approver, keep_approver};
#[cfg(feature = "records")]
pub use change_password::{ChangePasswordRefusal, change_password, shortest_own_password};
#[cfg(feature = "records")]
pub(crate) use check_records::check;
pub use entry::{STAFF_ROLES, StaffEntry};
#[cfg(feature = "records")]
pub use entry_records::{CustomerUser, StaffPut, put_customer_user, put_staff};
#[cfg(feature = "records")]
pub(crate) use entry_records::{KnownUser, branch_exists, find_users, pending_users, put_demo_staff};
#[cfg(feature = "records")]
pub(crate) use factors::HAS_FACTOR;
#[cfg(feature = "records")]
pub use factors::{
    Enrolment, Factor, FactorRefusal, RECOVERY_CODES, begin_factor, cancel_factor, confirm_factor, find_factor, find_own_name,
    give_factor, keep_begun_factor, remove_factor, renew_recovery_codes,
};
#[cfg(feature = "records")]
pub use model::SessionLine;
pub use model::{
    APPROVER, Awaiting, Caller, Customer, CustomerKind, EndedSession, Needed, SessionEnd, SignInRefusal, Staff, StepUp,
};
#[cfg(feature = "records")]
pub use notices::SecurityEvent;
#[cfg(feature = "records")]
pub use operations::{
    Visitor, caller, end_other_sessions, end_session, idle_caller, list_sessions, set_appearance, set_language, sign_out, visitor,
};
pub use parameters::SessionParameters;
#[cfg(feature = "records")]
pub use passkeys::{
    Ceremony, LONGEST_PASSKEY_NAME, MOST_PASSKEYS, Passkey, PasskeyRefusal, RelyingParty, Ways, add_passkey, ask_for_passkey,
    begin_passkey, find_options, find_ways, give_passkey, list_passkeys, remove_passkey, renew_codes_by_passkey,
};
#[cfg(feature = "records")]
pub use password_rule::{
    KnownOfUser, LONGEST, NewPassword, PasswordFault, SHORTEST_ALONE, SHORTEST_WITH_FACTOR, check_password, shortest,
};
#[cfg(feature = "records")]
pub use passwords::{count_password_hashes, hash_password};
#[cfg(feature = "records")]
pub use records::{NewUser, insert_user, list_sign_in_names};
#[cfg(feature = "records")]
pub(crate) use records::{count_staff, user_may};
#[cfg(feature = "records")]
pub use reset::{ResetOf, reset_sign_in};
pub use rules::{SessionTime, session_ends};
#[cfg(feature = "records")]
pub(crate) use sent_codes::index_validated_phone;
#[cfg(feature = "records")]
pub use sent_codes::{OpenCode, SentCodeRefusal, SentCodes, find_sent_codes, give_sent_code, send_code};
#[cfg(feature = "records")]
pub use sign_in::{SignedIn, seconds_to_next_hour, sign_in, slowed_networks};
#[cfg(feature = "records")]
pub use source::{DeviceToken, Source};
#[cfg(feature = "records")]
pub use staff::{
    Gap, IssuedLink, JOINER_FORM, JoinerChange, LEAVER_FORM, LIST_FORM, LeaverChange, LinkRefusal, MOVER_FORM, Moved,
    MoverChange, OperatorRefusal, Planned, PlannedMove, RENAME_FORM, RESET_FORM, ROLE_FORM, RenameChange, ResetChange, Role,
    RoleChange, StaffMember, StaffPage, StaffPosition, Stuck, UNLOCK_FORM, UnlockChange, find_for_operator, find_gaps,
    find_gaps_for_operator, find_member, find_sign_in_name, hand_out_link, list_roles, list_staff, list_stuck, reset_by_operator,
};
#[cfg(feature = "records")]
pub(crate) use staff::{apply_due_plans, is_anybody_else_there, is_anybody_there, list_missing};
#[cfg(feature = "records")]
pub use tokens::{NewToken, ShownToken, TOKEN_LIFE_MS};
