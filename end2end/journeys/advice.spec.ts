// J7: recommendations with reasons, with and without personalisation.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { press } from '../steps.ts';
import { say } from '../words.ts';

// R5; c1001 may be shown products up to R3.
const aboveC3 = 'fund-sector';

test('J7 who consented sees why, may decline a product, and may look without personalisation', async ({ page, look }) => {
  await enter(page, 'c1001');
  await page.goto('/recommendations');
  const personal = page.locator('[data-list=personal]');
  await expect(personal.getByRole('article').first()).toBeVisible();
  for (const card of await personal.getByRole('article').all()) {
    const reasons = await card.locator('.reason-pro').count();
    expect(reasons, 'one to three reasons a card').toBeGreaterThan(0);
    expect(reasons).toBeLessThanOrEqual(3);
  }
  await look(page);

  // Why: each reason links to a stored fact.
  await personal.getByRole('link', { name: new RegExp(`^${say('recommendations.why')}`) }).first().click();
  await expect(page).toHaveURL(/\/products\/[a-z0-9-]+#why$/);
  await expect(page.getByRole('heading', { name: say('recommendations.why_shown') })).toBeVisible();
  await look(page);

  // Not interested: the product disappears, and undo brings it back.
  await page.goto('/recommendations');
  const first = personal.getByRole('article').first();
  const code = await first.getAttribute('data-product');
  await first.getByRole('button', { name: say('recommendations.decline') }).click();
  await expect(personal.locator(`[data-product="${code}"]`)).toHaveCount(0);
  await look(page);
  await page.getByRole('button', { name: say('recommendations.undo') }).first().click();
  await expect(personal.locator(`[data-product="${code}"]`)).toBeVisible();

  await page.getByRole('link', { name: say('recommendations.show_neutral') }).click();
  await expect(page.locator('[data-list=neutral]').getByRole('article').first()).toBeVisible();
  await expect(page.getByRole('button', { name: say('recommendations.decline') })).toHaveCount(0);
  await look(page);
});

test('J7 a consent withdrawn at /me ends personalisation at once', async ({ page, look }) => {
  await enter(page, 'c1001');
  await page.goto('/me');
  await look(page);
  await press(page, say('me.withdraw'));
  await expect(page.getByText(say('me.consent_withdrawn'))).toBeVisible();
  await look(page);
  await page.goto('/recommendations');
  await expect(page.locator('[data-list=personal]')).toHaveCount(0);
  await expect(page.locator('[data-list=neutral]').getByRole('article').first()).toBeVisible();
  await expect(page.getByText(say('recommendations.consent_title'))).toBeVisible();
  await look(page);
  await press(page, say('recommendations.consent_give'));
  await page.goto('/recommendations');
  await expect(page.locator('[data-list=personal]')).toBeVisible();
});

test('J7 a product above the level says why it is not recommended, and pushes nobody to a higher level', async ({ page, look }) => {
  await enter(page, 'c1001');
  for (const address of ['/recommendations', '/recommendations?without=1']) {
    await page.goto(address);
    await expect(page.getByRole('article').first()).toBeVisible();
    await expect(page.locator(`[data-product="${aboveC3}"]`)).toHaveCount(0);
  }
  await page.goto(`/products/${aboveC3}`);
  const why = page.locator('#why');
  await expect(why.getByRole('heading', { name: say('recommendations.why_not_shown') })).toBeVisible();
  await expect(why.getByText(say('recommendations.why_not.level', { product: 'R5', customer: 'C3', ceiling: 'R3' }))).toBeVisible();
  // No button, no link except back, no mention of another assessment.
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('link')).toHaveCount(0);
  await expect(why).not.toContainText('测评');
  await expect(page.getByRole('main')).not.toContainText(/重新测评|提高|提升|购买/);
  await look(page);
});

test('J7 without an assessment only what needs none is shown, and nobody is pushed to make one', async ({ page, look }) => {
  await signIn(page, 'c1002');
  await look(page);
  await page.goto('/recommendations');
  await expect(page.getByText(say('recommendations.assessment_title'))).toBeVisible();
  const cards = page.locator('[data-list=neutral]').getByRole('article');
  await expect(cards.first()).toBeVisible();
  for (const card of await cards.all()) await expect(card.getByText(say('recommendations.no_level_needed'))).toBeVisible();
  await look(page);
  await press(page, say('recommendations.consent_give'));
  await page.goto('/recommendations');
  for (const card of await page.locator('[data-list=personal]').getByRole('article').all()) {
    await expect(card.getByText(say('recommendations.no_level_needed'))).toBeVisible();
  }
  await look(page);
});
