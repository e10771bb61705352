// The day board of a branch: a customer is checked in and paid out from it, by keys alone or, without scripts, by clicks.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { bookedCash, openOnDesk, press, stateTag, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

test('from check-in to pay-out on the day board', async ({ page, newDevice, lobby, look, scripts }) => {
  await enter(page, 'c1001');
  const number = await bookedCash(page.request, tomorrow);
  const clerk = await newDevice();
  await signIn(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await press(clerk, say('cash.desk.confirm'));
  // On the day, half an hour before the slot.
  await lobby.restart({ now: '2026-11-24T09:30:00+08:00' });
  await signIn(clerk, 'clerk');
  await clerk.getByRole('navigation').getByRole('link', { name: say('page.day_board'), exact: true }).click();
  await expect(clerk).toHaveURL(/\/desk\/day$/);
  const row = clerk.getByRole('row').filter({ hasText: number });
  const link = row.getByRole('link', { name: number });
  await expect(row.getByText(say('cash.state.confirmed'), { exact: true })).toBeVisible();
  await look(clerk);

  const key = (name: string) => clerk.keyboard.press(name);
  /** Moves the focus from row to row until it is on the one of the case. */
  const toRow = async () => {
    for (let step = 0; step < 30 && !(await link.evaluate((found) => found === document.activeElement)); step += 1) await key('j');
    await expect(link).toBeFocused();
  };

  // Each next step is a link to the form of the case, whose fields are the next stops.
  const toActions = async (words: string) => {
    if (scripts) {
      await key('Tab');
      await expect(row.getByRole('link', { name: words })).toBeFocused();
      await key('Enter');
      await expect(clerk.locator('#actions')).toBeFocused();
      await key('a');
    } else {
      await row.getByRole('link', { name: words }).click();
    }
  };
  /** Moves the focus to a button and presses it. */
  const pressHere = async (words: string) => {
    const button = clerk.getByRole('button', { name: words, exact: true });
    if (scripts) {
      for (let step = 0; step < 30 && !(await button.evaluate((found) => found === document.activeElement)); step += 1) await key('Tab');
      await expect(button).toBeFocused();
      await key('Enter');
    } else {
      await button.click();
    }
  };
  const back = clerk.getByRole('link', { name: say('desk.board.back'), exact: true });
  const toBoard = async () => {
    if (scripts) {
      await back.focus();
      await key('Enter');
    } else {
      await back.click();
    }
    await expect(link).toBeFocused();
  };

  // The cash is made ready.
  if (scripts) await toRow();
  await toActions(say('cash.desk.prepare'));
  await pressHere(say('cash.desk.prepare'));
  await expect(stateTag(clerk, say('cash.state.prepared'))).toBeVisible();
  await toBoard();
  await expect(row.getByText(say('cash.state.prepared'), { exact: true })).toBeVisible();
  await look(clerk);

  // The collector is there.
  const shown = clerk.getByLabel(say('cash.desk.id_checked'), { exact: true });
  await toActions(say('cash.desk.arrive'));
  if (scripts) {
    for (let step = 0; step < 6 && !(await shown.evaluate((found) => found === document.activeElement)); step += 1) await key('Tab');
    await expect(shown).toBeFocused();
    await key('ArrowDown');
    await expect(shown).not.toHaveValue('');
    await key('Tab');
    await expect(clerk.getByRole('button', { name: say('cash.desk.arrive'), exact: true })).toBeFocused();
    await key('Enter');
  } else {
    await shown.selectOption({ index: 1 });
    await press(clerk, say('cash.desk.arrive'));
  }
  await expect(stateTag(clerk, say('cash.state.arrived'))).toBeVisible();
  await look(clerk);

  // Back on the board the next step is to pay.
  await toBoard();
  await expect(row.getByText(say('cash.state.arrived'), { exact: true })).toBeVisible();
  await toActions(say('cash.desk.to_pay'));
  await pressHere(say('cash.desk.complete'));
  await expect(stateTag(clerk, say('cash.state.completed'))).toBeVisible();
  await back.click();
  await expect(row.getByText(say('cash.state.completed'), { exact: true })).toBeVisible();
  await expect(row.getByRole('link', { name: say('cash.desk.to_pay') })).toHaveCount(0);
  await look(clerk);
});

test('an open board follows what others do', async ({ page, newDevice, look, scripts }) => {
  test.skip(!scripts, 'without scripts the page is opened again');
  await enter(page, 'c1001');
  const number = await bookedCash(page.request, tomorrow);
  const board = await newDevice();
  await signIn(board, 'clerk');
  await board.goto(`/desk/day?day=${tomorrow.day}`);
  const row = board.getByRole('row').filter({ hasText: number });
  await expect(row.getByText(say('cash.state.submitted'), { exact: true })).toBeVisible();
  await row.getByRole('link', { name: say('desk.board.answer') }).focus();
  const other = await newDevice();
  await signIn(other, 'clerk');
  await openOnDesk(other, number);
  await press(other, say('cash.desk.confirm'));
  await expect(row.getByText(say('cash.state.confirmed'), { exact: true })).toBeVisible();
  // The next step has changed, and the focus has stayed on the link to the case's actions.
  await expect(row.getByRole('link', { name: say('cash.desk.prepare') })).toBeFocused();
  await look(board);
});
