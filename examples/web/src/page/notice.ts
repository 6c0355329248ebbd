import { byId } from './by-id.ts';

/** Says something above the page's content, and lets screen readers say it. */
export function notify(text: string): void {
  const notice = byId('notice', HTMLElement);
  notice.textContent = text;
  notice.hidden = text === '';
}

export function notifyOf(error: unknown): void {
  notify(error instanceof Error ? error.message : String(error));
}
