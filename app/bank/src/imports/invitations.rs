//! Secrets for the people of a file who have no password and hold no valid secret. They are made after the rows are visible,
//! in small transactions, and written down before each commit: an import that is killed here loses none, and the same file
//! imported again goes on with those who are left.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::model::{ImportKind, Row};
use crate::branches::reference;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::sessions::{self, ActivationKind, Secret, SessionParameters, pending_users};

/// People per transaction.
const BATCH: usize = 100;

/// The secret of one person.
pub struct Invitation {
    pub sign_in_name: String,
    pub kind: ActivationKind,
    pub secret: Secret,
    /// Where it can be handed over: the branch of the staff member, or the one the customer usually visits.
    pub branch: Option<String>,
    pub expires_at: At,
}

/// Where secrets are written to.
pub trait SecretSink: Sync {
    /// Writes down secrets that are not valid before [`SecretSink::keep`]. A second call without it replaces those of the
    /// first, because a transaction may run again.
    fn hold(&self, invitations: &[Invitation]) -> Result<(), Failure>;
    /// Those held are valid now.
    fn keep(&self);
}

/// Makes the missing secrets for the people of these rows: a link for staff, a code for customers. Returns their number.
pub async fn invite(bank: &Bank, kind: ImportKind, rows: &[Row], sink: &dyn SecretSink) -> Result<usize, Failure> {
    let (columns, activation): (&[&str], _) = match kind {
        ImportKind::Staff => (&["sign_in_name"], ActivationKind::Link),
        ImportKind::Customers => (&["number", "approver_sign_in_name"], ActivationKind::Code),
        _ => return Ok(0),
    };
    let places: Vec<usize> =
        columns.iter().filter_map(|column| kind.columns().iter().position(|known| known == column)).collect();
    let cell = |row: &Row, place: usize| row.cells.get(place).and_then(|cell| crate::kernel::entries::read_code(cell));
    let names: Vec<String> = rows.iter().flat_map(|row| places.iter().filter_map(|place| cell(row, *place))).collect();
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let days = match activation {
        ActivationKind::Link => limits.activation_link_days,
        ActivationKind::Code => limits.activation_code_days,
    };
    let mut made = 0;
    for batch in names.chunks(BATCH) {
        let invited = bank.write::<_, Infallible, _>("invite_imported", |tx| {
            let limits = &limits;
            async move {
                let mut invitations = Vec::new();
                let now = tx.now();
                let expires_at = now.plus_days(days);
                for user in pending_users(tx, batch, now).await? {
                    let secret = sessions::invite(tx, &user.id, activation, None, limits).await?;
                    let (sign_in_name, branch) = (user.sign_in_name, user.branch);
                    invitations.push(Invitation { sign_in_name, kind: activation, secret, branch, expires_at });
                }
                sink.hold(&invitations)?;
                Ok(invitations.len())
            }
            .scope_boxed()
        });
        made += invited.await.map_err(Rejected::into_failure)?;
        sink.keep();
    }
    Ok(made)
}
