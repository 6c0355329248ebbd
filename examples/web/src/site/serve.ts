import path from 'node:path';
import { createServer, preview } from 'vite';
import { headers } from './headers.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** How the pages are served. */
export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Whether to send the headers that make pages cross-origin isolated. @default true */
  readonly isolated?: boolean;
  /** Whether to serve the sources and follow their changes, in place of what was built. @default false */
  readonly dev?: boolean;
  /** Whether to open a browser. @default false */
  readonly open?: boolean;
}

/** What is being served. */
export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the pages; `vite build` has to have built them, unless it is `dev`. */
export async function serve({
  port,
  host = '127.0.0.1',
  isolated = true,
  dev = false,
  open = false,
}: ServeOptions): Promise<Served> {
  const place = { port, host, open, strictPort: false };
  if (dev) {
    const configFile = path.join(root, 'vite.config.ts');
    const server = await (await createServer({ configFile, logLevel: 'error', server: place })).listen();
    return { url: server.resolvedUrls!.local[0] ?? server.resolvedUrls!.network[0]!, close: () => server.close() };
  }
  const sent = isolated ? { ...headers.isolation, ...headers.policy } : headers.policy;
  const built = { root, configFile: false, appType: 'mpa', logLevel: 'error' } as const;
  const server = await preview({ ...built, preview: { ...place, headers: sent } });
  return { url: server.resolvedUrls!.local[0] ?? server.resolvedUrls!.network[0]!, close: () => server.close() };
}
