import { type BackendName, BackendUnavailableError, useBackend } from '@lab/core';

/** Why a backend can't run here, or null if it can. */
export async function refusalOf(backend: BackendName): Promise<string | null> {
  try {
    await useBackend(backend);
    return null;
  } catch (error) {
    if (error instanceof BackendUnavailableError) return error.reason;
    throw error;
  }
}
