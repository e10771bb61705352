// Administration: one administrator changes a parameter, the second approves it, and the customer's page follows.
import { enter, expect, test } from '../fixtures.ts';
import { press } from '../steps.ts';
import { say } from '../words.ts';

test('a parameter changed by one administrator and approved by the second holds for customers', async ({ page, newDevice, look }) => {
  await enter(page, 'admin');
  await page.goto('/admin');
  await look(page);
  await page.getByRole('link', { name: say('admin.area.parameters') }).click();
  await page.getByRole('link', { name: say('cash.parameter.cash_minimum') }).first().click();
  await page.getByLabel(say('admin.new_value'), { exact: true }).fill('60000');
  await page.getByLabel(say('admin.from'), { exact: true }).fill('2026-11-23');
  await look(page, { unsent: true });
  await press(page, say('admin.preview'));
  await expect(page.getByText(say('admin.needs_second', { why: say('admin.second.money') }))).toBeVisible();
  await look(page);
  await press(page, say('admin.propose'));
  await expect(page.getByText(say('admin.own_note'))).toBeVisible();
  await look(page);
  const request = new URL(page.url()).pathname;

  const second = await newDevice();
  await enter(second, 'admin2');
  await second.goto('/admin');
  await look(second);
  await second.locator(`a[href="${request}"]`).click();
  await press(second, say('admin.approve'));
  await expect(second.getByText(say('admin.state.applied')).first()).toBeVisible();
  await look(second);
  await page.reload();
  await expect(page.getByText(say('admin.state.applied')).first()).toBeVisible();

  const visitor = await newDevice();
  await visitor.goto('/');
  await expect(visitor.getByText('60,000', { exact: false }).first()).toBeVisible();
});
