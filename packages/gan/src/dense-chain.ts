import { tf } from '@lab/core';
import {
  type DenseActivation,
  type Rows,
  dense,
  inputGradient,
  throughActivation,
  weightGradients,
} from './dense-kernels.ts';

/** What every link of a chain put out, the last one's being the chain's. */
export type ChainOutputs = readonly tf.Tensor2D[];

interface DenseLink {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
  readonly activation: DenseActivation;
}

/** A multilayer perceptron without the layers around it: dense layers, one after the other, on rows of numbers. */
export type DenseChain = readonly DenseLink[];

const chains = new WeakMap<tf.LayersModel, DenseChain | undefined>();

/**
 * The model as a chain of dense layers, or undefined if it has any other layer but inputs and those that only reshape.
 *
 * A chain is differentiated here by hand instead of by tfjs's tape. The tape splits a dense layer into product, bias and
 * activation, clones what it saves and knows nothing of the rows' layout; for networks as small as the reference MLP
 * that takes about as long as the arithmetic. Every result equals the tape's up to rounding.
 */
export function denseChainOf(model: tf.LayersModel): DenseChain | undefined {
  if (!chains.has(model)) chains.set(model, readChain(model));
  const chain = chains.get(model);
  return chain?.every((link) => link.kernel.trainable && link.bias.trainable) ? chain : undefined;
}

/** Every link's output for the rows `x`, `[B, n]`. */
export function chainForward(chain: DenseChain, x: Rows): ChainOutputs {
  const outputs: tf.Tensor2D[] = [];
  let a = x;
  for (const { kernel, bias, activation } of chain) {
    const y = dense(a, kernel, bias, activation);
    outputs.push(y);
    a = y;
  }
  return outputs;
}

/**
 * The derivatives with respect to the weights of the first `count` links, by variable name, for the derivative `slope` with
 * respect to the chain's output.
 */
export function chainGradients(
  chain: DenseChain,
  x: Rows,
  outputs: ChainOutputs,
  slope: tf.Tensor2D,
  count = chain.length,
): tf.NamedTensorMap {
  const gradients: tf.NamedTensorMap = {};
  let dSum = throughActivation(chain.at(-1)!.activation, outputs.at(-1)!, slope);
  for (let i = chain.length - 1; i >= 0; i--) {
    const { kernel, bias } = chain[i]!;
    const below = outputs[i - 1];
    if (i < count) [gradients[kernel.name], gradients[bias.name]] = weightGradients(below ?? x, dSum);
    if (below !== undefined) dSum = inputGradient(dSum, kernelOf(kernel, below), below, chain[i - 1]!.activation);
  }
  return gradients;
}

/** The rows of a kernel that its layer multiplies these columns by; the rest are those of labels joined to them. */
function kernelOf(kernel: tf.Tensor2D, { shape: [, columns] }: tf.Tensor2D): tf.Tensor2D {
  return kernel.shape[0] === columns ? kernel : tf.slice(kernel, [0, 0], [columns, -1]);
}

/** The rows that a chain starts from: `[B, n]`, or `[B, n + classes]` where one-hot labels are joined on. */
export function chainInput(x: tf.Tensor, condition?: tf.Tensor2D): tf.Tensor2D {
  const rows = x.rank === 2 ? (x as tf.Tensor2D) : tf.reshape<tf.Rank.R2>(x, [x.shape[0]!, -1]);
  return condition === undefined ? rows : tf.concat([rows, condition], 1);
}

function readChain(model: tf.LayersModel): DenseChain | undefined {
  const links: DenseLink[] = [];
  const join = joinOf(model);
  let previous: tf.layers.Layer | undefined = join;
  for (const layer of join === undefined ? model.layers : model.layers.slice(model.layers.indexOf(join) + 1)) {
    if (!follows(layer, previous)) return undefined;
    previous = layer;
    if (onlyReshapes.has(layer.getClassName())) continue;
    const link = readLink(layer);
    if (link === undefined) return undefined;
    links.push(link);
  }
  return links.length > 0 ? links : undefined;
}

/** The layer that joins labels to the flat first input, if the model starts with one: what `chainInput` does. */
function joinOf(model: tf.LayersModel): tf.layers.Layer | undefined {
  const join = model.layers.find((layer) => layer.getClassName() === 'Concatenate');
  if (join === undefined || model.inputs.length !== 2) return undefined;
  const before = model.layers.slice(0, model.layers.indexOf(join));
  const sources = join.inboundNodes[0]!.inboundLayers;
  const [first, second] = sources;
  const joinsInputs =
    sources.length === 2 &&
    before.every((layer) => ['InputLayer', 'Flatten'].includes(layer.getClassName())) &&
    (model.inputLayers[0] === first || first!.inboundNodes[0]!.inboundLayers[0] === model.inputLayers[0]) &&
    model.inputLayers[1] === second;
  return joinsInputs ? join : undefined;
}

const onlyReshapes = new Set(['InputLayer', 'Flatten', 'Reshape']);
const knownActivations = new Set(['linear', 'relu', 'sigmoid']);

function follows(layer: tf.layers.Layer, previous: tf.layers.Layer | undefined): boolean {
  const [node, ...others] = layer.inboundNodes;
  if (node === undefined || others.length > 0) return false;
  const sources = node.inboundLayers;
  return previous === undefined ? sources.length === 0 : sources.length === 1 && sources[0] === previous;
}

function readLink(layer: tf.layers.Layer): DenseLink | undefined {
  const config = layer.getConfig();
  const activation = config['activation'] as DenseActivation;
  const plain =
    layer.getClassName() === 'Dense' &&
    config['useBias'] === true &&
    knownActivations.has(activation) &&
    ['kernelRegularizer', 'biasRegularizer', 'activityRegularizer', 'kernelConstraint', 'biasConstraint'].every(
      (extra) => config[extra] === undefined || config[extra] === null,
    ) &&
    (layer.input as tf.SymbolicTensor).rank === 2;
  if (!plain) return undefined;
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  return { kernel: kernel as tf.Variable<tf.Rank.R2>, bias: bias as tf.Variable<tf.Rank.R1>, activation };
}
