// A joiner: proposed by one administrator, approved by the second, who hands out the link; the new clerk sets a password and signs in.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { approvedByTheSecond, press } from '../steps.ts';
import { say } from '../words.ts';

test('a new staff member is proposed, approved, activated with the link and signs in', async ({ page, newDevice, look }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await enter(page, 'admin');
  await page.goto('/admin/staff');
  await look(page);
  await page.getByRole('link', { name: say('staff.add') }).click();
  await page.getByLabel(say('staff.name'), { exact: true }).fill('林小雨');
  await page.getByLabel(say('staff.sign_in_name'), { exact: true }).fill('linxy');
  await page.getByLabel(say('staff.role'), { exact: true }).selectOption('clerk');
  await page.getByLabel(say('staff.branch'), { exact: true }).selectOption('shiqi');
  await press(page, say('admin.preview'));
  await look(page);
  const second = await approvedByTheSecond(page, newDevice);
  await second.getByRole('link', { name: say('staff.to_link') }).click();
  await look(second);
  await press(second, say('staff.make_link'));
  const link = new URL(await second.locator('.activation-link').innerText()).pathname;
  expect(link).toMatch(/^\/activate\/[\w-]{43}$/);

  const own = await newDevice();
  await own.goto(link);
  await own.locator('input[name=password]').fill('correct horse battery staple');
  await own.locator('input[name=password_again]').fill('correct horse battery staple');
  await press(own, say('activation.submit'));
  await expect(own.getByText(say('activation.done'))).toBeVisible();
  await signIn(own, 'linxy', 'correct horse battery staple');
  await expect(own).toHaveURL(/\/desk/);

  await page.goto('/admin/roles');
  await look(page);
});
