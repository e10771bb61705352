// Typed text is never lost: not before hydration, not to another tab, not by an expired session.
import { type Page } from '@playwright/test';
import { enter, expect, signIn, test, waitAwake } from '../fixtures.ts';
import { book, caseNumber, choice, chooseWhereAndWhen, fillHowMuch, fillWho, press, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

/** Delays the wasm until the returned function is called. */
async function holdWasm(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  await page.route(/\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  return () => release();
}

test.describe('before the wasm wakes', () => {
  test('the amount and the notes typed are kept, and counted once it woke', async ({ page, scripts }) => {
    test.skip(!scripts, 'nothing wakes without scripts');
    await enter(page, 'c1001');
    await page.goto('/appointments/new/cash');
    await chooseWhereAndWhen(page, scripts, tomorrow);
    await expect(page.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
    const release = await holdWasm(page);
    await page.goto(page.url(), { waitUntil: 'commit' });
    // The table folds under the choice, without script.
    await choice(page, 'any_notes', 'own').check();
    const amount = page.getByLabel(say('cash.amount'), { exact: true });
    const hundreds = page.getByRole('textbox', { name: say('cash.count_of', { yuan: 100 }), exact: true });
    await amount.fill('80000');
    await hundreds.fill('700');
    await expect(page.locator('body[data-awake]')).toHaveCount(0);
    release();
    await waitAwake(page, scripts);
    await expect(amount).toHaveValue('80000');
    await expect(hundreds).toHaveValue('700');
    await expect(page.locator('#notes-sum')).toContainText('10,000');
  });

  test('a branch chosen is kept and its days appear once it woke', async ({ page, scripts }) => {
    test.skip(!scripts, 'nothing wakes without scripts');
    await enter(page, 'c1001');
    const release = await holdWasm(page);
    await page.goto('/appointments/new/cash', { waitUntil: 'commit' });
    await choice(page, 'branch', tomorrow.branch).check();
    await expect(page.locator('body[data-awake]')).toHaveCount(0);
    release();
    await waitAwake(page, scripts);
    await expect(choice(page, 'branch', tomorrow.branch)).toBeChecked();
    await expect(choice(page, 'day', tomorrow.day)).toBeVisible();
  });

  test('a suggestion typed is kept and saved once it woke', async ({ page, newDevice, scripts }) => {
    test.skip(!scripts, 'nothing wakes without scripts');
    await enter(page, 'c1001');
    const release = await holdWasm(page);
    await page.goto('/suggestions/new', { waitUntil: 'commit' });
    const words = '排队机旁边请放一把椅子。';
    await page.locator('[name=content]').fill(words);
    await expect(page.locator('body[data-awake]')).toHaveCount(0);
    release();
    await waitAwake(page, scripts);
    await expect(page.locator('[name=content]')).toHaveValue(words);
    await expect(page.locator('[data-saved]')).toContainText('保存');

    const second = await newDevice();
    await signIn(second, 'c1001');
    await second.getByRole('main').getByRole('link', { name: say('home.resume') }).click();
    await expect(second.locator('[name=content]')).toHaveValue(words);
  });
});

test('with scripts a refusal goes when its field is right, and a warning wears no success mark', async ({ page, look, allow, scripts }) => {
  test.skip(!scripts, 'without scripts the next page says it');
  allow(/save_draft/);
  await enter(page, 'c1001');
  await page.goto('/suggestions/new');
  await page.getByRole('button', { name: say('suggestions.submit') }).click();
  await waitAwake(page, scripts);
  await expect(page.locator('#errors [data-refusal]')).toHaveCount(2);
  await expect(page).toHaveTitle(/^错误/);
  await page.locator('[name=category][value=savings]').check();
  await expect(page.locator('#errors [data-refusal]')).toHaveCount(1);
  await expect(page.locator('#category-error')).toBeHidden();
  await look(page, { unsent: true });

  await page.route('**/save_draft', (route) => route.abort());
  await page.locator('[name=content]').fill('早');
  await expect(page.locator('.saved.unsaved')).toContainText(say('form.not_saved'));
  await expect(page.locator('#errors')).toBeVisible();
  await page.unroute('**/save_draft');
  await page.locator('[name=content]').fill('早点开门');
  await expect(page.locator('#errors')).toHaveCount(0);
  await expect(page.locator('.saved.unsaved')).toHaveCount(0);
  await expect(page).not.toHaveTitle(/错误/);
});

test('back, change and leave keep what was typed', async ({ page, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  const amount = page.getByLabel(say('cash.amount'), { exact: true });
  await amount.fill('80000');
  await press(page, say('form.back'));
  await expect(page.getByRole('heading', { level: 1, name: say('cash.where_title') })).toBeVisible();
  await look(page);
  await press(page, say('cash.next'));
  await expect(amount).toHaveValue('80000');
  await expect(page.locator('#errors')).toHaveCount(0);
  // Enter continues, though the way back is the first button of the page.
  await page.locator('input[name=account]').first().check();
  await amount.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('cash.who_title') })).toBeVisible();
  await page.getByLabel(say('cash.remark'), { exact: true }).fill('上午来');
  await choice(page, 'collector', 'self').check();
  await press(page, say('cash.next'));
  await page.getByRole('button', { name: `${say('form.change')} ${say('cash.amount')}` }).click();
  await expect(amount).toBeInViewport();
  await amount.fill('90000');
  await press(page, say('form.back'));
  await press(page, say('form.back'));
  await expect(page).toHaveURL(/\/appointments$/);
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: say('home.resume') }).click();
  await page.goto(page.url().replace(/step=\w+/, 'step=how_much'));
  await expect(amount).toHaveValue('90000');
});

