//! Password hashing (Argon2id) on threads of its own. A hash takes tens of milliseconds and 19 MiB, so neither the runtime's
//! workers nor its blocking threads compute it: one thread for each core does, at the lowest priority, so that pages come first. Each
//! thread reuses one block of memory and returns it to the system when it has been idle. The queue is bounded (`password_queue.rs`).

use std::cell::Cell;
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::oneshot;

use super::password_queue::Queue;
use crate::kernel::failure::Failure;

/// Maximum number of threads.
const THREADS_MAX: usize = 8;

/// How much lower the priority of the threads is (nice value), so that a page never waits for a hash.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// How long an idle thread keeps its memory.
const IDLE: Duration = Duration::from_secs(5);

/// Capacity reserved for the memory of a thread, in blocks of 1 KiB. More than is used: glibc maps an allocation above 32 MiB
/// separately, so that freeing it returns it to the system; a smaller one would stay in the heap. Unused pages cost nothing.
const RESERVED: usize = 33 * 1024;

/// Verified when there is no hash to verify against. Same parameters as real hashes, so that it takes the same time.
static DUMMY: LazyLock<String> = LazyLock::new(|| hash_password("nobody has this password").unwrap_or_default());

static HASHING: LazyLock<Arc<Hashing>> = LazyLock::new(Hashing::start);

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// The queue of the hashing threads.
struct Hashing {
    waiting: Mutex<Queue<Job>>,
    arrived: Condvar,
}

impl Hashing {
    /// Starts the threads; they live as long as the process.
    fn start() -> Arc<Self> {
        let hashing = Arc::new(Self { waiting: Mutex::default(), arrived: Condvar::new() });
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..cores.min(THREADS_MAX) {
            let hashing = hashing.clone();
            if let Err(error) = std::thread::Builder::new().name("passwords".to_owned()).spawn(move || hashing.work()) {
                tracing::error!(%error, "a thread for password hashes cannot start");
            }
        }
        hashing
    }

    /// Queues a job of a source, unless too many wait already.
    fn queue(&self, source: &str, job: Job) -> Result<(), Failure> {
        // Dropping the job that another source gives up tells whoever waits for it.
        let given_up = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(source, job)?;
        drop(given_up);
        self.arrived.notify_one();
        Ok(())
    }

    fn work(&self) {
        // On Linux the priority belongs to the thread.
        #[cfg(target_os = "linux")]
        if let Err(error) = rustix::process::nice(NICE) {
            tracing::warn!(%error, "password hashes run at the priority of pages");
        }
        let mut memory = Vec::new();
        loop {
            let job = self.next(&mut memory);
            job(&mut memory);
        }
    }

    /// The next job. The memory is freed while the thread is idle.
    fn next(&self, memory: &mut Vec<Block>) -> Job {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = waiting.pop() {
                return job;
            }
            let (guard, waited) = self.arrived.wait_timeout(waiting, IDLE).unwrap_or_else(PoisonError::into_inner);
            waiting = guard;
            if waited.timed_out() && waiting.is_empty() {
                *memory = Vec::new();
            }
        }
    }
}

/// Runs a job of a source on a hashing thread. It is skipped if the caller has given up meanwhile.
async fn run<T: Send + 'static>(source: &str, job: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static) -> Result<T, Failure> {
    let (answer, result) = oneshot::channel();
    let job: Job = Box::new(move |memory| {
        if !answer.is_closed() {
            // An error means that the caller has given up.
            let _ = answer.send(job(memory));
        }
    });
    HASHING.queue(source, job)?;
    result.await.map_err(|_| Failure::Overloaded("password hashes"))
}

/// Hashes a password (PHC string with its own salt) on the calling thread, for commands.
pub fn hash_password(password: &str) -> Result<String, Failure> {
    hash(&mut Vec::new(), password).map_err(|e| Failure::Host(format!("password hash: {e}")))
}

/// Hashes a new password on a hashing thread, in the turn of a source.
pub(super) async fn hash_in_turn(source: &str, password: String) -> Result<String, Failure> {
    let hash = run(source, move |memory| hash(memory, &password)).await?;
    hash.map_err(|e| Failure::Host(format!("password hash: {e}")))
}

/// Hashes secrets with a salt that is known, as one job in the turn of a source: equal secrets have equal hashes.
pub(super) async fn hash_with_salt(source: &str, salt: [u8; 16], secrets: Vec<String>) -> Result<Vec<String>, Failure> {
    let count = u32::try_from(secrets.len()).unwrap_or(u32::MAX);
    let hashes = run(source, move |memory| secrets.iter().map(|secret| salted(memory, &salt, secret)).collect::<Result<_, _>>());
    let hashes = hashes.await?.map_err(|e| Failure::Host(format!("hash of a code: {e}")))?;
    // Outside of a count there is nothing to count.
    let _ = COMPUTED.try_with(|computed| computed.set(computed.get() + count));
    Ok(hashes)
}

