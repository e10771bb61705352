// A company's cash booking waits for the company's approver: agreed to on a phone and confirmed by the branch, or refused with a reason.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { bookedCash, openOnDesk, press, stateTag, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

const PHONE = { width: 390, height: 844 };

/** The operator's booking. */
const wages = { ...tomorrow, amount: 260_000, purpose: '工资' };

test('the operator books, the approver agrees on a phone, the clerk confirms', async ({ page, newDevice, look }) => {
  await enter(page, 'c1005');
  const number = await bookedCash(page.request, wages);
  await page.goto(`/appointments/${number}`);
  await expect(stateTag(page, say('cash.told.awaiting_company_approver'))).toBeVisible();
  await look(page);

  const approver = await newDevice();
  await approver.setViewportSize(PHONE);
  await signIn(approver, 'c1006');
  await expect(approver.getByRole('heading', { name: say('home.to_approve') })).toBeVisible();
  await look(approver);
  await approver.goto(`/appointments/${number}`);
  await look(approver);
  await press(approver, say('cash.approver.agree'));
  await expect(stateTag(approver, say('cash.told.submitted'))).toBeVisible();
  await expect(approver.getByRole('button', { name: say('cash.approver.agree') })).toHaveCount(0);
  await look(approver);

  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm'));
  await expect(stateTag(clerk, say('cash.state.confirmed'))).toBeVisible();
  await page.reload();
  await expect(stateTag(page, say('cash.state.confirmed'))).toBeVisible();
  await look(page);
});

test('the approver refuses with a reason, which the operator reads', async ({ page, newDevice, look }) => {
  await enter(page, 'c1005');
  const number = await bookedCash(page.request, wages);
  const approver = await newDevice();
  await approver.setViewportSize(PHONE);
  await enter(approver, 'c1006');
  await approver.goto(`/appointments/${number}`);
  await approver.locator('summary', { hasText: say('cash.approver.refuse') }).click();
  await approver.getByLabel(say('cash.approver.why')).fill('这个月的工资已经转账');
  await look(approver, { unsent: true });
  await press(approver, say('cash.approver.refuse_do'));
  await expect(stateTag(approver, say('cash.state.cancelled'))).toBeVisible();
  await look(approver);
  await page.goto(`/appointments/${number}`);
  await expect(stateTag(page, say('cash.state.cancelled'))).toBeVisible();
  await expect(page.getByRole('main')).toContainText('这个月的工资已经转账');
  await look(page);
});
