// An authenticator app: the code of a secret at a time of the bank's clock (RFC 6238).
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The secret that the page shows to be typed. */
export async function typedSecret(page: Page): Promise<string> {
  return ((await page.locator('[data-secret]').textContent()) ?? '').replaceAll(/\s/g, '');
}

/** A code that the bank accepts for ten seconds more at least, and that is not this one. */
export async function codeOf(secret: string, lobby: { readonly time: number }, used = ''): Promise<string> {
  while (lobby.time % 30_000 > 20_000 || codeAt(secret, lobby.time) === used) await wait(200);
  return codeAt(secret, lobby.time);
}

/** The code at a time in ms. */
function codeAt(secret: string, time: number): string {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return ((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0');
}
