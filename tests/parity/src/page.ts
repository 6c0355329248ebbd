import { type BackendDetails, type BackendName, type BackendOptions, useBackend } from '@lab/core';
import { type Errors, errorsOf, reference } from './compare.ts';
import { refusalOf } from './refusal-of.ts';

/** What a backend of the page makes of a model, against the page's own `cpu`. */
export interface Measured {
  readonly details: BackendDetails;
  readonly errors: Errors;
}

async function measure(model: string, backend: BackendName, options: BackendOptions): Promise<Measured> {
  const expected = await reference(model);
  const { details } = await useBackend(backend, options);
  return { details, errors: await errorsOf(model, expected) };
}

/** What the page can be asked. */
export const page = { measure, refusalOf };

Object.assign(globalThis, { page });
