/** Rewrites one checkpoint for ever, each time with other content: run as a process of its own, to be killed. */
import { writeCheckpoint } from '../src/node.ts';

const path = process.argv[2]!;
for (let round = 0; ; round++) {
  const data = new Float32Array(1 << 20).fill(round);
  await writeCheckpoint(path, { weights: { dtype: 'F32', shape: [data.length], data } }, { round: String(round) });
  if (round === 0) process.stdout.write('ready\n');
}
