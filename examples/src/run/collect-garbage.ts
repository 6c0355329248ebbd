import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back at once what nobody refers to any more. Left to itself, V8 lets some 64 MiB of array buffers gather before it
 * looks: copies of weights on their way to a checkpoint, orders of past epochs, and what decoding the pictures needed.
 * Takes a few milliseconds.
 */
export const collectGarbage = exposeCollector();

/** Node shows the collector to contexts that are made after the flag was set; this program gets by without a command line. */
function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => collect();
}
