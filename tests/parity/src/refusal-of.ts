import { type BackendName, type BackendOptions, BackendUnavailableError, useBackend } from '@lab/core';

/** Why a backend can't run here, or null if it can. */
export async function refusalOf(backend: BackendName, options: BackendOptions = {}): Promise<string | null> {
  try {
    await useBackend(backend, options);
    return null;
  } catch (error) {
    if (error instanceof BackendUnavailableError) return error.reason;
    throw error;
  }
}
