import { executablePath } from '@lab/chromium';
import { loadMnist } from '@lab/mnist-data/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PretrainedPage, openPage } from '../src/pretrained/in-browser.ts';
import { readPictures } from '../src/pretrained/page.ts';

const title = "adversarial's loadPretrained() in Chromium";
const count = 20;

if (!executablePath) describe(title, () => it.skip('there is no Chromium here', () => {}));

describe.runIf(executablePath)(title, () => {
  let page: PretrainedPage;
  let pixels: number[];
  let labels: number[];

  beforeAll(async () => {
    const { test } = await loadMnist();
    pixels = Array.from(test.images.subarray(0, count * 784), (byte) => byte / 255);
    labels = [...test.labels.subarray(0, count)];
    page = await openPage();
  }, 300_000);
  afterAll(() => page?.close());

  it('asks for no weights before it is called', () => {
    expect(page.loaded().filter((url) => url.includes('weights'))).toEqual([]);
  });

  it.each(['judge', 'second'] as const)(
    'reads digits by the %s as Node does, from a chunk of its own',
    async (name) => {
      const [there, here] = [await page.readPictures(name, pixels), await readPictures(name, pixels)];
      there.flat().forEach((logit, i) => expect(logit).toBeCloseTo(here.flat()[i]!, 3));
      const right = there.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]);
      expect(right.length).toBeGreaterThanOrEqual(count - 1);
      expect(page.loaded().filter((url) => url.includes(`${name}-weights`))).toHaveLength(1);
    },
    300_000,
  );
});
