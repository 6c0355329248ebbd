import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = import.meta.dirname;

/** Every workspace that has tests, by its package name; one with a vitest.config.ts of its own keeps it. */
function project(folder: string) {
  const config = path.join(root, folder, 'vitest.config.ts');
  if (existsSync(config)) return config;
  const { name } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as { name: string };
  return { extends: true as const, test: { name, root: path.join(root, folder), include: ['test/**/*.test.ts'] } };
}

const folders = globSync(['packages/*', 'examples', 'examples/web', 'bench', 'tests/*'], { cwd: root })
  .filter(
    (folder) => existsSync(path.join(root, folder, 'package.json')) && existsSync(path.join(root, folder, 'test')),
  )
  .sort();

/** The rehearsal of a release first, and the rest as ever: begun last, it would wait for its installs alone for most of a minute. */
class RehearsalFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files);
    const isFirst = ({ project }: TestSpecification) => project.name === '@lab/rehearsal';
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: RehearsalFirst },
    projects: folders.map(project),
    pool: 'forks',
    maxWorkers: 2,
    // Generous on purpose: a slow machine is not a failing test.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
  },
});
