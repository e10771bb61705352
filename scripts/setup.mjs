// Installs the pinned Rust toolchain with its wasm target, clippy and rustfmt, where it is not there. The npm packages
// are the Makefile's own rule.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { root, run } from './lib.mjs';

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
