import { type NamedTensors, type Optimizer, RandomKey, adam, tf } from '@lab/core';
import {
  type Gan,
  type GanLossName,
  type LabelledPictures,
  type TrainProgress,
  ganLoss,
  ganState,
  gradientPenalty,
  restoreGan,
  trainGan,
} from '@lab/gan';
import type { Emit } from './messages.ts';
import { turn } from './turn.ts';

/** What may be changed while a training runs; it holds from the next step on. */
export interface GameSettings {
  readonly loss: GanLossName;
  /** Real examples for each of D's steps. */
  readonly batchSize: number;
  readonly dRate: number;
  readonly gRate: number;
  readonly dSteps: number;
  readonly gSteps: number;
}

/** A training as the page wants it shown and saved. */
export interface Game {
  readonly gan: Gan;
  readonly seed: number;
  /** Adam's, for both players. */
  readonly beta1: number;
  /** The batches from a step on, `count` examples each. */
  readonly batches: (startStep: number, count: number) => Iterable<LabelledPictures>;
  /** Emits what there is to look at. */
  readonly show: (step: number) => Promise<void>;
}

/** A training on the host, to go on with elsewhere. */
export interface SavedTraining {
  readonly step: number;
  readonly state: NamedTensors;
}

/** Where a training starts, and how many weights its networks have. */
export interface Started {
  readonly step: number;
  readonly generator: number;
  readonly discriminator: number;
}

const quantities = ['step', 'dLoss', 'gLoss', 'dReal', 'dFake'] as const;

/** One number a step for each quantity. */
export type Curves = Record<(typeof quantities)[number], number[]>;

/** The page is told this often how the losses go, and more rarely what the samples look like. */
const curvesEveryMs = 100;
const samplesEveryMs = 500;
const saveEveryMs = 10_000;

/** A GAN's training that can be paused within a step, and whose settings may change on the way. */
export class GanTraining {
  #settings: GameSettings;
  #step = 0;
  /** Counts what was asked for: a run goes on as long as nothing else has been. */
  #wish = 0;
  #running: Promise<void> = Promise.resolve();
  #saved: SavedTraining | undefined;
  #curves = noCurves();
  readonly #due = { curves: 0, samples: 0, saving: 0 };
  readonly #game: Game;
  readonly #emit: Emit;
  readonly #dOptimizer: Optimizer;
  readonly #gOptimizer: Optimizer;

  constructor(game: Game, settings: GameSettings, emit: Emit) {
    this.#game = game;
    this.#emit = emit;
    this.#settings = settings;
    this.#dOptimizer = adam({ learningRate: () => this.#settings.dRate, beta1: game.beta1 });
    this.#gOptimizer = adam({ learningRate: () => this.#settings.gRate, beta1: game.beta1 });
  }

  get saved(): SavedTraining | undefined {
    return this.#saved;
  }

  change(settings: GameSettings): void {
    this.#settings = settings;
  }

  /** Trains until it is paused. Errors come as the event 'stopped'. */
  start(): void {
    void this.#begin(() => Infinity);
  }

  async oneStep(): Promise<void> {
    await this.#begin(() => this.#step + 1);
  }

  /** Ends within the step that is under way; resolves with the steps made and how many of them came after the asking. */
  async pause(): Promise<{ step: number; stepsAfterAsking: number }> {
    const asked = this.#step;
    this.#wish += 1;
    await this.#running;
    return { step: this.#step, stepsAfterAsking: this.#step - asked };
  }

  /** Shows what there is at the start, which is what was saved if anything was. */
  async open(saved: SavedTraining | undefined): Promise<Started> {
    if (saved !== undefined) {
      await restoreGan(this.#parts(), saved.state, 'the saved training');
      this.#step = saved.step;
    }
    await this.#game.show(this.#step);
    const { generator, discriminator } = this.#game.gan;
    return { step: this.#step, generator: generator.countParams(), discriminator: discriminator.countParams() };
  }

  async dispose(): Promise<void> {
    await this.pause();
    this.#dOptimizer.dispose();
    this.#gOptimizer.dispose();
    this.#game.gan.generator.dispose();
    this.#game.gan.discriminator.dispose();
  }

  /** Trains to the end given, once what runs has been paused, unless something else has been wished for by then. */
  #begin(end: () => number): Promise<void> {
    const wish = ++this.#wish;
    const isWanted = () => this.#wish === wish;
    this.#running = this.#running.then(() => this.#run(end(), isWanted)).catch(this.#stopped);
    return this.#running;
  }

  readonly #stopped = (error: Error) => this.#emit('stopped', error.message);

  async #run(end: number, isWanted: () => boolean): Promise<void> {
    while (isWanted() && this.#step < end) await this.#runWith(this.#settings, end, isWanted);
    this.#sendCurves();
    await this.#game.show(this.#step);
  }

  /** Trains as long as it is to go on with these settings. */
  async #runWith(settings: GameSettings, end: number, isWanted: () => boolean): Promise<void> {
    const { loss, batchSize, dSteps, gSteps } = settings;
    const { gan, seed, batches } = this.#game;
    const steps = trainGan(gan, batches(this.#step, batchSize * dSteps), {
      key: RandomKey.fromSeed(seed).child('training'),
      loss: ganLoss(loss),
      penalty: loss === 'wasserstein' ? gradientPenalty() : undefined,
      dOptimizer: this.#dOptimizer,
      gOptimizer: this.#gOptimizer,
      startStep: this.#step,
      steps: end,
      dSteps,
      gSteps,
    });
    for await (const progress of steps) {
      this.#note(progress);
      await this.#tell();
      await turn();
      if (!isWanted() || this.#settings !== settings) return;
    }
  }

  #note(progress: TrainProgress): void {
    this.#step = progress.step;
    for (const quantity of quantities) this.#curves[quantity].push(progress[quantity]);
  }

  async #tell(): Promise<void> {
    if (this.#isDue('curves', curvesEveryMs)) this.#sendCurves();
    if (this.#isDue('samples', samplesEveryMs)) await this.#game.show(this.#step);
    // A GPU may be lost, and what lies on it.
    if (tf.getBackend() === 'webgpu' && this.#isDue('saving', saveEveryMs)) {
      this.#saved = { step: this.#step, state: await ganState(this.#parts()) };
    }
  }

  #isDue(what: 'curves' | 'samples' | 'saving', everyMs: number): boolean {
    const now = performance.now();
    if (now < this.#due[what]) return false;
    this.#due[what] = now + everyMs;
    return true;
  }

  #sendCurves(): void {
    if (this.#curves.step.length > 0) this.#emit('curves', this.#curves);
    this.#curves = noCurves();
  }

  #parts() {
    return { gan: this.#game.gan, dOptimizer: this.#dOptimizer, gOptimizer: this.#gOptimizer };
  }
}

function noCurves(): Curves {
  return { step: [], dLoss: [], gLoss: [], dReal: [], dFake: [] };
}
