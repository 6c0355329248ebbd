import type fc from 'fast-check';
import { expectClose, type Tolerance } from '../support/compare.ts';
import { cpuBackend, evaluate, type KernelCall, type Values } from '../support/evaluate.ts';

/** What a kernel is called with in the tests, and what it must answer. */
export interface KernelSpec {
  readonly calls: fc.Arbitrary<KernelCall>;
  /** Calls large enough to be cut into chunks for several threads. */
  readonly large: readonly KernelCall[];
  /** Throws if the outputs are not those the kernel should have. */
  readonly check: (name: string, call: KernelCall, outputs: readonly Values[]) => void;
}

/** Large calls are compared in several modes: the cpu kernel computes each once. */
const computed = new WeakMap<KernelCall, Values[]>();

/** The outputs of tfjs's cpu kernel, within a tolerance. */
export function likeCpu(tolerance: Tolerance | ((call: KernelCall) => Tolerance) = {}): KernelSpec['check'] {
  return (name, call, outputs) => {
    const expected = computed.get(call) ?? evaluate(cpuBackend, name, call);
    computed.set(call, expected);
    const allowed = typeof tolerance === 'function' ? tolerance(call) : tolerance;
    if (outputs.length !== expected.length)
      throw new Error(`expected ${expected.length} outputs, got ${outputs.length}`);
    expected.forEach((value, i) => expectClose(outputs[i] as Values, value, allowed));
  };
}

export function input(call: KernelCall, name: string): Values {
  return (call.inputs as Record<string, Values>)[name] as Values;
}
