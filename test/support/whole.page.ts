import { expect } from 'vitest';

/** A page that asks for nothing: its pictures are inside, and it has no script. */
export function requireWhole(page: string): void {
  const text = page.replaceAll(/src="data:image\/jpeg;base64,[^"]*"/g, '');
  for (const part of [/(?:src|href)=/, /<script/, /.{0,40}(?:NaN|undefined|Infinity).{0,40}/]) {
    expect(part.exec(text)?.[0]).toBeUndefined();
  }
  expect(text.includes('default-src &#39;none&#39;')).toBe(true);
}
