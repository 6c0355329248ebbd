/**
 * What this package expects of packages that may not be installed. Declared here so that it type-checks without them.
 */
declare module '@lab/backend-simd' {
  /** How the backend is set up; must be called before it is first used. */
  export function configureSimd(options: { threads?: number; relaxed?: boolean }): void;
  export function simdInfo(): {
    readonly threads: number;
    readonly relaxed: boolean;
    readonly shared: boolean;
    readonly memoryBytes: number;
    readonly reason: string;
  };
}

declare module '@tensorflow/tfjs-backend-webgpu';

declare module 'webgpu' {
  export function create(options: string[]): unknown;
  export const globals: Readonly<Record<string, unknown>>;
}
