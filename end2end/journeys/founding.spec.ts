// A bank is founded: the portal says which command to run, two administrators activate with their links and sign in, and so does a
// customer with a code, on a narrow phone.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { codeOf, typedSecret } from '../authenticator.ts';
import { expect, signIn, test } from '../fixtures.ts';
import type { Lobby } from '../lobby.ts';
import { press, refusal } from '../steps.ts';
import { say } from '../words.ts';

test.use({ demo: false, viewport: { width: 320, height: 700 } });

const DETAILS = [
  ['--name-zh', '海湾银行'],
  ['--name-en', 'Harbour Bank'],
  ['--hotline', '95511'],
  ['--complaint-phone', '0756-8888 0000'],
  ['--complaint-address-zh', '珠海市香洲区情侣路 1 号'],
  ['--complaint-address-en', '1 Lovers Road, Xiangzhou, Zhuhai'],
  ['--complaint-email', 'tousu@harbour.example'],
  ['--administrator', 'wangli=王莉'],
  ['--administrator', 'liuyang=刘洋'],
].flat();

/** Sets up an authenticator app on the page that requires it, and goes on. */
async function setUpFactor(page: Page, lobby: Lobby) {
  await press(page, say('factors.begin'));
  await page.locator('input[name=code]').fill(await codeOf(await typedSecret(page), lobby));
  await press(page, say('factors.confirm'));
  await expect(page.locator('.recovery-codes li')).toHaveCount(10);
  await page.getByRole('link', { name: say('factors.codes.go_on') }).click();
}

test('a bank is founded, and its administrators and a customer set a password and sign in', async ({ page, lobby, newDevice, look, allow }) => {
  allow(/503/);
  allow(/422/);
  const before = await page.goto('/');
  expect(before?.status()).toBe(503);
  await expect(page.getByText('lobby init')).toHaveCount(2);
  const told = lobby.run('init', '--yes', ...DETAILS);
  const links = [...told.matchAll(/^(\w+) .*(\/activate\/[\w-]{43})$/gm)].map(([, name, path]) => ({ name: name ?? '', path: path ?? '' }));
  expect(links.map((link) => link.name)).toEqual(['wangli', 'liuyang']);
  expect(() => lobby.run('init', '--yes', ...DETAILS)).toThrow(/holds a bank already/);
  expect(lobby.log).not.toContain(links[0]?.path.split('/').pop());

  for (const { name, path } of links) {
    const own = await newDevice();
    await own.goto(path);
    await expect(own).toHaveURL(/\/activate\/link$/);
    const [password, again] = [own.locator('input[name=password]'), own.locator('input[name=password_again]')];
    await look(own);
    await password.fill('correct horse battery staple');
    await again.fill('correct horse battery');
    await press(own, say('activation.submit'));
    await expect(refusal(own, 'password_differs')).toBeVisible();
    await expect(password).toHaveValue('');
    await password.fill('correct horse battery staple');
    await again.fill('correct horse battery staple');
    await press(own, say('activation.submit'));
    await expect(own.getByText(say('activation.done'))).toBeVisible();
    await signIn(own, name, 'correct horse battery staple');
    // A founded bank requires a second factor of staff, before anything else.
    await own.goto('/admin');
    await expect(own).toHaveURL(/\/me\/factor\?next=/);
    await look(own);
    await setUpFactor(own, lobby);
    await expect(own).toHaveURL(/\/admin$/);
    await expect(own.getByRole('heading', { level: 1 })).toBeVisible();
    await look(own);
  }
  // A customer of a file activates with the code of the branch. No messages are sent, so a second factor is set up first.
  const examples = resolve(import.meta.dirname, '../../docs/import');
  lobby.run('import', 'branches', join(examples, 'branches.csv'));
  lobby.run('import', 'customers', join(examples, 'customers.csv'), '--codes', 'codes.csv');
  const code = /^k100001,([^,]+),/m.exec(readFileSync(join(lobby.data, 'codes.csv'), 'utf8'))?.[1] ?? '';
  const customer = await newDevice();
  await customer.goto('/activate');
  await customer.locator('input[name=number]').fill('k100001');
  await customer.locator('input[name=id_end]').fill('150010');
  await customer.locator('input[name=code]').fill(code);
  await customer.locator('input[name=password]').fill('correct horse battery staple');
  await customer.locator('input[name=password_again]').fill('correct horse battery staple');
  await press(customer, say('activation.submit'));
  await expect(customer.getByText(say('activation.done'))).toBeVisible();
  await signIn(customer, 'k100001', 'correct horse battery staple');
  await expect(customer).toHaveURL(/\/me\/factor\?next=/);
  await look(customer);
  await setUpFactor(customer, lobby);
  await expect(customer).toHaveURL(/\/$/);
  await look(customer);

  // The link does not work twice, and the portal is that of the new bank.
  await page.goto(links[0]?.path ?? '');
  await expect(page.getByRole('heading', { level: 1, name: say('activation.void_title') })).toBeVisible();
  await expect(page.getByText('海湾银行').first()).toBeVisible();
  await look(page);
});
