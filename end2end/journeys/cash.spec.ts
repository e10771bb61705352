// Cash, from the form to the counter: J2 booked and confirmed, J3 refused and corrected, J4 cancelled, J5 from 500,000
// yuan, J9 not collected.
import { enter, expect, signIn, test } from '../fixtures.ts';
import {
  book,
  bookedCash,
  bookMeanwhile,
  choice,
  chooseWhereAndWhen,
  fillHowMuch,
  fillWho,
  nearest,
  openOnDesk,
  press,
  refusal,
  stateTag,
  takeOffer,
  tomorrow,
} from '../steps.ts';
import { say } from '../words.ts';

test('J2 cash is booked, the clerk confirms it, the customer reads so', async ({ page, newDevice, look, scripts }) => {
  await signIn(page, 'c1001');
  await page.getByRole('main').getByRole('link', { name: say('cash.home.task') }).click();
  await look(page);
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await expect(page.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
  await look(page);
  // The first step again with all choices made: days and places left are rendered by the server and by the island.
  await page.goBack();
  await expect(choice(page, 'slot', tomorrow.slot)).toBeChecked();
  await look(page);
  await press(page, say('cash.next'));
  await fillHowMuch(page, tomorrow);
  await look(page);
  await fillWho(page);
  await look(page);
  const number = await book(page);
  await look(page);
  const bookmark = page.url();

  const clerk = await newDevice();
  await signIn(clerk, 'clerk');
  await look(clerk);
  await openOnDesk(clerk, number);
  await expect(clerk.locator(`[data-case-number="${number}"]`).first()).toBeVisible();
  await look(clerk);
  await press(clerk, say('cash.desk.confirm'));
  await expect(stateTag(clerk, say('cash.state.confirmed'))).toBeVisible();
  await look(clerk);

  // The answer is shown on the customer's home page, and the bookmark still works.
  await page.goto('/');
  await expect(page.getByRole('main').getByRole('link', { name: say('cash.message.confirmed_title') })).toBeVisible();
  await look(page);
  await page.goto(bookmark);
  await expect(stateTag(page, say('cash.state.confirmed'))).toBeVisible();
  await press(page, say('appointments.read'));
  await expect(page.getByRole('button', { name: say('appointments.read') })).toHaveCount(0);
  await look(page);
  await page.goto('/appointments');
  await expect(page.locator(`[data-case-number="${number}"]`)).toBeVisible();
  await look(page);
});

test('J3 notes that do not add up are mended by the offered split in one click', async ({ page, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, { amount: 80_000, notes: { 100: 700 } });
  const refused = refusal(page, 'notes_differ');
  await expect(refused).toBeVisible();
  await look(page);
  await nearest(refused);
  await expect(page.getByLabel(say('cash.amount'), { exact: true })).toHaveValue(/^80,?000$/);
  await takeOffer(refused);
  if (await page.getByRole('heading', { level: 1, name: say('cash.much_title') }).isVisible()) await press(page, say('cash.next'));
  await fillWho(page);
  await book(page);
});

test('J3 an amount below the least is mended in one click and then booked', async ({ page, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, { amount: 30_000 });
  const refused = refusal(page, 'amount_below_minimum');
  await expect(refused).toBeVisible();
  await expect(refused).toHaveAttribute('data-nearest', /^amount=50000/);
  await look(page);
  await takeOffer(refused);
  if (await page.getByRole('heading', { level: 1, name: say('cash.much_title') }).isVisible()) await press(page, say('cash.next'));
  await fillWho(page);
  await book(page);
  await expect(page.getByText('50,000').first()).toBeVisible();
});

test.describe('shortly before the cut-off', () => {
  test.use({ now: '2026-11-23T14:55:00+08:00' });

  test('J3 a day that became too early meanwhile is mended by the offered day', async ({ page, lobby, look, scripts }) => {
    await enter(page, 'c1001');
    await page.goto('/appointments/new/cash');
    await chooseWhereAndWhen(page, scripts, tomorrow);
    await fillHowMuch(page, tomorrow);
    await fillWho(page);
    await lobby.restart({ now: '2026-11-23T15:00:30+08:00' });
    await press(page, say('cash.book'));
    const refused = refusal(page, 'day_too_early');
    await expect(refused).toBeVisible();
    expect((await nearest(refused)).get('day')).toBe('2026-11-25');
    await look(page);
    await takeOffer(refused);
    await book(page);
    await expect(page.getByText(/11\s月\s25\s日/).first()).toBeVisible();
  });
});

test('J3 a slot that filled up meanwhile is mended by the offered slot', async ({ page, lobby, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, tomorrow);
  await fillHowMuch(page, tomorrow);
  await fillWho(page);
  // Four other customers book all places of the slot in the meantime.
  await Promise.all(['c1002', 'c1004', 'g000001', 'g000002'].map((name) => bookMeanwhile(lobby.url, name)));
  await press(page, say('cash.book'));
  const refused = refusal(page, 'slot_full');
  await expect(refused).toBeVisible();
  const offered = await nearest(refused);
  expect(offered.get('day')).toBe(tomorrow.day);
  expect(offered.get('slot')).toMatch(/^(09|11):00$/);
  await look(page);
  await takeOffer(refused);
  await book(page);
  await expect(page.getByText(offered.get('slot') ?? '').first()).toBeVisible();
});

test('J4 a cancelled booking gives its place back', async ({ page, newDevice, look, scripts }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  const other = await newDevice();
  await enter(other, 'c1002');
  const places = async () => {
    await other.goto('/appointments/new/cash');
    await choice(other, 'branch', tomorrow.branch).check();
    if (!scripts) await press(other, say('cash.next'));
    await choice(other, 'day', tomorrow.day).check();
    if (!scripts) await press(other, say('cash.next'));
    const slot = choice(other, 'slot', tomorrow.slot);
    await expect(slot).toBeAttached();
    return slot.getAttribute('data-places');
  };
  expect(await places()).toBe('3');
  await look(other, { unsent: true });

  await page.goto(`/appointments/${number.replaceAll('-', '').toLowerCase()}`);
  await page.locator('summary', { hasText: say('cash.case.cancel') }).click();
  await look(page, { unsent: true });
  await press(page, say('appointments.cancel_do'));
  await expect(stateTag(page, say('cash.state.cancelled'))).toBeVisible();
  await expect(page.locator(`[data-case-number="${number}"]`).first()).toBeVisible();
  await look(page);
  expect(await places()).toBe('4');
});

test('J4 a confirmed booking is moved to another day under its number, and the clerk confirms it anew', async ({
  page,
  newDevice,
  look,
}) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm'));
  await expect(stateTag(clerk, say('cash.state.confirmed'))).toBeVisible();

  await page.goto(`/appointments/${number}`);
  await page.getByRole('link', { name: say('cash.case.change') }).click();
  await expect(page).toHaveURL(/\/move\?key=[^&]+&step=where$/);
  await expect(choice(page, 'day', tomorrow.day)).toBeChecked();
  await expect(choice(page, 'slot', tomorrow.slot)).toBeChecked();
  await look(page);
  await choice(page, 'day', '2026-11-25').check();
  await choice(page, 'slot', '11:00').check();
  await press(page, say('cash.next'));
  await expect(page.getByRole('heading', { level: 1, name: say('cash.check_title') })).toBeVisible();
  await look(page);
  // Each step has an address, so back shows what was filled in and forward goes on.
  await page.goBack();
  await expect(choice(page, 'slot', '11:00')).toBeChecked();
  await page.goForward();
  await press(page, say('cash.moving.submit'));
  await expect(page).toHaveURL(/\/appointments\/[A-Z0-9-]+#answer$/);
  await expect(page.locator(`[data-case-number="${number}"]`).first()).toBeVisible();
  await expect(stateTag(page, say('cash.told.submitted'))).toBeVisible();
  await expect(page.getByText(/11\s月\s25\s日/).first()).toBeVisible();
  await look(page);

  // The page of the desk that was open before is outdated; the clerk finds the new time and confirms it.
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm'));
  await expect(stateTag(clerk, say('cash.state.confirmed'))).toBeVisible();
  await page.reload();
  await expect(stateTag(page, say('cash.state.confirmed'))).toBeVisible();
});

test('J5 from 500,000 the clerk checks and the branch head approves', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request, { ...tomorrow, amount: 500_000, purpose: '居住' });

  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm_check'));
  await expect(stateTag(clerk, say('cash.state.awaiting_approval'))).toBeVisible();
  await expect(clerk.getByRole('button', { name: say('cash.desk.approve'), exact: true })).toHaveCount(0);
  await look(clerk);
  await page.goto(`/appointments/${number}`);
  await expect(stateTag(page, say('cash.told.awaiting_approval'))).toBeVisible();
  await look(page);

  const head = await newDevice();
  await enter(head, 'head');
  await openOnDesk(head, number);
  await look(head);
  await press(head, say('cash.desk.approve'));
  await expect(stateTag(head, say('cash.state.confirmed'))).toBeVisible();
  await page.reload();
  await expect(stateTag(page, say('cash.state.confirmed'))).toBeVisible();
  await look(page);
});

