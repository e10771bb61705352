// Installs what the assets need and is not there: the pinned Rust toolchain with its wasm target, and wasm-bindgen of
// the locked version (into .tools, ignored by git). The npm packages are the Makefile's own rule.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { findWasmBindgen, lockedVersion, root, run } from './lib.mjs';

function hasToolchain() {
  const asked = spawnSync('rustc', ['--print', 'target-libdir', '--target', 'wasm32-unknown-unknown'], {
    cwd: root,
    encoding: 'utf8',
  });
  const has = (command) => spawnSync('cargo', [command, '--version'], { cwd: root }).status === 0;
  return asked.status === 0 && existsSync(asked.stdout.trim()) && has('fmt') && has('clippy');
}

if (!hasToolchain()) {
  console.log('setup: installing the Rust toolchain of rust-toolchain.toml');
  // Since rustup 1.28; before, any call such as `rustup show` installed what the file names.
  const install = spawnSync('rustup', ['toolchain', 'install', '--no-self-update'], { cwd: root, stdio: 'inherit' });
  if (install.status !== 0) run('rustup', ['show']);
  if (!hasToolchain()) throw new Error('rustup could not install the toolchain of rust-toolchain.toml');
}

if (!findWasmBindgen()) {
  const version = lockedVersion('wasm-bindgen');
  console.log(`setup: installing wasm-bindgen ${version} into .tools (about a minute and a half)`);
  // Not --locked: its lock file pins versions that are not served everywhere. Unoptimised: it runs for a second.
  run('cargo', ['install', 'wasm-bindgen-cli', '--version', version, '--root', '.tools', '--quiet'], {
    env: {
      CARGO_PROFILE_RELEASE_LTO: 'off',
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
      CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
    },
  });
}
