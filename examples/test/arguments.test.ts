import { afterAll, describe, expect, it } from 'vitest';
import { readArguments } from '../src/cli/arguments.ts';
import { optionNames } from '../src/cli/options.ts';
import { tasks } from '../src/tasks/registry.ts';
import { lab, temporaryFolder } from './lab.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

describe('readArguments', () => {
  it('reads every option', () => {
    const line = 'gan --loss minimax-stable --preset lab --seed 7 --steps 1e3 --batch=64 --data d --backend simd';
    const { task, request } = readArguments([
      ...line.split(' '),
      '--threads',
      '1',
      '--out',
      'runs/x',
      '--resume',
      '--json',
    ]);
    expect(task).toBe('gan');
    expect(request).toEqual({
      loss: 'minimax-stable',
      preset: 'lab',
      seed: 7,
      steps: 1000,
      batch: 64,
      data: 'd',
      backend: 'simd',
      threads: 1,
      out: 'runs/x',
      mode: 'resume',
    });
  });

  it('leaves out what is not given', () => {
    expect(readArguments([])).toMatchObject({ task: undefined, help: false, request: { mode: 'new' }, options: [] });
    expect(readArguments(['-h']).help).toBe(true);
    expect(readArguments(['results', 'a', 'b']).operands).toEqual(['a', 'b']);
  });

  const refused: [string, RegExp][] = [
    ['--steps -5', /^--steps must be an integer at least 1 and at most 100000000, not -5\./],
    ['--steps=-5', /^--steps must be an integer at least 1/],
    ['--batch 1.5', /^--batch must be an integer at least 1 and at most 60000, not 1.5\./],
    ['--seed many', /^--seed must be an integer at least 0, not 'many'\./],
    ['--threads 0', /^--threads must be an integer at least 1 and at most 64, not 0\./],
    ['--seed', /^--seed must be followed by its value, N/],
    ['--out --resume', /^--out must be followed by its value, DIR/],
    ['--json=yes', /^--json must be without a value/],
    ['--loss logistics', /'logistic'.*Did you mean 'logistic'\?$/],
    ['--resum', /^The option must be one of '--resume', .*Did you mean '--resume'\?$/],
    ['-q', /^The option must be one of /],
    ['--resume --overwrite', /^--resume must be given without --overwrite/],
  ];
  it.each(refused)('refuses %s', (line, message) => {
    expect(() => readArguments(line.split(' '))).toThrow(message);
  });
});

/** As a regular expression that matches just this text. */
function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

// The rows of wrong names and numbers, through the real command: a message without a stack, and exit code 2.
describe('the command', () => {
  const rows: [string, RegExp][] = [
    ['gam', /^The task must be one of 'gan', .*not 'gam'\. Did you mean 'gan'\?\n$/],
    ['gan --sede 3', /^The option must be one of '--seed', .*Did you mean '--seed'\?\n$/],
    ['gan --preset quik', /^--preset must be one of 'quick', .*Did you mean 'quick'\?\n$/],
    ['gan --backend smid', /^--backend must be one of 'simd', .*Did you mean 'simd'\?\n$/],
    ['gan --loss nonsaturating', /^--loss must be one of 'non-saturating', .*Did you mean 'non-saturating'\?\n$/],
    ['gan --steps -5', /^--steps must be an integer at least 1 and at most 100000000, not -5\.\n$/],
    ['gan --seed seven', /^--seed must be an integer at least 0, not 'seven'\.\n$/],
    ['2.1 --loss logistic', /^An option of the task '2\.1' must be one of .*not '--loss'\.\n$/],
    ['gan runs/x', /^What follows the task 'gan' must be an option/],
  ];
  it.each(rows)('refuses %s', async (line, message) => {
    const { code, stderr, stdout } = await lab(line.split(' '), { cwd: folder.path });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('lists tasks and options', async () => {
    const { code, stdout } = await lab(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of tasks) expect(stdout).toMatch(new RegExp(`\\n  ${name} .*${escape(summary)}\\n`));
    for (const name of optionNames) expect(stdout).toContain(`\n  --${name}`);
  });
});
