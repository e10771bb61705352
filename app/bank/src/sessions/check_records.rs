//! What `lobby check` verifies of users, roles, activations, second factors and codes that were sent.

use argon2::PasswordHash;

use super::access::{Permission, Reach};
use super::activation_check_records::check_activations;
use super::factors::check_factors;
use super::passkeys::check_passkeys;
use super::sent_codes::check_sent_codes;
use crate::kernel::check::{Checking, Examination};
use crate::kernel::language::Language;
use crate::kernel::time::Day;

/// Checks roles, permissions and users.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        exam.each("SELECT code, reach FROM roles ORDER BY code", |(code, reach): (String, String), _, findings| {
            if Reach::parse(&reach).is_none() {
                findings.add("roles", code, "reach cannot be read");
            }
        })
        .await?;
        let sql = "SELECT role, permission, effective_from, effective_until FROM role_permissions ORDER BY role, permission";
        exam.each(sql, |(role, permission, from, until): (String, String, String, Option<String>), _, findings| {
            if from.parse::<Day>().is_err() || until.is_some_and(|day| day.parse::<Day>().is_err()) {
                findings.add("role_permissions", format!("{role}/{permission}/{from}"), "its days cannot be read");
            }
            if Permission::parse(&permission).is_none() {
                findings.add(
                    "role_permissions",
                    format!("{role}/{permission}/{from}"),
                    "this permission is unknown to the program",
                );
            }
        })
        .await?;
        let sql = "SELECT id, password_hash, language FROM users ORDER BY id";
        exam.each(sql, |(id, hash, language): (String, String, Option<String>), _, findings| {
            // Empty: the user has not chosen a password yet.
            if !hash.is_empty() && PasswordHash::new(&hash).is_err() {
                findings.add("users", id.as_str(), "password_hash cannot be read: nobody can sign in with it");
            }
            if language.is_some_and(|tag| Language::parse(&tag).is_none()) {
                findings.add("users", id, "language cannot be read");
            }
        })
        .await?;
        check_activations(exam).await?;
        check_factors(exam).await?;
        check_passkeys(exam).await?;
        check_sent_codes(exam).await?;
        super::staff::check(exam).await
    })
}
