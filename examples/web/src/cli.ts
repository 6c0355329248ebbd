import { parseArgs } from 'node:util';
import { type ServeOptions, serve } from './site/serve.ts';

const usage = `usage: npm run play -- [options]

Serves the playground: the lab's tasks as pages that train, sample and attack in the browser.

  --port N       the port to listen on, or the next that is free   (default 5173)
  --host NAME    the address to listen on; 0.0.0.0 for the network (default 127.0.0.1; pages that are neither https nor
                 on this machine get no threads and no WebGPU from their browser)
  --open         opens a browser
  --dev          serves the sources, and follows their changes
  --help         this text
`;

/** @returns undefined if only help was asked for */
function readArguments(args: string[]): ServeOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '5173' },
      host: { type: 'string', default: '127.0.0.1' },
      open: { type: 'boolean', default: false },
      dev: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError(`--port: expected an integer from 0 to 65535, got '${values.port}'`);
  }
  return { port, host: values.host, open: values.open, dev: values.dev };
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (options === undefined) return void process.stdout.write(usage);
  const { url, close } = await serve(options);
  process.stdout.write(`The playground is at ${url}\nCtrl-C ends it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
