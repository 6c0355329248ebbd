import type { Dataset } from '@lab/mnist-data';
import { loadMnist } from '@lab/mnist-data/browser';
import type { Emit } from './messages.ts';

let loading: Promise<Dataset> | undefined;

/** The full MNIST, fetched once from where the page lies; tells as 'download' how far it is. */
export function mnist(emit: Emit): Promise<Dataset> {
  loading ??= loadMnist({ onProgress: (progress) => emit('download', progress) }).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
