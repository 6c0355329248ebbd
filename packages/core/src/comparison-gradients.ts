import * as tf from './tf.js';

const ofTwo = ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'];

/**
 * Comparisons are constant but for jumps, so their derivative is zero, as tfjs itself has it for `greaterEqual`, `step`
 * and `sign`. The first derivatives of leakyRelu, selu, prelu, relu6, maximum, minimum, max, min and clipByValue are made
 * with them, and so could not be differentiated again.
 */
export function registerComparisonGradients(): void {
  for (const kernelName of ofTwo) {
    tf.registerGradient({
      kernelName,
      inputsToSave: ['a', 'b'],
      gradFunc: (_, [a, b]) => ({ a: () => tf.zeros(a!.shape), b: () => tf.zeros(b!.shape) }),
    });
  }
  tf.registerGradient({
    kernelName: 'LogicalNot',
    inputsToSave: ['x'],
    gradFunc: (_, [x]) => ({ x: () => tf.zeros(x!.shape) }),
  });
}
