// The fixtures of every journey: `import { test, expect } from '../fixtures.ts'`.
//
//   lobby        the test's own demo bank (lobby.ts): url, data, log, restart({ now }), kill(), stop()
//   page         a page of the first device; relative URLs refer to the lobby
//   newDevice()  a page of another device: no cookies, the same checks
//   look(page)   call on every page in its final state: checks hydration, axe and the version without scripts (watch.ts);
//                look(page, { unsent: true }) if it holds input that has not been sent
//   allow(/…/)   permits a console error that the journey provokes
//   scripts      whether this project runs scripts
//
// `test.use({ now: '2026-11-27T14:59:00+08:00' })` sets the start of the bank's clock.
import { type BrowserContext, type Page, test as base, expect } from '@playwright/test';
import { Lobby, Templates } from './lobby.ts';
import { Watch } from './watch.ts';

export { expect };
export { checkAxe, waitAwake } from './watch.ts';

export interface Options {
  /** Start of the bank's clock, RFC 3339; by default a working Monday morning. */
  now: string;
  /** The host in the address of the portal; a passkey needs a name. */
  host: string;
  /** Whether the database holds the demo bank; otherwise it holds no bank. */
  demo: boolean;
}

interface Fixtures {
  lobby: Lobby;
  scripts: boolean;
  watches: Map<BrowserContext, Watch>;
  watch: (context: BrowserContext) => Watch;
  judgement: void;
  newDevice: () => Promise<Page>;
  look: Watch['look'];
  allow: (pattern: RegExp) => void;
}

export const test = base.extend<Options & Fixtures, { templates: Templates }>({
  now: ['2026-11-23T10:00:00+08:00', { option: true }],
  host: ['127.0.0.1', { option: true }],
  demo: [true, { option: true }],

  templates: [
    async ({}, use) => {
      const templates = new Templates();
      await use(templates);
      templates.remove();
    },
    { scope: 'worker' },
  ],

  lobby: async ({ templates, now, host, demo }, use, testInfo) => {
    const lobby = demo ? await Lobby.start(templates, now, host) : await Lobby.unfounded(templates);
    await use(lobby);
    await lobby.stop();
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('lobby.log', { body: lobby.log, contentType: 'text/plain' });
    expect(lobby.log.match(/.*panicked at.*\n.*/)?.[0], 'a panic in the server').toBeUndefined();
  },

  baseURL: async ({ lobby }, use) => use(lobby.url),

  scripts: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  // One watch per browser context, created before its first page.
  watches: async ({}, use) => {
    const watches = new Map<BrowserContext, Watch>();
    await use(watches);
    for (const watch of watches.values()) await watch.close();
  },

  watch: async ({ watches, scripts, lobby }, use, testInfo) => {
    lobby.settled = () => Promise.all([...watches.values()].map((watch) => watch.settled()));
    await use((context) => {
      const watch = watches.get(context) ?? new Watch(context, scripts, testInfo.title, lobby);
      watches.set(context, watch);
      return watch;
    });
  },

  context: async ({ context, watch }, use) => {
    watch(context);
    await use(context);
  },

  newDevice: async ({ browser, watch, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL });
      contexts.push(context);
      watch(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  // Set up last and therefore torn down first, while the lobby still runs. The journey's pages are closed before the
  // comparison, because a page that is still saving a draft would change the data between the two renderings.
  judgement: [
    async ({ context, newDevice, watches }, use, testInfo) => {
      void [context, newDevice];
      await use();
      if (testInfo.status !== testInfo.expectedStatus) return;
      for (const page of [...watches.keys()].flatMap((each) => each.pages())) await page.close();
      for (const watch of watches.values()) await watch.judge();
    },
    { auto: true },
  ],

  look: async ({ watch }, use) => use((page, how) => watch(page.context()).look(page, how)),

  allow: async ({ context, watch }, use) => use((pattern) => watch(context).allow(pattern)),
});

/** Signs a user of the demo bank in (README.md lists them) and waits for the next page. */
export async function signIn(page: Page, name: string, password = 'lobby-demo') {
  await page.goto('/login');
  await page.locator('input[name=sign_in_name]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.locator('input[name=password]').press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** Signs a user in without opening a page, for journeys that are about something else. Open the first page afterwards. */
export async function enter(page: Page, name: string) {
  const answer = await page.request.post('/login', { form: { sign_in_name: name, password: 'lobby-demo' }, maxRedirects: 0 });
  expect(answer.status(), `${name} signs in`).toBe(303);
}
