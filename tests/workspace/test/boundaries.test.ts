import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { algorithms, mayImport } from '../../../eslint/package-graph.js';

const root = path.resolve(import.meta.dirname, '../../..');

/** The real configuration, less the rules that need the file to be part of a TypeScript program. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false, program: null } },
      rules: Object.fromEntries(
        [
          'await-thenable',
          'no-floating-promises',
          'no-for-in-array',
          'no-misused-promises',
          'only-throw-error',
          'return-await',
          'switch-exhaustiveness-check',
        ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
      ),
    },
  ],
});

/** Ids of the rules that a file of this content breaks, and what they say. */
async function problems(filePath: string, code: string) {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, filePath) });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId !== '@typescript-eslint/no-unused-vars')
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const probe = (name: string, part = 'src') => `packages/${name}/${part}/probe${part === 'test' ? '.test' : ''}.ts`;

describe('package boundaries', () => {
  it.each(Object.entries(mayImport))(
    '%s may import what the table allows and nothing else of ours',
    async (name, allowed) => {
      const others = Object.keys(mayImport).filter((other) => other !== name);
      for (const other of others) {
        const found = await problems(probe(name), `import { x } from '@lab/${other}';\nx();\n`);
        const expected = allowed.includes(other) ? [] : [expect.stringMatching(/^lab\/boundaries: /)];
        expect(found, `${name} -> ${other}`).toEqual(expected);
      }
    },
  );

  it('names the package, the import and what is allowed', async () => {
    expect(await problems(probe('gan'), `import '@lab/viz';\n`)).toEqual([
      "lab/boundaries: 'gan' may not know '@lab/viz'. It may import: @lab/core (eslint/package-graph.js).",
    ]);
  });

  it.each([
    ['a re-export', `export * from '@lab/viz';`],
    ['a named re-export', `export { x } from '@lab/viz';`],
    ['a type import', `import type { X } from '@lab/viz';\nexport type Y = X;`],
    ['a type in place', `export type Y = import('@lab/viz').X;`],
    ['a dynamic import', `export const load = () => import('@lab/viz');`],
    ['a subpath', `import '@lab/viz/browser';`],
    ['a relative path', `import '../../viz/src/index.ts';`],
  ])('are not passed by %s', async (_, code) => {
    expect(await problems(probe('gan'), `${code}\n`)).toContainEqual(expect.stringMatching(/^lab\/boundaries: /));
  });

  it('let core load backend-simd, by a dynamic import only', async () => {
    expect(await problems(probe('core'), `export const load = () => import('@lab/backend-simd');\n`)).toEqual([]);
    expect(await problems(probe('core'), `import '@lab/backend-simd';\n`)).toEqual([
      expect.stringContaining('dynamic'),
    ]);
  });

  it('let the tests of gan run on backend-simd, and its source not', async () => {
    const code = `import '@lab/backend-simd';\n`;
    expect(await problems(probe('gan', 'test'), code)).toEqual([]);
    expect(await problems(probe('gan'), code)).toHaveLength(1);
  });

  it('leave examples, bench and tests free', async () => {
    const code = Object.keys(mayImport)
      .map((name) => `import '@lab/${name}';\n`)
      .join('');
    for (const file of ['examples/src/probe.ts', 'bench/src/probe.ts', 'tests/gates/test/probe.test.ts']) {
      expect(await problems(file, code)).toEqual([]);
    }
  });
});

describe('tfjs', () => {
  it.each(algorithms)('comes through core in %s', async (name) => {
    const code = `import { tidy } from '@tensorflow/tfjs-core';\ntidy(() => {});\n`;
    expect(await problems(probe(name), code)).toEqual([expect.stringContaining("from '@lab/core'")]);
    expect(await problems(probe('core'), code)).toEqual([]);
  });

  it.each(['mnist-data', 'viz'])('is not known to %s', async (name) => {
    const found = await problems(probe(name), `import '@tensorflow/tfjs-core';\n`);
    expect(found).toEqual([expect.stringContaining('without tfjs')]);
  });
});

describe.each(algorithms)('%s never touches the machine', (name) => {
  it.each([
    ['process', 'export const x = process.cwd();'],
    ['globalThis.process', 'export const x = globalThis.process;'],
    ['document', 'export const x = document.title;'],
    ['fs', `import fs from 'fs';\nfs.rmSync('x');`],
    ['node:fs', `import { rmSync } from 'node:fs';\nrmSync('x');`],
    ['tf.setBackend', `import { tf } from '@lab/core';\nawait tf.setBackend('cpu');`],
    ['useBackend', `import { useBackend } from '@lab/core';\nawait useBackend('cpu');`],
    ['@lab/core/node', `import { writeCheckpoint } from '@lab/core/node';\nawait writeCheckpoint();`],
  ])('through %s', async (_, code) => {
    expect(await problems(probe(name), `${code}\n`)).toEqual([expect.stringContaining('never touch the machine')]);
  });
});

describe('in packages', () => {
  it('console is refused', async () => {
    expect(await problems(probe('viz'), `console.log('x');\n`)).toEqual([expect.stringMatching(/^no-console/)]);
  });

  it('a focused test is refused', async () => {
    const code = `import { it } from 'vitest';\nit.only('x', () => {});\n`;
    expect(await problems(probe('viz', 'test'), code)).toEqual([expect.stringContaining('focused test')]);
  });
});
