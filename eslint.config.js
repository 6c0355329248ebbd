import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { boundaries } from './eslint/boundaries.js';
import { withoutTheMachine } from './eslint/machine.js';
import { algorithms } from './eslint/package-graph.js';

const root = import.meta.dirname;
const lab = { rules: { boundaries } };

/** Rules that need types are few, chosen for the mistakes that tests miss: a promise nobody waits for, a case left out. */
const typed = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const untyped = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
};

const focusedTest = {
  selector: 'MemberExpression[object.name=/^(describe|it|test|suite|bench)$/][property.name="only"]',
  message: 'A focused test hides the others. Remove .only.',
};

const defaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports: a name that is the same everywhere can be searched for.',
};

export default defineConfig(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/generated/',
      '**/coverage/',
      '**/.turbo/',
      '**/runs/',
      'examples/results/',
      // AssemblyScript: TypeScript's syntax, another language.
      'packages/backend-simd/assembly/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { files: ['**/*.ts'], extends: [tseslint.configs.recommended], rules: untyped },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: nodeGlobals() },
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'prefer-const': 'error' },
  },
  {
    files: [
      'packages/*/{src,test}/**/*.ts',
      '{examples,examples/web,bench}/{src,test}/**/*.ts',
      'tests/*/{src,test}/**/*.ts',
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: typed,
  },
  { files: ['packages/*/{src,test}/**/*.ts'], plugins: { lab }, rules: { 'lab/boundaries': ['error', { root }] } },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', defaultExport] },
  },
  // What another package exports is not ours to name.
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: [`packages/{${algorithms.join(',')}}/src/**/*.ts`], rules: withoutTheMachine },
  { files: ['**/test/**/*.ts'], rules: { 'no-restricted-syntax': ['error', focusedTest] } },
  prettier,
);

/** What Node's own scripts may use without importing it. */
function nodeGlobals() {
  const names = [
    'AbortController',
    'Buffer',
    'URL',
    'clearInterval',
    'clearTimeout',
    'console',
    'performance',
    'process',
  ];
  const more = ['fetch', 'globalThis', 'setImmediate', 'setInterval', 'setTimeout', 'structuredClone', 'WebAssembly'];
  const text = [
    'TextDecoder',
    'TextEncoder',
    'DecompressionStream',
    'CompressionStream',
    'Response',
    'URLSearchParams',
  ];
  return Object.fromEntries([...names, ...more, ...text].map((name) => [name, 'readonly']));
}
