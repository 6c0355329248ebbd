import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** A Chromium of the system's; undefined if it has none. */
export const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

const quiet = [
  ...['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** WebGPU on the processor, by the software Vulkan that Chromium brings along. */
const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

export function launch({ webgpu }: { readonly webgpu: boolean }): Promise<Browser> {
  const args = [...quiet, ...(webgpu ? software : ['--disable-gpu', '--disable-features=WebGPU'])];
  return chromium.launch({ executablePath: executablePath!, args });
}
