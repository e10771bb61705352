// Promise 1, checked on every page: the same URL, opened by the same person without scripts, gives the same text to
// assistive technology. A text that only one of the two versions has is a failure.
import { type BrowserContext, type Page, expect } from '@playwright/test';

/** Elements that islands add to the server's markup; the hydrated page is compared without them. */
const ISLANDS_ADD = {
  'minus and plus beside a count of notes': 'button[data-step]',
  'the button that fills in a split of the notes': '#notes-propose',
  'what an open desk says when something has changed': '.desk-news > *',
  'the clock of the desk, how old its data are, and the button that lists the keys': '.desk-clock, .desk-mark, .desk-keys-open',
  'the button that shows a password': '[data-hide-password]',
  'the button that prints the page': 'leptos-island[data-component^=PrintButton] button',
};

/** Elements whose text an island replaces; both versions must have them and are compared without them. */
const ISLANDS_REPLACE = {
  'how any notes would be split, worked out for the amount as it stands': '.choice:has(#any_notes) .choice-detail',
  'the button that adds up the notes, which the island does while typing': '#notes-recount',
};

/** Text that may differ between two requests: the bank's clock, the key of a new form, a request's reference. */
const settled = (lines: string) =>
  lines
    .replaceAll(/现在是 \d\d:\d\d/g, '现在是 …')
    .replaceAll(/今天 \d\d:\d\d 用过/g, '今天 … 用过')
    .replaceAll(/本页请在 \d\d:\d\d 前提交/g, '本页请在 … 前提交')
    .replaceAll(/\?key=[a-z0-9]{26}/g, '?key=…')
    .replaceAll(/报出编号 [\w-]+/g, '报出编号 …');

/** The lines of the accessibility tree, without the excluded elements. */
async function seen(page: Page, except: string[]): Promise<string[]> {
  const left = page.locator(except.join(', '));
  await left.evaluateAll((found) => found.forEach((element) => element.setAttribute('aria-hidden', 'true')));
  const lines = settled(await page.locator('body').ariaSnapshot()).split('\n');
  await left.evaluateAll((found) => found.forEach((element) => element.removeAttribute('aria-hidden')));
  return lines;
}

/** The version without scripts of one device: a separate browser with the same cookies. */
export class Twin {
  #page: Page | undefined;

  constructor(readonly context: BrowserContext) {}

  /** Fails unless the page, hydrated and without input, has the same text as the version without scripts. */
  async same(page: Page) {
    const plain = await this.#open();
    await plain.context().clearCookies();
    await plain.context().addCookies(await this.context.cookies());
    // A URL that differs only in its fragment would not be requested again.
    await plain.goto(page.url().replace(/#.*/, ''));
    const [added, replaced] = [Object.values(ISLANDS_ADD), Object.values(ISLANDS_REPLACE)];
    const awake = await seen(page, [...added, ...replaced]);
    const without = await seen(plain, replaced);
    expect(awake, `with scripts (received) and without (expected), ${page.url()}`).toEqual(without);
    for (const part of replaced) expect(await page.locator(part).count(), part).toBe(await plain.locator(part).count());
  }

  async #open(): Promise<Page> {
    const browser = this.context.browser();
    if (!browser) throw new Error('the context has no browser');
    this.#page ??= await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    return this.#page;
  }

  async close() {
    await this.#page?.context().close();
  }
}
