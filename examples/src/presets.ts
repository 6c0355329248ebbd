/** Networks without classes. */
export type PlainNetworks = 'reference-mlp' | 'goodfellow';

/** The same in their conditional form, for task 2.3. */
export const conditionalNetworks = { 'reference-mlp': 'reference-cgan', goodfellow: 'mirza' } as const satisfies Record<
  PlainNetworks,
  string
>;

export type Networks = PlainNetworks | (typeof conditionalNetworks)[PlainNetworks] | 'convolutional-cgan';

/** How a run is set up, but for its loss and its seed. All numbers of steps are multiples of `metricsEvery`. */
export interface Preset {
  readonly summary: string;
  /** Updates of D, and as many of G. */
  readonly steps: number;
  /** Real pictures in a step. */
  readonly batch: number;
  readonly networks: PlainNetworks;
  /** The first so many training pictures; null is all. */
  readonly pictures: number | null;
  /** Steps from one row of metrics.jsonl to the next; reading metrics costs half a step. */
  readonly metricsEvery: number;
  /** Steps from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /** Steps after which a grid and G's weights are kept; the last step always is one. */
  readonly snapshots: readonly number[];
  /** Pictures in the animation, from step 0 to the last, evenly spaced on a logarithmic scale. */
  readonly frames: number;
  /** Milliseconds that a step takes on two cores with the backend simd, for the estimate at the start. */
  readonly typicalStepMs: number;
}

const assignment = {
  batch: 128,
  networks: 'reference-mlp',
  pictures: null,
  typicalStepMs: 5,
} as const satisfies Partial<Preset>;

/** A step of the convolutional networks, on two cores with the backend simd, over its batch. */
export const convolutionalMsAPicture = 1.3;

export const presets = {
  smoke: {
    ...assignment,
    summary: 'seconds; to see that everything works',
    steps: 30,
    batch: 32,
    metricsEvery: 5,
    checkpointEvery: 10,
    snapshots: [10],
    frames: 4,
  },
  quick: {
    ...assignment,
    summary: 'a minute or two on two cores: digits that can be read',
    steps: 15_000,
    metricsEvery: 25,
    checkpointEvery: 1_000,
    snapshots: [150, 750, 1_500, 3_000, 7_500],
    frames: 40,
  },
  lab: {
    ...assignment,
    summary: "the assignment's 20k and 100k iterations",
    steps: 100_000,
    metricsEvery: 50,
    checkpointEvery: 2_000,
    snapshots: [1_000, 5_000, 10_000, 20_000, 50_000],
    frames: 60,
  },
  paper: {
    summary: "Goodfellow's own network and schedule, 250 epochs of 50,000 pictures; hours",
    steps: 125_000,
    batch: 100,
    networks: 'goodfellow',
    pictures: 50_000,
    metricsEvery: 50,
    checkpointEvery: 500,
    snapshots: [500, 2_500, 5_000, 12_500, 25_000, 50_000],
    frames: 60,
    typicalStepMs: 200,
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as readonly PresetName[];