test("the browser's back and forward show each step as it was filled in, and a reload sends nothing", async ({ page, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, tomorrow);
  await fillWho(page);
  const at = (title: string) => expect(page.getByRole('heading', { level: 1, name: say(title) })).toBeVisible();
  const amount = page.getByLabel(say('cash.amount'), { exact: true });
  await at('cash.check_title');
  await page.reload();
  await at('cash.check_title');
  await page.goBack();
  await at('cash.who_title');
  await expect(choice(page, 'collector', 'self')).toBeChecked();
  await page.goBack();
  await at('cash.much_title');
  await expect(amount).toHaveValue(/^80,?000$/);
  await page.goBack();
  await at('cash.where_title');
  await expect(choice(page, 'slot', tomorrow.slot)).toBeChecked();
  await page.goForward();
  await at('cash.much_title');
  await page.goForward();
  await at('cash.who_title');
  // What is changed there goes on to what is still to be done.
  await page.goBack();
  await at('cash.much_title');
  await waitAwake(page, scripts);
  await amount.fill('90000');
  await press(page, say('cash.next'));
  await at('cash.check_title');
  await expect(page.getByText(say('form.stale_title'))).toHaveCount(0);
  await expect(page.getByText('90,000').first()).toBeVisible();
});

test('two tabs: the older one is told, and nothing is overwritten', async ({ page, context, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await expect(page.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
  await fillHowMuch(page, tomorrow);
  await expect(page.getByRole('heading', { level: 1, name: say('cash.who_title') })).toBeVisible();

  await fillHowMuch(other, { amount: 90_000 });
  await expect(other.getByText(say('form.stale_title'))).toBeVisible();
  await look(other);

  await fillWho(page);
  await expect(page.getByText('80,000').first()).toBeVisible();
  await book(page);
});

test('two tabs: a check page left open books nothing it has not shown', async ({ page, context, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, tomorrow);
  await fillWho(page);
  const check = await context.newPage();
  await check.goto(page.url());
  await expect(check.getByText('80,000').first()).toBeVisible();

  await page.goto(page.url().replace('step=check', 'step=how_much'));
  await expect(page.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
  await fillHowMuch(page, { amount: 90_000 });

  await check.getByRole('button', { name: say('cash.book'), exact: true }).click();
  await expect(check.getByText(say('form.stale_title'))).toBeVisible();
  await expect(check.locator('[data-case-number]')).toHaveCount(0);
  await expect(check.getByText('90,000').first()).toBeVisible();
  await book(check);
  await expect(check.getByRole('main').getByText('90,000').first()).toBeVisible();
});

test('a booked form books nothing twice: a double click, two tabs at once, a page kept, the back button, an older tab', async ({ page, context, look, allow, scripts }) => {
  // Saving a draft of a booked form is answered with 409, which the browser logs.
  allow(/status of 409 .*save_draft/);
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  const older = await context.newPage();
  await older.goto(page.url());
  await fillHowMuch(page, tomorrow);
  await fillWho(page);
  const still = await context.newPage();
  await still.goto(page.url());
  const kept = await context.newPage();
  await kept.goto(page.url());
  // Chromium sends one request for a double click; two tabs at the same time send two.
  const button = (tab: Page) => tab.getByRole('button', { name: say('cash.book'), exact: true });
  await Promise.all([button(page).dblclick(), button(still).click()]);
  await expect(page.getByText(say('cash.case.submitted'))).toBeVisible();
  const number = await caseNumber(page);
  await expect(still.getByText(say('cash.case.submitted'))).toBeVisible();
  expect(await caseNumber(still)).toBe(number);

  // The same values again from a page in the browser's history: the same case, without a notice.
  expect(await book(kept)).toBe(number);
  await expect(kept.getByText(say('form.already_title'))).toHaveCount(0);
  await page.goBack();
  expect(await caseNumber(page)).toBe(number);

  // Other values under the same key: leads to the case, with an explanation.
  await fillHowMuch(older, { amount: 90_000 });
  await expect(older.getByText(say('form.already_title'))).toBeVisible();
  expect(await caseNumber(older)).toBe(number);
  await expect(older.getByRole('main').getByText('80,000').first()).toBeVisible();
  await look(older);
  await older.goto('/appointments');
  await expect(older.locator('[data-case-number]')).toHaveCount(1);
});

test('a session that expired in the middle of a form loses nothing', async ({ page, lobby, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, tomorrow);
  await expect(page.getByRole('heading', { level: 1, name: say('cash.who_title') })).toBeVisible();
  await lobby.restart({ now: '2026-11-23T10:30:00+08:00' });
  await choice(page, 'collector', 'self').check();
  await press(page, say('cash.next'));
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(say('sign_in.expired_title'))).toBeVisible();
  await look(page);
  await page.locator('input[name=sign_in_name]').fill('c1001');
  await page.locator('input[name=password]').fill('lobby-demo');
  await page.locator('input[name=password]').press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
  // Back at the same step with the typed text and a notice that nothing has been sent. Nothing is typed again.
  await expect(page.getByRole('heading', { level: 1, name: say('cash.who_title') })).toBeVisible();
  await expect(page.getByText(say('form.unsent_text'))).toBeVisible();
  await expect(choice(page, 'collector', 'self')).toBeChecked();
  await look(page);
  await press(page, say('cash.next'));
  await expect(page.getByText('80,000').first()).toBeVisible();
  await book(page);
});

test('agents: what the choice makes needless is ignored, what it needs is asked for', async ({ page, look, scripts }) => {
  await enter(page, 'c1004');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, tomorrow);
  await choice(page, 'collector', 'agent').check();
  await page.getByLabel(say('cash.agent_name'), { exact: true }).fill('陈小明');
  await look(page, { unsent: true });
  await press(page, say('cash.next'));
  await expect(page.locator('[data-refusal="agent_id_type_missing"]')).toBeVisible();
  await look(page);
  await fillWho(page);
  await book(page);
  await expect(page.getByText('陈小明')).toHaveCount(0);
});
