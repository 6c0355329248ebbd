import { readFileSync } from 'node:fs';

/** Reads a file that golden/make_golden.py wrote. */
export function readGolden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8')) as T;
}
