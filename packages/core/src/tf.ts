/**
 * The one place where the lab imports TensorFlow.js. Importing tfjs-layers is also what registers the gradients
 * in Node, so a program that takes `tf` from here can differentiate without further imports.
 */
import '@tensorflow/tfjs-layers';

export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
