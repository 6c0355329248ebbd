import { type Browser, executablePath, launch } from '@lab/chromium';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../src/site/serve.ts';
import { openPage } from './support/watched-page.ts';
import { training } from './support/training.ts';

describe.skipIf(!executablePath)('a page that lacks something (skipped without Chromium)', () => {
  let browser: Browser | undefined;
  let served: Served | undefined;

  beforeAll(async () => {
    browser = await launch({ webgpu: false });
    served = await serve({ port: 0, isolated: false });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('says that it has no WebGPU and is not isolated, and trains on one thread', async () => {
    const { page, faults } = await openPage(browser!, `${served!.url}toy.html`);
    const game = training(page);
    await game.ready();
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(false);
    expect(await page.locator('#backend-name').textContent()).toBe('simd, one thread');
    expect(await page.locator('#backend-reason').textContent()).toMatch(/must be cross-origin isolated/);
    expect(await page.locator('#backend-rejected').textContent()).toMatch(/Not webgpu: /);
    await game.oneStep();
    expect(await game.step()).toBe(1);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says on the first page what there is', async () => {
    const { page } = await openPage(browser!, `${served!.url}index.html`);
    await expect.poll(() => page.locator('#outlook').textContent()).toMatch(/^Everything works here/);
    expect(await page.locator('#offers').textContent()).toMatch(/not cross-origin isolated/);
    await page.close();
  });
});
