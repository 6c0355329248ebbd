import { tf } from '../index.ts';
import type { WebgpuBackend } from './backend.ts';
import { launch, type Shader } from './launch.ts';

const THREADS = 64;

/** A shader may bind eight buffers wherever WebGPU runs: those of two variables. */
const VARIABLES_A_LAUNCH = 2;

interface AdamAttrs {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly step: number;
}

/** Kingma & Ba 2015, Algorithm 1, of as many variables as one launch can see; `rate` has the first correction in it. */
function adamShader(variables: number): Shader {
  const each = (line: (i: number) => string) => Array.from({ length: variables }, (_, i) => line(i));
  return {
    key: `lab-adam-${variables}`,
    reads: each((i) => `gradient${i}`),
    writes: each((i) => [`param${i}`, `m${i}`, `v${i}`].join()).flatMap((names) => names.split(',')),
    uniforms: [
      'beta1: f32',
      'beta2: f32',
      'rate: f32',
      'root: f32',
      'epsilon: f32',
      ...each((i) => `count${i}: u32`),
    ] as Shader['uniforms'],
    code: `@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.x + id.y * groups.x * ${THREADS}u;
  ${each(
    (i) => `if (at < uniforms.count${i}) {
    let g = gradient${i}[at];
    let m = uniforms.beta1 * m${i}[at] + (1 - uniforms.beta1) * g;
    let v = uniforms.beta2 * v${i}[at] + (1 - uniforms.beta2) * g * g;
    m${i}[at] = m;
    v${i}[at] = v;
    param${i}[at] -= uniforms.rate * m / (sqrt(v) / uniforms.root + uniforms.epsilon);
  }`,
  ).join('\n  ')}
}`,
  };
}

const shaders = [1, 2].map(adamShader);

/** Inputs: `param, m, v, gradient` of one variable after the other; all but the gradients are written over. */
export function fusedAdamInPlace(backend: WebgpuBackend, inputs: readonly tf.TensorInfo[], attrs: AdamAttrs): void {
  const variables = Array.from({ length: inputs.length / 4 }, (_, i) => inputs.slice(i * 4, i * 4 + 4));
  // Neighbours in size share a launch, as it takes as long as the larger one.
  const bySize = variables.sort(([a], [b]) => sizeOf(a!) - sizeOf(b!));
  for (let first = 0; first < bySize.length; first += VARIABLES_A_LAUNCH) {
    update(backend, bySize.slice(first, first + VARIABLES_A_LAUNCH), attrs);
  }
}

function update(backend: WebgpuBackend, variables: readonly (readonly tf.TensorInfo[])[], attrs: AdamAttrs): void {
  const { learningRate, beta1, beta2, epsilon, step } = attrs;
  const counts = variables.map(([param]) => sizeOf(param!));
  const groups = Math.ceil(Math.max(...counts) / THREADS);
  const wide = Math.min(groups, 65_535);
  launch(backend, shaders[variables.length - 1]!, {
    reads: variables.map((tensors) => tensors[3]!),
    writes: variables.flatMap((tensors) => tensors.slice(0, 3)),
    uniforms: [beta1, beta2, learningRate / (1 - beta1 ** step), Math.sqrt(1 - beta2 ** step), epsilon, ...counts],
    workgroups: [wide, Math.ceil(groups / wide)],
  });
}

const sizeOf = ({ shape }: tf.TensorInfo) => tf.util.sizeFromShape(shape);
