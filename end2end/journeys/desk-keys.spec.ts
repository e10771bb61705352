// A whole case on the desk by keys alone: from the list to the answer, the cash made ready, and the next case.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { bookedCash, press, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

test('a case is answered and prepared in at most 12 key presses from the list', async ({ page, newDevice, look, scripts }) => {
  test.skip(!scripts, 'the keys are a script; without it Tab and the skip link lead the same way');
  await enter(page, 'c1001');
  const number = await bookedCash(page.request, tomorrow);
  const clerk = await newDevice();
  await signIn(clerk, 'clerk');
  let pressed = 0;
  const key = async (name: string) => {
    pressed += 1;
    await clerk.keyboard.press(name);
  };
  const row = clerk.locator('.desk-list .row-link', { hasText: number });
  await expect(row).toBeVisible();
  for (let step = 0; step < 6 && !(await row.evaluate((found) => found === document.activeElement)); step += 1) await key('j');
  await key('Enter');
  await expect(clerk.getByRole('button', { name: say('cash.desk.confirm'), exact: true })).toBeVisible();
  // The key to decline leads to its reason, the one to act to the main button.
  await key('d');
  await expect(clerk.getByLabel(say('cash.desk.reason_for', { acts: `${say('cash.desk.reason_act', { act: say('cash.desk.decline') })}${say('cash.desk.reason_or')}${say('cash.desk.reason_act', { act: say('cash.desk.propose') })}${say('cash.desk.reason_or')}${say('cash.desk.reason_act', { act: say('cash.desk.cancel') })}` }))).toBeFocused();
  await clerk.keyboard.press('Escape');
  await clerk.locator('#actions').focus();
  await key('a');
  await key('Enter');
  await expect(clerk.getByRole('button', { name: say('cash.desk.prepare'), exact: true })).toBeVisible();
  // What was done has the focus, so a reader says it and the next Tab leads on.
  await expect(clerk.locator('.banner[autofocus]')).toBeFocused();
  await key('a');
  await key('Enter');
  await expect(clerk.getByRole('button', { name: say('cash.desk.prepare'), exact: true })).toHaveCount(0);
  expect(pressed, 'key presses from the list').toBeLessThanOrEqual(12);
  await look(clerk);

  // The button that lists the keys needs the width of a desk.
  await clerk.setViewportSize({ width: 1280, height: 900 });
  // The list of keys; in a field a key is a letter; switched off, a key does nothing.
  await key('?');
  const list = clerk.getByRole('dialog', { name: say('desk.keys.title') });
  await expect(list).toBeVisible();
  await list.getByRole('checkbox').uncheck();
  await press(clerk, say('desk.keys.close'));
  await key('/');
  await expect(clerk.locator('#number')).not.toBeFocused();
  await clerk.getByRole('button', { name: say('desk.keys.open') }).click();
  await list.getByRole('checkbox').check();
  await press(clerk, say('desk.keys.close'));
  await key('/');
  await expect(clerk.locator('#number')).toBeFocused();
  await key('j');
  await expect(clerk.locator('#number')).toHaveValue('j');
  // What stands in the search is selected, so that the next number replaces it.
  await clerk.locator('#actions').focus();
  await key('/');
  await clerk.keyboard.type('3m');
  await expect(clerk.locator('#number')).toHaveValue('3m');
});
