// Elder mode, themes, forced colours, large text, and the installed portal: chosen pairwise, and every kind of page once per
// mode and theme.
import type { Page } from '@playwright/test';
import { enter, expect, signIn, test, waitAwake } from '../fixtures.ts';
import { bookedCash, caseNumber, choice, chooseWhereAndWhen, press, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

/** Sets the appearance of this browser without a page. */
async function wear(page: Page, mode: string, theme: string) {
  const answer = await page.request.post('/appearance', { form: { mode, theme, to: '/complaints' } });
  expect(answer.ok(), `${mode} ${theme}`).toBe(true);
}

/** Sets language and width of this browser without a page. */
async function speak(page: Page, language: string, width: number) {
  const answer = await page.request.post('/language', { form: { language, to: '/complaints' } });
  expect(answer.ok(), language).toBe(true);
  await page.setViewportSize({ width, height: 844 });
}

/** Texts that stand with fewer than two characters a line or are cut off, and what is wider than the window. */
const broken = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const clipping = (element: Element | null): Element | null =>
      !element || ['hidden', 'clip'].includes(getComputedStyle(element).overflowX) ? element : clipping(element.parentElement);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      const parent = node.parentElement;
      if (text.length < 4 || !parent?.checkVisibility() || parent.closest('.unseen, .skip')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const clip = clipping(parent);
      // What is for readers of the screen stands in a box of 1 px.
      if (clip && clip.clientWidth > 1 && range.getBoundingClientRect().right > clip.getBoundingClientRect().right + 1) found.push(`cut off: ${text}`);
      const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size;
      if (lines > 2 && text.length / lines < 2.5) found.push(`${lines} lines: ${text}`);
    }
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 1) found.push(`${wide} px wider than the window`);
    return found;
  });

/** Texts smaller than `text` px and targets lower than `target` px; a link within a sentence is as high as its line. */
const small = (page: Page, text: number, target: number) =>
  page.evaluate(
    ([text, target]) => {
      const found = new Set<string>();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (!node.textContent?.trim() || !parent?.checkVisibility() || parent.closest('.unseen, .skip, option')) continue;
        const size = Number.parseFloat(getComputedStyle(parent).fontSize);
        if (size < text - 0.1) found.add(`${size} px: ${node.textContent.trim().slice(0, 30)}`);
      }
      for (const each of document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
        if (!each.checkVisibility() || each.closest('.skip, .unseen')) continue;
        const whole = each.closest<HTMLElement>('label, .choice, .input') ?? each;
        const row = each.matches('.row-link') ? each.closest('tr, li') : null;
        const sentence = each.matches('a') && each.parentElement?.matches('p, dd, li') && each.parentElement.textContent?.trim() !== each.textContent?.trim();
        const high = (row ?? whole).getBoundingClientRect().height;
        if (high > 0 && high < target - 0.5 && !(sentence && getComputedStyle(each).display === 'inline')) {
          found.add(`${Math.round(high)} px high: ${each.outerHTML.slice(0, 110)}`);
        }
      }
      return [...found];
    },
    [text, target] as const,
  );

// The looks at every kind of page take the longest of all journeys.
test.describe.configure({ mode: 'parallel' });

