import { compare } from './train.js';

compare().then((result) => globalThis.postMessage(result));
