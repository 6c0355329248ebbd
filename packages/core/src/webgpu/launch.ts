import { tf } from '../index.ts';
import { usage, type GpuBuffer, type WebgpuBackend } from './backend.ts';

/** A WGSL program, which declares neither its bindings nor its uniforms. */
export interface Shader {
  /** Decides all of the code. */
  readonly key: string;
  /** Names, in the order of the bindings, of what `launch` is given: arrays of f32. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** In WGSL, `name: type` each; read as `uniforms.name`. */
  readonly uniforms: readonly `${string}: ${'u32' | 'f32'}`[];
  readonly code: string;
}

export interface Launch {
  readonly reads: readonly tf.TensorInfo[];
  /** May not be among what is read; may have values, which the shader sees. */
  readonly writes: readonly tf.TensorInfo[];
  readonly uniforms: readonly number[];
  /** Along x and y. */
  readonly workgroups: readonly [number, number];
}

/** Records one launch, in the order of tfjs's own: submitted with them, when tfjs thinks it time. */
export function launch(backend: WebgpuBackend, shader: Shader, { reads, writes, uniforms, workgroups }: Launch): void {
  const pipeline = (backend.pipelineCache[shader.key] ??= compile(backend, shader));
  const buffers = [...reads, ...writes].map(({ dataId }) => {
    backend.uploadToGPU(dataId);
    backend.commandQueueOwnedIds.add(dataId);
    return backend.tensorMap.get(dataId).resource!;
  });
  // What the host remembers of them is out of date.
  for (const { dataId } of writes) backend.tensorMap.get(dataId).values = null;
  const entries = [...buffers, uniformBuffer(backend, shader, uniforms)].map((buffer, binding) => ({
    binding,
    resource: { buffer },
  }));
  const group = backend.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  backend.ensureCommandEncoderReady();
  const pass = (backend.computePassEncoder ??= backend.commandEncoder.beginComputePass({}))!;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...workgroups, 1);
  backend.dispatchCountInPass++;
  if (tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE') > backend.dispatchCountInPass) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

function compile(backend: WebgpuBackend, { key, reads, writes, uniforms, code }: Shader) {
  const bindings = [...reads, ...writes].map((name, i) => {
    const access = i < reads.length ? 'read' : 'read_write';
    return `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<f32>;`;
  });
  const declared = `struct Uniforms { ${uniforms.join(', ')} }
@group(0) @binding(${bindings.length}) var<uniform> uniforms: Uniforms;`;
  const module = backend.device.createShaderModule({ label: key, code: [...bindings, declared, code].join('\n') });
  return backend.device.createComputePipeline({ label: key, layout: 'auto', compute: { module, entryPoint: 'main' } });
}

/** Freed by tfjs once what is recorded has been submitted. */
function uniformBuffer(backend: WebgpuBackend, { uniforms }: Shader, values: readonly number[]): GpuBuffer {
  const data = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    if (uniforms[i]!.endsWith('u32')) data.setUint32(i * 4, value, true);
    else data.setFloat32(i * 4, value, true);
  });
  const buffer = backend.bufferManager.acquireBuffer(data.byteLength, usage.uniform | usage.copyDestination);
  backend.device.queue.writeBuffer(buffer, 0, data.buffer as ArrayBuffer);
  backend.uniformPendingDisposal.push(buffer);
  return buffer;
}
