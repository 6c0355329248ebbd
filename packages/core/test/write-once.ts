/** Writes a file once and prints the error, if any: run as another user, for whom folders can be read-only. */
import { writeFileAtomic } from '../src/node.ts';

try {
  await writeFileAtomic(process.argv[2]!, 'new');
  process.stdout.write('written');
} catch (error) {
  process.stdout.write((error as Error).message);
}
