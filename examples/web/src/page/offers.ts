/** Something that makes the pages quicker, whether it is here, and what it means. */
export interface Offer {
  readonly isHere: boolean;
  readonly meaning: string;
}

/** Looks at the browser alone: no backend is loaded for it. */
export async function browserOffers(): Promise<Record<'webgpu' | 'isolation', Offer>> {
  const adapter = await findAdapter();
  const isolated = globalThis.crossOriginIsolated;
  return {
    webgpu: {
      isHere: adapter,
      meaning: adapter
        ? 'WebGPU has an adapter: the pages compute on the GPU if it is one of hardware.'
        : 'No WebGPU here: the pages compute on the processor, by WebAssembly.',
    },
    isolation: {
      isHere: isolated,
      meaning: isolated
        ? `The page is cross-origin isolated: WebAssembly may use threads, on ${navigator.hardwareConcurrency} processors.`
        : 'The page is not cross-origin isolated: WebAssembly computes on one thread. The server would have to send the headers that npm run play sends.',
    },
  };
}

async function findAdapter(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  return Boolean(await gpu?.requestAdapter().catch(() => undefined));
}
