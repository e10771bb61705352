// `make bench`: measures the budgets on the release binary with its own demo bank, then on both engines sign-ins
// (server/benches/sign_ins), the signed-in pages (pages), the bookings per second (bookings) and the desk with a history (history). Exits with 1 if a size exceeds its budget; times are only printed.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { root, run, scriptBudget } from './lib.mjs';

const binary = process.env.LOBBY_BINARY || resolve(root, 'target/release/lobby');
/** Budgets of a first visit to the cash booking, compressed bytes. */
const budgets = { 'without scripts': 60_000, 'script and wasm': scriptBudget, 'all together': 190_000 };

const data = mkdtempSync(join(tmpdir(), 'lobby-bench-'));
const port = await new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
const environment = {
  ...process.env,
  LOBBY_DATA: data,
  LOBBY_DATABASE: `sqlite:${join(data, 'lobby.db')}`,
  LOBBY_ADDRESS: `127.0.0.1:${port}`,
};
/** As many connections as clients. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 17 });
/** Concurrent clients where several are measured. */
const clients = 16;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** One request. The body stays compressed, so that its length is the number of bytes transferred. */
function ask(path, { method = 'GET', body, cookie, encoding = 'br' } = {}) {
  return new Promise((done, failed) => {
    const headers = { 'accept-encoding': encoding, accept: 'text/html', ...(cookie && { cookie }) };
    if (body) Object.assign(headers, { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) });
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = () => (answer.headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes) : bytes).toString();
        done({ status: answer.statusCode, headers: answer.headers, weight: bytes.length, text });
      });
    });
    request.on('error', failed).end(body);
  });
}

/** Follows redirects; returns the final response with its path. */
async function open(path, options) {
  for (let hops = 0; hops < 5; hops++) {
    const answer = await ask(path, options);
    if (answer.status < 300 || answer.status >= 400) return { ...answer, path };
    path = new URL(answer.headers.location, `http://127.0.0.1:${port}${path}`);
    path = path.pathname + path.search;
  }
  throw new Error(`too many redirects to ${path}`);
}

