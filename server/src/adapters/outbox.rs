//! The interface of a message gateway ([`Gateway`]) and its only implementation: one text file per message in
//! `<data>/outbox`, for a demo bank. The files hold phone numbers in clear text. A bank with real customers has no gateway
//! yet; its messages are shown in the portal only.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use bank::kernel::time::{At, day_text};

/// A message with its final text, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// Idempotency key, the same for every attempt at this message: a gateway ignores a key it has accepted before.
    pub key: String,
    /// When the message was created.
    pub written: At,
    /// The recipient's phone number.
    pub phone: String,
    pub text: String,
}

/// Why a message was not accepted. It must not contain the phone number or the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    /// For the log and the outbox row.
    pub reason: String,
    /// Whether retrying is pointless.
    pub for_good: bool,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// The future of one attempt.
pub type SendFuture<'a> = Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>>;

/// Sends messages. A gateway is an external system: it may fail, be slow, or accept a message and lose the response.
pub trait Gateway: Send + Sync {
    /// Sends one message. Called again with the same key if the outcome of an attempt is unknown.
    fn send<'a>(&'a self, message: &'a OutgoingMessage) -> SendFuture<'a>;
}

/// The folder that receives the messages of a demo bank.
#[derive(Clone, Debug)]
pub struct OutboxFolder(PathBuf);

impl OutboxFolder {
    /// The outbox folder inside the data folder.
    pub fn below(data: &Path) -> Self {
        Self(data.join("outbox"))
    }

    /// Writes one message as `<time>-<key>.txt`; repeating it writes the same file.
    fn write(&self, message: &OutgoingMessage) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.0)?;
        let time = message.written.time();
        let day = day_text(message.written.day());
        let name = format!("{day}T{:02}{:02}{:02}-{}.txt", time.hour(), time.minute(), time.second(), message.key);
        std::fs::write(self.0.join(name), format!("To: {}\n\n{}\n", message.phone, message.text))
    }
}

impl Gateway for OutboxFolder {
    fn send<'a>(&'a self, message: &'a OutgoingMessage) -> SendFuture<'a> {
        let result = self.write(message).map_err(|error| SendError { reason: error.to_string(), for_good: false });
        Box::pin(std::future::ready(result))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_message_is_one_file_named_by_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = OutboxFolder::below(folder.path());
        let written = At::parse_rfc3339("2026-12-01T10:12:30+08:00").unwrap();
        let message =
            OutgoingMessage { key: "m1".to_owned(), written, phone: "13800000000".to_owned(), text: "您好".to_owned() };
        outbox.write(&message).unwrap();
        outbox.write(&message).unwrap();
        let names: Vec<_> = std::fs::read_dir(folder.path().join("outbox")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["2026-12-01T101230-m1.txt"]);
    }
}
