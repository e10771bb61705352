// The first page leads on: to the next visit, to an unfinished form, to a new one like the last.
import { enter, expect, test } from '../fixtures.ts';
import { bookedCash, choice, giveSentCode, press } from '../steps.ts';
import { say } from '../words.ts';

test('the next visit leads the first page; a booking is begun again beside an unfinished form', async ({ page, lobby, newDevice, look }) => {
  await page.goto('/login');
  await look(page);
  await page.getByText(say('sign_in.forgotten')).click();
  await expect(page.getByText(say('sign_in.forgotten_staff'))).toBeVisible();
  await enter(page, 'c1001');
  await bookedCash(page.request);
  await page.goto('/');
  const visit = page.locator('.visit');
  await expect(visit.getByText('10:00–11:00')).toBeVisible();
  await expect(visit.getByRole('link', { name: say('home.cancel'), exact: true })).toBeVisible();
  await look(page);

  await visit.getByRole('link', { name: say('home.see_visit'), exact: true }).click();
  await press(page, say('cash.case.another'));
  await expect(choice(page, 'branch', 'shiqi').first()).toBeChecked();
  await look(page);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: say('home.unfinished') })).toBeVisible();
  await look(page);
  await visit.getByRole('link', { name: say('home.see_visit'), exact: true }).click();
  await press(page, say('cash.case.another'));
  await expect(page.getByText(say('appointments.again_title'))).toBeVisible();
  await look(page);

  const elsewhere = await newDevice();
  await enter(elsewhere, 'c1001');
  await page.goto('/me');
  await press(page, say('me.end_others'));
  await giveSentCode(page, lobby, look);
  await press(page, say('me.end_others'));
  await expect(page.getByText(say('me.others_ended'))).toBeVisible();
  await look(page);
  await elsewhere.goto('/appointments');
  await expect(elsewhere).toHaveURL(/\/login/);
});
