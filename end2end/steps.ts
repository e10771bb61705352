// Steps shared by several journeys, done through the user interface.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type APIRequestContext, type APIResponse, type Locator, type Page, expect, request } from '@playwright/test';
import { enter } from './fixtures.ts';
import type { Lobby } from './lobby.ts';
import { say } from './words.ts';

/** Presses the button with this text. */
export async function press(page: Page, words: string) {
  await page.getByRole('button', { name: words, exact: true }).click();
}

/** The number of the case on this page. */
export async function caseNumber(page: Page): Promise<string> {
  const number = await page.locator('[data-case-number]').first().getAttribute('data-case-number');
  expect(number, `a case number on ${page.url()}`).toMatch(/^[A-Z0-9]{3}-[A-Z0-9]{4}-[A-Z0-9]{3}$/);
  return number ?? '';
}

/** The refusal on this page with this code. */
export const refusal = (page: Page, code: string) => page.locator(`[data-refusal="${code}"]`);

/** The nearest accepted values of a refusal, by field name. */
export async function nearest(refused: Locator): Promise<URLSearchParams> {
  const fields = new URLSearchParams((await refused.getAttribute('data-nearest')) ?? '');
  expect([...fields.keys()], 'the nearest values name fields').not.toEqual([]);
  return fields;
}

/** Clicks the first offer of a refusal: its values are filled in and the refusal disappears. */
export async function takeOffer(refused: Locator) {
  await refused.getByRole('button').first().click();
  await expect(refused).toHaveCount(0);
}

/** A choice by its field name and value. */
export const choice = (page: Page, name: string, value: string) => page.locator(`input[name="${name}"][value="${value}"]`);

/** The values of a booking. */
export interface Wish {
  branch: string;
  day: string;
  slot: string;
  amount: number;
  /** Number of each note; without them the branch chooses the notes. */
  notes?: Record<number, number>;
  purpose?: string;
}

export const tomorrow: Wish = { branch: 'shiqi', day: '2026-11-24', slot: '10:00', amount: 80_000 };

/** Step 1 of the cash form, up to pressing its button. Without scripts the button must be pressed after each choice. */
export async function chooseWhereAndWhen(page: Page, scripts: boolean, wish: Pick<Wish, 'branch' | 'day' | 'slot'>) {
  await expect(page.getByRole('heading', { level: 1, name: say('cash.where_title') })).toBeVisible();
  await choice(page, 'branch', wish.branch).check();
  if (!scripts) await press(page, say('cash.next'));
  await choice(page, 'day', wish.day).check();
  if (!scripts) await press(page, say('cash.next'));
  await choice(page, 'slot', wish.slot).check();
  await press(page, say('cash.next'));
}

/** Step 2, up to pressing its button. */
export async function fillHowMuch(page: Page, wish: Pick<Wish, 'amount' | 'notes'>) {
  await expect(page.getByRole('heading', { level: 1, name: say('cash.much_title') })).toBeVisible();
  await page.getByLabel(say('cash.amount'), { exact: true }).fill(String(wish.amount));
  await page.locator('input[name=account]').first().check();
  if (wish.notes) {
    await choice(page, 'any_notes', 'own').check();
    for (const [note, count] of Object.entries(wish.notes)) {
      await page.getByRole('textbox', { name: say('cash.count_of', { yuan: note }), exact: true }).fill(String(count));
    }
  } else {
    await expect(choice(page, 'any_notes', 'on')).toBeChecked();
  }
  await press(page, say('cash.next'));
}

/** Step 3, up to pressing its button. */
export async function fillWho(page: Page, wish: Pick<Wish, 'purpose'> = {}) {
  await expect(page.getByRole('heading', { level: 1, name: say('cash.who_title') })).toBeVisible();
  if (wish.purpose) await page.getByLabel(say('cash.purpose'), { exact: true }).selectOption(wish.purpose);
  await choice(page, 'collector', 'self').check();
  await press(page, say('cash.next'));
}

