// Of kernels that tfjs has no name for, nobody else checks the arguments, and the assembly reads and writes what it is told.

import { type TensorInfo, util } from '@tensorflow/tfjs-core';

/** @throws unless a number of rows, columns or elements is as expected. */
export function requireSize(kernel: string, input: string, what: string, actual: number, expected: number): void {
  util.assert(actual === expected, () => `${kernel}: ${input} must have ${expected} ${what}, got ${actual}`);
}

/** @throws unless the tensor is float32 and has so many elements. */
export function requireElements(kernel: string, input: string, { shape, dtype }: TensorInfo, expected: number): void {
  util.assert(dtype === 'float32', () => `${kernel}: ${input} must be float32, got ${dtype}`);
  requireSize(kernel, input, 'elements', util.sizeFromShape(shape), expected);
}

/** Rows and columns. @throws unless the tensor is a float32 matrix. */
export function matrixShape(input: string, { shape, dtype }: TensorInfo): [number, number] {
  const isMatrix = shape.length === 2 && dtype === 'float32';
  util.assert(isMatrix, () => `${input}: expected a float32 matrix, got ${dtype} of shape [${shape.join(', ')}]`);
  return shape as [number, number];
}

/** @throws unless the tensor is a float32 matrix of so many rows and columns. */
export function requireMatrix(kernel: string, input: string, tensor: TensorInfo, rows: number, columns: number): void {
  const [actualRows, actualColumns] = matrixShape(input, tensor);
  requireSize(kernel, input, 'rows', actualRows, rows);
  requireSize(kernel, input, 'columns', actualColumns, columns);
}

/** @throws unless each of the attributes is a finite number. */
export function requireNumbers(kernel: string, attributes: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    util.assert(Number.isFinite(value), () => `${kernel}: ${name} must be a finite number, got ${value}`);
  }
}
