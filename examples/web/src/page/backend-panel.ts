import type { BackendReport, BackendWish } from '../worker/messages.ts';
import { byId } from './by-id.ts';

/** What the page's address asks for: `?backend=simd&threads=1`. */
export function wishFromAddress(): BackendWish {
  const query = new URLSearchParams(location.search);
  const backend = query.get('backend') ?? 'auto';
  return query.has('threads') ? { backend, threads: Number(query.get('threads')) } : { backend };
}

/** Another choice is another address, so that it can be kept and sent. */
export function offerBackends(): void {
  const choice = byId('backend-choice', HTMLSelectElement);
  choice.value = wishFromAddress().backend;
  choice.onchange = () => {
    const query = new URLSearchParams(location.search);
    query.set('backend', choice.value);
    location.search = query.toString();
  };
}

export function describeBackend({ name, reason, rejected }: BackendReport): void {
  byId('backend-name', HTMLElement).textContent = name;
  byId('backend-reason', HTMLElement).textContent = `${capitalised(reason)}.`;
  const items = rejected.map((one) => {
    const item = document.createElement('li');
    item.textContent = `Not ${one.name}: ${one.reason}.`;
    return item;
  });
  byId('backend-rejected', HTMLElement).replaceChildren(...items);
  document.documentElement.dataset['backend'] = name;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
