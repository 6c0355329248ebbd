import { executablePath } from '@lab/chromium';
import { describe, expect, it } from 'vitest';
import { describeReport } from '../src/describe-report.ts';
import { failInChromium, failOnSimdInChromium } from '../src/known-failures.ts';
import { runInBrowser } from '../src/in-browser.ts';

const title = "tfjs-core's tests in Chromium";

if (!executablePath) describe(title, () => it.skip('there is no Chromium here', () => {}));
else {
  const reports = await runInBrowser({
    cpu: { backend: 'cpu', options: {}, isolated: false },
    isolated: { backend: 'simd', options: { threads: 2 }, isolated: true },
    plain: { backend: 'simd', options: { threads: 2 }, isolated: false },
  });
  describeReport("tfjs's cpu backend in Chromium", reports.cpu, failInChromium);
  describeReport('simd in Chromium, on a cross-origin isolated page', reports.isolated, failOnSimdInChromium);
  describeReport('simd in Chromium, on a page that is not isolated', reports.plain, failOnSimdInChromium);

  describe(title, () => {
    it('run on two threads where the page is isolated, else on one', () => {
      expect(reports.isolated.reason).toMatch(/^2 threads on shared memory/);
      expect(reports.plain.reason).toMatch(/^one thread/);
    });
  });
}
