import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FixtureWorkspace } from './fixture-workspace.ts';

const workspace = new FixtureWorkspace();
beforeAll(() => workspace.install());
afterAll(() => workspace.remove());

const file = 'packages/a/test/a.test.ts';
const suite = (body: string) => `import { expect, it } from 'vitest';\n${body}\n`;
const passing = `it('adds', () => expect(1 + 1).toBe(2));`;
const failing = `it('is wrong', () => expect(1 + 1).toBe(3));`;

/** Exit code and last line of `npm test`. */
function npmTest(...args: string[]) {
  const { status, stdout } = workspace.run(['test', ...args], { CI: 'true' });
  return [status, stdout.trimEnd().split('\n').at(-1)];
}

describe('npm test', () => {
  it('counts build, lint, typecheck and every test', () => {
    workspace.write(file, suite(passing));
    expect(npmTest()).toEqual([0, '4 passed, 0 failed']);
  });

  it('counts failed and skipped tests, and fails', () => {
    workspace.write(file, suite(`${passing}\n${failing}\nit.skip('later', () => {});\nit.todo('much later');`));
    expect(npmTest()).toEqual([1, '4 passed, 1 failed, 2 skipped']);
  });

  it('fails for a file that does not load', () => {
    workspace.write(file, suite(`import './nowhere.ts';\n${passing}`));
    expect(npmTest()).toEqual([1, '3 passed, 1 failed']);
  });

  it('fails for an error that no test caught', () => {
    workspace.write(file, suite(`${passing}\nit('leaks', () => void Promise.reject(new Error('unseen')));`));
    expect(npmTest()).toEqual([1, '5 passed, 1 failed']);
  });

  it('hands arguments to vitest', () => {
    workspace.write(file, suite(`${passing}\n${failing}`));
    expect(npmTest('-t', 'adds')).toEqual([0, '4 passed, 0 failed, 1 skipped']);
  });

  it('narrows to a workspace with --filter, by name or folder', () => {
    workspace.write(file, suite(passing));
    expect(npmTest('--filter', 'a')).toEqual([0, '4 passed, 0 failed']);
    expect(npmTest('--filter=@lab/a')).toEqual([0, '4 passed, 0 failed']);
    expect(npmTest('--filter', 'examples')).toEqual([0, '3 passed, 0 failed']);
  });

  it('lists the workspaces for a --filter it does not know', () => {
    const { status, stderr } = workspace.run(['test', '--filter', 'b']);
    expect(stderr).toContain("no workspace is called 'b'. Valid: examples, packages/a.");
    expect(status).toBe(2);
  });

  it('counts a failing step, and runs the others', () => {
    workspace.write('eslint.config.js', `export default [{ rules: { 'no-var': 'error' } }];\n`);
    workspace.write('packages/a/bad.js', 'var x = 1;\n');
    workspace.write(file, suite(passing));
    expect(npmTest()).toEqual([1, '3 passed, 1 failed']);
  });
});
