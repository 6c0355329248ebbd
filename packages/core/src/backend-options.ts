import { ConfigError } from './errors.ts';
import { rejectUnknownOptions, requireBoolean, requireInteger } from './option-checks.ts';

/** The backends, in the order in which they are listed; not all can run everywhere. */
export const backendNames = ['tensorflow-gpu', 'tensorflow', 'webgpu', 'simd', 'cpu'] as const;

export type BackendName = (typeof backendNames)[number];

/** Options of `useBackend`. */
export interface BackendOptions {
  /**
   * Threads of the `simd` backend, 1 to 64; other backends take no notice. Must be set before `simd` is first used.
   *
   * @default what the backend chooses: in Node the number of cores, at most 8
   */
  readonly threads?: number;
  /**
   * Whether the `simd` backend may use relaxed SIMD (fused multiply-add) where the engine has it.
   *
   * @default true
   */
  readonly relaxed?: boolean;
}

/** @throws ConfigError for an unknown option or one out of range. */
export function checkBackendOptions(options: BackendOptions): BackendOptions {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigError({ field: 'The options of useBackend', value: options, expected: 'an object' });
  }
  rejectUnknownOptions('useBackend', options, ['threads', 'relaxed']);
  if (options.threads !== undefined) requireInteger('threads', options.threads, { min: 1, max: 64 });
  if (options.relaxed !== undefined) requireBoolean('relaxed', options.relaxed);
  return options;
}

/** Facts about a backend that is in use, for a run's records: threads, relaxed SIMD, adapter, package versions. */
export type BackendDetails = Readonly<Record<string, string | number | boolean>>;

/** What `load` of a backend found out. */
export interface LoadedBackend {
  /** Why it is a good choice here, as a clause: 'found an NVIDIA GPU'. */
  readonly reason: string;
  readonly details: BackendDetails;
}
