// Builds the assets into target/site: wasm, JavaScript glue, style sheet and the files of public/.
//
//   target/site/assets.json            {"pkg":"pkg-<hash>"}: tells the server the folder name
//   target/site/pkg-<hash>/lobby.{js,wasm,css}   immutable; the hash covers their contents
//   target/site/<file of public/>      like every file here with compressed copies .br and .gz
//
// Fails when script and wasm, or the small module scripts of the pages, are heavier than their budget.
//
// `--quick` (make watch): no wasm-opt and fast compression.
// `--lint` (make test): clippy runs while the browser's side of the workspace is compiled.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { bin, lintingEnv, lockedVersion, npm, root, run, scriptBudget, site } from './lib.mjs';

const quick = process.argv.includes('--quick');
const lint = process.argv.includes('--lint');
const stamp = resolve(root, 'target/site.stamp');
const styleEntry = resolve(root, 'style/main.css');
/** All module scripts together, bytes, brotli. */
const moduleBudget = 8 * 1024;
const publicFiles = resolve(root, 'public');

const wasmOptFeatures = [
  '--enable-bulk-memory',
  '--enable-nontrapping-float-to-int',
  '--enable-reference-types',
  '--enable-sign-ext',
  '--enable-mutable-globals',
  '--enable-multivalue',
];
/** The oldest supported browsers; CSS nesting is expanded for them. */
const cssTarget = ['chrome111', 'safari16.4', 'firefox113'];
const jsTarget = ['chrome111', 'safari16.4', 'firefox113'];

