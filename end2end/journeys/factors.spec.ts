// The second factor: it is set up with an authenticator app, its recovery codes are shown once, and it is turned off again.
import { enter, expect, test } from '../fixtures.ts';
import { giveSentCode, press, refusal } from '../steps.ts';
import { codeOf, typedSecret } from '../authenticator.ts';
import { say } from '../words.ts';

test('after the password a code is asked for, or a recovery code; then the wanted page is reached', async ({ page, lobby, newDevice, look, allow }) => {
  allow(/422/);
  await enter(page, 'c1001');
  await page.goto('/me/factor');
  await press(page, say('factors.begin'));
  await giveSentCode(page, lobby, look);
  await press(page, say('factors.begin'));
  const secret = await typedSecret(page);
  const used = await codeOf(secret, lobby);
  await page.locator('input[name=code]').fill(used);
  await press(page, say('factors.confirm'));
  const recovery = (await page.locator('.recovery-codes li').first().textContent()) ?? '';

  const other = await newDevice();
  await other.goto('/appointments');
  await other.locator('input[name=sign_in_name]').fill('c1001');
  await other.locator('input[name=password]').fill('lobby-demo');
  await other.locator('input[name=password]').press('Enter');
  await expect(other).toHaveURL(/\/login\/code\?next=/);
  await look(other);
  await other.goto('/me');
  await expect(other).toHaveURL(/\/login\/code\?next=%2Fme$/);
  const code = other.locator('input[name=code]');
  await code.fill(used);
  await press(other, say('factors.sign_in.submit'));
  await expect(refusal(other, 'code_wrong'), 'it was used to set it up').toBeVisible();
  await code.fill(await codeOf(secret, lobby, used));
  await press(other, say('factors.sign_in.submit'));
  await expect(other).toHaveURL(/\/me$/);

  const third = await newDevice();
  await third.goto('/login');
  await third.locator('input[name=sign_in_name]').fill('c1001');
  await third.locator('input[name=password]').fill('lobby-demo');
  await third.locator('input[name=password]').press('Enter');
  await third.getByRole('link', { name: say('factors.sign_in.no_phone') }).click();
  await look(third);
  await third.locator('input[name=code]').fill(recovery);
  await press(third, say('factors.sign_in.submit'));
  await expect(third).toHaveURL(/\/$/);
});

test('a phone number is shown after a code: the page waits, and the button is pressed once more', async ({ page, lobby, look }) => {
  await enter(page, 'clerk');
  await page.goto('/me/factor');
  await press(page, say('factors.begin'));
  const secret = await typedSecret(page);
  await page.locator('input[name=code]').fill(await codeOf(secret, lobby));
  await press(page, say('factors.confirm'));
  await lobby.restart({ now: '2026-11-23T10:06:00+08:00' });
  await page.goto('/desk');
  await page.locator('a[href^="/desk/cases/"]').first().click();
  await press(page, say('desk.phone.show'));
  await expect(page).toHaveURL(/\/step-up\?/);
  await look(page);
  await page.locator('input[name=code]').fill(await codeOf(secret, lobby));
  await press(page, say('step_up.submit'));
  await expect(page.getByText(say('step_up.proven'))).toBeVisible();
  await press(page, say('desk.phone.show'));
  await expect(page.getByText(say('desk.phone.recorded'))).toBeVisible();
});

for (const name of ['c1001', 'clerk']) {
  test(`${name} sets up two-step verification, renews the recovery codes and turns it off`, async ({ page, lobby, look, allow }) => {
    allow(/422/);
    await enter(page, name);
    await page.goto('/me');
    await page.locator('#factor').getByRole('link', { name: say('factors.manage') }).click();
    await look(page);
    await press(page, say('factors.begin'));
    // A customer is sent a code first.
    if (name === 'c1001') {
      await giveSentCode(page, lobby, look);
      await press(page, say('factors.begin'));
    }
    await expect(page.getByRole('img', { name: say('factors.qr') })).toBeVisible();
    const secret = await typedSecret(page);

    const code = page.locator('input[name=code]');
    await code.fill('000000');
    await press(page, say('factors.confirm'));
    await expect(refusal(page, 'code_wrong')).toBeVisible();
    await code.fill(await codeOf(secret, lobby));
    await press(page, say('factors.confirm'));
    const codes = page.locator('.recovery-codes li');
    await expect(codes).toHaveCount(10);
    const first = (await codes.first().textContent()) ?? '';

    await page.goto('/me/factor');
    await look(page);
    await code.fill(first.toLowerCase());
    await press(page, say('factors.renew'));
    await expect(codes).toHaveCount(10);
    const renewed = (await codes.first().textContent()) ?? '';
    expect(renewed).not.toBe(first);

    await page.goto('/me/factor');
    await code.fill(first);
    await press(page, say('factors.remove'));
    await expect(refusal(page, 'code_wrong')).toBeVisible();
    await code.fill(renewed);
    await press(page, say('factors.remove'));
    await expect(page.getByText(say('factors.removed'))).toBeVisible();
    await look(page);
  });
}
