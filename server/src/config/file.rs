//! The fields of `lobby.toml`; a commented example is in the root of the repository. An unknown field is an error, so that
//! a misspelt setting is not silently ignored.

use std::path::{Path, PathBuf};

use anyhow::Context;
use bank::branches::BankDetails;
use serde::Deserialize;

use super::LogFormat;

/// The settings file; every field is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub database: Option<String>,
    pub data: Option<PathBuf>,
    pub address: Option<String>,
    pub public_origin: Option<String>,
    pub trusted_proxies: Option<usize>,
    pub log: Option<LogFormat>,
    pub house: HouseFields,
}

/// `[house]`: the bank's own details shown on pages.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct HouseFields {
    name_zh: String,
    name_en: String,
    hotline: String,
    complaint_phone: String,
    complaint_address_zh: String,
    complaint_address_en: String,
    complaint_email: String,
}

impl Default for HouseFields {
    fn default() -> Self {
        Self {
            name_zh: "岭南示范银行".to_owned(),
            name_en: "Lingnan Demo Bank".to_owned(),
            hotline: "95500".to_owned(),
            complaint_phone: "0760-8888 0000".to_owned(),
            complaint_address_zh: "中山市石岐区孙文中路 128 号 消费者权益保护办公室".to_owned(),
            complaint_address_en: "Consumer Protection Office, 128 Sunwen Middle Road, Shiqi, Zhongshan".to_owned(),
            complaint_email: "tousu@lingnan.example".to_owned(),
        }
    }
}

impl From<HouseFields> for BankDetails {
    fn from(fields: HouseFields) -> Self {
        Self {
            name_zh: fields.name_zh,
            name_en: fields.name_en,
            hotline: fields.hotline,
            complaint_phone: fields.complaint_phone,
            complaint_address_zh: fields.complaint_address_zh,
            complaint_address_en: fields.complaint_address_en,
            complaint_email: fields.complaint_email,
        }
    }
}

pub(super) fn read(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("settings file {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("settings file {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    #[test]
    fn every_line_of_the_example_can_be_switched_on() {
        let example = include_str!("../../../lobby.toml");
        let switched_on: String =
            example.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).map(|line| format!("{line}\n")).collect();
        let file: super::File = toml::from_str(&switched_on).unwrap();
        assert!(file.database.is_some() && file.data.is_some() && file.address.is_some() && file.log.is_some());
        assert!(file.public_origin.is_some() && file.trusted_proxies.is_some());
        let untouched: super::File = toml::from_str(example).unwrap();
        assert!(untouched.database.is_none());
    }
}
