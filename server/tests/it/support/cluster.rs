//! A PostgreSQL cluster of one test, which the test may kill. Unlike the shared cluster it runs with `fsync=on`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// A running cluster with its data in a temporary folder. Dropping it kills it.
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    postmaster: Child,
}

impl Cluster {
    /// Creates and starts a cluster. Without PostgreSQL programs it returns `None` with a message, and fails on CI.
    pub async fn start() -> Option<Self> {
        let Some(programs) = find_programs() else {
            assert!(std::env::var_os("CI").is_none(), "CI must test a killed database: initdb and postgres are not installed");
            let words = b"NOT TESTED: a killed database; initdb and postgres are not installed\n";
            // Bypasses the test harness's capture, because this must be seen.
            drop(std::io::Write::write_all(&mut std::io::stderr(), words));
            return None;
        };
        let folder = tempfile::Builder::new().prefix("lobby-cluster").tempdir_in("/tmp").expect("a folder");
        if let Some(user) = other_user() {
            succeed(Command::new("chown").arg(user).arg(folder.path()));
        }
        let data = folder.path().join("data");
        let options = ["--username=lobby", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
        succeed(program(&programs.join("initdb"), folder.path()).arg("--pgdata").arg(&data).args(options));
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let postmaster = serve(&programs, folder.path(), port);
        let cluster = Self { programs, folder, port, postmaster };
        cluster.wait_until_ready().await;
        Some(cluster)
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://lobby@127.0.0.1:{}/{database}", self.port)
    }

    /// Sends SIGKILL to the postmaster and all its processes: nothing is flushed.
    pub fn kill(&mut self) {
        let postmaster = self.postmaster.id();
        // Stopped first, so that it starts no new process while its children are listed and killed.
        signal("STOP", &[postmaster]);
        let mut all = children(postmaster);
        all.push(postmaster);
        signal("KILL", &all);
        self.postmaster.wait().expect("the postmaster is gone");
    }

    /// Restarts the killed cluster on the same data and waits for recovery.
    pub async fn start_again(&mut self) {
        self.postmaster = serve(&self.programs, self.folder.path(), self.port);
        self.wait_until_ready().await;
    }

    async fn wait_until_ready(&self) {
        for _ in 0..600 {
            if PgConnection::connect(&self.url("postgres")).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the cluster did not become ready");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

fn serve(programs: &Path, folder: &Path, port: u16) -> Child {
    program(&programs.join("postgres"), folder)
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
        .args(["-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on"])
        .spawn()
        .expect("postgres")
}

/// The newest installed PostgreSQL: in Debian's location, or on PATH.
fn find_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The user to run PostgreSQL as if the tests run as root, which PostgreSQL refuses.
fn other_user() -> Option<&'static str> {
    let id = |arguments: &[&str]| Command::new("id").args(arguments).stderr(Stdio::null()).output().expect("id");
    let root = id(&["-u"]).stdout == b"0\n";
    root.then(|| if id(&["postgres"]).status.success() { "postgres" } else { "nobody" })
}

fn program(path: &Path, folder: &Path) -> Command {
    let mut command = match other_user() {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={user}"), "--clear-groups", "--"]).arg(path);
            command
        }
        None => Command::new(path),
    };
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn succeed(command: &mut Command) {
    let status = command.status().expect("a program");
    assert!(status.success(), "{command:?}: {status}");
}

fn children(parent: u32) -> Vec<u32> {
    let output = Command::new("ps").args(["-A", "-o", "pid=", "-o", "ppid="]).output().expect("ps");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let processes = text.lines().filter_map(|line| {
        let mut numbers = line.split_whitespace().map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    processes.filter(|(_, of)| *of == parent).map(|(process, _)| process).collect()
}

fn signal(name: &str, processes: &[u32]) {
    // `kill` is built into every shell; a process that has exited in between is not an error.
    let numbers: Vec<String> = processes.iter().map(u32::to_string).collect();
    let script = format!("kill -{name} {}", numbers.join(" "));
    Command::new("sh").args(["-c", &script]).stderr(Stdio::null()).status().expect("a shell");
}
