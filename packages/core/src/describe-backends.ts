import { beforeAll, describe } from 'vitest';
import { backendNames, type BackendName } from './backend-options.ts';
import { BackendUnavailableError } from './errors.ts';
import { useBackend } from './use-backend.ts';

const refusals = new Map<BackendName, Promise<string | undefined>>();

/**
 * A vitest suite that is run on every backend that can run here. Those that can't are shown as skipped, each with its
 * name and the reason.
 *
 * @param title The suite's title.
 * @param body Defines the tests; it is called once for each backend, with its name. In `beforeAll` and in the tests
 * that backend is the current one, while `body` itself must make no tensors.
 * @param names The backends; all by default.
 */
export function describeBackends(
  title: string,
  body: (name: BackendName) => void,
  names: readonly BackendName[] = backendNames,
): void {
  describe(title, async () => {
    for (const name of names) {
      const refusal = await refusalOf(name);
      const suite = refusal === undefined ? `on ${name}` : `on ${name}, skipped: ${refusal}`;
      describe.skipIf(refusal !== undefined)(suite, () => {
        beforeAll(async () => {
          await useBackend(name);
        });
        body(name);
      });
    }
  });
}

/** Why a backend can't run here, or undefined if it can; found out once. */
function refusalOf(name: BackendName): Promise<string | undefined> {
  const known = refusals.get(name);
  if (known !== undefined) return known;
  const refusal = useBackend(name).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof BackendUnavailableError) return error.reason;
      throw error;
    },
  );
  refusals.set(name, refusal);
  return refusal;
}
