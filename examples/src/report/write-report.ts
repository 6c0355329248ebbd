import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@lab/core/node';
import { report, type ReportOptions } from '@lab/viz';
import { runFiles } from '../run/files.ts';

/** Writes a folder's `report.html`, and what it was made of, for a report on several tasks. @returns Where the page is. */
export async function writeReport(folder: string, options: ReportOptions): Promise<string> {
  const page = join(folder, runFiles.report);
  const text = report(options);
  await writeFileAtomic(join(folder, runFiles.reportParts), JSON.stringify(options, bytesToText));
  await writeFileAtomic(page, text);
  return page;
}

/** What a folder's report was made of; undefined where there is none. */
export async function readReport(folder: string): Promise<ReportOptions | undefined> {
  const text = await readFile(join(folder, runFiles.reportParts), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text, textToBytes) as ReportOptions);
}

interface Base64 {
  readonly base64: string;
}

/** Looks at the value itself: a Buffer arrives as what its own toJSON makes of it. */
function bytesToText(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const bytes = this[name];
  return bytes instanceof Uint8Array ? { base64: Buffer.from(bytes).toString('base64') } : value;
}

function textToBytes(_name: string, value: unknown): unknown {
  const text = (value as Partial<Base64> | null)?.base64;
  return typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : value;
}
