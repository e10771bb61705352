//! Rows of `message_quotas`: number of messages per phone number and day (docs/domain.md §19).

use super::NewMessage;
use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::people::Phone;
use crate::kernel::seal::columns::CUSTOMER_PHONE;
use crate::kernel::time::At;

/// Counts a message if the daily quota of its phone number is not exhausted. One conditional statement: concurrent transactions
/// for one number serialise on its row. A number that is not on file receives the messages of one case per day.
pub(super) async fn take_quota(tx: &mut Tx, new: &NewMessage<'_>) -> Result<bool, Failure> {
    let on_file = on_file(tx, new.customer_id).await?;
    let given = new.phone.map(plain);
    let case = given.as_ref().filter(|given| on_file.as_ref() != Some(given)).and(new.case_number);
    // If the number cannot be decrypted, the customer's id is counted instead.
    let number = given.or(on_file).unwrap_or_else(|| new.customer_id.to_owned());
    let index = tx.seal().index("message_quotas", &number);
    let day_begins = At::midnight(tx.now().day());
    let sql = "INSERT INTO message_quotas (day_begins, phone_index, taken, case_number) SELECT $1, $2, 1, $3 WHERE $4 > 0 \
               ON CONFLICT (day_begins, phone_index) DO UPDATE SET taken = message_quotas.taken + 1, \
               case_number = COALESCE(message_quotas.case_number, excluded.case_number) WHERE message_quotas.taken < $4 \
               AND (excluded.case_number IS NULL OR COALESCE(message_quotas.case_number, excluded.case_number) = excluded.case_number)";
    Ok(tx.execute(sql, args![day_begins.0, index, case, new.day_max]).await? == 1)
}

/// The phone number on file of a customer; `None` if it cannot be decrypted.
async fn on_file(tx: &mut Tx, customer_id: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT phone_sealed FROM customers WHERE id = $1";
    let (sealed,): (String,) = tx.fetch_one(sql, args![customer_id]).await?;
    Ok(tx.seal().open(&CUSTOMER_PHONE, customer_id, &sealed).ok().map(|number| plain(&number)))
}

/// A number in the normalised spelling that is counted.
fn plain(number: &str) -> String {
    Phone::parse(number).map_or_else(|| number.to_owned(), |phone| phone.as_str().to_owned())
}