/** Step 4: checks the summary and books; returns the case number. */
export async function book(page: Page): Promise<string> {
  await expect(page.getByRole('heading', { level: 1, name: say('cash.check_title') })).toBeVisible();
  await press(page, say('cash.book'));
  await expect(page).toHaveURL(/\/appointments\/[A-Z0-9-]+#answer$/);
  await expect(page.locator('#answer')).toBeFocused();
  // A company's booking may have to wait for its approver.
  const told = [say('cash.case.submitted'), say('cash.case.to_approve')];
  await expect(page.locator('#answer').getByText(new RegExp(`^(${told.join('|')})$`))).toBeVisible();
  return caseNumber(page);
}

/** A complete booking by a signed-in customer. */
export async function bookCash(page: Page, scripts: boolean, wish: Wish = tomorrow): Promise<string> {
  await page.goto('/appointments/new/cash');
  await chooseWhereAndWhen(page, scripts, wish);
  await fillHowMuch(page, wish);
  await fillWho(page, wish);
  return book(page);
}

/** A booking by the customer of this session, posted without opening the pages; the journeys about the form open them. */
export async function bookedCash(session: APIRequestContext, { branch, day, slot, amount, purpose }: Wish = tomorrow): Promise<string> {
  const read = async (field: string, answer: APIResponse) => {
    const found = new RegExp(`<input[^>]* name="${field}"[^>]* value="([^"]*)"`).exec(await answer.text());
    expect(found, `${field} on ${answer.url()}`).not.toBeNull();
    return found?.[1] ?? '';
  };
  const path = '/appointments/new/cash';
  const key = await read('key', await session.get(path));
  const much = await session.post(path, { form: { key, version: '0', branch, day, slot } });
  const [version, account] = [await read('version', much), await read('account', much)];
  const rest = { account, amount, any_notes: 'on', collector: 'self', do: 'book', ...(purpose ? { purpose } : {}) };
  const booked = await session.post(path, { form: { key, version, ...rest } });
  const number = /\/appointments\/([A-Z0-9]{3}-[A-Z0-9]{4}-[A-Z0-9]{3})(#answer)?$/.exec(booked.url())?.[1];
  expect(number, `${booked.url()} is a booking`).toBeDefined();
  return number ?? '';
}

/** Another customer books in the meantime. */
export async function bookMeanwhile(baseURL: string, name: string) {
  const away = await request.newContext({ baseURL });
  await away.post('/login', { form: { sign_in_name: name, password: 'lobby-demo' }, maxRedirects: 0 });
  await bookedCash(away);
  await away.dispose();
}

/** The messages in the outbox folder, the newest last. */
function messages(lobby: Lobby): string[] {
  const folder = join(lobby.data, 'outbox');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort().map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** Has a code sent on the page that asks for a fresh proof, and gives it; the waiting form comes back and is pressed once more. */
export async function giveSentCode(page: Page, lobby: Lobby, look: (page: Page) => Promise<unknown>) {
  await expect(page).toHaveURL(/\/step-up\?/);
  await typeSentCode(page, lobby, look);
  await press(page, say('step_up.submit'));
  await expect(page.getByText(say('step_up.proven'))).toBeVisible();
}

/** Has a code sent and types it, with the password if it is the first one to this number. */
export async function typeSentCode(page: Page, lobby: Lobby, look: (page: Page) => Promise<unknown>) {
  await expect(page.locator('input[name=password]')).toHaveCount(0);
  await look(page);
  const codes = () => messages(lobby).flatMap((text) => /验证码 (\d{6})/.exec(text)?.[1] ?? []);
  const before = codes().length;
  await page.locator('button[name=do][value=send]').click();
  const field = page.locator('input[name=code]');
  await expect(field).toBeVisible();
  await look(page);
  await expect.poll(() => codes().length, { message: 'the message with the code' }).toBe(before + 1);
  await field.fill(codes().at(-1) ?? '');
  // The first code to a number takes the password as well.
  const password = page.locator('input[name=password]');
  if ((await password.count()) > 0) await password.fill('lobby-demo');
}

/** Proposes the change that an administrator's page previews, and approves it as the second one, whose page is returned. */
export async function approvedByTheSecond(page: Page, newDevice: () => Promise<Page>): Promise<Page> {
  await press(page, say('admin.propose'));
  await expect(page.getByText(say('admin.own_note'))).toBeVisible();
  const second = await newDevice();
  await enter(second, 'admin2');
  await second.goto(new URL(page.url()).pathname);
  await press(second, say('admin.approve'));
  return second;
}

/** Opens a case on the desk by its number, typed in lower case without hyphens. */
export async function openOnDesk(page: Page, number: string) {
  await page.goto('/desk');
  await page.getByRole('searchbox').or(page.getByLabel(say('desk.number'), { exact: true })).first().fill(number.replaceAll('-', '').toLowerCase());
  await press(page, say('desk.find'));
  if (!page.url().includes('/desk/cases/')) await page.getByRole('main').getByRole('link', { name: number }).click();
  await expect(page).toHaveURL(new RegExp(`/desk/cases/${number}`));
}

/** The state tag of the case, on the desk or on the customer's page. */
export const stateTag = (page: Page, words: string) => page.getByRole('main').getByText(words, { exact: true }).filter({ visible: true }).first();
