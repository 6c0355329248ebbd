import { type DenoisingOptions, type DiffusionModel, denoising, loadPretrained, repaint } from '@lab/diffusion';
import { RandomKey, tf } from '@lab/core';
import { Latest } from './latest.ts';
import type { Emit } from './messages.ts';
import { exampleDigit } from './mnist.ts';
import { turn } from './turn.ts';

/** Which digits to make of noise, and how. */
export interface DenoiseRequest {
  /** One a picture; 10 for no digit in particular. */
  readonly labels: readonly number[];
  readonly seed: number;
  readonly steps: number;
  /** 1 is the network as it was trained; more insists on the digit. */
  readonly guidance: number;
}

/** A picture of which a part is to be made anew. */
export interface InpaintRequest {
  /** `[784]`, in [0, 1]. */
  readonly pixels: Float32Array;
  /** `[784]`: above 0 where it is to be made anew. */
  readonly wanted: Float32Array;
  readonly labels: readonly number[];
  readonly seed: number;
  readonly steps: number;
}

/** A moment on the way from noise to pictures, in [0, 1], `[N, 28, 28]`. */
export interface DenoisingFrame {
  readonly step: number;
  readonly of: number;
  readonly noisy: Float32Array;
  /** What the network takes them for; the noise itself at step 0. */
  readonly believed: Float32Array;
}

/** Makes digits of noise with the shipped diffusion model. */
export function open(emit: Emit) {
  const model = loadPretrained();
  const latest = { denoise: new Latest(), inpaint: new Latest() };

  return {
    ready: async () => void (await model),
    example: (request: { digit: number; seed: number }) => exampleDigit(request, emit),
    /** Emits every frame as 'denoising'; resolves with how long it took, undefined if a later request came. */
    async denoise({ labels, seed, ...options }: DenoiseRequest) {
      const key = RandomKey.fromSeed(seed).child('denoising');
      const frames = { event: 'denoising', isWanted: latest.denoise.begin() };
      return follow(await model, { key, labels, options }, frames, emit);
    },
    /** As `denoise`, by the event 'inpainting'. */
    async inpaint({ pixels, wanted, labels, seed, steps }: InpaintRequest) {
      const isWanted = latest.inpaint.begin();
      const [known, mask] = tf.tidy(() => {
        const one = tf.tensor4d(pixels, [1, 28, 28, 1]);
        const repeated = tf.tile(tf.sub(tf.mul(one, 2), 1), [labels.length, 1, 1, 1]);
        return [
          repeated,
          tf.tensor4d(
            wanted.map((want) => (want > 0 ? 0 : 1)),
            [1, 28, 28, 1],
          ),
        ] as const;
      }) as unknown as [tf.Tensor4D, tf.Tensor4D];
      try {
        const sampler = repaint({ known, mask }, { resamplings: 3 });
        const key = RandomKey.fromSeed(seed).child('inpainting');
        return await follow(
          await model,
          { key, labels, options: { sampler, steps } },
          { event: 'inpainting', isWanted },
          emit,
        );
      } finally {
        tf.dispose([known, mask]);
      }
    },
  };
}

export type DiffusionRoom = ReturnType<typeof open>;

interface Way {
  readonly key: RandomKey;
  readonly labels: readonly number[];
  readonly options: DenoisingOptions;
}

/** Emits each state, and lets messages in between them. */
async function follow(
  model: DiffusionModel,
  { key, labels, options }: Way,
  { event, isWanted }: { event: string; isWanted: () => boolean },
  emit: Emit,
): Promise<{ milliseconds: number; passes: number } | undefined> {
  const started = performance.now();
  let passes = 0;
  for (const state of denoising(model, key, labels, options)) {
    passes = state.passes;
    const noisy = await unitPixels(state.xt);
    const believed = state.x0 === undefined ? noisy : await unitPixels(state.x0);
    emit(event, { step: state.step, of: options.steps!, noisy, believed } satisfies DenoisingFrame);
    await turn();
    if (!isWanted()) return undefined;
  }
  return { milliseconds: performance.now() - started, passes };
}

/** From [-1, 1] to [0, 1]. */
async function unitPixels(pictures: tf.Tensor): Promise<Float32Array> {
  return (await pictures.data<'float32'>()).map((value) => (value + 1) / 2);
}
