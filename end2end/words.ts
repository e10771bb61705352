// Texts of the pages: the Chinese catalogue by key, so that a changed text does
// not break a journey. `say('cash.next')`, `say('cash.way_amount', { amount: '50,000 元' })`.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../app/locales');
const read = new Map<string, unknown>();

/** The text of a key, `namespace.key` or deeper; every placeholder needs a value. */
export function say(key: string, values: Record<string, string | number> = {}, language: 'zh-CN' | 'en' = 'zh-CN'): string {
  const [namespace, ...path] = key.split('.');
  const file = join(folder, language, `${namespace}.json`);
  if (!read.has(file)) read.set(file, JSON.parse(readFileSync(file, 'utf8')));
  let found = read.get(file);
  for (const part of path) found = (found as Record<string, unknown> | undefined)?.[part];
  if (typeof found !== 'string') throw new Error(`the catalogue has no ${key} (${file})`);
  return found.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${key} needs ${name}`);
    return String(value);
  });
}
