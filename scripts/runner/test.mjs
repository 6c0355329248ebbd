import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, turbo } from './build.mjs';
import { run } from './hand-over.mjs';
import { install } from './install.mjs';
import { exclusively } from './lock.mjs';
import { PlainError } from './plain-error.mjs';
import { step } from './step.mjs';
import { splitFilters, summary } from './test-report.mjs';
import { tool } from './tools.mjs';
import { root, selectWorkspaces } from './workspace.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Installs, builds, lints, typechecks and runs every test; the last line says how many passed and failed.
 * @param {string[]} args
 */
export async function runTests(args) {
  const { filters, rest } = splitFilters(args);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const selected = selectWorkspaces(filters);
    if (await prepare(selected, counts)) {
      await checkSources(selected, counts);
      if (haveTests(selected)) await runVitest(selected, rest, counts);
    }
  } catch (error) {
    if (!(error instanceof PlainError) || error.exitCode !== 1) throw error;
    process.stderr.write(`${error.message}\n`);
    counts.failed += 1;
  }
  process.stdout.write(`${summary(counts)}\n`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

/** @typedef {ReturnType<typeof selectWorkspaces>} Selected */

/** @param {Selected} selected none: the whole workspace */
const haveTests = (selected) =>
  selected.length === 0 || selected.some(({ folder }) => existsSync(path.join(root, folder, 'test')));

/**
 * Each step counts as one test.
 * @param {Counts} counts
 * @param {Promise<{ code: number }>} pending
 */
async function count(counts, pending) {
  const { code } = await pending;
  counts[code === 0 ? 'passed' : 'failed'] += 1;
  return code === 0;
}

/** @param {Selected} selected @param {Counts} counts */
function prepare(selected, counts) {
  return exclusively(async () => {
    await install();
    const wanted = selected.map(({ name }) => `${name}...`);
    return count(counts, build(wanted, { always: true }));
  });
}

/**
 * Lint and typecheck side by side; both report, whatever the other one finds.
 * @param {Selected} selected @param {Counts} counts
 */
async function checkSources(selected, counts) {
  const names = selected.map(({ name }) => name);
  await Promise.all([
    count(counts, lint(selected)),
    count(counts, turbo('typecheck', 'typechecking', names, { always: true })),
  ]);
}

/** @param {Selected} selected */
async function lint(selected) {
  const folders = selected.length > 0 ? selected.map(({ folder }) => folder) : ['.'];
  const rules = ['--max-warnings', '0', '--no-error-on-unmatched-pattern', ...folders];
  const format = ['--check', '--log-level', 'warn', '--no-error-on-unmatched-pattern', ...folders];
  const [eslint, prettier] = await Promise.all([
    step('linting', ...tool('eslint', rules), { always: true }),
    step('checking the format', ...tool('prettier', format), { always: true }),
  ]);
  return { code: eslint.code || prettier.code };
}

/**
 * @param {Selected} selected @param {string[]} args
 * @param {Counts} counts
 */
async function runVitest(selected, args, counts) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lab-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const projects = selected.map(({ name }) => `--project=${name}`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const [file, before] = tool('vitest', ['run', ...reporters, ...projects, ...args]);
    const { code } = await run(file, before, { stdin: 'ignore', cwd: root });
    add(counts, report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Counts} counts
 * @param {string} report
 * @param {number | null} code
 */
function add(counts, report, code) {
  const found = readReport(report);
  counts.passed += found.passed;
  counts.skipped += found.skipped;
  // A file that does not load, or an error outside of any test, fails the run without failing a test.
  counts.failed += code !== 0 && found.failed === 0 ? 1 : found.failed;
}

/** @param {string} report @returns {Counts} */
function readReport(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    // vitest ended before it could write one; its exit code says so.
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
