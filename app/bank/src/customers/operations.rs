//! Reads a customer and their accounts; gives and withdraws consents.

use scoped_futures::ScopedFutureExt;

use super::model::{Account, Consent, ConsentPurpose, CustomerCard, Profile};
use super::records::OnFile;
use super::{NOTICE_VERSION, records};
use crate::cases::CaseLine;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::Values;
use crate::kernel::people::{mask_id, mask_name, mask_phone};
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{CUSTOMER_ID, CUSTOMER_PHONE};
use crate::kernel::time::{Day, age_on};
use crate::sessions::{Customer, CustomerKind, Scope};

/// The caller's own data.
pub async fn profile(bank: &Bank, customer: &Customer) -> Result<Profile, Failure> {
    let row = records::find_customer(&mut bank.read().await?, customer.customer_id()).await?;
    Ok(Profile {
        kind: CustomerKind::stored(&row.kind),
        name: row.name,
        birth_day: row.birth_day.as_deref().and_then(|day| day.parse::<Day>().ok()),
        id_type: row.id_type,
        id_masked: mask_id(&bank.seal().open(&CUSTOMER_ID, &row.id, &row.id_sealed)?),
        phone_masked: mask_phone(&bank.seal().open(&CUSTOMER_PHONE, &row.id, &row.phone_sealed)?),
        address: row.address,
        resident: row.resident,
        capable: row.capable,
        vip: row.vip,
        risk_flag: row.risk_flag,
        usual_branch_id: row.usual_branch_id,
    })
}

/// A form's values completed for validation, as by [`OnFile::completed`].
pub async fn with_phone_on_file(bank: &Bank, customer: &Customer, values: &Values) -> Result<Values, Failure> {
    if values.filled("phone").is_some() {
        return Ok(values.clone());
    }
    let on_file = records::on_file(customer.customer_id()).fetch(&mut bank.read().await?).await?;
    on_file.completed(bank.seal(), values)
}

impl OnFile {
    /// A form's values completed for validation: an empty phone field becomes the number on file. The result holds the full
    /// number, so no page may show it.
    pub fn completed(&self, seal: &Seal, values: &Values) -> Result<Values, Failure> {
        let mut completed = values.clone();
        if completed.filled("phone").is_none() {
            completed.set("phone", seal.open(&CUSTOMER_PHONE, &self.id, &self.phone_sealed)?);
        }
        Ok(completed)
    }
}

/// The full phone number on file, for an act that records who sees it.
pub(crate) async fn phone_on_file(tx: &mut Tx, customer_id: &str) -> Result<String, Failure> {
    let on_file = records::on_file(customer_id).fetch(tx).await?;
    tx.seal().open(&CUSTOMER_PHONE, &on_file.id, &on_file.phone_sealed)
}

/// The masked customer of a case, if the case is within `scope`.
pub async fn card(bank: &Bank, scope: &Scope, case: &CaseLine) -> Result<CustomerCard, Failure> {
    let row = records::find_customer_of(&mut bank.read().await?, scope, &case.number).await?;
    let today = bank.now().day();
    Ok(CustomerCard {
        kind: CustomerKind::stored(&row.kind),
        name: mask_name(&row.name),
        vip: row.vip,
        age: row.birth_day.as_deref().and_then(|day| day.parse::<Day>().ok()).map(|born| age_on(born, today)),
        phone: mask_phone(&bank.seal().open(&CUSTOMER_PHONE, &row.id, &row.phone_sealed)?),
        id: mask_id(&bank.seal().open(&CUSTOMER_ID, &row.id, &row.id_sealed)?),
        id_type: row.id_type,
    })
}

/// The caller's accounts, including closed ones.
pub async fn accounts(bank: &Bank, customer: &Customer) -> Result<Vec<Account>, Failure> {
    records::list_accounts(&mut bank.read().await?, customer.customer_id()).await
}

/// The caller's consents, one per purpose.
pub async fn consents(bank: &Bank, customer: &Customer) -> Result<Vec<Consent>, Failure> {
    let mut conn = bank.read().await?;
    let mut consents = Vec::new();
    for purpose in ConsentPurpose::ALL {
        let given = records::find_consent(&mut conn, customer.customer_id(), purpose.code()).await?;
        consents.push(Consent { purpose, given });
    }
    Ok(consents)
}

/// Gives a consent under the current notice. Idempotent. `false` if the notice that the customer has `seen` is another one: a page
/// that was open across an upgrade; nothing is given then (docs/domain.md §12).
pub async fn give_consent(
    bank: &Bank,
    customer: &Customer,
    purpose: ConsentPurpose,
    seen: Option<&str>,
) -> Result<bool, Failure> {
    if seen != Some(NOTICE_VERSION) {
        return Ok(false);
    }
    let now = bank.now();
    let id = bank.new_id()?;
    bank.write::<_, std::convert::Infallible, _>("give_consent", |tx| {
        let id = &id;
        async move {
            if records::insert_consent(tx, id, customer.customer_id(), purpose.code(), NOTICE_VERSION, now).await? {
                insert_audit(tx, &customer.actor(), "give_consent", customer.customer_id(), purpose.code()).await?;
            }
            Ok(true)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Withdraws a consent with immediate effect. Idempotent.
pub async fn withdraw_consent(bank: &Bank, customer: &Customer, purpose: ConsentPurpose) -> Result<(), Failure> {
    let now = bank.now();
    bank.write::<_, std::convert::Infallible, _>("withdraw_consent", |tx| {
        async move {
            if records::withdraw_consent(tx, customer.customer_id(), purpose.code(), now).await? {
                insert_audit(tx, &customer.actor(), "withdraw_consent", customer.customer_id(), purpose.code()).await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
