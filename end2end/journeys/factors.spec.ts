// The second factor: it is set up with an authenticator app, its recovery codes are shown once, and it is turned off again.
import { expect, signIn, test } from '../fixtures.ts';
import { press, refusal } from '../steps.ts';
import { codeOf, typedSecret } from '../authenticator.ts';
import { say } from '../words.ts';

for (const name of ['c1001', 'clerk']) {
  test(`${name} sets up two-step verification, renews the recovery codes and turns it off`, async ({ page, lobby, look, allow }) => {
    allow(/422/);
    await signIn(page, name);
    await page.goto('/me');
    await page.locator('#factor').getByRole('link', { name: say('factors.manage') }).click();
    await look(page);
    await press(page, say('factors.begin'));
    await expect(page.getByRole('img', { name: say('factors.qr') })).toBeVisible();
    const secret = await typedSecret(page);

    const code = page.locator('input[name=code]');
    await code.fill('000000');
    await press(page, say('factors.confirm'));
    await expect(refusal(page, 'code_wrong')).toBeVisible();
    await code.fill(codeOf(secret, lobby.now));
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
