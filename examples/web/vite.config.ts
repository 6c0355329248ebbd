import { globSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';
import { headers } from './src/site/headers.ts';
import { layout } from './src/site/layout.ts';

const root = import.meta.dirname;

export default defineConfig({
  root,
  base: './',
  appType: 'mpa',
  plugins: [layout()],
  worker: { format: 'es' },
  server: { headers: headers.isolation },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    // Weights are chunks of their own, and are loaded when they are asked for.
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: { input: globSync('*.html', { cwd: root }).map((page) => path.join(root, page)) },
  },
});