test('J5 a branch head never approves what they confirmed', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request, { ...tomorrow, amount: 500_000, purpose: '居住' });
  const head = await newDevice();
  await enter(head, 'head');
  await openOnDesk(head, number);
  await press(head, say('cash.desk.confirm_check'));
  await expect(stateTag(head, say('cash.state.awaiting_approval'))).toBeVisible();
  await expect(head.getByRole('button', { name: say('cash.desk.approve'), exact: true })).toHaveCount(0);
  await look(head);
});

test('two clerks on one case: the second is told what changed and nothing is overwritten', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  const first = await newDevice();
  await enter(first, 'clerk');
  await openOnDesk(first, number);
  const second = await newDevice();
  await enter(second, 'head');
  await openOnDesk(second, number);
  await press(first, say('cash.desk.confirm'));
  await expect(stateTag(first, say('cash.state.confirmed'))).toBeVisible();

  // The box names its act.
  const reason = second.getByRole('textbox', { name: say('cash.desk.decline') });
  await reason.fill('当天库存不够');
  await press(second, say('cash.desk.decline'));
  await expect(refusal(second, 'changed')).toBeVisible();
  await expect(second.getByText('当天库存不够').or(reason).first()).toBeVisible();
  await expect(stateTag(second, say('cash.state.confirmed'))).toBeVisible();
  await look(second);
});

