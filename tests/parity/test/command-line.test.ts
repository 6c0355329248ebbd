import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { useSoftwareVulkan } from '../src/software-vulkan.ts';

useSoftwareVulkan();

const cli = fileURLToPath(new URL('../../../examples/src/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lab-parity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The parity of the models says nothing of what the command line's own workspace has installed.
it('npm run lab trains with --backend webgpu (skipped without an adapter)', async ({ skip }) => {
  const args = ['gan', '--preset', 'smoke', '--steps', '1', '--backend', 'webgpu', '--out', join(folder, 'run')];
  const ended = promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args]);
  const said = await ended.then(
    ({ stdout }) => stdout,
    ({ stderr }: { stderr: string }) => stderr,
  );
  skip(said.includes('no GPU adapter was found'));
  expect(said).toMatch(/backend +webgpu/);
  expect(said).toMatch(/step 1\/1/);
}, 240_000);