/** Compiles crate `hydrate` and returns the path of its wasm. */
function compileWasm() {
  const home = process.env.CARGO_HOME || join(homedir(), '.cargo');
  // Panic messages contain source paths: without this the wasm would contain the builder's home folder.
  const remap = `--remap-path-prefix=${home}=/cargo`;
  const said = run(
    'cargo',
    ['build', '-p', 'hydrate', '--target', 'wasm32-unknown-unknown', '--profile', 'wasm-release', '--message-format=json-render-diagnostics'],
    { capture: true, env: { CARGO_ENCODED_RUSTFLAGS: remap, ...(lint ? lintingEnv() : {}) } },
  );
  for (const line of said.split('\n').filter((line) => line.includes('"compiler-artifact"'))) {
    const artifact = JSON.parse(line);
    const wasm = artifact.filenames.find((name) => name.endsWith('.wasm'));
    if (artifact.target.name === 'hydrate' && wasm) return wasm;
  }
  throw new Error('cargo named no wasm of crate hydrate');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digestOf(files) {
  const digest = createHash('sha256');
  for (const file of files) digest.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return digest.digest('hex');
}

/** A hash of all inputs; if it is unchanged, nothing needs to be built. */
function fingerprint(wasm) {
  const inputs = [wasm, ...filesBelow(resolve(root, 'style')), ...filesBelow(publicFiles)];
  const tools = ['scripts/assets.mjs', 'scripts/lib.mjs', 'tools/bindgen/src/main.rs', 'end2end/package-lock.json'].map((file) => resolve(root, file));
  return `${quick ? 'quick' : 'full'} ${lockedVersion('wasm-bindgen')} ${digestOf([...inputs, ...tools])}`;
}

/** Generates the glue and optimises the wasm for size. */
async function packWasm(wasm, work) {
  run('cargo', ['run', '-q', '-p', 'bindgen', '--', wasm, work], { env: lint ? lintingEnv() : {} });
  const bound = join(work, 'lobby_bg.wasm');
  const small = join(work, 'lobby.wasm');
  if (quick) cpSync(bound, small);
  else run(process.execPath, [bin('binaryen', 'wasm-opt'), bound, '-o', small, '-Oz', ...wasmOptFeatures]);
  const { build } = npm('esbuild');
  const glue = await build({
    entryPoints: [join(work, 'lobby.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: jsTarget,
    write: false,
    logLevel: 'warning',
  });
  return {
    'lobby.wasm': readFileSync(small),
    'lobby.js': Buffer.from(glue.outputFiles[0].text.replaceAll('lobby_bg.wasm', 'lobby.wasm')),
  };
}

/** Bundles all partials into one style sheet. */
async function packStyle() {
  if (!existsSync(styleEntry)) return { 'lobby.css': Buffer.alloc(0) };
  const { build } = npm('esbuild');
  const sheet = await build({
    entryPoints: [styleEntry],
    bundle: true,
    minify: true,
    target: cssTarget,
    external: ['*.svg', '*.png', '*.woff2'],
    write: false,
    logLevel: 'warning',
  });
  return { 'lobby.css': Buffer.from(sheet.outputFiles[0].contents) };
}

/** Writes `file.br` and `file.gz` beside every file. */
async function precompress(files) {
  const brotli = promisify(zlib.brotliCompress);
  const gzip = promisify(zlib.gzip);
  await Promise.all(
    files.map(async (file) => {
      const bytes = readFileSync(file);
      const [br, gz] = await Promise.all([
        brotli(bytes, {
          params: {
            [zlib.constants.BROTLI_PARAM_QUALITY]: quick ? 4 : 11,
            [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
            [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        }),
        gzip(bytes, { level: quick ? 6 : 9 }),
      ]);
      writeFileSync(`${file}.br`, br);
      writeFileSync(`${file}.gz`, gz);
    }),
  );
}

function report(pkg) {
  const kB = (file) => (statSync(file).size / 1000).toFixed(1).padStart(8);
  console.log(`assets: target/site/${pkg}${quick ? ' (quick: not optimised)' : ''}`);
  for (const name of ['lobby.js', 'lobby.wasm', 'lobby.css']) {
    const file = join(site, pkg, name);
    console.log(`  ${name.padEnd(11)}${kB(file)} kB raw${kB(`${file}.gz`)} kB gzip${kB(`${file}.br`)} kB brotli`);
  }
}

/** The small module scripts stand in the pages, so they are weighed as they are. */
function weighModules() {
  const scripts = filesBelow(resolve(root, 'app/src')).filter((file) => file.endsWith('.js'));
  const weight = scripts.reduce((sum, file) => sum + zlib.brotliCompressSync(readFileSync(file)).length, 0);
  if (weight > moduleBudget) throw new Error(`the module scripts weigh ${weight} bytes, the budget is ${moduleBudget} (brotli)`);
  console.log(`assets: module scripts ${weight} of ${moduleBudget} bytes`);
}

/** Checks the budget here, so that `make test` reports growth and not only the next `make bench`. */
function weigh(pkg) {
  const weight = ['lobby.js', 'lobby.wasm'].reduce((sum, name) => sum + statSync(join(site, pkg, `${name}.br`)).size, 0);
  if (weight > scriptBudget) throw new Error(`script and wasm weigh ${weight} bytes, the budget is ${scriptBudget} (brotli)`);
}

weighModules();
const wasm = compileWasm();
const wanted = fingerprint(wasm);
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(join(site, 'assets.json'))) {
  console.log(`assets: nothing changed (${JSON.parse(readFileSync(join(site, 'assets.json'))).pkg})`);
  process.exit(0);
}

rmSync(stamp, { force: true });
mkdirSync(site, { recursive: true });
const work = mkdtempSync(resolve(root, 'target/assets-'));
try {
  const files = { ...(await packWasm(wasm, work)), ...(await packStyle()) };
  const digest = createHash('sha256');
  for (const name of Object.keys(files).sort()) digest.update(`${name}\0`).update(files[name]);
  const pkg = `pkg-${digest.digest('hex').slice(0, 16)}`;

  // The folder is emptied, not replaced, because a running dev server and the server's build script refer to it.
  for (const name of readdirSync(site)) rmSync(join(site, name), { recursive: true });
  if (existsSync(publicFiles)) cpSync(publicFiles, site, { recursive: true });
  mkdirSync(join(site, pkg));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(site, pkg, name), bytes);
  await precompress(filesBelow(site));
  writeFileSync(join(site, 'assets.json'), `${JSON.stringify({ pkg })}\n`);
  report(pkg);
  if (!quick) weigh(pkg);
  writeFileSync(stamp, wanted);
} finally {
  rmSync(work, { recursive: true, force: true });
}
