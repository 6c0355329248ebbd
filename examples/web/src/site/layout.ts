import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { contentPolicy } from './headers.ts';

/** Every page, in the order of the navigation. */
const pages = [
  { file: 'index.html', title: 'Start' },
  { file: 'toy.html', title: 'Two dimensions' },
  { file: 'gan.html', title: 'GAN' },
  { file: 'digits.html', title: 'Digits' },
  { file: 'diffusion.html', title: 'Diffusion' },
  { file: 'attack.html', title: 'Attack' },
  { file: 'quiz.html', title: 'Which was real?' },
  { file: 'speed.html', title: 'Speed' },
] as const;

const head = `<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="./src/style/main.css" />`;

/** The first link jumps over the navigation. */
const header = (current: string) => `<a class="skip" href="#main">To the content</a>
    <header class="top">
      <a class="name" href="./index.html">the lab</a>
      <nav aria-label="Pages">${pages.map((page) => link(page, current)).join('')}</nav>
      ${current === 'index.html' ? '' : backendPanel}
    </header>
    <p id="notice" class="notice" role="alert" hidden></p>`;

/** Says what computes, and lets another backend be chosen. */
const backendPanel = `<details class="backend">
        <summary><span id="backend-name" role="status">starting</span></summary>
        <div class="backend-body">
          <p id="backend-reason">The worker that computes is being started.</p>
          <ul id="backend-rejected"></ul>
          <label>Compute with
            <select id="backend-choice">
              <option value="auto">the best there is</option>
              <option value="webgpu">WebGPU</option>
              <option value="simd">simd (WebAssembly)</option>
              <option value="cpu">cpu (plain JavaScript)</option>
            </select>
          </label>
        </div>
      </details>`;

const footer = `<footer class="bottom">
      Everything is computed in this page. It downloads from the address that it came from, and sends nothing anywhere.
    </footer>`;

function link({ file, title }: (typeof pages)[number], current: string): string {
  const attribute = file === current ? ' aria-current="page"' : '';
  return `<a href="./${file}"${attribute}>${title}</a>`;
}

/** What some pages share. */
function part(name: string): string {
  return readFileSync(path.join(import.meta.dirname, 'parts', `${name}.html`), 'utf8').trimEnd();
}

/**
 * Puts what all pages share where a page says `<!-- head -->`, `<!-- header -->`, `<!-- footer -->`, and a file of ./parts where it says
 * `<!-- part NAME -->`.
 */
export function layout(): Plugin {
  let isBuild = false;
  return {
    name: 'lab-layout',
    configResolved({ command }) {
      isBuild = command === 'build';
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html, { filename }) {
        // The dev server puts scripts of its own into the page.
        const policy = `<meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />`;
        return html
          .replace('<!-- head -->', isBuild ? `${head}\n    ${policy}` : head)
          .replace('<!-- header -->', header(path.basename(filename)))
          .replace('<!-- footer -->', footer)
          .replace(/<!-- part (\S+) -->/g, (_, name: string) => part(name));
      },
    },
  };
}
