// Another time is proposed: the clerk offers it, the customer sees both side by side and answers with one press.
import { enter, expect, test } from '../fixtures.ts';
import { bookedCash, nearest, openOnDesk, press, refusal, stateTag, takeOffer } from '../steps.ts';
import { say } from '../words.ts';

test('another time is proposed and accepted', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm'));
  await expect(stateTag(clerk, say('cash.state.confirmed'))).toBeVisible();

  // The nearest time is filled in; a Sunday is refused with the nearest day, which one press takes.
  await expect(clerk.locator('input[name=slot]')).toHaveValue('11:00');
  await clerk.getByRole('textbox', { name: say('cash.desk.propose') }).fill('当天押运时间不够');
  await clerk.locator('input[name=day]').fill('2026-11-29');
  await press(clerk, say('cash.desk.propose'));
  const refused = refusal(clerk, 'proposal_day');
  await expect(refused).toBeVisible();
  expect((await nearest(refused)).get('day')).toBe('2026-11-30');
  await look(clerk);
  await takeOffer(refused);
  await clerk.locator('input[name=day]').fill('2026-11-25');
  await press(clerk, say('cash.desk.propose'));
  await expect(stateTag(clerk, say('cash.state.proposed'))).toBeVisible();
  await look(clerk);

  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: say('cash.message.proposed_title') }).click();
  await expect(page.getByText(say('appointments.proposal.booked'), { exact: true })).toBeVisible();
  await expect(page.getByText(/11\s月\s25\s日/).first()).toBeVisible();
  await look(page);
  await press(page, say('appointments.proposal.accept'));
  await expect(page.locator('#answer')).toBeFocused();
  await expect(stateTag(page, say('cash.state.confirmed'))).toBeVisible();
  await expect(page.getByRole('button', { name: say('appointments.proposal.accept') })).toHaveCount(0);
  await expect(page.locator('.ticket').getByText(/11\s月\s25\s日/).first()).toBeVisible();
  await look(page);
});

test('a proposal that is not accepted leaves the booking as it was', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await clerk.getByRole('textbox', { name: say('cash.desk.propose') }).fill('当天押运时间不够');
  await press(clerk, say('cash.desk.propose'));
  await expect(stateTag(clerk, say('cash.state.proposed'))).toBeVisible();

  await page.goto(`/appointments/${number}`);
  await press(page, say('appointments.proposal.reject'));
  await expect(stateTag(page, say('cash.told.submitted'))).toBeVisible();
  await look(page);
  await openOnDesk(clerk, number);
  await expect(clerk.getByRole('button', { name: say('cash.desk.confirm'), exact: true })).toBeVisible();
  await look(clerk);
});