async function signIn(name) {
  const page = (await open('/login')).text();
  const form = page.match(/<form(?:(?!<\/form>)[\s\S])*name="?sign_in_name[\s\S]*?<\/form>/)?.[0] ?? '';
  const fields = new URLSearchParams({ sign_in_name: name, password: 'lobby-demo' });
  for (const [input] of form.matchAll(/<input[^>]*type="?hidden[^>]*>/g)) {
    const attribute = (wanted) => input.match(new RegExp(`${wanted}="([^"]*)"`))?.[1] ?? '';
    fields.set(attribute('name'), attribute('value'));
  }
  const answer = await ask('/login', { method: 'POST', body: fields.toString() });
  const cookies = answer.headers['set-cookie'];
  if (answer.status !== 303 || !cookies) throw new Error(`signing in as ${name} answered ${answer.status}`);
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
}

/** Sums up the size of a page and of everything it refers to. */
async function weigh(path, cookie) {
  const page = await open(path, { cookie });
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
  const named = new Set(
    [...page.text().matchAll(/["'(](\/[^"'()\s<>]+\.(?:css|js|wasm|svg|png|ico|webmanifest|woff2))(?:[#?][^"'()]*)?["')]/g)].map(([, url]) => url),
  );
  const parts = [{ name: page.path, weight: page.weight }];
  for (const url of named) {
    const part = await ask(url);
    if (part.status !== 200) throw new Error(`${url} answered ${part.status}`);
    parts.push({ name: url, weight: part.weight });
  }
  const isScript = ({ name }) => /\.(js|wasm)$/.test(name);
  const sum = (some) => some.reduce((total, { weight }) => total + weight, 0);
  if (!parts.some(({ name }) => name.endsWith('.wasm'))) console.log(`  (${path} names no wasm)`);
  return {
    parts,
    sums: {
      'without scripts': sum(parts.filter((part) => !isScript(part))),
      'script and wasm': sum(parts.filter(isScript)),
      'all together': sum(parts),
    },
  };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Milliseconds of sequential page loads, sorted. */
async function load(path, options, times = 200) {
  const took = [];
  for (let round = -20; round < times; round++) {
    const began = performance.now();
    await open(path, options);
    if (round >= 0) took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b);
}

const share = (sorted, part) => sorted[Math.floor(part * (sorted.length - 1))];

/** Signs the same user in, so often, by so many clients at once. */
async function signInOften(times) {
  let left = times;
  const client = async () => {
    while (left-- > 0) await signIn('c1002');
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** Pages beside sign-ins: password hashes must not delay them. */
async function pagesBesideSignIns(path, cookie) {
  console.log(`\n== ${path} while ${clients} sign-ins are in flight, medians of 5 runs`);
  const runs = { alone: [], beside: [] };
  for (let run = 0; run < 5; run++) {
    runs.alone.push(await load(path, { cookie }));
    let go = true;
    const client = async () => {
      while (go) await signIn('c1002');
    };
    const flood = Promise.all(Array.from({ length: clients }, client));
    runs.beside.push(await load(path, { cookie }));
    go = false;
    await flood;
  }
  for (const [name, each] of Object.entries(runs)) {
    const of = (part) => median(each.map((took) => share(took, part))).toFixed(2);
    console.log(`  ${name.padEnd(24)} p50 ${of(0.5)} ms   p95 ${of(0.95)} ms`);
  }
}

/** `lobby check`, `lobby backup` and `lobby restore` of the demo bank. */
function operate() {
  console.log('\n== check, backup, restore of the demo bank');
  const timed = (name, args, env = environment) => {
    const began = performance.now();
    const ran = spawnSync(binary, args, { env, cwd: data, encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`lobby ${name} failed:\n${ran.stdout}${ran.stderr}`);
    console.log(`  ${name.padEnd(24)} ${(performance.now() - began).toFixed(0)} ms`);
  };
  const [file, other] = [join(data, 'bench.backup'), join(data, 'restored')];
  timed('check', ['check']);
  timed('backup', ['backup', file]);
  mkdirSync(other, { mode: 0o700 });
  copyFileSync(join(data, 'seal.key'), join(other, 'seal.key'));
  timed('restore', ['restore', file], { ...environment, LOBBY_DATA: other, LOBBY_DATABASE: `sqlite:${join(other, 'lobby.db')}` });
  console.log(`  ${'size of the backup'.padEnd(24)} ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

let server;
let over = false;
try {
  const demo = spawnSync(binary, ['demo'], { env: environment, cwd: data, encoding: 'utf8' });
  if (demo.status !== 0) throw new Error(`lobby demo failed:\n${demo.stdout}${demo.stderr}`);

  const began = performance.now();
  server = spawn(binary, ['serve'], { env: environment, cwd: data, stdio: 'ignore' });
  for (;;) {
    const answered = await ask('/readyz').then(({ status }) => status === 200, () => false);
    if (answered) break;
    if (server.exitCode !== null || performance.now() - began > 30_000) throw new Error('lobby did not become ready');
    await pause(2);
  }
  const first = performance.now() - began;
  await pause(3000);
  const resident = () => Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

  console.log('== the server');
  console.log(`  binary                ${(statSync(binary).size / 1e6).toFixed(1)} MB`);
  console.log(`  start to first answer ${first.toFixed(0)} ms`);
  console.log(`  idle memory           ${resident().toFixed(1)} MiB`);

  const cookie = await signIn('c1001');
  console.log('\n== first visit to the cash booking, brotli, bodies only');
  const { parts, sums } = await weigh('/appointments/new/cash', cookie);
  for (const { name, weight } of parts) console.log(`  ${(weight / 1000).toFixed(1).padStart(7)} kB  ${name}`);
  for (const [name, sum] of Object.entries(sums)) {
    const within = sum <= budgets[name];
    over ||= !within;
    console.log(`  ${name.padEnd(16)} ${(sum / 1000).toFixed(1).padStart(7)} kB of ${budgets[name] / 1000} kB${within ? '' : '   OVER BUDGET'}`);
  }

  console.log('\n== the same visit on a slow phone: 4 × CPU, 1.6 Mbit/s, 150 ms, medians of 5');
  run('scripts/with-chromium.sh', ['node', 'end2end/slow-phone.mjs', `http://127.0.0.1:${port}`, parts[0].name, cookie]);

  await pagesBesideSignIns('/appointments', cookie);

  console.log('\n== memory');
  await signInOften(1000);
  console.log(`  after 1,000 sign-ins     ${resident().toFixed(1)} MiB`);
  await pause(8000);
  console.log(`  idle afterwards          ${resident().toFixed(1)} MiB (budget 64)`);

  operate();
} finally {
  server?.kill('SIGTERM');
  agent.destroy();
  rmSync(data, { recursive: true, force: true });
}

console.log('\n== sign-ins');
run('cargo', ['bench', '-q', '-p', 'server', '--bench', 'sign_ins']);

console.log('\n== signed-in pages');
run('cargo', ['bench', '-q', '-p', 'server', '--bench', 'pages']);

console.log('\n== bookings a second');
run('cargo', ['bench', '-q', '-p', 'server', '--bench', 'bookings']);

console.log('\n== the desk with a history');
run('cargo', ['bench', '-q', '-p', 'server', '--bench', 'history']);
process.exitCode = over ? 1 : 0;
