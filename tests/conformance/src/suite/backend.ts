// The backend that is tested, which tfjs's suite has to know before its tests are read.
import { configureSimd } from '@lab/backend-simd';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

const { backend, options } = globalThis.mode;

configureSimd(options);
setTestEnvs([{ name: backend, backendName: backend, isDataSync: true }]);
