import './register-gradients.ts';
export * as tf from './tf.js';
export { adam, type AdamOptions } from './adam.ts';
export { assignTensors } from './assign-tensors.ts';
export { backendNames, type BackendDetails, type BackendName, type BackendOptions } from './backend-options.ts';
export { checkTensors, type TensorSpec } from './check-tensors.ts';
export { decodeSafetensors, type Safetensors } from './decode-safetensors.ts';
export { editDistance, nearestFirst } from './edit-distance.ts';
export { Ema, type EmaOptions } from './ema.ts';
export { encodeSafetensors } from './encode-safetensors.ts';
export {
  BackendUnavailableError,
  CheckpointError,
  ConfigError,
  DivergenceError,
  type CheckpointErrorDetails,
} from './errors.ts';
export { initialiser, type InitialiserSpec } from './initialiser.ts';
export {
  prefixNames,
  readTensor,
  readTensors,
  uploadTensor,
  withPrefix,
  type Dtype,
  type NamedTensors,
  type TensorData,
  type TensorValues,
} from './named-tensors.ts';
export {
  rejectUnknownOptions,
  requireBoolean,
  requireInteger,
  requireNumber,
  requireOneOf,
  type NumberRange,
} from './option-checks.ts';
export { cosineDecay, type CosineDecayOptions } from './cosine-decay.ts';
export type { Optimizer, RestoreOptions, Schedule } from './optimizer.ts';
export { paceSteps, type Pace, type PaceOptions } from './pace-steps.ts';
export { RandomKey } from './random-key.ts';
export { sgd, type SgdOptions } from './sgd.ts';
export { useBackend, type BackendChoice } from './use-backend.ts';
