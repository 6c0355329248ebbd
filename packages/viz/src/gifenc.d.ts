// gifenc 1.0.3 ships no types; these are the parts used here.
declare module 'gifenc' {
  export type GifColour = [number, number, number];

  export interface GifFrameOptions {
    /** Colour table; on the first frame it is the global one. */
    palette?: GifColour[];
    /** Milliseconds; written in hundredths of a second. */
    delay?: number;
    /** -1 plays once, 0 for ever, n repeats n times after the first showing. */
    repeat?: number;
    /** Bits of an index, 1 to 8. */
    colorDepth?: number;
  }

  export interface GifEncoder {
    writeFrame(index: Uint8Array, width: number, height: number, options?: GifFrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  export interface GifencExports {
    GIFEncoder(options?: { initialCapacity?: number; auto?: boolean }): GifEncoder;
    quantize(rgba: Uint8Array | Uint8ClampedArray, maxColours: number): GifColour[];
    applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: GifColour[]): Uint8Array;
  }

  // Node sees a CommonJS module: everything is on the default export.
  const library: GifencExports;
  export default library;

  // Bundlers see an ES module: everything is a named export.
  export const GIFEncoder: GifencExports['GIFEncoder'];
  export const quantize: GifencExports['quantize'];
  export const applyPalette: GifencExports['applyPalette'];
}
