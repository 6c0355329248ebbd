import { sameShape } from './check-tensors.ts';
import { CheckpointError, ConfigError } from './errors.ts';
import { readTensors, uploadTensor, type NamedTensors, type TensorData } from './named-tensors.ts';
import type { RestoreOptions } from './optimizer.ts';
import * as tf from './tf.js';

/**
 * The tensors an optimiser keeps for each variable, by kind and position: named `m.0`, `m.1`, ..., `v.0` in a state.
 * Positions and not variable names, since tfjs renames the variables of a second model of the same process.
 */
export class Slots<Kind extends string> {
  readonly kinds: readonly Kind[];
  #slots: Record<Kind, tf.Tensor>[] = [];
  #source = 'optimiser state';

  constructor(kinds: readonly Kind[]) {
    this.kinds = kinds;
  }

  /** The slots for these variables: zeros at first. @throws ConfigError, CheckpointError if they don't fit. */
  for(variables: readonly tf.Variable[]): Record<Kind, tf.Tensor>[] {
    if (this.#slots.length === 0) this.#slots = variables.map((variable) => this.#zeros(variable.shape));
    else this.#check(variables);
    return this.#slots;
  }

  /** Replaces one slot; the old tensor is freed, the new one kept. */
  replace(slot: Record<Kind, tf.Tensor>, kind: Kind, tensor: tf.Tensor): void {
    slot[kind].dispose();
    slot[kind] = tf.keep(tensor);
  }

  async read(step: number): Promise<NamedTensors> {
    const named = this.#slots.flatMap((slot, index) => this.kinds.map((kind) => [`${kind}.${index}`, slot[kind]]));
    const stepTensor: TensorData = { dtype: 'I32', shape: [], data: Int32Array.of(step) };
    return { ...(await readTensors(Object.fromEntries(named))), step: stepTensor };
  }

  /** Checks the state, then replaces all slots; returns the step. */
  restore(state: NamedTensors, { source = 'optimiser state', variables }: RestoreOptions): number {
    const step = requireStep(state, source);
    const count = this.#countPositions(state, source);
    if (variables !== undefined) this.#checkShapes(state, source, count, variables);
    this.dispose();
    this.#source = source;
    for (let index = 0; index < count; index++) this.#slots.push(this.#upload(state, index));
    return step;
  }

  dispose(): void {
    for (const slot of this.#slots) for (const kind of this.kinds) slot[kind].dispose();
    this.#slots = [];
  }

  #zeros(shape: readonly number[]): Record<Kind, tf.Tensor> {
    return this.#make(() => tf.zeros(shape as number[]));
  }

  #upload(state: NamedTensors, index: number): Record<Kind, tf.Tensor> {
    return this.#make((kind) => uploadTensor(state[`${kind}.${index}`]!));
  }

  #make(tensorOf: (kind: Kind) => tf.Tensor): Record<Kind, tf.Tensor> {
    return Object.fromEntries(this.kinds.map((kind) => [kind, tf.keep(tensorOf(kind))])) as Record<Kind, tf.Tensor>;
  }

  #check(variables: readonly tf.Variable[]): void {
    if (variables.length !== this.#slots.length) {
      const expected = `${this.#slots.length} of them, as in the updates before`;
      throw new ConfigError({ field: 'The number of variables', value: variables.length, expected });
    }
    variables.forEach((variable, index) => {
      const [kind] = this.kinds as readonly [Kind];
      const { shape } = this.#slots[index]![kind];
      if (!sameShape(shape, variable.shape)) throw shapeError(this.#source, `${kind}.${index}`, variable, shape);
    });
  }

  #checkShapes(state: NamedTensors, source: string, count: number, variables: readonly tf.Variable[]): void {
    if (count !== variables.length && count !== 0) {
      const expected = `slots for ${variables.length} variables`;
      throw new CheckpointError({ source, expected, received: `slots for ${count}` });
    }
    for (let index = 0; index < count; index++) {
      for (const kind of this.kinds) {
        const name = `${kind}.${index}`;
        const { shape } = state[name]!;
        if (!sameShape(shape, variables[index]!.shape)) throw shapeError(source, name, variables[index]!, shape);
      }
    }
  }

  #countPositions(state: NamedTensors, source: string): number {
    const names = Object.keys(state).filter((name) => name !== 'step');
    const count = names.length / this.kinds.length;
    const wanted = new Set(
      Array.from({ length: Math.ceil(count) }, (_, i) => this.kinds.map((k) => `${k}.${i}`)).flat(),
    );
    for (const tensor of names) {
      if (wanted.has(tensor)) continue;
      const expected = `the slots ${this.kinds.map((kind) => `${kind}.0, ${kind}.1, ...`).join(' and ')}`;
      throw new CheckpointError({ source, tensor, expected, received: 'a tensor of another name, or a gap' });
    }
    for (const tensor of wanted) requireF32(state, tensor, source);
    return count;
  }
}

function requireF32(state: NamedTensors, tensor: string, source: string): void {
  const found = state[tensor];
  if (found === undefined) throw new CheckpointError({ source, tensor, expected: 'a tensor', received: 'none' });
  if (found.dtype === 'F32') return;
  throw new CheckpointError({ source, tensor, expected: 'dtype F32', received: `dtype ${found.dtype}` });
}

function requireStep(state: NamedTensors, source: string): number {
  const { dtype, shape, data } = state['step'] ?? {};
  const value = data?.[0];
  if (dtype === 'I32' && shape!.length === 0 && typeof value === 'number' && value >= 0) return value;
  const expected = 'an I32 of shape [], at least 0';
  const received = dtype === undefined ? 'none' : `${dtype} of shape [${shape!.join(', ')}], value ${value}`;
  throw new CheckpointError({ source, tensor: 'step', expected, received });
}

function shapeError(source: string, tensor: string, variable: tf.Variable, shape: readonly number[]): CheckpointError {
  const expected = `shape [${variable.shape.join(', ')}], that of '${variable.name}'`;
  return new CheckpointError({ source, tensor, expected, received: `shape [${shape.join(', ')}]` });
}
