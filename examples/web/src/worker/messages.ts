/** What a room in the worker offers: methods by name, with one argument at most. */
export type Methods = Record<string, (argument: never) => unknown>;

/** Says something that was not asked for, such as how a training goes. */
export type Emit = (event: string, value: unknown) => void;

/** The backend that a page would like, as its address says: `?backend=simd&threads=1`. */
export interface BackendWish {
  readonly backend: string;
  readonly threads?: number;
}

/** Which backend computes, and why. */
export interface BackendReport {
  readonly name: string;
  /** As a sentence or two. */
  readonly reason: string;
  /** Those that would have been preferred, and why they can't run. */
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
}

/** From page to worker. The first call opens a room. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

/** From worker to page. */
export type Message =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } }
  | { readonly event: string; readonly value: unknown };
