// Installs the pinned Rust toolchain with its wasm target, clippy and rustfmt if it is missing. The npm packages
// have a rule in the Makefile.
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
  // Needed since rustup 1.28; before, any call such as `rustup show` installed the toolchain of the file.
  const install = spawnSync('rustup', ['toolchain', 'install', '--no-self-update'], { cwd: root, stdio: 'inherit' });
  if (install.status !== 0) run('rustup', ['show']);
  if (!hasToolchain()) throw new Error('rustup could not install the toolchain of rust-toolchain.toml');
}
