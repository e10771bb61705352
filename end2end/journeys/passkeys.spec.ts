// Passkeys: a device adds one, it is given after the password and for an important act, and it is removed. Without scripts the pages
// say that a passkey needs them.
import type { Page } from '@playwright/test';
import { enter, expect, test } from '../fixtures.ts';
import { giveSentCode, press } from '../steps.ts';
import { say } from '../words.ts';

// A passkey belongs to the name of a site.
test.use({ host: 'localhost' });

/** A device with a fingerprint reader, whose owner confirms everything; returns how to have them refuse. */
async function device(page: Page): Promise<(confirms: boolean) => Promise<void>> {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send('WebAuthn.enable');
  const { authenticatorId } = await chromium.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async (isUserVerified) => {
    await chromium.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  };
}

async function add(page: Page, name: string) {
  await page.goto('/me/passkeys');
  await press(page, say('passkeys.begin'));
  await page.locator('input[name=name]').fill(name);
  await press(page, say('passkeys.create'));
}

for (const name of ['c1001', 'clerk']) {
  test(`${name} adds a passkey, signs in with it, confirms an act with it and removes it`, async ({ page, lobby, scripts, look, allow }) => {
    test.skip(!scripts, 'a passkey needs scripts');
    allow(/422/);
    const confirms = await device(page);
    await enter(page, name);
    await page.goto('/me');
    await page.locator('#passkeys').getByRole('link', { name: say('passkeys.manage') }).click();
    await look(page);
    // A customer is sent a code first.
    if (name === 'c1001') {
      await press(page, say('passkeys.begin'));
      await giveSentCode(page, lobby, look);
    }
    // Whoever refuses can try again.
    await confirms(false);
    await add(page, '我的手机');
    await expect(page.getByText(say('passkeys.cancelled'))).toBeVisible();
    await confirms(true);
    await press(page, say('passkeys.create'));
    await expect(page.locator('.recovery-codes li')).toHaveCount(10);
    await page.goto('/me/passkeys');
    await expect(page.getByText('我的手机', { exact: true })).toBeVisible();
    await look(page);

    await page.goto('/me');
    await press(page, say('page.sign_out'));
    await page.goto('/me');
    await page.locator('input[name=sign_in_name]').fill(name);
    await page.locator('input[name=password]').fill('lobby-demo');
    await page.locator('input[name=password]').press('Enter');
    await expect(page).toHaveURL(/\/login\/code\?next=%2Fme$/);
    await look(page);
    await press(page, say('passkeys.give.begin'));
    // The page asks the device by itself. Staff come to the desk.
    await expect(page).toHaveURL(name === 'clerk' ? /\/desk$/ : /\/me$/);

    await lobby.restart({ now: '2026-11-23T10:06:00+08:00' });
    await page.goto('/me/passkeys');
    await press(page, say('passkeys.remove', { name: '我的手机' }));
    await expect(page).toHaveURL(/\/step-up\?/);
    await look(page);
    await press(page, say('passkeys.give.begin'));
    await expect(page.getByText(say('step_up.proven'))).toBeVisible();
    await press(page, say('passkeys.remove', { name: '我的手机' }));
    await expect(page.getByText(say('passkeys.removed'))).toBeVisible();
    await look(page);
  });
}

test('without scripts the page says that a passkey needs them', async ({ page, lobby, scripts, look, allow }) => {
  test.skip(scripts, 'with scripts it works');
  allow(/422/);
  await enter(page, 'c1001');
  await page.goto('/me/passkeys');
  await press(page, say('passkeys.begin'));
  await giveSentCode(page, lobby, look);
  await press(page, say('passkeys.begin'));
  await page.locator('input[name=name]').fill('我的手机');
  await press(page, say('passkeys.create'));
  await expect(page.locator('[data-refusal=passkey_answer_missing]')).toContainText(say('passkeys.scripts'));
  // What was typed is kept.
  await expect(page.locator('input[name=name]')).toHaveValue('我的手机');
});
