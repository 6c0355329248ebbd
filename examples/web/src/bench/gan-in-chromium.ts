// gan-b128 in Chromium on simd with threads, as an engine of npm run bench: bench/src/window-server.ts says what it is asked and
// answers. It drives the playground's own page, built before.

import { createInterface } from 'node:readline';
import { executablePath, launch } from '@lab/chromium';
import { serve } from '../site/serve.ts';

if (executablePath === undefined) throw new Error('there is no Chromium here');
const served = await serve({ port: 0 });
const browser = await launch({ webgpu: false });
const page = await browser.newPage();
await page.goto(`${served.url}speed.html?backend=simd`);
await page.locator('#measure:enabled').waitFor();
const time = (steps: number) => page.evaluate(`timeSteps(${steps})`) as Promise<number>;
await time(100);
const versions = { chromium: browser.version(), backend: (await page.locator('#backend-name').textContent()) ?? '' };
process.stdout.write(`${JSON.stringify({ kernelsPerStep: null, versions })}\n`);
for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${await time(Number(line))}\n`);
await browser.close();
await served.close();
