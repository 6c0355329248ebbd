/** What a page may load and where it may send: itself, and nowhere else. Threads are workers made from blobs. */
export const contentPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
].join('; ');

/** Headers that the pages are served with. */
export const headers = {
  /** Makes pages cross-origin isolated: only then may they share memory with threads. */
  isolation: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  policy: { 'Content-Security-Policy': contentPolicy },
};
