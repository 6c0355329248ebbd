import { builtinModules } from 'node:module';

const reason = 'Algorithms never touch the machine: the application does, and passes in what is needed.';

const globals = ['process', 'document', 'window', 'navigator', 'localStorage', 'fetch', 'require', 'Deno', 'Bun'];
const backendCalls = ['setBackend', 'removeBackend', 'registerBackend', 'setPlatform'];

/** Lint rules for source that may not know what it runs on. */
export const withoutTheMachine = {
  'no-restricted-globals': ['error', ...globals.map((name) => ({ name, message: reason }))],
  'no-restricted-imports': [
    'error',
    {
      paths: builtinModules.map((name) => ({ name, message: reason })),
      patterns: [
        { group: ['node:*'], message: reason },
        { group: ['@lab/core/node'], message: reason },
        { group: ['@lab/*'], importNames: ['useBackend', ...backendCalls], message: reason },
      ],
    },
  ],
  'no-restricted-properties': [
    'error',
    ...['tf', 'tfc', 'core'].flatMap((object) =>
      backendCalls.map((property) => ({ object, property, message: reason })),
    ),
    ...['process', 'document', 'window'].map((property) => ({ object: 'globalThis', property, message: reason })),
  ],
};
