import type { NumericArray, TensorData } from './tensor-data.ts';

/**
 * What tfjs's cpu kernels get to see of memory that isn't shared. Such memory moves when it grows, which it may do while
 * a kernel runs, and then its old views are empty: so a kernel works on copies, and what it wrote to them is kept.
 */
export class Loans {
  private readonly copies = new Map<TensorData, NumericArray>();
  private running = false;

  /** A tensor's numbers: while a kernel runs a copy, the same one to its end. */
  lend(tensor: TensorData): NumericArray {
    if (!this.running) return tensor.inPlace();
    const copy = this.copies.get(tensor) ?? tensor.inPlace().slice();
    this.copies.set(tensor, copy);
    return copy;
  }

  /** Runs a cpu kernel, and stores what it wrote to the values of tensors that still exist. */
  during<Result>(kernel: () => Result): Result {
    this.running = true;
    try {
      const result = kernel();
      for (const [tensor, copy] of this.copies) if (tensor.address !== 0) tensor.inPlace().set(copy);
      return result;
    } finally {
      this.running = false;
      this.copies.clear();
    }
  }
}