test('the switch works on every page and stays', async ({ page, newDevice, look }) => {
  await page.goto('/login');
  await press(page, say('appearance.dark'));
  await expect(page).toHaveURL(/\/login/);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await press(page, say('appearance.elder'));
  await expect(page.locator('html')).toHaveAttribute('data-mode', 'elder');
  await signIn(page, 'c1001');
  await expect(page.locator('html')).toHaveAttribute('data-mode', 'elder');
  await look(page);
  await page.goto('/suggestions/new');
  await page.locator('.bar').getByRole('button', { name: say('appearance.normal') }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mode', 'normal');
  await expect(page).toHaveURL(/\/suggestions\/new/);
  const other = await newDevice();
  await signIn(other, 'c1001');
  await expect(other.locator('html'), 'the user chose the mode while signed in').toHaveAttribute('data-mode', 'normal');
  await expect(other.locator('html'), 'and the theme before').toHaveAttribute('data-theme', 'auto');
});

test('a booking in the elder mode, one question a page', async ({ page, look, scripts }) => {
  await wear(page, 'elder', 'light');
  // With scripts on a phone in English, without them on a desktop in Chinese.
  const language = scripts ? 'en' : 'zh-CN';
  await speak(page, language, scripts ? 390 : 1280);
  await signIn(page, 'c1001');
  await page.getByRole('main').getByRole('link', { name: say('cash.home.task', {}, language) }).first().click();
  const answers: Record<string, string> = { branch: 'shiqi', day: '2026-11-24', slot: '10:00', collector: 'self' };
  const book = page.getByRole('button', { name: say('cash.book', {}, language), exact: true });
  for (let questions = 0; (await book.count()) === 0; questions += 1) {
    expect(questions, page.url()).toBeLessThan(16);
    await waitAwake(page, scripts);
    await expect(page.locator('.hotline a')).toBeInViewport();
    const asked = ((await page.locator('#page-form input[name=offered]').getAttribute('value')) ?? '').split(' ');
    for (const name of asked) {
      const wanted = answers[name];
      if (wanted) await page.locator(`#page-form input[name="${name}"][value="${wanted}"]`).check();
      if (name === 'amount') await page.locator('#page-form input[name=amount]').fill('80000');
      if (name === 'any_notes') await page.locator('#page-form input[name=any_notes]').first().check();
      if (name === 'account') await page.locator('#page-form input[name=account]').first().check();
    }
    if (asked.includes('day') || asked.includes('amount')) await look(page, { unsent: true });
    await page.locator('#page-form button.button[type=submit], #page-form button.button:not([type])').last().click();
  }
  await book.click();
  await caseNumber(page);
  await look(page);
});

/** Mode, theme, language and width: every pair of two values occurs. */
const looks = [
  ['normal', 'dark', 'en', 1280],
  ['elder', 'light', 'en', 390],
  ['elder', 'dark', 'zh-CN', 1280],
  ['normal', 'light', 'zh-CN', 390],
  ['normal', 'dark', 'zh-CN', 390],
  ['elder', 'light', 'zh-CN', 1280],
] as const;

for (const [mode, theme, language, width] of looks) {
  test(`every kind of page: ${mode}, ${theme}, ${language}, ${width} px, and with large text`, async ({ page, newDevice, look, scripts }) => {
    test.skip(!scripts, 'axe needs scripts, and the style is the same without them');
    test.setTimeout(240_000);
    await enter(page, 'c1001');
    const number = await bookedCash(page.request);
    await page.goto('/appointments/new/cash');
    await chooseWhereAndWhen(page, scripts, { ...tomorrow, day: '2026-11-25' });
    await choice(page, 'any_notes', 'own').check();
    await expect(page.locator('[data-saved]')).toHaveText(/\d/);
    const counted = new URL(page.url());
    const customer = ['/', '/appointments', `/appointments/${number}`, '/appointments/new/cash', counted.pathname + counted.search, '/suggestions/new', '/surveys/needs-2026', '/me', '/recommendations'];
    const staff = await newDevice();
    await enter(staff, 'clerk');
    const visitor = await newDevice();
    const pages: [Page, string[]][] = [
      [page, customer],
      [staff, ['/desk', `/desk/cases/${number}`]],
      [visitor, ['/', '/login', '/complaints', '/nothing']],
    ];
    for (const [browser, paths] of pages) {
      await wear(browser, mode, theme);
      await speak(browser, language, width);
      for (const path of paths) {
        await browser.goto(path);
        // Other journeys compare these pages with those without scripts.
        await look(browser, { unsent: true });
        if (mode === 'elder' && browser !== staff) expect.soft(await small(browser, 24, 60), `${path} in the elder mode`).toEqual([]);
        if (mode === 'normal' && browser !== staff) expect.soft(await small(browser, 12, 44), `${path}: targets`).toEqual([]);
        expect.soft(await broken(browser), path).toEqual([]);
        if (mode === 'elder' || theme === 'dark') continue;
        await browser.evaluate(() => {
          document.documentElement.style.fontSize = '200%';
        });
        expect.soft(await broken(browser), `${path} at 200 %`).toEqual([]);
      }
    }
  });
}

test('in forced colours what is chosen, reached or selected is told apart', async ({ page, newDevice, scripts }) => {
  test.skip(!scripts, 'the style is the same without scripts');
  await page.emulateMedia({ forcedColors: 'active' });
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  await page.goto('/suggestions/new');
  await page.locator('input[name=category]').first().check();
  const differs = (browser: Page, chosen: string, other: string) =>
    browser.evaluate(
      ([chosen, other]) => {
        const style = (css: string) => {
          const found = document.querySelector(css);
          if (!found) return `no ${css}`;
          const { outlineStyle, outlineColor, borderTopWidth, borderTopColor } = getComputedStyle(found);
          return [outlineStyle === 'none' ? '' : outlineColor, borderTopWidth, borderTopColor].join(' ');
        };
        return [style(chosen), style(other)];
      },
      [chosen, other] as const,
    );
  const [chosen, other] = await differs(page, '.choice:has(:checked)', '.choice:not(:has(:checked))');
  expect(chosen).not.toEqual(other);
  await page.goto('/appointments/new/cash');
  const [done, left] = await differs(page, '.steps-bar .done', '.steps-bar li:not(.done)');
  expect(done).not.toEqual(left);
  const staff = await newDevice();
  await staff.emulateMedia({ forcedColors: 'active' });
  await staff.setViewportSize({ width: 1280, height: 900 });
  await enter(staff, 'clerk');
  await staff.goto(`/desk/cases/${number}`);
  const [current] = await differs(staff, '.table tr.current', '.table tr:not(.current)');
  expect(current).toMatch(/rgb/);
});

test.describe('installed', () => {
  test.use({ serviceWorkers: 'allow' });

  test('without a network the offline page says what can be done', async ({ page, lobby, scripts, allow }) => {
    test.skip(!scripts, 'a service worker is a script');
    allow(/ERR_CONNECTION_REFUSED|ERR_FAILED/);
    await page.goto('/login');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return lists.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept.filter((path) => path !== '/offline' && !path.endsWith('/lobby.css'))).toEqual([]);
    await page.reload();
    await lobby.kill();
    await page.goto('/appointments').catch(() => undefined);
    await expect(page.getByRole('heading', { level: 1, name: say('page.offline_title') })).toBeVisible();
    await expect(page.locator('a[href^="tel:"]').first()).toBeVisible();
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.button')!).minHeight), 'with its style').not.toBe('auto');
    await lobby.restart();
    await page.getByRole('link', { name: say('page.offline_again') }).click();
    await expect(page.locator('header.bar')).toBeVisible();
  });
});
