import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/**
 * jasmine without its Node-only entry. tfjs-core asks for an instance of its own, to set a time limit on; it is given the
 * one that runs the tests.
 */
const oneJasmine: Plugin = {
  name: 'one jasmine',
  setup({ onResolve, onLoad }) {
    const core = path.join(path.dirname(require.resolve('jasmine-core')), 'jasmine-core/jasmine.js');
    onResolve({ filter: /^jasmine-core$/ }, () => ({ path: core }));
    onResolve({ filter: /^jasmine-core\/lib/ }, () => ({ path: 'jasmine', namespace: 'tfjs' }));
    onLoad({ filter: /.*/, namespace: 'tfjs' }, () => ({ contents: 'exports.core = () => globalThis.jasmine' }));
  },
};

/**
 * tfjs-core's tests, jasmine and the backends as one script, for one copy of tfjs-core: the tests import its files one by
 * one, the backends the package.
 */
export async function bundleSuite(platform: 'node' | 'browser'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('suite/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: platform === 'node' ? 'cjs' : 'iife',
    platform,
    target: 'es2022',
    mainFields: ['module', 'main'],
    // By tfjs-core's package.json its test files have no effect, and could be left out.
    ignoreAnnotations: true,
    logLevel: 'error',
    plugins: [oneJasmine],
  });
  return outputFiles[0]?.text ?? '';
}