test('J9 nobody came: the customer and the desk read so', async ({ page, newDevice, lobby, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm'));
  await expect(stateTag(clerk, say('cash.state.confirmed'))).toBeVisible();

  // The slot ended at 11:00 and nobody came until 11:30; the worker runs when the server starts.
  await lobby.restart({ now: '2026-11-24T11:31:00+08:00' });
  await page.goto(`/appointments/${number}`);
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(say('sign_in.expired_title'))).toBeVisible();
  await look(page);
  await enter(page, 'c1001');
  await page.goto(`/appointments/${number}`);
  await expect(stateTag(page, say('cash.state.no_show'))).toBeVisible();
  await expect(page.getByText(say('cash.message.no_show_title')).first()).toBeVisible();
  await look(page);

  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await expect(stateTag(clerk, say('cash.state.no_show'))).toBeVisible();
  await look(clerk);
});

test('nobody answers in time: the branch head sees the alarm and can still answer', async ({ page, newDevice, lobby, look }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request);
  // The answer was due at 17:00; the worker runs when the server starts.
  await lobby.restart({ now: '2026-11-23T18:00:00+08:00' });
  const head = await newDevice();
  await signIn(head, 'head');
  await expect(head.getByRole('row', { name: number }).getByText(say('desk.alarm.breach'), { exact: true })).toBeVisible();
  await look(head);
  await openOnDesk(head, number);
  await expect(head.locator('.case-line').getByText(say('desk.alarm.breach'), { exact: true })).toBeVisible();
  // The worker was late: the alarm that was overtaken is not told.
  await expect(head.getByText(say('cases.alarm.breach', { due: '今天 17:00' }), { exact: true })).toBeVisible();
  await look(head);
  await press(head, say('cash.desk.confirm'));
  await expect(stateTag(head, say('cash.state.confirmed'))).toBeVisible();
});
