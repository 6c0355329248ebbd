export { bundlePage } from './bundle-page.ts';
export { executablePath, launch } from './launch.ts';
export { type ServedFiles, serveFiles } from './serve-files.ts';
export type { Browser, Page } from 'playwright-core';
