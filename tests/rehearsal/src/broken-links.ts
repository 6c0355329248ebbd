import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Links inside a built site that lead to no file, or to no place in it, each as `page -> link`. */
export function brokenLinks(site: string): string[] {
  return globSync('**/*.html', { cwd: site }).flatMap((page) => {
    const html = readFileSync(path.join(site, page), 'utf8');
    const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link!.replaceAll('&amp;', '&'));
    const inner = [...new Set(links)].filter((link) => !/^[a-z]+:/i.test(link));
    return inner.filter((link) => !leadsSomewhere(site, page, link)).map((link) => `${page} -> ${link}`);
  });
}

function leadsSomewhere(site: string, page: string, link: string): boolean {
  const [name, fragment] = link.split('#') as [string, string?];
  const file = name === '' ? path.join(site, page) : path.resolve(site, path.dirname(page), decodeURI(name));
  if (!existsSync(file) || statSync(file).isDirectory()) return false;
  if (!fragment || !file.endsWith('.html')) return true;
  return readFileSync(file, 'utf8').includes(`id="${decodeURIComponent(fragment)}"`);
}
