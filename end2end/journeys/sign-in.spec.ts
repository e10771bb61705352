// Who gets in, where they land, and what a wrong password costs.
import { expect, signIn, test } from '../fixtures.ts';

test('a customer signs in and lands on the first page', async ({ page, look }) => {
  await page.goto('/login');
  await look(page);
  await signIn(page, 'c1001');
  await expect(page).toHaveURL(/\/$/);
  await look(page);
});

test('a wrong password is refused in words and the name stays', async ({ page, look }) => {
  await page.goto('/login');
  await page.locator('input[name=sign_in_name]').fill('c1001');
  await page.locator('input[name=password]').fill('not the password');
  await page.locator('input[name=password]').press('Enter');
  await expect(page.locator('[data-refusal]')).toBeVisible();
  await expect(page.locator('input[name=sign_in_name]')).toHaveValue('c1001');
  await expect(page.locator('input[name=password]')).toHaveValue('');
  await look(page);
});

test('staff land on the desk, a customer is shown a helpful 403 there', async ({ page, newDevice, look }) => {
  await signIn(page, 'clerk');
  await expect(page).toHaveURL(/\/desk$/);
  await look(page);

  const customers = await newDevice();
  await customers.goto('/desk');
  await expect(customers).toHaveURL(/\/login/);
  await signIn(customers, 'c1001');
  const refused = await customers.goto('/desk');
  expect(refused?.status()).toBe(403);
  await look(customers);
});
