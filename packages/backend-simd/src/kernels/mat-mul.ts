import {
  BatchMatMul,
  type BatchMatMulAttrs,
  _FusedMatMul,
  type _FusedMatMulAttrs,
  broadcast_util,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { SimdBackend } from '../backend.ts';
import { isFloat, type KernelArguments, type SimdKernel } from '../kernel.ts';
import { fusedActivations, mapActivations } from './activations.ts';

interface Epilogue {
  readonly bias: TensorInfo | undefined;
  readonly activation: number;
}

const plain: Epilogue = { bias: undefined, activation: 0 };

export const matMulKernels: Record<string, SimdKernel> = {
  [BatchMatMul]({ inputs, attrs, backend }: KernelArguments<'a' | 'b', BatchMatMulAttrs>, cpu) {
    const { a, b } = inputs;
    return multiply(backend, a, b, attrs.transposeA, attrs.transposeB, plain) ?? cpu();
  },

  [_FusedMatMul]({ inputs, attrs, backend }: KernelArguments<'a' | 'b' | 'bias', _FusedMatMulAttrs>, cpu) {
    const { a, b } = inputs;
    const bias = inputs.bias as TensorInfo | undefined;
    const activation = fusedActivations[attrs.activation];
    const map = mapActivations[attrs.activation];
    const columns = b.shape[b.shape.length - (attrs.transposeB ? 2 : 1)];
    const fusableBias = !bias || (isFloat(bias) && util.sizeFromShape(bias.shape) === columns && endsIn(bias, columns));
    if ((activation === undefined && map === undefined) || !fusableBias) return cpu();
    const out = multiply(backend, a, b, attrs.transposeA, attrs.transposeB, { bias, activation: activation ?? 0 });
    if (!out) return cpu();
    if (map !== undefined) {
      const at = backend.address(out);
      backend.runtime.kernels.unary(map, at, at, util.sizeFromShape(out.shape), attrs.leakyreluAlpha ?? 0, 0);
    }
    return out;
  },
};

function endsIn(tensor: TensorInfo, size: number | undefined): boolean {
  return tensor.shape.at(-1) === size;
}

/** Undefined where the operands are not float32 or broadcast in a way the kernel doesn't know. */
function multiply(
  backend: SimdBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  epilogue: Epilogue,
): TensorInfo | undefined {
  if (!isFloat(a) || !isFloat(b)) return undefined;
  const [aRows, aColumns, aBatch] = matrixSize(a, transposeA);
  const [bRows, bColumns, bBatch] = matrixSize(b, transposeB);
  util.assert(
    aColumns === bRows,
    () => `matMul: inner dimensions ${aColumns} and ${bRows} of ${a.shape} and ${b.shape} differ`,
  );
  const sameBatch = a.shape.length === b.shape.length && a.shape.slice(0, -2).every((size, i) => size === b.shape[i]);
  if (!sameBatch && aBatch !== 1 && bBatch !== 1) return undefined;
  const outer = sameBatch
    ? a.shape.slice(0, -2)
    : broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = backend.output([...outer, aRows, bColumns]);
  if (util.sizeFromShape(out.shape) === 0) return out;
  backend.runtime.kernels.matMul(
    backend.address(a),
    backend.address(b),
    backend.address(out),
    epilogue.bias ? backend.address(epilogue.bias) : 0,
    util.sizeFromShape(outer),
    aRows,
    bColumns,
    aColumns,
    Number(transposeA),
    Number(transposeB),
    aBatch === 1 ? 0 : aRows * aColumns * 4,
    bBatch === 1 ? 0 : bRows * bColumns * 4,
    epilogue.activation,
  );
  return out;
}

/** Rows and columns after the transposition, and the number of matrices. */
function matrixSize(x: TensorInfo, transpose: boolean): [number, number, number] {
  const rank = x.shape.length;
  const rows = x.shape[rank - 2] ?? 1;
  const columns = x.shape[rank - 1] ?? 1;
  const batch = rank === 2 ? 1 : util.sizeFromShape(x.shape.slice(0, -2));
  return transpose ? [columns, rows, batch] : [rows, columns, batch];
}
