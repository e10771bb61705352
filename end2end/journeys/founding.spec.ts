// A bank is founded: the portal says which command to run, two administrators activate with their links and sign in, on a
// narrow phone.
import { codeOf, typedSecret } from '../authenticator.ts';
import { expect, signIn, test } from '../fixtures.ts';
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

test('a bank is founded, and its two administrators set a password and sign in', async ({ page, lobby, newDevice, look, allow }) => {
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
    await press(own, say('factors.begin'));
    await own.locator('input[name=code]').fill(await codeOf(await typedSecret(own), lobby));
    await press(own, say('factors.confirm'));
    await expect(own.locator('.recovery-codes li')).toHaveCount(10);
    await own.getByRole('link', { name: say('factors.codes.go_on') }).click();
    await expect(own).toHaveURL(/\/admin$/);
    await expect(own.getByRole('heading', { level: 1 })).toBeVisible();
    await look(own);
  }
  // The link does not work twice, and the portal is that of the new bank.
  await page.goto(links[0]?.path ?? '');
  await expect(page.getByRole('heading', { level: 1, name: say('activation.void_title') })).toBeVisible();
  await expect(page.getByText('海湾银行').first()).toBeVisible();
  await look(page);
});
