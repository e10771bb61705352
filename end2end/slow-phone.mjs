// Part of `make bench`: a first visit to a page on a slow phone, as the browser itself sees it. Arguments: the server's address,
// the path, the cookie of a session. Prints medians of five visits in ms; times depend on the machine, so nothing fails.
import { chromium } from '@playwright/test';

const [base, path, cookie] = process.argv.slice(2);
/** A fourth of this machine's speed, and Lighthouse's slow mobile network. */
const slow = { cpu: 4, bytesPerSecond: 1_600_000 / 8, latency: 150 };
const budgets = { 'first paint': 1500, 'islands awake': 2500 };

const browser = await chromium.launch({ executablePath: process.env.LOBBY_CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });

/** One visit by a browser that has stored nothing. */
async function visit() {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  const context = await browser.newContext({ ...phone, locale: 'zh-CN', serviceWorkers: 'block' });
  const cookies = cookie.split('; ').map((pair) => pair.split(/=(.*)/s));
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: base })));
  await context.addInitScript(() => {
    const woken = () => {
      if (document.body?.hasAttribute('data-awake') && !window.awakeAt) window.awakeAt = performance.now();
    };
    new MutationObserver(woken).observe(document, { attributes: true, childList: true, subtree: true, attributeFilter: ['data-awake'] });
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const { bytesPerSecond, latency } = slow;
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: slow.cpu });
  const answer = await page.goto(base + path);
  if (answer.status() !== 200 || page.url().includes('/login')) throw new Error(`${path} led to ${page.url()}, ${answer.status()}`);
  await page.waitForFunction(() => window.awakeAt);
  const times = await page.evaluate(() => ({
    'first paint': performance.getEntriesByName('first-contentful-paint')[0].startTime,
    'islands awake': window.awakeAt,
  }));
  await context.close();
  return times;
}

const visits = [];
for (let turn = 0; turn < 5; turn++) visits.push(await visit());
await browser.close();

for (const [name, budget] of Object.entries(budgets)) {
  const middle = visits.map((times) => times[name]).toSorted((a, b) => a - b)[2];
  console.log(`  ${name.padEnd(24)} ${middle.toFixed(0)} ms (budget ${budget})${middle <= budget ? '' : '   OVER BUDGET'}`);
}
