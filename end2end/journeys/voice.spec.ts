// Feedback of customers: J1 the needs survey, resumed on a second device; J6 a suggestion and its answer; a need of the
// survey filed as a suggestion.
import { enter, expect, signIn, test } from '../fixtures.ts';
import { caseNumber, choice, openOnDesk, press, refusal, stateTag } from '../steps.ts';
import { say } from '../words.ts';

const survey = '/surveys/needs-2026';
const need = '希望网点周六上午也能办理大额取款。';

test('J1 the survey is begun on one device, resumed on another and submitted', async ({ page, newDevice, look }) => {
  await enter(page, 'c1001');
  await page.goto('/surveys');
  await look(page);
  await page.getByRole('main').getByRole('link', { name: say('surveys.start') }).click();
  await expect(page.getByRole('heading', { level: 1, name: '资金用途' })).toBeVisible();
  await look(page);
  await expect(page.getByText(/为什么问/).first()).toBeVisible();
  await choice(page, 'q_uses', 'savings').check();
  if (!(await choice(page, 'q_savings_term', 'within_year').isVisible())) await press(page, say('surveys.next'));
  await choice(page, 'q_savings_term', 'within_year').check();
  await look(page, { unsent: true });
  await press(page, say('surveys.next'));
  await expect(page.getByRole('heading', { level: 1, name: '想了解的信息' })).toBeVisible();

  // The second device continues where the first one stopped, from the home page.
  const second = await newDevice();
  await signIn(second, 'c1001');
  await look(second);
  await second.getByRole('main').getByRole('link', { name: say('home.resume') }).click();
  await expect(second.getByRole('heading', { level: 1, name: '想了解的信息' })).toBeVisible();
  await choice(second, 'q_information', 'stamps').check();
  await press(second, say('surveys.next'));
  await expect(second.getByRole('heading', { level: 1, name: '建议和需求' })).toBeVisible();
  await look(second);
  await choice(second, 'q_topic', 'branch_service').check();
  await second.locator('[name=q_needs]').fill(need);
  await look(second, { unsent: true });
  await press(second, say('surveys.next'));
  await choice(second, 'q_account', 'debit').check();
  await press(second, say('surveys.next'));
  await expect(second.getByRole('heading', { level: 1, name: say('surveys.check_title') })).toBeVisible();
  await expect(second.getByText('一年内')).toBeVisible();
  await expect(second.getByText(need)).toBeVisible();
  await look(second);
  await second.getByLabel(say('surveys.for_recommendations')).check();
  await press(second, say('surveys.submit'));
  await expect(second.locator('[data-survey-submitted]')).toBeVisible();
  await look(second);

  // Editable until the survey closes: the first device shows the submitted answers.
  await page.goto(survey);
  await expect(page.getByText(say('surveys.resubmit_title'))).toBeVisible();
  await expect(choice(page, 'q_uses', 'savings')).toBeChecked();
  await look(page);
});

test('a need in the survey becomes a suggestion in one click', async ({ page, look }) => {
  await enter(page, 'c1001');
  await page.goto(survey);
  for (const group of ['资金用途', '想了解的信息']) {
    await expect(page.getByRole('heading', { level: 1, name: group })).toBeVisible();
    await press(page, say('surveys.next'));
  }
  await expect(page.getByRole('heading', { level: 1, name: '建议和需求' })).toBeVisible();
  await choice(page, 'q_topic', 'branch_service').check();
  await page.locator('[name=q_needs]').fill(need);
  await press(page, say('surveys.next'));
  await expect(page.getByRole('heading', { level: 1, name: '您与本行' })).toBeVisible();
  await press(page, say('surveys.next'));
  await press(page, say('surveys.submit'));
  await expect(page.locator('[data-survey-submitted]')).toBeVisible();
  await press(page, say('surveys.need_button'));
  await expect(page).toHaveURL(/\/suggestions\//);
  await look(page);
  if (page.url().includes('/suggestions/new')) {
    await expect(choice(page, 'category', 'branch_service')).toBeChecked();
    await expect(page.locator('[name=content]')).toHaveValue(need);
    await press(page, say('suggestions.submit'));
  }
  await caseNumber(page);
  await expect(page.getByText(need)).toBeVisible();
});

test('the survey in large text: who goes back to a question sees it whole', async ({ page, look }) => {
  await enter(page, 'c1001');
  await page.request.post('/appearance', { form: { mode: 'elder' } });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(survey);
  await choice(page, 'q_uses', 'savings').check();
  await press(page, say('surveys.next'));
  await expect(choice(page, 'q_savings_term', 'within_year')).toBeVisible();
  await press(page, say('surveys.previous'));
  await expect(choice(page, 'q_uses', 'savings')).toBeChecked();
  // The hotline stays in sight above it and covers nothing of it.
  const [question, hotline] = await Promise.all(['#page-form legend', '.hotline'].map((part) => page.locator(part).boundingBox()));
  expect(question?.y).toBeGreaterThanOrEqual((hotline?.y ?? 0) + (hotline?.height ?? 0));
  await look(page);
});

test('J6 a suggestion is answered and thanked for', async ({ page, newDevice, look }) => {
  await signIn(page, 'c1001');
  await page.getByRole('main').getByRole('link', { name: say('suggestions.home.task') }).click();
  await look(page);
  await page.locator('[name=content]').fill(need);
  await press(page, say('suggestions.submit'));
  await expect(refusal(page, 'suggestion_category_missing')).toBeVisible();
  await expect(page.locator('[name=content]')).toHaveValue(need);
  await look(page);
  await choice(page, 'category', 'branch_service').check();
  await press(page, say('suggestions.submit'));
  await expect(page).toHaveURL(/\/suggestions\/[A-Z0-9-]+#answer$/);
  const number = await caseNumber(page);
  await look(page);

  const clerk = await newDevice();
  await enter(clerk, 'clerk');
  await openOnDesk(clerk, number);
  await expect(clerk.getByText(need)).toBeVisible();
  await look(clerk);
  await clerk.getByLabel(say('suggestions.judged.partly'), { exact: true }).check();
  await clerk.getByRole('textbox', { name: say('suggestions.desk.judgement_reason'), exact: true }).fill('石岐支行从下月起周六上午开一个窗口。');
  await clerk.getByRole('textbox', { name: say('suggestions.desk.thanks'), exact: true }).fill('谢谢您为我们着想。');
  await press(clerk, say('suggestions.desk.answer'));
  await expect(stateTag(clerk, say('suggestions.state.answered'))).toBeVisible();
  await look(clerk);

  await page.goto('/');
  await look(page);
  await page.goto('/suggestions');
  await expect(page.getByRole('main').locator(`a[href="/suggestions/${number}"]`).first()).toBeVisible();
  await look(page);
  await page.goto(`/suggestions/${number}`);
  await expect(page.getByText(say('suggestions.judged.partly'), { exact: true }).first()).toBeVisible();
  await expect(page.getByText('石岐支行从下月起周六上午开一个窗口。').first()).toBeVisible();
  await expect(page.getByText('谢谢您为我们着想。').first()).toBeVisible();
  await look(page);
  await press(page, say('suggestions.understood'));
  await expect(page.getByRole('button', { name: say('suggestions.understood') })).toHaveCount(0);
});
