// The cash form by its look: on a phone what a choice opens comes into view and is announced; on a desktop the booking so far
// stands beside the form and follows it.
import { enter, expect, test, waitAwake } from '../fixtures.ts';
import { choice, press, refusal, tomorrow } from '../steps.ts';
import { say } from '../words.ts';

test('a chosen branch becomes one line, and its days come into view', async ({ page, look, scripts }) => {
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await choice(page, 'branch', tomorrow.branch).check();
  if (!scripts) await press(page, say('cash.next'));
  if (scripts) {
    await expect(page.locator('#page-form [role=status]').filter({ hasText: say('cash.days_free', { n: 5 }) })).toHaveCount(1);
    await expect(page.locator('#days')).toBeFocused();
  } else {
    await expect(page).toHaveURL(/#days$/);
  }
  // The refusal's button has a field of the same name.
  const day = page.locator('#page-form').locator(choice(page, 'day', tomorrow.day));
  await expect(day).toBeInViewport();
  // Nothing chosen: one summary says so, and has the focus.
  await press(page, say('cash.next'));
  await expect(refusal(page, 'day_missing')).toBeVisible();
  await expect(page.locator('#errors')).toBeFocused();
  await page.locator('#errors a[href="#day"]').click();
  await expect(day).toBeInViewport();
  await expect(choice(page, 'branch', tomorrow.branch)).toBeHidden();
  await expect(page.locator('.branch-pick-name')).toHaveText('石岐支行');
  await day.check();
  if (!scripts) await press(page, say('cash.next'));
  await expect(choice(page, 'slot', '16:00')).toBeInViewport();
  await look(page, { unsent: true });
  // Another branch: the list opens, and closes again.
  await page.getByText(say('cash.change_branch'), { exact: true }).click();
  await choice(page, 'branch', 'dongqu').check();
  if (scripts) await expect(page.locator('.branch-pick-name')).toHaveText('东区支行');
  if (!scripts) return;
  await expect(page.locator('.branch-pick')).not.toHaveAttribute('open');
  // By keyboard the list stays open while one moves through it.
  await page.locator('.branch-pick summary').press('Enter');
  await choice(page, 'branch', 'dongqu').focus();
  await page.keyboard.press('ArrowUp');
  await expect(choice(page, 'branch', 'dongqu')).not.toBeChecked();
  await expect(page.locator('.branch-pick')).toHaveAttribute('open');
});

test('days of a branch chosen before the page is awake come into view when it is', async ({ page, scripts }) => {
  test.skip(!scripts, 'without scripts no page awakes');
  await enter(page, 'c1001');
  let wake = () => {};
  const chosen = new Promise<void>((resolve) => {
    wake = resolve;
  });
  await page.route('**/*.wasm', async (route) => {
    await chosen;
    await route.continue();
  });
  await page.goto('/appointments/new/cash');
  await choice(page, 'branch', tomorrow.branch).check();
  wake();
  await expect(page.locator('#days')).toBeFocused();
});

test('a day pressed while the list of branches is still open is chosen', async ({ page, scripts }) => {
  test.skip(!scripts, 'without scripts nothing moves under the finger');
  await enter(page, 'c1001');
  await page.goto('/appointments/new/cash');
  await waitAwake(page, scripts);
  // By keyboard the list stays open.
  await choice(page, 'branch', 'dongqu').focus();
  await page.keyboard.press('Space');
  const day = choice(page, 'day', tomorrow.day);
  await expect(day).toBeVisible();
  await expect(page.locator('.branch-pick')).toHaveAttribute('open');
  await day.scrollIntoViewIfNeeded();
  const box = await day.boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
  await page.mouse.down();
  await page.waitForTimeout(300);
  await page.mouse.up();
  await expect(day).toBeChecked();
  await expect(page.locator('.branch-pick')).not.toHaveAttribute('open');
});

test.describe('on a desktop', () => {
  test.use({ viewport: { width: 1280, height: 900 }, isMobile: false });

  test('the booking so far stands beside the form and follows it', async ({ page, look, scripts }) => {
    await enter(page, 'c1001');
    await page.goto('/appointments/new/cash');
    await choice(page, 'branch', tomorrow.branch).check();
    if (!scripts) await press(page, say('cash.next'));
    await choice(page, 'day', tomorrow.day).check();
    if (!scripts) await press(page, say('cash.next'));
    await choice(page, 'slot', tomorrow.slot).check();
    await press(page, say('cash.next'));
    const panel = page.locator('.panel');
    await expect(panel).toBeVisible();
    await expect(page.locator('.panel-fold')).toBeHidden();
    await expect(panel).toContainText('石岐支行');
    await page.getByRole('button', { name: '20 万', exact: true }).click();
    await expect(panel).toContainText('200,000 元');
    await expect(panel).toContainText('贰拾万元整');
    await page.locator('input[name=account]').first().check();
    if (!scripts) {
      await choice(page, 'any_notes', 'own').check();
      await press(page, say('cash.recount'));
    }
    await expect(panel).toContainText('取后约余');
    await look(page, { unsent: true });
    const [form, side] = [await page.locator('#page-form > .form').boundingBox(), await panel.boundingBox()];
    expect(Math.round(side?.width ?? 0)).toBe(384);
    expect(Math.round((side?.x ?? 0) - (form?.x ?? 0) - (form?.width ?? 0))).toBe(56);
  });
});
