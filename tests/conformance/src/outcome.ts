/** What became of one of tfjs-core's tests. */
export interface Outcome {
  /** The names of its suites and its own, as jasmine joins them, without that of the backend. */
  readonly name: string;
  /** `pending` is what the suite itself leaves out. */
  readonly status: 'passed' | 'failed' | 'pending';
  /** Of the first expectation that was not met. */
  readonly message: string;
}

/** What a run of the suite hands back: all that became of its tests, and what it computed on. */
export interface Report {
  readonly outcomes: readonly Outcome[];
  /** In simd's own words; empty on cpu. */
  readonly reason: string;
}
