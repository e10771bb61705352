// Tests of the watch: every problem it checks for is provoked and must be found.
import { type Browser, type Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { Watch } from '../watch.ts';

/** Changes to a correct page, each with the findings the watch must report. */
const spoiled: [RegExp[], (page: Page) => Promise<unknown>][] = [
  // Everything that is evaluated at the end, in one page.
  [
    [/console error .* a mistake/, /exception .* nobody caught it/, /GET .*\/healthz answered 503/, /Failed to load resource.*\/nothing-here/],
    async (page) => {
      await page.route('/healthz', (route) => route.fulfill({ status: 503 }));
      await page.evaluate(async () => {
        console.error('a mistake');
        setTimeout(() => {
          throw new Error('nobody caught it');
        });
        await Promise.all([fetch('/healthz'), fetch('/nothing-here')]);
      });
    },
  ],
  [[/image-alt/], (page) => page.evaluate(() => document.querySelector('main')?.append(document.createElement('img')))],
  [[/width of .*complaints/], (page) => page.locator('main h1').evaluate((found) => found.style.setProperty('width', '200vw'))],
  // Texts and link targets that only one version has, with or without scripts.
  [[/with scripts .* and without/], (page) => page.locator('main p').first().evaluate((found) => found.remove())],
  [[/with scripts .* and without/], (page) => page.locator('main p').first().evaluate((found) => found.append('！'))],
  [[/with scripts .* and without/], (page) => page.locator('main a').first().evaluate((found) => found.setAttribute('href', '/elsewhere'))],
];

/** Checks one page as a journey does; returns the findings, if any. `minutes`: how often a minute ends while it is checked. */
async function verdict(browser: Browser, scripts: boolean, address: string, spoil: (page: Page) => Promise<unknown>, minutes = 0) {
  const context = await browser.newContext();
  let left = minutes;
  const watch = new Watch(context, scripts, 'a control of the watch', { changedSince: () => left-- > 0 });
  try {
    const page = await context.newPage();
    await page.goto(address);
    await spoil(page);
    await watch.look(page);
    await watch.judge();
    return '';
  } catch (error) {
    return String(error).replaceAll(/\u001b\[\d+m/g, '');
  } finally {
    await watch.close();
    await context.close();
  }
}

test('the watch finds what is wrong with a page, and nothing on a sound one', async ({ browser, lobby, scripts }) => {
  test.skip(!scripts, 'provoked by scripts; the control without them is below');
  const address = `${lobby.url}/complaints`;
  expect(await verdict(browser, scripts, address, async () => {})).toBe('');
  for (const [findings, spoil] of spoiled) {
    const said = await verdict(browser, scripts, address, spoil);
    for (const finding of findings) expect(said).toMatch(finding);
  }
  // What the end of a minute may have changed is looked at again, on new pages.
  const changes = (page: Page) => page.locator('main p').first().evaluate((found) => found.append('！'));
  expect(await verdict(browser, scripts, address, changes, 1)).toBe('');
  const always = async (page: Page) => {
    await page.context().addInitScript(() => addEventListener('load', () => document.querySelector('main p')?.append('！')));
    await changes(page);
  };
  expect(await verdict(browser, scripts, address, always, 2)).toMatch(/with scripts .* and without/);
});

test('the watch finds a script that a browser without scripts asks for', async ({ browser, lobby, scripts }) => {
  test.skip(scripts, 'with scripts the browser should ask for them');
  const address = `${lobby.url}/complaints`;
  const preloads = (file: string, as: string) => async (page: Page) => {
    await page.route(address, async (route) => {
      const answer = await route.fetch();
      const link = `<link rel="preload" href="${file}" as="${as}" crossorigin>`;
      await route.fulfill({ response: answer, body: (await answer.text()).replace('</head>', `${link}</head>`) });
    });
    const asked = page.waitForRequest(`**${file}`);
    await page.reload();
    await asked;
  };
  expect(await verdict(browser, scripts, address, async () => {})).toBe('');
  expect(await verdict(browser, scripts, address, preloads('/pkg/lobby.wasm', 'fetch'))).toContain('scripts are off, yet the browser asked for /pkg/lobby.wasm');
  expect(await verdict(browser, scripts, address, preloads('/pkg/lobby.js', 'script'))).toContain('scripts are off, yet the browser asked for /pkg/lobby.js');
});
