/** A GIF as its bytes say, read from the specification (GIF89a) without the encoder's help. */
export interface ReadGif {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly (readonly number[])[];
  /** Repeats after the first showing, 0 for ever; undefined where the file asks for none. */
  readonly repeats: number | undefined;
  readonly frames: readonly ReadFrame[];
}

interface ReadFrame {
  /** In hundredths of a second. */
  readonly delay: number;
  /** RGB, row-major. */
  readonly rgb: Uint8Array;
}

export function readGif(bytes: Uint8Array): ReadGif {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length));
  if (text(0, 6) !== 'GIF89a') throw new Error('no GIF89a header');
  const [width, height, flags] = [view.getUint16(6, true), view.getUint16(8, true), bytes[10]!];
  if ((flags & 0x80) === 0) throw new Error('no global palette');
  const palette = Array.from({ length: 2 << (flags & 7) }, (_, i) => [...bytes.subarray(13 + 3 * i, 16 + 3 * i)]);
  let at = 13 + 3 * palette.length;
  let repeats: number | undefined;
  let delay = 0;
  const frames: ReadFrame[] = [];
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const label = bytes[at++];
      if (label === 0xf9) delay = view.getUint16(at + 2, true);
      if (label === 0xff && text(at + 1, 11) === 'NETSCAPE2.0') repeats = view.getUint16(at + 14, true);
      at = readBlocks(bytes, at).end;
    } else if (kind === 0x2c) {
      if (bytes[at + 8] !== 0) throw new Error('a local palette or interlacing, where neither is wanted');
      const size = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
      if (size[0] !== width || size[1] !== height) throw new Error('a frame smaller than the picture');
      const { data, end } = readBlocks(bytes, at + 10);
      const rgb = Uint8Array.from(decodeLzw(data, bytes[at + 9]!).flatMap((index) => palette[index]!));
      if (rgb.length !== width * height * 3) throw new Error('a frame with too few or too many pixels');
      frames.push({ delay, rgb });
      at = end;
    } else throw new Error(`unknown block ${kind} at ${at - 1}`);
  }
  if (at !== bytes.length) throw new Error('bytes after the trailer');
  return { width, height, palette, repeats, frames };
}

function readBlocks(bytes: Uint8Array, start: number): { data: number[]; end: number } {
  const data: number[] = [];
  let at = start;
  for (let size = bytes[at++]!; size > 0; size = bytes[at++]!) {
    data.push(...bytes.subarray(at, at + size));
    at += size;
  }
  return { data, end: at };
}

function decodeLzw(data: readonly number[], minimumBits: number): number[] {
  const [clear, stop] = [1 << minimumBits, (1 << minimumBits) + 1];
  let table: number[][] = [];
  let bits = 0;
  let previous: number[] | undefined;
  const out: number[] = [];
  const reset = () => {
    table = Array.from({ length: stop + 1 }, (_, i) => [i]);
    bits = minimumBits + 1;
    previous = undefined;
  };
  reset();
  for (let at = 0; ; at += 0) {
    let code = 0;
    for (let b = 0; b < bits; b++, at++) code |= ((data[at >> 3]! >> (at & 7)) & 1) << b;
    if (code === stop) return out;
    if (code === clear) {
      reset();
      continue;
    }
    const entry: number[] = table[code] ?? [...previous!, previous![0]!];
    for (const index of entry) out.push(index);
    if (previous !== undefined && table.length < 4096) table.push([...previous, entry[0]!]);
    if (table.length === 1 << bits && bits < 12) bits += 1;
    previous = entry;
  }
}
