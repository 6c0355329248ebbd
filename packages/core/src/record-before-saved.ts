import * as tf from './tf.js';

/** The part of tfjs's engine that records what was computed; its own type calls it private. */
interface TapeEngine {
  readonly state: { readonly activeTape: unknown[] };
  addTapeNode(
    ...node: [name: string, inputs: object, outputs: object, gradient: unknown, saved: tf.Tensor[], attrs: object]
  ): void;
}

const marker = Symbol.for('@lab/core: operations are recorded before the clones of what they save');

/**
 * Makes second derivatives through saved outputs right. An operation whose gradient wants its output, as sigmoid's
 * y (1 - y) does, saves a clone of it. tfjs records that clone before the operation itself, and so, going through the tape in order
 * to see what depends on x, it takes the saved output for a constant: the second derivative of sigmoid, tanh, exp,
 * softmax and others comes out wrong, without a word (tfjs issue 3252). Here the operation is put first, where it belongs.
 *
 * First derivatives, and what they cost, stay as they are.
 */
export function recordBeforeSaved(): void {
  const engine = tf.engine() as unknown as TapeEngine & { [marker]?: true };
  if (engine[marker] === true) return;
  const addTapeNode = engine.addTapeNode;
  engine.addTapeNode = function (this: TapeEngine, ...node) {
    addTapeNode.apply(this, node);
    const [saved, tape] = [node[4].length, this.state.activeTape];
    // The clones are the last `saved` entries before this one; that those of inputs move back with the others changes nothing.
    if (saved > 0) tape.splice(-saved, 0, tape.pop());
  };
  engine[marker] = true;
}
