// The frame of every page: language, pages not found or not permitted, pages before sign-in.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { bookedCash, press } from '../steps.ts';
import { say } from '../words.ts';

test('before sign-in the first page says what one can do', async ({ page, look }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: say('home.welcome') })).toBeVisible();
  await expect(page.getByRole('heading', { name: say('cash.home.board') })).toBeVisible();
  await look(page);
  await page.locator('.board a[href="/branches"]').click();
  await expect(page.getByRole('heading', { level: 1, name: say('branches.title') })).toBeVisible();
  await look(page);
  await page.goto('/complaints');
  await look(page);
});

test('the language changes on every page, and stays', async ({ page, look }) => {
  await page.goto('/login');
  await press(page, say('page.other_language'));
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole('heading', { level: 1, name: say('sign_in.title', {}, 'en') })).toBeVisible();
  await look(page);
  await enter(page, 'c1002');
  await page.goto('/appointments/new/cash');
  await expect(page.getByRole('heading', { level: 1, name: say('cash.where_title', {}, 'en') })).toBeVisible();
  await look(page);
  await page.goto('/surveys/needs-2026');
  await expect(page.getByRole('heading', { level: 1, name: 'What your money is for' })).toBeVisible();
  await look(page);
  await press(page, say('page.other_language', {}, 'en'));
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page).toHaveURL(/\/surveys\/needs-2026/);
  await expect(page.getByRole('heading', { level: 1, name: '资金用途' })).toBeVisible();
  const number = await bookedCash(page.request);
  await page.goto(`/appointments/${number}`);
  await press(page, say('page.other_language'));
  await expect(page).toHaveURL(new RegExp(`/appointments/${number}`));
  await expect(page.getByText(say('cash.case.submitted', {}, 'en'))).toBeVisible();
  await look(page);
});

test('a page that is not there, or is not yours, helps on', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  expect((await page.goto('/nothing-here'))?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: say('page.not_found_title') })).toBeVisible();
  await look(page);

  const other = await newDevice();
  await enter(other, 'c1002');
  expect((await other.goto(`/appointments/${number}`))?.status(), "another customer's booking").toBe(404);
  await expect(other.getByText(number)).toHaveCount(0);
  await look(other);
  expect((await other.goto('/desk'))?.status()).toBe(403);
  await expect(other.getByRole('heading', { level: 1, name: say('page.forbidden_title') })).toBeVisible();
  await look(other);
});

test('five wrong passwords lock the account until the next day', async ({ page, lobby, look }) => {
  for (let tries = 0; tries < 5; tries += 1) {
    await page.goto('/login');
    await page.locator('input[name=sign_in_name]').fill('c1004');
    await page.locator('input[name=password]').fill('wrong');
    await page.locator('input[name=password]').press('Enter');
    await expect(page.locator('[data-refusal]')).toBeVisible();
  }
  await page.locator('input[name=password]').fill('lobby-demo');
  await page.locator('input[name=password]').press('Enter');
  await expect(page.locator('[data-refusal]')).toBeVisible();
  await look(page);
  await lobby.restart({ now: '2026-11-24T09:00:00+08:00' });
  await signIn(page, 'c1004');
  await expect(page).toHaveURL(/\/$/);
});

test('signing out ends the session', async ({ page, look }) => {
  await signIn(page, 'c1001');
  await press(page, say('page.sign_out'));
  await expect(page.getByText(say('sign_in.signed_out'))).toBeVisible();
  await look(page);
  await page.goto('/appointments');
  await expect(page).toHaveURL(/\/login/);
});
