import { readFileSync } from 'node:fs';

/** Reads a file that a script in golden/ wrote. */
export function readGolden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8')) as T;
}
