//! Every sealed column, once. Resealing, the check of the keys and the tests walk this list; a test compares it with the
//! schema.

/// A column whose values are sealed.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    pub table: &'static str,
    pub name: &'static str,
    /// The columns that name a row; their values joined by `/` are the row's id.
    pub key: &'static [&'static str],
    /// What release 0.1.0 bound a value to, instead of the row.
    pub(super) legacy: &'static str,
}

/// The ID number of a customer.
pub const CUSTOMER_ID: Column = Column { table: "customers", name: "id_sealed", key: &["id"], legacy: "customers.id" };

/// The phone number of a customer.
pub const CUSTOMER_PHONE: Column = Column { table: "customers", name: "phone_sealed", key: &["id"], legacy: "customers.phone" };

/// The phone number given for a booking.
pub const CASH_PHONE: Column =
    Column { table: "cash_appointments", name: "phone_sealed", key: &["case_number"], legacy: "cash_appointments.phone" };

/// The ID number of the agent named in a booking.
pub const CASH_AGENT_ID: Column =
    Column { table: "cash_appointments", name: "agent_id_sealed", key: &["case_number"], legacy: "cash_appointments.agent_id" };

/// The ID number of who came instead.
pub const CASH_ARRIVED_AGENT_ID: Column = Column {
    table: "cash_appointments",
    name: "arrived_agent_id_sealed",
    key: &["case_number"],
    legacy: "cash_appointments.agent_id",
};

/// The phone number given for an application.
pub const RECEPTION_PHONE: Column = Column {
    table: "reception_applications",
    name: "phone_sealed",
    key: &["case_number"],
    legacy: "reception_applications.phone",
};

/// The phone number a message goes to.
pub const OUTBOX_PHONE: Column = Column { table: "outbox", name: "phone_sealed", key: &["id"], legacy: "outbox.phone" };

/// What a form holds: as a whole, for it may be anybody's ID or phone number.
pub const FORM_FIELDS: Column =
    Column { table: "form_states", name: "fields", key: &["owner", "form", "id"], legacy: "form_states.fields" };

/// The check value of a key (table `seal_keys`): it opens under that key only. Not in [`COLUMNS`]: it never changes keys.
pub(crate) const KEY_CHECK: Column = Column { table: "seal_keys", name: "check_sealed", key: &["id"], legacy: "" };

/// All of them.
pub const COLUMNS: [&Column; 8] = [
    &CUSTOMER_ID,
    &CUSTOMER_PHONE,
    &CASH_PHONE,
    &CASH_AGENT_ID,
    &CASH_ARRIVED_AGENT_ID,
    &RECEPTION_PHONE,
    &OUTBOX_PHONE,
    &FORM_FIELDS,
];
