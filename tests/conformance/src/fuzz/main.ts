// Runs many sequences, in both thread modes: `node src/fuzz/main.ts [sequences] [first seed]`.
import { configureSimd, type SimdOptions, simdInfo } from '@lab/backend-simd';
import { tf } from '@lab/core';
import { runSequence } from './sequence.ts';

const [sequences, first] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 0)];

const modes: readonly SimdOptions[] = [{ threads: 2 }, { threads: 1, shared: false }];

for (const options of modes) {
  configureSimd(options);
  await tf.setBackend('simd');
  const { reason } = simdInfo();
  const counts = { operations: 0, derivatives: 0 };
  const differences: string[] = [];
  const start = performance.now();
  for (let seed = first; seed < first + sequences; seed++) {
    await runSequence(seed, counts).catch((error: Error) => void differences.push(error.message));
    if (differences.length >= 20) break;
  }
  for (const message of differences) console.error(message);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${reason}: ${sequences} sequences from seed ${first}, ${counts.operations} operations and ${counts.derivatives} ` +
      `derivatives compared with cpu in ${seconds} s, ${differences.length} differences`,
  );
  if (differences.length > 0) process.exitCode = 1;
  tf.removeBackend('simd');
}
