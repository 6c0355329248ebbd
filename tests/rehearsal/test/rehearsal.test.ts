import { mkdtempSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { executablePath } from '@lab/chromium';
import { publishedPackages } from '@lab/gates/packages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inChromium } from '../src/in-chromium.ts';
import { install, inUse, locked, registryAnswers } from '../src/project.ts';
import { readmeExample, shortened } from '../src/readme-example.ts';
import { startRegistry, type Registry } from '../src/registry.ts';
import { release } from '../src/release.ts';
import { run } from '../src/run.ts';

const reachable = await registryAnswers();
const title = `a release${reachable ? '' : ' (skipped: the npm registry does not answer)'}`;
/** `pnpm rehearse` builds the copy as well; `npm test` has just built what it takes over. */
const isFull = process.env['MODE'] === 'full';
const packages = publishedPackages();

interface Outcome {
  readonly backend: string;
  readonly dLosses: readonly number[];
  readonly restored: boolean;
  readonly pngBytes: number;
  readonly resolved: readonly string[];
}

/** Other packages' declarations are checked too, for ours build on them; but their own errors are theirs. */
const isOurs = (error: string) => !error.startsWith('node_modules/') || error.startsWith('node_modules/@lab/');

describe.skipIf(!reachable)(title, () => {
  const temporary = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'lab-release-')));
  const [copy, withNpm, withPnpm] = ['copy', 'npm', 'pnpm'].map((name) => path.join(temporary, name)) as [
    string,
    string,
    string,
  ];
  let registry: Registry;

  beforeAll(async () => {
    for (const name of ['copy', 'npm', 'pnpm', 'registry']) mkdirSync(path.join(temporary, name));
    registry = await startRegistry(path.join(temporary, 'registry'));
    await release(copy, registry, { build: isFull });
    const all = packages.flatMap((each) => [...readmeExample(each).install, each.manifest.name]);
    const tools = ['typescript', 'typescript-7', '@types/node', 'vite'].map((name) => inUse(name));
    await install(
      withNpm,
      'npm',
      [...new Set(all), inUse('@tensorflow/tfjs-backend-cpu', 'packages/core'), ...tools],
      registry,
    );
    const diffusion = packages.find(({ folder }) => folder === 'diffusion')!;
    await install(withPnpm, 'pnpm', [...readmeExample(diffusion).install, inUse('vite')], registry);
  }, 900_000);

  afterAll(async () => {
    await registry?.close();
    rmSync(temporary, { recursive: true, force: true });
  });

  it('raises every version, and says why in the changelogs', () => {
    for (const { folder, manifest } of packages) {
      const raised = JSON.parse(
        readFileSync(path.join(copy, 'packages', folder, 'package.json'), 'utf8'),
      ) as typeof manifest;
      expect(raised.version, folder).not.toBe(manifest.version);
      const changelog = readFileSync(path.join(copy, 'packages', folder, 'CHANGELOG.md'), 'utf8');
      expect(changelog).toContain(`## ${raised.version}\n`);
    }
    const left = readdirSync(path.join(copy, '.changeset')).filter((name) => name.endsWith('.md'));
    expect(left).toEqual([]);
  });

  it.each(packages)('publishes $manifest.name, and an empty project gets that', async ({ manifest: { name } }) => {
    const { integrity, link } = locked(withNpm, name) ?? {};
    expect({ integrity, link }).toEqual({ integrity: await registry.integrity(name), link: undefined });
  });

  /** Without NODE_PATH and the like: nothing but the project's own folder may be found. */
  const node = (project: string, ...args: string[]) =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], project);

  it.each(['simd', 'cpu'])('trains three steps on %s and resolves nothing from the workspace', async (backend) => {
    const stdout = await node(withNpm, 'train.ts', backend);
    const outcome = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
    expect(outcome).toMatchObject({ backend, restored: true });
    expect(outcome.dLosses).toHaveLength(3);
    expect(outcome.dLosses.every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
    expect(outcome.pngBytes).toBeGreaterThan(100);
    const inside = pathToFileURL(withNpm).href;
    expect(outcome.resolved.filter((url) => !url.startsWith(inside))).toEqual([]);
  });

  it('finds the pretrained judges within the packed package', async () => {
    const stdout = await node(withNpm, 'judge.ts');
    const outcome = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { accuracies: number[]; resolved: string[] };
    expect(Math.min(...outcome.accuracies)).toBeGreaterThan(0.97);
    expect(outcome.resolved.filter((url) => !url.startsWith(pathToFileURL(withNpm).href))).toEqual([]);
  });

  it('draws sevens from the weights in the package', async () => {
    const stdout = await node(withNpm, 'digits.ts', 'simd');
    const outcome = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly brightness: number };
    expect(outcome).toMatchObject({ backend: 'simd', pixels: 64 * 784, repeats: true });
    // Real sevens have 11% ink.
    expect(outcome.brightness).toBeGreaterThan(0.06);
    expect(outcome.brightness).toBeLessThan(0.2);
  });

  describe.each([
    ['6', 'typescript/bin/tsc6'],
    ['7', 'typescript-7/bin/tsc'],
  ])('TypeScript %s', (_, compiler) => {
    it.each([
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ])('typechecks strictly with module %s and moduleResolution %s', async (module, moduleResolution) => {
      const tsc = [`node_modules/${compiler}`, '--module', module, '--moduleResolution', moduleResolution];
      const stdout = await node(withNpm, ...tsc, '--pretty', 'false').catch((error: unknown) => {
        const { message } = error as Error;
        if (message.includes('error TS')) return message;
        throw error; // It did not get as far as checking.
      });
      const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
      expect(errors.filter(isOurs)).toEqual([]);
    });
  });

  it.each(packages)("runs the example of $manifest.name's README", async (each) => {
    writeFileSync(path.join(withNpm, 'example.mjs'), shortened(readmeExample(each).code));
    await node(withNpm, 'example.mjs');
  });

  it('runs the example of @lab/diffusion where pnpm installed what its README names, and nothing else', async () => {
    const diffusion = packages.find(({ folder }) => folder === 'diffusion')!;
    writeFileSync(path.join(withPnpm, 'example.mjs'), shortened(readmeExample(diffusion).code));
    await node(withPnpm, 'example.mjs');
  });

  describe.each([
    ['npm', withNpm],
    ['pnpm', withPnpm],
  ])('installed with %s', (_, project) => {
    const built = path.join(project, 'page/dist');

    it('is built by Vite', async () => {
      await node(project, 'node_modules/vite/bin/vite.js', 'build', 'page', '--logLevel', 'warn');
      expect(readdirSync(built)).toContain('index.html');
    });

    it.skipIf(!executablePath)(`draws in Chromium${executablePath ? '' : ' (skipped: there is none)'}`, async () => {
      expect(await inChromium(built, 'globalThis.drawn')).toEqual({
        result: { backend: 'simd', shape: [1, 28, 28, 1], finite: true },
        errors: [],
      });
    });
  });
});
