import * as gifenc from 'gifenc';

/** gifenc is CommonJS in Node (one default export) and an ES module in a bundler (named exports): take either. */
export const gifLibrary: gifenc.GifencExports =
  'GIFEncoder' in gifenc ? gifenc : (gifenc as { default: gifenc.GifencExports }).default;

export type { GifColour } from 'gifenc';
