// Trains on the page's own thread, or in a worker.
/* global Worker */
import { compare } from './train.js';

globalThis.run = compare;

globalThis.runInWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
