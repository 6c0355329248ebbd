import { expect, it } from 'vitest';
import { CheckpointError } from '../src/errors.ts';
import { assignTensors, readTensors, tf, uploadTensor, type NamedTensors } from '../src/index.ts';
import { describeBackends, expectNoLeak } from '../src/testing.ts';

function makeVariables(): Record<string, tf.Variable> {
  return tf.tidy(() => ({
    kernel: tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])),
    bias: tf.variable(tf.tensor1d([7, 8])),
    count: tf.variable(tf.scalar(9, 'int32')),
    mask: tf.variable(tf.tensor1d([1, 0], 'bool')),
  }));
}

describeBackends(
  'assignTensors',
  () => {
    it('gives variables what readTensors read, and keeps no hold of it', async () => {
      const [from, to] = [makeVariables(), makeVariables()];
      tf.tidy(() => to['bias']!.assign(tf.tensor1d([0, 0])));
      const read = await readTensors(from);
      expectNoLeak(() => assignTensors(to, read));
      (read['bias']!.data as Float32Array).fill(-1);
      expect(await readTensors(to)).toEqual(await readTensors(from));
      tf.dispose([from, to]);
    });

    it('takes a list of variables by their own names', () => {
      const variable = tf.variable(tf.scalar(1), true, 'by-name');
      assignTensors([variable], { 'by-name': { dtype: 'F32', shape: [], data: Float32Array.of(5) } });
      expect(variable.dataSync()[0]).toBe(5);
      variable.dispose();
    });

    it('takes half and double precision for float32', () => {
      const variable = tf.variable(tf.scalar(1));
      for (const dtype of ['F16', 'BF16', 'F64'] as const) {
        const data = dtype === 'F64' ? Float64Array.of(1.5) : Float32Array.of(1.5);
        assignTensors({ x: variable }, { x: { dtype, shape: [], data } });
        expect(variable.dataSync()[0]).toBe(1.5);
      }
      variable.dispose();
    });

    it('checks everything before it assigns anything', async () => {
      const variables = makeVariables();
      const before = await readTensors(variables);
      const changed: NamedTensors = { ...before, kernel: { ...before['kernel']!, data: new Float32Array(6) } };
      const { mask, ...fewer } = changed;
      const cases: [NamedTensors, RegExp][] = [
        [fewer, /^run\.safetensors, tensor 'mask': expected a tensor of this name, found none\./],
        [{ ...changed, other: mask! }, /tensor 'other': expected no tensor of this name/],
        [{ ...changed, mask: { ...mask!, dtype: 'U8' } }, /'mask': expected dtype BOOL, found dtype U8/],
        [
          { ...changed, count: { dtype: 'F32', shape: [], data: Float32Array.of(1) } },
          /expected dtype I32, found dtype F32/,
        ],
        [
          { ...changed, bias: { ...changed['bias']!, shape: [1, 2] } },
          /'bias': expected shape \[2\], found shape \[1, 2\]/,
        ],
        [
          { ...changed, bias: { ...changed['bias']!, data: new Float32Array(3) } },
          /'bias': expected shape \[2\].*with 3 elements/,
        ],
      ];
      for (const [tensors, message] of cases) {
        const assign = () => assignTensors(variables, tensors, 'run.safetensors');
        expect(assign).toThrow(CheckpointError);
        expect(assign).toThrow(message);
        expect(await readTensors(variables)).toEqual(before);
      }
      tf.dispose(variables);
    });
  },
  ['simd', 'cpu'],
);

describeBackends(
  'uploadTensor',
  () => {
    it('chooses the tfjs dtype', () => {
      tf.tidy(() => {
        expect(uploadTensor({ dtype: 'U8', shape: [2], data: Uint8Array.of(1, 255) }).dtype).toBe('int32');
        expect(uploadTensor({ dtype: 'BOOL', shape: [1], data: Uint8Array.of(1) }).dtype).toBe('bool');
        expect(uploadTensor({ dtype: 'F16', shape: [1], data: Float32Array.of(1) }).dtype).toBe('float32');
      });
      expect(() => uploadTensor({ dtype: 'I64', shape: [1], data: BigInt64Array.of(1n) })).toThrow(
        /no dtype that holds I64/,
      );
    });
  },
  ['simd', 'cpu'],
);
