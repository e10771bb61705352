// `make test`: every check, the fastest first; stops at the first that fails.
// Prints the duration of each part and finally the number of tests, summed from the output of the runners.
//
// `node scripts/test.mjs PART...` runs only these parts (see their names below).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { cargoTarget, lintingEnv, root } from './lib.mjs';

// Clippy runs while cargo builds. Every call uses the same environment, otherwise cargo would build again without it.
const linting = lintingEnv();
// On CI nothing is built twice, so incremental compilation would only cost time.
if (process.env.CI) linting.CARGO_INCREMENTAL = '0';

// One after another, because a concurrent build would break time limits of the tests.
const parts = [
  { name: 'format', what: 'cargo fmt', command: ['cargo', 'fmt', '--all', '--check'] },
  { name: 'types', what: 'the journeys type-check', command: ['npm', '--prefix', 'end2end', 'run', '--silent', 'check'] },
  // Binary and tests in one call: in separate calls the features of dependencies differ and half of them compile twice.
  { name: 'compile', what: 'clippy and build of binary, tests, benches', command: ['cargo', 'build', '--all-targets'], env: linting },
  {
    name: 'tests',
    what: 'unit and integration tests, SQLite and PostgreSQL',
    // Doc comments contain no examples, so there are no doc tests to run.
    command: ['scripts/with-postgres.sh', 'cargo', 'test', '--no-fail-fast', '--lib', '--bins', '--tests'],
    count: countCargo,
    failures: /^test .+ FAILED$|^error: .+|^thread '.+' .*panicked at .+(\n.*){1,3}/gm,
    env: linting,
  },
  { name: 'assets', what: 'clippy on the browser side, and what it loads', command: ['node', 'scripts/assets.mjs', '--lint'] },
  {
    name: 'journeys',
    what: 'journeys in Chromium, scripts on and off',
    command: ['scripts/with-chromium.sh', 'npm', '--prefix', 'end2end', 'run', '--silent', 'test'],
    count: countPlaywright,
    // The title, and the first paragraph of what was wrong.
    failures: /^ {2}\d+\) .+|^ {4}(?:\S*Error\b|Test timeout).*(\n {4,}\S.*){0,8}/gm,
    env: { LOBBY_BINARY: process.env.LOBBY_BINARY || resolve(cargoTarget, 'debug/lobby') },
  },
];

/** Adds up `test result: ok. 12 passed; 0 failed; 1 ignored; …`. */
function countCargo(text) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    sum.passed += Number(passed);
    sum.failed += Number(failed);
    sum.skipped += Number(ignored);
  }
  return sum;
}

/** Reads Playwright's last lines: `  3 failed`, `  1 flaky`, `  2 skipped`, `  1 did not run`, `  12 passed (1.2m)`. */
function countPlaywright(text) {
  const said = (word) => Number(text.match(new RegExp(`^\\s+(\\d+) ${word}( \\(|$)`, 'm'))?.[1] ?? 0);
  return { passed: said('passed'), failed: said('failed') + said('flaky') + said('interrupted'), skipped: said('skipped') + said('did not run') };
}

/** Runs one part and prints its output as it arrives. A signal reaches the part through the terminal or `stop`. */
function perform(part) {
  return new Promise((done) => {
    const [command, ...args] = part.command;
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...part.env }, stdio: ['ignore', 'pipe', 'inherit'] });
    const stop = (signal) => child.kill(signal);
    process.on('SIGTERM', stop).on('SIGINT', stop);
    let text = '';
    let shown = 0;
    const show = (until) => {
      process.stdout.write(text.slice(shown, until));
      shown = until;
    };
    // Prints whole lines only, so that lines on standard error do not split them.
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      show(text.lastIndexOf('\n') + 1);
    });
    child.on('error', (error) => done({ code: error.message, text }));
    child.on('close', (code, signal) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      show(text.length);
      done({ code: code ?? `signal ${signal}`, text });
    });
  });
}

const duration = (ms) => (ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];
let failedPart = null;
let failures = [];
for (const part of parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n== ${part.name}: ${part.what}`);
  const began = Date.now();
  const { code, text } = await perform(part);
  times.push(`${part.name.padEnd(12)} ${duration(Date.now() - began)}`);
  const plain = text.replaceAll(/\x1b\[[0-9;]*m/g, '');
  const counted = part.count?.(plain) ?? { passed: 0, failed: 0, skipped: 0 };
  for (const key of Object.keys(total)) total[key] += counted[key];
  if (code !== 0 || counted.failed > 0) {
    // A part without tests (formatting, clippy), or a runner that crashed, counts as one failure.
    if (counted.failed === 0) total.failed += 1;
    failures = (part.failures && plain.match(part.failures)) ?? [];
    failedPart = `${part.name} (${code === 0 ? 'a test was flaky' : code})`;
    break;
  }
}

console.log(`\n== durations\n${times.join('\n')}`);
// Once more at the very end, because whoever reads a long log sees its end first.
if (failures.length > 0) console.log(`\n== what failed\n${failures.slice(0, 40).join('\n')}`);
if (failedPart) console.log(`\nmake test FAILED in ${failedPart}`);
if (!existsSync(resolve(root, 'end2end/node_modules'))) console.log('end2end/node_modules is missing: run `make setup`');
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = failedPart ? 1 : 0;
