import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { runServer } from 'verdaccio';

/** A registry of our packages alone: it knows no other to ask, so what it serves was published to it. */
export interface Registry {
  /** Without a slash at its end. */
  readonly url: string;
  /** What a project's .npmrc says to have our packages from here, and may publish. */
  readonly npmrc: string;
  /** The hash of the only version of a package, as the registry gives it. */
  readonly integrity: (name: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

interface Packument {
  readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } }>>;
}

/** Starts verdaccio on a free port; anybody may publish to it. */
export async function startRegistry(folder: string): Promise<Registry> {
  const server = (await runServer({
    configPath: folder,
    storage: path.join(folder, 'storage'),
    auth: { htpasswd: { file: path.join(folder, 'htpasswd') } },
    packages: { '@lab/*': { access: '$all', publish: '$all' } },
    max_body_size: '100mb',
    web: { enable: false },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  } as unknown as Parameters<typeof runServer>[0])) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    // npm does not publish without a token, whatever it is.
    npmrc: `@lab:registry=http://${host}/\n//${host}/:_authToken=rehearsal\n`,
    integrity: async (name) => {
      const { versions } = (await (await fetch(`http://${host}/${name}`)).json()) as Packument;
      const [version, ...others] = Object.values(versions);
      if (version === undefined || others.length > 0) throw new Error(`not one version of ${name}`);
      return version.dist.integrity;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
