import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointError } from '../src/errors.ts';
import { readCheckpoint, StorageError, writeCheckpoint, writeFileAtomic } from '../src/node.ts';
import { sampleTensors } from './safetensors-samples.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'core-files-'));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

describe('writeFileAtomic', () => {
  it('writes text and bytes, replaces, and leaves nothing else', async () => {
    const path = join(folder, 'config.json');
    await writeFileAtomic(path, 'größe');
    expect(readFileSync(path, 'utf8')).toBe('größe');
    await writeFileAtomic(path, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(readdirSync(folder)).toEqual(['config.json']);
  });

  it('takes many writers of one file at once', async () => {
    const path = join(folder, 'file');
    await Promise.all(Array.from({ length: 20 }, (_, i) => writeFileAtomic(path, String(i).repeat(1000))));
    const text = readFileSync(path, 'utf8');
    expect(text).toBe(text.slice(0, text.length / 1000).repeat(1000));
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('says plainly that the folder is missing', async () => {
    const failure = await writeFileAtomic(join(folder, 'no', 'file'), '').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StorageError);
    expect(failure).toMatchObject({ code: 'ENOENT', path: join(folder, 'no', 'file') });
    expect((failure as Error).message).toMatch(/Can't write .*its folder does not exist \(ENOENT\).*create the folder/);
  });

  it('says plainly that the path is a folder, and cleans up', async () => {
    mkdirSync(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow(StorageError);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('removes what a killed process left behind, and nothing of a running or young one', async () => {
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const old = new Date(Date.now() - 3_600_000);
    const names = { stale: `.file.${gone}-3.tmp`, own: `.file.${process.pid}-999.tmp`, other: `.other.${gone}-3.tmp` };
    for (const name of Object.values(names)) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), old, old);
    }
    writeFileSync(join(folder, `.file.${gone}-4.tmp`), '');
    await writeFileAtomic(join(folder, 'file'), 'x');
    expect(readdirSync(folder).sort()).toEqual([`.file.${gone}-4.tmp`, names.own, names.other, 'file'].sort());
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(process.platform === 'win32')('says plainly that the folder is read-only, and keeps the old file', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    chmodSync(folder, 0o555);
    const script = fileURLToPath(new URL('write-once.ts', import.meta.url));
    // Root may write anywhere: nobody (65534) may not.
    const said = execFileSync(process.execPath, [script, path], { encoding: 'utf8', ...(isRoot && { uid: 65534 }) });
    expect(said).toMatch(/Can't write .*permission is denied \(EACCES\)\. Use a folder that is yours/);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  // A device that is always full stands for a full disk: a file opened there takes no byte.
  it.skipIf(!existsSync('/dev/full'))('explains a full disk', async () => {
    const cause = await import('node:fs/promises').then(({ writeFile }) =>
      writeFile('/dev/full', 'x').catch((error: unknown) => error),
    );
    const error = new StorageError({ action: 'write', path: 'runs/x', cause });
    expect(error.message).toBe(
      "Can't write runs/x: the disk is full (ENOSPC). Free some space, or write to another disk.",
    );
  });
});

describe('checkpoints', () => {
  it('come back as they were written', async () => {
    const path = join(folder, 'checkpoint.safetensors');
    await writeCheckpoint(path, sampleTensors, { step: '12' });
    expect(await readCheckpoint(path)).toEqual({ tensors: sampleTensors, metadata: { step: '12' } });
  });

  it('that are missing or damaged are named', async () => {
    const path = join(folder, 'checkpoint.safetensors');
    await expect(readCheckpoint(path)).rejects.toThrow(/Can't read .*checkpoint\.safetensors.*does not exist/);
    writeFileSync(path, 'not a checkpoint');
    await expect(readCheckpoint(path)).rejects.toThrow(CheckpointError);
    await expect(readCheckpoint(path)).rejects.toThrow(/checkpoint\.safetensors: expected a header/);
  });

  it('are whole whenever the writer is killed', async () => {
    const path = join(folder, 'checkpoint.safetensors');
    const script = fileURLToPath(new URL('endless-writer.ts', import.meta.url));
    for (const delay of [0, 3, 7, 11, 16, 23]) {
      const writer = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(writer.stdout, 'data');
      await sleep(delay);
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const { tensors, metadata } = await readCheckpoint(path);
      expect(tensors['weights']!.data.every((value) => value === Number(metadata['round']))).toBe(true);
    }
  });
});
