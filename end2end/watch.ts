// Checks on every page of every journey, made while it runs and evaluated at its end: no console
// error, no exception, no 5xx response; with scripts off no request for a script; with scripts on no axe finding and
// the same text as without them (twin.ts). watch.spec.ts shows that each check fails when it should.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, type Page, expect } from '@playwright/test';
import type { Lobby } from './lobby.ts';
import { Twin } from './twin.ts';

/** A folder for screenshots of every page at 390 and 1280 px, if wanted. */
const pictures = process.env.LOBBY_PICTURES;

/** Resolves when the islands of the page are hydrated; immediately without islands or scripts. */
export async function waitAwake(page: Page, scripts: boolean) {
  if (!scripts) return;
  if ((await page.locator('leptos-island').count()) === 0) return;
  await page.locator('body[data-awake]').waitFor({ state: 'attached' });
}

/** Fails with axe's findings on this page, whatever their impact. */
export async function checkAxe(page: Page) {
  // Legacy mode opens no second page; it lacks support for frames, which the portal does not use.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.target.join(' ')}\n    ${node.html.slice(0, 200)}`),
  );
  expect(findings, `axe on ${page.url()}`).toEqual([]);
}

/** Fails if the page is wider than its window: a phone then shows it smaller, and moved to the side. */
async function checkWidth(page: Page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, `width of ${page.url()}`).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
}

/** Checks all pages of one browser context. */
export class Watch {
  #problems: string[] = [];
  /** Console messages about failed loads, evaluated at the end, because an intended visit to a 4xx page logs one too. */
  #failedLoads: { words: string; url: string }[] = [];
  #navigations = new Map<string, number>();
  #checked = new Set<string>();
  #allowed: RegExp[] = [];
  readonly #twin: Twin;

  constructor(
    readonly context: BrowserContext,
    readonly scripts: boolean,
    readonly title: string,
    readonly lobby: Pick<Lobby, 'changedSince'>,
  ) {
    this.#twin = new Twin(context);
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      const words = message.text();
      const { url } = message.location();
      if (words.startsWith('Failed to load resource')) this.#failedLoads.push({ words, url });
      else this.#problems.push(`console error on ${message.page()?.url()}: ${words}`);
    });
    context.on('weberror', (thrown) => this.#problems.push(`exception on ${thrown.page()?.url()}: ${thrown.error().message}`));
    context.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (!scripts && (request.resourceType() === 'script' || /\.(m?js|wasm)$/.test(pathname))) {
        this.#problems.push(`scripts are off, yet the browser asked for ${pathname}`);
      }
    });
    context.on('response', (response) => {
      const request = response.request();
      if (response.status() >= 500) this.#problems.push(`${request.method()} ${response.url()} answered ${response.status()}`);
      if (request.isNavigationRequest() && !(response.status() >= 300 && response.status() < 400)) {
        this.#navigations.set(response.url(), response.status());
      }
    });
  }

  /** Permits problems whose text matches, in a journey that provokes them. */
  allow(pattern: RegExp) {
    this.#allowed.push(pattern);
  }

  /**
   * Call on every page in its final state: waits for hydration and, with scripts on, runs axe and compares
   * it with the version without scripts. `unsent`: it holds input or opened parts that the other version cannot
   * have.
   */
  async look(page: Page, { unsent = false } = {}) {
    await waitAwake(page, this.scripts);
    const url = page.url();
    if (this.scripts) await checkAxe(page);
    if (this.scripts) await checkWidth(page);
    if (this.scripts && !unsent) await this.#same(page);
    this.#checked.add(withoutQuery(url));
    if (pictures) await this.#takePictures(page, pictures);
  }

  /** Checks the pages the journey visited without `look`, then fails with all findings. */
  async judge() {
    if (this.scripts) {
      for (const [url, status] of this.#navigations) {
        if (status !== 200 || this.#checked.has(withoutQuery(url))) continue;
        const page = await this.context.newPage();
        const answer = await page.goto(url);
        if (answer?.ok() && answer.headers()['content-type']?.startsWith('text/html')) await this.look(page);
        await page.close();
      }
    }
    const failedLoads = this.#failedLoads
      .filter(({ url }) => !this.#navigations.has(url))
      .map(({ words, url }) => `${words} (${url})`);
    const problems = [...this.#problems, ...failedLoads].filter((words) => !this.#allowed.some((pattern) => pattern.test(words)));
    expect([...new Set(problems)], 'problems seen while the journey ran').toEqual([]);
  }

  /**
   * Compares the page with its version without scripts. Each minute the clock goes on and the worker sends and counts;
   * where that may be the difference, both are loaded anew.
   */
  async #same(page: Page) {
    const loaded = await page.evaluate(() => performance.timeOrigin);
    try {
      await this.#twin.same(page);
    } catch (differs) {
      if (!this.lobby.changedSince(loaded)) throw differs;
      const again = await this.context.newPage();
      await again.goto(page.url());
      await waitAwake(again, this.scripts);
      await this.#same(again);
      await again.close();
    }
  }

  /** Resolves when its pages have loaded. */
  async settled() {
    for (const page of this.context.pages()) await waitAwake(page, this.scripts);
  }

  async close() {
    await this.#twin.close();
  }

  async #takePictures(page: Page, folder: string) {
    mkdirSync(folder, { recursive: true });
    const before = page.viewportSize();
    const { pathname } = new URL(page.url());
    const name = `${this.title}-${this.#checked.size}${pathname}`.replaceAll(/[^\p{L}\d]+/gu, '-').replace(/-$/, '');
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true, animations: 'disabled' });
    }
    if (before) await page.setViewportSize(before);
  }
}

const withoutQuery = (url: string) => url.replace(/[?#].*$/, '');
