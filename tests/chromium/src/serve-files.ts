import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Files in memory, served on this machine. */
export interface ServedFiles {
  /** Of `/`. */
  readonly url: string;
  /** The paths that were asked for, in turn. */
  readonly asked: readonly string[];
  close(): void;
}

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Serves a page and its scripts.
 *
 * @param files Their text by path; the page is `/`.
 * @param options.isolated Whether the page is cross-origin isolated: only then may it share memory with threads.
 */
export async function serveFiles(
  files: ReadonlyMap<string, string>,
  { isolated }: { readonly isolated: boolean },
): Promise<ServedFiles> {
  const asked: string[] = [];
  const server = createServer(({ url = '/' }, response) => {
    asked.push(url);
    const type = url === '/' ? 'text/html' : 'text/javascript';
    response.writeHead(files.has(url) ? 200 : 404, { 'Content-Type': type, ...(isolated && isolation) });
    response.end(files.get(url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
