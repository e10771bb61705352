// J2 by keyboard only: Tab to the next element, Space to choose, Enter to continue.
import { type Locator, type Page } from '@playwright/test';
import { expect, test, waitAwake } from '../fixtures.ts';
import { caseNumber, choice, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

/** Presses Tab until the element has the focus, up to an acceptable number of times. */
async function tabTo(page: Page, element: Locator) {
  await expect(element).toBeVisible();
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await element.evaluate((found) => found === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${element} is not reached by Tab`);
}

/** Chooses a radio button: Tab into the group, arrow keys to the choice. */
async function choose(page: Page, name: string, value: string) {
  const wanted = choice(page, name, value);
  await expect(wanted).toBeVisible();
  const inGroup = () => page.evaluate((group) => (document.activeElement as HTMLInputElement | null)?.name === group, name);
  for (let pressed = 0; !(await inGroup()); pressed += 1) {
    if (pressed > 60) throw new Error(`the group ${name} is not reached by Tab`);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  for (let pressed = 0; pressed < 12 && !(await wanted.isChecked()); pressed += 1) await page.keyboard.press('ArrowDown');
  await expect(wanted).toBeChecked();
}

test('J2 by keyboard alone', async ({ page, look, scripts }) => {
  test.skip(!scripts, 'the browser does the same without scripts; J2 is asked for with them');
  await page.goto('/login');
  await tabTo(page, page.locator('input[name=sign_in_name]'));
  await page.keyboard.type('c1001');
  await page.keyboard.press('Tab');
  await page.keyboard.type('lobby-demo');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('main').getByRole('link', { name: say('cash.home.task') }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('cash.where_title') })).toBeVisible();
  await waitAwake(page, scripts);

  await choose(page, 'branch', tomorrow.branch);
  await choose(page, 'day', tomorrow.day);
  await choose(page, 'slot', tomorrow.slot);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
  await waitAwake(page, scripts);
  // A round amount by its button, then another; the amount is said in capital numerals.
  await tabTo(page, page.getByRole('button', { name: '10 万', exact: true }));
  await page.keyboard.press('Space');
  const amount = page.getByLabel(say('cash.amount'), { exact: true });
  await expect(amount).toHaveValue('100000');
  await expect(page.locator('#amount-capitals')).toHaveText('壹拾万元整');
  await amount.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('80000');
  await expect(page.locator('#amount-capitals')).toHaveText('捌万元整');
  await choose(page, 'account', (await page.locator('input[name=account]').first().getAttribute('value')) ?? '');
  // The branch chooses the notes, unless one counts them oneself.
  const hundreds = page.getByRole('textbox', { name: say('cash.count_of', { yuan: 100 }), exact: true });
  await expect(hundreds).toBeHidden();
  await choose(page, 'any_notes', 'own');
  await tabTo(page, hundreds);
  await page.keyboard.type('699');
  // Adds one with the plus button, and a bundle.
  for (const more of ['cash.more', 'cash.more_hundred']) {
    await tabTo(page, page.getByRole('button', { name: say(more, { yuan: 100 }), exact: true }));
    await page.keyboard.press('Space');
  }
  await expect(hundreds).toHaveValue('800');
  await expect(page.locator('#notes-sum')).toContainText(say('cash.sum_right'));
  await look(page, { unsent: true });
  await tabTo(page, page.getByRole('button', { name: say('cash.next'), exact: true }));
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1, name: say('cash.who_title') })).toBeVisible();
  await choose(page, 'collector', 'self');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('cash.check_title') })).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: say('cash.book'), exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(say('cash.case.submitted'))).toBeVisible();
  await caseNumber(page);
});
