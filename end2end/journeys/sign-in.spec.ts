// Sign-in: the page shown after it, and wrong passwords.
import { checkAxe, enter, expect, signIn, test } from '../fixtures.ts';
import { approvedByTheSecond, press, typeSentCode } from '../steps.ts';
import { say } from '../words.ts';

test('a customer signs in and lands on the first page', async ({ page, look }) => {
  await page.goto('/login');
  await look(page);
  await signIn(page, 'c1001');
  await expect(page).toHaveURL(/\/$/);
  await look(page);
});

test('a wrong password is refused in words and the name stays', async ({ page, look, scripts }) => {
  await page.goto('/login');
  await page.locator('input[name=sign_in_name]').fill('c1001');
  await page.locator('input[name=password]').fill('not the password');
  if (scripts) {
    const type = () => page.locator('input[name=password]').getAttribute('type');
    await press(page, say('sign_in.show_password'));
    expect(await type()).toBe('text');
    await press(page, say('sign_in.hide_password'));
    expect(await type()).toBe('password');
  }
  await page.locator('input[name=password]').press('Enter');
  await expect(page.locator('[data-refusal]')).toBeVisible();
  await expect(page.locator('input[name=sign_in_name]')).toHaveValue('c1001');
  await expect(page.locator('input[name=password]')).toHaveValue('');
  await look(page);
});

test('at a bank that requires it a customer gives a code to the phone after the password, and is at the page that was wanted', async ({ page, newDevice, lobby, look }) => {
  await enter(page, 'admin');
  await page.goto('/admin/parameters/customer_second_factor');
  await page.getByLabel(say('admin.new_value'), { exact: true }).selectOption('required');
  await page.getByLabel(say('admin.from'), { exact: true }).fill('2026-11-23');
  await press(page, say('admin.preview'));
  const second = await approvedByTheSecond(page, newDevice);
  await expect(second.getByText(say('admin.state.applied')).first()).toBeVisible();

  const customer = await newDevice();
  await customer.goto('/me');
  await signIn(customer, 'c1001');
  await expect(customer).toHaveURL(/\/login\/code\?next=/);
  await customer.goto('/me');
  await typeSentCode(customer, lobby, look);
  await press(customer, say('factors.sign_in.submit'));
  await expect(customer).toHaveURL(/\/me$/);
  await expect(customer.locator('#factor').getByRole('link', { name: say('factors.manage') })).toBeVisible();
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

test('a minute before the session ends a dialog warns, and one press goes on', async ({ page, lobby, scripts }) => {
  test.skip(!scripts, 'without scripts the page says until when it can be sent');
  await signIn(page, 'c1001');
  await page.goto('/suggestions/new');
  const text = page.locator('textarea[name=content]');
  await text.fill('多开一个窗口');
  await lobby.restart({ now: '2026-11-23T10:09:20+08:00' });
  // A tab that becomes visible again asks for the remaining time.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const dialog = page.getByRole('alertdialog', { name: say('sign_in.session_title') });
  await expect(dialog).toBeVisible();
  await expect(page.getByRole('button', { name: say('sign_in.session_stay'), exact: true })).toBeFocused();
  await checkAxe(page);
  await press(page, say('sign_in.session_stay'));
  await expect(dialog).toBeHidden();
  await expect(text).toHaveValue('多开一个窗口');
  await lobby.restart({ now: '2026-11-23T10:18:00+08:00' });
  expect((await page.goto('/me'))?.url()).toMatch(/\/me$/);

  // The session ends, the person signs in again in another tab, and is warned here again.
  const look = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const stay = page.locator('[data-stay]');
  await lobby.restart({ now: '2026-11-23T10:30:00+08:00' });
  await look();
  await expect(dialog).toBeVisible();
  await expect(stay).toBeHidden();
  // What is typed stays here: the sign-in page opens in a window of its own.
  const signInLink = page.getByRole('link', { name: say('sign_in.session_sign_in') });
  await expect(signInLink).toBeVisible();
  await expect(signInLink).toHaveAttribute('target', '_blank');
  const other = await page.context().newPage();
  await signIn(other, 'c1001');
  await look();
  await expect(dialog).toBeHidden();
  await lobby.restart({ now: '2026-11-23T10:39:20+08:00' });
  await look();
  await expect(dialog).toBeVisible();
  await expect(stay).toBeVisible();
  await expect(signInLink).toBeHidden();
});
