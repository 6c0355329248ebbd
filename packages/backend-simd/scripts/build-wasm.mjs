// Compiles assembly/ four times, with and without relaxed SIMD, with and without shared memory, and writes each binary
// as a module that exports it in base64: so it loads in Node, in browsers and through bundlers without a path to find.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const MEMORY_PAGES = 65536; // 4 GiB, what 32-bit addresses reach
const outDir = new URL('../src/generated/', import.meta.url);
const entry = new URL('../assembly/index.ts', import.meta.url).pathname;

function flags({ relaxed, shared }) {
  return [
    ...['-O3', '--noAssert', '--runtime', 'minimal', '--importMemory', '--initialMemory', '1'],
    ...['--maximumMemory', String(MEMORY_PAGES), '--enable', 'simd', '--enable', 'threads'],
    ...(relaxed ? ['--enable', 'relaxed-simd'] : []),
    ...(shared ? ['--sharedMemory'] : []),
  ];
}

async function compile(variant) {
  let binary;
  const { error, stderr } = await asc.main([entry, '--outFile', 'kernels.wasm', ...flags(variant)], {
    readFile: (name) => readFile(name, 'utf8').catch(() => null),
    writeFile: (name, contents) => void (name.endsWith('.wasm') && (binary = contents)),
    listFiles: () => [],
  });
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`);
  return binary;
}

await mkdir(outDir, { recursive: true });
for (const relaxed of [true, false]) {
  for (const shared of [true, false]) {
    const name = `${relaxed ? 'relaxed' : 'plain'}-${shared ? 'shared' : 'unshared'}`;
    const binary = await compile({ relaxed, shared });
    const source = `// Made by scripts/build-wasm.mjs.\nexport const wasm = '${Buffer.from(binary).toString('base64')}';\n`;
    await writeFile(new URL(`${name}.ts`, outDir), source);
    console.log(`${name}: ${binary.length} bytes`);
  }
}