/// Argon2id with 19 MiB and two passes. The hashes are stored without these numbers, so they are not those of the crate, which may
/// change.
fn salted(memory: &mut Vec<Block>, salt: &[u8], secret: &str) -> Result<String, argon2::Error> {
    let params = Params::new(19 * 1024, 2, 1, Some(32))?;
    let blocks = reserve(memory, &params);
    let mut output = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(secret.as_bytes(), salt, &mut output, blocks)?;
    Ok(STANDARD_NO_PAD.encode(output))
}

fn hash(memory: &mut Vec<Block>, password: &str) -> Result<String, argon2::password_hash::Error> {
    let (argon2, mut output, salt) = (Argon2::default(), [0; Params::DEFAULT_OUTPUT_LEN], Salt::generate());
    let blocks = reserve(memory, argon2.params());
    argon2.hash_password_into_with_memory(password.as_bytes(), &salt, &mut output, blocks)?;
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(salt),
        hash: Some(Output::new(&output)?),
    };
    Ok(hash.to_string())
}

/// The memory, enlarged to what these parameters need.
fn reserve<'m>(memory: &'m mut Vec<Block>, params: &Params) -> &'m mut [Block] {
    let blocks = params.block_count();
    if memory.len() < blocks {
        *memory = Vec::with_capacity(RESERVED.max(blocks));
        memory.resize(blocks, Block::new());
    }
    memory
}

tokio::task_local! {
    // Counts the hashes computed for this task.
    static COMPUTED: Cell<u32>;
}

/// Runs `work` and counts the password hashes that were computed for it: every refusal must cost the same.
pub async fn count_password_hashes<F: Future>(work: F) -> (F::Output, u32) {
    let counted = async { (work.await, COMPUTED.with(Cell::get)) };
    COMPUTED.scope(Cell::new(0), counted).await
}

/// Whether the password fits the stored hash. Without a hash, or with one that cannot be read, a dummy hash is verified, so that
/// response and time do not tell which names exist. It waits in the turn of a source.
pub(super) async fn fits(source: &str, hash: Option<String>, password: String) -> Result<bool, Failure> {
    let fits = run(source, move |memory| {
        let stored = hash.as_deref().and_then(Stored::read);
        let known = stored.is_some();
        let fits = stored.or_else(|| Stored::read(&DUMMY)).map(|stored| stored.fits(memory, &password));
        fits.map(|fits| fits && known)
    })
    .await?;
    // Outside of a count there is nothing to count.
    let _ = COMPUTED.try_with(|computed| computed.set(computed.get() + u32::from(fits.is_some())));
    Ok(fits.unwrap_or_default())
}

/// A stored hash whose parts can be used.
struct Stored {
    argon2: Argon2<'static>,
    salt: Salt,
    expected: Output,
}

impl Stored {
    /// `None` for an empty text (the user has chosen no password yet) or one that is no hash.
    fn read(text: &str) -> Option<Self> {
        let hash = PasswordHash::new(text).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
        Some(Self { argon2, salt: hash.salt?, expected: hash.hash? })
    }

    fn fits(&self, memory: &mut Vec<Block>, password: &str) -> bool {
        let mut found = vec![0; self.expected.len()];
        let blocks = reserve(memory, self.argon2.params());
        self.argon2.hash_password_into_with_memory(password.as_bytes(), &self.salt, &mut found, blocks).is_ok()
            && aws_lc_rs::constant_time::verify_slices_are_equal(&found, self.expected.as_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use argon2::password_hash::PasswordHasher as _;

    /// The value of another implementation.
    #[test]
    fn a_code_has_the_same_hash_in_every_release() {
        let hash = salted(&mut Vec::new(), b"sixteen bytes ok", "a keyed hash").unwrap();
        assert_eq!(hash, "ZVMMT454o6fCCwvBuCKdeeCienelT6hMat3MBL3e63k");
    }

    /// Whether it fits; every answer costs one hash.
    fn fits(hash: Option<&str>, password: &str) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = super::fits("test", hash.map(str::to_owned), password.to_owned());
        let (fits, computed) = runtime.block_on(count_password_hashes(answer));
        assert_eq!(computed, 1, "{hash:?}");
        fits.unwrap()
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("lobby-demo").unwrap();
        assert!(fits(Some(&hash), "lobby-demo"));
        assert!(!fits(Some(&hash), "lobby-dema"));
        assert!(!fits(Some(&hash), ""));
        // The block is reused: what an earlier hash left in it does not matter.
        assert!(fits(Some(&hash), "lobby-demo"));
    }

    #[test]
    fn nothing_fits_where_there_is_no_hash() {
        for hash in [None, Some(""), Some("$argon2id$v=19$m=19456,t=2,p=1"), Some("no hash")] {
            assert!(!fits(hash, "nobody has this password"), "{hash:?}");
        }
    }

    #[test]
    fn a_hash_with_other_parameters_is_verified_with_them() {
        for (memory, passes) in [(8 * 1024, 1), (32 * 1024, 1)] {
            let params = Params::new(memory, passes, 1, None).unwrap();
            let hash = Argon2::from(params).hash_password(b"lobby-demo").unwrap().to_string();
            assert!(fits(Some(&hash), "lobby-demo") && !fits(Some(&hash), "lobby"), "{hash}");
        }
    }
}
