// What the node scripts share: where things are and how a command is run.
// Not a build tool: `make` decides what runs, the scripts do one thing each.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where cargo puts what it builds. */
export const cargoTarget = resolve(
  root,
  process.env.CARGO_TARGET_DIR || process.env.CARGO_BUILD_TARGET_DIR || 'target',
);

/** The folder the server carries (release) or reads (dev); always in the checkout, wherever cargo builds. */
export const site = resolve(root, 'target/site');

/** Resolves npm packages: they are installed once, beside the journeys. */
export const npm = createRequire(resolve(root, 'end2end/package.json'));

/** A package's command, e.g. `bin('binaryen', 'wasm-opt')`. */
export function bin(pack, name) {
  const manifest = npm.resolve(`${pack}/package.json`);
  return resolve(dirname(manifest), JSON.parse(readFileSync(manifest)).bin[name]);
}

/** Runs a command in the checkout; its words go to the terminal, its standard output is returned when asked for. */
export function run(command, args, { capture = false, env = {} } = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed (${done.status ?? done.signal})`);
  return done.stdout;
}

/** The version of a crate in Cargo.lock. */
export function lockedVersion(crate) {
  const lock = readFileSync(resolve(root, 'Cargo.lock'), 'utf8');
  const found = lock.match(new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`));
  if (!found) throw new Error(`${crate} is not in Cargo.lock`);
  return found[1];
}

/**
 * The environment in which cargo runs clippy on this workspace while it builds it: one pass lints and compiles, where
 * `cargo clippy` beside `cargo build` would check every dependency and every crate a second time. Cargo keeps apart what
 * was built with it and without.
 */
export function lintingEnv() {
  const sysroot = run('rustc', ['--print', 'sysroot'], { capture: true }).trim();
  return {
    RUSTC_WORKSPACE_WRAPPER: resolve(sysroot, 'bin/clippy-driver'),
    // How cargo-clippy hands on `-- -D warnings`.
    CLIPPY_ARGS: ['-D', 'warnings'].map((word) => `${word}__CLIPPY_HACKERY__`).join(''),
  };
}

/** What the script and the wasm of a page may weigh together, in bytes of brotli. */
export const scriptBudget = 150_000;
