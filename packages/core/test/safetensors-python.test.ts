import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Dtype } from '../src/index.ts';
import { writeCheckpoint } from '../src/node.ts';
import { sampleTensors } from './safetensors-samples.ts';

const python = process.env['PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('golden/check_safetensors.py', import.meta.url));

const numpyDtypes: Partial<Record<Dtype, string>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  I64: 'int64',
  U64: 'uint64',
  I32: 'int32',
  U32: 'uint32',
  I16: 'int16',
  U16: 'uint16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

function whyNoPython(): string | undefined {
  try {
    execFileSync(python, ['-c', 'import numpy, safetensors'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${python} with numpy and safetensors is not installed (set PYTHON to name another)`;
  }
}

const refusal = whyNoPython();
const title = `Python's safetensors${refusal === undefined ? '' : `, skipped: ${refusal}`}`;

describe.skipIf(refusal !== undefined)(title, () => {
  it('reads a file written here: names, shapes, dtypes, values, metadata', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'core-python-'));
    try {
      // numpy has no bfloat16.
      const known = Object.entries(sampleTensors).filter(([, { dtype }]) => numpyDtypes[dtype] !== undefined);
      const metadata = { step: '7', größe: '数' };
      await writeCheckpoint(join(folder, 'written.safetensors'), Object.fromEntries(known), metadata);
      const tensors = known.map(([name, { dtype, shape, data }]) => {
        return [name, { dtype: numpyDtypes[dtype], shape, values: Array.from(data, String) }];
      });
      writeFileSync(join(folder, 'wanted.json'), JSON.stringify({ metadata, tensors: Object.fromEntries(tensors) }));
      const files = ['written.safetensors', 'wanted.json'].map((name) => join(folder, name));
      expect(execFileSync(python, [script, ...files], { encoding: 'utf8' }).trim()).toBe('same');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
