import { existsSync } from 'node:fs';

/** Chromium's SwiftShader, which computes on the CPU: WebGPU for machines without a GPU. */
const swiftShader = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
].find(existsSync);

/** Has Dawn compute with it, so that results are the same wherever tests run; VK_ICD_FILENAMES names another. */
export function useSoftwareVulkan(): void {
  if (swiftShader !== undefined) process.env['VK_ICD_FILENAMES'] ??= swiftShader;
}
