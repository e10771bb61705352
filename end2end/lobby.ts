// A demo bank for one journey: a lobby process on a free port, with its data in a temporary folder and its clock at a
// chosen start. Loading the demo bank takes longer than copying it, so it is loaded once per worker and clock.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const checkout = resolve(import.meta.dirname, '..');
const cargoTarget = resolve(checkout, process.env.CARGO_TARGET_DIR || 'target');
const binary = process.env.LOBBY_BINARY || join(cargoTarget, 'debug/lobby');

/** The environment of a lobby process: the current one without the developer's own settings. */
function environment(data: string, url = 'http://127.0.0.1:0'): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LOBBY_'));
  const { hostname, port } = new URL(url);
  return {
    ...Object.fromEntries(own),
    LOBBY_DATA: data,
    LOBBY_DATABASE: `sqlite:${join(data, 'lobby.db')}`,
    LOBBY_ADDRESS: `127.0.0.1:${port}`,
    ...(hostname === '127.0.0.1' ? {} : { LOBBY_PUBLIC_ORIGIN: url }),
  };
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Loaded demo banks of one worker, one per start of the clock. */
export class Templates {
  readonly folder = mkdtempSync(join(tmpdir(), 'lobby-journeys-'));
  #loaded = new Map<string, string>();
  #used = 0;

  /** A copy of the demo bank loaded at `now`, with the generated customers `g000001` and `g000002`. */
  copy(now: string): string {
    let template = this.#loaded.get(now);
    if (!template) {
      template = join(this.folder, `template-${this.#loaded.size}`);
      mkdirSync(template);
      if (!existsSync(binary)) throw new Error(`${binary} is missing: cargo build --bins --tests`);
      const demo = spawnSync(binary, ['demo', '--now', now, '--customers', '2'], { cwd: this.folder, env: environment(template), encoding: 'utf8' });
      if (demo.status !== 0) throw new Error(`lobby demo failed (${demo.status ?? demo.signal}):\n${demo.stdout}${demo.stderr}`);
      this.#loaded.set(now, template);
    }
    const data = join(this.folder, `bank-${this.#used++}`);
    cpSync(template, data, { recursive: true });
    return data;
  }

  /** An empty data folder. */
  empty(): string {
    const data = join(this.folder, `bank-${this.#used++}`);
    mkdirSync(data);
    return data;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running lobby process. */
export class Lobby {
  /** Its output so far, including restarts. */
  log = '';
  /** Waited for before a restart: a page that still loads would report that the server is gone. */
  settled: () => Promise<unknown> = async () => undefined;
  #process: ChildProcess | null = null;
  #started = Date.now();

  private constructor(
    /** Its data folder; `outbox/` holds the messages sent. */
    readonly data: string,
    /** Start of its clock; `null`: the system's, as every bank has that is no demo bank. */
    public now: string | null,
    /** `http://127.0.0.1:<port>`, the same after a restart; with another host, that is the public origin. */
    readonly url: string,
  ) {}

  static async start(templates: Templates, now: string, host: string): Promise<Lobby> {
    const lobby = new Lobby(templates.copy(now), now, `http://${host}:${await freePort()}`);
    await lobby.#serve();
    return lobby;
  }

  /** A lobby whose database holds no bank yet. */
  static async unfounded(templates: Templates): Promise<Lobby> {
    const lobby = new Lobby(templates.empty(), null, `http://127.0.0.1:${await freePort()}`);
    await lobby.#serve();
    return lobby;
  }

  /** The time of its clock, in ms; a slow machine's journey takes minutes of it. */
  get time(): number {
    return this.now === null ? Date.now() : Date.parse(this.now) + Date.now() - this.#started;
  }

  /** Whether what a page shows may have changed by itself since this time of the system's clock, in ms. */
  changedSince(then: number): boolean {
    const minutes = (time: number) => Math.floor((time - this.#started) / 60_000);
    const shown = (time: number) => Math.floor((this.time - Date.now() + time) / 60_000);
    // The worker's minutes begin when the process has started, up to some seconds after the clock.
    return minutes(then - 10_000) !== minutes(Date.now()) || shown(then) !== shown(Date.now());
  }

  /** Runs a command on the same data beside the running process, and returns its standard output. */
  run(...command: string[]): string {
    const done = spawnSync(binary, command, { cwd: this.data, env: environment(this.data, this.url), encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`lobby ${command[0]} failed (${done.status ?? done.signal}):\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  /** Restarts it on the same data, optionally with another start of its clock. */
  async restart({ now = this.now }: { now?: string | null } = {}) {
    await this.settled();
    await this.stop();
    this.now = now;
    await this.#serve();
  }

  /** Asks it to stop, and fails if it does not within ten seconds. */
  async stop() {
    const running = this.#process;
    this.#process = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exited = new Promise<boolean>((done) => running.once('exit', () => done(true)));
    running.kill('SIGTERM');
    if (await Promise.race([exited, pause(10_000).then(() => false)])) return;
    running.kill('SIGKILL');
    await exited;
    throw new Error(`lobby did not stop within ten seconds\n${this.log}`);
  }

  /** Kills it without a clean shutdown. */
  async kill() {
    const running = this.#process;
    this.#process = null;
    if (!running || running.exitCode !== null) return;
    const exited = new Promise((done) => running.once('exit', done));
    running.kill('SIGKILL');
    await exited;
  }

  async #serve() {
    this.#started = Date.now();
    const running = spawn(binary, this.now === null ? ['serve'] : ['serve', '--now', this.now], {
      cwd: this.data,
      env: environment(this.data, this.url),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = running;
    for (const stream of [running.stdout, running.stderr]) {
      stream.setEncoding('utf8').on('data', (words: string) => {
        this.log += words;
      });
    }
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      if (running.exitCode !== null || running.signalCode !== null) break;
      const ready = await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
      if (ready) return;
      await pause(50);
    }
    await this.kill();
    throw new Error(`lobby did not become ready\n${this.log}`);
  }
}
