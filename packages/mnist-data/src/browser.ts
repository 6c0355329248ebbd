export type { DownloadOptions, DownloadProgress } from './download.ts';
export { loadIdxUrls, type IdxUrls, type LoadIdxUrlsOptions } from './load-idx-urls.ts';
export { loadMnist, type LoadMnistOptions } from './load-mnist-browser.ts';
