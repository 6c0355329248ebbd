import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../src/generated/', import.meta.url);

describe('the WebAssembly binary', () => {
  it.each(readdirSync(folder))('of %s is below 150 kB', (name) => {
    const base64 = /'(.*)'/.exec(readFileSync(new URL(name, folder), 'utf8'))?.[1] ?? '';
    const bytes = Buffer.from(base64, 'base64').length;
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(150_000);
  });
});
