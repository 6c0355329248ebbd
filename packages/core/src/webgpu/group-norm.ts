import type { tf } from '../index.ts';
import type { WebgpuBackend } from './backend.ts';
import { launch, type Shader } from './launch.ts';

export type GroupNormTensors = Record<'x' | 'gamma' | 'beta', tf.TensorInfo> & { readonly shift?: tf.TensorInfo };

export interface GroupNormAttrs {
  readonly groups: number;
  readonly epsilon: number;
  readonly activation: 'linear' | 'silu';
}

const THREADS = 128;

/** Adds up a number of every thread; each then has the sum. */
const sumOfAll = `
var<workgroup> partial: array<f32, ${THREADS}>;
fn sumOfAll(thread: u32, mine: f32) -> f32 {
  partial[thread] = mine;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { partial[thread] += partial[thread + half]; }
    workgroupBarrier();
  }
  let sum = partial[0];
  workgroupBarrier();
  return sum;
}`;

const uniforms = ['images: u32', 'pixels: u32', 'channels: u32', 'groups: u32', 'epsilon: f32'] as const;
const sizes = `
  let channels = uniforms.channels;
  let width = channels / uniforms.groups;`;

/** What decides the code: whether something is added, and what follows. */
const variant = (shift: boolean, activation: string) => `${shift ? 'shifted-' : ''}${activation}`;
const valueAt = (shift: boolean) => (shift ? 'x[at] + shift[image * channels + channel]' : 'x[at]');
const inputNames = (shift: boolean) => ['x', 'gamma', 'beta', ...(shift ? ['shift'] : [])];

/** One workgroup a group of channels of an image: every value of it, by threads in turn. */
const eachOfGroup = (shift: boolean, body: string) => `
  for (var i = thread; i < uniforms.pixels * width; i += ${THREADS}u) {
    let channel = group * width + i % width;
    let at = (image * uniforms.pixels + i / width) * channels + channel;
    let value = ${valueAt(shift)};${body}
  }`;

function forwardShader(shift: boolean, activation: string): Shader {
  const result = activation === 'silu' ? 'z / (1 + exp(-z))' : 'z';
  return {
    key: `lab-group-norm-${variant(shift, activation)}`,
    reads: inputNames(shift),
    writes: ['y', 'mean', 'rstd'],
    uniforms,
    code: `${sumOfAll}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let group = id.x;
  let image = id.y;${sizes}
  let count = f32(uniforms.pixels * width);
  var sum = 0.0;${eachOfGroup(shift, 'sum += value;')}
  let average = sumOfAll(thread, sum) / count;
  var squares = 0.0;${eachOfGroup(shift, 'squares += (value - average) * (value - average);')}
  let scale = 1 / sqrt(sumOfAll(thread, squares) / count + uniforms.epsilon);
  if (thread == 0u) {
    mean[image * uniforms.groups + group] = average;
    rstd[image * uniforms.groups + group] = scale;
  }${eachOfGroup(
    shift,
    `
    let z = (value - average) * scale * gamma[channel] + beta[channel];
    y[at] = ${result};`,
  )}
}`,
  };
}

/** `normal`, the normalised value, and `dz`, the derivative before the activation, where `group`, `channel`, `at` are known. */
function throughActivation(activation: string): string {
  const dz = activation === 'silu' ? 'dy[at] * s * (1 + z * (1 - s))' : 'dy[at]';
  const sigmoid = `
    let z = normal * gamma[channel] + beta[channel];
    let s = 1 / (1 + exp(-z));`;
  return `
    let normal = (value - mean[image * uniforms.groups + group]) * rstd[image * uniforms.groups + group];${activation === 'silu' ? sigmoid : ''}
    let dz = ${dz};`;
}

/** What backward shaders read: WebGPU takes no binding that its shader does not use. */
function gradientReads(shift: boolean, activation: string, needsGamma: boolean): string[] {
  const gamma = needsGamma || activation === 'silu' ? ['gamma'] : [];
  return ['dy', 'x', ...gamma, ...(activation === 'silu' ? ['beta'] : []), ...(shift ? ['shift'] : []), 'mean', 'rstd'];
}

/** dx = rstd (dn - mean(dn) - n mean(dn n)) with n the normalised value and dn = dz gamma. */
function inputGradientShader(shift: boolean, activation: string): Shader {
  const local = `${throughActivation(activation)}
    let dn = dz * gamma[channel];`;
  return {
    key: `lab-group-norm-dx-${variant(shift, activation)}`,
    reads: gradientReads(shift, activation, true),
    writes: ['dx'],
    uniforms,
    code: `${sumOfAll}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let group = id.x;
  let image = id.y;${sizes}
  let count = f32(uniforms.pixels * width);
  var sum = 0.0;
  var product = 0.0;${eachOfGroup(
    shift,
    `${local}
    sum += dn;
    product += dn * normal;`,
  )}
  let average = sumOfAll(thread, sum) / count;
  let slope = sumOfAll(thread, product) / count;${eachOfGroup(
    shift,
    `${local}
    dx[at] = rstd[image * uniforms.groups + group] * (dn - average - normal * slope);`,
  )}
}`,
  };
}

