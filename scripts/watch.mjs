// `make watch`: serves the demo bank from the dev build; after every change rebuilds what is affected and restarts.
// A changed style or public file affects only the assets (the dev server reads them from disk); Rust affects both.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, watch } from 'node:fs';
import { resolve } from 'node:path';
import { cargoTarget, root } from './lib.mjs';

const lobby = resolve(cargoTarget, 'debug/lobby');
/** Watched folder → steps after a change in it. */
const folders = {
  app: ['assets', 'server'],
  server: ['server'],
  style: ['assets'],
  public: ['assets'],
};
const steps = {
  assets: ['node', ['scripts/assets.mjs', '--quick']],
  server: ['cargo', ['build', '-p', 'server', '--bin', 'lobby']],
};

let server = null;
const pending = new Set();
let timer = null;

const perform = ([command, args]) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

function serve() {
  const old = server;
  const start = () => {
    server = spawn(lobby, ['serve'], { cwd: root, stdio: 'inherit' });
  };
  if (!old || old.exitCode !== null) return start();
  old.once('exit', start);
  old.kill('SIGTERM');
}

function build() {
  const wanted = Object.keys(steps).filter((step) => pending.has(step));
  pending.clear();
  // If the build fails, the old server keeps running.
  if (wanted.every((step) => perform(steps[step]))) serve();
}

function changed(folder, file) {
  if (/(^|\/)(target|\.[^/]*|[^/]*~)$/.test(file ?? '')) return;
  for (const step of folders[folder]) pending.add(step);
  clearTimeout(timer);
  timer = setTimeout(build, 200);
}

for (const folder of Object.keys(folders)) {
  const path = resolve(root, folder);
  if (existsSync(path)) watch(path, { recursive: true }, (_, file) => changed(folder, file));
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server?.kill('SIGTERM');
    process.exit(0);
  });
}

mkdirSync(resolve(root, 'data'), { recursive: true });
if (!perform(steps.assets) || !perform(steps.server)) process.exit(1);
perform([lobby, ['demo']]);
serve();
