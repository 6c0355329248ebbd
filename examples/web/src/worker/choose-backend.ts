import { type BackendChoice, type BackendName, BackendUnavailableError, tf, useBackend } from '@lab/core';
import type { BackendReport, BackendWish } from './messages.ts';

/** Starts the backend that was wished for, or else the best that there is. */
export async function chooseBackend({ backend, threads }: BackendWish): Promise<BackendReport> {
  const options = threads === undefined ? {} : { threads };
  if (backend === 'auto') return report(await useBackend('auto', options));
  try {
    return report(await useBackend(backend as BackendName, options));
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error;
    const { rejected, ...choice } = report(await useBackend('auto', options));
    return { ...choice, rejected: [{ name: backend, reason: error.reason }, ...rejected] };
  }
}

/** Resolves with the reason when the GPU device is lost; never, where there is none. */
export function deviceLost(): Promise<string> {
  const { device } = tf.backend() as { device?: { lost: Promise<{ reason?: string; message?: string }> } };
  if (tf.getBackend() !== 'webgpu' || device === undefined) return new Promise(() => undefined);
  return device.lost.then(({ message, reason }) => message || reason || 'no reason was given');
}

function report({ name, reason, details, rejected }: BackendChoice): BackendReport {
  const how = [details['reason'], details['adapter']].filter((detail) => typeof detail === 'string');
  return {
    name: name === 'simd' ? `simd, ${details['threads'] === 1 ? 'one thread' : `${details['threads']} threads`}` : name,
    reason: [reason, ...how].join('; '),
    // Of Node's backends there is nothing to say in a browser.
    rejected: rejected.filter((one) => !one.name.startsWith('tensorflow')),
  };
}
