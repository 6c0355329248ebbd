// Writes weights/NAME.safetensors of the package it runs in as a module, src/generated/NAME-weights.ts, that exports it in base64:
// so it loads in Node, in browsers and through bundlers without a path to find. `node ../../scripts/embed-weights.mjs judge`
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const [name] = process.argv.slice(2);
if (name === undefined) throw new Error('Expected the name of a file in weights/, without .safetensors.');
const bytes = await readFile(`weights/${name}.safetensors`);
const source = `// Made by scripts/embed-weights.mjs.\nexport const ${name}Weights = '${bytes.toString('base64')}';\n`;
await mkdir('src/generated', { recursive: true });
await writeFile(`src/generated/${name}-weights.ts`, source);
