// J8: a place on a reception day, and pages hidden from a company's operator.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { bookCash, caseNumber, openOnDesk, press, stateTag, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

test('J8 a place on a reception day is booked, confirmed and read', async ({ page, newDevice, look }) => {
  await signIn(page, 'c1001');
  await page.getByRole('main').getByRole('link', { name: say('reception.home.task') }).click();
  const title = page.getByRole('heading', { level: 1, name: say('reception.when_title') });
  await expect(title).toBeVisible();
  await look(page);
  // Each choice opens the next: the day, the branch if several receive, the time.
  for (const field of ['day', 'reception', 'slot']) {
    const open = page.locator(`input[type=radio][name=${field}]:enabled`);
    if (!(await title.isVisible()) || (await open.count()) === 0) continue;
    await open.first().check();
    await press(page, say('reception.next'));
    await look(page);
  }
  await expect(page.getByRole('heading', { level: 1, name: say('reception.matter_title') })).toBeVisible();
  await page.getByLabel(say('reception.about.financing'), { exact: true }).check();
  await page.getByRole('textbox', { name: say('reception.summary') }).fill('小店想扩大铺面，问有没有合适的贷款。');
  await page.getByRole('textbox', { name: say('reception.hope') }).fill('知道要准备什么材料。');
  await page.getByLabel(say('reception.people', { n: 2 }), { exact: true }).check();
  await press(page, say('reception.next'));
  await expect(page.getByRole('heading', { level: 1, name: say('reception.check_title') })).toBeVisible();
  await look(page);
  await press(page, say('reception.book'));
  await expect(page).toHaveURL(/\/appointments\/[A-Z0-9-]+#answer$/);
  const number = await caseNumber(page);
  await look(page);

  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await look(clerk);
  await press(clerk, say('reception.desk.confirm'));
  await expect(stateTag(clerk, say('reception.state.confirmed'))).toBeVisible();
  await look(clerk);

  await page.goto('/');
  await expect(page.getByRole('link', { name: say('reception.message.confirmed_title') })).toBeVisible();
  await page.goto(`/appointments/${number}`);
  await expect(stateTag(page, say('reception.state.confirmed'))).toBeVisible();
  await look(page);
});

test("a company's operator books cash, and sees neither survey nor recommendations", async ({ page, look, scripts }) => {
  await signIn(page, 'c1003');
  await look(page);
  await expect(page.getByRole('link', { name: say('page.surveys'), exact: true })).toHaveCount(0);
  await expect(page.getByRole('link', { name: say('page.recommendations'), exact: true })).toHaveCount(0);
  for (const path of ['/surveys', '/surveys/needs-2026', '/recommendations']) {
    expect((await page.goto(path))?.status(), path).toBe(403);
    await look(page);
  }
  await bookCash(page, scripts, { ...tomorrow, amount: 200_000, purpose: '工资' });
  await look(page);
});
