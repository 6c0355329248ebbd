import { adam, type Ema, type Optimizer, type RandomKey } from '@lab/core';
import { type Gan, type GanLoss, dcgan, generatorAverage, losses, referenceMlp, smoothLabels } from '@lab/gan';

/** What a cure trains with. */
export interface Treatment {
  readonly gan: Gan;
  readonly loss: GanLoss;
  readonly dOptimizer: Optimizer;
  readonly gOptimizer: Optimizer;
  /** What is scored in G's place. */
  readonly gAverage?: Ema;
}

/**
 * One change to the run of task 2.2 that loses its classes: logistic loss, reference MLP, batch 128, Adam at 0.001. Conditioning,
 * the change that is a task of its own (2.3), is recorded there.
 */
export interface Cure {
  /** What is changed, and nothing else. */
  readonly change: string;
  readonly source: string;
  /** Steps that its run takes. */
  readonly steps: number;
  begin(key: RandomKey): Treatment;
}

const steps = 100_000;

export const cures = {
  smoothing: {
    change: "one-sided smoothing: D's target on real pictures is .9",
    source: 'Salimans et al. 2016, section 3.4',
    steps,
    begin: (key) => ({ ...untreated(key), loss: smoothLabels(losses.logistic, 0.9) }),
  },
  rates: {
    change: "two learning rates: G's is a quarter of D's, .00025 to .001",
    source: 'Heusel et al. 2017',
    steps,
    begin: (key) => ({ ...untreated(key), gOptimizer: adam({ learningRate: 2.5e-4 }) }),
  },
  slow: {
    change: "DCGAN's optimiser for both players: Adam at .0002 with beta1 .5",
    source: 'Radford et al. 2016, section 4',
    steps,
    begin: (key) => ({ ...untreated(key), ...dcganOptimizers() }),
  },
  average: {
    change: "samples by the moving average of G's weights, decay .999",
    source: 'Yazıcı et al. 2019',
    steps,
    begin: (key) => {
      const players = untreated(key);
      return { ...players, gAverage: generatorAverage(players.gan) };
    },
  },
  spectral: {
    change: "spectral normalisation of both of D's layers",
    source: 'Miyato et al. 2018',
    steps,
    begin: (key) => ({ ...usualGame(), gan: referenceMlp(key, { dNorm: 'spectral' }) }),
  },
  spread: {
    change: "minibatch standard deviation after D's hidden layer, groups of 4",
    source: 'Karras et al. 2018, section 3',
    steps,
    begin: (key) => ({ ...usualGame(), gan: referenceMlp(key, { minibatchStdDev: true }) }),
  },
  body: {
    change: "the DCGAN's body, 16 channels wide, with its optimiser",
    source: 'Radford et al. 2016',
    steps: 20_000,
    begin: (key) => ({ ...usualGame(), gan: dcgan(key, { width: 16 }), ...dcganOptimizers() }),
  },
} as const satisfies Record<string, Cure>;

export type CureName = keyof typeof cures;

export const cureNames = Object.keys(cures) as readonly CureName[];

/** The run without a cure, `npm run lab -- gan --preset lab`: the same first weights for the same key. */
function untreated(key: RandomKey): Treatment {
  return { ...usualGame(), gan: referenceMlp(key) };
}

/** All of it but the networks. */
function usualGame(): Omit<Treatment, 'gan'> {
  const optimizer = () => adam({ learningRate: 1e-3 });
  return { loss: losses.logistic, dOptimizer: optimizer(), gOptimizer: optimizer() };
}

function dcganOptimizers() {
  const optimizer = () => adam({ learningRate: 2e-4, beta1: 0.5 });
  return { dOptimizer: optimizer(), gOptimizer: optimizer() };
}
