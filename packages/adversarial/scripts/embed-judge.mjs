// Writes weights/judge.safetensors as a module that exports it in base64: so it loads in Node, in browsers and through
// bundlers without a path to find.
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const bytes = await readFile(new URL('../weights/judge.safetensors', import.meta.url));
const outDir = new URL('../src/generated/', import.meta.url);
const source = `// Made by scripts/embed-judge.mjs.\nexport const judgeWeights = '${bytes.toString('base64')}';\n`;
await mkdir(outDir, { recursive: true });
await writeFile(new URL('judge-weights.ts', outDir), source);
