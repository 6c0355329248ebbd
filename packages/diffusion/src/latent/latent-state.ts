import { assignTensors, CheckpointError, type NamedTensors, prefixNames, readTensors, type tf } from '@lab/core';
import { namedWeights } from '../diffusion-state.ts';
import type { LatentModel, LatentScale } from './latent-model.ts';

/** All weights and the scale, on the host: what `restoreLatent` needs to sample. */
export async function latentWeights(model: LatentModel): Promise<NamedTensors> {
  return { ...(await readTensors(weightsOf(model))), ...prefixNames('scale/', scaleTensors(model.scale)) };
}

/**
 * Puts weights back, of `latentWeights` or read from a file; half precision will do.
 *
 * @param source What they came from, for error messages.
 * @returns The model with the scale that was saved; its networks are the given one's.
 * @throws CheckpointError naming the tensor at fault; nothing has been changed then.
 */
export function restoreLatent(model: LatentModel, weights: NamedTensors, source = 'latent weights'): LatentModel {
  const { 'scale/mean': mean, 'scale/std': std, ...networks } = weights;
  const scale = { mean: numbersOf('scale/mean', mean, model, source), std: numbersOf('scale/std', std, model, source) };
  assignTensors(weightsOf(model), networks, source);
  return { ...model, scale };
}

function weightsOf({ autoencoder: { encoder, decoder }, diffusion }: LatentModel): Record<string, tf.Variable> {
  const networks = { encoder, decoder, network: diffusion.network };
  return Object.fromEntries(
    Object.entries(networks).flatMap(([part, network]) =>
      Object.entries(namedWeights({ network })).map(([name, weight]) => [`${part}/${name}`, weight]),
    ),
  );
}

function scaleTensors({ mean, std }: LatentScale): NamedTensors {
  const tensor = (values: readonly number[]) => ({
    dtype: 'F32' as const,
    shape: [values.length],
    data: Float32Array.from(values),
  });
  return { mean: tensor(mean), std: tensor(std) };
}

function numbersOf(
  name: string,
  tensor: NamedTensors[string] | undefined,
  { scale }: LatentModel,
  source: string,
): number[] {
  const count = scale.mean.length;
  if (tensor?.shape.length === 1 && tensor.shape[0] === count) return Array.from(tensor.data as Float32Array);
  const received = tensor === undefined ? 'none' : `shape [${tensor.shape.join(', ')}]`;
  throw new CheckpointError({ source, tensor: name, expected: `${count} numbers, one a latent channel`, received });
}
