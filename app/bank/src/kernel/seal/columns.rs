//! The list of all sealed columns. Resealing, the check of the keys and the tests walk it; a test compares it with the
//! schema.

/// A column whose values are sealed.
#[derive(Debug, PartialEq, Eq)]
pub struct SealedColumn {
    pub table: &'static str,
    pub name: &'static str,
    /// The primary key columns; their values joined by `/` are the row's id.
    pub key: &'static [&'static str],
    /// The associated data of release 0.1.0, which did not include the row.
    pub(super) legacy: &'static str,
}

pub const CUSTOMER_ID: SealedColumn =
    SealedColumn { table: "customers", name: "id_sealed", key: &["id"], legacy: "customers.id" };

pub const CUSTOMER_PHONE: SealedColumn =
    SealedColumn { table: "customers", name: "phone_sealed", key: &["id"], legacy: "customers.phone" };

pub const CUSTOMER_EMAIL: SealedColumn =
    SealedColumn { table: "customers", name: "email_sealed", key: &["id"], legacy: "customers.email" };

/// The full account number.
pub const ACCOUNT_NUMBER: SealedColumn =
    SealedColumn { table: "accounts", name: "number_sealed", key: &["id"], legacy: "accounts.number" };

/// The phone number given with a cash booking.
pub const CASH_PHONE: SealedColumn =
    SealedColumn { table: "cash_appointments", name: "phone_sealed", key: &["case_number"], legacy: "cash_appointments.phone" };

/// The ID number of the agent named in a cash booking.
pub const CASH_AGENT_ID: SealedColumn = SealedColumn {
    table: "cash_appointments",
    name: "agent_id_sealed",
    key: &["case_number"],
    legacy: "cash_appointments.agent_id",
};

/// The ID number of the agent who collected the cash instead of the customer.
pub const CASH_ARRIVED_AGENT_ID: SealedColumn = SealedColumn {
    table: "cash_appointments",
    name: "arrived_agent_id_sealed",
    key: &["case_number"],
    legacy: "cash_appointments.agent_id",
};

/// The phone number given with a reception application.
pub const RECEPTION_PHONE: SealedColumn = SealedColumn {
    table: "reception_applications",
    name: "phone_sealed",
    key: &["case_number"],
    legacy: "reception_applications.phone",
};

/// The recipient's phone number of a message.
pub const OUTBOX_PHONE: SealedColumn =
    SealedColumn { table: "outbox", name: "phone_sealed", key: &["id"], legacy: "outbox.phone" };

/// A one-time code whose message is not sent yet.
pub const OUTBOX_CODE: SealedColumn = SealedColumn { table: "outbox", name: "code_sealed", key: &["id"], legacy: "" };

/// All values of a form, sealed together because any of them may be an ID or phone number.
pub const FORM_FIELDS: SealedColumn =
    SealedColumn { table: "form_states", name: "fields", key: &["owner", "form", "id"], legacy: "form_states.fields" };

/// The secret that an authenticator app shares with the bank.
pub const AUTHENTICATOR_SECRET: SealedColumn =
    SealedColumn { table: "authenticators", name: "secret_sealed", key: &["user_id"], legacy: "" };

/// The check value of a key (table `seal_keys`), which only that key opens. It is not in [`COLUMNS`] because it is never
/// resealed.
pub(crate) const KEY_CHECK: SealedColumn = SealedColumn { table: "seal_keys", name: "check_sealed", key: &["id"], legacy: "" };

pub const COLUMNS: [&SealedColumn; 12] = [
    &CUSTOMER_ID,
    &CUSTOMER_PHONE,
    &CUSTOMER_EMAIL,
    &ACCOUNT_NUMBER,
    &CASH_PHONE,
    &CASH_AGENT_ID,
    &CASH_ARRIVED_AGENT_ID,
    &RECEPTION_PHONE,
    &OUTBOX_PHONE,
    &OUTBOX_CODE,
    &FORM_FIELDS,
    &AUTHENTICATOR_SECRET,
];
