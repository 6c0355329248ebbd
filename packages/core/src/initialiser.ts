import { ConfigError } from './errors.ts';
import { requireNumber, requireOneOf } from './option-checks.ts';
import { RandomKey } from './random-key.ts';
import * as tf from './tf.js';

/** The distribution of a layer's first weights. */
export type InitialiserSpec =
  /** N(0, std^2). */
  | { readonly kind: 'normal'; readonly std: number }
  /** Uniform in [-limit, limit). */
  | { readonly kind: 'uniform'; readonly limit: number }
  /** Uniform, limit sqrt(6 / (fanIn + fanOut)): Glorot & Bengio 2010, equation 16. */
  | { readonly kind: 'glorotUniform' }
  /** Normal, variance 2 / (fanIn + fanOut): Glorot & Bengio 2010. */
  | { readonly kind: 'glorotNormal' }
  /** Uniform, limit sqrt(6 / fanIn): He et al. 2015. */
  | { readonly kind: 'heUniform' }
  /** Normal, variance 2 / fanIn: He et al. 2015, equation 10. */
  | { readonly kind: 'heNormal' };

type Kind = InitialiserSpec['kind'];

const kinds: readonly Kind[] = ['normal', 'uniform', 'glorotUniform', 'glorotNormal', 'heUniform', 'heNormal'];

/** tfjs-layers accepts only its own subclasses, but exports the base class nowhere. */
const Initializer = Object.getPrototypeOf(Object.getPrototypeOf(tf.initializers.zeros())).constructor as {
  new (): ReturnType<typeof tf.initializers.zeros>;
};

type SeededInitialiserConfig = InitialiserSpec & { readonly words: readonly [number, number] };

class SeededInitialiser extends Initializer {
  static readonly className = 'LabSeededInitialiser';
  readonly #key: RandomKey;
  readonly #spec: InitialiserSpec;

  constructor({ words, ...spec }: SeededInitialiserConfig) {
    super();
    this.#key = RandomKey.fromWords(words);
    this.#spec = checkSpec(spec);
  }

  override apply(shape: tf.Shape): tf.Tensor {
    const sizes = shape as number[];
    const { distribution, scale } = resolveScale(this.#spec, sizes);
    return distribution === 'normal' ? this.#key.normal(sizes, 0, scale) : this.#key.uniform(sizes, -scale, scale);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.#spec, words: [...this.#key.words] };
  }
}

tf.serialization.registerClass(
  SeededInitialiser as unknown as tf.serialization.SerializableConstructor<SeededInitialiser>,
);

/**
 * An initialiser for tf.layers that draws from a key: the same key and shape give the same weights. Give every weight
 * a key of its own: `initialiser(key.child('dense1/kernel'), { kind: 'heNormal' })`. It is registered for
 * serialisation, so that a saved model that uses it can be loaded.
 *
 * @throws ConfigError for an unknown kind, or a std or limit below 0.
 */
export function initialiser(key: RandomKey, spec: InitialiserSpec): ReturnType<typeof tf.initializers.zeros> {
  return new SeededInitialiser({ ...spec, words: key.words });
}

function checkSpec(spec: InitialiserSpec): InitialiserSpec {
  requireOneOf('kind', spec.kind, kinds);
  if (spec.kind === 'normal') requireNumber('std', spec.std, { min: 0 });
  if (spec.kind === 'uniform') requireNumber('limit', spec.limit, { min: 0 });
  return spec;
}

function resolveScale(
  spec: InitialiserSpec,
  shape: readonly number[],
): { distribution: 'normal' | 'uniform'; scale: number } {
  if (spec.kind === 'normal') return { distribution: 'normal', scale: spec.std };
  if (spec.kind === 'uniform') return { distribution: 'uniform', scale: spec.limit };
  const { fanIn, fanOut } = fans(shape);
  const fan = spec.kind.startsWith('glorot') ? (fanIn + fanOut) / 2 : fanIn / 2;
  return spec.kind.endsWith('Normal')
    ? { distribution: 'normal', scale: Math.sqrt(1 / fan) }
    : { distribution: 'uniform', scale: Math.sqrt(3 / fan) };
}

/** Inputs and outputs of one unit: of a dense kernel [in, out] or a convolution's [...window, in, out]. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new ConfigError({
      field: 'The shape of a fan-based initialiser',
      value: shape,
      expected: 'of rank 2 or more',
    });
  }
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! };
}