/** The derivative with respect to gamma or beta: one workgroup a channel. */
function parameterGradientShader(shift: boolean, activation: string, of: 'gamma' | 'beta'): Shader {
  const needsNormal = of === 'gamma' || activation === 'silu';
  const reads = gradientReads(shift, activation, false);
  const value = needsNormal ? `let value = ${valueAt(shift)};${throughActivation(activation)}` : 'let dz = dy[at];';
  return {
    key: `lab-group-norm-d${of}-${variant(shift, activation)}`,
    reads: needsNormal ? reads : ['dy'],
    writes: [`d${of}`],
    uniforms,
    code: `${sumOfAll}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let channel = id.x;${sizes}
  let group = channel / width;
  var sum = 0.0;
  for (var i = thread; i < uniforms.images * uniforms.pixels; i += ${THREADS}u) {
    let image = i / uniforms.pixels;
    let at = i * channels + channel;
    ${value}
    sum += dz${of === 'gamma' ? ' * normal' : ''};
  }
  let total = sumOfAll(thread, sum);
  if (thread == 0u) { d${of}[channel] = total; }
}`,
  };
}

/** The derivative with respect to what was added to every pixel: dx, summed over them. */
const shiftGradientShader: Shader = {
  key: 'lab-group-norm-dshift',
  reads: ['dx'],
  writes: ['dshift'],
  uniforms,
  code: `@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= uniforms.channels) { return; }
  var sum = 0.0;
  for (var pixel = 0u; pixel < uniforms.pixels; pixel++) {
    sum += dx[(id.y * uniforms.pixels + pixel) * uniforms.channels + id.x];
  }
  dshift[id.y * uniforms.channels + id.x] = sum;
}`,
};

/** y, and mean and rstd, `[B, groups]`, in one launch. */
export function groupNorm(backend: WebgpuBackend, inputs: GroupNormTensors, attrs: GroupNormAttrs): tf.TensorInfo[] {
  const { x, shift } = inputs;
  const [images] = x.shape as [number];
  const shader = forwardShader(shift !== undefined, attrs.activation);
  const outputs = [x.shape, [images, attrs.groups], [images, attrs.groups]].map((shape) =>
    backend.makeTensorInfo(shape, 'float32'),
  );
  run(backend, shader, inputs, outputs, attrs, [attrs.groups, images]);
  return outputs;
}

/** The derivatives with respect to x, gamma, beta and, if there is one, shift: a launch each. */
export function groupNormGrad(
  backend: WebgpuBackend,
  inputs: GroupNormTensors & Record<'dy' | 'mean' | 'rstd', tf.TensorInfo>,
  attrs: GroupNormAttrs,
): tf.TensorInfo[] {
  const { x, gamma, shift } = inputs;
  const [images, channels] = [x.shape[0]!, x.shape[3]!];
  const isShifted = shift !== undefined;
  const compute = (shader: Shader, shape: readonly number[], workgroups: readonly [number, number], more = {}) => {
    const output = backend.makeTensorInfo(shape, 'float32');
    run(backend, shader, { ...inputs, ...more }, [output], attrs, workgroups);
    return output;
  };
  const { activation, groups } = attrs;
  const dx = compute(inputGradientShader(isShifted, activation), x.shape, [groups, images]);
  const parameters = (['gamma', 'beta'] as const).map((of) =>
    compute(parameterGradientShader(isShifted, activation, of), gamma.shape, [channels, 1]),
  );
  if (!isShifted) return [dx, ...parameters];
  const dShift = compute(shiftGradientShader, shift.shape, [Math.ceil(channels / 64), images], { dx });
  return [dx, ...parameters, dShift];
}

function run(
  backend: WebgpuBackend,
  shader: Shader,
  inputs: object,
  writes: readonly tf.TensorInfo[],
  { groups, epsilon }: GroupNormAttrs,
  workgroups: readonly [number, number],
): void {
  const named = inputs as Record<string, tf.TensorInfo>;
  const [images, height, width, channels] = (named['x'] as tf.TensorInfo).shape as [number, number, number, number];
  launch(backend, shader, {
    reads: shader.reads.map((name) => named[name]!),
    writes,
    uniforms: [images, height * width, channels, groups, epsilon],
    workgroups,
  });
}
