import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { loadIdxUrls, loadMnist, type DownloadProgress } from '../src/browser.ts';
import { DataFormatError, encodeIdx } from '../src/index.ts';
import { loadMnist as loadMnistInNode } from '../src/node.ts';
import { makeImages } from './make-images.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const dataFile = (url: string | undefined): Promise<Buffer> =>
  readFile(new URL(`../data/${url?.split('/').at(-1)}`, import.meta.url));

describe('loadMnist by URL', () => {
  it('gives what it gives in Node, and says how far it has come', async () => {
    const base = await serve(
      (request, response) =>
        void dataFile(request.url).then((file) => {
          response.setHeader('content-length', file.length);
          response.end(file);
        }),
    );
    const seen: DownloadProgress[] = [];
    const fetched = await loadMnist({ baseUrl: `${base}/some/where`, onProgress: (progress) => seen.push(progress) });
    const bundled = await loadMnistInNode();
    for (const part of ['train', 'test'] as const) {
      expect(Buffer.compare(fetched[part].images, bundled[part].images)).toBe(0);
      expect(fetched[part].labels).toEqual(bundled[part].labels);
    }
    const last = seen.at(-1)!;
    expect(last.loadedBytes).toBe(last.totalBytes);
    expect(seen.every(({ loadedBytes }, k) => k === 0 || loadedBytes >= seen[k - 1]!.loadedBytes)).toBe(true);
  });

  it('inflates what a server has compressed once more', async () => {
    const base = await serve(
      (request, response) =>
        void dataFile(request.url).then((file) => {
          response.setHeader('content-encoding', 'gzip');
          response.end(gzipSync(file, { level: 1 }));
        }),
    );
    await expect(loadMnist({ baseUrl: base })).resolves.toMatchObject({ name: 'mnist' });
  });

  it('stops when told to', async () => {
    const base = await serve((_, response) => void response.write('x'));
    const stop = new AbortController();
    const loading = loadMnist({
      baseUrl: base,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(loading).rejects.toThrow('enough');
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'an answer of 404',
      (_, response) => response.writeHead(404).end(),
      /mnist-(train|test).bin: the server answers 404/,
    ],
    ['a page of HTML', (_, response) => response.end('<!doctype html>'), /cannot be inflated/],
    ['a broken connection', (_, response) => response.destroy(), /cannot be fetched/],
    ['more than there can be', (_, response) => response.end(Buffer.alloc(7_840_017)), /cannot be inflated|oversized/],
  ])('refuses %s', async (_, listener, message) => {
    const loading = loadMnist({ baseUrl: await serve(listener) });
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toThrow(DataFormatError);
  });
});

describe('loadIdxUrls', () => {
  const images = makeImages(20);
  const files: Record<string, Buffer> = {
    '/images': gzipSync(encodeIdx({ shape: [20, 2, 3], data: images.images })),
    '/labels': Buffer.from(encodeIdx({ shape: [20], data: images.labels })),
    '/bomb': gzipSync(Buffer.concat([encodeIdx({ shape: [1, 2, 3], data: new Uint8Array(6) }), Buffer.alloc(2 ** 24)])),
  };
  const listener: RequestListener = (request, response) => void response.end(files[request.url ?? '']);

  it('reads plain and gzipped files', async () => {
    const base = await serve(listener);
    const part = { images: `${base}/images`, labels: `${base}/labels` };
    const dataset = await loadIdxUrls({ train: part, test: part }, { name: 'tiny' });
    expect(dataset).toEqual({ name: 'tiny', train: images, test: images, classes: 10 });
  });

  it('refuses a gzip bomb and a download that has no end', async () => {
    const base = await serve(listener);
    const part = { images: `${base}/bomb`, labels: `${base}/labels` };
    await expect(loadIdxUrls({ train: part, test: part })).rejects.toThrow(/bomb, byte 22: oversized/);
    await expect(loadIdxUrls({ train: part, test: part }, { maxBytes: 20 })).rejects.toThrow(
      /more than 20 bytes arrive/,
    );
  });
});
