import { show } from './check.ts';

export interface EmbeddedImage {
  readonly uri: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GIF_SIGNATURE = [0x47, 0x49, 0x46, 0x38];

/** @throws TypeError if `bytes` are not a PNG */
export function embedPng(field: string, bytes: Uint8Array): EmbeddedImage {
  const view = requireSignature(field, bytes, PNG_SIGNATURE, 24, 'PNG');
  // The IHDR chunk comes first: width and height, big-endian.
  return { uri: dataUri('image/png', bytes), width: view.getUint32(16), height: view.getUint32(20) };
}

/** @throws TypeError if `bytes` are not a GIF */
export function embedGif(field: string, bytes: Uint8Array): EmbeddedImage {
  const view = requireSignature(field, bytes, GIF_SIGNATURE, 13, 'GIF');
  return { uri: dataUri('image/gif', bytes), width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function requireSignature(field: string, bytes: Uint8Array, signature: readonly number[], least: number, kind: string) {
  const fits = bytes instanceof Uint8Array && bytes.length >= least;
  if (!fits || !signature.every((byte, i) => bytes[i] === byte)) {
    throw new TypeError(
      `${field} must be the bytes of a ${kind} file, as encode${kind[0]}${kind.slice(1).toLowerCase()}() returns them; ` +
        `got ${show(bytes)}.`,
    );
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function dataUri(type: string, bytes: Uint8Array): string {
  let binary = '';
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x2000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return `data:${type};base64,${btoa(binary)}`;
}
