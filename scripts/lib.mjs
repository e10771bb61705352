// Shared by the node scripts: paths, and running commands.
// `make` decides what runs; each script does one step.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Cargo's target folder. */
export const cargoTarget = resolve(
  root,
  process.env.CARGO_TARGET_DIR || process.env.CARGO_BUILD_TARGET_DIR || 'target',
);

/** The folder the server embeds (release) or reads (dev). It is always inside the repository, wherever cargo builds. */
export const site = resolve(root, 'target/site');

/** Resolves npm packages, which are installed with the journeys. */
export const npm = createRequire(resolve(root, 'end2end/package.json'));

/** Path of a package's command, e.g. `bin('binaryen', 'wasm-opt')`. */
export function bin(pack, name) {
  const manifest = npm.resolve(`${pack}/package.json`);
  return resolve(dirname(manifest), JSON.parse(readFileSync(manifest)).bin[name]);
}

/** Runs a command in the root of the repository; with `capture` returns its standard output, otherwise prints it. */
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
 * The environment in which cargo runs clippy while it builds the workspace, so that one pass lints and compiles;
 * a separate `cargo clippy` would check every dependency and every crate a second time. Cargo keeps the artefacts
 * built with and without it apart.
 */
export function lintingEnv() {
  const sysroot = run('rustc', ['--print', 'sysroot'], { capture: true }).trim();
  return {
    RUSTC_WORKSPACE_WRAPPER: resolve(sysroot, 'bin/clippy-driver'),
    // The encoding in which cargo-clippy passes `-- -D warnings`.
    CLIPPY_ARGS: ['-D', 'warnings'].map((word) => `${word}__CLIPPY_HACKERY__`).join(''),
  };
}

/** Budget of script and wasm together, bytes compressed with brotli. */
export const scriptBudget = 150_000;
