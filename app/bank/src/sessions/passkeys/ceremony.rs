//! What an authenticator is asked, and how its answer is verified (W3C Web Authentication, level 3). The library `webauthn_rp` does
//! both; stored texts are its binary forms in base 64.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::{
    AllowedCredentials, AuthenticationVerificationOptions, NonDiscoverableCredentialRequestOptions,
};
use webauthn_rp::request::register::{
    PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationVerificationOptions, ResidentKeyRequirement,
    UserHandle, Username,
};
use webauthn_rp::request::{
    AsciiDomain, Credentials, PublicKeyCredentialDescriptor, RpId, TimedCeremony, UserVerificationRequirement,
};
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::error::RegCeremonyErr;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, AuthenticatorAttachment, Backup, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, NonDiscoverableAuthentication16, NonDiscoverableAuthenticationServerState, Registration,
    RegistrationServerState,
};

use super::model::{PasskeyRefusal, RelyingParty};
use super::records::CredentialRow;
use crate::kernel::failure::Failure;

/// Bytes of a user's handle.
pub(super) const HANDLE_BYTES: usize = 16;

/// The public key, as the library reads it.
type Key = StaticState<CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>>;

/// A ceremony just begun.
pub(super) struct Begun {
    /// Names it in the answer.
    pub challenge: String,
    pub state: String,
    /// JSON for the browser.
    pub options: String,
}

/// A passkey just made.
pub(super) struct NewPasskey {
    pub credential_id: String,
    pub public_key: String,
    pub may_be_copied: bool,
    pub transports: i64,
    pub sign_count: i64,
}

/// An answer, and the challenge that it answers.
pub(super) struct Answer<T> {
    pub challenge: String,
    pub told: T,
}

/// The text form of random bytes.
pub(super) fn handle_text(bytes: [u8; HANDLE_BYTES]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(what: &'static str, text: &str) -> Result<Vec<u8>, Failure> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| Failure::stored(what, error))
}

fn user_handle(text: &str) -> Result<UserHandle<HANDLE_BYTES>, Failure> {
    const WHAT: &str = "passkey_users.handle";
    let bytes = bytes(WHAT, text)?;
    let bytes: [u8; HANDLE_BYTES] = bytes.try_into().map_err(|_| Failure::stored(WHAT, "another length"))?;
    let Ok(handle) = UserHandle::decode(bytes);
    Ok(handle)
}

fn credential_id(text: &str) -> Result<CredentialId<Vec<u8>>, Failure> {
    const WHAT: &str = "passkeys.credential_id";
    CredentialId::<Vec<u8>>::decode(bytes(WHAT, text)?).map_err(|error| Failure::stored(WHAT, error))
}

fn public_key(text: &str) -> Result<Key, Failure> {
    const WHAT: &str = "passkeys.public_key";
    Key::decode(&bytes(WHAT, text)?).map_err(|error| Failure::stored(WHAT, error))
}

/// Whether a stored text is a handle.
pub(super) fn is_handle(text: &str) -> bool {
    user_handle(text).is_ok()
}

/// Whether what is stored of a passkey can be used.
pub(super) fn is_credential(credential: &str, key: &str) -> bool {
    credential_id(credential).is_ok() && public_key(key).is_ok()
}

fn rp_id(party: &RelyingParty) -> Result<RpId, Failure> {
    AsciiDomain::try_from(party.id.clone()).map(RpId::Domain).map_err(|error| Failure::Host(error.to_string()))
}

fn host(error: impl std::fmt::Display) -> Failure {
    Failure::Host(error.to_string())
}

/// How the browser is led to a known passkey.
fn descriptor(row: &CredentialRow) -> Result<PublicKeyCredentialDescriptor<Vec<u8>>, Failure> {
    let transports = u8::try_from(row.transports).ok().and_then(|bits| AuthTransports::decode(bits).ok());
    let transports = transports.ok_or_else(|| Failure::stored("passkeys.transports", row.transports))?;
    Ok(PublicKeyCredentialDescriptor { id: credential_id(&row.credential_id)?, transports })
}

/// Asks for a new passkey of this user, on a device that holds none of the known ones.
pub(super) fn begin_adding(
    party: &RelyingParty,
    handle: &str,
    sign_in_name: &str,
    known: &[CredentialRow],
) -> Result<Begun, Failure> {
    let (rp_id, id) = (rp_id(party)?, user_handle(handle)?);
    let mut user = PublicKeyCredentialUserEntity::from(&id);
    if let Ok(name) = Username::try_from(sign_in_name) {
        user.name = name;
    }
    let known = known.iter().map(descriptor).collect::<Result<Vec<_>, _>>()?;
    let mut options = PublicKeyCredentialCreationOptions::second_factor(&rp_id, user, known);
    options.authenticator_selection.user_verification = UserVerificationRequirement::Required;
    // Phones then keep it with their other passkeys.
    options.authenticator_selection.resident_key = ResidentKeyRequirement::Preferred;
    let (server, client) = options.start_ceremony().map_err(host)?;
    Ok(Begun {
        challenge: server.sent_challenge().0.to_string(),
        state: URL_SAFE_NO_PAD.encode(server.encode().map_err(host)?),
        options: serde_json::to_string(&client).map_err(host)?,
    })
}

/// Asks for one of the known passkeys; there is at least one.
pub(super) fn begin_giving(party: &RelyingParty, known: &[CredentialRow]) -> Result<Begun, Failure> {
    let rp_id = rp_id(party)?;
    let mut allowed = AllowedCredentials::with_capacity(known.len());
    for row in known {
        allowed.push(descriptor(row)?.into());
    }
    let mut options = NonDiscoverableCredentialRequestOptions::second_factor(&rp_id, allowed).map_err(host)?;
    options.options().user_verification = UserVerificationRequirement::Required;
    let (server, client) = options.start_ceremony().map_err(host)?;
    Ok(Begun {
        challenge: server.sent_challenge().0.to_string(),
        state: URL_SAFE_NO_PAD.encode(server.encode().map_err(host)?),
        options: serde_json::to_string(&client).map_err(host)?,
    })
}

/// Reads the answer with a new passkey.
pub(super) fn read_added(json: &str) -> Result<Answer<Registration>, PasskeyRefusal> {
    if json.is_empty() {
        return Err(PasskeyRefusal::AnswerMissing);
    }
    let told = Registration::from_json_relaxed(json.as_bytes()).map_err(|_| PasskeyRefusal::Failed)?;
    let challenge = told.challenge_relaxed().map_err(|_| PasskeyRefusal::Failed)?.0.to_string();
    Ok(Answer { challenge, told })
}

/// Reads the answer with a known passkey.
pub(super) fn read_given(json: &str) -> Result<Answer<NonDiscoverableAuthentication16>, PasskeyRefusal> {
    if json.is_empty() {
        return Err(PasskeyRefusal::AnswerMissing);
    }
    let told = NonDiscoverableAuthentication16::from_json_relaxed(json.as_bytes()).map_err(|_| PasskeyRefusal::Failed)?;
    let challenge = told.challenge_relaxed().map_err(|_| PasskeyRefusal::Failed)?.0.to_string();
    Ok(Answer { challenge, told })
}

/// The stored form of the id of the credential that has answered.
pub(super) fn answered_by(told: &NonDiscoverableAuthentication16) -> String {
    URL_SAFE_NO_PAD.encode(told.raw_id())
}

/// Verifies the answer with a new passkey.
pub(super) fn verify_added(
    party: &RelyingParty,
    state: &str,
    told: &Registration,
) -> Result<Result<NewPasskey, PasskeyRefusal>, Failure> {
    const WHAT: &str = "passkey_challenges.state";
    let state = RegistrationServerState::<HANDLE_BYTES>::decode(&bytes(WHAT, state)?).map_err(|e| Failure::stored(WHAT, e))?;
    let origins = [party.origin.as_str()];
    let options = RegistrationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let made = match state.verify(&rp_id(party)?, told, &options) {
        Ok(made) => made,
        Err(error) => return Ok(Err(why_not_added(&error))),
    };
    let dynamic = made.dynamic_state();
    let (Ok(key), Ok(transports)) = (made.static_state().encode(), made.transports().encode());
    Ok(Ok(NewPasskey {
        credential_id: URL_SAFE_NO_PAD.encode(made.id()),
        public_key: URL_SAFE_NO_PAD.encode(key),
        may_be_copied: !matches!(dynamic.backup, Backup::NotEligible),
        transports: i64::from(transports),
        sign_count: i64::from(dynamic.sign_count),
    }))
}

/// Verifies the answer with a known passkey; returns its counter.
pub(super) fn verify_given(
    party: &RelyingParty,
    state: &str,
    handle: &str,
    row: &CredentialRow,
    told: &NonDiscoverableAuthentication16,
) -> Result<Result<i64, PasskeyRefusal>, Failure> {
    const WHAT: &str = "passkey_challenges.state";
    let state = NonDiscoverableAuthenticationServerState::decode(&bytes(WHAT, state)?).map_err(|e| Failure::stored(WHAT, e))?;
    let (id, handle) = (credential_id(&row.credential_id)?, user_handle(handle)?);
    let dynamic = DynamicState {
        user_verified: true,
        backup: if row.may_be_copied { Backup::Eligible } else { Backup::NotEligible },
        sign_count: u32::try_from(row.sign_count).map_err(|error| Failure::stored("passkeys.sign_count", error))?,
        authenticator_attachment: AuthenticatorAttachment::None,
    };
    let mut known = AuthenticatedCredential::new((&id).into(), &handle, public_key(&row.public_key)?, dynamic).map_err(host)?;
    let origins = [party.origin.as_str()];
    let options = AuthenticationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    Ok(match state.verify(&rp_id(party)?, told, &mut known, &options) {
        Ok(_) => Ok(i64::from(known.dynamic_state().sign_count)),
        Err(error) => Err(why_not_given(&error)),
    })
}

const fn why_not_added(error: &RegCeremonyErr) -> PasskeyRefusal {
    match error {
        RegCeremonyErr::Timeout => PasskeyRefusal::Expired,
        RegCeremonyErr::ChallengeMismatch => PasskeyRefusal::Outdated,
        RegCeremonyErr::UserNotVerified => PasskeyRefusal::NotVerified,
        RegCeremonyErr::OriginMismatch
        | RegCeremonyErr::CrossOrigin
        | RegCeremonyErr::TopOriginMismatch
        | RegCeremonyErr::RpIdHashMismatch => PasskeyRefusal::Elsewhere,
        _ => PasskeyRefusal::Failed,
    }
}

const fn why_not_given(error: &AuthCeremonyErr) -> PasskeyRefusal {
    match error {
        AuthCeremonyErr::Timeout => PasskeyRefusal::Expired,
        AuthCeremonyErr::ChallengeMismatch => PasskeyRefusal::Outdated,
        AuthCeremonyErr::UserNotVerified => PasskeyRefusal::NotVerified,
        AuthCeremonyErr::OriginMismatch
        | AuthCeremonyErr::CrossOrigin
        | AuthCeremonyErr::TopOriginMismatch
        | AuthCeremonyErr::RpIdHashMismatch => PasskeyRefusal::Elsewhere,
        AuthCeremonyErr::SignatureCounter => PasskeyRefusal::CountedBack,
        AuthCeremonyErr::NoMatchingAllowedCredential => PasskeyRefusal::Unknown,
        _ => PasskeyRefusal::Failed,
    }
}
